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
	size_t size;
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

/* The last block, of which nothing is taken. */
static void
block_begin(struct arena *a, struct arena_block *block)
{
	size_t left = a->limit - a->used;

	a->last = block;
	a->at = a->clean = (uint8_t *)block->bytes;
	a->left = block->size < left ? block->size : left;
}

void
arena_forget(struct arena *a)
{
	struct arena_block *block = a->last;
	uint8_t *clean = a->at > a->clean ? a->at : a->clean;

	if (block == NULL) {
		arena_init(a, a->limit);
		return;
	}
	blocks_free(block->before);
	block->before = NULL;
	a->used = 0;
	a->full = false;
	block_begin(a, block);
	a->clean = clean;
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

/* A piece from a new block; the one that stays `last` is the one with the
 * most room left. */
static __attribute__((noinline)) uint8_t *
piece_new(struct arena *a, size_t size)
{
	struct arena_block *last = a->last, *block;
	size_t usual = last == NULL ? BLOCK_FIRST : last->size * 2;

	if (size > a->limit - a->used)
		return NULL;
	if (usual > BLOCK_LAST)
		usual = BLOCK_LAST;
	if (usual < size || usual / 4 < size)
		usual = size;
	block = block_new(usual);
	if (block == NULL)
		return NULL;
	if (last != NULL && usual == size && a->left > 0) {
		block->before = last->before;
		last->before = block;
		a->used += size;
		if (a->left > a->limit - a->used)
			a->left = a->limit - a->used;
		return (uint8_t *)block->bytes;
	}
	block->before = last;
	block_begin(a, block);
	a->at += size;
	a->left -= size;
	a->used += size;
	a->clean = a->at;
	return (uint8_t *)block->bytes;
}

/* Aligned; *dirty: what a reset left there may not be zero. */
static inline uint8_t *
piece(struct arena *a, size_t size, bool *dirty)
{
	size_t pad = (0 - (uintptr_t)a->at) % ALIGNMENT;
	uint8_t *p = a->at;

	*dirty = false;
	if (p == NULL || pad > a->left || size > a->left - pad)
		return piece_new(a, size);
	p += pad;
	*dirty = p < a->clean;
	a->at = p + size;
	a->left -= pad + size;
	a->used += pad + size;
	return p;
}

static inline uint8_t *
pieces(struct arena *a, size_t n, size_t size, bool *dirty)
{
	uint8_t *p = NULL;

	if (size == 0 || n <= SIZE_MAX / size)
		p = piece(a, n * size, dirty);
	if (p == NULL)
		a->full = true;
	return p;
}

void *
arena_alloc(struct arena *a, size_t n, size_t size)
{
	bool dirty = false;
	uint8_t *p = pieces(a, n, size, &dirty);

	if (p != NULL && dirty)
		memset(p, 0, n * size);
	return p;
}

void *
arena_room_more(struct arena *a, size_t n, size_t size)
{
	bool dirty;

	return pieces(a, n, size, &dirty);
}

uint8_t *
arena_bytes_more(struct arena *a, size_t n)
{
	uint8_t *p = piece_new(a, n);

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
