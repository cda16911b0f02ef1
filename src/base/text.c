#include "base/text.h"

#include "base/digits.h"
#include "base/number.h"
#include "base/word.h"

struct range {
	uint32_t first, last;
};

/*
 * Beyond ASCII: what has no mark of its own on the screen or turns the order
 * of others round.  Unicode 15: Cc, Cf that does not print, default
 * ignorables, fillers, separators of lines, private use.  Sorted.
 */
static const struct range hidden[] = {
	{ 0x80, 0x9f },        /* C1 */
	{ 0xad, 0xad },        /* soft hyphen */
	{ 0x34f, 0x34f },      /* grapheme joiner */
	{ 0x61c, 0x61c },      /* Arabic letter mark */
	{ 0x115f, 0x1160 },    /* Hangul fillers */
	{ 0x17b4, 0x17b5 },    /* Khmer inherent vowels */
	{ 0x180b, 0x180f },    /* Mongolian selectors */
	{ 0x200b, 0x200f },    /* zero width, direction marks */
	{ 0x2028, 0x202e },    /* separators, embeddings, overrides */
	{ 0x2060, 0x206f },    /* joiner, invisible operators, isolates */
	{ 0x2800, 0x2800 },    /* braille blank */
	{ 0x3164, 0x3164 },    /* Hangul filler */
	{ 0xe000, 0xf8ff },    /* private use */
	{ 0xfdd0, 0xfdef },    /* noncharacters */
	{ 0xfe00, 0xfe0f },    /* variation selectors */
	{ 0xfeff, 0xfeff },    /* byte order mark */
	{ 0xffa0, 0xffa0 },    /* Hangul filler */
	{ 0xfff0, 0xfffb },    /* ignorable, annotations */
	{ 0x13430, 0x1343f },  /* Egyptian format controls */
	{ 0x16fe4, 0x16fe4 },  /* Khitan filler */
	{ 0x1bca0, 0x1bca3 },  /* shorthand controls */
	{ 0x1d159, 0x1d159 },  /* null notehead */
	{ 0x1d173, 0x1d17a },  /* musical controls */
	{ 0xe0000, 0xe0fff },  /* tags, selectors */
	{ 0xf0000, 0x10ffff }, /* private use */
};

bool
text_is_hidden(uint32_t character)
{
	size_t low = 0, high = LENGTH(hidden);

	if (character < 0x80)
		return character < 0x20 || character == 0x7f ||
		    character == '\\';
	if ((character & 0xfffe) == 0xfffe)
		return true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (character > hidden[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < LENGTH(hidden) && character >= hidden[low].first;
}

/* How many bytes the first one announces, its bits of the character, and
 * the least character that needs so many. */
static size_t
utf8_start(uint8_t byte, uint32_t *bits, uint32_t *least)
{
	if (byte >= 0xc2 && byte <= 0xdf) {
		*bits = byte & 0x1f;
		*least = 0x80;
		return 2;
	}
	if (byte >= 0xe0 && byte <= 0xef) {
		*bits = byte & 0x0f;
		*least = 0x800;
		return 3;
	}
	if (byte >= 0xf0 && byte <= 0xf4) {
		*bits = byte & 0x07;
		*least = 0x10000;
		return 4;
	}
	return 0;
}

size_t
text_utf8(struct span s, uint32_t *character)
{
	uint32_t bits = 0, least = 0;
	size_t n;

	if (s.n == 0)
		return 0;
	if (s.p[0] < 0x80) {
		*character = s.p[0];
		return 1;
	}
	n = utf8_start(s.p[0], &bits, &least);
	if (n == 0 || n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return 0;
		bits = bits << 6 | (s.p[i] & 0x3f);
	}
	if (bits < least || bits > 0x10ffff ||
	    (bits >= 0xd800 && bits < 0xe000))
		return 0;
	*character = bits;
	return n;
}

__attribute__((cold)) size_t
text_utf8_write(uint8_t *out, uint32_t character)
{
	/* Before the bits of the first byte: how many bytes there are. */
	static const uint8_t first[] = { 0, 0xc0, 0xe0, 0xf0 };
	size_t n = character < 0x80 ? 1 : character < 0x800 ? 2 :
	    character < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, character >>= 6)
		out[i] = (uint8_t)(0x80 | (character & 0x3f));
	out[0] = (uint8_t)(first[n - 1] | character);
	return n;
}

bool
text_is_utf8(struct span s)
{
	uint32_t character;

	while (s.n > 0) {
		size_t n = text_utf8(s, &character);

		if (n == 0)
			return false;
		s = span_after(s, n);
	}
	return true;
}

/* How many bytes at the start need no look at their meaning: printable ASCII
 * without the backslash.  Eight at a time: a byte is marked when it is below
 * a space, above a tilde, or when taking the backslash out leaves nothing. */
static size_t
plain(struct span s)
{
	size_t n = 0;

	for (; n + 8 <= s.n; n += 8) {
		uint64_t word, slash;

		memcpy(&word, s.p + n, 8);
		slash = word ^ WORD_EACH('\\');
		if (((word | (word - WORD_EACH(0x20)) | (word + WORD_EACH(1)) |
			 (slash - WORD_EACH(1))) &
			WORD_EACH(0x80)) != 0)
			break;
	}
	while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x7f && s.p[n] != '\\')
		n++;
	return n;
}

