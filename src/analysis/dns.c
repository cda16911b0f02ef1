#include "analysis/dns.h"

#include <stdlib.h>

#define HOSTS_MAX 20000
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
	table_init(&s->clients, sizeof(struct dns_host), HOSTS_MAX);
	table_init(&s->servers, sizeof(struct dns_host), HOSTS_MAX);
	table_init(&s->odd, sizeof(struct dns_odd), ODD_MAX);
	table_init(&s->nx_names, 1, NX_NAMES_MAX);
	return dns_domains_init(&s->domains) && dns_map_init(&s->map) &&
	    dns_pairs_init(&s->pairs) && s->types != NULL &&
	    s->rcodes != NULL;
}

void
dns_release(struct dns_state *s)
{
	free(s->types);
	free(s->rcodes);
	table_free(&s->clients);
	table_free(&s->servers);
	table_free(&s->odd);
	table_free(&s->nx_names);
	dns_domains_free(&s->domains);
	dns_map_free(&s->map);
	dns_pairs_free(&s->pairs);
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
	s->port_53 += t->sport == 53 || t->dport == 53;
	s->port_853 += t->sport == 853 || t->dport == 853;
	s->port_5353 += t->sport == 5353 || t->dport == 5353;
	s->port_137 += t->sport == 137 || t->dport == 137;
	s->port_5355 += t->sport == 5355 || t->dport == 5355;
}

/* ---- Who ---------------------------------------------------------------- */

static bool
is_group(const struct addr *a)
{
	struct cursor c = cur_open(span_of(a->bytes, sizeof(a->bytes)));
	uint8_t first = cur_u8(&c);

	return a->kind == ADDR_IPV4 ? first >= 224 :
	    a->kind == ADDR_IPV6 && first == 0xff;
}

/* No address: nobody. */
static uint32_t
host_of(struct table *t, const struct addr *a, uint16_t port, uint64_t frame,
    struct dns_host **host)
{
	uint8_t key[sizeof(*a) + 2];
	size_t at;

	*host = NULL;
	if (a == NULL)
		return DNS_NOBODY;
	memcpy(key, a, sizeof(*a));
	key[sizeof(*a)] = (uint8_t)(port >> 8);
	key[sizeof(*a) + 1] = (uint8_t)port;
	at = table_intern(t, span_of(key, sizeof(key)));
	if (at == SIZE_MAX)
		return DNS_NOBODY;
	*host = table_value(t, at);
	if ((*host)->first_frame == 0)
		(*host)->first_frame = frame;
	(*host)->last_frame = frame;
	return (uint32_t)at;
}

