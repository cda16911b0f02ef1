#include "base/fetch.h"
#include "analysis/summary_peers.h"

#include <stdlib.h>

#include "base/word.h"

#define SIZE_FIRST 128

void
summary_peers_init(struct summary_peers *p)
{
	p->key = fold_key_make();
}

static void
ends_free(struct summary_ends_set *e)
{
	slots_free(&e->slots);
	free(e->flows);
	e->flows = NULL;
}

__attribute__((cold)) void
summary_peers_free(struct summary_peers *p)
{
	ends_free(&p->pairs);
	ends_free(&p->clients);
	free(p->counts);
	p->counts = NULL;
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

static __attribute__((cold, noinline)) bool
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

	if (((flow | other) & 1) != 0 || f->apart != g->apart)
		return is_same_addr(flow, other, n);
	if (f->apart)
		return addr_equal(&flow_more(f)->addr[0], &flow_more(g)->addr[0]) &&
		    (n == 1 ||
		    addr_equal(&flow_more(f)->addr[1], &flow_more(g)->addr[1]));
	return word_le32(f->ipv4[0]) == word_le32(g->ipv4[0]) &&
	    (n == 1 || word_le32(f->ipv4[1]) == word_le32(g->ipv4[1]));
}
/* NOLINTEND(performance-no-int-to-ptr) */

/* Room for one more, and its count. */
static __attribute__((cold, noinline)) bool
ends_grow(struct summary_ends_set *e, uint32_t **counts)
{
	size_t size = e->size == 0 ? SIZE_FIRST : e->size * 2;
	uintptr_t *flows;

	if (e->n == SUMMARY_PAIRS_MAX)
		return false;
	flows = realloc(e->flows, size * sizeof(*flows));
	if (flows == NULL)
		return false;
	e->flows = flows;
	if (counts != NULL) {
		uint32_t *more = realloc(*counts, size * sizeof(*more));

		if (more == NULL)
			return false;
		*counts = more;
	}
	e->size = size;
	return true;
}

/* Of the first `n` ends of a flow, the next number when there are none of the
 * same; SIZE_MAX at the cap. */
static size_t
ends_find(struct summary_ends_set *e, uintptr_t flow, unsigned n,
    uint64_t hash, uint32_t **counts)
{
	const struct slots *s = &e->slots;

	for (size_t at = slots_first(s, hash); slots_taken(s, at);
	    at = slots_next(s, at))
		if (slots_may_be(s, at, hash) &&
		    is_same(e->flows[slots_number(s, at)], flow, n))
			return slots_number(s, at);
	if ((e->n == e->size && !ends_grow(e, counts)) || !slots_add(&e->slots, hash, e->n))
		return SIZE_MAX;
	e->flows[e->n] = flow;
	if (counts != NULL)
		(*counts)[e->n] = 0;
	return e->n++;
}

static void
pair_count(struct summary_peers *p, const struct summary_pair *pair)
{
	size_t before = p->pairs.n, at = ends_find(&p->pairs, pair->flow, 2,
	    pair->hash, NULL);

	if (at < before)
		return;
	if (at != SIZE_MAX)
		at = ends_find(&p->clients, pair->flow, 1, pair->client_hash,
		    &p->counts);
	if (at == SIZE_MAX) {
		p->refused++;
		return;
	}
	if (++p->counts[at] > p->most) {
		p->most = p->counts[at];
		p->host = end_of(pair->flow, 0);
	}
}

/* The flow that a pair most likely was known by. */
static void
pair_near(const struct summary_peers *p, const struct summary_pair *pair)
{
	size_t at = slots_guess(&p->pairs.slots, pair->hash);

	if (at != SIZE_MAX)
		/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
		fetch((const void *)p->pairs.flows[at]);
}

void
summary_peers_settle(struct summary_peers *p)
{
	for (size_t i = 0; i < p->n_later; i++)
		pair_near(p, &p->later[i]);
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
	slots_prefetch(&p->pairs.slots, pair->hash);
	if (++p->n_later == SUMMARY_PEERS_LATER)
		summary_peers_settle(p);
}

void
summary_peers_add(struct summary_peers *p, const struct flow *f)
{
	uint64_t client[2] = { 0, 0 }, server[2] = { 0, 0 };

	if (f->apart) {
		memcpy(client, flow_more(f)->addr[0].bytes, sizeof(client));
		memcpy(server, flow_more(f)->addr[1].bytes, sizeof(server));
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
