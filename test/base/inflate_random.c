#include "inflate_writer.h"
#include "tap.h"

static void
put_match(struct writer *w, const struct code *literals,
    const struct code *distances, struct buf *plain, uint32_t *state)
{
	static const unsigned near[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17,
		31, 32, 33, 32768 };
	unsigned length = 3 + next(state) % 20, distance;

	if (next(state) % 8 == 0)
		length = 3 + next(state) % 256;
	distance = near[next(state) % 16];
	if (next(state) % 2 == 0)
		distance = 1 + next(state) % 32768;
	if (distance > plain->n)
		distance = (unsigned)plain->n;
	put_length(w, literals, length);
	put_distance(w, distances, distance);
	for (unsigned i = 0; i < length; i++)
		buf_byte(plain, plain->p[plain->n - distance]);
}

static void
put_stored(struct writer *w, struct buf *plain, size_t n, uint32_t *state)
{
	put_end(w);
	put(w, (uint32_t)n, 16);
	put(w, (uint32_t)~n & 0xffff, 16);
	for (size_t i = 0; i < n; i++) {
		uint8_t byte = (uint8_t)next(state);

		buf_byte(plain, byte);
		put(w, byte, 8);
	}
}

static void
put_block(struct writer *w, struct buf *plain, bool last, uint32_t *state)
{
	struct code literals, distances;
	unsigned kind = next(state) % 4, symbols = next(state) % 3000;

	put(w, last, 1);
	put(w, kind == 3 ? 2 : kind, 2);
	if (kind == 0) {
		put_stored(w, plain, symbols * 7 % 2000, state);
		return;
	}
	if (kind == 1) {
		fixed_code(&literals, &distances);
	} else {
		random_code(&literals, 286, state);
		random_code(&distances, 30, state);
		put_codes(w, &literals, &distances);
	}
	for (unsigned i = 0; i < symbols; i++) {
		unsigned byte = next(state) % 256;

		if (plain->n > 0 && next(state) % 3 == 0) {
			put_match(w, &literals, &distances, plain, state);
			continue;
		}
		put_symbol(w, &literals, byte);
		buf_byte(plain, (uint8_t)byte);
	}
	put_symbol(w, &literals, 256);
}

static void
put_member(struct writer *w, struct buf *all, uint32_t *state)
{
	unsigned blocks = next(state) % 12;
	struct buf plain;

	buf_init(&plain, 1 << 24);
	put_header(w);
	for (unsigned i = 0; i <= blocks; i++)
		put_block(w, &plain, i == blocks, state);
	put_trailer(w, buf_bytes(&plain));
	buf_span(all, buf_bytes(&plain));
	buf_free(&plain);
}

/* Streams of all kinds of blocks and codes, in all kinds of portions. */
static void
test_random(void)
{
	static const size_t rooms[] = { 1 << 18, 400, 40000, 1, 33333 };
	uint32_t state = 2024;
	unsigned wrong = 0;

	for (int round = 0; round < 60; round++) {
		struct writer w = { .n = 0 };
		struct buf plain;
		size_t room = rooms[round % 5];

		buf_init(&w.bytes, 1 << 24);
		buf_init(&plain, 1 << 24);
		for (unsigned i = 1 + next(&state) % 3; i > 0; i--)
			put_member(&w, &plain, &state);
		wrong += unpack(buf_bytes(&w.bytes), 1 + next(&state) % 9000,
			     room) != INFLATE_END;
		wrong += !span_equal(buf_bytes(&out), buf_bytes(&plain));
		buf_free(&w.bytes);
		buf_free(&plain);
	}
	ok_int(wrong, 0);
}

int
main(void)
{
	buf_init(&out, 1 << 26);
	test_random();
	buf_free(&out);
	return tap_done();
}
