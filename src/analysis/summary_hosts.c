#include "analysis/summary_hosts.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/fetch.h"
#include "base/lines.h"
#include "base/word.h"
#include "net/flow.h"

#define SLOTS_FIRST ((size_t)1024)
#define NUMBER 0x1ffffU /* the rest of a slot is of the hash */

#define LATER SUMMARY_HOSTS_LATER
#define TURN 31 /* of so many bits the frames that wait differ */

_Static_assert(SUMMARY_HOSTS_MAX < NUMBER, "numbers fit into a slot");
_Static_assert(sizeof(struct summary_host) == LINE, "a cache line");

void
summary_hosts_init(struct summary_hosts *h)
{
	h->key = fold_key_make();
	h->n = h->n_slots = h->n_later = 0;
	h->max = SUMMARY_HOSTS_MAX;
}

void
summary_hosts_free(struct summary_hosts *h)
{
	lines_free(h->hosts);
	free(h->slots);
	memset(h, 0, sizeof(*h));
}

static inline uint64_t
hash_of(const struct summary_hosts *h, const struct addr *a)
{
	return fold_pair(&h->key, word_le64(a->bytes),
	    word_le64(a->bytes + 8));
}

static uint32_t
slot_of(uint64_t hash, size_t number)
{
	return ((uint32_t)(hash >> 32) & ~NUMBER) | (uint32_t)(number + 1);
}

static void
slot_fill(uint32_t *slots, size_t n, uint64_t hash, size_t number)
{
	size_t at = (size_t)hash & (n - 1);

	while (slots[at] != 0)
		at = (at + 1) & (n - 1);
	slots[at] = slot_of(hash, number);
}

/* None of them moves later.  Where memory is short they are fewer; and none
 * at all is not asked for again. */
static __attribute__((cold)) bool
hosts_new(struct summary_hosts *h)
{
	do {
		h->hosts = lines_new(h->max + 1);
		if (h->hosts == NULL)
			h->max /= 2;
	} while (h->hosts == NULL && h->max > 0);
	return h->hosts != NULL;
}

/* At most half of the slots are taken.  Where there are some there are
 * hosts. */
static bool
grow(struct summary_hosts *h)
{
	size_t n = h->n_slots == 0 ? SLOTS_FIRST : 2 * h->n_slots;
	uint32_t *slots;

	if (h->hosts == NULL && !hosts_new(h))
		return false;
	slots = calloc(n, sizeof(*slots));
	if (slots == NULL)
		return false;
	for (size_t i = 0; i < h->n; i++)
		slot_fill(slots, n, hash_of(h,
		    &summary_host_at(h, i)->addr), i);
	free(h->slots);
	h->slots = slots;
	h->n_slots = n;
	return true;
}

static __attribute__((cold, noinline)) struct summary_host *
host_new(struct summary_hosts *h, const struct summary_end *end,
    uint64_t frame)
{
	struct summary_host *host;

	if (h->n == h->max ||
	    (2 * (h->n + 1) > h->n_slots && !grow(h)))
		return NULL;
	host = summary_host_at(h, h->n);
	host->addr.kind = end->kind;
	for (unsigned i = 0; i < sizeof(host->addr.bytes); i++)
		host->addr.bytes[i] = (uint8_t)(end->words[i / 8] >>
		    i % 8 * 8);
	host->first_frame = frame;
	slot_fill(h->slots, h->n_slots, end->hash, h->n++);
	return host;
}

static inline bool
is_host(const struct summary_host *host, const struct summary_end *end)
{
	return ((word_le64(host->addr.bytes) ^ end->words[0]) |
	    (word_le64(host->addr.bytes + 8) ^ end->words[1]) |
	    (uint64_t)(host->addr.kind ^ end->kind)) == 0;
}

/* Is it of the hash? */
static inline bool
slot_has(uint32_t slot, uint64_t hash)
{
	return (slot ^ (uint32_t)(hash >> 32)) <= NUMBER;
}

/* The first slot from `at` on that is empty, or with the hash. */
static __attribute__((noinline)) size_t
slot_next(const struct summary_hosts *h, uint64_t hash, size_t at)
{
	for (;; at++) {
		at &= h->n_slots - 1;
		if (h->slots[at] == 0 || slot_has(h->slots[at], hash))
			return at;
	}
}

