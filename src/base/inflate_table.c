#include "base/inflate_state.h"

#define BITS_MAX 15

/* A length or distance code: its least value and how many bits are added. */
struct meaning {
	uint16_t base;
	uint8_t extra;
};

/* RFC 1951, 3.2.5 */
static const struct meaning lengths_of[] = { { 3, 0 }, { 4, 0 }, { 5, 0 },
	{ 6, 0 }, { 7, 0 }, { 8, 0 }, { 9, 0 }, { 10, 0 }, { 11, 1 }, { 13, 1 },
	{ 15, 1 }, { 17, 1 }, { 19, 2 }, { 23, 2 }, { 27, 2 }, { 31, 2 },
	{ 35, 3 }, { 43, 3 }, { 51, 3 }, { 59, 3 }, { 67, 4 }, { 83, 4 },
	{ 99, 4 }, { 115, 4 }, { 131, 5 }, { 163, 5 }, { 195, 5 }, { 227, 5 },
	{ 258, 0 } };

static const struct meaning distances_of[] = { { 1, 0 }, { 2, 0 }, { 3, 0 },
	{ 4, 0 }, { 5, 1 }, { 7, 1 }, { 9, 2 }, { 13, 2 }, { 17, 3 }, { 25, 3 },
	{ 33, 4 }, { 49, 4 }, { 65, 5 }, { 97, 5 }, { 129, 6 }, { 193, 6 },
	{ 257, 7 }, { 385, 7 }, { 513, 8 }, { 769, 8 }, { 1025, 9 },
	{ 1537, 9 }, { 2049, 10 }, { 3073, 10 }, { 4097, 11 }, { 6145, 11 },
	{ 8193, 12 }, { 12289, 12 }, { 16385, 13 }, { 24577, 13 } };

/* The place of a symbol, but for the bits of its code. */
static uint32_t
place_of(enum inflate_code code, unsigned symbol)
{
	const struct meaning *meanings = distances_of;
	size_t n = LENGTH(distances_of);

	if (code == INFLATE_CODE_LENGTHS)
		return symbol << 16;
	if (code == INFLATE_CODE_LITERALS) {
		if (symbol < 256)
			return INFLATE_LITERAL | symbol << 16;
		if (symbol == 256)
			return INFLATE_SPECIAL | INFLATE_END_BLOCK;
		symbol -= 257;
		meanings = lengths_of;
		n = LENGTH(lengths_of);
	}
	if (symbol >= n)
		return INFLATE_SPECIAL;
	return (uint32_t)meanings[symbol].base << 16 | meanings[symbol].extra;
}

/* A code under construction. */
struct build {
	enum inflate_code code;
	unsigned root, longest;
	uint16_t count[BITS_MAX + 1]; /* codes still to come, by length */
	uint16_t sorted[INFLATE_LITERALS];
	uint32_t *table;
	unsigned used;               /* places, the root's included */
	unsigned subtable, sub_bits; /* the last one */
};

/*
 * Complete codes are good.  Of the others only those with one code of one
 * bit, or none, where nothing or only one thing is ever coded: so does zlib.
 */
static bool
count_codes(struct build *b, const uint8_t *lengths, unsigned n)
{
	int left = 1;

	for (unsigned i = 0; i < n; i++)
		b->count[lengths[i]]++;
	b->count[0] = 0;
	for (unsigned bits = 1; bits <= BITS_MAX; bits++) {
		left = 2 * left - b->count[bits];
		if (left < 0)
			return false;
		if (b->count[bits] > 0)
			b->longest = bits;
	}
	return left == 0 ||
	    (b->longest <= 1 && b->code != INFLATE_CODE_LENGTHS);
}

static void
sort_symbols(struct build *b, const uint8_t *lengths, unsigned n)
{
	uint16_t start[BITS_MAX + 2] = { 0 };

	for (unsigned bits = 1; bits <= BITS_MAX; bits++)
		start[bits + 1] = (uint16_t)(start[bits] + b->count[bits]);
	for (unsigned i = 0; i < n; i++) {
		if (lengths[i] > 0)
			b->sorted[start[lengths[i]]++] = (uint16_t)i;
	}
}

/* A subtable for the codes that begin with the root bits of `code`, wide
 * enough for the longest of them. */
static void
add_subtable(struct build *b, unsigned code, unsigned bits)
{
	int left = 1 << (bits - b->root);

	b->sub_bits = bits - b->root;
	while (b->root + b->sub_bits < b->longest) {
		left -= b->count[b->root + b->sub_bits];
		if (left <= 0)
			break;
		b->sub_bits++;
		left *= 2;
	}
	b->subtable = b->used;
	b->used += 1u << b->sub_bits;
	b->table[code] = INFLATE_SPECIAL | INFLATE_SUBTABLE |
	    b->subtable << 16 | b->sub_bits << 8;
}

/* Codes come with their first bit lowest.  All places whose low bits are
 * the code say the same. */
static void
fill(struct build *b, unsigned code, unsigned bits, uint32_t place)
{
	uint32_t *table = b->table;
	unsigned size = 1u << b->root;

	place += bits << 8 | bits;
	if (bits > b->root) {
		table += b->subtable;
		size = 1u << b->sub_bits;
		code >>= b->root;
		bits -= b->root;
	}
	for (unsigned i = code; i < size; i += 1u << bits)
		table[i] = place;
}

/* The code after this one of the same length, first bit lowest. */
static unsigned
next_code(unsigned code, unsigned bits)
{
	unsigned bit = 1u << (bits - 1);

	while ((code & bit) != 0)
		bit >>= 1;
	return bit == 0 ? 0 : (code & (bit - 1)) | bit;
}

static void
assign_codes(struct build *b)
{
	unsigned mask = (1u << b->root) - 1;
	unsigned code = 0, i = 0, last = UINT32_MAX;

	for (unsigned bits = 1; bits <= b->longest; bits++) {
		while (b->count[bits] > 0) {
			if (bits > b->root && (code & mask) != last) {
				last = code & mask;
				add_subtable(b, last, bits);
			}
			fill(b, code, bits, place_of(b->code, b->sorted[i++]));
			code = next_code(code, bits);
			b->count[bits]--;
		}
	}
}

bool
inflate_table(enum inflate_code code, const uint8_t *lengths, unsigned n,
    uint32_t *table, unsigned *root)
{
	static const uint8_t roots[] = {
		[INFLATE_CODE_LITERALS] = INFLATE_LITERAL_ROOT,
		[INFLATE_CODE_DISTANCES] = INFLATE_DISTANCE_ROOT,
		[INFLATE_CODE_LENGTHS] = 7,
	};
	struct build b = { .code = code, .table = table };

	if (!count_codes(&b, lengths, n))
		return false;
	sort_symbols(&b, lengths, n);
	b.root = b.longest < roots[code] ? b.longest : roots[code];
	if (b.longest <= 1) {
		/* One code at most: what is not coded is invalid. */
		b.root = 1;
		table[0] = table[1] = INFLATE_SPECIAL | 1 << 8 | 1;
	}
	b.used = 1u << b.root;
	assign_codes(&b);
	*root = b.root;
	return true;
}
