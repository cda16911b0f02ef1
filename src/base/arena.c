#include "base/arena.h"

#include <stdlib.h>

#include "base/bytes.h"

/* Blocks double from the first size to the last; a piece that would waste
 * much of a block gets a block of its own. */
#define BLOCK_FIRST ((size_t)4096)
#define BLOCK_LAST ((size_t)1 << 20)
#define ALIGNMENT _Alignof(max_align_t)

struct arena_block {
	struct arena_block *before;
	size_t size, used;
	size_t dirty; /* bytes that are not known to be zero any more */
	max_align_t bytes[];
};

void
arena_init(struct arena *a, size_t limit)
{
	*a = (struct arena){ .limit = limit };
}

static void
blocks_free(struct arena_block *block)
{
	while (block != NULL) {
		struct arena_block *before = block->before;

		free(block);
		block = before;
	}
}

void
arena_free(struct arena *a)
{
	blocks_free(a->last);
	arena_init(a, a->limit);
}

void
arena_reset(struct arena *a)
{
	struct arena_block *block = a->last;

	arena_init(a, a->limit);
	if (block == NULL)
		return;
	blocks_free(block->before);
	block->before = NULL;
	if (block->dirty < block->used)
		block->dirty = block->used;
	block->used = 0;
	a->last = block;
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	block = calloc(1, sizeof(*block) + size);
	if (block != NULL)
		block->size = size;
	return block;
}

/* A block with room for `size` bytes; the one that stays `last` is the one
 * with the most room left. */
static struct arena_block *
block_add(struct arena *a, size_t size)
{
	struct arena_block *last = a->last, *block;
	size_t usual = last == NULL ? BLOCK_FIRST : last->size * 2;

	if (usual > BLOCK_LAST)
		usual = BLOCK_LAST;
	if (usual < size || usual / 4 < size)
		usual = size;
	block = block_new(usual);
	if (block == NULL)
		return NULL;
	if (last != NULL && usual == size && last->size - last->used > 0) {
		block->before = last->before;
		last->before = block;
		return block;
	}
	block->before = last;
	a->last = block;
	return block;
}

static bool
fits(const struct arena_block *block, size_t pad, size_t size)
{
	size_t left = block->size - block->used;

	return pad <= left && size <= left - pad;
}

/* *dirty: what a reset left there may not be zero. */
static inline void *
piece(struct arena *a, size_t size, size_t alignment, bool *dirty)
{
	struct arena_block *block = a->last;
	size_t pad = block == NULL ? 0 : (0 - block->used) % alignment;
	size_t start;
	uint8_t *p;

	if (block != NULL && !fits(block, pad, size)) {
		block = NULL;
		pad = 0;
	}
	if (size > a->limit - a->used || pad > a->limit - a->used - size)
		return NULL;
	if (block == NULL)
		block = block_add(a, size);
	if (block == NULL)
		return NULL;
	start = block->used + pad;
	p = (uint8_t *)block->bytes + start;
	*dirty = start < block->dirty;
	block->used = start + size;
	a->used += pad + size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t n, size_t size)
{
	void *p = NULL;
	bool dirty = false;

	if (size == 0 || n <= SIZE_MAX / size)
		p = piece(a, n * size, ALIGNMENT, &dirty);
	if (p == NULL)
		a->full = true;
	else if (dirty)
		memset(p, 0, n * size);
	return p;
}

uint8_t *
arena_bytes(struct arena *a, size_t n)
{
	bool dirty;
	uint8_t *p = piece(a, n, 1, &dirty);

	if (p == NULL)
		a->full = true;
	return p;
}

struct span
arena_copy(struct arena *a, struct span s)
{
	uint8_t *p = arena_bytes(a, s.n);

	if (p == NULL)
		return span_empty();
	bytes_copy(p, s.p, s.n);
	return span_of(p, s.n);
}
