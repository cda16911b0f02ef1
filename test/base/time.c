#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/number.h"
#include "tap.h"

static struct timestamp
at(int64_t seconds, uint32_t nanoseconds, unsigned digits)
{
	return (
	    struct timestamp){ seconds, nanoseconds, (uint8_t)digits, true };
}

static struct span
iso(int64_t seconds, uint32_t nanoseconds, unsigned digits)
{
	static char text[NUMBER_TEXT];

	return span_of(text, time_iso(text, at(seconds, nanoseconds, digits)));
}

static struct span
epoch(int64_t seconds, uint32_t nanoseconds, unsigned digits)
{
	static char text[NUMBER_TEXT];
	struct timestamp t = at(seconds, nanoseconds, 9);

	return span_of(text, time_epoch(text, t, digits));
}

static struct span
duration(int64_t nanoseconds)
{
	static char text[NUMBER_TEXT];

	return span_of(text, time_duration(text, nanoseconds));
}

static void
test_iso(void)
{
	char text[NUMBER_TEXT];
	struct timestamp unknown = { 0 };

	ok_span(iso(0, 0, 6), "1970-01-01T00:00:00.000000Z");
	ok_span(iso(1112172466, 496046000, 6), "2005-03-30T08:47:46.496046Z");
	ok_span(
	    iso(1112172466, 496046001, 9), "2005-03-30T08:47:46.496046001Z");
	ok_span(iso(1112172466, 999999999, 0), "2005-03-30T08:47:46Z");
	ok_span(iso(1112172466, 999999999, 3), "2005-03-30T08:47:46.999Z");
	ok_span(iso(-1, 0, 0), "1969-12-31T23:59:59Z");
	ok_span(iso(951782400, 0, 0), "2000-02-29T00:00:00Z");
	ok_span(iso(951868800, 0, 0), "2000-03-01T00:00:00Z");
	ok_span(iso(4107542400, 0, 0), "2100-03-01T00:00:00Z");
	ok_span(iso(4107456000, 0, 0), "2100-02-28T00:00:00Z");
	ok_span(iso(253402300799, 5, 9), "9999-12-31T23:59:59.000000005Z");
	ok_span(iso(253402300800, 500000000, 1), "253402300800.5");
	ok_span(iso(-62167219200, 0, 0), "0000-01-01T00:00:00Z");
	ok_span(iso(-62162035200, 0, 0), "0000-03-01T00:00:00Z");
	ok_span(iso(-62162121600, 0, 0), "0000-02-29T00:00:00Z");
	ok_span(iso(-62167219201, 0, 0), "-62167219201");
	ok_span(iso(INT64_MIN, 0, 9), "-9223372036854775808.000000000");
	ok_span(iso(INT64_MAX, 999999999, 9), "9223372036854775807.999999999");
	ok_int(time_iso(text, unknown), 0);
}

/* Every day from the year 0 to 9999, by counting. */
static void
test_every_day(void)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	int64_t second = -62167219200;
	unsigned wrong = 0;

	for (unsigned year = 0; year <= 9999; year++) {
		bool leap =
		    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

		for (unsigned month = 1; month <= 12; month++) {
			unsigned n = days[month - 1];

			if (month == 2 && leap)
				n++;
			for (unsigned day = 1; day <= n; day++) {
				char wanted[64];

				snprintf(wanted, sizeof(wanted),
				    "%04u-%02u-%02uT23:59:58Z", year, month,
				    day);
				wrong +=
				    !span_is(iso(second + 86398, 0, 0), wanted);
				second += 86400;
			}
		}
	}
	ok_int(wrong, 0);
	ok(second == 253402300800);
}

static void
test_epoch(void)
{
	ok_span(epoch(1112172466, 496046000, 9), "1112172466.496046000");
	ok_span(epoch(1112172466, 496046000, 6), "1112172466.496046");
	ok_span(epoch(1112172466, 496046000, 0), "1112172466");
	ok_span(epoch(0, 1, 9), "0.000000001");
	ok_span(epoch(-1, 500000000, 9), "-0.500000000");
	ok_span(epoch(-1, 0, 9), "-1.000000000");
	ok_span(epoch(-2, 250000000, 3), "-1.750");
	ok_span(epoch(-1, 500000000, 0), "-1");
	ok_span(epoch(INT64_MIN, 1, 9), "-9223372036854775807.999999999");
	ok_span(epoch(7, 123456789, 99), "7.123456789");
}

static void
test_duration(void)
{
	ok_span(duration(0), "0.000000000");
	ok_span(duration(-12000), "-0.000012000");
	ok_span(duration(1500000000), "1.500000000");
	ok_span(duration(INT64_MAX), "9223372036.854775807");
	ok_span(duration(INT64_MIN), "-9223372036.854775808");
}

static void
test_diff(void)
{
	struct timestamp a = at(10, 5, 9), b = at(9, 999999999, 9);

	ok_int(time_diff(a, b), 6);
	ok_int(time_diff(b, a), -6);
	ok_int(time_diff(a, a), 0);
	ok(time_compare(a, b) > 0 && time_compare(b, a) < 0);
	ok(time_compare(a, a) == 0);
	ok(time_compare(at(1, 2, 9), at(1, 3, 9)) < 0);
	b = at(INT64_MIN, 0, 9);
	a = at(INT64_MAX, 999999999, 9);
	ok(time_diff(a, b) == INT64_MAX);
	ok(time_diff(b, a) == INT64_MIN);
	ok(time_diff(at(9223372036, 854775807, 9), at(0, 0, 9)) == INT64_MAX);
	ok(time_diff(at(9223372036, 854775808, 9), at(0, 0, 9)) == INT64_MAX);
	ok(time_diff(at(9223372036, 854775806, 9), at(0, 0, 9)) ==
	    INT64_MAX - 1);
	ok(time_diff(at(0, 0, 9), at(9223372036, 854775807, 9)) <=
	    INT64_MIN + 1);
}

static void
test_clocks(void)
{
	int64_t before = clock_monotonic(), after = clock_monotonic();
	struct timestamp now = clock_now();

	ok(after >= before);
	ok(now.known && now.nanoseconds < 1000000000);
	ok(now.seconds > 1700000000);
}

int
main(void)
{
	test_iso();
	test_every_day();
	test_epoch();
	test_duration();
	test_diff();
	test_clocks();
	return tap_done();
}
