#ifndef ANALYSIS_DNS_DOMAINS_H
#define ANALYSIS_DNS_DOMAINS_H

#include "analysis/dns_map.h"
#include "analysis/ranked.h"
#include "base/word_set.h"
#include "proto/dns.h"

/*
 * The names that were asked for, each of them and by registered domain, with
 * what hints at tunnels and generated names, as numbers: how many labels,
 * how long, how even their characters, bytes each way.
 */
#define DNS_FIRST_CLIENTS 7

/* What every query and answer touches: a line of the cache. */
struct dns_domain {
	uint64_t query_bytes, response_bytes;
	uint64_t first_frame, last_frame;
	uint32_t queries, responses, nxdomain;
	uint32_t txt_null;         /* queries for TXT and NULL */
	uint16_t clients;          /* different ones; the first of them: */
	uint16_t first_clients[DNS_FIRST_CLIENTS];
};

struct dns_asked {
	uint32_t queries;
	uint32_t domain;           /* entry of `domains`, DNS_NOBODY none */
	struct dns_known known;    /* what was answered before */
	uint64_t unused;           /* two of them are a line of the cache */
};

/* A question: its name in lower case and hash_text() of that. */
struct dns_ask {
	struct span name;
	uint64_t hash;
	size_t domain_bytes;       /* at its end; 0: not yet looked for, */
	uint64_t domain_hash;      /* else hash_text() of it */
	size_t guess;              /* its entry most likely, or SIZE_MAX */
	uint16_t type;
};

/* The arrays belong to the tables' entries, by number. */
struct dns_domains {
	struct table names;
	struct dns_asked *asked;
	size_t n_asked;
	struct table domains;
	struct dns_domain *domain;
	size_t n_domain;
	struct word_set clients;   /* of domains, beyond the first; to be
	                            * settled before the report */
};

bool dns_domains_init(struct dns_domains *d);
void dns_domains_free(struct dns_domains *d);
/*
 * To be called some time before, in this order: each fetches what the next
 * and the look-ups will read.  The entry that a name most likely has, or
 * SIZE_MAX.
 */
static inline void
dns_domains_prefetch(const struct dns_domains *d, uint64_t hash)
{
	table_prefetch_slot(&d->names, hash);
}

static inline size_t
dns_domains_guess(const struct dns_domains *d, uint64_t hash)
{
	return table_guess(&d->names, hash);
}

/* For a name that is not known. */
void dns_domains_expect(const struct dns_domains *d, struct dns_ask *ask);

static inline void
dns_domains_prefetch_name(const struct dns_domains *d, size_t name)
{
	table_prefetch(&d->names, name);
	fetch(&d->asked[name]);
}

static inline void
dns_domains_prefetch_domain(const struct dns_domains *d, size_t name)
{
	uint32_t at = d->asked[name].domain;

	if (at != DNS_NOBODY)
		fetch(&d->domain[at]);
}

/* One question of a query; `client` is a number.  Returns the name's entry,
 * SIZE_MAX when there is no more room. */
size_t dns_domains_query(struct dns_domains *d, struct dns_ask *ask,
    uint32_t client, uint64_t frame, size_t bytes);
/* `at` is the entry that dns_domains_query() gave, or SIZE_MAX. */
void dns_domains_response(struct dns_domains *d, struct span name, size_t at,
    uint16_t rcode, size_t bytes);
/*
 * The domain that somebody can register, by rule: the last two labels, or
 * three when the last has two letters and the one before is a known word (co,
 * com, ac ...).
 */
struct span dns_domain_of(struct span key);
/* The next label, which may hold escaped dots; *rest loses it and the dot. */
struct span dns_label_next(struct span *rest);
void dns_domains_report(const struct dns_domains *d, struct json *j,
    size_t max_bytes);

#endif
