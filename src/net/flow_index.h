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

#define FLOW_SET_BITS 10 /* of the number of a part */
#define FLOW_SET_PARTS ((size_t)1 << FLOW_SET_BITS)

struct flow_slot {
	uint32_t tag; /* 0: empty */
	uint32_t id;
};

struct flow_index {
	struct flow_pool *pool;
	size_t n, max;       /* flows of all kinds */
	size_t n_used;       /* slots */
	uint64_t key[2];     /* drawn from the process's */
	unsigned bits;
	struct flow_slot *slots;
	uint32_t of_kind[FLOW_KINDS]; /* how many */
	uint8_t *parts[FLOW_KINDS * FLOW_SET_PARTS];
};

bool flow_index_init(struct flow_index *x, struct flow_pool *pool, size_t max);
void flow_index_free(struct flow_index *x);

/* FLOW_KINDS when flows of this protocol are not kept. */
static inline enum flow_kind
flow_kind_of(uint8_t protocol)
{
	if (protocol == 6)
		return FLOW_TCP;
	if (protocol == 17 || protocol == 136)
		return FLOW_UDP;
	return protocol == 132 ? FLOW_SCTP : FLOW_KINDS;
}

uint64_t flow_index_hash(const struct flow_index *x,
    const struct transport *t, enum flow_kind kind);
/* The newest flow between these ends, or NULL. */
struct flow *flow_index_find(const struct flow_index *x, uint64_t hash,
    enum flow_kind kind, const struct transport *t);
/*
 * A new flow, zeroed but for protocol, numbers and ends: side a is the
 * source.  `earlier` is what was found, or NULL.  NULL at the caps.
 */
struct flow *flow_index_add(struct flow_index *x, uint64_t hash,
    enum flow_kind kind, const struct transport *t, struct flow *earlier);
/* The same of one that is known to have none with the same ends, between
 * these, and without ports yet; no slot before `slot` is for it. */
struct flow *flow_index_add_ends(struct flow_index *x, uint64_t hash,
    uint32_t slot, enum flow_kind kind, uint8_t protocol, const uint8_t *a,
    const uint8_t *b, bool ipv6);
/* Gives the flow its flow_more; false: no memory. */
bool flow_more_make(struct flow *f, struct flow_pool *pool,
    const struct addr *a, const struct addr *b);
struct flow *flow_index_at(const struct flow_index *x, enum flow_kind kind,
    uint32_t stream);
/* Behind the last that stands behind this one, as far as there are so many. */
size_t flow_index_run(enum flow_kind kind, uint32_t stream);

static inline uint32_t
flow_ipv4_word(const uint8_t *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* Of one end and the other, which are beside each other.  gcc does not always
 * see one load in bytes put together. */
static inline uint64_t
flow_two_ipv4(const uint8_t *ends)
{
	uint64_t both;

	memcpy(&both, ends, sizeof(both));
	return both;
}

static inline uint32_t
flow_two_ports(const uint16_t *ports)
{
	uint32_t both;

	memcpy(&both, ports, sizeof(both));
	return both;
}

/*
 * As flow_index_match(), where all is IPv4.  Both ways without a branch:
 * nobody can foretell which it is.
 */
static inline __attribute__((always_inline)) unsigned
flow_ipv4_match(const struct flow *f, const struct transport *t)
{
	uint64_t ends = flow_ipv4_word(f->ipv4[0]) |
	    (uint64_t)flow_ipv4_word(f->ipv4[1]) << 32;
	uint64_t sent = flow_ipv4_word(t->src.bytes) |
	    (uint64_t)flow_ipv4_word(t->dst.bytes) << 32;
	uint32_t ports = f->a_port | (uint32_t)f->b_port << 16;
	uint32_t sent_ports = t->sport | (uint32_t)t->dport << 16;
	unsigned there = ((ends ^ sent) | (ports ^ sent_ports)) == 0;
	unsigned back = ((ends ^ (sent << 32 | sent >> 32)) |
	    (ports ^ (sent_ports << 16 | sent_ports >> 16))) == 0;

	return there | (back & (there ^ 1)) << 1;
}

/* Is the flow between the ends of `t`?  1: in its direction, 2: the other
 * way round, 0: no. */
unsigned flow_index_match(const struct flow *f, enum flow_kind kind,
    const struct transport *t);

/* Bring near the slot, then the flow that it most likely names, or NULL. */
void flow_index_near(const struct flow_index *x, uint64_t hash);
struct flow *flow_index_guess(const struct flow_index *x, uint64_t hash);

#endif
