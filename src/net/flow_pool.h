#ifndef NET_FLOW_POOL_H
#define NET_FLOW_POOL_H

#include "base/span.h"

/*
 * Memory of the flow table: pieces of 64 << class bytes that never move, cut
 * from large chunks; given back ones are used again.  All of it counts
 * against one limit, at which everything here gives NULL.
 */
#define FLOW_POOL_CLASSES 14
#define FLOW_POOL_SIZE(class) ((size_t)64 << (class))

struct flow_pool {
	struct flow_chunk *chunks;
	uint8_t *next;
	size_t left, n_chunks;
	struct flow_unused *unused[FLOW_POOL_CLASSES];
	size_t bytes, limit;
	bool cold; /* huge pages are dear */
};

void flow_pool_init(struct flow_pool *pool, size_t limit);
void flow_pool_free(struct flow_pool *pool);
/* Not zeroed, at an address divisible by 64. */
void *flow_pool_take(struct flow_pool *pool, unsigned class);
/* The same of any size, for ever. */
void *flow_pool_keep(struct flow_pool *pool, size_t bytes);
void flow_pool_give(struct flow_pool *pool, void *piece, unsigned class);
/* Zeroed tables that live apart. */
void *flow_pool_map(struct flow_pool *pool, size_t bytes);
void flow_pool_unmap(struct flow_pool *pool, void *table, size_t bytes);
/* The same without counting: for what is filled little by little.  From
 * FLOW_POOL_HUGE bytes on it begins where a huge page may. */
#define FLOW_POOL_HUGE ((size_t)2 << 20)
void *flow_pool_reserve(size_t bytes);
void flow_pool_unreserve(void *table, size_t bytes);
/*
 * Huge pages, which pay where all of it will be filled, of which nothing is
 * yet: they are touched.  A machine that is itself a guest may have given
 * their memory back, and then one of them takes longer than small pages in
 * its place: it is the last one.
 */
void flow_pool_huge(struct flow_pool *pool, void *table, size_t bytes);
/* Of which nothing may ever be touched, nor is here. */
void flow_pool_advise(const struct flow_pool *pool, void *table,
    size_t bytes);

#endif
