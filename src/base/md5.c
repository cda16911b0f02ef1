#include "base/digest_block.h"

#include "base/word.h"

/* The sines of 1 to 64, times 2^32. */
static const uint32_t constants[64] = {
	0xd76aa478,
	0xe8c7b756,
	0x242070db,
	0xc1bdceee,
	0xf57c0faf,
	0x4787c62a,
	0xa8304613,
	0xfd469501,
	0x698098d8,
	0x8b44f7af,
	0xffff5bb1,
	0x895cd7be,
	0x6b901122,
	0xfd987193,
	0xa679438e,
	0x49b40821,
	0xf61e2562,
	0xc040b340,
	0x265e5a51,
	0xe9b6c7aa,
	0xd62f105d,
	0x02441453,
	0xd8a1e681,
	0xe7d3fbc8,
	0x21e1cde6,
	0xc33707d6,
	0xf4d50d87,
	0x455a14ed,
	0xa9e3e905,
	0xfcefa3f8,
	0x676f02d9,
	0x8d2a4c8a,
	0xfffa3942,
	0x8771f681,
	0x6d9d6122,
	0xfde5380c,
	0xa4beea44,
	0x4bdecfa9,
	0xf6bb4b60,
	0xbebfbc70,
	0x289b7ec6,
	0xeaa127fa,
	0xd4ef3085,
	0x04881d05,
	0xd9d4d039,
	0xe6db99e5,
	0x1fa27cf8,
	0xc4ac5665,
	0xf4292244,
	0x432aff97,
	0xab9423a7,
	0xfc93a039,
	0x655b59c3,
	0x8f0ccc92,
	0xffeff47d,
	0x85845dd1,
	0x6fa87e4f,
	0xfe2ce6e0,
	0xa3014314,
	0x4e0811a1,
	0xf7537e82,
	0xbd3af235,
	0x2ad7d2bb,
	0xeb86d391,
};

static inline uint32_t
rotate(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

/* The function of a round, and which word it takes in its step `i`. */
static inline uint32_t
mixed(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round) {
	case 0:
		return d ^ (b & (c ^ d));
	case 1:
		return (b & d) + (c & ~d);
	case 2:
		return b ^ c ^ d;
	}
	return c ^ (b | ~d);
}

static inline unsigned
place(unsigned round, unsigned i)
{
	static const uint8_t first[] = { 0, 1, 5, 0 },
			     stride[] = { 1, 5, 3, 7 };

	return (first[round] + i * stride[round]) % 16;
}

/* Four steps of a round: each of the four working words once. */
__attribute__((always_inline)) static inline void
four(uint32_t *s, const uint32_t *w, unsigned round, unsigned i)
{
	static const uint8_t turns[4][4] = { { 7, 12, 17, 22 },
		{ 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };
	const uint32_t *k = constants + 16 * round + i;
	const uint8_t *by = turns[round];
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3];

	a += mixed(round, b, c, d) + w[place(round, i)] + k[0];
	a = b + rotate(a, by[0]);
	d += mixed(round, a, b, c) + w[place(round, i + 1)] + k[1];
	d = a + rotate(d, by[1]);
	c += mixed(round, d, a, b) + w[place(round, i + 2)] + k[2];
	c = d + rotate(c, by[2]);
	b += mixed(round, c, d, a) + w[place(round, i + 3)] + k[3];
	b = c + rotate(b, by[3]);
	s[0] = a;
	s[1] = b;
	s[2] = c;
	s[3] = d;
}

__attribute__((always_inline)) static inline void
sixteen(uint32_t *s, const uint32_t *w, unsigned round)
{
	four(s, w, round, 0);
	four(s, w, round, 4);
	four(s, w, round, 8);
	four(s, w, round, 12);
}

static void
md5_block(uint32_t *state, const uint8_t *p)
{
	uint32_t s[4], w[16];

	for (unsigned i = 0; i < 4; i++)
		s[i] = state[i];
	for (unsigned i = 0; i < 16; i++)
		w[i] = word_le32(p + 4 * i);
	sixteen(s, w, 0);
	sixteen(s, w, 1);
	sixteen(s, w, 2);
	sixteen(s, w, 3);
	for (unsigned i = 0; i < 4; i++)
		state[i] += s[i];
}

void
md5_blocks(uint32_t *state, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p += 64)
		md5_block(state, p);
}
