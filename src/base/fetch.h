#ifndef BASE_FETCH_H
#define BASE_FETCH_H

/*
 * Asks for memory that will be read some time later.  A function that does
 * nothing else would have no effect in the eyes of gcc, which leaves out calls
 * of such: the empty statement is one that it cannot see through.
 */
static inline __attribute__((always_inline)) void
fetch(const void *p)
{
	__builtin_prefetch(p);
	__asm__ volatile("");
}

#endif
