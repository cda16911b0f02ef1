#ifndef BASE_DIGEST_BLOCK_H
#define BASE_DIGEST_BLOCK_H

#include <stddef.h>
#include <stdint.h>

/* The cores of digest.c: `n` whole blocks of 64 bytes into the state. */
void md5_blocks(uint32_t *state, const uint8_t *p, size_t n);
void sha1_blocks(uint32_t *state, const uint8_t *p, size_t n);
void sha256_blocks(uint32_t *state, const uint8_t *p, size_t n);

#endif
