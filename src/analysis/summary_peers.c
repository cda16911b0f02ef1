#include "base/fetch.h"
#include "analysis/summary_peers.h"

#include <stdlib.h>

#define BITS_FIRST 8

void
summary_peers_init(struct summary_peers *p)
{
	p->key = fold_key_make();
}

void
summary_peers_free(struct summary_peers *p)
{
	free(p->pairs.slots);
	free(p->clients.slots);
	p->pairs.slots = p->clients.slots = NULL;
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
static struct addr
end_of(uintptr_t flow, unsigned i)
{
	const struct icmp_flow *icmp = (const void *)(flow - 1);

	if ((flow & 1) != 0)
		return i == 0 ? icmp->a : icmp->b;
	return flow_addr((const struct flow *)(const void *)flow, i);
}

static __attribute__((noinline)) bool
is_same_addr(uintptr_t flow, uintptr_t other, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct addr a = end_of(flow, i), b = end_of(other, i);

		if (!addr_equal(&a, &b))
			return false;
	}
	return true;
}

/* Are the first `n` ends of both the same?  Most are IPv4, without tags. */
static inline bool
is_same(uintptr_t flow, uintptr_t other, unsigned n)
{
	const struct flow *f = (const void *)flow, *g = (const void *)other;

	if (((flow | other) & 1) != 0 || f->more != NULL || g->more != NULL)
		return is_same_addr(flow, other, n);
	return memcmp(f->ipv4, g->ipv4, n * sizeof(f->ipv4[0])) == 0;
}
/* NOLINTEND(performance-no-int-to-ptr) */

/* Of the first `n` ends of a flow; new with count 0; NULL at the cap. */
static struct summary_slot *
slot_find(struct summary_slots *s, uintptr_t flow, unsigned n, uint64_t hash)
{
	uint32_t tag = tag_of(hash), mask, at;

	if ((s->bits == 0 || s->n * 2 >= (size_t)1 << s->bits) && !grow(s))
		return NULL;
	mask = ((uint32_t)1 << s->bits) - 1;
	for (at = tag >> (32 - s->bits); s->slots[at].tag != 0;
	    at = (at + 1) & mask)
		if (s->slots[at].tag == tag &&
		    is_same(s->slots[at].flow, flow, n))
			return &s->slots[at];
	if (s->n == SUMMARY_PAIRS_MAX)
		return NULL;
	s->n++;
	s->slots[at] = (struct summary_slot){ .tag = tag, .flow = flow };
	return &s->slots[at];
}

static void
pair_count(struct summary_peers *p, const struct summary_pair *pair)
{
	struct summary_slot *slot = slot_find(&p->pairs, pair->flow, 2,
	    pair->hash);

	if (slot != NULL && slot->count++ > 0)
		return;
	if (slot != NULL)
		slot = slot_find(&p->clients, pair->flow, 1,
		    pair->client_hash);
	if (slot == NULL) {
		p->refused++;
		return;
	}
	if (++slot->count > p->most) {
		p->most = slot->count;
		p->host = end_of(pair->flow, 0);
	}
}

/* The flow that a pair most likely was known by. */
static void
pair_near(const struct summary_slots *s, const struct summary_pair *pair)
{
	uint32_t tag = tag_of(pair->hash);
	const struct summary_slot *slot = &s->slots[tag >> (32 - s->bits)];

	if (slot->tag == tag)
		/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
		fetch((const void *)slot->flow);
}

void
summary_peers_settle(struct summary_peers *p)
{
	for (size_t i = 0; i < p->n_later && p->pairs.bits > 0; i++)
		pair_near(&p->pairs, &p->later[i]);
	for (size_t i = 0; i < p->n_later; i++)
		pair_count(p, &p->later[i]);
	p->n_later = 0;
}

static void
pair_add(struct summary_peers *p, uintptr_t flow, const uint64_t client[2],
    const uint64_t server[2])
{
	struct summary_pair *pair = &p->later[p->n_later];

	pair->flow = flow;
	pair->client_hash = fold_pair(&p->key, client[0], client[1]);
	pair->hash = fold_pair(&p->key, pair->client_hash,
	    fold_pair(&p->key, server[0], server[1]));
	if (p->pairs.bits > 0)
		fetch(&p->pairs.slots[tag_of(pair->hash) >>
		    (32 - p->pairs.bits)]);
	if (++p->n_later == SUMMARY_PEERS_LATER)
		summary_peers_settle(p);
}

void
summary_peers_add(struct summary_peers *p, const struct flow *f)
{
	uint64_t client[2] = { 0, 0 }, server[2] = { 0, 0 };

	if (f->more != NULL) {
		memcpy(client, f->more->addr[0].bytes, sizeof(client));
		memcpy(server, f->more->addr[1].bytes, sizeof(server));
	} else {
		memcpy(client, f->ipv4[0], sizeof(f->ipv4[0]));
		memcpy(server, f->ipv4[1], sizeof(f->ipv4[1]));
	}
	pair_add(p, (uintptr_t)f, client, server);
}

void
summary_peers_add_icmp(struct summary_peers *p, const struct icmp_flow *f)
{
	uint64_t client[2], server[2];

	memcpy(client, f->a.bytes, sizeof(client));
	memcpy(server, f->b.bytes, sizeof(server));
	pair_add(p, (uintptr_t)f | 1, client, server);
}
