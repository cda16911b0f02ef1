#include "analysis/summary.h"

#include <stdlib.h>

#include "base/table_later.h"

#define PATHS 15
#define HOSTS 8
#define CONVERSATIONS 6
#define SERVICES 8
#define TCP 6

/* ---- The `most` largest of n things, by a value ------------------------ */

struct ranking {
	uint64_t (*value)(const void *context, size_t i);
	const void *context;
	size_t order[PATHS];
	size_t n, most;
};

static void
rank(struct ranking *r, size_t total)
{
	r->n = 0;
	for (size_t i = 0; i < total; i++) {
		uint64_t value = r->value(r->context, i);
		size_t at = r->n;

		while (at > 0 && r->value(r->context, r->order[at - 1]) <
		    value)
			at--;
		if (at >= r->most)
			continue;
		if (r->n < r->most)
			r->n++;
		for (size_t k = r->n - 1; k > at; k--)
			r->order[k] = r->order[k - 1];
		r->order[at] = i;
	}
}

static void
share(struct json *j, const char *name, uint64_t part, uint64_t whole)
{
	uint64_t tenths;

	if (whole == 0)
		return;
	tenths = (part * 1000 + whole / 2) / whole;
	json_double(j, name, (double)tenths / 10);
}

/* ---- Protocols -------------------------------------------------------- */

static uint64_t
path_value(const void *context, size_t i)
{
	const struct summary_path *p = table_value(context, i);

	return p->packets;
}

static void
path_word(struct buf *out, struct span word)
{
	if (out->n > 0)
		buf_byte(out, ':');
	buf_span(out, word);
}

/* eth:ip:udp:dns; a SNAP header is part of the LLC header before it. */
static void
path_text(struct buf *out, struct span key)
{
	size_t n = key.p[0] & ~(unsigned)SUMMARY_PATH_UNDECODED;
	bool undecoded = (key.p[0] & SUMMARY_PATH_UNDECODED) != 0;

	for (size_t i = 1; i <= n; i++)
		if (!(key.p[i] == LAYER_SNAP && key.p[i - 1] == LAYER_LLC) &&
		    !(key.p[i] == LAYER_DATA && undecoded))
			path_word(out, span_text(layer_name(
			    (enum layer)key.p[i])));
	if (n == SUMMARY_PATH_LAYERS)
		path_word(out, span_text("..."));
	if (key.n > 1 + n)
		path_word(out, span_after(key, 1 + n));
	if (undecoded)
		path_word(out, span_text("(not decoded)"));
}

static void
protocols_report(const struct summary *s, struct json *j)
{
	struct ranking r = { .value = path_value, .context = &s->paths,
		.most = PATHS };

	rank(&r, s->paths.n);
	json_array(j, "protocols");
	for (size_t i = 0; i < r.n; i++) {
		const struct summary_path *p = table_value(&s->paths,
		    r.order[i]);
		struct buf text;

		buf_init(&text, 400);
		path_text(&text, table_key(&s->paths, r.order[i]));
		json_object(j, NULL);
		json_span(j, "path", buf_bytes(&text));
		json_uint(j, "packets", p->packets);
		json_uint(j, "bytes", p->bytes);
		share(j, "percent", p->packets, s->scan->matched);
		json_end(j);
		buf_free(&text);
	}
	json_end(j);
	if (s->paths.n > r.n)
		json_uint(j, "protocol_paths_total", s->paths.n);
	if (s->paths.refused > 0)
		json_uint(j, "packets_of_more_protocol_paths",
		    s->paths.refused);
	json_object(j, "not_decoded");
	json_uint(j, "packets", s->undecoded);
	json_uint(j, "bytes", s->undecoded_bytes);
	share(j, "percent", s->undecoded, s->scan->matched);
	json_end(j);
}

/* ---- Hosts ------------------------------------------------------------ */

static uint64_t
host_value(const void *context, size_t i)
{
	const struct summary_host *h = table_value(context, i);

	return h->bytes_out + h->bytes_in;
}

static void
name_member(const struct summary *s, const struct addr *a, struct json *j,
    const char *member)
{
	const struct summary_name *n = table_find(&s->names,
	    span_of(a, sizeof(*a)));

	if (n != NULL && n->source != NULL)
		json_foreign_max(j, member, n->name, 80);
}

