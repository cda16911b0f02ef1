#ifndef ANALYSIS_DNS_H
#define ANALYSIS_DNS_H

#include "analysis/analyzer.h"
#include "analysis/dns_exchange.h"
#include "analysis/dns_hosts.h"
#include "analysis/dns_map.h"
#include "analysis/listing.h"
#include "analysis/rows.h"

/*
 * DNS over UDP and TCP, mDNS and LLMNR: mcpcap's list of messages and beyond
 * it the transactions, names, domains, addresses, clients and servers.
 */

struct dns_type_count {
	uint64_t queries, records; /* asked for; in answer sections */
};

#define DNS_TYPES 65536
#define DNS_RCODES 4096

struct dns_state {
	struct listing listing;
	uint64_t queries, responses, malformed, cut, quoted;
	uint64_t udp, tcp, mdns, llmnr, odd_port;
	uint64_t truncated, edns, dnssec_ok;
	uint64_t unreadable;  /* questions, whose names break the rules */
	/* Packets. */
	uint64_t port_53, port_853, port_5353, port_5355, port_137;
	struct dns_type_count *types; /* DNS_TYPES, from calloc */
	uint32_t types_end;   /* none has been met from here on */
	uint64_t *rcodes;     /* of responses; DNS_RCODES, from calloc */
	struct dns_hosts clients, servers;
	struct dns_hosts odd; /* where no port says that it is DNS */
	struct word_set nx_names; /* client and name */
	struct dns_domains domains;
	struct dns_map map;
	struct dns_pairs pairs;
	struct dns_exchange exchange;
};

extern const struct analyzer analyzer_dns;

/* Keys of mcpcap and ours; the lists keep within `max_bytes` together. */
void dns_statistics_report(void *state, struct json *j,
    size_t max_bytes);

/*
 * One message as a row of "packets" (dns_row.c), without the latency of an
 * answer; returns where in `out` that belongs.
 */
size_t dns_row_write(const struct packet *p, const struct message *msg,
    struct buf *out);
void dns_row_latency(uint64_t query_frame, int64_t ns, struct buf *out);

#endif