static __attribute__((noinline)) struct summary_host *
host_find(struct summary_hosts *h, const struct summary_end *end,
    uint64_t frame)
{
	struct summary_host *host;

	if (h->n_slots == 0)
		return host_new(h, end, frame);
	for (size_t at = slot_next(h, end->hash, (size_t)end->hash);
	    h->slots[at] != 0; at = slot_next(h, end->hash, at + 1)) {
		host = h->hosts + (h->slots[at] & NUMBER);
		if (is_host(host, end))
			return host;
	}
	return host_new(h, end, frame);
}

/* The host that it most likely is, which comes near; of an empty slot the one
 * that is nobody.  Mostly its slot is the first or the second, without a
 * branch on which. */
static inline struct summary_host *
host_near(const struct summary_hosts *h, uint64_t hash)
{
	const size_t mask = h->n_slots - 1;
	size_t at = (size_t)hash & mask;

	at = (at + !slot_has(h->slots[at], hash)) & mask;
	if (!slot_has(h->slots[at], hash))
		at = slot_next(h, hash, (size_t)hash);
	fetch(h->hosts + (h->slots[at] & NUMBER));
	return h->hosts + (h->slots[at] & NUMBER);
}

static inline struct summary_near *
near_at(struct summary_hosts *h, const struct flow *f)
{
	return &h->near[(uintptr_t)f / FLOW_LINE % SUMMARY_HOSTS_NEAR];
}

static inline void
host_count(struct summary_host *host, uint64_t packets, uint64_t out,
    uint64_t in, uint64_t frame)
{
	host->packets += packets;
	host->bytes[0] += out;
	host->bytes[1] += in;
	/* What comes behind may have been counted. */
	if (host->last_frame < frame)
		host->last_frame = frame;
}

/* What is noted there is told of its hosts. */
static void
near_settle(struct summary_hosts *h, struct summary_near *near)
{
	if (near->packets != 0 && near->flow != NULL)
		for (unsigned i = 0; i < 2; i++)
			host_count(&h->hosts[near->hosts[i]], near->packets,
			    near->bytes[i], near->bytes[!i],
			    h->frame - (uint32_t)(h->frame - near->last));
	near->bytes[0] = near->bytes[1] = near->packets = 0;
}

static __attribute__((cold)) void
near_settle_all(struct summary_hosts *h)
{
	for (size_t i = 0; i < SUMMARY_HOSTS_NEAR; i++)
		near_settle(h, &h->near[i]);
}

static void
near_note(struct summary_hosts *h, const struct summary_later *later,
    struct summary_host *const ends[2])
{
	struct summary_near *near = near_at(h, later->flow);

	if (later->flow == NULL || ends[0] == NULL || ends[1] == NULL)
		return;
	near_settle(h, near);
	near->flow = later->flow;
	for (unsigned i = 0; i < 2; i++)
		near->hosts[i ^ later->back] = (uint32_t)(ends[i] - h->hosts);
}

static void
later_settle(struct summary_hosts *h)
{
	struct summary_host *hosts[2 * LATER] BYTES_UNSET;
	const size_t n = 2 * h->n_later;

	/* The first hosts make room for themselves. */
	for (size_t i = 0; i < n; i++) {
		const struct summary_near *near =
		    near_at(h, h->later[i / 2].flow);

		hosts[i] = h->n_slots == 0 ? NULL :
		    host_near(h, h->ends[i].hash);
		if (near->packets != 0)
			fetch(&h->hosts[near->hosts[i % 2]]);
	}
	for (size_t i = 0; i < n; i++) {
		const struct summary_later *later = &h->later[i / 2];

		if (hosts[i] == NULL || !is_host(hosts[i], &h->ends[i]))
			hosts[i] = host_find(h, &h->ends[i], later->frame);
		if (hosts[i] == NULL)
			h->refused++;
		else
			host_count(hosts[i], 1, i % 2 == 0 ? later->len : 0,
			    i % 2 == 0 ? 0 : later->len, later->frame);
	}
	for (size_t i = 0; i < h->n_later; i++)
		near_note(h, &h->later[i], &hosts[2 * i]);
	h->n_later = 0;
}

void
summary_hosts_settle(struct summary_hosts *h)
{
	later_settle(h);
	near_settle_all(h);
}

