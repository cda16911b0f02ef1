#include "filter/lexer.h"

#include <stdio.h>

#include "base/digits.h"
#include "base/text.h"

/* The longest of those that begin alike come first. */
static const struct {
	const char *text;
	enum token_kind kind;
} marks[] = {
	{ "===", TOKEN_ALL_EQ },
	{ "!==", TOKEN_ANY_NE },
	{ "==", TOKEN_EQ },
	{ "!=", TOKEN_NE },
	{ "~=", TOKEN_ANY_NE },
	{ "=~", TOKEN_FOREIGN },
	{ "<>", TOKEN_FOREIGN },
	{ ">=", TOKEN_GE },
	{ "<=", TOKEN_LE },
	{ "&&", TOKEN_AND },
	{ "||", TOKEN_OR },
	{ "^^", TOKEN_XOR },
	{ "..", TOKEN_RANGE },
	{ "=", TOKEN_FOREIGN },
	{ "!", TOKEN_NOT },
	{ ">", TOKEN_GT },
	{ "<", TOKEN_LT },
	{ "~", TOKEN_MATCHES },
	{ "(", TOKEN_OPEN },
	{ ")", TOKEN_CLOSE },
	{ "{", TOKEN_BRACE },
	{ "}", TOKEN_UNBRACE },
	{ "[", TOKEN_BRACKET },
	{ "]", TOKEN_UNBRACKET },
	{ ",", TOKEN_COMMA },
	{ "#", TOKEN_LAYER },
	{ "+", TOKEN_PLUS },
	{ "-", TOKEN_MINUS },
	{ "*", TOKEN_STAR },
	{ "/", TOKEN_SLASH },
	{ "%", TOKEN_PERCENT },
	{ "&", TOKEN_BITAND },
	{ "|", TOKEN_FOREIGN },
	{ ";", TOKEN_FOREIGN },
};

static const struct {
	const char *word;
	enum token_kind kind;
} keywords[] = {
	{ "and", TOKEN_AND },
	{ "or", TOKEN_OR },
	{ "xor", TOKEN_XOR },
	{ "not", TOKEN_NOT },
	{ "any", TOKEN_ANY },
	{ "all", TOKEN_ALL },
	{ "eq", TOKEN_EQ },
	{ "any_eq", TOKEN_EQ },
	{ "ne", TOKEN_NE },
	{ "all_ne", TOKEN_NE },
	{ "all_eq", TOKEN_ALL_EQ },
	{ "any_ne", TOKEN_ANY_NE },
	{ "gt", TOKEN_GT },
	{ "lt", TOKEN_LT },
	{ "ge", TOKEN_GE },
	{ "le", TOKEN_LE },
	{ "contains", TOKEN_CONTAINS },
	{ "matches", TOKEN_MATCHES },
	{ "in", TOKEN_IN },
	{ "bitwise_and", TOKEN_BITAND },
};

static struct token
bad(struct lexer *l, size_t offset, const char *text)
{
	l->error->offset = offset;
	snprintf(l->error->text, sizeof(l->error->text), "%s", text);
	l->at = l->text.n;
	return (struct token){ .kind = TOKEN_BAD, .offset = offset,
		.text = span_empty(), .value = span_empty() };
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == ':' ||
	    c >= 0x80;
}

/* Where the word that starts at `at` ends. */
static size_t
word_end(const struct lexer *l, size_t at)
{
	const uint8_t *p = l->text.p;
	size_t n = l->text.n;

	while (at < n) {
		if (p[at] == '.' && at + 1 < n && p[at + 1] == '.')
			break;
		if (p[at] == '-' && at + 1 < n && is_word(p[at + 1])) {
			at += 2;
			continue;
		}
		if (!is_word(p[at]))
			break;
		at++;
	}
	return at;
}

/* The /24 behind an address belongs to it. */
static size_t
prefix_end(const struct lexer *l, size_t start, size_t end)
{
	struct span word = span_of(l->text.p + start, end - start);
	struct addr a;
	size_t at = end + 1;

	if (end >= l->text.n || l->text.p[end] != '/' ||
	    !addr_read(word, &a) || a.kind == ADDR_MAC)
		return end;
	while (at < l->text.n && l->text.p[at] >= '0' && l->text.p[at] <= '9')
		at++;
	return at > end + 1 ? at : end;
}

/* `n` hex digits (fewer when `any`) as a number; false: there are none. */
static bool
escape_hex(struct cursor *c, unsigned n, bool any, uint32_t *value)
{
	unsigned i;

	*value = 0;
	for (i = 0; i < n && cur_left(c) > 0; i++) {
		unsigned digit = digits_hex_value(c->base[c->pos]);

		if (digit > 15)
			break;
		*value = *value * 16 + digit;
		cur_skip(c, 1);
	}
	return any ? i > 0 : i == n;
}

