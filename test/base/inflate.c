#include "base/inflate.h"

#include <stdio.h>

#include "inflate_data.h"
#include "inflate_unpack.h"
#include "tap.h"

#define TEXT 4000

/* The text that inflate_data.h holds compressed. */
static struct span
text_made(void)
{
	static const struct span words[] = { { (const uint8_t *)"GET ", 4 },
		{ (const uint8_t *)"POST ", 5 },
		{ (const uint8_t *)"HTTP/1.1\r\n", 10 },
		{ (const uint8_t *)"Host: ", 6 },
		{ (const uint8_t *)"example.org", 11 },
		{ (const uint8_t *)"Accept: ", 8 },
		{ (const uint8_t *)"text/html", 9 },
		{ (const uint8_t *)"200 OK", 6 },
		{ (const uint8_t *)"192.0.2.1", 9 },
		{ (const uint8_t *)"tcp", 3 }, { (const uint8_t *)"udp", 3 },
		{ (const uint8_t *)"\r\n", 2 },
		{ (const uint8_t *)"\0\0\0\0\0\0", 6 },
		{ (const uint8_t *)"\xff\xfe", 2 },
		{ (const uint8_t *)"stream ", 7 },
		{ (const uint8_t *)"e", 1 } };
	static uint8_t text[TEXT + 16];
	uint32_t state = 1;
	size_t n = 0;

	while (n < TEXT) {
		struct span word = words[next(&state) % 16];

		memcpy(text + n, word.p, word.n);
		n += word.n;
		if (next(&state) % 4 == 0)
			text[n++] = (uint8_t)next(&state);
	}
	return span_of(text, TEXT);
}

static struct span text;

static const struct {
	const char *name, *hex;
} vectors[] = { { "gzip -1", gzip_1 }, { "gzip -6", gzip_6 },
	{ "gzip -9", gzip_9 }, { "fixed", fixed_codes },
	{ "literals", no_matches }, { "small window", small_window } };

static void
test_vectors(void)
{
	for (size_t i = 0; i < LENGTH(vectors); i++) {
		printf("# %s\n", vectors[i].name);
		ok_int(unpack_all(tap_hex(vectors[i].hex)), INFLATE_END);
		ok(span_equal(buf_bytes(&out), text));
	}
}

static void
test_portions(void)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 33, 64, 331, 1000, 5000 };
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(vectors); i++) {
		struct span packed = tap_hex(vectors[i].hex);

		for (size_t j = 0; j < LENGTH(sizes) * LENGTH(sizes); j++) {
			wrong += unpack(packed, sizes[j / LENGTH(sizes)],
				     sizes[j % LENGTH(sizes)]) != INFLATE_END;
			wrong += !span_equal(buf_bytes(&out), text);
		}
	}
	ok_int(wrong, 0);
}

/* Cut anywhere it wants more, and what it gave is a beginning of the text. */
static void
test_cut(void)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(vectors); i++) {
		struct span packed = tap_hex(vectors[i].hex);

		for (size_t n = 0; n < packed.n; n++) {
			wrong += unpack_all(span_first(packed, n)) !=
			    INFLATE_MORE_INPUT;
			wrong += !span_equal(
			    buf_bytes(&out), span_first(text, out.n));
		}
	}
	ok_int(wrong, 0);
}

/* Any bit turned round behind the header is noticed, or does no harm. */
static void
test_flipped(void)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(vectors) - 1; i++) {
		struct span packed = tap_hex(vectors[i].hex);
		static uint8_t bytes[8192];

		for (size_t bit = 80; bit < 8 * packed.n; bit++) {
			memcpy(bytes, packed.p, packed.n);
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			if (unpack_all(span_of(bytes, packed.n)) == INFLATE_END)
				wrong += !span_equal(buf_bytes(&out), text);
		}
	}
	ok_int(wrong, 0);
}

static enum inflate_status
header_status(const char *hex)
{
	return unpack_all(tap_hex(hex));
}

