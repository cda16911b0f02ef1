#include "analysis/dhcp.h"

#include <stdio.h>

#include "proto/dhcp_rows.h"
#include "proto/dhcpv6_option.h"

/* Shares of the statistics' bytes, in hundredths. */
#define SHARE_UNIQUE 8
#define SHARE_TRANSACTIONS 22
#define SHARE_LEASES 26
#define SHARE_CLIENTS 20
#define SHARE_SERVERS 8
#define SHARE_REFUSALS 10

/* mcpcap's lists of names alone. */
static void
unique_report(const struct dhcp_clients *c, struct json *j, const char *name,
    size_t n, void (*write)(const struct dhcp_clients *, struct json *,
    uint32_t), size_t max_bytes)
{
	size_t limit = json_size(j) + max_bytes, i = 0;
	struct json_mark mark;

	json_array(j, name);
	for (; i < n; i++) {
		mark = json_mark(j);
		write(c, j, (uint32_t)i + 1);
		if (json_size(j) <= limit)
			continue;
		json_rewind(j, mark);
		break;
	}
	json_end(j);
}

static void
type_count(struct json *j, bool v6, unsigned type, uint64_t n)
{
	char room[DHCP_TYPE_ROOM];

	if (n > 0)
		json_uint(j, dhcp_type_name(room, v6, type), n);
}

static void
types_report(const struct dhcp_state *s, struct json *j)
{
	json_object(j, "message_type_counts");
	type_count(j, false, DHCP_BOOTP, s->types[DHCP_BOOTP]);
	type_count(j, false, DHCP_UNKNOWN, s->types[DHCP_UNKNOWN]);
	for (unsigned i = DHCP_BOOTP + 1; i < DHCP_UNKNOWN; i++)
		type_count(j, false, i, s->types[i]);
	json_end(j);
	if (s->v6 == 0)
		return;
	json_object(j, "dhcpv6_message_type_counts");
	for (unsigned i = 0; i < LENGTH(s->types_v6); i++)
		type_count(j, true, i, s->types_v6[i]);
	json_end(j);
}

static void
step_write(const struct dhcp_transaction *t, const struct dhcp_step *step,
    struct json *j)
{
	char room[DHCP_TYPE_ROOM];

	json_object(j, NULL);
	json_uint(j, "packet_number", step->frame);
	json_text(j, "message_type", dhcp_type_name(room, t->v6, step->type));
	json_epoch(j, "timestamp", step->time);
	json_end(j);
}

static void
transaction_write(const struct table *all, size_t i, struct json *j)
{
	const struct dhcp_transaction *t = table_value(all, i);
	struct span key = table_key(all, i);
	char name[16];
	uint32_t xid;

	memcpy(&xid, key.p + 1, sizeof(xid));
	json_array_foreign(j, span_of(name, (size_t)snprintf(name,
	    sizeof(name), t->v6 ? "0x%06x" : "0x%08x", (unsigned)xid)));
	for (size_t k = 0; k < t->steps_n && k < DHCP_TRANSACTION_STEPS; k++)
		step_write(t, &t->steps[k], j);
	json_end(j);
}

static void
transactions_report(const struct dhcp_state *s, struct json *j,
    size_t max_bytes)
{
	const struct table *all = &s->transactions;
	size_t limit, i = 0, several = 0, longer = 0;
	struct json_mark mark;

	json_uint(j, "transaction_count", all->n);
	limit = json_size(j) + max_bytes;
	json_object(j, "transactions");
	for (; i < all->n; i++) {
		mark = json_mark(j);
		transaction_write(all, i, j);
		if (json_size(j) <= limit)
			continue;
		json_rewind(j, mark);
		break;
	}
	json_end(j);
	if (i < all->n)
		json_uint(j, "transactions_left_out", all->n - i);
	for (i = 0; i < all->n; i++) {
		const struct dhcp_transaction *t = table_value(all, i);

		several += t->several_servers;
		longer += t->steps_n > DHCP_TRANSACTION_STEPS;
	}
	if (longer > 0)
		json_textf(j, "transactions_note", "%lu of them have more "
		    "than the %u messages shown", (unsigned long)longer,
		    DHCP_TRANSACTION_STEPS);
	if (several > 0)
		json_uint(j, "transactions_with_offers_of_several_servers",
		    several);
}

/* Questions that nobody answered. */
static void
open_report(struct dhcp_state *s, struct json *j)
{
	/* Those that dhcp.c takes for requests. */
	const uint32_t requests_v4 = 1U << DHCP_REQUEST | 1U << DHCP_INFORM;
	const uint32_t requests_v6 = 1U << DHCPV6_REQUEST |
	    1U << DHCPV6_CONFIRM | 1U << DHCPV6_RENEW | 1U << DHCPV6_REBIND |
	    1U << DHCPV6_INFORMATION;
	uint64_t no_offer = 0, no_answer = 0;

	for (size_t i = 0; i < s->transactions.n; i++) {
		const struct dhcp_transaction *t =
		    table_value(&s->transactions, i);
		uint32_t types = t->types;
		uint32_t replies = t->v6 ? 1U << DHCPV6_REPLY :
		    1U << DHCP_ACK | 1U << DHCP_NAK;
		bool replied = t->unclear || (types & replies) != 0;

		if (t->v6 && (types & 1U << DHCPV6_SOLICIT) != 0)
			no_offer += !replied &&
			    (types & 1U << DHCPV6_ADVERTISE) == 0;
		if (!t->v6 && (types & 1U << DHCP_DISCOVER) != 0)
			no_offer += !replied &&
			    (types & 1U << DHCP_OFFER) == 0;
		if ((types & (t->v6 ? requests_v6 : requests_v4)) != 0)
			no_answer += !replied;
	}
	json_uint(j, "discovers_without_offer", no_offer);
	json_uint(j, "requests_without_answer", no_answer);
	latency_report(&s->offer, j, "offer_latency_ms");
	latency_report(&s->ack, j, "answer_latency_ms");
}

