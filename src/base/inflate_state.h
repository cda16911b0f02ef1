#ifndef BASE_INFLATE_STATE_H
#define BASE_INFLATE_STATE_H

#include "base/inflate.h"

/*
 * The inside of inflate.h, shared by inflate.c (gzip members), inflate_block.c
 * (blocks, a bit at a time where need be), inflate_fast.c (the same symbols
 * where there is room) and inflate_table.c (the codes).
 */

/*
 * Codes are looked up by their first bits; longer ones go on in a subtable.
 * A subtable of 2^n places has at least n + 1 symbols, which bounds how many
 * places there can be: 16/5 a symbol after 11 bits, 128/8 after 8.
 */
#define INFLATE_LITERALS 288
#define INFLATE_DISTANCES 32
#define INFLATE_LITERAL_ROOT 11
#define INFLATE_DISTANCE_ROOT 8
#define INFLATE_LITERAL_PLACES (2048 + INFLATE_LITERALS * 16 / 5)
#define INFLATE_DISTANCE_PLACES (256 + INFLATE_DISTANCES * 16)

/*
 * What a place says: in bits 0-7 how many bits the code and its extra bits
 * take, in 8-11 how many the code alone (of a pointer to a subtable: how
 * many more are looked at), in 16-30 the value (a byte, the least length or
 * distance, the start of the subtable).
 */
#define INFLATE_LITERAL UINT32_C(0x80000000)
#define INFLATE_SPECIAL UINT32_C(0x8000) /* one of the next two, or invalid */
#define INFLATE_SUBTABLE UINT32_C(0x4000)
#define INFLATE_END_BLOCK UINT32_C(0x2000)

enum inflate_code {
	INFLATE_CODE_LITERALS,
	INFLATE_CODE_DISTANCES,
	INFLATE_CODE_LENGTHS,
};

/* Builds the table of a code out of the lengths of its `n` symbols; false
 * when there is no such code.  *root says how many bits are looked up. */
bool inflate_table(enum inflate_code code, const uint8_t *lengths, unsigned n,
    uint32_t *table, unsigned *root);

#define INFLATE_WINDOW 32768

struct inflate;

/* Where the bytes of one inflate_read() go. */
struct inflate_output {
	uint8_t *member; /* where those of this member begin */
	uint8_t *p, *end;
	uint8_t *summed; /* up to here they are in the checksum */
};

/* What is to be done next.  False: it cannot go on, z->status says why. */
typedef bool inflate_step(
    struct inflate *z, struct span *in, struct inflate_output *out);

struct inflate {
	inflate_step *step;
	enum inflate_status status;
	uint64_t bits; /* the next bit is the lowest; above n_bits are zeros */
	unsigned n_bits;
	/* the member */
	uint8_t flags;
	unsigned at; /* how far the step is */
	unsigned left;
	uint32_t crc, size, header_crc;
	uint64_t members;
	uint64_t empty_calls; /* without input, in a row */
	/* the block */
	bool last_block, fixed_codes;
	unsigned n_literals, n_distances, n_lengths;
	unsigned length, distance; /* of the match */
	unsigned literal_root, distance_root;
	uint8_t lengths[INFLATE_LITERALS + INFLATE_DISTANCES];
	uint32_t literals[INFLATE_LITERAL_PLACES];
	uint32_t distances[INFLATE_DISTANCE_PLACES];
	/* the last bytes of the member before this call, as a ring */
	size_t window_at, window_n;
	uint8_t window[INFLATE_WINDOW];
};

static inline bool
inflate_stop(struct inflate *z, enum inflate_status status)
{
	z->status = status;
	return false;
}

/* At least `n` <= 32 bits, taking no byte of input that they do not need. */
static inline bool
inflate_need(struct inflate *z, struct span *in, unsigned n)
{
	while (z->n_bits < n) {
		if (in->n == 0)
			return inflate_stop(z, INFLATE_MORE_INPUT);
		z->bits |= (uint64_t)in->p[0] << z->n_bits;
		z->n_bits += 8;
		*in = span_after(*in, 1);
	}
	return true;
}

static inline uint32_t
inflate_take(struct inflate *z, unsigned n)
{
	uint32_t taken = (uint32_t)(z->bits & ((UINT64_C(1) << n) - 1));

	z->bits >>= n;
	z->n_bits -= n;
	return taken;
}

/* Copies z->length bytes from z->distance before, as far as there is room;
 * false with a status when it must wait or reaches too far back. */
bool inflate_copy(struct inflate *z, struct inflate_output *out);

/* The first step of a block; the last block is followed by the trailer. */
inflate_step inflate_block;
inflate_step inflate_trailer;
/* Symbols while there is plenty of room on both sides.  True when the
 * careful way must go on, false when the data is bad. */
inflate_step inflate_fast;

/* Room that inflate_fast() wants in front of it on either side. */
#define INFLATE_FAST_IN 32
#define INFLATE_FAST_OUT 320

#endif
