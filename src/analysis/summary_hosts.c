#include "analysis/summary_hosts.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/fetch.h"
#include "base/lines.h"
#include "base/word.h"

#define SLOTS_FIRST ((size_t)1024)
#define NUMBER 0x1ffffU /* the rest of a slot is of the hash */

#define LATER SUMMARY_HOSTS_LATER

_Static_assert(SUMMARY_HOSTS_MAX < NUMBER, "numbers fit into a slot");
_Static_assert(sizeof(struct summary_host) == LINE, "a cache line");

__attribute__((cold)) void
summary_hosts_init(struct summary_hosts *h)
{
	h->key = fold_key_make();
	h->n = h->n_slots = h->n_later = 0;
	h->max = SUMMARY_HOSTS_MAX;
}

__attribute__((cold)) void
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
static __attribute__((cold, noinline)) bool
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

/* What went out of it, or in. */
static inline __attribute__((always_inline)) void
end_count(struct summary_hosts *h, struct summary_host *host,
    const struct summary_end *end, const struct summary_later *later,
    unsigned in)
{
	if (!is_host(host, end)) {
		host = host_find(h, end, later->frame);
		if (host == NULL) {
			h->refused++;
			return;
		}
	}
	/* One that a host sent to itself is counted once. */
	host->packets += host->last_frame != later->frame;
	host->last_frame = later->frame;
	host->bytes[in] += later->len;
}

void
summary_hosts_settle(struct summary_hosts *h)
{
	struct summary_host *near[2 * LATER] BYTES_UNSET;
	const size_t n = h->n_later;

	h->n_later = 0;
	if (n > 0 && h->n_slots == 0 && !grow(h)) {
		h->refused += 2 * n;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		near[2 * i] = host_near(h, h->ends[2 * i].hash);
		near[2 * i + 1] = host_near(h, h->ends[2 * i + 1].hash);
	}
	for (size_t i = 0; i < n; i++) {
		const struct summary_later *later = &h->later[i];
		const struct summary_end *ends = &h->ends[2 * i];

		end_count(h, near[2 * i], &ends[0], later, 0);
		end_count(h, near[2 * i + 1], &ends[1], later, 1);
	}
}

static inline void
end_set(const struct summary_hosts *h, struct summary_end *end, uint8_t kind,
    uint64_t first, uint64_t second)
{
	end->words[0] = first;
	end->words[1] = second;
	end->hash = fold_pair(&h->key, first, second);
	end->kind = kind;
}

/* Where the next two ends go. */
static inline struct summary_end *
later_next(struct summary_hosts *h, const struct record *r)
{
	struct summary_later *later = &h->later[h->n_later];

	later->frame = r->number;
	later->len = r->len;
	return &h->ends[2 * h->n_later];
}

/* Their slots come near. */
static inline void
later_done(struct summary_hosts *h, const struct summary_end *ends)
{
	if (h->n_slots > 0)
		for (unsigned i = 0; i < 2; i++)
			fetch(&h->slots[(size_t)ends[i].hash &
			    (h->n_slots - 1)]);
	if (++h->n_later == LATER)
		summary_hosts_settle(h);
}

void
summary_hosts_add(struct summary_hosts *h, const struct packet *p)
{
	struct summary_end *ends;

	/* A header that is cut tells of nobody. */
	if (p->src.kind == ADDR_NONE || p->dst.kind == ADDR_NONE)
		return;
	ends = later_next(h, p->record);
	end_set(h, &ends[0], p->src.kind, word_le64(p->src.bytes),
	    word_le64(p->src.bytes + 8));
	end_set(h, &ends[1], p->dst.kind, word_le64(p->dst.bytes),
	    word_le64(p->dst.bytes + 8));
	later_done(h, ends);
}

/* Which version it is nobody can foretell: no branch.  Behind addresses there
 * are enough bytes of the transport. */
static inline void
plain_add(struct summary_hosts *h, const struct record *r,
    const struct glance *g)
{
	const uint64_t six = 0 - (uint64_t)plain_is_ipv6(g);
	const uint64_t first = six | UINT32_MAX;
	const uint8_t kind = (uint8_t)(ADDR_IPV4 + (six & 2));
	const uint8_t *src = r->bytes.p + g->at - 8 - (six & 24);
	const uint8_t *dst = src + 4 + (six & 12);
	struct summary_end *ends = later_next(h, r);

	end_set(h, &ends[0], kind, word_le64(src) & first,
	    word_le64(src + 8) & six);
	end_set(h, &ends[1], kind, word_le64(dst) & first,
	    word_le64(dst + 8) & six);
	later_done(h, ends);
}

void
summary_hosts_add_plain(struct summary_hosts *h, const struct record *records,
    const struct glance *glances, uint32_t which)
{
	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		plain_add(h, &records[i], &glances[i]);
	}
}
