#include "base/digest_block.h"

#include "base/word.h"

/* The first 32 bits of the fractions of the cube roots of 64 primes. */
static const uint32_t constants[64] = {
	0x428a2f98,
	0x71374491,
	0xb5c0fbcf,
	0xe9b5dba5,
	0x3956c25b,
	0x59f111f1,
	0x923f82a4,
	0xab1c5ed5,
	0xd807aa98,
	0x12835b01,
	0x243185be,
	0x550c7dc3,
	0x72be5d74,
	0x80deb1fe,
	0x9bdc06a7,
	0xc19bf174,
	0xe49b69c1,
	0xefbe4786,
	0x0fc19dc6,
	0x240ca1cc,
	0x2de92c6f,
	0x4a7484aa,
	0x5cb0a9dc,
	0x76f988da,
	0x983e5152,
	0xa831c66d,
	0xb00327c8,
	0xbf597fc7,
	0xc6e00bf3,
	0xd5a79147,
	0x06ca6351,
	0x14292967,
	0x27b70a85,
	0x2e1b2138,
	0x4d2c6dfc,
	0x53380d13,
	0x650a7354,
	0x766a0abb,
	0x81c2c92e,
	0x92722c85,
	0xa2bfe8a1,
	0xa81a664b,
	0xc24b8b70,
	0xc76c51a3,
	0xd192e819,
	0xd6990624,
	0xf40e3585,
	0x106aa070,
	0x19a4c116,
	0x1e376c08,
	0x2748774c,
	0x34b0bcb5,
	0x391c0cb3,
	0x4ed8aa4a,
	0x5b9cca4f,
	0x682e6ff3,
	0x748f82ee,
	0x78a5636f,
	0x84c87814,
	0x8cc70208,
	0x90befffa,
	0xa4506ceb,
	0xbef9a3f7,
	0xc67178f2,
};

static inline uint32_t
rotate(uint32_t x, unsigned by)
{
	return x >> by | x << (32 - by);
}

/* The word 16 rounds on, in the place of this one. */
static inline uint32_t
next_word(uint32_t *w, unsigned i)
{
	uint32_t early = w[(i + 1) % 16], late = w[(i + 14) % 16];

	return w[i % 16] += w[(i + 9) % 16] +
	    (rotate(early, 7) ^ rotate(early, 18) ^ early >> 3) +
	    (rotate(late, 17) ^ rotate(late, 19) ^ late >> 10);
}

/* One round.  The eight working words stay where they are in `s`; instead
 * their names go round with `i`, which is known when this is compiled. */
__attribute__((always_inline)) static inline void
mix(uint32_t *s, unsigned i, uint32_t word)
{
	uint32_t a = s[(8 - i) % 8], b = s[(9 - i) % 8], c = s[(10 - i) % 8];
	uint32_t e = s[(12 - i) % 8], f = s[(13 - i) % 8], g = s[(14 - i) % 8];
	uint32_t h = s[(15 - i) % 8] + word;

	h += (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
	    (g ^ (e & (f ^ g)));
	s[(11 - i) % 8] += h;
	h += (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
	    ((a & b) + (c & (a ^ b)));
	s[(15 - i) % 8] = h;
}

/* Eight rounds of the first sixteen, whose words are the block's own. */
__attribute__((always_inline)) static inline void
eight_first(uint32_t *s, const uint32_t *w, unsigned i)
{
	const uint32_t *k = constants + i;

	w += i;
	mix(s, 0, k[0] + w[0]);
	mix(s, 1, k[1] + w[1]);
	mix(s, 2, k[2] + w[2]);
	mix(s, 3, k[3] + w[3]);
	mix(s, 4, k[4] + w[4]);
	mix(s, 5, k[5] + w[5]);
	mix(s, 6, k[6] + w[6]);
	mix(s, 7, k[7] + w[7]);
}

/* Eight rounds of the others; `i` is 0 or 8, `k` their constants. */
__attribute__((always_inline)) static inline void
eight_more(uint32_t *s, uint32_t *w, unsigned i, const uint32_t *k)
{
	mix(s, 0, k[0] + next_word(w, i));
	mix(s, 1, k[1] + next_word(w, i + 1));
	mix(s, 2, k[2] + next_word(w, i + 2));
	mix(s, 3, k[3] + next_word(w, i + 3));
	mix(s, 4, k[4] + next_word(w, i + 4));
	mix(s, 5, k[5] + next_word(w, i + 5));
	mix(s, 6, k[6] + next_word(w, i + 6));
	mix(s, 7, k[7] + next_word(w, i + 7));
}

static void
sha256_block(uint32_t *state, const uint8_t *p)
{
	uint32_t s[8], w[16];

	for (unsigned i = 0; i < 8; i++)
		s[i] = state[i];
	for (unsigned i = 0; i < 16; i++)
		w[i] = word_be32(p + 4 * i);
	eight_first(s, w, 0);
	eight_first(s, w, 8);
	for (unsigned i = 16; i < 64; i += 16) {
		eight_more(s, w, 0, constants + i);
		eight_more(s, w, 8, constants + i + 8);
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += s[i];
}

void
sha256_blocks(uint32_t *state, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p += 64)
		sha256_block(state, p);
}
