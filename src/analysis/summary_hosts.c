#include "base/fetch.h"
#include "analysis/summary_hosts.h"

#include <stdlib.h>

#define SLOTS_FIRST ((size_t)1024)
/* So many packets later their slots have come, and then their hosts. */
#define SLOTS_LATER 6
#define NUMBER 0x1ffffU /* the rest of a slot is of the hash */

#define LATER SUMMARY_HOSTS_LATER

_Static_assert(SUMMARY_HOSTS_MAX < NUMBER, "numbers fit into a slot");
_Static_assert(sizeof(struct summary_host) == SUMMARY_HOST_LINE, "a cache line");

void
summary_hosts_init(struct summary_hosts *h)
{
	h->key = fold_key_make();
	h->n = h->n_slots = h->n_later = h->n_counted = 0;
}

void
summary_hosts_free(struct summary_hosts *h)
{
	for (size_t i = 0; i < LENGTH(h->allocated); i++)
		free(h->allocated[i]);
	free(h->slots);
	memset(h, 0, sizeof(*h));
}

static inline uint64_t
hash_of(const struct summary_hosts *h, const struct addr *a)
{
	uint64_t words[2];

	memcpy(words, a->bytes, sizeof(words));
	return fold_pair(&h->key, words[0], words[1]);
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

/* At most half of the slots are taken. */
static bool
grow(struct summary_hosts *h)
{
	size_t n = h->n_slots == 0 ? SLOTS_FIRST : 2 * h->n_slots;
	uint32_t *slots = calloc(n, sizeof(*slots));

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

/* The part that the next host goes to. */
static bool
part_make(struct summary_hosts *h)
{
	size_t i = h->n / SUMMARY_HOSTS_PART;
	uint8_t *p;

	if (h->parts[i] != NULL)
		return true;
	h->allocated[i] = p = malloc((SUMMARY_HOSTS_PART + 1) *
	    SUMMARY_HOST_LINE);
	if (p == NULL)
		return false;
	p += (0 - (uintptr_t)p) % SUMMARY_HOST_LINE;
	h->parts[i] = (struct summary_host *)(void *)p;
	return true;
}

static __attribute__((noinline)) struct summary_host *
host_new(struct summary_hosts *h, const struct summary_ends *ends,
    unsigned end)
{
	struct summary_host *host;

	if (h->n == SUMMARY_HOSTS_MAX ||
	    (2 * (h->n + 1) > h->n_slots && !grow(h)) || !part_make(h))
		return NULL;
	host = summary_host_at(h, h->n);
	*host = (struct summary_host){ .addr = ends->addr[end],
		.first_frame = ends->frame };
	slot_fill(h->slots, h->n_slots, ends->hash[end], h->n++);
	return host;
}

/* Is it empty, or with the hash? */
static inline bool
slot_ends(uint32_t slot, uint64_t hash)
{
	return slot == 0 || ((slot ^ slot_of(hash, 0)) & ~NUMBER) == 0;
}

/* The first of these from `at` on. */
static __attribute__((noinline)) size_t
slot_next(const struct summary_hosts *h, uint64_t hash, size_t at)
{
	while (!slot_ends(h->slots[at & (h->n_slots - 1)], hash))
		at++;
	return at & (h->n_slots - 1);
}

static __attribute__((noinline)) struct summary_host *
host_find(struct summary_hosts *h, const struct summary_ends *ends,
    unsigned end)
{
	uint64_t hash = ends->hash[end];
	struct summary_host *host;

	if (h->n_slots == 0)
		return host_new(h, ends, end);
	for (size_t at = slot_next(h, hash, (size_t)hash); h->slots[at] != 0;
	    at = slot_next(h, hash, at + 1)) {
		host = summary_host_at(h, (h->slots[at] & NUMBER) - 1);
		if (addr_equal(&host->addr, &ends->addr[end]))
			return host;
	}
	return host_new(h, ends, end);
}

/* The hosts that the ends most likely are. */
static inline void
hosts_near(const struct summary_hosts *h, struct summary_ends *ends)
{
	for (unsigned i = 0; i < 2; i++) {
		uint64_t hash = ends->hash[i];
		uint32_t slot = h->slots[(size_t)hash & (h->n_slots - 1)];

		if (!slot_ends(slot, hash))
			slot = h->slots[slot_next(h, hash, (size_t)hash)];
		ends->near[i] = summary_host_at(h,
		    (slot & NUMBER) - (slot != 0));
		fetch(ends->near[i]);
	}
}

static __attribute__((noinline)) void
ends_count(struct summary_hosts *h, const struct summary_ends *ends)
{
	for (unsigned end = 0; end < 2; end++) {
		struct summary_host *host = ends->near[end];

		if (host == NULL ||
		    !addr_equal(&host->addr, &ends->addr[end]))
			host = host_find(h, ends, end);
		if (host == NULL) {
			h->refused++;
			continue;
		}
		host->last_frame = ends->frame;
		host->packets++;
		*(end == 0 ? &host->bytes_out : &host->bytes_in) += ends->len;
	}
}

void
summary_hosts_settle(struct summary_hosts *h)
{
	for (; h->n_counted < h->n_later; h->n_counted++)
		ends_count(h, &h->later[h->n_counted % LATER]);
}

/* The place of the next ends: those of so many packets before are counted. */
static inline struct summary_ends *
later_next(struct summary_hosts *h)
{
	struct summary_ends *ends = &h->later[h->n_later % LATER];

	if (h->n_later - h->n_counted == LATER) {
		ends_count(h, ends);
		h->n_counted++;
	}
	return ends;
}

/* The ends have their addresses and hashes. */
static __attribute__((noinline)) void
later_add(struct summary_hosts *h, struct summary_ends *ends,
    const struct record *r)
{
	ends->frame = r->number;
	ends->len = r->len;
	if (h->n_slots > 0) {
		for (unsigned i = 0; i < 2; i++)
			fetch(&h->slots[(size_t)ends->hash[i] &
			    (h->n_slots - 1)]);
		hosts_near(h, &h->later[(h->n_later - SLOTS_LATER) % LATER]);
	}
	h->n_later++;
}

void
summary_hosts_add(struct summary_hosts *h, const struct packet *p)
{
	struct summary_ends *ends;

	/* A header that is cut tells of nobody. */
	if (p->src.kind == ADDR_NONE || p->dst.kind == ADDR_NONE)
		return;
	ends = later_next(h);
	ends->addr[0] = p->src;
	ends->addr[1] = p->dst;
	/* Not of the copies: what was just written would have to be waited
	 * for. */
	ends->hash[0] = hash_of(h, &p->src);
	ends->hash[1] = hash_of(h, &p->dst);
	later_add(h, ends, p->record);
}

static inline void
end_set(const struct summary_hosts *h, struct summary_ends *ends,
    unsigned end, enum addr_kind kind, const uint8_t *bytes, size_t n)
{
	uint64_t words[2] = { 0, 0 };

	memcpy(words, bytes, n);
	ends->addr[end].kind = (uint8_t)kind;
	memcpy(ends->addr[end].bytes, words, sizeof(words));
	ends->hash[end] = fold_pair(&h->key, words[0], words[1]);
}

void
summary_hosts_add_plain(struct summary_hosts *h, const struct record *r,
    const uint8_t *bytes, bool ipv6)
{
	struct summary_ends *ends = later_next(h);

	if (ipv6) {
		end_set(h, ends, 0, ADDR_IPV6, bytes, 16);
		end_set(h, ends, 1, ADDR_IPV6, bytes + 16, 16);
	} else {
		end_set(h, ends, 0, ADDR_IPV4, bytes, 4);
		end_set(h, ends, 1, ADDR_IPV4, bytes + 4, 4);
	}
	later_add(h, ends, r);
}