static void
host_count(struct dns_host *h, const struct dns_message *m)
{
	if (h == NULL)
		return;
	if (!m->response) {
		h->queries++;
		return;
	}
	h->responses++;
	h->nxdomain += m->rcode == DNS_NXDOMAIN;
	h->servfail += m->rcode == DNS_SERVFAIL;
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
records_add(struct dns_state *s, const struct packet *p,
    const struct dns_message *m)
{
	for (size_t i = 0; i < m->n_records; i++) {
		const struct dns_record *r = &m->records[i];

		if (r->section == DNS_ANSWER)
			type_of(s, r->type)->records++;
		if (m->response)
			dns_map_add(&s->map, m, r, p->arena,
			    p->record->number, p->record->time);
	}
}

static void
nx_note(struct dns_state *s, const struct dns_message *m, uint32_t client)
{
	uint64_t pair[2] = { client, 0 };

	if (m->rcode != DNS_NXDOMAIN || m->n_questions == 0 ||
	    m->questions[0].name.bad)
		return;
	pair[1] = hash_bytes(m->questions[0].name.key);
	(void)table_add(&s->nx_names, span_of(pair, sizeof(pair)));
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

static void
odd_note(struct dns_state *s, const struct addr *server, uint16_t port,
    uint64_t frame)
{
	uint8_t key[sizeof(*server) + 2];
	struct dns_odd *odd;

	memcpy(key, server, sizeof(*server));
	key[sizeof(*server)] = (uint8_t)(port >> 8);
	key[sizeof(*server) + 1] = (uint8_t)port;
	odd = table_add(&s->odd, span_of(key, sizeof(key)));
	if (odd == NULL)
		return;
	if (odd->messages++ == 0)
		odd->first_frame = frame;
	odd->last_frame = frame;
}

/* ---- One message -------------------------------------------------------- */

/* Returns the name's entry, or DNS_NOBODY. */
static uint32_t
question_add(struct dns_state *s, const struct dns_question *question,
    const struct dns_pairs_query *q, size_t bytes)
{
	size_t name;

	type_of(s, question->type)->queries++;
	if (question->name.bad) {
		s->unreadable++;
		return DNS_NOBODY;
	}
	name = dns_domains_query(&s->domains, question, q->client, q->frame,
	    bytes);
	return name == SIZE_MAX ? DNS_NOBODY : (uint32_t)name;
}

static void
query_add(struct dns_state *s, const struct dns_row *row)
{
	const struct dns_message *m = row->m->data;
	const struct transport *t = row->m->transport;
	struct dns_pairs_query q = {
		.frame = row->p->record->number,
		.time = row->p->record->time,
		.name = DNS_NOBODY,
	};
	struct dns_host *host;
	uint32_t name;

	if (m->n_questions > 0)
		dns_domains_prefetch(&s->domains, &m->questions[0]);
	q.client = host_of(&s->clients, &t->src, 0, q.frame, &host);
	host_count(host, m);
	q.server = host_of(&s->servers, &t->dst, t->dport, q.frame, &host);
	host_count(host, m);
	for (size_t i = 0; i < m->n_questions; i++) {
		name = question_add(s, &m->questions[i], &q, m->claimed);
		if (i == 0)
			q.name = name;
	}
	if (m->kind != DNS_MULTICAST)
		dns_pairs_query(&s->pairs, m, dns_pairs_key(m, t), &q);
}

static struct dns_host *
host_at(struct table *t, uint32_t at, uint64_t frame)
{
	struct dns_host *host;

	if (at == DNS_NOBODY)
		return NULL;
	host = table_value(t, at);
	host->last_frame = frame;
	return host;
}

/* The transaction knows who they are, without a look-up. */
static uint32_t
answerers_count(struct dns_state *s, const struct dns_row *row,
    const struct dns_pair *pair)
{
	const struct dns_message *m = row->m->data;
	const struct transport *t = row->m->transport;
	uint64_t frame = row->p->record->number;
	struct dns_host *asker, *asked;
	uint32_t client;

	if (pair != NULL && m->kind == DNS_UNICAST) {
		client = pair->client;
		asker = host_at(&s->clients, client, frame);
		asked = host_at(&s->servers, pair->server, frame);
	} else {
		client = host_of(&s->clients, is_group(&t->dst) ? NULL :
		    &t->dst, 0, frame, &asker);
		(void)host_of(&s->servers, &t->src, t->sport, frame, &asked);
	}
	host_count(asker, m);
	host_count(asked, m);
	if (asked != NULL && row->latency >= 0) {
		asked->latency_sum += row->latency;
		asked->latency_count++;
	}
	return client;
}

static void
response_add(struct dns_state *s, struct dns_row *row)
{
	const struct dns_message *m = row->m->data;
	const struct dns_pair *pair = NULL;
	uint32_t client;
	size_t name = SIZE_MAX;

	s->rcodes[m->rcode % DNS_RCODES]++;
	if (m->kind != DNS_MULTICAST)
		pair = dns_pairs_response(&s->pairs, m,
		    dns_pairs_key(m, row->m->transport),
		    row->p->record->number, row->p->record->time,
		    &row->latency);
	if (pair != NULL) {
		row->query_frame = pair->first_frame;
		if (pair->name != DNS_NOBODY)
			name = pair->name;
	}
	client = answerers_count(s, row, pair);
	nx_note(s, m, client);
	if (m->n_questions > 0)
		dns_domains_response(&s->domains, &m->questions[0], name,
		    m->rcode, m->claimed);
}

static void
exchange_add(struct dns_state *s, struct dns_row *row)
{
	const struct dns_message *m = row->m->data;
	const struct transport *t = row->m->transport;

	if (row->m->odd_port)
		odd_note(s, m->response ? &t->src : &t->dst,
		    m->response ? t->sport : t->dport,
		    row->p->record->number);
	if (m->response)
		response_add(s, row);
	else
		query_add(s, row);
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
	struct dns_row row = { .p = p, .m = msg, .latency = -1 };
	const struct dns_message *m = msg->data;
	struct json *j;

	if (!packet_count(s, p->record->number))
		return;
	/* What an ICMP error quotes was sent in another packet: it is a row,
	 * and counts in nothing else. */
	if (msg->transport != NULL && msg->transport->in_error) {
		s->quoted++;
	} else {
		flags_count(s, msg, m);
		if (msg->transport != NULL)
			exchange_add(s, &row);
		records_add(s, p, m);
	}
	j = rows_next(s->options->rows);
	if (j == NULL)
		return;
	dns_row_write(&row, j);
	rows_done(s->options->rows);
}

static void
finish(void *state, struct scan *scan)
{
	struct dns_state *s = state;

	(void)scan;
	dns_pairs_finish(&s->pairs);
	dns_map_settle(&s->map);
	dns_domains_settle(&s->domains);
	for (size_t i = 0; i < s->pairs.n_left; i++) {
		uint32_t server = s->pairs.left[i].server;
		struct dns_host *h;

		if (server == DNS_NOBODY)
			continue;
		h = table_value(&s->servers, server);
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
