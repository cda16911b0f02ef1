#include <time.h>

#include "base/digits.h"
#include "base/number.h"

#define BILLION 1000000000
#define DAY 86400

/* Days in 400 years and in 4. */
#define ERA_DAYS 146097
#define FOUR_YEARS_DAYS 1461

/* 0000-01-01 and 9999-12-31T23:59:59, in seconds since 1970. */
#define FIRST_SECOND (-62167219200)
#define LAST_SECOND 253402300799

struct date {
	uint32_t year, month, day;
};

/*
 * Years are counted from March, so that the leap day is the last of its year
 * and the months are a straight line, 153 days to each five.  Quarters of a
 * day make the divisions by 365.2425 and 365.25 ones of whole numbers.
 * `days` counts from 0000-01-01.
 */
static struct date
date_of(uint32_t days)
{
	/* From 1 March of the year 400 before, so that nothing is negative. */
	uint32_t quarters = 4 * (days + ERA_DAYS - 60) + 3;
	uint32_t century = quarters / ERA_DAYS;
	uint32_t rest = quarters % ERA_DAYS | 3;
	uint32_t of_year = rest % FOUR_YEARS_DAYS / 4;
	uint32_t fifths = 5 * of_year + 2;
	uint32_t march = fifths / 153;
	bool after = march >= 10;

	return (struct date){
		.year = century * 100 + rest / FOUR_YEARS_DAYS + after - 400,
		.month = after ? march - 9 : march + 3,
		.day = fifths % 153 / 5 + 1,
	};
}

/* The first `digits` of nine decimals after a point; none for 0. */
static size_t
write_fraction(char *out, uint32_t nanoseconds, unsigned digits)
{
	if (digits == 0)
		return 0;
	if (digits > 9)
		digits = 9;
	out[0] = '.';
	digits_nine(out + 1, nanoseconds);
	return 1 + digits;
}

size_t
time_iso(char *out, struct timestamp t)
{
	static const char shape[19] = { "yyyy-mm-ddThh:mm:ss" };
	uint64_t since;
	uint32_t second;
	struct date date;
	size_t n;

	if (!t.known)
		return 0;
	if (t.seconds < FIRST_SECOND || t.seconds > LAST_SECOND)
		return time_epoch(out, t, t.digits);
	since = (uint64_t)(t.seconds - FIRST_SECOND);
	date = date_of((uint32_t)(since / DAY));
	second = (uint32_t)(since % DAY);
	memcpy(out, shape, sizeof(shape));
	digits_four(out, date.year);
	digits_two(out + 5, date.month);
	digits_two(out + 8, date.day);
	digits_two(out + 11, second / 3600);
	digits_two(out + 14, second / 60 % 60);
	digits_two(out + 17, second % 60);
	n = 19 + write_fraction(out + 19, t.nanoseconds, t.digits);
	out[n] = 'Z';
	return n + 1;
}

/* The digits that are not shown count as zero, before the sign is. */
static uint32_t
shown(uint32_t nanoseconds, unsigned digits)
{
	uint32_t unit = 1;

	for (; digits < 9; digits++)
		unit *= 10;
	return nanoseconds - nanoseconds % unit;
}

size_t
time_epoch(char *out, struct timestamp t, unsigned digits)
{
	uint32_t fraction = shown(t.nanoseconds, digits);
	int64_t seconds = t.seconds;
	size_t n = 0;

	if (seconds < 0 && fraction > 0) {
		fraction = BILLION - fraction;
		seconds++;
		if (seconds == 0)
			out[n++] = '-';
	}
	n += number_int(out + n, seconds);
	return n + write_fraction(out + n, fraction, digits);
}

int
time_compare(struct timestamp a, struct timestamp b)
{
	if (a.seconds != b.seconds)
		return a.seconds < b.seconds ? -1 : 1;
	return (a.nanoseconds > b.nanoseconds) -
	    (a.nanoseconds < b.nanoseconds);
}

int64_t
time_diff(struct timestamp a, struct timestamp b)
{
	uint64_t seconds, n;

	if (time_compare(a, b) < 0) {
		int64_t back = time_diff(b, a);

		return back == INT64_MAX ? INT64_MIN : -back;
	}
	seconds = (uint64_t)a.seconds - (uint64_t)b.seconds;
	if (seconds > INT64_MAX / BILLION)
		return INT64_MAX;
	n = seconds * BILLION + a.nanoseconds - b.nanoseconds;
	return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

size_t
time_duration(char *out, int64_t nanoseconds)
{
	uint64_t n = (uint64_t)nanoseconds;
	size_t length = 0;

	if (nanoseconds < 0) {
		n = 0 - n;
		out[length++] = '-';
	}
	length += number_uint(out + length, n / BILLION);
	return length +
	    write_fraction(out + length, (uint32_t)(n % BILLION), 9);
}

/* The same digits as for seconds, the point three places on. */
size_t
time_ms(char *out, int64_t nanoseconds)
{
	int64_t ms = nanoseconds / 1000000;
	int64_t rest = nanoseconds % 1000000;
	size_t n = 0;

	if (ms == 0 && rest < 0)
		out[n++] = '-';
	n += number_int(out + n, ms);
	if (rest == 0)
		return n;
	n += number_uint(
	    out + n, (uint64_t)(1000000 + (rest < 0 ? -rest : rest)));
	out[n - 7] = '.';
	while (out[n - 1] == '0')
		n--;
	return n;
}

static int64_t
clock_of(clockid_t id)
{
	struct timespec now = { 0 };

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * BILLION + now.tv_nsec;
}

int64_t
clock_monotonic(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

int64_t
clock_thread(void)
{
	return clock_of(CLOCK_THREAD_CPUTIME_ID);
}

struct timestamp
clock_now(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	return (struct timestamp){
		.seconds = now.tv_sec,
		.nanoseconds = (uint32_t)now.tv_nsec,
		.digits = 9,
		.known = true,
	};
}
