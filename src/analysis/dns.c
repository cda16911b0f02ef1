#include "analysis/dns.h"

#include <stdlib.h>

#define ODD_MAX 1000
#define NX_NAMES_MAX 100000

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct dns_state *s = state;

	(void)scan;
	s->options = options;
	s->types = calloc(DNS_TYPES, sizeof(*s->types));
	s->rcodes = calloc(DNS_RCODES, sizeof(*s->rcodes));
	table_init(&s->odd, sizeof(struct dns_odd), ODD_MAX);
	table_init(&s->nx_names, 1, NX_NAMES_MAX);
	dns_exchange_init(&s->exchange);
	return dns_hosts_init(&s->clients) && dns_hosts_init(&s->servers) &&
	    dns_domains_init(&s->domains) && dns_map_init(&s->map) &&
	    dns_pairs_init(&s->pairs) && s->types != NULL &&
	    s->rcodes != NULL;
}

void
dns_release(struct dns_state *s)
{
	free(s->types);
	free(s->rcodes);
	dns_hosts_free(&s->clients);
	dns_hosts_free(&s->servers);
	table_free(&s->odd);
	table_free(&s->nx_names);
	dns_domains_free(&s->domains);
	dns_map_free(&s->map);
	dns_pairs_free(&s->pairs);
	dns_exchange_free(&s->exchange);
}

static void
port_count(struct dns_state *s, uint16_t port)
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

	s->frames++;
	if (t == NULL)
		return;
	port_count(s, t->sport);
	if (t->dport != t->sport)
		port_count(s, t->dport);
}

/* ---- What --------------------------------------------------------------- */

static struct dns_type_count *
type_of(struct dns_state *s, uint16_t type)
{
	if (type >= s->types_end)
		s->types_end = type + 1U;
	return &s->types[type];
}

static void
asked_count(struct dns_state *s, const struct dns_message *m)
{
	if (m->response) {
		s->rcodes[m->rcode % DNS_RCODES]++;
		return;
	}
	for (size_t i = 0; i < m->n_questions; i++) {
		type_of(s, m->questions[i].type)->queries++;
		s->unreadable += m->questions[i].name.bad;
	}
}

static void
records_add(struct dns_state *s, const struct packet *p,
    const struct dns_message *m, uint64_t name_hash)
{
	for (size_t i = 0; i < m->n_records; i++) {
		const struct dns_record *r = &m->records[i];

		if (r->section == DNS_ANSWER)
			type_of(s, r->type)->records++;
		if (m->response)
			dns_map_add(&s->map, m, r, name_hash, p);
	}
}

static void
flags_count(struct dns_state *s, const struct message *msg,
    const struct dns_message *m)
{
	const struct transport *t = msg->transport;

	s->queries += !m->response;
	s->responses += m->response;
	s->malformed += msg->malformed;
	s->cut += msg->cut;
	s->truncated += (m->flags & DNS_TC) != 0;
	s->edns += m->edns;
	s->dnssec_ok += m->dnssec_ok;
	s->udp += t != NULL && t->protocol == 17;
	s->tcp += t != NULL && t->protocol == 6;
	s->mdns += m->kind == DNS_MULTICAST;
	s->llmnr += m->kind == DNS_LINK_LOCAL;
	s->odd_port += msg->odd_port;
}

/* False: beyond --max-packets. */
static bool
packet_count(struct dns_state *s, uint64_t frame)
{
	uint64_t max = s->options->max_packets;

	if (s->counted_frame != frame) {
		s->counted_frame = frame;
		s->found++;
		if (max == 0 || s->found <= max)
			s->analyzed++;
	}
	return max == 0 || s->found <= max;
}

static void
message_add(void *state, const struct packet *p, const struct message *msg)
{
	struct dns_state *s = state;
	const struct dns_message *m = msg->data;
	uint64_t name_hash;

	if (!packet_count(s, p->record->number))
		return;
	name_hash = m->n_questions == 0 ? 0 :
	    hash_text(m->questions[0].name.key);
	/* What an ICMP error quotes was sent in another packet: it is a row,
	 * and counts in nothing else. */
	if (msg->transport != NULL && msg->transport->in_error) {
		s->quoted++;
	} else {
		flags_count(s, msg, m);
		if (msg->transport != NULL)
			asked_count(s, m);
		records_add(s, p, m, name_hash);
	}
	dns_exchange_add(s, p, msg, name_hash);
}

static void
finish(void *state, struct scan *scan)
{
	struct dns_state *s = state;

	(void)scan;
	dns_exchange_settle(s);
	dns_pairs_finish(&s->pairs);
	dns_map_settle(&s->map);
	dns_domains_settle(&s->domains);
	for (size_t i = 0; i < s->pairs.n_left; i++) {
		struct dns_host *h = dns_host_at(&s->servers,
		    s->pairs.left[i].server);

		if (h != NULL)
			h->unanswered++;
	}
}

static void
append(void *state, const void *counts)
{
	struct dns_state *s = state;
	const struct dns_state *c = counts;

	s->frames += c->frames;
	s->port_53 += c->port_53;
	s->port_853 += c->port_853;
	s->port_5353 += c->port_5353;
	s->port_137 += c->port_137;
	s->port_5355 += c->port_5355;
}

static void
unheard(void *state, uint64_t packets)
{
	struct dns_state *s = state;

	s->frames += packets;
}

static const uint16_t ports[] = { 53, 137, 853, 5353, 5355, 0 };

const struct analyzer analyzer_dns = {
	.name = "dns",
	.wants = WANT_WALK | WANT_MESSAGES | WANT_DEFRAG,
	.proto = "dns mdns llmnr",
	.glances = true,
	.ports = ports,
	.unheard = unheard,
	.size = sizeof(struct dns_state),
	.begin = begin,
	.packet = packet_add,
	.message = message_add,
	.finish = finish,
	.append = append,
};
