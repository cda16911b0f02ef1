#include "base/digest.h"

#include "base/digest_block.h"
#include "base/word.h"

#define BLOCK sizeof(((struct digest *)0)->block)

struct method {
	void (*blocks)(uint32_t *state, const uint8_t *p, size_t n);
	size_t words;
	bool little_endian;
	uint32_t start[8];
};

static const struct method methods[] = {
	[DIGEST_MD5] = {
		.blocks = md5_blocks,
		.words = 4,
		.little_endian = true,
		.start = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 },
	},
	[DIGEST_SHA1] = {
		.blocks = sha1_blocks,
		.words = 5,
		.start = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
		    0xc3d2e1f0 },
	},
	[DIGEST_SHA256] = {
		.blocks = sha256_blocks,
		.words = 8,
		.start = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 },
	},
};

void
digest_init(struct digest *d, enum digest_kind kind)
{
	*d = (struct digest){ .kind = kind };
	memcpy(d->state, methods[kind].start, sizeof(d->state));
}

void
digest_add(struct digest *d, struct span s)
{
	const struct method *method = methods + d->kind;
	size_t kept = (size_t)(d->n % BLOCK);

	d->n += s.n;
	if (kept > 0) {
		struct span head = span_first(s, BLOCK - kept);

		memcpy(d->block + kept, head.p, head.n);
		s = span_after(s, head.n);
		if (kept + head.n < BLOCK)
			return;
		method->blocks(d->state, d->block, 1);
	}
	method->blocks(d->state, s.p, s.n / BLOCK);
	s = span_after(s, s.n - s.n % BLOCK);
	memcpy(d->block, s.p, s.n);
}

/* A bit of one, zeros, and the length in bits at the end of a block. */
static void
pad(struct digest *d, bool little_endian)
{
	static const uint8_t padding[BLOCK] = { 0x80 };
	uint64_t bits = d->n * 8;
	size_t kept = (size_t)(d->n % BLOCK);
	uint8_t length[8];

	if (little_endian) {
		word_put_le32(length, (uint32_t)bits);
		word_put_le32(length + 4, (uint32_t)(bits >> 32));
	} else {
		word_put_be32(length, (uint32_t)(bits >> 32));
		word_put_be32(length + 4, (uint32_t)bits);
	}
	digest_add(d, span_of(padding, (kept < 56 ? 56 : 120) - kept));
	digest_add(d, span_of(length, sizeof(length)));
}

size_t
digest_end(struct digest *d, uint8_t *out)
{
	const struct method *method = methods + d->kind;

	pad(d, method->little_endian);
	for (size_t i = 0; i < method->words; i++) {
		if (method->little_endian)
			word_put_le32(out + 4 * i, d->state[i]);
		else
			word_put_be32(out + 4 * i, d->state[i]);
	}
	return 4 * method->words;
}
