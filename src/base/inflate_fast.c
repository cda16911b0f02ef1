#include "base/inflate_state.h"
#include "base/word.h"

/*
 * Bits in hand.  `n` counts modulo 64: what is above its lowest six bits is
 * noise.  Bits above the first `n` may be there already, they are the same
 * ones as will come.
 */
struct hand {
	uint64_t bits;
	uint32_t n;
	const uint8_t *in;
};

/* At least 56 bits: enough for a length with its distance (48), or for two
 * literals and a length. */
static inline void
refill(struct hand *h)
{
	h->bits |= word_le64(h->in) << (h->n & 63);
	h->in += 7 - (h->n >> 3 & 7);
	h->n |= 56;
}

static inline uint32_t
low(const struct hand *h, unsigned n)
{
	return (uint32_t)h->bits & ((UINT32_C(1) << n) - 1);
}

static inline void
drop(struct hand *h, uint32_t place)
{
	h->bits >>= place & 63;
	h->n -= place;
}

static inline uint32_t
subplace(
    const struct hand *h, const uint32_t *table, unsigned root, uint32_t place)
{
	unsigned more = place >> 8 & 15;

	return table[(place >> 16) + (low(h, root + more) >> root)];
}

/* The value of a place and its extra bits, before they are dropped. */
static inline unsigned
value(const struct hand *h, uint32_t place)
{
	return (place >> 16) + (low(h, place & 63) >> (place >> 8 & 15));
}

/* May write up to 15 bytes behind the match. */
static inline uint8_t *
copy_match(uint8_t *out, size_t distance, size_t length)
{
	uint8_t *end = out + length;
	const uint8_t *from = out - distance;

	if (distance >= 16) {
		do {
			memcpy(out, from, 16);
			out += 16;
			from += 16;
		} while (out < end);
		return end;
	}
	if (distance == 1) {
		memset(out, *from, length);
		return end;
	}
	if (distance < 8) {
		/* Once there are eight bytes of the pattern, it repeats at
		 * a multiple of the distance too. */
		size_t whole = distance * ((7 + distance) / distance);

		for (size_t i = 0; i < whole; i++)
			out[i] = from[i];
		out += whole;
		from = out - whole;
	}
	while (out < end) {
		memcpy(out, from, 8);
		out += 8;
		from += 8;
	}
	return end;
}

/* What the hand holds too much goes back to the input. */
static void
give_back(struct inflate *z, struct span *in, const struct hand *h)
{
	size_t taken = (size_t)(h->in - in->p);
	size_t over = h->n >> 3 & 7;

	if (over > taken)
		over = taken;
	z->n_bits = (h->n & 63) - 8 * (unsigned)over;
	z->bits = h->bits & ((UINT64_C(1) << z->n_bits) - 1);
	*in = span_after(*in, taken - over);
}

/* A match that reaches into what was given away before this call. */
static bool
copy_far(struct inflate *z, struct inflate_output *out, unsigned length,
    unsigned distance)
{
	z->length = length;
	z->distance = distance;
	while (z->distance > 0) {
		if (!inflate_copy(z, out))
			return false;
	}
	return true;
}

/* The next place is looked up before the bits are refilled, or before the
 * match is copied, so that nothing waits for it. */
bool
inflate_fast(struct inflate *z, struct span *in, struct inflate_output *out)
{
	struct hand h = { z->bits, z->n_bits, in->p };
	const uint8_t *in_stop = in->p + in->n - INFLATE_FAST_IN;
	const uint8_t *out_stop = out->end - INFLATE_FAST_OUT;
	const uint32_t *literals = z->literals, *distances = z->distances;
	unsigned root = z->literal_root, distance_root = z->distance_root;
	uint8_t *p = out->p;
	bool good = true;
	uint32_t place;

	refill(&h);
	place = literals[low(&h, root)];
	while (h.in <= in_stop && p <= out_stop) {
		unsigned length, distance;

		/* Four literals take 44 bits at most, and the next place
		 * is found by the 11 after them. */
		for (unsigned i = 0; i < 4; i++) {
			if ((place & INFLATE_LITERAL) == 0)
				break;
			drop(&h, place);
			*p++ = (uint8_t)(place >> 16);
			place = literals[low(&h, root)];
		}
		refill(&h);
		if ((place & INFLATE_LITERAL) != 0)
			continue;
		if ((place & INFLATE_SUBTABLE) != 0) {
			place = subplace(&h, literals, root, place);
			if ((place & INFLATE_LITERAL) != 0) {
				drop(&h, place);
				*p++ = (uint8_t)(place >> 16);
				place = literals[low(&h, root)];
				refill(&h);
				continue;
			}
		}
		if ((place & INFLATE_SPECIAL) != 0)
			break;
		length = value(&h, place);
		drop(&h, place);
		place = distances[low(&h, distance_root)];
		if ((place & INFLATE_SUBTABLE) != 0)
			place = subplace(&h, distances, distance_root, place);
		if ((place & INFLATE_SPECIAL) != 0) {
			good = inflate_stop(z, INFLATE_BAD_DATA);
			break;
		}
		distance = value(&h, place);
		drop(&h, place);
		refill(&h);
		place = literals[low(&h, root)];
		if (distance <= (size_t)(p - out->member)) {
			p = copy_match(p, distance, length);
			continue;
		}
		out->p = p;
		good = copy_far(z, out, length, distance);
		p = out->p;
		if (!good)
			break;
	}
	out->p = p;
	give_back(z, in, &h);
	return good;
}
