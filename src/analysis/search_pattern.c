#include "analysis/search_pattern.h"

static void
literal(struct buf *out, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "\\x%02x", p[i]);
}

static void
utf16(struct buf *out, struct span s, bool big)
{
	for (size_t i = 0; i < s.n; i++) {
		if (big)
			buf_text(out, "\\x00");
		literal(out, s.p + i, 1);
		if (!big)
			buf_text(out, "\\x00");
	}
}

/* The six bits that begin at bit `at` of the bytes. */
static unsigned
sextet(struct span s, size_t at)
{
	unsigned word = (unsigned)s.p[at / 8] << 8;

	if (at / 8 + 1 < s.n)
		word |= s.p[at / 8 + 1];
	return word >> (10 - at % 8) & 63;
}

/*
 * With `skew` bytes before it, the text's first whole sextet begins at bit
 * 0, 4 or 2; the last one ends within the text.
 */
static bool
base64(struct buf *out, struct span s, unsigned skew)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	static const uint8_t first[3] = { 0, 4, 2 };
	size_t at = first[skew], n = 0;

	while (at + 6 <= s.n * 8) {
		uint8_t letter = (uint8_t)letters[sextet(s, at)];

		literal(out, &letter, 1);
		at += 6;
		n++;
	}
	return n >= 4;
}

bool
search_pattern(struct buf *out, struct span bytes, unsigned forms)
{
	size_t start = out->n;

	if (forms & SEARCH_PLAIN) {
		literal(out, bytes.p, bytes.n);
		buf_byte(out, '|');
	}
	if (forms & SEARCH_UTF16) {
		utf16(out, bytes, false);
		buf_byte(out, '|');
		utf16(out, bytes, true);
		buf_byte(out, '|');
	}
	for (unsigned skew = 0; skew < 3 && (forms & SEARCH_BASE64); skew++) {
		size_t before = out->n;

		if (base64(out, bytes, skew))
			buf_byte(out, '|');
		else
			buf_cut(out, before);
	}
	if (out->n == start)
		return false;
	buf_cut(out, out->n - 1);
	return !out->full;
}
