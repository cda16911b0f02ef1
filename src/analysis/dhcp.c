#include "analysis/dhcp.h"

#include <stdlib.h>

#define TRANSACTIONS_MAX 50000
#define WINDOW 10 /* seconds */

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct dhcp_state *s = state;

	(void)scan;
	s->listing = *(const struct listing *)options;
	s->window = INT64_MIN;
	table_init(&s->transactions, sizeof(struct dhcp_transaction),
	    TRANSACTIONS_MAX);
	dhcp_clients_init(&s->clients);
	s->refusals = calloc(DHCP_REFUSALS, sizeof(*s->refusals));
	return s->refusals != NULL;
}

static __attribute__((cold)) void
release(void *state)
{
	struct dhcp_state *s = state;

	table_free(&s->transactions);
	dhcp_clients_free(&s->clients);
	free(s->refusals);
	s->refusals = NULL;
}

/* For the near miss when there is no DHCP. */
static void
packet_add(void *state, const struct packet *p)
{
	struct dhcp_state *s = state;
	const struct transport *t = packet_transport(p);

	s->listing.frames++;
	if (t == NULL)
		return;
	s->port_67 += t->sport == 67 || t->dport == 67;
	s->port_547 += t->sport == 547 || t->dport == 547;
}

/* One message, of either version. */
struct event {
	uint64_t frame;
	struct timestamp time;
	bool v6;
	uint16_t type;
	uint32_t client, server;
	bool new_client;
};

/* Most often it is the one before that goes on. */
static struct dhcp_transaction *
transaction_of(struct dhcp_state *s, bool v6, uint32_t xid)
{
	const uint64_t word = (uint64_t)v6 << 32 | xid;
	uint8_t key[1 + sizeof(xid)];
	size_t i;

	if (s->last != NULL && s->last_word == word)
		return s->last;
	key[0] = v6;
	memcpy(key + 1, &xid, sizeof(xid));
	i = table_intern_hashed(&s->transactions, span_of(key, sizeof(key)),
	    hash_words(&word, 1));
	if (i == SIZE_MAX)
		return NULL;
	s->last_word = word;
	s->last = table_value(&s->transactions, i);
	return s->last;
}

static struct dhcp_transaction *
transaction_add(struct dhcp_state *s, const struct event *e, uint32_t xid)
{
	struct dhcp_transaction *t = transaction_of(s, e->v6, xid);

	if (t == NULL)
		return NULL;
	t->v6 = e->v6;
	if (e->type < 32) /* not DHCP_UNKNOWN either */
		t->types |= 1U << e->type;
	if (t->steps_n < DHCP_TRANSACTION_STEPS)
		t->steps[t->steps_n] = (struct dhcp_step){ e->frame, e->time,
			e->type };
	t->steps_n++;
	return t;
}

/* Time to the answer; the same question answered again does not count. */
static void
answer_time(struct dhcp_transaction *t, struct latency *l,
    struct timestamp time)
{
	if (t == NULL || !t->asked.known || !time.known)
		return;
	latency_add(l, time_diff(time, t->asked));
	t->asked.known = false;
}

static void
asked_note(struct dhcp_transaction *t, struct timestamp time)
{
	if (t != NULL)
		t->asked = time;
}

static void
offer_note(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e)
{
	struct dhcp_server *server = dhcp_server_at(&s->clients, e->server);

	if (server != NULL)
		server->offers++;
	if (t == NULL)
		return;
	if (t->server == 0)
		t->server = e->server;
	else if (t->server != e->server)
		t->several_servers = true;
	answer_time(t, &s->offer, e->time);
}

/* Starvation shows as many new clients in a short time. */
static void
window_note(struct dhcp_state *s, const struct event *e)
{
	int64_t window = e->time.known ? e->time.seconds / WINDOW : 0;

	if (window != s->window) {
		s->window = window;
		s->window_clients = s->window_discovers = 0;
	}
	s->window_discovers++;
	s->window_clients += e->new_client;
	if (s->window_discovers > s->most_discovers) {
		s->most_discovers = s->window_discovers;
		s->most_discovers_frame = e->frame;
	}
	if (s->window_clients > s->most_clients) {
		s->most_clients = s->window_clients;
		s->most_clients_frame = e->frame;
	}
}

static void
refusal_note(struct dhcp_state *s, const struct event *e,
    const struct addr *address, uint16_t status)
{
	if (s->refusals_n < DHCP_REFUSALS)
		s->refusals[s->refusals_n] = (struct dhcp_refusal){ e->frame,
			e->v6, (uint8_t)e->type, e->client, e->server, *address,
			status };
	s->refusals_n++;
}

