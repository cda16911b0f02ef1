#ifndef ANALYSIS_DNS_EXCHANGE_H
#define ANALYSIS_DNS_EXCHANGE_H

#include "analysis/dns_domains.h"
#include "analysis/dns_pairs.h"

/*
 * Who asked whom: clients, servers, names, transactions, and the rows, which
 * say how long an answer took.  Messages wait until some have come together,
 * so that the memory of their look-ups is on its way, and are handled in the
 * order in which they came: tables, counts and rows are those of doing all at
 * once.
 */
#define DNS_WAITING 16
#define DNS_WAITING_NAME 96 /* messages with longer names wait for nobody */

struct dns_state;

enum dns_waits {
	DNS_WAITS_ROW,      /* for its row and nothing else */
	DNS_WAITS_QUERY,
	DNS_WAITS_RESPONSE,
};

struct dns_waiting {
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
	/* Its row in `text`: where it starts, where the latency goes, where
	 * it ends; nothing when no row is wanted. */
	size_t row, row_latency, row_end;
	uint8_t name[DNS_WAITING_NAME];
};

struct dns_exchange {
	size_t n;
	struct buf text;        /* rows */
	struct dns_waiting waiting[DNS_WAITING];
};

void dns_exchange_init(struct dns_exchange *e);
void dns_exchange_free(struct dns_exchange *e);
/* One message; its row is one of `s->options->rows`.  `name_hash` is
 * hash_text() of the first question's name. */
void dns_exchange_add(struct dns_state *s, const struct packet *p,
    const struct message *msg, uint64_t name_hash);
/* After the last one. */
void dns_exchange_settle(struct dns_state *s);

#endif
