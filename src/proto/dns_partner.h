#ifndef PROTO_DNS_PARTNER_H
#define PROTO_DNS_PARTNER_H

#include "proto/dns.h"

/*
 * Which query a response belongs to, as Wireshark 4.0 has it: the same two
 * endpoints and ID; a query again within five seconds, unanswered, is a
 * repetition.  The last DNS_PARTNERS queries are remembered.
 */
#define DNS_PARTNERS 16384

struct dns_partners;

struct dns_partner {
	uint64_t query;        /* response: frame of its query; 0 none */
	int64_t time;          /* from there, ns */
	bool has_time;
	bool repeated;         /* said before, in this frame: */
	uint64_t repeats;
};

struct dns_partners *dns_partners_new(void);
void dns_partners_free(struct dns_partners *p);
struct dns_partner dns_partner_find(struct dns_partners *p,
    const struct dns_message *m, const struct transport *t, uint64_t frame,
    struct timestamp time);
/* Hands out dns.response_to, dns.time and the like; `at` is the message. */
void dns_partner_put(struct field_list *l, const struct dns_message *m,
    const struct dns_partner *partner, const uint8_t *at);

#endif
