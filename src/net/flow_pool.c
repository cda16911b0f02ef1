#include "net/flow_pool.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/fetch.h"
#include "base/number.h"

#define LINE 64
#define COLD_NS 1000000 /* small ones take less */
#define CHUNK_FIRST ((size_t)256 << 10)
#define CHUNK FLOW_POOL_HUGE

struct flow_chunk {
	struct flow_chunk *before;
	size_t bytes;
};

/* A piece of no use, and where others are: these nobody looks at, for they may
 * be far away. */
struct flow_unused {
	struct flow_unused *before;
	size_t n;
	void *piece[6];
};

_Static_assert(sizeof(struct flow_unused) <= FLOW_POOL_SIZE(0), "as the least");

static void *
map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Whole pages from the system: zeroed, and resident only once touched. */
__attribute__((cold)) void *
flow_pool_reserve(size_t bytes)
{
	uint8_t *p;
	size_t before;

	if (bytes < CHUNK)
		return map(bytes);
	p = map(bytes + CHUNK);
	if (p == NULL)
		return NULL;
	before = (CHUNK - (uintptr_t)p % CHUNK) % CHUNK;
	if (before != 0)
		munmap(p, before);
	munmap(p + before + bytes, CHUNK - before);
	return p + before;
}

__attribute__((cold)) void
flow_pool_advise(const struct flow_pool *pool, void *table, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	if (!pool->cold)
		(void)madvise(table, bytes, MADV_HUGEPAGE);
#else
	(void)pool;
	(void)table;
	(void)bytes;
#endif
}

__attribute__((cold)) void
flow_pool_huge(struct flow_pool *pool, void *table, size_t bytes)
{
	uint8_t *page = table;

	for (; bytes >= FLOW_POOL_HUGE && !pool->cold;
	    bytes -= FLOW_POOL_HUGE, page += FLOW_POOL_HUGE) {
		int64_t before = clock_thread();

		flow_pool_advise(pool, page, FLOW_POOL_HUGE);
		*(volatile uint8_t *)page = 0;
		pool->cold = clock_thread() - before > COLD_NS;
	}
}

void
flow_pool_unreserve(void *table, size_t bytes)
{
	munmap(table, bytes);
}

static bool
chunk_add(struct flow_pool *pool, size_t least)
{
	size_t bytes = pool->n_chunks == 0 ? CHUNK_FIRST : CHUNK;
	struct flow_chunk *chunk;

	if (bytes < least + LINE)
		bytes = CHUNK;
	if (bytes > pool->limit - pool->bytes)
		return false;
	chunk = flow_pool_reserve(bytes);
	if (chunk == NULL)
		return false;
	flow_pool_huge(pool, chunk, bytes);
	chunk->before = pool->chunks;
	chunk->bytes = bytes;
	pool->chunks = chunk;
	pool->n_chunks++;
	pool->bytes += bytes;
	pool->next = (uint8_t *)chunk + LINE;
	pool->left = bytes - LINE;
	return true;
}

void
flow_pool_init(struct flow_pool *pool, size_t limit)
{
	*pool = (struct flow_pool){ .limit = limit };
}

void
flow_pool_free(struct flow_pool *pool)
{
	struct flow_chunk *chunk = pool->chunks, *before;

	for (; chunk != NULL; chunk = before) {
		before = chunk->before;
		munmap(chunk, chunk->bytes);
	}
	*pool = (struct flow_pool){ .limit = 0 };
}

void *
flow_pool_keep(struct flow_pool *pool, size_t bytes)
{
	void *piece;

	bytes = (bytes + LINE - 1) / LINE * LINE;
	if (pool->left < bytes && !chunk_add(pool, bytes))
		return NULL;
	piece = pool->next;
	pool->next += bytes;
	pool->left -= bytes;
	return piece;
}

void *
flow_pool_take(struct flow_pool *pool, unsigned class)
{
	struct flow_unused *u = pool->unused[class];

	if (u == NULL)
		return flow_pool_keep(pool, FLOW_POOL_SIZE(class));
	if (u->n > 0)
		return u->piece[--u->n];
	pool->unused[class] = u->before;
	return u;
}

void
flow_pool_give(struct flow_pool *pool, void *piece, unsigned class)
{
	struct flow_unused *u = pool->unused[class], *one = piece;

	if (u != NULL && u->n < LENGTH(u->piece)) {
		/* It is the one that is taken next. */
		fetch(piece);
		u->piece[u->n++] = piece;
		return;
	}
	one->before = u;
	one->n = 0;
	pool->unused[class] = one;
}

void *
flow_pool_map(struct flow_pool *pool, size_t bytes)
{
	void *table;

	if (bytes > pool->limit - pool->bytes)
		return NULL;
	table = flow_pool_reserve(bytes);
	if (table == NULL)
		return NULL;
	flow_pool_huge(pool, table, bytes);
	pool->bytes += bytes;
	return table;
}

void
flow_pool_unmap(struct flow_pool *pool, void *table, size_t bytes)
{
	if (table == NULL)
		return;
	munmap(table, bytes);
	pool->bytes -= bytes;
}
