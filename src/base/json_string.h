#ifndef BASE_JSON_STRING_H
#define BASE_JSON_STRING_H

#include "base/arena.h"
#include "base/json_read.h"

/*
 * The string whose opening quote is at `*pos`: moves behind its closing
 * quote.  On error *pos is where it is.
 */
enum json_error json_string(
    struct arena *a, struct span source, size_t *pos, struct span *text);

#endif
