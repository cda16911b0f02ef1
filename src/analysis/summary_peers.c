#include "analysis/summary_peers.h"

#include <stdlib.h>

#define BITS_FIRST 8

void
summary_peers_free(struct summary_peers *p)
{
	free(p->pairs.slots);
	free(p->clients.slots);
	p->pairs.slots = p->clients.slots = NULL;
}

static uint64_t
hash_of(const struct addr *ends, size_t n)
{
	uint64_t words[4];

	for (size_t i = 0; i < n; i++)
		memcpy(&words[2 * i], ends[i].bytes, sizeof(ends[i].bytes));
	return hash_words(words, 2 * n);
}

static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

/* At most half of the slots are taken. */
static bool
grow(struct summary_slots *s)
{
	unsigned bits = s->bits == 0 ? BITS_FIRST : s->bits + 1;
	uint32_t mask = ((uint32_t)1 << bits) - 1;
	struct summary_slot *slots = calloc((size_t)mask + 1, sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; s->bits > 0 && i < (size_t)1 << s->bits; i++) {
		uint32_t at = s->slots[i].tag >> (32 - bits);

		if (s->slots[i].tag == 0)
			continue;
		while (slots[at].tag != 0)
			at = (at + 1) & mask;
		slots[at] = s->slots[i];
	}
	free(s->slots);
	s->slots = slots;
	s->bits = bits;
	return true;
}

/* A flow is told by where it is; one of ICMP has the lowest bit set.
 * NOLINTBEGIN(performance-no-int-to-ptr): they come from pointers */
static uintptr_t
flow_name(const struct flow_row *row)
{
	return row->flow != NULL ? (uintptr_t)row->flow :
	    (uintptr_t)row->icmp | 1;
}

static bool
is_same(uintptr_t flow, const struct addr *ends, size_t n)
{
	const struct icmp_flow *icmp = (const void *)(flow - 1);
	const struct flow *f = (const void *)flow;

	if ((flow & 1) != 0)
		return addr_equal(&icmp->a, &ends[0]) &&
		    (n == 1 || addr_equal(&icmp->b, &ends[1]));
	for (unsigned i = 0; i < n; i++) {
		const struct addr a = flow_addr(f, i);

		if (!addr_equal(&a, &ends[i]))
			return false;
	}
	return true;
}

/* Of the first `n` ends of a flow; new with count 0; NULL at the cap. */
static struct summary_slot *
slot_find(struct summary_slots *s, const struct summary_pair *pair, size_t n,
    uint64_t hash)
{
	uint32_t tag = tag_of(hash), mask, at;

	if ((s->bits == 0 || s->n * 2 >= (size_t)1 << s->bits) && !grow(s))
		return NULL;
	mask = ((uint32_t)1 << s->bits) - 1;
	for (at = tag >> (32 - s->bits); s->slots[at].tag != 0;
	    at = (at + 1) & mask)
		if (s->slots[at].tag == tag &&
		    is_same(s->slots[at].flow, pair->ends, n))
			return &s->slots[at];
	if (s->n == SUMMARY_PAIRS_MAX)
		return NULL;
	s->n++;
	s->slots[at] = (struct summary_slot){ .tag = tag,
		.flow = pair->flow };
	return &s->slots[at];
}

static void
pair_count(struct summary_peers *p, const struct summary_pair *pair)
{
	struct summary_slot *slot = slot_find(&p->pairs, pair, 2,
	    pair->hash);

	if (slot != NULL && slot->count++ > 0)
		return;
	if (slot != NULL)
		slot = slot_find(&p->clients, pair, 1,
		    hash_of(pair->ends, 1));
	if (slot == NULL) {
		p->refused++;
		return;
	}
	if (++slot->count > p->most) {
		p->most = slot->count;
		p->host = pair->ends[0];
	}
}

/* The flow that a pair most likely was known by. */
static void
pair_near(const struct summary_slots *s, const struct summary_pair *pair)
{
	uint32_t tag = tag_of(pair->hash);
	const struct summary_slot *slot = &s->slots[tag >> (32 - s->bits)];

	if (slot->tag == tag)
		__builtin_prefetch((const void *)slot->flow);
}
/* NOLINTEND(performance-no-int-to-ptr) */

void
summary_peers_settle(struct summary_peers *p)
{
	for (size_t i = 0; i < p->n_later && p->pairs.bits > 0; i++)
		pair_near(&p->pairs, &p->later[i]);
	for (size_t i = 0; i < p->n_later; i++)
		pair_count(p, &p->later[i]);
	p->n_later = 0;
}

static struct addr *
recent_pair(struct summary_peers *p, const struct addr ends[2])
{
	uint64_t words[4];

	memcpy(&words[0], ends[0].bytes, sizeof(ends[0].bytes));
	memcpy(&words[2], ends[1].bytes, sizeof(ends[1].bytes));
	words[0] = (words[0] ^ words[1]) * UINT64_C(0x9e3779b97f4a7c15) ^
	    (words[2] ^ words[3]) * UINT64_C(0xc2b2ae3d27d4eb4f);
	return p->recent[(words[0] >> 32 ^ words[0] >> 56) %
	    SUMMARY_PEERS_RECENT];
}

void
summary_peers_add(struct summary_peers *p, const struct flow_row *row)
{
	struct summary_pair *pair = &p->later[p->n_later];
	struct addr *recent;

	pair->ends[0] = row->a;
	pair->ends[1] = row->b;
	pair->flow = flow_name(row);
	recent = recent_pair(p, pair->ends);
	if (addr_equal(&recent[0], &row->a) && addr_equal(&recent[1], &row->b))
		return;
	recent[0] = row->a;
	recent[1] = row->b;
	pair->hash = hash_of(pair->ends, 2);
	if (p->pairs.bits > 0)
		__builtin_prefetch(&p->pairs.slots[tag_of(pair->hash) >>
		    (32 - p->pairs.bits)]);
	if (++p->n_later == SUMMARY_PEERS_LATER)
		summary_peers_settle(p);
}
