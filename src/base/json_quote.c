#include "base/json_quote.h"

#include "base/digits.h"
#include "base/word.h"

/* How many characters `byte` takes more than itself. */
static size_t
extra(uint8_t byte)
{
	switch (byte) {
	case '"':
	case '\\':
	case '\n':
	case '\r':
	case '\t':
		return 1;
	}
	return byte < 0x20 ? 5 : 0;
}

/* Nonzero bits where a byte of the word is `byte` (exact for "none"). */
static uint64_t
has(uint64_t word, uint8_t byte)
{
	uint64_t rest = word ^ WORD_EACH(byte);

	return (rest - WORD_EACH(1)) & ~rest & WORD_EACH(0x80);
}

/* Bytes in front of the first that must be escaped. */
static size_t
plain(struct span s)
{
	size_t n = 0;

	for (; n + 8 <= s.n; n += 8) {
		uint64_t word, low;

		memcpy(&word, s.p + n, 8);
		low = (word - WORD_EACH(0x20)) & ~word & WORD_EACH(0x80);
		if ((low | has(word, '"') | has(word, '\\')) != 0)
			break;
	}
	while (n < s.n && extra(s.p[n]) == 0)
		n++;
	return n;
}

/* Writes `byte` so that it ends at `end`; returns where it begins. */
static uint8_t *
escape_before(uint8_t *end, uint8_t byte)
{
	static const char controls[3] = { '\n', '\r', '\t' };
	static const char letters[3] = { 'n', 'r', 't' };
	static const char unicode[4] = { '\\', 'u', '0', '0' };
	const char *control = memchr(controls, byte, sizeof(controls));

	if (extra(byte) == 0) {
		*--end = byte;
		return end;
	}
	if (extra(byte) == 1) {
		*--end = byte;
		if (control != NULL)
			*end = (uint8_t)letters[control - controls];
		*--end = '\\';
		return end;
	}
	end -= 6;
	memcpy(end, unicode, sizeof(unicode));
	end[4] = (uint8_t)digits_hex[byte >> 4];
	end[5] = (uint8_t)digits_hex[byte & 15];
	return end;
}

/* Counts first, then moves from the end, so that no second buffer and no
 * second look at what is plain is needed. */
void
json_quote(struct buf *out, size_t start)
{
	struct span text = span_after(buf_bytes(out), start);
	size_t first = start + plain(text), more = 0;
	const uint8_t *from;
	uint8_t *to;

	if (first >= out->n)
		return;
	for (size_t i = first; i < out->n; i++)
		more += extra(out->p[i]);
	if (buf_room(out, more) == NULL)
		return;
	from = out->p + out->n;
	to = out->p + out->n + more;
	out->n += more;
	while (to > from) {
		from--;
		to = escape_before(to, *from);
	}
}

bool
json_quote_is_plain(struct span s)
{
	uint64_t word, odd = 0;

	for (; s.n >= 8; s = span_after(s, 8)) {
		memcpy(&word, s.p, 8);
		odd |= word | (word - WORD_EACH(0x20)) | (word + WORD_EACH(1)) |
		    has(word, '"') | has(word, '\\');
	}
	if ((odd & WORD_EACH(0x80)) != 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 0x7f || extra(s.p[i]) != 0)
			return false;
	}
	return true;
}
