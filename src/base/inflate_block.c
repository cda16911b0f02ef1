#include "base/inflate_state.h"

/* A block has begun or ended: steps count from 0 again. */
static bool
go(struct inflate *z, inflate_step *step)
{
	z->at = 0;
	z->step = step;
	return true;
}

static bool
end_block(struct inflate *z)
{
	return go(z, z->last_block ? inflate_trailer : inflate_block);
}

static uint32_t
low_bits(const struct inflate *z, unsigned n)
{
	return (uint32_t)z->bits & ((UINT32_C(1) << n) - 1);
}

/* The place of the next code in a table, as soon as all its bits are here;
 * they are not taken yet. */
static bool
find_place(struct inflate *z, struct span *in, const uint32_t *table,
    unsigned root, uint32_t *place)
{
	for (;;) {
		uint32_t found = table[low_bits(z, root)];

		if ((found & INFLATE_SUBTABLE) != 0) {
			unsigned more = found >> 8 & 15;

			found = table[(found >> 16) +
			    (low_bits(z, root + more) >> root)];
		}
		if ((found >> 8 & 15) <= z->n_bits) {
			*place = found;
			return true;
		}
		if (!inflate_need(z, in, z->n_bits + 1))
			return false;
	}
}

/* The value of a place with its extra bits, which are taken. */
static bool
take_value(struct inflate *z, struct span *in, uint32_t place, unsigned *value)
{
	unsigned all = place & 0xff, code = place >> 8 & 15;

	if (!inflate_need(z, in, all))
		return false;
	inflate_take(z, code);
	*value = (place >> 16) + inflate_take(z, all - code);
	return true;
}

/* From the ring of what was given away before this call. */
static size_t
copy_window(const struct inflate *z, uint8_t *out, size_t back, size_t n)
{
	size_t start = (z->window_at - back) % INFLATE_WINDOW;

	if (n > back)
		n = back;
	if (n > INFLATE_WINDOW - start)
		n = INFLATE_WINDOW - start;
	memcpy(out, z->window + start, n);
	return n;
}

bool
inflate_copy(struct inflate *z, struct inflate_output *out)
{
	size_t here = (size_t)(out->p - out->member);
	size_t room = (size_t)(out->end - out->p);
	size_t n = z->length;

	if (room == 0)
		return inflate_stop(z, INFLATE_MORE_ROOM);
	if (n > room)
		n = room;
	if (z->distance > here) {
		if (z->distance - here > z->window_n)
			return inflate_stop(z, INFLATE_BAD_DATA);
		n = copy_window(z, out->p, z->distance - here, n);
	} else {
		for (size_t i = 0; i < n; i++)
			out->p[i] = *(out->p + i - z->distance);
	}
	out->p += n;
	z->length -= (unsigned)n;
	if (z->length == 0)
		z->distance = 0;
	return true;
}

static bool
read_distance(struct inflate *z, struct span *in)
{
	uint32_t place;

	if (!find_place(z, in, z->distances, z->distance_root, &place))
		return false;
	if ((place & INFLATE_SPECIAL) != 0)
		return inflate_stop(z, INFLATE_BAD_DATA);
	return take_value(z, in, place, &z->distance);
}

static bool
read_symbol(struct inflate *z, struct span *in, struct inflate_output *out)
{
	uint32_t place;

	if (!find_place(z, in, z->literals, z->literal_root, &place))
		return false;
	if ((place & INFLATE_LITERAL) != 0) {
		if (out->p == out->end)
			return inflate_stop(z, INFLATE_MORE_ROOM);
		inflate_take(z, place & 0xff);
		*out->p++ = (uint8_t)(place >> 16);
		return true;
	}
	if ((place & INFLATE_END_BLOCK) != 0) {
		inflate_take(z, place & 0xff);
		return end_block(z);
	}
	if ((place & INFLATE_SPECIAL) != 0)
		return inflate_stop(z, INFLATE_BAD_DATA);
	return take_value(z, in, place, &z->length);
}

static bool
symbol_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	if (z->distance > 0)
		return inflate_copy(z, out);
	if (z->length > 0)
		return read_distance(z, in);
	if (in->n >= INFLATE_FAST_IN && out->end - out->p >= INFLATE_FAST_OUT &&
	    !inflate_fast(z, in, out))
		return false;
	return read_symbol(z, in, out);
}

static bool
stored_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	size_t n;

	/* Whole bytes that are among the bits come first. */
	for (; z->left > 0 && z->n_bits >= 8 && out->p < out->end; z->left--)
		*out->p++ = (uint8_t)inflate_take(z, 8);
	n = z->left;
	if (n > in->n)
		n = in->n;
	if (n > (size_t)(out->end - out->p))
		n = (size_t)(out->end - out->p);
	memcpy(out->p, in->p, n);
	out->p += n;
	*in = span_after(*in, n);
	z->left -= (unsigned)n;
	if (z->left == 0)
		return end_block(z);
	return inflate_stop(
	    z, out->p == out->end ? INFLATE_MORE_ROOM : INFLATE_MORE_INPUT);
}

