#include "base/digest_block.h"

#include "base/word.h"

static inline uint32_t
rotate(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

/* Word `i` of the schedule, over the one sixteen before. */
static inline uint32_t
next_word(uint32_t *w, unsigned i)
{
	uint32_t mixed =
	    w[(i + 13) % 16] ^ w[(i + 8) % 16] ^ w[(i + 2) % 16] ^ w[i % 16];

	return w[i % 16] = rotate(mixed, 1);
}

/* The five working words stay where they are; their names go round. */
#define STEP(mixed, constant, a, b, e, word)                                   \
	e += rotate(a, 5) + (mixed) + UINT32_C(constant) + (word);             \
	b = rotate(b, 30);

#define CHOOSE(b, c, d) (d ^ (b & (c ^ d)))
#define PARITY(b, c, d) (b ^ c ^ d)
#define MAJORITY(b, c, d) ((b & c) | (d & (b | c)))

#define FIVE_STEPS(mix, constant, word, i)                                     \
	STEP(mix(b, c, d), constant, a, b, e, word(w, i))                      \
	STEP(mix(a, b, c), constant, e, a, d, word(w, (i) + 1))                \
	STEP(mix(e, a, b), constant, d, e, c, word(w, (i) + 2))                \
	STEP(mix(d, e, a), constant, c, d, b, word(w, (i) + 3))                \
	STEP(mix(c, d, e), constant, b, c, a, word(w, (i) + 4))

#define TWENTY_STEPS(mix, constant, i)                                         \
	FIVE_STEPS(mix, constant, next_word, i)                                \
	FIVE_STEPS(mix, constant, next_word, (i) + 5)                          \
	FIVE_STEPS(mix, constant, next_word, (i) + 10)                         \
	FIVE_STEPS(mix, constant, next_word, (i) + 15)

/* The first sixteen words are the block's own. */
static inline uint32_t
any_word(uint32_t *w, unsigned i)
{
	return i < 16 ? w[i] : next_word(w, i);
}

static void
sha1_block(uint32_t *state, const uint8_t *p)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], w[16];

	for (unsigned i = 0; i < 16; i++)
		w[i] = word_be32(p + 4 * i);
	FIVE_STEPS(CHOOSE, 0x5a827999, any_word, 0)
	FIVE_STEPS(CHOOSE, 0x5a827999, any_word, 5)
	FIVE_STEPS(CHOOSE, 0x5a827999, any_word, 10)
	FIVE_STEPS(CHOOSE, 0x5a827999, any_word, 15)
	TWENTY_STEPS(PARITY, 0x6ed9eba1, 20)
	TWENTY_STEPS(MAJORITY, 0x8f1bbcdc, 40)
	TWENTY_STEPS(PARITY, 0xca62c1d6, 60)
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

void
sha1_blocks(uint32_t *state, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p += 64)
		sha1_block(state, p);
}
