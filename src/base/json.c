#include "base/json.h"

#include <assert.h>

#include "base/bytes.h"
#include "base/json_quote.h"
#include "base/text.h"

void
json_init(struct json *j, struct buf *out)
{
	*j = (struct json){ .out = out };
}

static uint32_t
level_bit(const struct json *j)
{
	return UINT32_C(1) << (j->depth - 1);
}

/* Whether a comma is due here; from now on one is. */
static bool
comma(struct json *j)
{
	uint32_t bit;
	bool due;

	if (j->depth == 0)
		return false;
	bit = level_bit(j);
	due = (j->has_member & bit) != 0;
	j->has_member |= bit;
	return due;
}

static bool
in_object(const struct json *j)
{
	return j->depth > 0 && (j->is_array & level_bit(j)) == 0;
}

/*
 * Starts a value: the comma and the name with its colon.  Returns the place
 * for `n` bytes of value, which the caller ends with done(); NULL when there
 * is no room.
 */
static char *
begin(struct json *j, const char *name, size_t n)
{
	struct span word = name == NULL ? span_empty() : span_text(name);
	uint8_t *p = buf_room(j->out, word.n + 4 + n);

	assert((name != NULL) == in_object(j));
	if (p == NULL)
		return NULL;
	if (comma(j))
		*p++ = ',';
	if (name != NULL) {
		*p++ = '"';
		bytes_copy(p, word.p, word.n);
		p += word.n;
		*p++ = '"';
		*p++ = ':';
	}
	return (char *)p;
}

static void
done(struct json *j, const char *end)
{
	j->out->n = (size_t)((const uint8_t *)end - j->out->p);
}

/* A value that is short and needs no escapes. */
static void
put(struct json *j, const char *name, const char *value, size_t n)
{
	char *p = begin(j, name, n);

	if (p == NULL)
		return;
	bytes_copy((uint8_t *)p, (const uint8_t *)value, n);
	done(j, p + n);
}

static void
put_quoted(struct json *j, const char *name, const char *value, size_t n)
{
	char *p = begin(j, name, n + 2);

	if (p == NULL)
		return;
	*p++ = '"';
	bytes_copy((uint8_t *)p, (const uint8_t *)value, n);
	p[n] = '"';
	done(j, p + n + 1);
}

static void
open_level(struct json *j, char bracket)
{
	assert(j->depth < JSON_DEPTH);
	buf_byte(j->out, (uint8_t)bracket);
	j->depth++;
	j->has_member &= ~level_bit(j);
	if (bracket == '[')
		j->is_array |= level_bit(j);
	else
		j->is_array &= ~level_bit(j);
}

/* The name alone, for a value that is written by other means. */
static void
begin_name(struct json *j, const char *name)
{
	char *p = begin(j, name, 0);

	if (p != NULL)
		done(j, p);
}

void
json_object(struct json *j, const char *name)
{
	begin_name(j, name);
	open_level(j, '{');
}

void
json_array(struct json *j, const char *name)
{
	begin_name(j, name);
	open_level(j, '[');
}

void
json_end(struct json *j)
{
	assert(j->depth > 0);
	buf_byte(j->out, in_object(j) ? '}' : ']');
	j->depth--;
}

void
json_uint(struct json *j, const char *name, uint64_t value)
{
	char *p = begin(j, name, NUMBER_TEXT);

	if (p != NULL)
		done(j, p + number_uint(p, value));
}

void
json_int(struct json *j, const char *name, int64_t value)
{
	char *p = begin(j, name, NUMBER_TEXT);

	if (p != NULL)
		done(j, p + number_int(p, value));
}

void
json_double(struct json *j, const char *name, double value)
{
	char *p = begin(j, name, NUMBER_TEXT);

	if (p != NULL)
		done(j, p + number_double(p, value));
}

void
json_bool(struct json *j, const char *name, bool value)
{
	put(j, name, value ? "true" : "false", value ? 4 : 5);
}

void
json_null(struct json *j, const char *name)
{
	put(j, name, "null", 4);
}

/* Numbers of seconds: trailing zeros of the fraction say nothing. */
static void
put_trimmed(struct json *j, const char *name, const char *text, size_t n)
{
	while (text[n - 1] == '0')
		n--;
	if (text[n - 1] == '.')
		n--;
	put(j, name, text, n);
}

void
json_seconds(struct json *j, const char *name, int64_t nanoseconds)
{
	char text[NUMBER_TEXT];
	size_t n = time_duration(text, nanoseconds);

	put_trimmed(j, name, text, n);
}

void
json_ms(struct json *j, const char *name, int64_t nanoseconds)
{
	char text[NUMBER_TEXT];

	put(j, name, text, time_ms(text, nanoseconds));
}

