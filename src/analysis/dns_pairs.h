#ifndef ANALYSIS_DNS_PAIRS_H
#define ANALYSIS_DNS_PAIRS_H

#include "analysis/dns_hosts.h"
#include "analysis/latency.h"
#include "base/arena.h"
#include "proto/dns.h"

/*
 * Queries and their answers.  A transaction is known by the two endpoints,
 * the transport and the ID; an answer that names another question is counted
 * and pairs with nothing.  The last PAIRS_OPEN transactions are kept: what is
 * older and unanswered counts as unanswered.
 */
#define DNS_PAIRS_OPEN 32768
#define DNS_PAIRS_SLOWEST 10
#define DNS_PAIRS_UNANSWERED 500 /* listed; all are counted */

struct dns_pair {          /* a line of the cache */
	uint64_t key;           /* hash; 0: free */
	struct timestamp first;
	uint64_t first_frame, last_frame;
	uint64_t question;      /* hash of name and type */
	uint32_t name, client, server; /* entries, or DNS_NOBODY */
	uint16_t type;
	uint8_t tries;          /* 255: or more */
	bool asks : 1;          /* has a question */
	bool answered : 1;
};

struct dns_slow {
	int64_t latency;
	uint64_t query_frame, response_frame;
	uint32_t name, server;
	uint16_t type;
	bool asks;              /* has a question */
};

struct dns_pairs {
	struct dns_hosts *servers;
	struct dns_pair *ring;  /* DNS_PAIRS_OPEN, from malloc */
	uint64_t *heads;        /* of chains: links, 0 for none */
	uint64_t *next;         /* in the chain, by index in ring */
	uint64_t begun;         /* transactions */
	uint64_t answered, unanswered, retries;
	uint64_t duplicates;    /* more answers than one */
	uint64_t unasked;       /* answers without a query in the capture */
	uint64_t mismatched;    /* answers to another question */
	uint64_t evicted;       /* given up for DNS_PAIRS_OPEN */
	struct latency latency;
	size_t n_slowest;
	struct dns_slow slowest[DNS_PAIRS_SLOWEST];
	size_t n_left;
	struct dns_pair *left;  /* unanswered ones, DNS_PAIRS_UNANSWERED */
};

/* `servers` are told of what they left unanswered. */
bool dns_pairs_init(struct dns_pairs *p, struct dns_hosts *servers);
void dns_pairs_free(struct dns_pairs *p);

/* What identifies a transaction. */
uint64_t dns_pairs_key(const struct dns_message *m,
    const struct transport *t);

/* A message of one. */
struct dns_pairs_query {
	uint64_t frame;
	struct timestamp time;
	uint64_t question;      /* hash of name and type, when it asks */
	uint32_t name, client, server; /* of a query */
	uint16_t type;
	bool asks;              /* has a question */
};

void dns_pairs_query(struct dns_pairs *p, uint64_t key,
    const struct dns_pairs_query *q);
/* The transaction that is answered for the first time, else NULL; *latency is
 * the time it took in ns, or -1. */
const struct dns_pair *dns_pairs_response(struct dns_pairs *p, uint64_t key,
    const struct dns_pairs_query *q, int64_t *latency);
/*
 * To be called some time before, in this order: fetches what the look-up of
 * `key` starts with; then the transaction that it most likely finds, or NULL,
 * whose memory is then on its way.
 */
void dns_pairs_prefetch(const struct dns_pairs *p, uint64_t key);
const struct dns_pair *dns_pairs_guess(const struct dns_pairs *p,
    uint64_t key);
/* At the end: what is open is unanswered. */
void dns_pairs_finish(struct dns_pairs *p);

#endif
