#ifndef ANALYSIS_DNS_EXCHANGE_H
#define ANALYSIS_DNS_EXCHANGE_H

#include "analysis/dns_domains.h"
#include "analysis/dns_pairs.h"

/*
 * Who asked whom: clients, servers, names, transactions, addresses, and the
 * rows, which say how long an answer took.  A message waits while others come:
 * what its look-ups will read is fetched in steps, each of which needs what
 * the one before has fetched; a query that comes is the sign for steps of the
 * queries before it, as is a response.  Messages are handled in the order in which
 * they came, so tables, counts and rows are those of doing all at once.
 */
#define DNS_WAITING 16
#define DNS_WAITING_LIKE 8 /* queries, or responses, with steps to do */
#define DNS_WAITING_NAME 96 /* messages with longer names wait for nobody */

struct dns_state;

enum dns_waits {
	DNS_WAITS_ROW,      /* for its row and nothing else */
	DNS_WAITS_QUERY,
	DNS_WAITS_RESPONSE,
};

struct dns_waiting {
	struct dns_waiting *next; /* round and round */
	uint8_t as;             /* enum dns_waits */
	uint8_t kind;           /* enum dns_kind */
	bool odd_port;
	bool bad_name;          /* of the first question */
	struct dns_ask ask;     /* the first question */
	struct dns_pairs_query q;
	uint64_t pair;          /* dns_pairs_key() */
	uint64_t client_hash, server_hash; /* of a query, dns_end_hash() */
	struct addr src, dst;
	uint16_t sport, dport;
	uint16_t rcode;
	size_t bytes;           /* of the message */
	/* What it will most likely find; a name as `ask.guess`. */
	const struct dns_pair *guess;
	size_t client_guess, server_guess; /* of a query */
	/* Its row: where the latency goes; nothing when none is wanted. */
	struct buf row;
	size_t row_latency;
	uint8_t name[DNS_WAITING_NAME];
	struct dns_answer answer; /* the addresses that it tells */
};

/* Queries, or responses, the last ones.  Some of them may have been handled,
 * and their places may have been taken: steps are hints, and those of another
 * message do no harm. */
struct dns_steps {
	size_t n;
	struct dns_waiting *which[DNS_WAITING_LIKE];
};

struct dns_exchange {
	uint64_t n, ended;      /* messages */
	struct dns_waiting *free, *oldest;
	struct dns_steps queries, responses;
	struct dns_waiting waiting[DNS_WAITING];
};

void dns_exchange_init(struct dns_exchange *e);
void dns_exchange_free(struct dns_exchange *e);
/* One message; its row is one of `s->listing.rows`. */
void dns_exchange_add(struct dns_state *s, const struct packet *p,
    const struct message *msg);
/* After the last one. */
void dns_exchange_settle(struct dns_state *s);

#endif
