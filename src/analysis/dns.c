#include "analysis/dns.h"

#include <stdlib.h>

#define ODD_MAX 1000
#define NX_NAMES_MAX 100000

/* A name that a client was told not to exist. */
static __attribute__((cold)) void
nx_is_new(void *context, uint32_t client)
{
	struct dns_state *s = context;
	struct dns_host *h = dns_host_at(&s->clients, client);

	if (h != NULL)
		h->nx_names++;
}

static __attribute__((cold)) bool
begin(void *state, struct scan *scan, const void *options)
{
	struct dns_state *s = state;

	(void)scan;
	s->listing = *(const struct listing *)options;
	s->types = calloc(DNS_TYPES, sizeof(*s->types));
	s->rcodes = calloc(DNS_RCODES, sizeof(*s->rcodes));
	word_set_init(&s->nx_names, NX_NAMES_MAX, nx_is_new, s);
	dns_exchange_init(&s->exchange);
	return dns_hosts_init(&s->clients, DNS_HOSTS_MAX) &&
	    dns_hosts_init(&s->servers, DNS_HOSTS_MAX) &&
	    dns_hosts_init(&s->odd, ODD_MAX) &&
	    dns_domains_init(&s->domains) && dns_map_init(&s->map) &&
	    dns_pairs_init(&s->pairs, &s->servers) && s->types != NULL &&
	    s->rcodes != NULL;
}

static __attribute__((cold)) void
release(void *state)
{
	struct dns_state *s = state;

	free(s->types);
	free(s->rcodes);
	dns_hosts_free(&s->clients);
	dns_hosts_free(&s->servers);
	dns_hosts_free(&s->odd);
	word_set_free(&s->nx_names);
	dns_domains_free(&s->domains);
	dns_map_free(&s->map);
	dns_pairs_free(&s->pairs);
	dns_exchange_free(&s->exchange);
}

static __attribute__((noinline)) void
port_add(struct dns_state *s, uint16_t port)
{
	switch (port) {
	case 53:
		s->port_53++;
		break;
	case 137:
		s->port_137++;
		break;
	case 853:
		s->port_853++;
		break;
	case 5353:
		s->port_5353++;
		break;
	case 5355:
		s->port_5355++;
		break;
	}
}

/* For the near miss when there is no DNS. */
static void
packet_add(void *state, const struct packet *p)
{
	struct dns_state *s = state;
	const struct transport *t = packet_transport(p);

	s->listing.frames++;
	if (t == NULL)
		return;
	/* Most. */
	if ((t->sport == 53 && t->dport > 5355) ||
	    (t->dport == 53 && t->sport > 5355)) {
		s->port_53++;
		return;
	}
	port_add(s, t->sport);
	if (t->dport != t->sport)
		port_add(s, t->dport);
}

/* ---- What --------------------------------------------------------------- */

static inline struct dns_type_count *
type_of(struct dns_state *s, uint16_t type)
{
	if (type >= s->types_end)
		s->types_end = type + 1U;
	return &s->types[type];
}

static inline void
asked_count(struct dns_state *s, const struct dns_message *m)
{
	const struct dns_question *q = m->questions;

	if (m->response) {
		s->rcodes[m->rcode % DNS_RCODES]++;
		return;
	}
	for (size_t n = m->n_questions; n > 0; n--, q++) {
		type_of(s, q->type)->queries++;
		s->unreadable += q->name->bad;
	}
}

/* Those in answers come first. */
static inline void
records_count(struct dns_state *s, const struct dns_message *m)
{
	const struct dns_record *r = m->records;

	for (size_t n = m->n_records; n > 0 && r->section == DNS_ANSWER;
	    n--, r++)
		type_of(s, r->type)->records++;
}

/* Of hardly any message. */
static __attribute__((cold, noinline)) void
rare_count(struct dns_state *s, const struct message *msg,
    const struct dns_message *m)
{
	s->malformed += msg->malformed;
	s->cut += msg->cut;
	s->truncated += (m->flags & DNS_TC) != 0;
	s->dnssec_ok += m->dnssec_ok;
	s->mdns += m->kind == DNS_MULTICAST;
	s->llmnr += m->kind == DNS_LINK_LOCAL;
	s->odd_port += msg->odd_port;
}

static inline void
flags_count(struct dns_state *s, const struct message *msg,
    const struct dns_message *m)
{
	const struct transport *t = msg->transport;

	s->queries += !m->response;
	s->responses += m->response;
	s->edns += m->edns;
	if (t != NULL) {
		s->udp += t->protocol == 17;
		s->tcp += t->protocol == 6;
	}
	if (msg->malformed || msg->cut || (m->flags & DNS_TC) != 0 ||
	    m->dnssec_ok || m->kind != DNS_UNICAST || msg->odd_port)
		rare_count(s, msg, m);
}

static void
message_add(void *state, const struct packet *p, const struct message *msg)
{
	struct dns_state *s = state;
	const struct dns_message *m = msg->data;

	if (!listing_count(&s->listing, p->record->number))
		return;
	/* What an ICMP error quotes was sent in another packet: it is a row,
	 * and counts in nothing else. */
	if (msg->transport != NULL && msg->transport->in_error) {
		s->quoted++;
	} else {
		flags_count(s, msg, m);
		if (msg->transport != NULL)
			asked_count(s, m);
		records_count(s, m);
	}
	dns_exchange_add(s, p, msg);
}

static __attribute__((cold)) void
finish(void *state, struct scan *scan)
{
	struct dns_state *s = state;

	(void)scan;
	dns_exchange_settle(s);
	dns_pairs_finish(&s->pairs);
	word_set_settle(&s->domains.clients);
	word_set_settle(&s->nx_names);
}

static __attribute__((cold)) void
append(void *state, const void *counts)
{
	struct dns_state *s = state;
	const struct dns_state *c = counts;

	s->listing.frames += c->listing.frames;
	s->port_53 += c->port_53;
	s->port_853 += c->port_853;
	s->port_5353 += c->port_5353;
	s->port_137 += c->port_137;
	s->port_5355 += c->port_5355;
}

static const uint16_t ports[] = { 53, 137, 853, 5353, 5355, 0 };

const struct analyzer analyzer_dns = {
	.name = "dns",
	.wants = WANT_WALK | WANT_MESSAGES | WANT_DEFRAG,
	.proto = "dns mdns llmnr",
	.glances = true,
	.ports = ports,
	.unheard = listing_unheard,
	.size = sizeof(struct dns_state),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.message = message_add,
	.finish = finish,
	.append = append,
};
