#include "analysis/heard.h"

#include <stdlib.h>
#include <string.h>

void
heard_free(struct heard *h)
{
	free(h->bits);
	h->bits = NULL;
	h->n = 0;
}

static bool
grow(struct heard *h, size_t word)
{
	size_t n = h->n > 0 ? h->n : 64;
	uint64_t *bits;

	while (n <= word)
		n *= 2;
	bits = realloc(h->bits, n * sizeof(*bits));
	if (bits == NULL) {
		h->no_memory = true;
		return false;
	}
	memset(bits + h->n, 0, (n - h->n) * sizeof(*bits));
	h->bits = bits;
	h->n = n;
	return true;
}

void
heard_add(struct heard *h, uint32_t stream)
{
	size_t word = stream / 64;

	if (word >= h->n && !grow(h, word))
		return;
	h->bits[word] |= (uint64_t)1 << stream % 64;
}

bool
heard_has(const struct heard *h, uint32_t stream)
{
	return stream / 64 < h->n &&
	    (h->bits[stream / 64] >> stream % 64 & 1) != 0;
}