static void
escape_octal(struct cursor *c, struct buf *out, uint8_t first)
{
	unsigned value = first - (unsigned)'0';

	for (unsigned i = 0; i < 2 && cur_left(c) > 0; i++) {
		uint8_t digit = c->base[c->pos];

		if (digit < '0' || digit > '7')
			break;
		value = value * 8 + (digit - (unsigned)'0');
		cur_skip(c, 1);
	}
	buf_byte(out, (uint8_t)value);
}

/* One escape, behind its backslash; false: no such. */
static bool
escape_read(struct cursor *c, struct buf *out)
{
	static const char from[] = "'\"\\abfnrtv";
	static const char to[] = "'\"\\\a\b\f\n\r\t\v";
	uint8_t letter = cur_u8(c);
	const char *found = memchr(from, letter, sizeof(from) - 1);
	uint8_t bytes[4];
	uint32_t value;

	if (found != NULL) {
		buf_byte(out, (uint8_t)to[found - from]);
		return true;
	}
	if (letter >= '0' && letter <= '7') {
		escape_octal(c, out, letter);
		return true;
	}
	if (letter == 'x') {
		if (!escape_hex(c, 2, true, &value))
			return false;
		buf_byte(out, (uint8_t)value);
		return true;
	}
	if (letter != 'u' && letter != 'U')
		return false;
	if (!escape_hex(c, letter == 'u' ? 4 : 8, false, &value) ||
	    value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return false;
	buf_add(out, bytes, text_utf8_write(bytes, value));
	return true;
}

/* A quoted text from its opening quote on; `raw` keeps backslashes. */
static struct token
quoted(struct lexer *l, size_t start, size_t open, bool raw)
{
	uint8_t quote = l->text.p[open];
	struct cursor c = cur_open(span_after(l->text, open + 1));
	struct token t = { .kind = quote == '"' ? TOKEN_STRING : TOKEN_CHAR,
		.offset = start };
	struct buf value;
	size_t escape;

	buf_init(&value, FILTER_TEXT_MAX * 2);
	for (;;) {
		uint8_t byte = cur_u8(&c);

		if (!cur_ok(&c)) {
			buf_free(&value);
			return bad(l, start, quote == '"' ?
			    "the closing \" is missing" :
			    "the closing ' is missing");
		}
		if (byte == quote)
			break;
		escape = open + c.pos;
		if (byte == '\\' && raw) {
			buf_byte(&value, byte);
			buf_byte(&value, cur_u8(&c));
		} else if (byte != '\\') {
			buf_byte(&value, byte);
		} else if (!escape_read(&c, &value)) {
			buf_free(&value);
			return bad(l, escape, "no such escape in a string; "
			    "write \\\\ for a backslash, or r\"...\" for a "
			    "raw string (regular expressions)");
		}
	}
	t.value = arena_copy(l->arena, buf_bytes(&value));
	t.text = span_of(l->text.p + start, open + 1 + c.pos - start);
	l->at = open + 1 + c.pos;
	buf_free(&value);
	return t;
}

static struct token
word(struct lexer *l, size_t start)
{
	size_t end = prefix_end(l, start, word_end(l, start));
	struct token t = { .kind = TOKEN_WORD, .offset = start,
		.value = span_empty() };

	t.text = span_of(l->text.p + start, end - start);
	l->at = end;
	for (size_t i = 0; i < LENGTH(keywords); i++) {
		if (span_is(t.text, keywords[i].word))
			t.kind = keywords[i].kind;
	}
	return t;
}

static bool
starts_raw(struct span s)
{
	return s.n > 1 && (s.p[0] == 'r' || s.p[0] == 'R') && s.p[1] == '"';
}

struct token
lexer_next(struct lexer *l)
{
	struct span rest;
	struct token t = { .kind = TOKEN_END, .text = span_empty(),
		.value = span_empty() };

	while (l->at < l->text.n && is_space(l->text.p[l->at]))
		l->at++;
	t.offset = l->at;
	rest = span_after(l->text, l->at);
	if (rest.n == 0)
		return t;
	if (starts_raw(rest))
		return quoted(l, l->at, l->at + 1, true);
	if (rest.p[0] == '"' || rest.p[0] == '\'')
		return quoted(l, l->at, l->at, false);
	if (is_word(rest.p[0]) && !span_starts(rest, ".."))
		return word(l, l->at);
	for (size_t i = 0; i < LENGTH(marks); i++) {
		if (!span_starts(rest, marks[i].text))
			continue;
		t.kind = marks[i].kind;
		t.text = span_first(rest, strlen(marks[i].text));
		l->at += t.text.n;
		return t;
	}
	if (span_starts(rest, "${"))
		return bad(l, l->at, "references to the selected frame, "
		    "${...}, have no meaning here");
	return bad(l, l->at, "this character has no meaning in a filter");
}

struct span
lexer_range(struct lexer *l)
{
	size_t start = l->at;

	while (l->at < l->text.n && l->text.p[l->at] != ',' &&
	    l->text.p[l->at] != ']')
		l->at++;
	return span_trim(span_of(l->text.p + start, l->at - start));
}