static void
hosts_report(const struct summary *s, struct json *j)
{
	struct ranking r = { .value = host_value, .context = &s->hosts,
		.most = HOSTS };

	rank(&r, s->hosts.n);
	json_uint(j, "hosts_total", s->hosts.n);
	if (s->hosts.refused > 0)
		json_uint(j, "packets_of_hosts_beyond_cap",
		    s->hosts.refused);
	json_array(j, "busiest_hosts");
	for (size_t i = 0; i < r.n; i++) {
		const struct summary_host *h = table_value(&s->hosts,
		    r.order[i]);

		json_object(j, NULL);
		json_addr(j, "address", &h->addr);
		name_member(s, &h->addr, j, "name");
		json_uint(j, "bytes_out", h->bytes_out);
		json_uint(j, "bytes_in", h->bytes_in);
		json_uint(j, "packets", h->packets_out + h->packets_in);
		json_uint(j, "first_frame", h->first_frame);
		json_uint(j, "last_frame", h->last_frame);
		json_end(j);
	}
	json_end(j);
}

/* ---- Flows ------------------------------------------------------------ */

static uint64_t
flow_value(const void *context, size_t i)
{
	const struct flow_row *r = (const struct flow_row *)context + i;

	return r->bytes[0] + r->bytes[1];
}

static void
conversations_report(const struct summary *s, const struct flow_list *f,
    const struct flow_set *set, struct json *j)
{
	struct ranking r = { .value = flow_value, .context = set->rows,
		.most = CONVERSATIONS };

	rank(&r, set->n);
	json_uint(j, "flows_total", set->n);
	json_array(j, "largest_flows");
	for (size_t i = 0; i < r.n; i++) {
		const struct flow_row *row = &set->rows[r.order[i]];
		const struct flow_name *name = row->flow == NULL ? NULL :
		    flow_names_find(&f->names, row->protocol, row->stream);

		json_object(j, NULL);
		json_text(j, "protocol", flow_row_protocol(row));
		if (row->flow != NULL) {
			json_uint(j, "stream", row->stream);
			json_endpoint(j, "client", &row->a, row->a_port);
			json_endpoint(j, "server", &row->b, row->b_port);
		} else {
			json_addr(j, "client", &row->a);
			json_addr(j, "server", &row->b);
		}
		name_member(s, &row->b, j, "server_name");
		if (name != NULL)
			json_text(j, "app", name->proto->name);
		json_uint(j, "bytes", row->bytes[0] + row->bytes[1]);
		json_uint(j, "packets", row->packets[0] + row->packets[1]);
		json_uint(j, "first_frame", row->first_frame);
		json_end(j);
	}
	json_end(j);
}

struct service {
	uint64_t flows, bytes;
	uint16_t port;
	uint8_t protocol;
};

static uint64_t
service_value(const void *context, size_t i)
{
	const struct service *v = table_value(context, i);

	return v->flows;
}

/* By the server's port: only flows whose roles a SYN or a low port tells. */
static void
services_report(const struct flow_set *set, struct json *j)
{
	struct ranking r = { .value = service_value, .most = SERVICES };
	struct table services;

	table_init(&services, sizeof(struct service), 70000);
	for (size_t i = 0; i < set->n; i++) {
		const struct flow_row *row = &set->rows[i];
		uint8_t key[3] = { row->protocol,
			(uint8_t)(row->b_port >> 8), (uint8_t)row->b_port };
		struct service *v;

		if (row->flow == NULL)
			continue;
		v = table_add(&services, span_of(key, sizeof(key)));
		if (v == NULL)
			continue;
		v->flows++;
		v->bytes += row->bytes[0] + row->bytes[1];
		v->port = row->b_port;
		v->protocol = row->protocol;
	}
	r.context = &services;
	rank(&r, services.n);
	json_array(j, "services");
	for (size_t i = 0; i < r.n; i++) {
		const struct service *v = table_value(&services, r.order[i]);

		json_object(j, NULL);
		json_textf(j, "port", "%s/%u", v->protocol == TCP ? "tcp" :
		    v->protocol == 132 ? "sctp" : "udp", v->port);
		json_uint(j, "flows", v->flows);
		json_uint(j, "bytes", v->bytes);
		json_end(j);
	}
	json_end(j);
	table_free(&services);
}

/* ---- What is unusual, as numbers --------------------------------------- */

struct unusual {
	uint64_t rst, retransmissions, lost, zero_windows;
	uint64_t unanswered, refused, half_open, one_way;
	uint64_t peers_most; /* distinct servers of one client */
	const struct addr *peers_host;
};

