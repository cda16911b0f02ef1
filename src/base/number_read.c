#include <float.h>

#include "base/cursor.h"
#include "base/decimal.h"
#include "base/number.h"

/* No border between two doubles has more digits; what follows them can only
 * break a tie, for which one digit that is not zero will do. */
#define DIGITS_MAX 780
/* A double holds any of so many digits exactly. */
#define EXACT_DIGITS 15
#define EXACT_POWER 22
/* Far beyond any double, and far from overflow when digits are added. */
#define EXPONENT_MAX 1000000000

/* DIGITS times ten to the power of `exponent`. */
struct reading {
	char digits[DIGITS_MAX + 1];
	size_t n;
	int64_t exponent;
	bool minus;
};

static bool
peek_is(const struct cursor *c, char byte)
{
	return cur_left(c) > 0 && c->base[c->pos] == (uint8_t)byte;
}

static bool
peek_is_digit(const struct cursor *c)
{
	return cur_left(c) > 0 && c->base[c->pos] >= '0' &&
	    c->base[c->pos] <= '9';
}

static void
add_digit(struct reading *r, char digit)
{
	if (r->n == 0 && digit == '0')
		return;
	if (r->n < DIGITS_MAX) {
		r->digits[r->n++] = digit;
		return;
	}
	r->exponent++;
	if (digit == '0')
		return;
	if (r->n == DIGITS_MAX) {
		r->digits[r->n++] = '1';
		r->exponent--;
	}
}

/* One digit or more; each after the point lowers the exponent. */
static void
read_digits(struct cursor *c, struct reading *r, bool fraction)
{
	if (!peek_is_digit(c))
		cur_fail(c);
	while (peek_is_digit(c)) {
		add_digit(r, (char)cur_u8(c));
		if (fraction)
			r->exponent--;
	}
}

static void
read_exponent(struct cursor *c, struct reading *r)
{
	bool minus = peek_is(c, '-');
	int64_t exponent = 0;

	if (minus || peek_is(c, '+'))
		cur_skip(c, 1);
	if (!peek_is_digit(c))
		cur_fail(c);
	while (peek_is_digit(c)) {
		exponent = exponent * 10 + (cur_u8(c) - '0');
		if (exponent > EXPONENT_MAX)
			exponent = EXPONENT_MAX;
	}
	r->exponent += minus ? -exponent : exponent;
}

static bool
read_grammar(struct span s, struct reading *r)
{
	struct cursor c = cur_open(s);

	r->n = 0;
	r->exponent = 0;
	r->minus = peek_is(&c, '-');
	if (r->minus)
		cur_skip(&c, 1);
	if (peek_is(&c, '0'))
		cur_skip(&c, 1);
	else
		read_digits(&c, r, false);
	if (peek_is(&c, '.')) {
		cur_skip(&c, 1);
		read_digits(&c, r, true);
	}
	if (peek_is(&c, 'e') || peek_is(&c, 'E')) {
		cur_skip(&c, 1);
		read_exponent(&c, r);
	}
	return cur_ok(&c) && cur_left(&c) == 0;
}

/* Both factors are exact, so one rounding is the right one. */
static bool
few_digits(const struct reading *r, double *value)
{
	double ten = 1;
	uint64_t whole;

	if (FLT_EVAL_METHOD != 0 || r->n > EXACT_DIGITS ||
	    r->exponent > EXACT_POWER || r->exponent < -EXACT_POWER)
		return false;
	if (!span_read_uint(span_of(r->digits, r->n), UINT64_MAX, &whole))
		whole = 0;
	for (int64_t i = r->exponent < 0 ? -r->exponent : r->exponent; i > 0;
	     i--)
		ten *= 10;
	*value = r->exponent < 0 ? (double)whole / ten : (double)whole * ten;
	return true;
}

bool
number_read_double(struct span s, double *value)
{
	struct reading r;
	double read;

	if (!read_grammar(s, &r))
		return false;
	if (!few_digits(&r, &read))
		read = decimal_nearest(span_of(r.digits, r.n), r.exponent);
	if (read - read != 0)
		return false;
	*value = r.minus ? -read : read;
	return true;
}