static void
refusals_report(const struct dhcp_state *s, struct json *j, size_t max_bytes)
{
	struct ranked r;
	size_t n = s->refusals_n < DHCP_REFUSALS ? (size_t)s->refusals_n :
	    DHCP_REFUSALS;

	ranked_begin(&r, j, "refusals", "kind client server address "
	    "dhcpv6_status frame", s->refusals_n, max_bytes);
	for (size_t i = 0; i < n && ranked_row(&r); i++) {
		const struct dhcp_refusal *f = &s->refusals[i];

		json_text(j, NULL, value_name(f->v6 ? dhcpv6_types :
		    dhcp_types, f->type));
		dhcp_client_write(&s->clients, j, f->client);
		dhcp_server_write(&s->clients, j, f->server);
		if (f->address.kind == ADDR_NONE)
			json_null(j, NULL);
		else
			json_addr(j, NULL, &f->address);
		if (f->v6)
			json_uint(j, NULL, f->status);
		else
			json_null(j, NULL);
		json_uint(j, NULL, f->frame);
		ranked_row_end(&r);
	}
	ranked_end(&r);
}

/* Numbers that a starved server shows; what they mean is for the reader. */
static void
starvation_report(const struct dhcp_state *s, struct json *j)
{
	const struct table *clients = &s->clients.clients;
	uint64_t discovering = 0, never = 0, local = 0;

	for (size_t i = 0; i < clients->n; i++) {
		const struct dhcp_client *c = table_value(clients, i);

		discovering += c->discovers > 0;
		never += c->discovers > 0 && !c->acked;
		local += c->local;
	}
	json_object(j, "starvation");
	json_uint(j, "clients_that_discovered", discovering);
	json_uint(j, "of_them_never_given_an_address", never);
	json_uint(j, "clients_with_locally_administered_mac", local);
	json_uint(j, "most_discovers_in_10_seconds", s->most_discovers);
	if (s->most_discovers > 0)
		json_uint(j, "most_discovers_reached_at_frame",
		    s->most_discovers_frame);
	json_uint(j, "most_new_clients_in_10_seconds", s->most_clients);
	if (s->most_clients > 0)
		json_uint(j, "most_new_clients_reached_at_frame",
		    s->most_clients_frame);
	json_end(j);
}

static void
caps_report(const struct dhcp_state *s, struct json *j)
{
	const struct dhcp_clients *c = &s->clients;
	bool texts = c->texts.full;

	if (s->transactions.refused + c->clients.refused +
	    c->servers.refused + c->leases.refused == 0 && !texts)
		return;
	json_array(j, "caps");
	ranked_cap(j, "transactions", s->transactions.n,
	    s->transactions.refused);
	ranked_cap(j, "clients", c->clients.n, c->clients.refused);
	ranked_cap(j, "servers", c->servers.n, c->servers.refused);
	ranked_cap(j, "leases", c->leases.n, c->leases.refused);
	if (texts)
		ranked_cap(j, "bytes of names, classes and fingerprints",
		    c->texts.used, 1);
	json_end(j);
}

static void
count_report(struct json *j, const char *name, uint64_t count)
{
	if (count > 0)
		json_uint(j, name, count);
}

void
dhcp_statistics_report(void *state, struct json *j, size_t max_bytes)
{
	struct dhcp_state *s = state;
	const struct dhcp_clients *c = &s->clients;
	size_t part = max_bytes / 100;

	json_object(j, "statistics");
	json_uint(j, "unique_clients_count", c->clients.n);
	json_uint(j, "unique_servers_count", c->servers.n);
	unique_report(c, j, "unique_clients", c->clients.n, dhcp_client_write,
	    part * SHARE_UNIQUE);
	unique_report(c, j, "unique_servers", c->servers.n, dhcp_server_write,
	    part * SHARE_UNIQUE);
	types_report(s, j);
	count_report(j, "dhcpv4", s->v4);
	count_report(j, "dhcpv6", s->v6);
	count_report(j, "relayed", s->relayed);
	count_report(j, "malformed", s->malformed);
	count_report(j, "cut_by_snaplen", s->cut);
	transactions_report(s, j, part * SHARE_TRANSACTIONS);
	open_report(s, j);
	dhcp_leases_report(c, j, part * SHARE_LEASES);
	dhcp_clients_report(c, j, part * SHARE_CLIENTS, part * SHARE_SERVERS);
	refusals_report(s, j, part * SHARE_REFUSALS);
	starvation_report(s, j);
	caps_report(s, j);
	json_end(j);
}
