#ifndef ANALYSIS_DNS_DOMAINS_H
#define ANALYSIS_DNS_DOMAINS_H

#include "analysis/ranked.h"
#include "proto/dns.h"

/*
 * The names that were asked for, each of them and by registered domain, with
 * what hints at tunnels and generated names, as numbers: how many labels,
 * how long, how even their characters, bytes each way.
 */
#define DNS_CHARACTERS 38 /* a-z, 0-9, '-', anything else */

struct dns_domain {
	uint64_t queries, responses, nxdomain;
	uint64_t query_bytes, response_bytes;
	uint64_t txt_null;         /* queries for TXT and NULL */
	uint64_t first_frame, last_frame;
	uint32_t names, clients;   /* different ones */
	uint32_t longest_label, longest_name;
	uint64_t name_bytes;       /* of all different names */
	uint64_t characters_n;     /* in the labels left of the domain */
	uint32_t characters[DNS_CHARACTERS];
};

struct dns_asked {
	uint32_t domain;           /* entry of `domains`, UINT32_MAX none */
	uint64_t queries;
	uint64_t first_frame, last_frame;
};

struct dns_domains {
	struct table names;        /* key to struct dns_asked */
	struct table domains;      /* key to struct dns_domain */
	struct table pairs;        /* domain and client */
};

void dns_domains_init(struct dns_domains *d);
void dns_domains_free(struct dns_domains *d);
/* One question of a query; `client` is a number.  Returns the name's entry,
 * SIZE_MAX when there is no more room. */
size_t dns_domains_query(struct dns_domains *d, const struct dns_question *q,
    uint32_t client, uint64_t frame, size_t bytes);
void dns_domains_response(struct dns_domains *d, const struct dns_question *q,
    uint16_t rcode, size_t bytes);
/*
 * The domain that somebody can register, by rule: the last two labels, or
 * three when the last has two letters and the one before is a known word (co,
 * com, ac ...).
 */
struct span dns_domain_of(struct span key);
/* Bits a character, 0 to 5.2. */
double dns_domain_entropy(const struct dns_domain *d);
void dns_domains_report(const struct dns_domains *d, struct json *j,
    size_t max_bytes);

#endif
