#include "base/digest.h"
#include "base/word.h"

#define POLYNOMIAL UINT32_C(0xedb88320)

/* Table k says what a byte does to a CRC after k more bytes.  Made when the
 * program starts, before anything is unpacked: in the file they would be a
 * hundred and seventieth of it. */
static uint32_t tables[4][256];

__attribute__((cold, constructor(101))) static void
tables_fill(void)
{
	for (uint32_t i = 1; i < 256; i++) {
		uint32_t crc = i;

		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (POLYNOMIAL & (0 - (crc & 1)));
		tables[0][i] = crc;
	}
	for (uint32_t i = 0; i < 3 * 256; i++) {
		uint32_t crc = tables[i / 256][i % 256];

		tables[i / 256 + 1][i % 256] =
		    tables[0][crc & 255] ^ crc >> 8;
	}
}

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
