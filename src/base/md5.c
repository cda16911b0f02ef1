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

/* The four mixing functions. */
#define F(x, y, z) (z ^ (x & (y ^ z)))
#define G(x, y, z) ((x & z) + (y & ~z))
#define H(x, y, z) (x ^ y ^ z)
#define I(x, y, z) (y ^ (x | ~z))

#define STEP(mix, a, b, c, d, i, word, by)                                     \
	a += mix(b, c, d) + w[(word) % 16] + constants[i];                     \
	a = b + rotate(a, by);

#define FOUR_STEPS(mix, i, first, stride, p, q, r, s)                          \
	STEP(mix, a, b, c, d, i, first, p)                                     \
	STEP(mix, d, a, b, c, i + 1, first + stride, q)                        \
	STEP(mix, c, d, a, b, i + 2, first + 2 * stride, r)                    \
	STEP(mix, b, c, d, a, i + 3, first + 3 * stride, s)

#define ROUND(mix, start, first, stride, p, q, r, s)                           \
	for (unsigned i = 0; i < 16; i += 4) {                                 \
		FOUR_STEPS(                                                    \
		    mix, start + i, first + i * stride, stride, p, q, r, s)    \
	}

static void
md5_block(uint32_t *state, const uint8_t *p)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t w[16];

	for (unsigned i = 0; i < 16; i++)
		w[i] = word_le32(p + 4 * i);
	ROUND(F, 0, 0, 1, 7, 12, 17, 22)
	ROUND(G, 16, 1, 5, 5, 9, 14, 20)
	ROUND(H, 32, 5, 3, 4, 11, 16, 23)
	ROUND(I, 48, 0, 7, 6, 10, 15, 21)
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

void
md5_blocks(uint32_t *state, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p += 64)
		md5_block(state, p);
}