static inline void
end_set(struct summary_end *end, uint8_t kind, uint64_t first, uint64_t second)
{
	end->words[0] = first;
	end->words[1] = second;
	end->kind = kind;
}

/* The next one is there, but for what this sets; slots come near. */
static __attribute__((noinline)) void
later_add(struct summary_hosts *h, const struct record *r)
{
	struct summary_later *later = &h->later[h->n_later];
	struct summary_end *ends = &h->ends[2 * h->n_later];

	later->frame = r->number;
	later->len = r->len;
	for (unsigned i = 0; i < 2; i++) {
		ends[i].hash = fold_pair(&h->key, ends[i].words[0],
		    ends[i].words[1]);
		if (h->n_slots > 0)
			fetch(&h->slots[(size_t)ends[i].hash &
			    (h->n_slots - 1)]);
	}
	if (++h->n_later == LATER)
		later_settle(h);
}

void
summary_hosts_add(struct summary_hosts *h, const struct packet *p)
{
	struct summary_end *ends = &h->ends[2 * h->n_later];

	/* A header that is cut tells of nobody. */
	if (p->src.kind == ADDR_NONE || p->dst.kind == ADDR_NONE)
		return;
	h->later[h->n_later].flow = NULL;
	end_set(&ends[0], p->src.kind, word_le64(p->src.bytes),
	    word_le64(p->src.bytes + 8));
	end_set(&ends[1], p->dst.kind, word_le64(p->dst.bytes),
	    word_le64(p->dst.bytes + 8));
	later_add(h, p->record);
}

/* Which version it is nobody can foretell: no branch.  Behind addresses there
 * are enough bytes of the transport. */
static inline void
plain_add(struct summary_hosts *h, const struct record *r,
    const struct glance *g, const struct flow *f)
{
	const uint64_t six = 0 - (uint64_t)plain_is_ipv6(g);
	const uint64_t first = six | UINT32_MAX;
	const uint8_t kind = (uint8_t)(ADDR_IPV4 + (six & 2));
	const uint8_t *src = r->bytes.p + g->at - 8 - (six & 24);
	const uint8_t *dst = src + 4 + (six & 12);
	struct summary_end *ends = &h->ends[2 * h->n_later];

	h->later[h->n_later].back = g->sport > g->dport;
	h->later[h->n_later].flow = g->sport == g->dport ? NULL : f;
	end_set(&ends[0], kind, word_le64(src) & first,
	    word_le64(src + 8) & six);
	end_set(&ends[1], kind, word_le64(dst) & first,
	    word_le64(dst + 8) & six);
	later_add(h, r);
}

void
summary_hosts_come(struct summary_hosts *h, struct flow *const *flows,
    uint32_t which)
{
	for (; which != 0; which &= which - 1)
		fetch(near_at(h, flows[__builtin_ctz(which)]));
}

/* A packet whose flow is near.  Which these are nobody can foretell, no
 * branch: others are counted for nobody, and the result is 0. */
static inline uint32_t
near_count(struct summary_hosts *h, const struct record *r,
    const struct glance *g, const struct flow *f)
{
	const bool back = g->sport > g->dport;
	struct summary_near *near = near_at(h, f);
	const uint32_t is = (near->flow == f) & (f != NULL);

	near = is != 0 ? near : &h->near[SUMMARY_HOSTS_NEAR];
	if (r->len > UINT32_MAX - near->bytes[back])
		near_settle(h, near);
	near->bytes[back] += r->len;
	near->packets++;
	near->last = (uint32_t)r->number;
	return is;
}

void
summary_hosts_add_plain(struct summary_hosts *h, const struct record *records,
    const struct glance *glances, struct flow *const *flows, uint32_t which)
{
	const uint64_t frame = records[31 - __builtin_clz(which)].number;
	uint32_t far = which;

	if ((frame ^ h->frame) >> TURN != 0)
		near_settle_all(h);
	h->frame = frame;
	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		far ^= near_count(h, &records[i], &glances[i], flows[i]) << i;
	}
	for (; far != 0; far &= far - 1) {
		unsigned i = (unsigned)__builtin_ctz(far);

		plain_add(h, &records[i], &glances[i], flows[i]);
	}
}
