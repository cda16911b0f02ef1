#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>

/* An array whose entries are lines of the cache: zero, and where nobody has
 * written it costs nothing.  NULL when memory is refused. */
#define LINE 64

void *lines_new(size_t n);
void lines_free(void *lines);

#endif
