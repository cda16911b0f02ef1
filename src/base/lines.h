#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>
#include <stdint.h>

#define LINE 64 /* bytes of a line of the cache */

/* An array of `n` lines, all zero, at the start of one; where nobody writes it
 * costs no memory.  NULL when memory is refused. */
void *lines_new(size_t n);
void lines_free(void *lines);
/* Zero words that will all be used, for free().  Every page is written here:
 * one that is read first would come once as a page of zeros and once more at
 * its first write.  NULL when memory is refused. */
uint64_t *lines_words_new(size_t n);

#endif
