#include "base/json_string.h"

#include "base/digits.h"
#include "base/text.h"

#define STRING_MAX ((size_t)1 << 20)

/* Finds the closing quote; *escaped tells whether a backslash was met. */
static enum json_error
find_end(struct span source, size_t *pos, bool *escaped)
{
	uint32_t character;

	while (*pos < source.n && source.p[*pos] != '"') {
		uint8_t c = source.p[*pos];
		size_t n = 1;

		if (c < 0x20)
			return JSON_BAD_STRING;
		if (c >= 0x80)
			n = text_utf8(span_after(source, *pos), &character);
		if (n == 0)
			return JSON_BAD_STRING;
		if (c == '\\') {
			*escaped = true;
			/* What it stands for is seen when it is decoded; here
			 * only that an escaped quote does not end it all. */
			n = source.n - *pos < 2 ? 1 : 2;
		}
		*pos += n;
	}
	return *pos < source.n ? JSON_OK : JSON_SYNTAX;
}

/* Four hex digits at the start of `s`; above 0xffff when they are not. */
static uint32_t
read_unit(struct span s)
{
	uint32_t unit = 0;

	if (s.n < 4)
		return UINT32_MAX;
	for (size_t i = 0; i < 4; i++) {
		unsigned digit = digits_hex_value(s.p[i]);

		if (digit > 15)
			return UINT32_MAX;
		unit = unit << 4 | digit;
	}
	return unit;
}

/* What follows "\u": one unit, or two that make a pair; how many bytes of
 * the source, or 0. */
static size_t
read_unicode(struct span s, uint32_t *character)
{
	uint32_t high = read_unit(s), low;

	*character = high;
	if (high == 0 || high > 0xffff)
		return 0;
	if (high < 0xd800 || high > 0xdfff)
		return 4;
	low = UINT32_MAX;
	if (span_starts(span_after(s, 4), "\\u"))
		low = read_unit(span_after(s, 6));
	if (high > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return 0;
	*character = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return 10;
}

/* One escape, `s` begins after its backslash; how many bytes, or 0. */
static size_t
read_escape(struct span s, uint32_t *character)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	size_t n;

	if (s.n == 0)
		return 0;
	if (s.p[0] == 'u') {
		n = read_unicode(span_after(s, 1), character);
		return n == 0 ? 0 : n + 1;
	}
	found = memchr(from, s.p[0], sizeof(from) - 1);
	if (found == NULL)
		return 0;
	*character = (uint8_t)to[found - from];
	return 1;
}

/* An escape is never shorter than what it stands for. */
static enum json_error
unescape(struct arena *a, struct span raw, struct span *text, size_t *bad)
{
	uint8_t *out = arena_array(a, raw.n, uint8_t);
	size_t n = 0, at = 0;

	if (out == NULL)
		return JSON_NO_MEMORY;
	while (at < raw.n) {
		struct span rest = span_after(raw, at);
		size_t plain = span_find_byte(rest, '\\');
		uint32_t character;
		size_t taken;

		memcpy(out + n, rest.p, plain);
		n += plain;
		at += plain;
		if (at == raw.n)
			break;
		taken = read_escape(span_after(raw, at + 1), &character);
		*bad = at;
		if (taken == 0)
			return JSON_BAD_STRING;
		n += text_utf8_write(out + n, character);
		at += 1 + taken;
	}
	*text = span_of(out, n);
	return JSON_OK;
}

enum json_error
json_string(struct arena *a, struct span source, size_t *pos, struct span *text)
{
	size_t start = *pos + 1, end = start, bad = 0;
	bool escaped = false;
	enum json_error error = find_end(source, &end, &escaped);

	*pos = end;
	if (error != JSON_OK)
		return error;
	*text = span_of(source.p + start, end - start);
	if (text->n > STRING_MAX)
		return JSON_TOO_LARGE;
	if (escaped) {
		error = unescape(a, *text, text, &bad);
		if (error != JSON_OK) {
			*pos = start + bad;
			return error;
		}
	}
	*pos = end + 1;
	return JSON_OK;
}
