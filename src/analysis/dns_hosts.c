#include "analysis/dns_hosts.h"

#include <stdlib.h>

#include "base/lines.h"
#include "base/word.h"

_Static_assert(sizeof(struct dns_host) == LINE, "a host is a line");

static __attribute__((noinline)) uint64_t
ipv6_hash(const struct addr *a, uint64_t end)
{
	uint64_t words[3] = { end };

	memcpy(words + 1, a->bytes, sizeof(a->bytes));
	return hash_words(words, LENGTH(words));
}

uint64_t
dns_end_hash(const struct addr *a, uint16_t port)
{
	uint64_t end = (uint64_t)port << 8 | a->kind;

	if (a->kind != ADDR_IPV4)
		return ipv6_hash(a, end);
	return hash_word((uint64_t)word_le32(a->bytes) << 32 | end);
}

/* Memory that nobody touches costs nothing. */
bool
dns_hosts_init(struct dns_hosts *h, size_t max)
{
	h->max = max;
	h->host = lines_new(max);
	h->first_frame = calloc(max, sizeof(*h->first_frame));
	return h->host != NULL && h->first_frame != NULL;
}

void
dns_hosts_free(struct dns_hosts *h)
{
	slots_free(&h->slots);
	lines_free(h->host);
	free(h->first_frame);
}

static __attribute__((noinline)) uint32_t
host_new(struct dns_hosts *h, const struct addr *a, uint16_t port,
    uint64_t hash, uint64_t frame)
{
	if (h->n == h->max || !slots_add(&h->slots, hash, h->n)) {
		h->refused++;
		return DNS_NOBODY;
	}
	h->host[h->n] = (struct dns_host){ .last_frame = frame, .addr = *a,
		.port = port };
	h->first_frame[h->n] = frame;
	return (uint32_t)h->n++;
}

uint32_t
dns_hosts_look_up(struct dns_hosts *h, const struct addr *a, uint16_t port,
    uint64_t hash, uint64_t frame)
{
	const struct slots *s = &h->slots;

	for (size_t at = slots_first(s, hash); slots_taken(s, at);
	    at = slots_next(s, at)) {
		struct dns_host *host = &h->host[slots_number(s, at)];

		if (!slots_may_be(s, at, hash) || host->port != port ||
		    !addr_equal(&host->addr, a))
			continue;
		host->last_frame = frame;
		return (uint32_t)slots_number(s, at);
	}
	return host_new(h, a, port, hash, frame);
}
