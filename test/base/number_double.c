#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "tap.h"

static struct span
text_of(double value)
{
	static char text[NUMBER_TEXT];

	return span_of(text, number_double(text, value));
}

static void
test_words(void)
{
	ok_span(text_of(0), "0");
	ok_span(text_of(-0.0), "-0");
	ok_span(text_of(1), "1");
	ok_span(text_of(-1.5), "-1.5");
	ok_span(text_of(0.1), "0.1");
	ok_span(text_of(0.3), "0.3");
	ok_span(text_of(0.30000000000000004), "0.30000000000000004");
	ok_span(text_of(1 / 3.0), "0.3333333333333333");
	ok_span(text_of(2 / 3.0), "0.6666666666666666");
	ok_span(text_of(100), "100");
	ok_span(text_of(123456.789), "123456.789");
	ok_span(text_of(0.0001), "0.0001");
	ok_span(text_of(0.00001), "1e-5");
	ok_span(text_of(1e15), "1000000000000000");
	ok_span(text_of(1e16), "1e16");
	ok_span(text_of(1234567890123456), "1234567890123456");
	ok_span(text_of(9007199254740993.0), "9007199254740992");
	ok_span(text_of(1e21), "1e21");
	ok_span(text_of(1e22), "1e22");
	ok_span(text_of(1e23), "1e23");
	ok_span(text_of(DBL_MAX), "1.7976931348623157e308");
	ok_span(text_of(DBL_MIN), "2.2250738585072014e-308");
	ok_span(text_of(5e-324), "5e-324");
	ok_span(text_of(ldexp(1, -44)), "5.684341886080802e-14");
	ok_span(text_of(ldexp(1, 1023)), "8.98846567431158e307");
	ok_span(text_of((double)NAN), "null");
	ok_span(text_of((double)INFINITY), "null");
	ok_span(text_of((double)-INFINITY), "null");
}

static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Any double, a subnormal, a power of two, or one near to a few digits. */
static double
some_double(uint64_t *state)
{
	uint64_t bits = next(state);
	double value = (double)(bits % 1000000);

	switch (bits >> 61) {
	case 0:
		bits >>= 12;
		break;
	case 1:
		bits &= UINT64_C(0x7ff) << 52;
		break;
	case 2:
		return value / 1000;
	case 3:
		return value / 7;
	case 4:
		return value * 1e12 + 0.5;
	}
	memcpy(&value, &bits, sizeof(value));
	return value - value == 0 ? value : 0;
}

/* Without the zeros at both ends. */
static size_t
significant(struct span text)
{
	size_t digits = 0, zeros = 0;

	for (size_t i = 0; i < text.n && text.p[i] != 'e'; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			continue;
		if (text.p[i] == '0') {
			zeros += digits > 0;
			continue;
		}
		digits += zeros + 1;
		zeros = 0;
	}
	return digits;
}

/* When there are 16 digits or more, 15 would be another double. */
static bool
is_shortest(double value, struct span text)
{
	char shorter[64];

	if (significant(text) < 16)
		return true;
	snprintf(shorter, sizeof(shorter), "%.14e", value);
	return strtod(shorter, NULL) != value;
}

static void
test_round_trip(void)
{
	uint64_t state = 88172645463325252;
	unsigned wrong = 0;

	for (int i = 0; i < 100000; i++) {
		double value = some_double(&state), ours = 0;
		struct span text = text_of(value);
		char copy[NUMBER_TEXT + 1];

		memcpy(copy, text.p, text.n);
		copy[text.n] = '\0';
		if (strtod(copy, NULL) != value)
			wrong++;
		if (!number_read_double(text, &ours) || ours != value)
			wrong++;
		if (text.n > 24 || !is_shortest(value, text))
			wrong++;
	}
	ok_int(wrong, 0);
}

int
main(void)
{
	test_words();
	test_round_trip();
	return tap_done();
}
