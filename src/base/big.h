#ifndef BASE_BIG_H
#define BASE_BIG_H

#include <stdint.h>

/* Whole numbers, for number_double.c and decimal.c.  The widest are those of
 * decimal.c: up to ten to the power of 1126, and twice that. */
#define BIG_WORDS 120

struct big {
	uint32_t words[BIG_WORDS]; /* the lowest first */
	unsigned n;                /* words in use, the last not zero */
};

struct big big_of(uint64_t value);
/* b = b * by + more */
void big_multiply(struct big *b, uint32_t by, uint32_t more);
void big_multiply_ten(struct big *b, unsigned power);
void big_shift(struct big *b, unsigned bits);
/* a += b; a -= b, where b is not the larger. */
void big_add(struct big *a, const struct big *b);
void big_subtract(struct big *a, const struct big *b);
int big_compare(const struct big *a, const struct big *b);

#endif
