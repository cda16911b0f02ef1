#include "worker/result.h"

#include "base/text.h"

#define DEPTH 64
#define NUMBER_MAX 40 /* bytes in front of the exponent */

/* Where in the grammar we stand. */
struct reader {
	struct span left;
	uint64_t is_array; /* a bit a depth */
	unsigned depth;
};

static bool
skip_byte(struct reader *r, uint8_t byte)
{
	if (r->left.n == 0 || r->left.p[0] != byte)
		return false;
	r->left = span_after(r->left, 1);
	return true;
}

static bool
skip_word(struct reader *r, const char *word)
{
	if (!span_starts(r->left, word))
		return false;
	r->left = span_after(r->left, strlen(word));
	return true;
}

/* The only ones that we write: what else would need one is told in words. */
static bool
skip_escape(struct reader *r)
{
	struct span s = r->left;

	r->left = span_after(s, 2);
	return s.n >= 2 && (s.p[1] == '"' || s.p[1] == '\\' || s.p[1] == 'n');
}

/* What nearly all of a string is made of. */
static bool
is_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static bool
skip_string(struct reader *r)
{
	uint32_t character;
	size_t n;

	if (!skip_byte(r, '"'))
		return false;
	for (;;) {
		for (n = 0; n < r->left.n && is_plain(r->left.p[n]); n++)
			continue;
		r->left = span_after(r->left, n);
		if (skip_byte(r, '"'))
			return true;
		if (r->left.n > 0 && r->left.p[0] == '\\') {
			if (!skip_escape(r))
				return false;
			continue;
		}
		n = text_utf8(r->left, &character);
		if (n == 0 || text_is_hidden(character))
			return false;
		r->left = span_after(r->left, n);
	}
}

static bool
skip_digits(struct reader *r)
{
	size_t n = 0;

	while (n < r->left.n && r->left.p[n] >= '0' && r->left.p[n] <= '9')
		n++;
	r->left = span_after(r->left, n);
	return n > 0;
}

static bool
skip_number(struct reader *r)
{
	struct span before = r->left;

	(void)skip_byte(r, '-');
	if (!skip_byte(r, '0') && !skip_digits(r))
		return false;
	if (skip_byte(r, '.') && !skip_digits(r))
		return false;
	if (before.n - r->left.n > NUMBER_MAX)
		return false;
	if (!skip_byte(r, 'e') && !skip_byte(r, 'E'))
		return true;
	if (!skip_byte(r, '+'))
		(void)skip_byte(r, '-');
	before = r->left; /* of a double: no reader of JSON may stumble */
	return skip_digits(r) && before.n - r->left.n <= 2;
}

/* A value, or the opening of one: `opened` tells. */
static bool
skip_value(struct reader *r, bool *opened)
{
	bool is_array;

	*opened = false;
	if (r->left.n == 0)
		return false;
	switch (r->left.p[0]) {
	case '"':
		return skip_string(r);
	case 't':
		return skip_word(r, "true");
	case 'f':
		return skip_word(r, "false");
	case 'n':
		return skip_word(r, "null");
	case '{':
	case '[':
		break;
	default:
		return skip_number(r);
	}
	if (r->depth == DEPTH)
		return false;
	is_array = r->left.p[0] == '[';
	r->is_array = r->is_array << 1 | is_array;
	r->depth++;
	r->left = span_after(r->left, 1);
	*opened = true;
	return true;
}

static bool
in_array(const struct reader *r)
{
	return r->is_array & 1;
}

static bool
skip_close(struct reader *r)
{
	if (!skip_byte(r, in_array(r) ? ']' : '}'))
		return false;
	r->is_array >>= 1;
	r->depth--;
	return true;
}

static bool
skip_member(struct reader *r, bool *opened)
{
	if (!in_array(r) && !(skip_string(r) && skip_byte(r, ':')))
		return false;
	return skip_value(r, opened);
}

bool
result_is_object(struct span text)
{
	struct reader r = { .left = text };
	bool opened;

	if (!span_starts(text, "{") || !skip_value(&r, &opened))
		return false;
	while (r.depth > 0) {
		if (opened && skip_close(&r)) {
			opened = false;
		} else if (opened || skip_byte(&r, ',')) {
			if (!skip_member(&r, &opened))
				return false;
		} else if (!skip_close(&r)) {
			return false;
		}
	}
	return r.left.n == 0;
}
