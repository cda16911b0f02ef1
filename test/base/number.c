#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>

#include "tap.h"

static struct span
uint_text(uint64_t value)
{
	static char text[NUMBER_TEXT];

	return span_of(text, number_uint(text, value));
}

static struct span
int_text(int64_t value)
{
	static char text[NUMBER_TEXT];

	return span_of(text, number_int(text, value));
}

static struct span
hex_text(uint64_t value, unsigned digits)
{
	static char text[NUMBER_TEXT];

	return span_of(text, number_hex(text, value, digits));
}

static void
test_words(void)
{
	ok_span(uint_text(0), "0");
	ok_span(uint_text(UINT64_MAX), "18446744073709551615");
	ok_span(uint_text(UINT32_MAX), "4294967295");
	ok_span(uint_text(UINT32_MAX + UINT64_C(1)), "4294967296");
	ok_span(int_text(INT64_MIN), "-9223372036854775808");
	ok_span(int_text(INT64_MAX), "9223372036854775807");
	ok_span(int_text(-1), "-1");
	ok_span(hex_text(0, 0), "0x0");
	ok_span(hex_text(0, 4), "0x0000");
	ok_span(hex_text(0xbeef, 8), "0x0000beef");
	ok_span(hex_text(0x12345, 4), "0x12345");
	ok_span(hex_text(UINT64_MAX, 99), "0xffffffffffffffff");
}

/* The borders of every length, and all small ones, against the libc. */
static void
test_all_lengths(void)
{
	unsigned wrong = 0;
	char theirs[32];
	uint64_t ten = 1;

	for (uint64_t i = 0; i < 100000; i++) {
		snprintf(theirs, sizeof(theirs), "%" PRIu64, i);
		wrong += !span_is(uint_text(i), theirs);
	}
	for (int power = 0; power < 20; power++, ten *= 10) {
		for (uint64_t i = ten - 3; i != ten + 3; i++) {
			snprintf(theirs, sizeof(theirs), "%" PRIu64, i);
			wrong += !span_is(uint_text(i), theirs);
			snprintf(
			    theirs, sizeof(theirs), "%" PRId64, (int64_t)i);
			wrong += !span_is(int_text((int64_t)i), theirs);
		}
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		snprintf(
		    theirs, sizeof(theirs), "0x%" PRIx64, UINT64_C(1) << bit);
		wrong += !span_is(hex_text(UINT64_C(1) << bit, 0), theirs);
	}
	ok_int(wrong, 0);
}

int
main(void)
{
	test_words();
	test_all_lengths();
	return tap_done();
}