/* What is not known is written as nothing: left out of an object, null in
 * an array. */
static void
put_known(struct json *j, const char *name, const char *value, size_t n)
{
	if (n > 0)
		put_quoted(j, name, value, n);
	else if (name == NULL)
		json_null(j, name);
}

void
json_epoch(struct json *j, const char *name, struct timestamp t)
{
	char text[NUMBER_TEXT];
	size_t n = time_epoch(text, t, t.digits);

	if (t.known)
		put(j, name, text, n);
	else if (name == NULL)
		json_null(j, name);
}

void
json_time(struct json *j, const char *name, struct timestamp t)
{
	char text[NUMBER_TEXT];
	size_t n = time_iso(text, t);

	put_known(j, name, text, n);
}

void
json_addr(struct json *j, const char *name, const struct addr *a)
{
	char text[ADDR_TEXT];
	size_t n = addr_write(text, a);

	put_known(j, name, text, n);
}

void
json_endpoint(
    struct json *j, const char *name, const struct addr *a, uint16_t port)
{
	char text[ADDR_TEXT];
	size_t n = addr_write_port(text, a, port);

	put_known(j, name, text, a->kind == ADDR_NONE ? 0 : n);
}

/*
 * A value that grows: the name and a quote, then whatever the caller adds
 * from the place returned, then end_string().
 */
static size_t
begin_string(struct json *j, const char *name)
{
	char *p = begin(j, name, 1);

	if (p == NULL)
		return j->out->n;
	*p = '"';
	done(j, p + 1);
	return j->out->n;
}

static void
end_string(struct json *j, size_t start)
{
	json_quote(j->out, start);
	buf_byte(j->out, '"');
}

void
json_span(struct json *j, const char *name, struct span text)
{
	size_t start;

	if (json_quote_is_plain(text)) {
		put_quoted(j, name, (const char *)text.p, text.n);
		return;
	}
	start = begin_string(j, name);
	buf_span(j->out, text);
	end_string(j, start);
}

void
json_text(struct json *j, const char *name, const char *text)
{
	json_span(j, name, span_text(text));
}

__attribute__((cold)) void
json_textf(struct json *j, const char *name, const char *format, ...)
{
	size_t start = begin_string(j, name);
	va_list arguments;

	va_start(arguments, format);
	buf_vprintf(j->out, format, arguments);
	va_end(arguments);
	end_string(j, start);
}

void
json_foreign_max(
    struct json *j, const char *name, struct span bytes, size_t max)
{
	size_t start;

	if (bytes.n <= max && json_quote_is_plain(bytes)) {
		put_quoted(j, name, (const char *)bytes.p, bytes.n);
		return;
	}
	start = begin_string(j, name);
	text_escape(j->out, bytes, max);
	end_string(j, start);
}

void
json_foreign(struct json *j, const char *name, struct span bytes)
{
	json_foreign_max(j, name, bytes, TEXT_MAX);
}

static void
foreign_name(struct json *j, struct span name)
{
	size_t start;

	assert(in_object(j));
	if (comma(j))
		buf_byte(j->out, ',');
	buf_byte(j->out, '"');
	start = j->out->n;
	text_escape(j->out, name, TEXT_MAX);
	end_string(j, start);
	buf_byte(j->out, ':');
}

void
json_object_foreign(struct json *j, struct span name)
{
	foreign_name(j, name);
	open_level(j, '{');
}

void
json_array_foreign(struct json *j, struct span name)
{
	foreign_name(j, name);
	open_level(j, '[');
}

void
json_uint_foreign(struct json *j, struct span name, uint64_t value)
{
	char text[NUMBER_TEXT];

	foreign_name(j, name);
	buf_add(j->out, text, number_uint(text, value));
}

void
json_hex(struct json *j, const char *name, struct span bytes)
{
	begin_string(j, name);
	text_hex(j->out, bytes, 0);
	buf_byte(j->out, '"');
}

void
json_raw(struct json *j, const char *name, struct span json)
{
	begin_name(j, name);
	buf_span(j->out, json);
}

struct buf *
json_raw_begin(struct json *j, const char *name)
{
	begin_name(j, name);
	return j->out;
}

struct json_mark
json_mark(const struct json *j)
{
	return (struct json_mark){ j->out->n, j->has_member, j->is_array,
		j->depth };
}

void
json_rewind(struct json *j, struct json_mark mark)
{
	assert(mark.n <= j->out->n);
	buf_cut(j->out, mark.n);
	j->has_member = mark.has_member;
	j->is_array = mark.is_array;
	j->depth = mark.depth;
}

size_t
json_size(const struct json *j)
{
	return j->out->n;
}
