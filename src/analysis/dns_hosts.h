#ifndef ANALYSIS_DNS_HOSTS_H
#define ANALYSIS_DNS_HOSTS_H

#include "base/addr.h"
#include "base/table.h"

/* Those who ask, or are asked, by number. */
#define DNS_NOBODY UINT32_MAX

struct dns_host {
	uint64_t first_frame, last_frame;
	int64_t latency_sum;  /* ns, of a server */
	uint32_t latency_count;
	uint32_t queries, responses, nxdomain, servfail;
	uint32_t unanswered;  /* of a server, at the end */
};

struct dns_hosts {
	struct table ends;     /* address and port */
	struct dns_host *host; /* by number in there */
	size_t n;              /* of them */
};

/* The key of an endpoint, in `out`; and what it says. */
#define DNS_END_BYTES (sizeof(struct addr) + 2)
struct span dns_end_key(uint8_t out[DNS_END_BYTES], const struct addr *a,
    uint16_t port);
uint16_t dns_end_read(struct span key, struct addr *a);
uint64_t dns_end_hash(const struct addr *a, uint16_t port);

bool dns_hosts_init(struct dns_hosts *h);
void dns_hosts_free(struct dns_hosts *h);
/* Seen in `frame`; DNS_NOBODY when there is no more room.  `hash` is
 * dns_end_hash(). */
uint32_t dns_hosts_find(struct dns_hosts *h, const struct addr *a,
    uint16_t port, uint64_t hash, uint64_t frame);
/* NULL for DNS_NOBODY. */
struct dns_host *dns_host_at(const struct dns_hosts *h, uint32_t number);
/* Some time before, in this order; what the look-up will read is then on its
 * way.  SIZE_MAX: nothing is known to be. */
void dns_hosts_prefetch(const struct dns_hosts *h, uint64_t hash);
size_t dns_hosts_guess(const struct dns_hosts *h, uint64_t hash);
void dns_hosts_prefetch_host(const struct dns_hosts *h, size_t number);

#endif
