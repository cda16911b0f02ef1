#ifndef NET_FLOW_HASH_H
#define NET_FLOW_HASH_H

#include "base/fetch.h"
#include "base/fold.h"
#include "base/table.h"
#include "net/flow_index.h"

/* What net/flow_index.h does for every packet, for those two files that need
 * it without a call. */

/* `kinds` are those of both addresses, which are 16 bytes. */
uint64_t flow_hash_other(const struct flow_index *x, const uint8_t *src,
    const uint8_t *dst, uint16_t sport, uint16_t dport, enum flow_kind kind,
    unsigned kinds);

static inline uint64_t
flow_hash_ipv4(const struct flow_index *x, const uint8_t *src, const uint8_t *dst,
    uint16_t sport, uint16_t dport, enum flow_kind kind)
{
	uint64_t source = (uint64_t)flow_ipv4_word(src) << 16 | sport;
	uint64_t destination = (uint64_t)flow_ipv4_word(dst) << 16 | dport;

	/* A product is the same both ways. */
	return fold(fold(source ^ x->key[0], destination ^ x->key[0]) ^
	    (uint64_t)kind << 62, x->key[1] | 1);
}

/* As flow_index_hash(), of two addresses behind each other as they are in the
 * packet. */
static inline uint64_t
flow_hash_ends(const struct flow_index *x, const uint8_t *ends,
    uint16_t sport, uint16_t dport, enum flow_kind kind, bool ipv6)
{
	if (!ipv6)
		return flow_hash_ipv4(x, ends, ends + 4, sport, dport, kind);
	return flow_hash_other(x, ends, ends + 16, sport, dport, kind,
	    2 * ADDR_IPV6);
}

/* Of a slot's id, which is the kind, the part, and the unit in it. */
#define FLOW_KIND_SHIFT (FLOW_PART_BITS + FLOW_SET_BITS)

static inline uint32_t
flow_index_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

static inline struct flow *
flow_index_of(const struct flow_index *x, uint32_t id)
{
	size_t within = id & (((uint32_t)1 << FLOW_PART_BITS) - 1);

	return (struct flow *)(void *)(x->parts[id >> FLOW_PART_BITS] +
	    within * FLOW_UNIT);
}

/* Where to look for it first: the slots from there on, FLOW_SLOTS of them, are
 * in one line. */
#define FLOW_SLOTS 4

static inline uint32_t
flow_hash_home(unsigned bits, uint32_t tag)
{
	return tag >> (32 - bits) & ~(uint32_t)(FLOW_SLOTS - 1);
}

static inline void
flow_hash_near(const struct flow_index *x, uint64_t hash)
{
	fetch(&x->slots[flow_hash_home(x->bits, flow_index_tag(hash))]);
}

/* Mostly it is one of the first: without a branch on which.  Where it is not,
 * the slot has another tag. */
static inline uint32_t
flow_hash_likely(const struct flow_slot *slots, unsigned bits, uint32_t tag)
{
	uint32_t home = flow_hash_home(bits, tag);
	const struct flow_slot *s = &slots[home];

	return home | (s[1].tag == tag) | (uint32_t)(s[2].tag == tag) << 1 |
	    (3 & (0 - (uint32_t)(s[3].tag == tag)));
}

/* The first slot with the hash; or the empty one behind those in which it
 * might be. */
static inline uint32_t
flow_hash_slot(const struct flow_index *x, uint64_t hash)
{
	uint32_t tag = flow_index_tag(hash), mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = flow_hash_home(x->bits, tag);

	while (x->slots[at].tag != 0 && x->slots[at].tag != tag)
		at = (at + 1) & mask;
	return at;
}

/* The flow that it names, or NULL. */
static inline struct flow *
flow_hash_named(const struct flow_index *x, uint32_t slot)
{
	struct flow *f;

	if (x->slots[slot].tag == 0)
		return NULL;
	f = flow_index_of(x, x->slots[slot].id);
	fetch(f);
	return f;
}

static inline struct flow *
flow_hash_guess(const struct flow_index *x, uint64_t hash)
{
	return flow_hash_named(x, flow_hash_slot(x, hash));
}

#endif
