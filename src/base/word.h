#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <stdint.h>
#include <string.h>

/* A byte in each of the eight of a word. */
#define WORD_EACH(byte) ((byte) * UINT64_C(0x0101010101010101))

/* Words at any address, in either byte order.  The caller has seen to it that
 * the bytes are there.  In one piece: of bytes put together compilers do not
 * always make one load. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define WORD_LE(bits, word) (word)
#define WORD_BE(bits, word) __builtin_bswap##bits(word)
#else
#define WORD_LE(bits, word) __builtin_bswap##bits(word)
#define WORD_BE(bits, word) (word)
#endif

static inline uint16_t
word_be16(const uint8_t *p)
{
	uint16_t word;

	memcpy(&word, p, sizeof(word));
	return WORD_BE(16, word);
}

static inline uint32_t
word_be32(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return WORD_BE(32, word);
}

static inline uint32_t
word_le32(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return WORD_LE(32, word);
}

static inline uint64_t
word_le64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return WORD_LE(64, word);
}

/* How many bits are set; processors of old have no instruction for it. */
static inline unsigned
word_bits(uint32_t word)
{
	word -= word >> 1 & 0x55555555;
	word = (word & 0x33333333) + (word >> 2 & 0x33333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f;
	return word * 0x01010101 >> 24;
}

static inline void
word_put_be32(uint8_t *p, uint32_t word)
{
	p[0] = (uint8_t)(word >> 24);
	p[1] = (uint8_t)(word >> 16);
	p[2] = (uint8_t)(word >> 8);
	p[3] = (uint8_t)word;
}

static inline void
word_put_le32(uint8_t *p, uint32_t word)
{
	p[0] = (uint8_t)word;
	p[1] = (uint8_t)(word >> 8);
	p[2] = (uint8_t)(word >> 16);
	p[3] = (uint8_t)(word >> 24);
}

#endif
