#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "tap.h"

static bool
reads(const char *text, double wanted)
{
	double value = 77;

	return number_read_double(span_text(text), &value) && value == wanted;
}

static bool
refuses(const char *text)
{
	double value = 77;

	return !number_read_double(span_text(text), &value) && value == 77;
}

static void
test_grammar(void)
{
	static const char *const bad[] = { "", "-", "+1", "01", "-01", "1.",
		".5", "-.5", "1.e5", "1e", "1e+", "1e-", "1e5.5", "1 ", " 1",
		"0x10", "1_000", "1,5", "NaN", "nan", "Infinity", "-Infinity",
		"inf", "1e1e1", "--1", "1-", "1.2.3", "1e400", "-1e400",
		"1e999999999999999999999", "\xef\xbc\x91", "0e", "00", "-e5",
		"1f", "179769313486231580793e289" };
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(bad); i++) {
		if (!refuses(bad[i])) {
			printf("# accepted: %s\n", bad[i]);
			wrong++;
		}
	}
	ok_int(wrong, 0);
	ok(!number_read_double(span_of("1\0", 2), &(double){ 0 }));
}

static void
test_values(void)
{
	ok(reads("0", 0));
	ok(reads("-0", 0));
	ok(reads("0.0", 0));
	ok(reads("0e999999999999999999999", 0));
	ok(reads("1", 1));
	ok(reads("-1.5", -1.5));
	ok(reads("1E5", 1e5));
	ok(reads("1e+5", 1e5));
	ok(reads("1e-5", 1e-5));
	ok(reads("1.25e00002", 125));
	ok(reads("123456789012345678901234567890",
	    123456789012345678901234567890.0));
	ok(reads("1e-400", 0));
	ok(reads("5e-324", 5e-324));
	ok(reads("2.4703282292062328e-324", 5e-324));
	ok(reads("2.4703282292062327e-324", 0));
	ok(reads("1.7976931348623157e308", 1.7976931348623157e308));
	ok(reads("1.7976931348623158e308", 1.7976931348623157e308));
	ok(refuses("1.7976931348623159e308"));
	ok(reads("9007199254740993", 9007199254740992));
	/* Just above the middle of two doubles, by a digit far behind. */
	ok(reads("9007199254740993.0000000000000000000000000000001",
	    9007199254740994));
}

/* Thousands of digits: the value is the libc's, and the time is linear. */
static void
test_long(void)
{
	static char text[20000];
	double value = 0;

	memset(text, '0', sizeof(text));
	text[0] = '1';
	memcpy(text + sizeof(text) - 7, "e-19992", 7);
	ok(number_read_double(span_of(text, sizeof(text)), &value));
	ok(value == 1);
	memset(text, '0', sizeof(text));
	text[1] = '.';
	text[sizeof(text) - 8] = '7';
	memcpy(text + sizeof(text) - 7, "e+19991", 7);
	ok(number_read_double(span_of(text, sizeof(text)), &value));
	ok(value == 7);
	memset(text, '9', sizeof(text));
	ok(!number_read_double(span_of(text, sizeof(text)), &value));
	text[1] = '.';
	ok(number_read_double(span_of(text, sizeof(text)), &value));
	ok(value == 10);
	/* 2^53 + 1 and a digit behind 19980 zeros. */
	memset(text, '0', sizeof(text));
	memcpy(text, "9007199254740993.", 17);
	ok(number_read_double(span_of(text, sizeof(text)), &value));
	ok(value == 9007199254740992);
	text[sizeof(text) - 1] = '1';
	ok(number_read_double(span_of(text, sizeof(text)), &value));
	ok(value == 9007199254740994);
}

static void
test_random(void)
{
	uint32_t state = 9;
	unsigned wrong = 0;

	for (int i = 0; i < 50000; i++) {
		char text[64];
		double value = 0;
		uint64_t digits;
		int exponent;

		state = state * 1664525 + 1013904223;
		digits = (uint64_t)state * state;
		exponent = (int)(state % 600) - 320;
		snprintf(text, sizeof(text), "%llu.%ue%d",
		    (unsigned long long)digits, state >> 8, exponent);
		if (!number_read_double(span_text(text), &value) ||
		    value != strtod(text, NULL))
			wrong++;
	}
	ok_int(wrong, 0);
}

/* Doubles of all sizes, the smallest too, written with more or fewer digits
 * than they need; and what lies halfway to the next one, by all its digits. */
static void
test_bits(void)
{
	uint64_t state = 77;
	unsigned wrong = 0, tried = 0;

	for (int i = 0; i < 5000; i++) {
		char text[1200];
		double value = 0, wanted, next;
		uint64_t bits;

		state = state * 6364136223846793005 + 1442695040888963407;
		bits = state >> (i % 4 == 0 ? 12 : 2);
		memcpy(&wanted, &bits, sizeof(wanted));
		bits++;
		memcpy(&next, &bits, sizeof(next));
		if (next - next != 0)
			continue;
		snprintf(text, sizeof(text), "%.*e", i % 50, wanted);
		wrong += !number_read_double(span_text(text), &value) ||
		    value != strtod(text, NULL);
		/* As it stands in memory, and half a place more. */
		snprintf(text, sizeof(text), "%.767Le",
		    (long double)wanted +
		    ((long double)next - (long double)wanted) / 2);
		wrong += !number_read_double(span_text(text), &value) ||
		    value != strtod(text, NULL);
		tried++;
	}
	ok_int(wrong, 0);
	ok(tried > 3500);
}

int
main(void)
{
	test_grammar();
	test_bits();
	test_values();
	test_long();
	test_random();
	return tap_done();
}
