#include "worker/result.h"

#include "base/text.h"

#define DEPTH 64

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

static bool
is_hex(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
	    (byte >= 'A' && byte <= 'F');
}

static bool
skip_escape(struct reader *r)
{
	struct span s = r->left;

	if (s.n < 2)
		return false;
	if (s.p[1] != 'u') {
		r->left = span_after(s, 2);
		return s.p[1] != 0 && strchr("\"\\/bfnrt", s.p[1]) != NULL;
	}
	r->left = span_after(s, 6);
	return s.n >= 6 && is_hex(s.p[2]) && is_hex(s.p[3]) &&
	    is_hex(s.p[4]) && is_hex(s.p[5]);
}

static bool
skip_string(struct reader *r)
{
	uint32_t character;
	size_t n;

	if (!skip_byte(r, '"'))
		return false;
	while (r->left.n > 0) {
		uint8_t byte = r->left.p[0];

		if (byte == '"')
			return skip_byte(r, '"');
		if (byte < 0x20)
			return false;
		if (byte == '\\') {
			if (!skip_escape(r))
				return false;
			continue;
		}
		n = byte < 0x80 ? 1 : text_utf8(r->left, &character);
		if (n == 0)
			return false;
		r->left = span_after(r->left, n);
	}
	return false;
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
	(void)skip_byte(r, '-');
	if (!skip_byte(r, '0') && !skip_digits(r))
		return false;
	if (skip_byte(r, '.') && !skip_digits(r))
		return false;
	if (!skip_byte(r, 'e') && !skip_byte(r, 'E'))
		return true;
	if (!skip_byte(r, '+'))
		(void)skip_byte(r, '-');
	return skip_digits(r);
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