static void
test_headers(void)
{
	ok_int(header_status(""), INFLATE_MORE_INPUT);
	ok_int(header_status("1f"), INFLATE_MORE_INPUT);
	ok_int(header_status("1e"), INFLATE_BAD_HEADER);
	ok_int(header_status("1f8c"), INFLATE_BAD_HEADER);
	ok_int(header_status("1f8b07"), INFLATE_BAD_HEADER);
	ok_int(header_status("1f8b0820"), INFLATE_BAD_HEADER);
	ok_int(header_status("1f8b0880"), INFLATE_BAD_HEADER);
	/* An empty member; with a header sum that is right and one wrong. */
	ok_int(header_status("1f8b08000000000000ff 0300 00000000 00000000"),
	    INFLATE_END);
	ok_int(header_status("1f8b08020000000000ff 0000"), INFLATE_BAD_HEADER);
	ok_int(header_status("1f8b08000000000000ff 0300 01000000 00000000"),
	    INFLATE_BAD_CRC);
	ok_int(header_status("1f8b08000000000000ff 0300 00000000 01000000"),
	    INFLATE_BAD_CRC);
}

/* One stream and something behind it: how much of it is left. */
static size_t
left_behind(const char *more)
{
	static uint8_t bytes[8192];
	struct inflate *z = inflate_new();
	struct span packed = tap_hex(gzip_9), in;
	uint8_t *room;
	size_t n;

	memcpy(bytes, packed.p, packed.n);
	memcpy(bytes + packed.n, more, strlen(more));
	in = span_of(bytes, packed.n + strlen(more));
	buf_cut(&out, 0);
	room = buf_room(&out, 1 << 16);
	if (inflate_read(z, &in, room, 1 << 16, &n) != INFLATE_END)
		in.n = 99;
	if (n != TEXT || inflate_read(z, &in, room, 9, &n) != INFLATE_END)
		in.n = 98;
	inflate_free(z);
	return in.n;
}

static void
test_behind(void)
{
	struct span packed = tap_hex(gzip_9);
	struct buf many;

	ok_int(left_behind("garbage"), 7);
	ok_int(left_behind("\x1e"), 1);
	ok_int(left_behind("\x1f-not it"), 8);
	buf_init(&many, 1 << 24);
	buf_span(&many, packed);
	for (int i = 0; i < 600; i++)
		buf_byte(&many, 0);
	ok_int(unpack(buf_bytes(&many), 512, 512), INFLATE_END);
	ok_int(out.n, TEXT);
	/* Members end exactly where the portions do. */
	buf_cut(&many, 0);
	for (int i = 0; i < 10; i++)
		buf_span(&many, packed);
	ok_int(unpack(buf_bytes(&many), packed.n, 1 << 16), INFLATE_END);
	ok_int(out.n, 10 * TEXT);
	ok_int(unpack(span_first(buf_bytes(&many), packed.n * 9 + 1), packed.n,
		   1 << 16),
	    INFLATE_MORE_INPUT);
	buf_free(&many);
}

/* Very many members of nothing. */
static void
test_empty_members(void)
{
	struct span one = tap_hex("1f8b08000000000000ff"
				  "03000000000000000000");
	struct buf many;

	buf_init(&many, 1 << 24);
	for (int i = 0; i < 200000; i++)
		buf_span(&many, one);
	ok_int(unpack(buf_bytes(&many), 1 << 16, 1 << 16), INFLATE_END);
	ok_int(out.n, 0);
	buf_free(&many);
}

/* After an error it stays one. */
static void
test_sticky(void)
{
	struct inflate *z = inflate_new();
	struct span in = span_of("\x1f\x8b\x08\0\0\0\0\0\0\xff\x07", 11);
	struct span more = tap_hex(gzip_1);
	uint8_t room[16];
	size_t n;

	ok_int(inflate_read(z, &in, room, 16, &n), INFLATE_BAD_DATA);
	ok_int(inflate_read(z, &more, room, 16, &n), INFLATE_BAD_DATA);
	ok_int(n, 0);
	inflate_free(z);
	inflate_free(NULL);
}

int
main(void)
{
	text = text_made();
	buf_init(&out, 1 << 26);
	test_vectors();
	test_portions();
	test_cut();
	test_flipped();
	test_headers();
	test_behind();
	test_empty_members();
	test_sticky();
	buf_free(&out);
	return tap_done();
}
