#ifndef BASE_JSON_QUOTE_H
#define BASE_JSON_QUOTE_H

#include "base/buf.h"

/* Turns the valid UTF-8 from `start` to the end of the buffer into the
 * inside of a JSON string, in place. */
void json_quote(struct buf *out, size_t start);
/* Printable ASCII without quotes and backslashes: is its own JSON string and
 * its own escaped text. */
bool json_quote_is_plain(struct span s);

#endif
