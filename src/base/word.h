#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <stdint.h>

/* A byte in each of the eight of a word. */
#define WORD_EACH(byte) ((byte) * UINT64_C(0x0101010101010101))

/* Words at any address, in either byte order; compilers make one load (and
 * a swap) of each.  The caller has seen to it that the bytes are there. */
static inline uint16_t
word_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
word_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t
word_be64(const uint8_t *p)
{
	return (uint64_t)word_be32(p) << 32 | word_be32(p + 4);
}

static inline uint32_t
word_le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t
word_le64(const uint8_t *p)
{
	return (uint64_t)p[7] << 56 | (uint64_t)p[6] << 48 |
	    (uint64_t)p[5] << 40 | (uint64_t)p[4] << 32 | (uint64_t)p[3] << 24 |
	    (uint64_t)p[2] << 16 | (uint64_t)p[1] << 8 | p[0];
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
