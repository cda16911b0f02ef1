#ifndef WORKER_RESULT_H
#define WORKER_RESULT_H

#include "base/span.h"

/*
 * True for exactly one JSON object as our writer makes them: one line, valid
 * UTF-8, no space between tokens, no control and no hidden characters (but
 * "\n"), also none in escapes, numbers that fit, at most 64 deep.
 * A worker may have been taken over by its capture; what fails here must not
 * be embedded in a protocol message.
 */
bool result_is_object(struct span text);

#endif
