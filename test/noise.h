#ifndef TEST_NOISE_H
#define TEST_NOISE_H

#include <stdint.h>

static uint32_t noise_state = 2463534242u; /* not 0; a test may set its own */

/* Xorshift: below `n`, the same ones in each run. */
static inline uint32_t
noise(uint32_t n)
{
	noise_state ^= noise_state << 13;
	noise_state ^= noise_state >> 17;
	noise_state ^= noise_state << 5;
	return noise_state % n;
}

#endif
