/*
 * A decimal number is a ratio of two integers, and its double the first bits
 * of their quotient.  number_read.c reads most numbers by itself: this is short
 * and exact rather than fast, and needs no strtod(), which asks the locale.
 */
#include "base/decimal.h"

#include <math.h>

#include "base/big.h"

/* Ten to the power of these, and less, is nearer to nothing than to the
 * smallest double; or beyond the largest one. */
#define TENS_MIN (-326)
#define TENS_MAX 310
/* Of the quotient: those of a double, one to round by, one that may be 0. */
#define QUOTIENT_BITS 55
#define DOUBLE_BITS 53
#define LAST_PLACE_MIN (-1074)

static int64_t
bits_of(const struct big *b)
{
	int64_t bits = (int64_t)b->n * 32;

	if (b->n == 0)
		return 0;
	for (uint32_t top = b->words[b->n - 1]; top >> 31 == 0; top <<= 1)
		bits--;
	return bits;
}

/* q times 2 to the power of `place`, and something below that when `more`. */
static double
rounded(uint64_t q, int64_t place, bool more)
{
	int64_t drop = q >> (QUOTIENT_BITS - 1) != 0 ?
	    QUOTIENT_BITS - DOUBLE_BITS : QUOTIENT_BITS - 1 - DOUBLE_BITS;
	uint64_t half, rest;

	if (place + drop < LAST_PLACE_MIN)
		drop = LAST_PLACE_MIN - place;
	if (drop > QUOTIENT_BITS)
		return 0;
	half = (uint64_t)1 << (drop - 1);
	rest = q & (2 * half - 1);
	q >>= drop;
	if (rest > half || (rest == half && (more || (q & 1) != 0)))
		q++;
	return ldexp((double)q, (int)(place + drop));
}

double
decimal_nearest(struct span digits, int64_t exponent)
{
	struct big a = big_of(0), b = big_of(1);
	uint64_t q = 0;
	int64_t longer;

	digits = span_first(digits, DECIMAL_DIGITS);
	for (size_t i = 0; i < digits.n; i++)
		big_multiply(&a, 10, (uint32_t)(digits.p[i] - '0'));
	if (a.n == 0 || exponent + (int64_t)digits.n < TENS_MIN)
		return 0;
	if (exponent + (int64_t)digits.n > TENS_MAX)
		return HUGE_VAL;
	if (exponent > 0)
		big_multiply_ten(&a, (unsigned)exponent);
	else
		big_multiply_ten(&b, (unsigned)-exponent);
	longer = bits_of(&a) - bits_of(&b);
	if (longer < 0)
		big_shift(&a, (unsigned)-longer);
	else
		big_shift(&b, (unsigned)longer);
	for (int i = 0; i < QUOTIENT_BITS; i++) {
		bool one = big_compare(&a, &b) >= 0;

		q = q << 1 | one;
		if (one)
			big_subtract(&a, &b);
		big_multiply(&a, 2, 0);
	}
	return rounded(q, longer - QUOTIENT_BITS + 1, a.n != 0);
}
