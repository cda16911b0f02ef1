#include "filter/literal.h"

#include <stdio.h>

#include "base/digits.h"
#include "base/text.h"
#include "filter/literal_time.h"

#define SHOWN_MAX 48

bool
literal_fail(struct filter_error *error, size_t offset, const char *format,
    ...)
{
	va_list arguments;
	size_t n;

	error->offset = offset;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	/* What did not fit may have been the rest of a character. */
	n = strlen(error->text);
	while (n > 0 && !text_is_utf8(span_of(error->text, n)))
		error->text[--n] = '\0';
	return false;
}

/* The token as text for an error: short and safe to show. */
static const char *
shown(const struct token *t, struct buf *room)
{
	text_escape(room, t->text, SHOWN_MAX);
	buf_byte(room, 0);
	return room->full ? "it" : (const char *)room->p;
}

static bool
refuse(const struct token *t, const struct literal_want *want,
    struct filter_error *error, const char *form)
{
	struct buf room;

	buf_init(&room, 1024);
	literal_fail(error, t->offset, "%s is not %s, as %s is; %s",
	    shown(t, &room), value_class_name(want->class), want->name, form);
	buf_free(&room);
	return false;
}

bool
literal_number(struct span s, uint64_t *number)
{
	unsigned base = 10;
	uint64_t value = 0;

	if (span_starts_nocase(s, "0x")) {
		base = 16;
		s = span_after(s, 2);
	} else if (span_starts_nocase(s, "0b")) {
		base = 2;
		s = span_after(s, 2);
	} else if (s.n > 1 && s.p[0] == '0') {
		base = 8;
		s = span_after(s, 1);
	}
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = digits_hex_value(s.p[i]);

		if (digit >= base || value > (UINT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	*number = value;
	return true;
}

/* By the name of the value, whole and in any case: "Standard query". */
static bool
named_number(const struct field *f, struct span s, uint64_t *number)
{
	if (f == NULL || f->names == NULL)
		return false;
	for (const struct value_name *v = f->names; v->name != NULL; v++) {
		if (span_is_nocase(s, v->name)) {
			*number = v->value;
			return true;
		}
	}
	return false;
}

static uint64_t
number_limit(const struct field *f)
{
	if (f->type != FIELD_UINT || f->bits > 32)
		return UINT64_MAX;
	if (f->bits > 16)
		return f->bits > 24 ? UINT32_MAX : 0xffffff;
	return f->bits > 8 ? UINT16_MAX : UINT8_MAX;
}

static bool
bool_word(struct span s, const struct field *f, uint64_t *number)
{
	if (span_is(s, "True") || span_is(s, "TRUE"))
		*number = 1;
	else if (span_is(s, "False") || span_is(s, "FALSE"))
		*number = 0;
	else if (f->names == NULL && span_is_nocase(s, "Set"))
		*number = 1;
	else if (f->names == NULL && span_is_nocase(s, "Not set"))
		*number = 0;
	else
		return named_number(f, s, number);
	return true;
}

static bool
as_name(const struct token *t, const struct literal_want *want,
    struct value *value, struct filter_error *error)
{
	struct span s = t->kind == TOKEN_STRING ? t->value : t->text;
	const struct field *f = want->field;
	const char *example = "write 12, 0x1f or 0b101";
	uint64_t number;
	char form[120];

	if (f != NULL && f->type == FIELD_BOOL && (t->kind == TOKEN_WORD ||
	    f->names == NULL) ? bool_word(s, f, &number) :
	    named_number(f, s, &number)) {
		*value = value_of_number(number);
		return true;
	}
	if (f != NULL && f->type == FIELD_BOOL) {
		example = "write True, False, 1 or 0";
	} else if (f != NULL && f->names != NULL &&
	    f->names[0].name != NULL) {
		snprintf(form, sizeof(form), "write a number or one of its "
		    "names, such as \"%.40s\"", f->names[0].name);
		example = form;
	}
	return refuse(t, want, error, example);
}

static bool
as_number(const struct token *t, const struct literal_want *want,
    struct value *value, struct filter_error *error)
{
	const struct field *f = want->field;
	uint64_t number;

	if (t->kind == TOKEN_CHAR && t->value.n == 1)
		number = t->value.p[0];
	else if (t->kind != TOKEN_WORD || !literal_number(t->text, &number))
		return as_name(t, want, value, error);
	if (f != NULL && f->type == FIELD_BOOL)
		number = number != 0;
	if (f != NULL && want->whole && number > number_limit(f))
		return literal_fail(error, t->offset,
		    "%llu is too large: %s is at most %llu",
		    (unsigned long long)number, want->name,
		    (unsigned long long)number_limit(f));
	*value = value_of_number(number);
	return true;
}

/* 0.1.0.d: groups of one digit, which text_read_hex() does not take. */
static bool
read_digits(struct span s, struct buf *out)
{
	struct cursor c = cur_open(s);

	while (cur_left(&c) > 0) {
		unsigned high = digits_hex_value(cur_u8(&c)), low;
		uint8_t next;

		if (high > 15)
			return false;
		next = cur_left(&c) > 0 ? c.base[c.pos] : ':';
		low = digits_hex_value(next);
		if (low > 15) {
			low = high;
			high = 0;
		} else {
			cur_skip(&c, 1);
		}
		buf_byte(out, (uint8_t)(high << 4 | low));
		if (cur_left(&c) == 0)
			break;
		next = cur_u8(&c);
		if (next != ':' && next != '.' && next != '-')
			return false;
	}
	return out->n > 0;
}

static bool
hex_read(struct span s, struct buf *out)
{
	uint64_t number;

	if (span_starts_nocase(s, "0x")) {
		if (!literal_number(s, &number) || number > 255)
			return false;
		buf_byte(out, (uint8_t)number);
		return true;
	}
	if (span_starts(s, ":") && !span_starts(s, "::"))
		s = span_after(s, 1);
	if (s.n == 0)
		return false;
	if (text_read_hex(s, out))
		return true;
	buf_cut(out, 0);
	return read_digits(s, out);
}

static bool
as_bytes(const struct token *t, const struct literal_want *want,
    struct arena *arena, struct value *value, struct filter_error *error)
{
	const struct field *f = want->field;
	struct buf bytes;
	bool good;

	if (want->whole && f != NULL && f->type == FIELD_ETHER &&
	    t->kind != TOKEN_WORD)
		return refuse(t, want, error, "write 00:11:22:33:44:55");
	if (t->kind != TOKEN_WORD) {
		*value = value_of_bytes(VALUE_BYTES, t->value);
		return true;
	}
	buf_init(&bytes, FILTER_TEXT_MAX);
	good = hex_read(t->text, &bytes);
	*value = value_of_bytes(VALUE_BYTES,
	    arena_copy(arena, buf_bytes(&bytes)));
	buf_free(&bytes);
	if (good && want->whole && f != NULL && f->type == FIELD_ETHER &&
	    value->bytes.n != 6)
		return literal_fail(error, t->offset, "%s is 6 bytes, not "
		    "%zu; for its first three write %s[0:3] == 00:11:22",
		    want->name, value->bytes.n, want->name);
	if (good)
		return true;
	return refuse(t, want, error, "write hex bytes as 0a:1b:2c, or a "
	    "string in double quotes");
}

static bool
as_address(const struct token *t, const struct literal_want *want,
    struct arena *arena, struct value *value, struct filter_error *error)
{
	bool v4 = want->class == VALUE_IPV4;
	unsigned prefix;
	struct addr a;

	if (t->kind != TOKEN_WORD || !addr_read_net(t->text, &a, &prefix) ||
	    a.kind != (v4 ? ADDR_IPV4 : ADDR_IPV6))
		return refuse(t, want, error, v4 ?
		    "write 192.0.2.1 or 192.0.2.0/24 (names are not looked "
		    "up; for IPv6 use ipv6.addr)" :
		    "write 2001:db8::1 or 2001:db8::/32 (for IPv4 use "
		    "ip.addr)");
	*value = value_of_bytes(want->class,
	    arena_copy(arena, span_of(a.bytes, v4 ? 4 : 16)));
	value->prefix = (uint8_t)prefix;
	return true;
}

static bool
as_real(const struct token *t, const struct literal_want *want,
    struct value *value, struct filter_error *error)
{
	*value = value_of_bytes(VALUE_REAL, span_empty());
	if (t->kind == TOKEN_WORD &&
	    number_read_double(t->text, &value->real))
		return true;
	return refuse(t, want, error, "write 12 or 12.5");
}

bool
literal_read(const struct token *t, const struct literal_want *want,
    struct arena *arena, struct value *value, struct filter_error *error)
{
	struct span text = t->kind == TOKEN_WORD ? t->text : t->value;

	switch (want->class) {
	case VALUE_NUMBER:
		return as_number(t, want, value, error);
	case VALUE_REAL:
		return as_real(t, want, value, error);
	case VALUE_STRING:
		*value = value_of_bytes(VALUE_STRING, text);
		return true;
	case VALUE_BYTES:
		return as_bytes(t, want, arena, value, error);
	case VALUE_IPV4:
	case VALUE_IPV6:
		return as_address(t, want, arena, value, error);
	case VALUE_TIME:
		return literal_time(text, value) || refuse(t, want, error,
		    "write \"2004-05-13 10:17:09.5\" (UTC) or "
		    "\"May 13, 2004 10:17:09\"");
	case VALUE_DURATION:
		return literal_duration(text, value) || refuse(t, want, error,
		    "write seconds as 1.5");
	case VALUE_NONE:
		break;
	}
	return literal_fail(error, t->offset, "%s has no value to compare; "
	    "its name alone asks whether it is there", want->name);
}