static void
escape_bytes(struct buf *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		char text[4] = { '\\', 'x', digits_hex[s.p[i] >> 4],
			digits_hex[s.p[i] & 15] };

		buf_add(out, text, sizeof(text));
	}
}

bool
text_is_showable(struct span s)
{
	uint32_t character;
	size_t n;

	for (; s.n > 0; s = span_after(s, n)) {
		n = text_utf8(s, &character);
		if (n == 0 || (character != '\\' &&
		    text_is_hidden(character)))
			return false;
	}
	return true;
}

bool
text_is_printable(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	}
	return true;
}

/* One character that is not plain; how many bytes it was. */
static size_t
escape_one(struct buf *out, struct span s)
{
	uint32_t character = 0;
	size_t n = text_utf8(s, &character);

	if (n > 0 && !text_is_hidden(character)) {
		buf_add(out, s.p, n);
		return n;
	}
	if (n == 0)
		n = 1;
	escape_bytes(out, span_first(s, n));
	return n;
}

/* The longest start of at most `max` bytes that ends between characters. */
static size_t
whole_characters(struct span s, size_t max)
{
	size_t start = max;
	uint32_t character;

	if (s.n <= max)
		return s.n;
	while (start > 0 && max - start < 4 && (s.p[start] & 0xc0) == 0x80)
		start--;
	if (start + text_utf8(span_after(s, start), &character) > max)
		return start;
	return max;
}

void
text_escape(struct buf *out, struct span s, size_t max)
{
	size_t shown = whole_characters(s, max);
	struct span rest = span_first(s, shown);

	while (rest.n > 0 && !out->full) {
		size_t n = plain(rest);

		buf_add(out, rest.p, n);
		rest = span_after(rest, n);
		if (rest.n > 0)
			rest = span_after(rest, escape_one(out, rest));
	}
	if (shown < s.n) {
		char number[NUMBER_TEXT];

		buf_text(out, "...(+");
		buf_add(out, number, number_uint(number, s.n - shown));
		buf_byte(out, ')');
	}
}

void
text_hex(struct buf *out, struct span s, char separator)
{
	size_t each = separator == 0 ? 2 : 3;
	uint8_t *p;

	if (s.n == 0)
		return;
	p = buf_room(out, s.n > SIZE_MAX / each ? SIZE_MAX : s.n * each);
	if (p == NULL)
		return;
	for (size_t i = 0; i < s.n; i++) {
		if (i > 0 && separator != 0)
			*p++ = (uint8_t)separator;
		*p++ = (uint8_t)digits_hex[s.p[i] >> 4];
		*p++ = (uint8_t)digits_hex[s.p[i] & 15];
	}
	out->n = (size_t)(p - out->p);
}

static bool
is_separator(uint8_t c)
{
	return c == ':' || c == '-' || c == '.' || c == ' ';
}

bool
text_read_hex(struct span s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned high, low;

		if (is_separator(s.p[i]))
			continue;
		high = digits_hex_value(s.p[i]);
		low = i + 1 < s.n ? digits_hex_value(s.p[i + 1]) : 16;
		if (high > 15 || low > 15)
			return false;
		buf_byte(out, (uint8_t)(high << 4 | low));
		i++;
	}
	return !out->full;
}
