#include "base/text.h"

#include "tap.h"

static struct buf out;

static struct span
escaped(struct span s, size_t max)
{
	buf_cut(&out, 0);
	text_escape(&out, s, max);
	return buf_bytes(&out);
}

static struct span
escaped_text(const char *s)
{
	return escaped(span_text(s), TEXT_MAX);
}

static void
test_escape(void)
{
	ok_span(escaped_text(""), "");
	ok_span(escaped_text("plain ASCII ~ \"quoted\""),
	    "plain ASCII ~ \"quoted\"");
	ok_span(escaped_text("a\\b"), "a\\x5cb");
	ok_span(escaped_text("\x1b[31m\r\n\t\x7f"),
	    "\\x1b[31m\\x0d\\x0a\\x09\\x7f");
	ok_span(escaped(span_of("a\0b", 3), 9), "a\\x00b");
	ok_span(escaped_text("Grüße, 世界 😀"), "Grüße, 世界 😀");
	/* C1, right-to-left override, zero width, tag, private use. */
	ok_span(escaped_text("\xc2\x9b"), "\\xc2\\x9b");
	ok_span(escaped_text("\xe2\x80\xae"), "\\xe2\\x80\\xae");
	ok_span(escaped_text("a\xe2\x80\x8b"), "a\\xe2\\x80\\x8b");
	ok_span(escaped_text("\xf3\xa0\x81\x81"), "\\xf3\\xa0\\x81\\x81");
	ok_span(escaped_text("\xee\x80\x80"), "\\xee\\x80\\x80");
	/* Invalid: alone, cut, overlong, surrogate, too high. */
	ok_span(escaped_text("\x80"), "\\x80");
	ok_span(escaped_text("\xe4\xb8"), "\\xe4\\xb8");
	ok_span(escaped_text("\xe4\xb8z"), "\\xe4\\xb8z");
	ok_span(escaped_text("\xc0\xaf"), "\\xc0\\xaf");
	ok_span(escaped_text("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
	ok_span(escaped_text("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf");
	ok_span(escaped_text("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf");
	ok_span(escaped_text("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	ok_span(escaped_text("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
	ok_span(escaped_text("\xff\xfe"), "\\xff\\xfe");
}

static void
test_max(void)
{
	ok_span(escaped(span_text("hello"), 5), "hello");
	ok_span(escaped(span_text("hello!"), 5), "hello...(+1)");
	ok_span(escaped(span_text("hello"), 0), "...(+5)");
	/* Whole characters only. */
	ok_span(escaped(span_text("ab世"), 4), "ab...(+3)");
	ok_span(escaped(span_text("ab世c"), 5), "ab世...(+1)");
	ok_span(escaped(span_text("ab\xe4\xb8"), 3), "ab\\xe4...(+1)");
	ok_span(escaped(span_text("\x80\x80\x80\x80\x80\x80"), 5),
	    "\\x80\\x80\\x80\\x80\\x80...(+1)");
}

/* A place in every word of eight, and every byte there. */
static void
test_every_byte(void)
{
	unsigned wrong = 0;

	for (size_t at = 0; at < 19; at++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			char text[20] = "abcdefghijklmnopqrs";
			bool plain =
			    byte >= 0x20 && byte < 0x7f && byte != '\\';

			text[at] = (char)byte;
			wrong +=
			    (escaped(span_of(text, 19), 99).n == 19) != plain;
		}
	}
	ok_int(wrong, 0);
}

/* What was escaped, turned back. */
static struct span
unescaped(struct span s)
{
	static uint8_t back[4096];
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t byte = s.p[i];

		if (byte == '\\') {
			struct buf one;

			buf_init(&one, 1);
			text_read_hex(span_of(s.p + i + 2, 2), &one);
			byte = one.p[0];
			buf_free(&one);
			i += 3;
		}
		back[n++] = byte;
	}
	return span_of(back, n);
}

static bool
is_safe(struct span s)
{
	uint32_t c;

	while (s.n > 0) {
		size_t n = text_utf8(s, &c);

		if (n == 0 || (c != '\\' && text_is_hidden(c)))
			return false;
		s = span_after(s, n);
	}
	return true;
}

/* Bytes that are often the beginning of something. */
static uint8_t
next_byte(uint32_t *state)
{
	static const uint8_t often[] = { 0xe2, 0x80, 0x8b, 0xae, 0xf3, 0xa0,
		0x81, 0xc2, 0xad, 0xef, 0xbb, 0xbf, 0xed, 0xf0, 0x9f, '\\' };

	*state = *state * 1664525 + 1013904223;
	if (*state >> 31 != 0)
		return often[*state >> 20 & 15];
	return (uint8_t)(*state >> 16);
}

static void
test_property(void)
{
	uint32_t state = 42;
	unsigned wrong = 0;

	for (int i = 0; i < 50000; i++) {
		uint8_t bytes[64];
		size_t n = (size_t)i % sizeof(bytes);
		struct span shown;

		for (size_t j = 0; j < n; j++)
			bytes[j] = next_byte(&state);
		shown = escaped(span_of(bytes, n), 64);
		if (!is_safe(shown) ||
		    !span_equal(unescaped(shown), span_of(bytes, n)))
			wrong++;
		if (!is_safe(escaped(span_of(bytes, n), n / 2)))
			wrong++;
	}
	ok_int(wrong, 0);
}

/* Every character: it is written as it is, or hidden, and reads back. */
static void
test_characters(void)
{
	unsigned wrong = 0, shown = 0;

	for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
		uint8_t s[4];
		size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		bool surrogate = c >= 0xd800 && c <= 0xdfff;
		uint32_t back = 0;

		for (size_t i = n - 1; i > 0; i--)
			s[i] = (uint8_t)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
		s[0] = (uint8_t)(0xf00 >> n | c >> 6 * (n - 1));
		if (text_utf8(span_of(s, n), &back) != (surrogate ? 0 : n))
			wrong++;
		if (surrogate)
			continue;
		wrong += back != c;
		wrong += text_utf8(span_of(s, n - 1), &back) != 0;
		if (!text_is_hidden(c))
			shown++;
		wrong +=
		    (escaped(span_of(s, n), 4).n == n) == text_is_hidden(c);
	}
	ok_int(wrong, 0);
	ok(shown > 900000);
}

static void
test_hidden(void)
{
	static const uint32_t hidden[] = { 0, 0x1f, '\\', 0x7f, 0x80, 0x9f,
		0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200d, 0x200e,
		0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069,
		0x206f, 0x3164, 0xe000, 0xf8ff, 0xfdd0, 0xfe0f, 0xfeff, 0xfff9,
		0xfffe, 0xffff, 0x1fffe, 0x1d173, 0xe0001, 0xe0020, 0xe007f,
		0xe0100, 0xe01ef, 0xf0000, 0x10ffff };
	static const uint32_t seen[] = { ' ', '~', '"', '[', ']', 0xa0, 0xac,
		0xae, 0xe9, 0x3b1, 0x5d0, 0x627, 0x4e16, 0x200a, 0x2010, 0x2027,
		0x20ac, 0xac00, 0xd7ff, 0xf900, 0xfdcf, 0xfdf0, 0xfe10, 0xfffd,
		0x10000, 0x1f600, 0x20000 };
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(hidden); i++)
		wrong += !text_is_hidden(hidden[i]);
	for (size_t i = 0; i < LENGTH(seen); i++)
		wrong += text_is_hidden(seen[i]);
	ok_int(wrong, 0);
}

static void
test_utf8(void)
{
	uint32_t c = 0;

	ok(text_is_utf8(span_text("")));
	ok(text_is_utf8(span_text("a\xc3\xa9\xe4\xb8\x96\xf0\x9f\x98\x80")));
	ok(!text_is_utf8(span_text("a\xc3")));
	ok(!text_is_utf8(span_text("\xf8\x88\x80\x80\x80")));
	ok_int(text_utf8(span_empty(), &c), 0);
	ok_int(text_utf8(span_of("\0", 1), &c), 1);
}

static struct span
hex(const char *bytes, size_t n, char separator)
{
	buf_cut(&out, 0);
	text_hex(&out, span_of(bytes, n), separator);
	return buf_bytes(&out);
}

static struct span
unhex(const char *text)
{
	buf_cut(&out, 0);
	if (!text_read_hex(span_text(text), &out))
		return span_text("refused");
	return buf_bytes(&out);
}

static void
test_hex(void)
{
	ok_span(hex("\x00\xab\xff", 3, 0), "00abff");
	ok_span(hex("\x00\xab\xff", 3, ':'), "00:ab:ff");
	ok_span(hex("", 0, ':'), "");
	ok_span(unhex("61626A"), "abj");
	ok_span(unhex("61:62-6a.6B 6c"), "abjkl");
	ok_span(unhex(""), "");
	ok_span(unhex("6"), "refused");
	ok_span(unhex("616"), "refused");
	ok_span(unhex("6 1"), "refused");
	ok_span(unhex("6g"), "refused");
	ok_span(unhex("0x61"), "refused");
}

static void
test_full(void)
{
	struct buf small;

	buf_init(&small, 6);
	text_escape(&small, span_text("abc\x01zz"), 99);
	ok(small.full);
	ok(small.n <= 6);
	buf_free(&small);
	text_hex(&small, span_text("abcd"), 0);
	ok(small.full);
	buf_free(&small);
	ok(!text_read_hex(span_text("61616161616161"), &small));
	buf_free(&small);
}

static void
test_printable(void)
{
	ok(text_is_printable(span_empty()));
	ok(text_is_printable(span_text(" azAZ09~")));
	ok(!text_is_printable(span_text("a\x7f")));
	ok(!text_is_printable(span_text("\x1f" "a")));
	ok(!text_is_printable(span_text("\xc3\xa4")));
	ok(!text_is_printable(span_of("\0", 1)));
}

int
main(void)
{
	buf_init(&out, 1 << 20);
	test_escape();
	test_printable();
	test_max();
	test_every_byte();
	test_property();
	test_characters();
	test_hidden();
	test_utf8();
	test_hex();
	test_full();
	buf_free(&out);
	return tap_done();
}
