#ifndef ANALYSIS_DNS_HOSTS_H
#define ANALYSIS_DNS_HOSTS_H

#include "base/addr.h"
#include "base/table.h"

/* Those who ask, or are asked, by number. */
#define DNS_NOBODY UINT32_MAX
#define DNS_HOSTS_MAX 20000

/* A line of the cache. */
struct dns_host {
	uint64_t last_frame;
	int64_t latency_sum;  /* ns, of a server */
	uint32_t latency_count;
	uint32_t queries, responses, nxdomain, servfail;
	uint32_t nx_names;    /* different ones said not to exist, to a client */
	uint32_t unanswered;  /* of a server; those that wait not yet */
	struct addr addr;
	uint16_t port;        /* of a server */
};

struct dns_hosts {
	struct slots slots;
	struct dns_host *host;
	uint64_t *first_frame; /* of each */
	size_t n, max;
	uint64_t refused;
};

uint64_t dns_end_hash(const struct addr *a, uint16_t port);

bool dns_hosts_init(struct dns_hosts *h, size_t max);
void dns_hosts_free(struct dns_hosts *h);
/* Seen in `frame`; DNS_NOBODY when there is no more room.  `hash` is
 * dns_end_hash(). */
uint32_t dns_hosts_look_up(struct dns_hosts *h, const struct addr *a,
    uint16_t port, uint64_t hash, uint64_t frame);

/* The same where one knows who that most likely is: SIZE_MAX for not. */
static inline uint32_t
dns_hosts_find(struct dns_hosts *h, const struct addr *a, uint16_t port,
    uint64_t hash, uint64_t frame, size_t guess)
{
	if (guess == SIZE_MAX || h->host[guess].port != port ||
	    !addr_equal(&h->host[guess].addr, a))
		return dns_hosts_look_up(h, a, port, hash, frame);
	h->host[guess].last_frame = frame;
	return (uint32_t)guess;
}

/* NULL for DNS_NOBODY. */
static inline struct dns_host *
dns_host_at(const struct dns_hosts *h, uint32_t number)
{
	return number == DNS_NOBODY ? NULL : &h->host[number];
}

/* Some time before, in this order; what the look-up will read is then on its
 * way.  SIZE_MAX: nothing is known to be. */
static inline void
dns_hosts_prefetch(const struct dns_hosts *h, uint64_t hash)
{
	slots_prefetch(&h->slots, hash);
}

static inline size_t
dns_hosts_guess(const struct dns_hosts *h, uint64_t hash)
{
	size_t number = slots_guess(&h->slots, hash);

	if (number != SIZE_MAX)
		fetch(&h->host[number]);
	return number;
}

#endif
