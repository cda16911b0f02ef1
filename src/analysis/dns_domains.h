#ifndef ANALYSIS_DNS_DOMAINS_H
#define ANALYSIS_DNS_DOMAINS_H

#include "analysis/ranked.h"
#include "base/table_later.h"
#include "proto/dns.h"

/*
 * The names that were asked for, each of them and by registered domain, with
 * what hints at tunnels and generated names, as numbers: how many labels,
 * how long, how even their characters, bytes each way.
 */
#define DNS_CHARACTERS 38 /* a-z, 0-9, '-', anything else */
#define DNS_FIRST_CLIENTS 7

/* What every query and answer touches: small and close together. */
struct dns_domain {
	uint64_t query_bytes, response_bytes;
	uint64_t first_frame, last_frame;
	uint32_t queries, responses, nxdomain;
	uint32_t txt_null;         /* queries for TXT and NULL */
	uint32_t clients;          /* different ones; the first of them: */
	uint32_t first_clients[DNS_FIRST_CLIENTS];
};

/* What a new name adds to. */
struct dns_measure {
	uint64_t name_bytes;       /* of all different names */
	uint64_t characters_n;     /* in the labels left of the domain */
	uint32_t names;            /* different ones */
	uint32_t longest_label, longest_name;
	uint32_t characters[DNS_CHARACTERS];
};

struct dns_asked {
	uint64_t first_frame, last_frame;
	uint32_t queries;
	uint32_t domain;           /* entry of `domains`, UINT32_MAX none */
};

/* A question: its name in lower case and hash_text() of that. */
struct dns_ask {
	struct span name;
	uint64_t hash;
	uint16_t type;
};

/* The arrays belong to the tables' entries, by number. */
struct dns_domains {
	struct table names;
	struct dns_asked *asked;
	size_t n_asked;
	struct table domains;
	struct dns_domain *domain;
	struct dns_measure *measure;
	size_t n_domain;
	struct table pairs;        /* domain and client, beyond the first */
	struct table_later later;  /* of the pairs, */
	uint32_t waiting[TABLE_LATER]; /* and their domains */
};

bool dns_domains_init(struct dns_domains *d);
void dns_domains_free(struct dns_domains *d);
/*
 * To be called some time before, in this order: each fetches what the next
 * and the look-ups will read.  The entry that a name most likely has, or
 * SIZE_MAX.
 */
void dns_domains_prefetch(const struct dns_domains *d, uint64_t hash);
size_t dns_domains_guess(const struct dns_domains *d, uint64_t hash);
void dns_domains_prefetch_name(const struct dns_domains *d, size_t name);
void dns_domains_prefetch_domain(const struct dns_domains *d, size_t name);
/* One question of a query; `client` is a number.  Returns the name's entry,
 * SIZE_MAX when there is no more room. */
size_t dns_domains_query(struct dns_domains *d, const struct dns_ask *ask,
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
/* Bits a character, 0 to 5.2. */
double dns_domain_entropy(const struct dns_measure *m);
/* After the last one, before the report. */
void dns_domains_settle(struct dns_domains *d);
void dns_domains_report(const struct dns_domains *d, struct json *j,
    size_t max_bytes);

#endif