static bool
stored_head_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	uint32_t head;

	(void)out;
	if (!inflate_need(z, in, 32))
		return false;
	head = inflate_take(z, 32);
	z->left = head & 0xffff;
	if (z->left != (~head >> 16))
		return inflate_stop(z, INFLATE_BAD_DATA);
	return go(z, stored_step);
}

static bool
fixed_codes(struct inflate *z)
{
	if (!z->fixed_codes) {
		uint8_t *lengths = z->lengths;

		memset(lengths, 8, 144);
		memset(lengths + 144, 9, 112);
		memset(lengths + 256, 7, 24);
		memset(lengths + 280, 8, 8);
		inflate_table(INFLATE_CODE_LITERALS, lengths, 288, z->literals,
		    &z->literal_root);
		memset(lengths, 5, 32);
		inflate_table(INFLATE_CODE_DISTANCES, lengths, 32, z->distances,
		    &z->distance_root);
		z->fixed_codes = true;
	}
	return go(z, symbol_step);
}

static bool
build_codes(struct inflate *z)
{
	const uint8_t *distances = z->lengths + z->n_literals;

	if (z->lengths[256] == 0 ||
	    !inflate_table(INFLATE_CODE_LITERALS, z->lengths, z->n_literals,
		z->literals, &z->literal_root) ||
	    !inflate_table(INFLATE_CODE_DISTANCES, distances, z->n_distances,
		z->distances, &z->distance_root))
		return inflate_stop(z, INFLATE_BAD_DATA);
	return go(z, symbol_step);
}

/* A length that is written often: of the code before, or zero. */
static bool
repeat_length(struct inflate *z, struct span *in, uint32_t place)
{
	static const uint8_t bits[] = { 2, 3, 7 }, least[] = { 3, 3, 11 };
	unsigned kind = (place >> 16) - 16, code = place & 0xff;
	unsigned all = z->n_literals + z->n_distances;
	uint8_t length = 0;
	size_t times;

	if (!inflate_need(z, in, code + bits[kind]))
		return false;
	inflate_take(z, code);
	times = least[kind] + inflate_take(z, bits[kind]);
	if (times > all - z->at || (kind == 0 && z->at == 0))
		return inflate_stop(z, INFLATE_BAD_DATA);
	if (kind == 0)
		length = z->lengths[z->at - 1];
	memset(z->lengths + z->at, length, times);
	z->at += (unsigned)times;
	return true;
}

/* The lengths of both codes, which are one list. */
static bool
lengths_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	uint32_t place;

	(void)out;
	while (z->at < z->n_literals + z->n_distances) {
		if (!find_place(z, in, z->distances, z->distance_root, &place))
			return false;
		if (place >> 16 < 16) {
			inflate_take(z, place & 0xff);
			z->lengths[z->at++] = (uint8_t)(place >> 16);
		} else if (!repeat_length(z, in, place)) {
			return false;
		}
	}
	return build_codes(z);
}

/* The code in which the lengths of the others are told; it borrows the
 * table of the distances. */
static bool
length_code_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	static const uint8_t order[] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11,
		4, 12, 3, 13, 2, 14, 1, 15 };

	(void)out;
	if (z->at == 0)
		memset(z->lengths, 0, sizeof(order));
	while (z->at < z->n_lengths) {
		if (!inflate_need(z, in, 3))
			return false;
		z->lengths[order[z->at++]] = (uint8_t)inflate_take(z, 3);
	}
	if (!inflate_table(INFLATE_CODE_LENGTHS, z->lengths, sizeof(order),
		z->distances, &z->distance_root))
		return inflate_stop(z, INFLATE_BAD_DATA);
	return go(z, lengths_step);
}

static bool
dynamic_head_step(
    struct inflate *z, struct span *in, struct inflate_output *out)
{
	(void)out;
	if (!inflate_need(z, in, 14))
		return false;
	z->fixed_codes = false;
	z->n_literals = 257 + inflate_take(z, 5);
	z->n_distances = 1 + inflate_take(z, 5);
	z->n_lengths = 4 + inflate_take(z, 4);
	if (z->n_literals > 286 || z->n_distances > 30)
		return inflate_stop(z, INFLATE_BAD_DATA);
	return go(z, length_code_step);
}

bool
inflate_block(struct inflate *z, struct span *in, struct inflate_output *out)
{
	(void)out;
	if (!inflate_need(z, in, 3))
		return false;
	z->last_block = inflate_take(z, 1) != 0;
	switch (inflate_take(z, 2)) {
	case 0:
		inflate_take(z, z->n_bits % 8);
		return go(z, stored_head_step);
	case 1:
		return fixed_codes(z);
	case 2:
		return go(z, dynamic_head_step);
	}
	return inflate_stop(z, INFLATE_BAD_DATA);
}
