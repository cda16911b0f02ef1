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

static inline uint32_t
first_word(uint32_t *w, unsigned i)
{
	return w[i];
}

/* The eight working words stay where they are; their names go round. */
#define ROUND(a, b, c, d, e, f, g, h, i, word)                                 \
	h += (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +                  \
	    (g ^ (e & (f ^ g))) + constants[i] + word(w, i);                   \
	d += h;                                                                \
	h += (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +                  \
	    ((a & b) + (c & (a ^ b)));

#define EIGHT_ROUNDS(i, word)                                                  \
	ROUND(a, b, c, d, e, f, g, h, i, word)                                 \
	ROUND(h, a, b, c, d, e, f, g, i + 1, word)                             \
	ROUND(g, h, a, b, c, d, e, f, i + 2, word)                             \
	ROUND(f, g, h, a, b, c, d, e, i + 3, word)                             \
	ROUND(e, f, g, h, a, b, c, d, i + 4, word)                             \
	ROUND(d, e, f, g, h, a, b, c, i + 5, word)                             \
	ROUND(c, d, e, f, g, h, a, b, i + 6, word)                             \
	ROUND(b, c, d, e, f, g, h, a, i + 7, word)

static void
sha256_block(uint32_t *state, const uint8_t *p)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t w[16];

	for (unsigned i = 0; i < 16; i++)
		w[i] = word_be32(p + 4 * i);
	EIGHT_ROUNDS(0, first_word)
	EIGHT_ROUNDS(8, first_word)
	for (unsigned i = 16; i < 64; i += 16) {
		EIGHT_ROUNDS(i, next_word)
		EIGHT_ROUNDS(i + 8, next_word)
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

void
sha256_blocks(uint32_t *state, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p += 64)
		sha256_block(state, p);
}