static void
lease_note(struct dhcp_state *s, const struct event *e,
    const struct addr *address, uint8_t prefix, uint32_t seconds)
{
	struct dhcp_client *client = dhcp_client_at(&s->clients, e->client);
	struct dhcp_lease *lease;

	if (client == NULL)
		return;
	client->acked = true;
	lease = dhcp_lease_of(&s->clients, e->client, address, prefix);
	if (lease == NULL)
		return;
	if (lease->acks++ == 0)
		lease->first_frame = e->frame;
	lease->state = DHCP_LEASE_BOUND;
	lease->server = e->server;
	lease->seconds = seconds;
	lease->last_frame = e->frame;
	lease->last = e->time;
}

static void
lease_end(struct dhcp_state *s, const struct event *e,
    const struct addr *address, uint8_t prefix, enum dhcp_lease_state state)
{
	struct dhcp_lease *lease;

	if (e->client == 0)
		return;
	lease = dhcp_lease_of(&s->clients, e->client, address, prefix);
	if (lease == NULL)
		return;
	if (lease->first_frame == 0)
		lease->first_frame = e->frame;
	lease->state = (uint8_t)state;
	lease->last_frame = e->frame;
	lease->last = e->time;
}

static void
discover_note(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e)
{
	struct dhcp_client *client = dhcp_client_at(&s->clients, e->client);

	if (client != NULL)
		client->discovers++;
	asked_note(t, e->time);
	window_note(s, e);
}

static void
request_note(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e)
{
	struct dhcp_client *client = dhcp_client_at(&s->clients, e->client);

	if (client != NULL)
		client->requests++;
	asked_note(t, e->time);
}

/* ---- Version 4 ---------------------------------------------------------- */

static bool
is_zero(const struct addr *a)
{
	uint64_t words[2];

	memcpy(words, a->bytes, sizeof(words));
	return a->kind == ADDR_NONE || (words[0] | words[1]) == 0;
}

static void
ack_v4(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e, const struct dhcp_message *m)
{
	struct dhcp_server *server = dhcp_server_at(&s->clients, e->server);
	uint32_t seconds = 0;

	if (server != NULL)
		server->acks++;
	answer_time(t, &s->ack, e->time);
	(void)dhcp_option_u32(m, 51, &seconds);
	if (!is_zero(&m->your))
		lease_note(s, e, &m->your, 0, seconds);
}

static void
nak_v4(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e)
{
	struct dhcp_server *server = dhcp_server_at(&s->clients, e->server);
	struct addr none = { .kind = ADDR_NONE };

	if (server != NULL)
		server->naks++;
	answer_time(t, &s->ack, e->time);
	refusal_note(s, e, &none, 0);
}

static void
event_v4(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e, const struct dhcp_message *m)
{
	struct addr address = m->client;

	switch (m->type) {
	case DHCP_DISCOVER:
		discover_note(s, t, e);
		break;
	case DHCP_OFFER:
		offer_note(s, t, e);
		break;
	case DHCP_REQUEST:
	case DHCP_INFORM:
		request_note(s, t, e);
		break;
	case DHCP_ACK:
		ack_v4(s, t, e, m);
		break;
	case DHCP_NAK:
		nak_v4(s, t, e);
		break;
	case DHCP_DECLINE:
		(void)dhcp_option_ipv4(m, 50, &address);
		refusal_note(s, e, &address, 0);
		lease_end(s, e, &address, 0, DHCP_LEASE_DECLINED);
		break;
	case DHCP_RELEASE:
		lease_end(s, e, &address, 0, DHCP_LEASE_RELEASED);
		break;
	case DHCP_BOOTP:
		if (m->op == 2)
			ack_v4(s, t, e, m);
		else
			request_note(s, t, e);
		break;
	case DHCP_UNKNOWN:
		if (t != NULL && m->op == 2)
			t->unclear = true;
		break;
	}
}

/* Option 54, or whoever sent the answer. */
static uint32_t
server_v4(struct dhcp_state *s, const struct packet *p,
    const struct dhcp_message *m)
{
	struct addr id = p->src;

	if (dhcp_option_ipv4(m, 54, &id) || m->op == 2)
		return dhcp_server_note(&s->clients, span_of(id.bytes,
		    addr_size(id.kind)), false, m->op == 2 ? &p->src : NULL,
		    p->record->number);
	return 0;
}

static void
message_v4(struct dhcp_state *s, const struct packet *p,
    const struct dhcp_message *m)
{
	size_t before = s->clients.clients.n;
	struct event e = {
		.frame = p->record->number, .time = p->record->time,
		.type = m->type,
	};

	s->v4++;
	s->types[m->type]++;
	s->relayed += !is_zero(&m->relay);
	e.client = dhcp_client_note(&s->clients, m, p->arena, e.frame);
	e.server = server_v4(s, p, m);
	e.new_client = s->clients.clients.n > before;
	event_v4(s, transaction_add(s, &e, m->xid), &e, m);
}

