/*
 * A decimal number is a ratio of two integers, and its double the first bits
 * of their quotient.  Numbers with as many digits are rare: this is short and
 * exact rather than fast, and needs no strtod(), which asks the locale.
 */
#include "base/decimal.h"

#include <math.h>
#include <string.h>

/* Ten to the power of these, and less, is nearer to nothing than to the
 * smallest double; or beyond the largest one. */
#define TENS_MIN (-326)
#define TENS_MAX 310
/* Of the larger integer, 10^(DECIMAL_DIGITS - TENS_MIN): 3.33 bits a digit. */
#define WORDS 120
/* Of the quotient: those of a double, one to round by, one that may be 0. */
#define QUOTIENT_BITS 55
#define DOUBLE_BITS 53
#define LAST_PLACE_MIN (-1074)

struct big {
	uint32_t words[WORDS]; /* the least first */
	size_t n;              /* the last of them is not 0 */
};

static void
big_multiply(struct big *b, uint32_t by, uint32_t more)
{
	uint64_t carry = more;

	for (size_t i = 0; i < b->n; i++) {
		carry += (uint64_t)b->words[i] * by;
		b->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry != 0 && b->n < WORDS)
		b->words[b->n++] = (uint32_t)carry;
}

static void
big_shift(struct big *b, int64_t bits)
{
	for (; bits > 0; bits -= 31)
		big_multiply(b, bits < 31 ? (uint32_t)1 << bits :
		    (uint32_t)1 << 31, 0);
}

static int64_t
big_bits(const struct big *b)
{
	int64_t bits = (int64_t)b->n * 32;

	if (b->n == 0)
		return 0;
	for (uint32_t top = b->words[b->n - 1]; top >> 31 == 0; top <<= 1)
		bits--;
	return bits;
}

static bool
big_is_less(const struct big *a, const struct big *b)
{
	if (a->n != b->n)
		return a->n < b->n;
	for (size_t i = a->n; i-- > 0;)
		if (a->words[i] != b->words[i])
			return a->words[i] < b->words[i];
	return false;
}

/* From what is not less. */
static void
big_subtract(struct big *from, const struct big *b)
{
	uint32_t borrow = 0;

	for (size_t i = 0; i < from->n; i++) {
		uint64_t less = (uint64_t)borrow +
		    (i < b->n ? b->words[i] : 0);

		borrow = from->words[i] < less;
		from->words[i] = (uint32_t)(from->words[i] - less);
	}
	while (from->n > 0 && from->words[from->n - 1] == 0)
		from->n--;
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
	struct big a = { .n = 0 }, b = { .words = { 1 }, .n = 1 };
	uint64_t q = 0;
	int64_t longer;

	digits = span_first(digits, DECIMAL_DIGITS);
	for (size_t i = 0; i < digits.n; i++)
		big_multiply(&a, 10, (uint32_t)(digits.p[i] - '0'));
	if (a.n == 0 || exponent + (int64_t)digits.n < TENS_MIN)
		return 0;
	if (exponent + (int64_t)digits.n > TENS_MAX)
		return HUGE_VAL;
	for (; exponent > 0; exponent--)
		big_multiply(&a, 10, 0);
	for (; exponent < 0; exponent++)
		big_multiply(&b, 10, 0);
	longer = big_bits(&a) - big_bits(&b);
	big_shift(&a, -longer);
	big_shift(&b, longer);
	for (int i = 0; i < QUOTIENT_BITS; i++) {
		bool one = !big_is_less(&a, &b);

		q = q << 1 | one;
		if (one)
			big_subtract(&a, &b);
		big_multiply(&a, 2, 0);
	}
	return rounded(q, longer - QUOTIENT_BITS + 1, a.n != 0);
}
