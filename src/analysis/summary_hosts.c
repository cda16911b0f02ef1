#include "analysis/summary_hosts.h"

#include <stdlib.h>

#include "base/table.h"

#define SLOTS_FIRST ((size_t)1024)
#define NUMBER 0x1ffffU /* the rest of a slot is of the hash */

_Static_assert(SUMMARY_HOSTS_MAX < NUMBER, "numbers fit into a slot");
_Static_assert(sizeof(struct summary_host) == SUMMARY_HOST_LINE, "a cache line");

void
summary_hosts_init(struct summary_hosts *h)
{
	hash_key_init();
	h->n = h->n_slots = h->n_ends = 0;
}

void
summary_hosts_free(struct summary_hosts *h)
{
	for (size_t i = 0; i < LENGTH(h->parts); i++)
		free(h->parts[i]);
	free(h->slots);
	memset(h, 0, sizeof(*h));
}

static uint64_t
hash_of(const struct addr *a)
{
	uint64_t words[2];

	memcpy(words, a->bytes, sizeof(words));
	return hash_words(words, LENGTH(words));
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
		slot_fill(slots, n, hash_of(&summary_host_at(h, i)->addr), i);
	free(h->slots);
	h->slots = slots;
	h->n_slots = n;
	return true;
}

static struct summary_host *
host_new(struct summary_hosts *h, const struct summary_end *end)
{
	uint8_t **part = &h->parts[h->n / SUMMARY_HOSTS_PART];
	struct summary_host *host;

	if (h->n == SUMMARY_HOSTS_MAX ||
	    (2 * (h->n + 1) > h->n_slots && !grow(h)))
		return NULL;
	if (*part == NULL)
		*part = malloc((SUMMARY_HOSTS_PART + 1) * SUMMARY_HOST_LINE);
	if (*part == NULL)
		return NULL;
	host = summary_host_at(h, h->n);
	*host = (struct summary_host){ .addr = end->addr,
		.first_frame = end->frame };
	slot_fill(h->slots, h->n_slots, end->hash, h->n++);
	return host;
}

static struct summary_host *
host_find(struct summary_hosts *h, const struct summary_end *end)
{
	uint32_t wanted = slot_of(end->hash, 0), slot;
	size_t mask = h->n_slots - 1, at = (size_t)end->hash & mask;

	for (; h->n_slots > 0 && (slot = h->slots[at]) != 0;
	    at = (at + 1) & mask) {
		struct summary_host *host;

		if (((slot ^ wanted) & ~NUMBER) != 0)
			continue;
		host = summary_host_at(h, (slot & NUMBER) - 1);
		if (addr_equal(&host->addr, &end->addr))
			return host;
	}
	return host_new(h, end);
}

/* The host that an end most likely is. */
static void
host_near(const struct summary_hosts *h, const struct summary_end *end)
{
	uint32_t slot = h->slots[(size_t)end->hash & (h->n_slots - 1)];

	if (slot != 0)
		__builtin_prefetch(summary_host_at(h, (slot & NUMBER) - 1), 1);
}

void
summary_hosts_settle(struct summary_hosts *h)
{
	for (size_t i = 0; i < h->n_ends && h->n_slots > 0; i++)
		host_near(h, &h->ends[i]);
	for (size_t i = 0; i < h->n_ends; i++) {
		const struct summary_end *end = &h->ends[i];
		struct summary_host *host = host_find(h, end);

		if (host == NULL) {
			h->refused++;
			continue;
		}
		host->last_frame = end->frame;
		host->packets++;
		if (end->in)
			host->bytes_in += end->len;
		else
			host->bytes_out += end->len;
	}
	h->n_ends = 0;
}

static void
end_add(struct summary_hosts *h, const struct addr *a, bool in,
    const struct record *r)
{
	struct summary_end *end = &h->ends[h->n_ends++];

	end->addr = *a;
	end->in = in;
	end->len = r->len;
	end->frame = r->number;
	end->hash = hash_of(a);
	if (h->n_slots > 0)
		__builtin_prefetch(&h->slots[(size_t)end->hash &
		    (h->n_slots - 1)]);
}

void
summary_hosts_add(struct summary_hosts *h, const struct packet *p)
{
	/* A header that is cut tells of nobody. */
	if (p->src.kind == ADDR_NONE || p->dst.kind == ADDR_NONE)
		return;
	end_add(h, &p->src, false, p->record);
	end_add(h, &p->dst, true, p->record);
	if (h->n_ends == SUMMARY_ENDS)
		summary_hosts_settle(h);
}
