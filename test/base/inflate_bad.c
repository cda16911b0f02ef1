#include "inflate_writer.h"
#include "tap.h"

static struct writer crafted;

static struct writer *
craft(void)
{
	buf_cut(&crafted.bytes, 0);
	crafted.bits = crafted.n = 0;
	put_header(&crafted);
	return &crafted;
}

/* What becomes of the crafted block with some bytes behind it: by the
 * careful way, and by the fast one. */
static enum inflate_status
crafted_status(void)
{
	enum inflate_status slow, fast;

	put_end(&crafted);
	for (int i = 0; i < 64; i++)
		buf_byte(&crafted.bytes, 0);
	slow = unpack(buf_bytes(&crafted.bytes), 1, 1);
	fast = unpack_all(buf_bytes(&crafted.bytes));
	return slow == fast ? slow : INFLATE_MORE_ROOM;
}

static void
test_bad_blocks(void)
{
	struct writer *w = craft();

	put(w, 7, 3); /* the fourth kind */
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	w = craft(); /* a length and its complement that differ */
	put(w, 1, 3);
	put_end(w);
	put(w, 0xfffe0002, 32);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	w = craft(); /* 287 literals; 31 distances */
	put(w, 5, 3);
	put(w, 30, 5);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	w = craft();
	put(w, 5, 3);
	put(w, 0, 5);
	put(w, 30, 5);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
}

static void
test_bad_symbols(void)
{
	static const unsigned bad[] = { 286, 287 };
	struct code literals, distances;
	struct writer *w;

	fixed_code(&literals, &distances);
	for (size_t i = 0; i < LENGTH(bad); i++) {
		w = craft();
		put(w, 3, 3);
		put_symbol(w, &literals, bad[i]);
		ok_int(crafted_status(), INFLATE_BAD_DATA);
		w = craft();
		put(w, 3, 3);
		put_symbol(w, &literals, 'x');
		put_length(w, &literals, 3);
		put_symbol(w, &distances, bad[i] - 256);
		ok_int(crafted_status(), INFLATE_BAD_DATA);
	}
	/* One byte back is there, two are not. */
	w = craft();
	put(w, 3, 3);
	put_symbol(w, &literals, 'x');
	put_length(w, &literals, 4);
	put_distance(w, &distances, 2);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	ok_span(buf_bytes(&out), "x");
	w = craft();
	put(w, 3, 3);
	put_symbol(w, &literals, 'x');
	put_length(w, &literals, 4);
	put_distance(w, &distances, 1);
	put_symbol(w, &literals, 256);
	put_trailer(w, span_text("xxxxx"));
	ok_int(crafted_status(), INFLATE_END);
}

/* Two members, the second of which reaches into the first. */
static void
test_members_apart(void)
{
	struct code literals, distances;
	struct writer *w = craft();

	fixed_code(&literals, &distances);
	put(w, 3, 3);
	put_symbol(w, &literals, 'x');
	put_symbol(w, &literals, 256);
	put_trailer(w, span_text("x"));
	put_header(w);
	put(w, 3, 3);
	put_length(w, &literals, 4);
	put_distance(w, &distances, 1);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	ok_span(buf_bytes(&out), "x");
}

/* A dynamic block whose code of lengths has the `n` lengths given, in the
 * order of the stream. */
static struct writer *
craft_lengths(unsigned n_literals, unsigned n_distances, const char *lengths)
{
	struct writer *w = craft();

	put(w, 5, 3);
	put(w, n_literals - 257, 5);
	put(w, n_distances - 1, 5);
	put(w, 15, 4);
	for (size_t i = 0; i < 19; i++)
		put(w, (uint32_t)(lengths[i] - '0'), 3);
	return w;
}

static void
test_bad_lengths(void)
{
	struct writer *w;

	/* None, too many, too few codes. */
	craft_lengths(257, 1, "0000000000000000000");
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	craft_lengths(257, 1, "1110000000000000000");
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	craft_lengths(257, 1, "2220000000000000000");
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	craft_lengths(257, 1, "1000000000000000000");
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	/* 16: nothing before it to repeat.  Codes: 16 is 0, 17 is 1. */
	w = craft_lengths(257, 1, "1100000000000000000");
	put(w, 0, 1);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	/* 18: more than there are.  Codes: 17 is 0, 18 is 1. */
	w = craft_lengths(257, 1, "0110000000000000000");
	put(w, 1, 1);
	put(w, 127, 7);
	put(w, 1, 1);
	put(w, 127, 7);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
	/* All zeros: no end of block. */
	w = craft_lengths(257, 1, "0110000000000000000");
	put(w, 1, 1);
	put(w, 127, 7);
	put(w, 1, 1);
	put(w, 258 - 138 - 11, 7);
	ok_int(crafted_status(), INFLATE_BAD_DATA);
}

/* Lengths of all literals and distances, as they are. */
static enum inflate_status
status_of_codes(const struct code *literals, const struct code *distances,
    unsigned end, unsigned n)
{
	struct writer *w = craft();

	put(w, 5, 3);
	put_codes(w, literals, distances);
	put(w, end, n);
	put_trailer(w, span_empty());
	return crafted_status();
}

static void
test_incomplete(void)
{
	struct code literals = { .n = 257 }, distances = { .n = 1 };

	/* The end of the block alone, in one bit; no distances at all. */
	literals.lengths[256] = 1;
	ok_int(status_of_codes(&literals, &distances, 0, 1), INFLATE_END);
	ok_int(status_of_codes(&literals, &distances, 1, 1), INFLATE_BAD_DATA);
	distances.lengths[0] = 1;
	ok_int(status_of_codes(&literals, &distances, 0, 1), INFLATE_END);
	distances.lengths[0] = 2;
	ok_int(status_of_codes(&literals, &distances, 0, 1), INFLATE_BAD_DATA);
	distances.lengths[0] = 0;
	literals.lengths[256] = 2;
	ok_int(status_of_codes(&literals, &distances, 0, 2), INFLATE_BAD_DATA);
	literals.lengths[0] = 2;
	ok_int(status_of_codes(&literals, &distances, 1, 2), INFLATE_BAD_DATA);
	literals.lengths[1] = 1;
	ok_int(status_of_codes(&literals, &distances, 3, 2), INFLATE_END);
	literals.lengths[2] = 1;
	ok_int(status_of_codes(&literals, &distances, 3, 2), INFLATE_BAD_DATA);
	/* Complete without an end of block. */
	memset(literals.lengths, 0, sizeof(literals.lengths));
	literals.lengths[0] = literals.lengths[1] = 1;
	ok_int(status_of_codes(&literals, &distances, 3, 2), INFLATE_BAD_DATA);
	/* A length, and no distance that could follow. */
	literals.lengths[0] = literals.lengths[1] = 0;
	literals.lengths[256] = literals.lengths[257] = 1;
	literals.n = 258;
	ok_int(status_of_codes(&literals, &distances, 0, 1), INFLATE_END);
	ok_int(status_of_codes(&literals, &distances, 1, 2), INFLATE_BAD_DATA);
}

int
main(void)
{
	buf_init(&out, 1 << 26);
	buf_init(&crafted.bytes, 1 << 20);
	test_bad_blocks();
	test_bad_symbols();
	test_members_apart();
	test_bad_lengths();
	test_incomplete();
	buf_free(&crafted.bytes);
	buf_free(&out);
	return tap_done();
}
