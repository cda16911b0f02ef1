#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stdint.h>

/* The two halves of the 128-bit product, one upon the other. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 product = a;

	product *= b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
	uint64_t left = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
	uint64_t right = (a & UINT32_MAX) * (b >> 32) + (left & UINT32_MAX);
	uint64_t high = (a >> 32) * (b >> 32) + (left >> 32) + (right >> 32);

	return (right << 32 | (low & UINT32_MAX)) ^ high;
#endif
}

/* A hash of two words under a part of the process's secret, in a few
 * instructions: for tables that are asked with every packet, and safe from
 * those who see no hashes. */
struct fold_key {
	uint64_t words[2];
};

struct fold_key fold_key_make(void);

static inline uint64_t
fold_pair(const struct fold_key *key, uint64_t a, uint64_t b)
{
	return fold(a ^ key->words[0], b ^ key->words[1]);
}

#endif
