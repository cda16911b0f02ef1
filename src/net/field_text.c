#include "net/field_text.h"

#include <stdio.h>

#include "base/number.h"
#include "base/text.h"

/* Days since 1970 to a date of the proleptic Gregorian calendar. */
static void
date_of(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	int64_t z = days + 719468; /* since 0000-03-01 */
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned of_era = (unsigned)(z - era * 146097);
	unsigned y = (of_era - of_era / 1460 + of_era / 36524 -
	    of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * y + y / 4 - y / 100);
	unsigned m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = (int64_t)y + era * 400 + (*month <= 2 ? 1 : 0);
}

static void
time_text(struct buf *out, int64_t seconds, uint32_t nanoseconds)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t days = seconds / 86400, year;
	unsigned of_day, month, day;

	if (seconds % 86400 < 0)
		days--;
	of_day = (unsigned)(seconds - days * 86400);
	date_of(days, &year, &month, &day);
	buf_printf(out, "%.3s %2u, %lld %02u:%02u:%02u.%09u UTC",
	    months + 3 * (month - 1), day, (long long)year, of_day / 3600,
	    of_day / 60 % 60, of_day % 60, nanoseconds);
}

static void
guid_text(struct buf *out, struct span s)
{
	static const uint8_t ends[] = { 4, 6, 8, 10, 16 };
	size_t i, from = 0;

	for (i = 0; i < sizeof(ends); i++) {
		if (i > 0)
			buf_byte(out, '-');
		text_hex(out, span_first(span_after(s, from), ends[i] - from),
		    0);
		from = ends[i];
	}
}

/* Bytes that a decoder of UTF-8 replaces at once: the longest start of a
 * valid character (Unicode, section 3.9). */
static size_t
invalid_length(struct span s)
{
	struct cursor c = cur_open(s);
	uint8_t lead = cur_u8(&c), next, low = 0x80, high = 0xbf;
	size_t n, more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;

	if (lead < 0xc2 || lead > 0xf4)
		return 1;
	if (lead == 0xe0)
		low = 0xa0;
	if (lead == 0xed)
		high = 0x9f;
	if (lead == 0xf0)
		low = 0x90;
	if (lead == 0xf4)
		high = 0x8f;
	for (n = 1; n <= more && cur_left(&c) > 0; n++) {
		next = cur_u8(&c);
		if (next < low || next > high)
			break;
		low = 0x80;
		high = 0xbf;
	}
	return n;
}

static void
hidden_text(struct buf *out, struct span character)
{
	struct cursor c = cur_open(character);

	while (cur_left(&c) > 0) {
		buf_text(out, "\\x");
		text_hex(out, cur_take(&c, 1), 0);
	}
}

static void
string_text(struct buf *out, struct span s)
{
	uint32_t character;
	size_t n;

	s = span_first(s, span_find_byte(s, 0));
	for (; s.n > 0; s = span_after(s, n)) {
		n = text_utf8(s, &character);
		if (n == 0) {
			n = invalid_length(s);
			buf_add(out, "\xef\xbf\xbd", 3);
		} else if (character >= 7 && character <= 13) {
			buf_byte(out, '\\');
			buf_byte(out, (uint8_t)"abtnvfr"[character - 7]);
		} else if (text_is_hidden(character) && character != '\\') {
			hidden_text(out, span_first(s, n));
		} else {
			buf_span(out, span_first(s, n));
		}
	}
}

static size_t
number_text(char *text, const struct field_value *v)
{
	const struct field *f = v->field;

	if (f->base == FIELD_OCT)
		return (size_t)snprintf(text, ADDR_TEXT, "%#llo",
		    (unsigned long long)v->number);
	if (f->base == FIELD_HEX)
		return number_hex(text, v->number, (f->bits + 3U) / 4);
	return number_uint(text, v->number);
}

size_t
field_short_text(char text[ADDR_TEXT], const struct field_value *v)
{
	switch (v->field->type) {
	case FIELD_UINT:
	case FIELD_FRAME:
		return number_text(text, v);
	case FIELD_INT:
		return number_int(text, (int64_t)v->number);
	case FIELD_IPV4:
		return v->bytes.n != 4 ? 0 : addr_write_ipv4(text, v->bytes.p);
	case FIELD_IPV6:
		return v->bytes.n != 16 ? 0 :
		    addr_write_ipv6(text, v->bytes.p);
	case FIELD_ETHER:
		return v->bytes.n != 6 ? 0 : addr_write_mac(text, v->bytes.p);
	default:
		return 0;
	}
}

void
field_text(struct buf *out, const struct field_value *v)
{
	char text[ADDR_TEXT];
	size_t n = 0;

	switch (v->field->type) {
	case FIELD_NONE:
		buf_byte(out, '1');
		break;
	case FIELD_PROTOCOL:
		buf_text(out, v->field->help);
		break;
	case FIELD_BOOL:
		buf_byte(out, v->number != 0 ? '1' : '0');
		break;
	case FIELD_UINT:
	case FIELD_FRAME:
	case FIELD_INT:
	case FIELD_IPV4:
	case FIELD_IPV6:
	case FIELD_ETHER:
		n = field_short_text(text, v);
		break;
	case FIELD_DOUBLE:
		buf_printf(out, "%.15g", v->real);
		break;
	case FIELD_STRING:
		string_text(out, v->bytes);
		break;
	case FIELD_BYTES:
		if (v->bytes.n == 0)
			buf_text(out, "<none>");
		text_hex(out, v->bytes, v->field->separator);
		break;
	case FIELD_TIME:
		time_text(out, v->time.seconds, v->time.nanoseconds);
		break;
	case FIELD_DURATION:
		if (v->time.seconds != 0) /* beyond what a number holds */
			n = time_epoch(text, (struct timestamp){
			    v->time.seconds, v->time.nanoseconds, 9, true },
			    9);
		else
			n = time_duration(text, (int64_t)v->number);
		break;
	case FIELD_GUID:
		guid_text(out, v->bytes);
		break;
	}
	buf_add(out, text, n);
}