/* ---- Version 6 ---------------------------------------------------------- */

static void
reply_v6(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e, const struct dhcpv6_message *m)
{
	struct dhcp_server *server = dhcp_server_at(&s->clients, e->server);
	struct addr none = { .kind = ADDR_NONE };

	if (server != NULL)
		server->acks++;
	answer_time(t, &s->ack, e->time);
	for (size_t i = 0; i < m->n_leases; i++) {
		const struct dhcpv6_lease *l = &m->leases[i];

		if (l->valid > 0)
			lease_note(s, e, &l->address, l->kind ==
			    DHCPV6_LEASE_PD ? l->prefix : 0, l->valid);
	}
	if (m->has_status && m->status != 0)
		refusal_note(s, e, &none, m->status);
}

static void
leases_end_v6(struct dhcp_state *s, const struct event *e,
    const struct dhcpv6_message *m, enum dhcp_lease_state state)
{
	for (size_t i = 0; i < m->n_leases; i++) {
		const struct dhcpv6_lease *l = &m->leases[i];

		lease_end(s, e, &l->address, l->kind == DHCPV6_LEASE_PD ?
		    l->prefix : 0, state);
		if (state == DHCP_LEASE_DECLINED)
			refusal_note(s, e, &l->address, 0);
	}
}

static void
event_v6(struct dhcp_state *s, struct dhcp_transaction *t,
    const struct event *e, const struct dhcpv6_message *m)
{
	switch (m->type) {
	case DHCPV6_SOLICIT:
		discover_note(s, t, e);
		break;
	case DHCPV6_ADVERTISE:
		offer_note(s, t, e);
		break;
	case DHCPV6_REQUEST:
	case DHCPV6_CONFIRM:
	case DHCPV6_RENEW:
	case DHCPV6_REBIND:
	case DHCPV6_INFORMATION:
		request_note(s, t, e);
		break;
	case DHCPV6_REPLY:
		reply_v6(s, t, e, m);
		break;
	case DHCPV6_RELEASE:
		leases_end_v6(s, e, m, DHCP_LEASE_RELEASED);
		break;
	case DHCPV6_DECLINE:
		leases_end_v6(s, e, m, DHCP_LEASE_DECLINED);
		break;
	}
}

static void
message_v6(struct dhcp_state *s, const struct packet *p,
    const struct dhcpv6_message *m)
{
	size_t before = s->clients.clients.n;
	struct event e = {
		.frame = p->record->number, .time = p->record->time,
		.v6 = true, .type = m->type,
	};

	s->v6++;
	s->types_v6[m->type]++;
	s->relayed += m->relays > 0;
	e.client = dhcp_client_note_v6(&s->clients, m, e.frame);
	if (m->server_id.n > 0)
		e.server = dhcp_server_note(&s->clients, m->server_id, true,
		    m->type == DHCPV6_ADVERTISE || m->type == DHCPV6_REPLY ?
		    &p->src : NULL, e.frame);
	e.new_client = s->clients.clients.n > before;
	if (m->has_xid)
		event_v6(s, transaction_add(s, &e, m->xid), &e, m);
}

/* ---- Both --------------------------------------------------------------- */

static void
message_add(void *state, const struct packet *p, const struct message *m)
{
	struct dhcp_state *s = state;
	bool v4 = m->proto == &proto_dhcp;
	bool quoted = m->transport != NULL && m->transport->in_error;
	struct json *j;

	if (!listing_count(&s->listing, p->record->number))
		return;
	s->malformed += m->malformed;
	s->cut += m->cut;
	if (!quoted && v4)
		message_v4(s, p, m->data);
	else if (!quoted)
		message_v6(s, p, m->data);
	j = rows_next(s->listing.rows);
	if (j == NULL)
		return;
	if (v4)
		dhcp_row_write(p, m, j);
	else
		dhcpv6_row_write(p, m, j);
	rows_done(s->listing.rows);
}

static void
append(void *state, const void *counts)
{
	struct dhcp_state *s = state;
	const struct dhcp_state *c = counts;

	s->listing.frames += c->listing.frames;
	s->port_67 += c->port_67;
	s->port_547 += c->port_547;
}

static const uint16_t ports[] = { 67, 547, 0 };

const struct analyzer analyzer_dhcp = {
	.name = "dhcp",
	.wants = WANT_WALK | WANT_MESSAGES | WANT_DEFRAG,
	.proto = "dhcp dhcpv6",
	.glances = true,
	.ports = ports,
	.unheard = listing_unheard,
	.size = sizeof(struct dhcp_state),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.message = message_add,
	.append = append,
};