static void
tcp_unusual(const struct flow_row *row, struct unusual *u)
{
	struct flow_detail d;

	flow_detail(row->flow, &d);
	for (unsigned i = 0; i < 2; i++) {
		u->rst += d.side[i].rst;
		u->retransmissions += d.side[i].retransmissions;
		u->lost += d.side[i].lost;
		u->zero_windows += d.side[i].zero_windows;
	}
	u->unanswered += row->flow->handshake == HANDSHAKE_SYN;
	u->refused += row->flow->handshake == HANDSHAKE_REFUSED;
	u->half_open += row->flow->handshake == HANDSHAKE_SYN_ACK;
	u->one_way += row->packets[0] == 0 || row->packets[1] == 0;
}

/* Distinct ends that one client talked to, in the order of the flows. */
struct peers {
	struct table pairs, clients; /* to bool and uint64_t */
	struct table_later pairs_later, clients_later;
	const struct flow_row *rows[TABLE_LATER];
};

static void
peers_settle(struct peers *p, struct unusual *u)
{
	table_later_come(&p->pairs_later, &p->pairs);
	table_later_come(&p->clients_later, &p->clients);
	for (size_t i = 0; i < p->pairs_later.n; i++) {
		size_t pair = table_later_intern(&p->pairs_later, &p->pairs,
		    i);
		size_t client = table_later_intern(&p->clients_later,
		    &p->clients, i);
		uint64_t *n;
		bool *seen;

		if (pair == SIZE_MAX || client == SIZE_MAX)
			continue;
		seen = table_value(&p->pairs, pair);
		n = table_value(&p->clients, client);
		if (*seen)
			continue;
		*seen = true;
		if (++*n > u->peers_most) {
			u->peers_most = *n;
			u->peers_host = &p->rows[i]->a;
		}
	}
	table_later_end(&p->pairs_later);
	table_later_end(&p->clients_later);
}

/* Sweeps and scans stand out. */
static void
peers_unusual(const struct flow_set *set, struct unusual *u)
{
	struct peers p = { .pairs_later.n = 0 };

	table_init(&p.pairs, sizeof(bool), 200000);
	table_init(&p.clients, sizeof(uint64_t), 100000);
	for (size_t i = 0; i < set->n; i++) {
		const struct flow_row *row = &set->rows[i];
		struct addr pair[2] = { row->a, row->b };
		size_t at = table_later_add(&p.pairs_later, &p.pairs,
		    span_of(pair, sizeof(pair)));

		p.rows[at] = row;
		(void)table_later_add(&p.clients_later, &p.clients,
		    span_of(&row->a, sizeof(row->a)));
		if (table_later_full(&p.pairs_later))
			peers_settle(&p, u);
	}
	peers_settle(&p, u);
	table_free(&p.pairs);
	table_free(&p.clients);
}

static void
number(struct json *j, const char *name, uint64_t n)
{
	if (n > 0)
		json_uint(j, name, n);
}

static void
outliers_report(const struct summary *s, const struct flow_set *set,
    struct json *j)
{
	struct unusual u = { .peers_most = 0 };

	for (size_t i = 0; i < set->n; i++) {
		if (set->rows[i].protocol == TCP)
			tcp_unusual(&set->rows[i], &u);
	}
	peers_unusual(set, &u);
	json_object(j, "outliers");
	number(j, "tcp_rst_packets", u.rst);
	number(j, "tcp_retransmissions", u.retransmissions);
	number(j, "tcp_segments_missing_before", u.lost);
	number(j, "tcp_zero_windows", u.zero_windows);
	number(j, "tcp_unanswered_connections", u.unanswered);
	number(j, "tcp_refused_connections", u.refused);
	number(j, "tcp_half_open_connections", u.half_open);
	number(j, "tcp_one_way_connections", u.one_way);
	number(j, "dns_nxdomain_responses", s->nxdomain);
	number(j, "ip_fragments", s->fragments);
	number(j, "broadcast_frames", s->broadcast);
	number(j, "multicast_frames", s->multicast);
	number(j, "malformed_packets", s->scan->malformed);
	if (u.peers_host != NULL) {
		json_object(j, "most_peers_of_one_client");
		json_addr(j, "client", u.peers_host);
		json_uint(j, "peers", u.peers_most);
		json_end(j);
	}
	if (s->longest_silence > 0) {
		json_object(j, "longest_silence");
		json_seconds(j, "seconds", s->longest_silence);
		json_uint(j, "after_frame", s->silence_after);
		json_end(j);
	}
	json_end(j);
}

bool
summary_report(struct summary *s, const struct flow_list *f,
    const struct flow_set *flows, struct json *j)
{
	protocols_report(s, j);
	hosts_report(s, j);
	services_report(flows, j);
	conversations_report(s, f, flows, j);
	outliers_report(s, flows, j);
	return true;
}
