#include "proto/dns_rdata.h"

#include <stdio.h>

#include "base/digits.h"
#include "base/number.h"
#include "base/text.h"
#include "proto/dns_words.h"

static void
part_begin(struct dns_rdata *d)
{
	if (!d->first)
		buf_byte(d->text, ' ');
	d->first = false;
}

void
dns_part_printf(struct dns_rdata *d, const char *format, ...)
{
	char part[128];
	va_list args;

	if (d->text == NULL || !cur_ok(&d->c))
		return;
	va_start(args, format);
	(void)vsnprintf(part, sizeof(part), format, args);
	va_end(args);
	part_begin(d);
	buf_text(d->text, part);
}

static void
part_uint(struct dns_rdata *d, uint64_t value)
{
	char text[NUMBER_TEXT];

	if (d->text == NULL || !cur_ok(&d->c))
		return;
	part_begin(d);
	buf_add(d->text, text, number_uint(text, value));
}

void
dns_part_quoted(struct dns_rdata *d, struct span s)
{
	char *p;

	if (d->text == NULL)
		return;
	part_begin(d);
	p = (char *)buf_room(d->text, 2 + 4 * s.n);
	if (p == NULL)
		return;
	*p++ = '"';
	for (size_t i = 0; i < s.n; i++) {
		uint8_t byte = s.p[i];

		if (byte < ' ' || byte > '~') {
			*p++ = '\\';
			*p++ = (char)('0' + byte / 100);
			digits_two(p, byte % 100);
			p += 2;
			continue;
		}
		if (byte == '"' || byte == '\\')
			*p++ = '\\';
		*p++ = (char)byte;
	}
	*p++ = '"';
	d->text->n = (size_t)((uint8_t *)p - d->text->p);
}

void
dns_part_hex(struct dns_rdata *d, struct span s)
{
	if (d->text == NULL)
		return;
	part_begin(d);
	if (s.n == 0)
		buf_byte(d->text, '-');
	text_hex(d->text, s, 0);
}

void
dns_part_base64(struct dns_rdata *d, struct span s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct cursor c = cur_open(s);

	if (d->text == NULL)
		return;
	part_begin(d);
	while (cur_left(&c) > 0) {
		size_t n = cur_left(&c) < 3 ? cur_left(&c) : 3;
		uint32_t bits = (uint32_t)cur_u8(&c) << 16;

		if (n > 1)
			bits |= (uint32_t)cur_u8(&c) << 8;
		if (n > 2)
			bits |= cur_u8(&c);
		for (size_t i = 0; i < 4; i++, bits <<= 6)
			buf_byte(d->text, i > n ? '=' :
			    (uint8_t)digits[bits >> 18 & 63]);
	}
}

void
dns_part_type(struct dns_rdata *d, uint16_t type)
{
	const char *name = value_name(dns_types, type);

	if (name != NULL)
		dns_part_printf(d, "%s", name);
	else
		dns_part_printf(d, "TYPE%u", type);
}

struct dns_name
dns_read_name(struct dns_rdata *d, enum dns_row row)
{
	size_t start = d->c.pos;
	struct dns_name name = dns_name_read(d->names, &d->c);

	if (!cur_ok(&d->c))
		return name;
	if (name.bad)
		d->malformed = true;
	if (d->fields != NULL)
		field_put_bytes(d->fields, &dns_rows[row],
		    span_of(d->c.base + start, d->c.pos - start),
		    dns_name_shown(&name, d->arena));
	if (d->text != NULL) {
		part_begin(d);
		buf_span(d->text, name.text);
	}
	return name;
}

uint8_t
dns_read_u8(struct dns_rdata *d, enum dns_row row)
{
	uint8_t value = read_u8(&d->c, d->fields, &dns_rows[row]);

	part_uint(d, value);
	return value;
}

uint16_t
dns_read_u16(struct dns_rdata *d, enum dns_row row)
{
	uint16_t value = read_be16(&d->c, d->fields, &dns_rows[row]);

	part_uint(d, value);
	return value;
}

uint32_t
dns_read_u32(struct dns_rdata *d, enum dns_row row)
{
	uint32_t value = read_be32(&d->c, d->fields, &dns_rows[row]);

	part_uint(d, value);
	return value;
}

