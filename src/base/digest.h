#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/span.h"

/* SHA-256 (FIPS 180-4), SHA-1 and MD5 (RFC 1321), streaming. */
enum digest_kind {
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA256,
};

struct digest {
	enum digest_kind kind;
	uint32_t state[8];
	uint64_t n; /* bytes so far */
	uint8_t block[64];
};

#define DIGEST_MAX 32

void digest_init(struct digest *d, enum digest_kind kind);
void digest_add(struct digest *d, struct span s);
/* Writes 16, 20 or 32 bytes and returns how many. */
size_t digest_end(struct digest *d, uint8_t *out);

/* CRC-32 of gzip (RFC 1952): start with 0, feed the result back in. */
uint32_t crc32_add(uint32_t crc, struct span s);

#endif
