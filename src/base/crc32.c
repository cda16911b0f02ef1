#include "base/digest.h"
#include "base/word.h"

/*
 * A CRC is linear: what a byte does to it is the exclusive or of what its
 * bits do.  So each table is made by the compiler out of eight words, one a
 * bit.  Table k says what a byte does after k more bytes.  Four tables are
 * no bottleneck beside inflate; more would be a larger program.
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

uint32_t
crc32_add(uint32_t crc, struct span s)
{
	const uint8_t *p = s.p, *end = s.p + s.n;

	crc = ~crc;
	for (; end - p >= 4; p += 4) {
		crc ^= word_le32(p);
		crc = tables[3][crc & 255] ^ tables[2][crc >> 8 & 255] ^
		    tables[1][crc >> 16 & 255] ^ tables[0][crc >> 24];
	}
	for (; p < end; p++)
		crc = crc >> 8 ^ tables[0][(crc ^ *p) & 255];
	return ~crc;
}
