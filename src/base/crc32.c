#include "base/digest.h"
#include "base/word.h"

/*
 * A CRC is linear: what a byte does to it is the exclusive or of what its
 * bits do.  So each table is made by the compiler out of eight words, one a
 * bit.  Table k says what a byte does after k more bytes.
 */
#define BIT(i, bit, word) (((i) >> (bit)&1) != 0 ? UINT32_C(word) : 0)
#define ENTRY(i, a, b, c, d, e, f, g, h)                                       \
	BIT(i, 0, a) ^ BIT(i, 1, b) ^ BIT(i, 2, c) ^ BIT(i, 3, d) ^            \
	    BIT(i, 4, e) ^ BIT(i, 5, f) ^ BIT(i, 6, g) ^ BIT(i, 7, h)
#define FOUR(i, ...)                                                           \
	ENTRY(i, __VA_ARGS__), ENTRY(i + 1, __VA_ARGS__),                      \
	    ENTRY(i + 2, __VA_ARGS__), ENTRY(i + 3, __VA_ARGS__)
#define SIXTEEN(i, ...)                                                        \
	FOUR(i, __VA_ARGS__), FOUR(i + 4, __VA_ARGS__),                        \
	    FOUR(i + 8, __VA_ARGS__), FOUR(i + 12, __VA_ARGS__)
#define SIXTY_FOUR(i, ...)                                                     \
	SIXTEEN(i, __VA_ARGS__), SIXTEEN(i + 16, __VA_ARGS__),                 \
	    SIXTEEN(i + 32, __VA_ARGS__), SIXTEEN(i + 48, __VA_ARGS__)
#define TABLE(...)                                                             \
	{                                                                      \
		SIXTY_FOUR(0, __VA_ARGS__), SIXTY_FOUR(64, __VA_ARGS__),       \
		    SIXTY_FOUR(128, __VA_ARGS__), SIXTY_FOUR(192, __VA_ARGS__) \
	}

static const uint32_t tables[4][256] = {
	TABLE(0x77073096, 0xee0e612c, 0x076dc419, 0x0edb8832, 0x1db71064,
	    0x3b6e20c8, 0x76dc4190, 0xedb88320),
	TABLE(0x191b3141, 0x32366282, 0x646cc504, 0xc8d98a08, 0x4ac21251,
	    0x958424a2, 0xf0794f05, 0x3b83984b),
	TABLE(0x01c26a37, 0x0384d46e, 0x0709a8dc, 0x0e1351b8, 0x1c26a370,
	    0x384d46e0, 0x709a8dc0, 0xe1351b80),
	TABLE(0xb8bc6765, 0xaa09c88b, 0x8f629757, 0xc5b428ef, 0x5019579f,
	    0xa032af3e, 0x9b14583d, 0xed59b63b),
};

/*
 * Four tables take four bytes a step, and each step waits for the one before.
 * So four lanes go side by side.  What a lane of zeros does to each bit of
 * the CRC before it says how they are put together.
 */
#define LANE 1024

static const uint32_t lane_of_zeros[32] = {
	0xf891f16f,
	0x2a52e49f,
	0x54a5c93e,
	0xa94b927c,
	0x89e622b9,
	0xc8bd4333,
	0x4a0b8027,
	0x9417004e,
	0xf35f06dd,
	0x3dcf0bfb,
	0x7b9e17f6,
	0xf73c2fec,
	0x35095999,
	0x6a12b332,
	0xd4256664,
	0x733bca89,
	0xe6779512,
	0x179e2c65,
	0x2f3c58ca,
	0x5e78b194,
	0xbcf16328,
	0xa293c011,
	0x9e568663,
	0xe7dc0a87,
	0x14c9134f,
	0x2992269e,
	0x53244d3c,
	0xa6489a78,
	0x97e032b1,
	0xf4b16323,
	0x3213c007,
	0x6427800e,
};

static uint32_t
pass_lane(uint32_t crc)
{
	uint32_t passed = 0;

	for (size_t bit = 0; bit < 32; bit++)
		passed ^= lane_of_zeros[bit] & (0 - (crc >> bit & 1));
	return passed;
}

static inline uint32_t
four_bytes(uint32_t crc, const uint8_t *p)
{
	crc ^= word_le32(p);
	return tables[3][crc & 255] ^ tables[2][crc >> 8 & 255] ^
	    tables[1][crc >> 16 & 255] ^ tables[0][crc >> 24];
}

static uint32_t
four_lanes(uint32_t crc, const uint8_t *p)
{
	uint32_t b = 0, c = 0, d = 0;

	for (size_t i = 0; i < LANE; i += 4) {
		crc = four_bytes(crc, p + i);
		b = four_bytes(b, p + LANE + i);
		c = four_bytes(c, p + 2 * LANE + i);
		d = four_bytes(d, p + 3 * LANE + i);
	}
	return pass_lane(pass_lane(pass_lane(crc) ^ b) ^ c) ^ d;
}

uint32_t
crc32_add(uint32_t crc, struct span s)
{
	crc = ~crc;
	for (; s.n >= 4 * LANE; s = span_after(s, 4 * LANE))
		crc = four_lanes(crc, s.p);
	for (; s.n >= 4; s = span_after(s, 4))
		crc = four_bytes(crc, s.p);
	for (; s.n > 0; s = span_after(s, 1))
		crc = tables[0][(crc ^ s.p[0]) & 255] ^ crc >> 8;
	return ~crc;
}
