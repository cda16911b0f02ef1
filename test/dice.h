#ifndef TEST_DICE_H
#define TEST_DICE_H

#include <stdint.h>

static uint32_t dice_seed = 1;

/* Below `n`, the same ones in each run. */
static inline unsigned
dice(unsigned n)
{
	dice_seed = dice_seed * 1664525 + 1013904223;
	return (dice_seed >> 8) % n;
}

#endif
