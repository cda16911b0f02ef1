#include <float.h>
#include <math.h>

#include "base/big.h"
#include "base/number.h"

/* Powers of ten that are written out with zeros, as Python's repr() does. */
#define POINT_MAX 16
#define POINT_MIN (-3)

static const double tens[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
	1e22 };

/* 0.DIGITS times ten to the power of `point`. */
struct decimal {
	char digits[NUMBER_TEXT];
	size_t n;
	int point;
};

/*
 * Doubles that are a decimal of at most 15 digits, which most are: that
 * decimal is the only one of its length so near, so it is the shortest.
 * Both sides of the division are exact, hence its result is what reading
 * the decimal gives.
 */
static bool
few_digits(double value, struct decimal *d)
{
	for (size_t k = 0; FLT_EVAL_METHOD == 0 && k < LENGTH(tens); k++) {
		double scaled = value * tens[k];
		uint64_t whole;

		if (scaled >= 1e15)
			return false;
		whole = (uint64_t)(scaled + 0.5);
		if ((double)whole / tens[k] != value)
			continue;
		d->n = number_uint(d->digits, whole);
		d->point = (int)d->n - (int)k;
		return true;
	}
	return false;
}

/* A double as a fraction, and the halves of the ways to its neighbours. */
struct ratio {
	struct big above, below, up, down;
	bool even; /* the borders themselves read back as this double */
};

static struct ratio
ratio_of(uint64_t mantissa, int exponent, bool narrow)
{
	struct ratio r = {
		.above = big_of(mantissa),
		.below = big_of(1),
		.up = big_of(1),
		.down = big_of(1),
		.even = mantissa % 2 == 0,
	};

	if (exponent >= 0) {
		big_shift(&r.above, (unsigned)exponent);
		big_shift(&r.up, (unsigned)exponent);
		big_shift(&r.down, (unsigned)exponent);
	} else {
		big_shift(&r.below, (unsigned)-exponent);
	}
	/* The halves: all else twice, or four times where the neighbour
	 * below a power of two is only half as far. */
	big_shift(&r.above, narrow ? 2 : 1);
	big_shift(&r.below, narrow ? 2 : 1);
	if (narrow)
		big_shift(&r.up, 1);
	return r;
}

static bool
reaches_up(const struct ratio *r)
{
	struct big sum = r->above;

	big_add(&sum, &r->up);
	return big_compare(&sum, &r->below) >= (r->even ? 0 : 1);
}

static bool
reaches_down(const struct ratio *r)
{
	return big_compare(&r->above, &r->down) < (r->even ? 1 : 0);
}

static void
times_ten(struct ratio *r)
{
	big_multiply(&r->above, 10, 0);
	big_multiply(&r->up, 10, 0);
	big_multiply(&r->down, 10, 0);
}

/* Scales to 0.1 <= fraction < 1, its upper border counted in.  `bits` is the
 * place of the highest bit; log10(2) lies between the two quotients, so the
 * first guess is never too high. */
static int
scale(struct ratio *r, int bits)
{
	int point = bits * (bits < 0 ? 1234 : 1233) / 4096;

	if (point >= 0) {
		big_multiply_ten(&r->below, (unsigned)point);
	} else {
		big_multiply_ten(&r->above, (unsigned)-point);
		big_multiply_ten(&r->up, (unsigned)-point);
		big_multiply_ten(&r->down, (unsigned)-point);
	}
	while (reaches_up(r)) {
		big_multiply(&r->below, 10, 0);
		point++;
	}
	return point;
}

/* Whether the next digit is nearer than this one, the even one of equals. */
static bool
upper_is_nearer(struct ratio *r, char digit)
{
	int order;

	big_shift(&r->above, 1);
	order = big_compare(&r->above, &r->below);
	return order > 0 || (order == 0 && digit % 2 != 0);
}

/* Digits until what is left is within the borders (Steele and White). */
static void
shortest_digits(struct ratio *r, struct decimal *d)
{
	bool low = false, high = false;

	for (d->n = 0; !low && !high;) {
		char digit = '0';

		times_ten(r);
		while (big_compare(&r->above, &r->below) >= 0) {
			big_subtract(&r->above, &r->below);
			digit++;
		}
		low = reaches_down(r);
		high = reaches_up(r);
		if (low && high)
			high = upper_is_nearer(r, digit);
		d->digits[d->n++] = (char)(digit + high);
	}
}

static void
exact_digits(double value, struct decimal *d)
{
	uint64_t bits, mantissa;
	int exponent, top = 52;
	struct ratio r;

	memcpy(&bits, &value, sizeof(bits));
	mantissa = bits & ((UINT64_C(1) << 52) - 1);
	exponent = (int)(bits >> 52 & 0x7ff);
	if (exponent > 0)
		mantissa |= UINT64_C(1) << 52;
	else
		exponent = 1;
	while (mantissa >> top == 0)
		top--;
	r = ratio_of(mantissa, exponent - 1075,
	    exponent > 1 && mantissa == UINT64_C(1) << 52);
	d->point = scale(&r, exponent - 1075 + top);
	shortest_digits(&r, d);
}

static size_t
write_scientific(char *out, const struct decimal *d)
{
	size_t n = 0;

	out[n++] = d->digits[0];
	if (d->n > 1) {
		out[n++] = '.';
		memcpy(out + n, d->digits + 1, d->n - 1);
		n += d->n - 1;
	}
	out[n++] = 'e';
	return n + number_int(out + n, d->point - 1);
}

static size_t
write_decimal(char *out, const struct decimal *d)
{
	size_t whole = d->point > 0 ? (size_t)d->point : 0;
	size_t zeros = d->point < 0 ? (size_t)-d->point : 0;

	if (d->point > POINT_MAX || d->point < POINT_MIN)
		return write_scientific(out, d);
	if (whole >= d->n) {
		memset(out, '0', whole);
		memcpy(out, d->digits, d->n);
		return whole;
	}
	if (whole == 0) {
		memcpy(out, "0.000", 2 + zeros);
		memcpy(out + 2 + zeros, d->digits, d->n);
		return 2 + zeros + d->n;
	}
	memcpy(out, d->digits, whole);
	out[whole] = '.';
	memcpy(out + whole + 1, d->digits + whole, d->n - whole);
	return d->n + 1;
}

size_t
number_double(char *out, double value)
{
	static const char null[4] = { 'n', 'u', 'l', 'l' };
	struct decimal d;
	size_t n = 0;

	if (value - value != 0) {
		memcpy(out, null, sizeof(null));
		return sizeof(null);
	}
	if (signbit(value)) {
		out[n++] = '-';
		value = -value;
	}
	if (value == 0) {
		out[n] = '0';
		return n + 1;
	}
	if (!few_digits(value, &d))
		exact_digits(value, &d);
	return n + write_decimal(out + n, &d);
}
