#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>
#include <stdint.h>

/* An array whose entries are lines of the cache: zero, and where nobody has
 * written it costs nothing.  NULL when memory is refused. */
#define LINE 64

void *lines_new(size_t n);
void lines_free(void *lines);
/* Zero words that will all be used, for free(): a page that is read before it
 * is written would come twice.  NULL when memory is refused. */
uint64_t *lines_words_new(size_t n);

#endif
