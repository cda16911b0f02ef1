#include "base/digest_block.h"

#include "base/word.h"

static inline uint32_t
rotate(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

/* The word of round `i`: the block's own, then mixed over the one sixteen
 * before. */
static inline uint32_t
word_of(uint32_t *w, unsigned i)
{
	if (i < 16)
		return w[i];
	return w[i % 16] = rotate(w[(i + 13) % 16] ^ w[(i + 8) % 16] ^
		       w[(i + 2) % 16] ^ w[i % 16],
		   1);
}

/* The function of a round changes every twenty. */
static inline uint32_t
mixed(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round / 20) {
	case 0:
		return (d ^ (b & (c ^ d))) + 0x5a827999;
	case 1:
		return (b ^ c ^ d) + 0x6ed9eba1;
	case 2:
		return ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
	}
	return (b ^ c ^ d) + 0xca62c1d6;
}

/* One round.  The five working words stay where they are in `s`; instead
 * their names go round with `i`, which is known when this is compiled. */
__attribute__((always_inline)) static inline void
mix(uint32_t *s, uint32_t *w, unsigned round, unsigned i)
{
	uint32_t a = s[(5 - i) % 5], b = s[(6 - i) % 5];

	s[(9 - i) % 5] += rotate(a, 5) + word_of(w, round + i) +
	    mixed(round, b, s[(7 - i) % 5], s[(8 - i) % 5]);
	s[(6 - i) % 5] = rotate(b, 30);
}

/* Five rounds, after which the names are as before. */
__attribute__((always_inline)) static inline void
five(uint32_t *s, uint32_t *w, unsigned round)
{
	mix(s, w, round, 0);
	mix(s, w, round, 1);
	mix(s, w, round, 2);
	mix(s, w, round, 3);
	mix(s, w, round, 4);
}

static void
sha1_block(uint32_t *state, const uint8_t *p)
{
	uint32_t s[5], w[16];

	for (unsigned i = 0; i < 5; i++)
		s[i] = state[i];
	for (unsigned i = 0; i < 16; i++)
		w[i] = word_be32(p + 4 * i);
	for (unsigned i = 0; i < 20; i += 5)
		five(s, w, i);
	for (unsigned i = 20; i < 40; i += 5)
		five(s, w, i);
	for (unsigned i = 40; i < 60; i += 5)
		five(s, w, i);
	for (unsigned i = 60; i < 80; i += 5)
		five(s, w, i);
	for (unsigned i = 0; i < 5; i++)
		state[i] += s[i];
}

void
sha1_blocks(uint32_t *state, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p += 64)
		sha1_block(state, p);
}
