#ifndef NET_FLOW_INDEX_H
#define NET_FLOW_INDEX_H

#include "net/flow.h"
#include "net/flow_pool.h"

/*
 * Where the flows are: records by kind and stream number, and a hash index
 * over addresses and ports, both directions alike.  A slot holds 31 bits of
 * the hash and the number of the newest flow with the key, so that growing
 * the index touches no flow.
 */
enum flow_kind {
	FLOW_TCP,
	FLOW_UDP, /* and UDP-Lite */
	FLOW_SCTP,
	FLOW_KINDS
};

#define FLOW_SET_PARTS 2048

struct flow_set {
	uint32_t n;
	uint8_t *parts[FLOW_SET_PARTS];
};

struct flow_slot {
	uint32_t tag; /* 0: empty */
	uint32_t id;
};

struct flow_index {
	struct flow_pool *pool;
	size_t n, max;       /* flows of all kinds */
	size_t n_used;       /* slots */
	unsigned bits;
	struct flow_slot *slots;
	struct flow_set sets[FLOW_KINDS];
};

bool flow_index_init(struct flow_index *x, struct flow_pool *pool, size_t max);
void flow_index_free(struct flow_index *x);

/* FLOW_KINDS when flows of this protocol are not kept. */
enum flow_kind flow_kind_of(uint8_t protocol);
uint64_t flow_index_hash(const struct transport *t, enum flow_kind kind);
/* The newest flow between these ends, or NULL. */
struct flow *flow_index_find(const struct flow_index *x, uint64_t hash,
    enum flow_kind kind, const struct transport *t);
/*
 * A new flow, zeroed but for `stream`, `earlier` and the ends: side a is the
 * source.  `earlier` is what was found, or NULL.  NULL at the caps.
 */
struct flow *flow_index_add(struct flow_index *x, uint64_t hash,
    enum flow_kind kind, const struct transport *t,
    const struct flow *earlier);
struct flow *flow_index_at(const struct flow_index *x, enum flow_kind kind,
    uint32_t stream);

/* Bring near the slot, then the flow that the slot names. */
void flow_index_near(const struct flow_index *x, uint64_t hash);
const struct flow *flow_index_guess(const struct flow_index *x, uint64_t hash);

#endif