uint16_t
dns_read_type(struct dns_rdata *d, enum dns_row row)
{
	uint16_t type = read_be16(&d->c, d->fields, &dns_rows[row]);

	dns_part_type(d, type);
	return type;
}

/* The digits of 2023-11-15T22:13:20Z. */
static void
part_time(struct dns_rdata *d, int64_t seconds)
{
	struct timestamp t = { .seconds = seconds, .known = true };
	char iso[NUMBER_TEXT];
	size_t n = time_iso(iso, t);

	part_begin(d);
	for (size_t i = 0; i < n; i++)
		if (iso[i] >= '0' && iso[i] <= '9')
			buf_byte(d->text, (uint8_t)iso[i]);
}

void
dns_read_time(struct dns_rdata *d, enum dns_row row, size_t bytes)
{
	struct span where = span_of(d->c.base + d->c.pos, bytes);
	int64_t seconds = bytes == 6 ? (int64_t)cur_be16(&d->c) << 32 : 0;

	seconds |= cur_be32(&d->c);
	if (!cur_ok(&d->c))
		return;
	if (d->fields != NULL)
		field_put_time(d->fields, &dns_rows[row], where, seconds, 0);
	if (d->text != NULL)
		part_time(d, seconds);
}

void
dns_read_ipv4(struct dns_rdata *d, enum dns_row row)
{
	struct span s = read_bytes(&d->c, 4, d->fields, &dns_rows[row]);
	char text[ADDR_TEXT];

	if (d->text != NULL && cur_ok(&d->c))
		dns_part_printf(d, "%.*s", (int)addr_write_ipv4(text, s.p),
		    text);
}

void
dns_read_ipv6(struct dns_rdata *d, enum dns_row row)
{
	struct span s = read_bytes(&d->c, 16, d->fields, &dns_rows[row]);
	char text[ADDR_TEXT];

	if (d->text != NULL && cur_ok(&d->c))
		dns_part_printf(d, "%.*s", (int)addr_write_ipv6(text, s.p),
		    text);
}

void
dns_read_text(struct dns_rdata *d, enum dns_row row)
{
	uint8_t n = read_u8(&d->c, d->fields, &dns_rows[row]);
	struct span s = read_bytes(&d->c, n, d->fields, &dns_rows[row + 1]);

	if (cur_ok(&d->c))
		dns_part_quoted(d, s);
}

struct span
dns_read_hex(struct dns_rdata *d, enum dns_row row, size_t n)
{
	struct span s = read_bytes(&d->c, n, d->fields, &dns_rows[row]);

	if (cur_ok(&d->c))
		dns_part_hex(d, s);
	return s;
}

struct span
dns_read_base64(struct dns_rdata *d, enum dns_row row, size_t n)
{
	struct span s = read_bytes(&d->c, n, d->fields, &dns_rows[row]);

	if (cur_ok(&d->c))
		dns_part_base64(d, s);
	return s;
}

void
dns_read_bits(struct dns_rdata *d, struct cursor *c, unsigned type)
{
	struct span where;
	uint8_t bits;

	while (cur_left(c) > 0) {
		where = cur_take(c, 1);
		bits = where.p[0];
		for (unsigned bit = 0x80; bit > 0; bit >>= 1, type++) {
			if ((bits & bit) == 0)
				continue;
			if (d->fields != NULL)
				field_put_number(d->fields,
				    &dns_rows[DNS_RESP_TYPE], where, type);
			dns_part_type(d, (uint16_t)type);
		}
	}
}

static void
window_read(struct dns_rdata *d)
{
	unsigned first = (unsigned)cur_u8(&d->c) << 8;
	uint8_t n = cur_u8(&d->c);
	struct cursor window = cur_open(cur_take(&d->c,
	    cur_left(&d->c) < n ? cur_left(&d->c) : n));

	if (cur_left(&window) < n)
		d->malformed = true;
	dns_read_bits(d, &window, first);
}

void
dns_read_types(struct dns_rdata *d)
{
	while (cur_left(&d->c) > 0)
		window_read(d);
}
