#include "filter/literal_time.h"

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t
peek(const struct cursor *c)
{
	return cur_left(c) > 0 ? c->base[c->pos] : 0;
}

static bool
take(struct cursor *c, uint8_t byte)
{
	if (peek(c) != byte)
		return false;
	cur_skip(c, 1);
	return true;
}

/* A number of at least `min` and at most `max` digits. */
static bool
digits(struct cursor *c, unsigned min, unsigned max, int64_t *value)
{
	unsigned n = 0;

	*value = 0;
	for (; n < max && is_digit(peek(c)); n++)
		*value = *value * 10 + (cur_u8(c) - '0');
	return n >= min;
}

/* Behind the point: up to nine digits count, more are let go. */
static bool
fraction(struct cursor *c, uint32_t *nanoseconds)
{
	uint32_t unit = 100000000;
	unsigned n = 0;

	*nanoseconds = 0;
	for (; is_digit(peek(c)); n++) {
		*nanoseconds += (uint32_t)(cur_u8(c) - '0') * unit;
		unit /= 10;
	}
	return n > 0;
}

/* Days from 1970 of a date in the proleptic Gregorian calendar. */
static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 +
	    day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

static bool
clock_read(struct cursor *c, int64_t *seconds, uint32_t *nanoseconds)
{
	int64_t hour, minute, second = 0;

	if (!digits(c, 1, 2, &hour) || !take(c, ':') ||
	    !digits(c, 2, 2, &minute))
		return false;
	if (take(c, ':') && !digits(c, 2, 2, &second))
		return false;
	if (take(c, '.') && !fraction(c, nanoseconds))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	*seconds += hour * 3600 + minute * 60 + second;
	return true;
}

/* Z, +01:00, +0100, +01 or nothing. */
static bool
zone_read(struct cursor *c, int64_t *seconds)
{
	int64_t hours, minutes = 0;
	bool east;

	if (cur_left(c) == 0 || take(c, 'Z'))
		return true;
	east = take(c, '+');
	if (!east && !take(c, '-'))
		return false;
	if (!digits(c, 2, 2, &hours))
		return false;
	(void)take(c, ':');
	if (cur_left(c) > 0 && !digits(c, 2, 2, &minutes))
		return false;
	if (hours > 14 || minutes > 59)
		return false;
	*seconds += (east ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

static bool
iso_read(struct cursor *c, struct value *value)
{
	int64_t year, month, day;

	if (!digits(c, 4, 4, &year) || !take(c, '-') ||
	    !digits(c, 2, 2, &month) || !take(c, '-') ||
	    !digits(c, 2, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	value->seconds = days_of(year, month, day) * 86400;
	if (cur_left(c) == 0)
		return true;
	if (!take(c, 'T') && !take(c, ' '))
		return false;
	return clock_read(c, &value->seconds, &value->nanoseconds) &&
	    zone_read(c, &value->seconds);
}

static bool
month_read(struct cursor *c, int64_t *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	struct span s = cur_take(c, 3);

	for (int64_t m = 0; m < 12; m++) {
		if (span_equal_nocase(s, span_of(names + 3 * m, 3))) {
			*month = m + 1;
			return true;
		}
	}
	return false;
}

static bool
legacy_read(struct cursor *c, struct value *value)
{
	int64_t year, month, day;

	if (!month_read(c, &month))
		return false;
	while (take(c, ' '))
		continue;
	if (!digits(c, 1, 2, &day) || !take(c, ',') || !take(c, ' ') ||
	    !digits(c, 4, 4, &year) || !take(c, ' '))
		return false;
	if (day < 1 || day > 31)
		return false;
	value->seconds = days_of(year, month, day) * 86400;
	if (!clock_read(c, &value->seconds, &value->nanoseconds))
		return false;
	if (take(c, ' '))
		return span_is(cur_rest(c), "UTC");
	return true;
}

bool
literal_time(struct span s, struct value *value)
{
	struct cursor c = cur_open(span_trim(s));
	bool good;

	*value = value_of_bytes(VALUE_TIME, span_empty());
	good = is_digit(peek(&c)) ? iso_read(&c, value) :
	    legacy_read(&c, value);
	return good && cur_ok(&c) && cur_left(&c) == 0;
}

bool
literal_duration(struct span s, struct value *value)
{
	struct cursor c = cur_open(span_trim(s));
	bool negative = take(&c, '-');
	uint32_t nanoseconds = 0;
	int64_t seconds;

	*value = value_of_bytes(VALUE_DURATION, span_empty());
	if (!digits(&c, 1, 10, &seconds))
		return false;
	if (take(&c, '.') && !fraction(&c, &nanoseconds))
		return false;
	if (cur_left(&c) > 0 || seconds > INT64_MAX / 1000000000 - 1)
		return false;
	seconds = seconds * 1000000000 + nanoseconds;
	value->number = (uint64_t)(negative ? -seconds : seconds);
	return true;
}
