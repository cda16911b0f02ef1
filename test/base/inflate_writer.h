#ifndef TEST_BASE_INFLATE_WRITER_H
#define TEST_BASE_INFLATE_WRITER_H

#include "base/buf.h"
#include "base/digest.h"
#include "inflate_unpack.h"

/* Writes bits, the first of them lowest. */
struct writer {
	struct buf bytes;
	uint32_t bits;
	unsigned n;
};

static inline void
put(struct writer *w, uint32_t value, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		w->bits |= (value >> i & 1) << w->n;
		if (++w->n == 8) {
			buf_byte(&w->bytes, (uint8_t)w->bits);
			w->bits = 0;
			w->n = 0;
		}
	}
}

static inline void
put_end(struct writer *w)
{
	while (w->n > 0)
		put(w, 0, 1);
}

static inline void
put_header(struct writer *w)
{
	static const uint8_t header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };

	buf_add(&w->bytes, header, sizeof(header));
}

static inline void
put_trailer(struct writer *w, struct span plain)
{
	put_end(w);
	put(w, crc32_add(0, plain), 32);
	put(w, (uint32_t)plain.n, 32);
}

/* A canonical code, its bits in the order of the stream. */
struct code {
	uint8_t lengths[288];
	uint16_t bits[288];
	unsigned n;
};

static inline void
number_codes(struct code *c)
{
	unsigned code = 0;

	for (unsigned length = 1; length <= 15; length++, code <<= 1) {
		for (unsigned i = 0; i < c->n; i++) {
			unsigned turned = 0;

			if (c->lengths[i] != length)
				continue;
			for (unsigned bit = 0; bit < length; bit++)
				turned |= (code >> bit & 1)
				    << (length - 1 - bit);
			c->bits[i] = (uint16_t)turned;
			code++;
		}
	}
}

static inline void
put_symbol(struct writer *w, const struct code *c, unsigned symbol)
{
	put(w, c->bits[symbol], c->lengths[symbol]);
}

static inline void
fixed_code(struct code *literals, struct code *distances)
{
	memset(literals->lengths, 8, 288);
	memset(literals->lengths + 144, 9, 112);
	memset(literals->lengths + 256, 7, 24);
	literals->n = 288;
	memset(distances->lengths, 5, 32);
	distances->n = 32;
	number_codes(literals);
	number_codes(distances);
}

/* A complete code of `n` symbols, by splitting leaves at random: some are
 * flat, some as deep as can be. */
static inline void
random_code(struct code *c, unsigned n, uint32_t *state)
{
	bool deep = next(state) % 2 == 0;
	unsigned leaves = 1;

	memset(c->lengths, 0, sizeof(c->lengths));
	while (leaves < n) {
		unsigned i = next(state) % leaves;

		if (deep && leaves < 15)
			i = leaves - 1;
		if (c->lengths[i] == 15)
			continue;
		c->lengths[leaves] = ++c->lengths[i];
		leaves++;
	}
	for (unsigned i = n - 1; i > 0; i--) {
		unsigned other = next(state) % (i + 1);
		uint8_t length = c->lengths[i];

		c->lengths[i] = c->lengths[other];
		c->lengths[other] = length;
	}
	c->n = n;
	number_codes(c);
}

/* The lengths one by one in four bits each, without repeats. */
static inline void
put_codes(
    struct writer *w, const struct code *literals, const struct code *distances)
{
	put(w, literals->n - 257, 5);
	put(w, distances->n - 1, 5);
	put(w, 15, 4);
	for (int i = 0; i < 19; i++)
		put(w, i < 3 ? 0 : 4, 3);
	for (unsigned i = 0; i < literals->n + distances->n; i++) {
		unsigned length = i < literals->n
		    ? literals->lengths[i]
		    : distances->lengths[i - literals->n];

		for (int bit = 3; bit >= 0; bit--)
			put(w, length >> bit & 1, 1);
	}
}

/* RFC 1951, 3.2.5, by arithmetic rather than by table. */
static inline void
put_length(struct writer *w, const struct code *c, unsigned length)
{
	unsigned extra = 0, rest = length - 3;

	if (length == 258) {
		put_symbol(w, c, 285);
		return;
	}
	while (rest >> extra >= 8)
		extra++;
	put_symbol(w, c, 257 + 4 * extra + (rest >> extra));
	put(w, rest & ((1u << extra) - 1), extra);
}

static inline void
put_distance(struct writer *w, const struct code *c, unsigned distance)
{
	unsigned extra = 0, rest = distance - 1;

	while (rest >> extra >= 4)
		extra++;
	put_symbol(w, c, 2 * extra + (rest >> extra));
	put(w, rest & ((1u << extra) - 1), extra);
}

#endif
