#include "analysis/summary.h"

#define PATHS 15
#define HOSTS 8
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
	const struct summary_host *h = summary_host_at(context, i);

	return h->bytes[0] + h->bytes[1];
}

static void
name_member(const struct summary *s, const struct addr *a, struct json *j,
    const char *member)
{
	const struct span *name = summary_names_find(&s->names, a);

	if (name != NULL)
		json_foreign_max(j, member, *name, 80);
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
	if (s->tunnelled > 0)
		json_textf(j, "hosts_note", "of %llu packets in tunnels the "
		    "innermost hosts alone are counted",
		    (unsigned long long)s->tunnelled);
	json_array(j, "busiest_hosts");
	for (size_t i = 0; i < r.n; i++) {
		const struct summary_host *h = summary_host_at(&s->hosts,
		    r.order[i]);

		json_object(j, NULL);
		json_addr(j, "address", &h->addr);
		name_member(s, &h->addr, j, "name");
		json_uint(j, "bytes_out", h->bytes[0]);
		json_uint(j, "bytes_in", h->bytes[1]);
		json_uint(j, "packets", h->packets);
		json_uint(j, "first_frame", h->first_frame);
		json_uint(j, "last_frame", h->last_frame);
		json_end(j);
	}
	json_end(j);
	if (s->names.table.n == SUMMARY_NAMES_MAX)
		json_uint(j, "named_addresses_limit", SUMMARY_NAMES_MAX);
}

/* ---- Flows ------------------------------------------------------------ */

static void
conversations_report(const struct summary *s, struct json *j)
{
	json_uint(j, "flows_total", s->flows.total);
	json_array(j, "largest_flows");
	for (size_t i = 0; i < s->flows.n_largest; i++) {
		const struct flow_row *row = &s->flows.largest[i];
		const struct proto *app = row->flow == NULL ? NULL :
		    flow_apps_find(&s->apps, row->protocol, row->stream);

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
		if (app != NULL)
			json_text(j, "app", app->name);
		json_uint(j, "bytes", row->bytes[0] + row->bytes[1]);
		json_uint(j, "packets", row->packets[0] + row->packets[1]);
		json_uint(j, "first_frame", row->first_frame);
		json_end(j);
	}
	json_end(j);
}

static uint64_t
service_value(const void *context, size_t i)
{
	const struct summary_service *v = table_value(context, i);

	return v->flows;
}

/* By the server's port: only flows whose roles a SYN or a low port tells. */
static void
services_report(const struct summary *s, struct json *j)
{
	const struct table *services = &s->flows.services;
	struct ranking r = { .value = service_value, .context = services,
		.most = SERVICES };

	rank(&r, services->n);
	json_array(j, "services");
	for (size_t i = 0; i < r.n; i++) {
		const struct summary_service *v = table_value(services,
		    r.order[i]);

		json_object(j, NULL);
		json_textf(j, "port", "%s/%u", v->protocol == TCP ? "tcp" :
		    v->protocol == 132 ? "sctp" : "udp", v->port);
		json_uint(j, "flows", v->flows);
		json_uint(j, "bytes", v->bytes);
		json_end(j);
	}
	json_end(j);
}

/* ---- What is unusual, as numbers --------------------------------------- */

static void
number(struct json *j, const char *name, uint64_t n)
{
	if (n > 0)
		json_uint(j, name, n);
}

static void
outliers_report(const struct summary *s, struct json *j)
{
	const struct summary_flows *f = &s->flows;

	json_object(j, "outliers");
	number(j, "tcp_rst_packets", f->losses.rst);
	number(j, "tcp_retransmissions", f->losses.retransmissions);
	number(j, "tcp_segments_missing_before", f->losses.lost);
	number(j, "tcp_zero_windows", f->losses.zero_windows);
	number(j, "tcp_unanswered_connections", f->unanswered);
	number(j, "tcp_refused_connections", f->refused);
	number(j, "tcp_half_open_connections", f->half_open);
	number(j, "tcp_one_way_connections", f->one_way);
	number(j, "dns_nxdomain_responses", s->nxdomain);
	number(j, "ip_fragments", s->fragments);
	number(j, "broadcast_frames", s->broadcast);
	number(j, "multicast_frames", s->multicast);
	number(j, "malformed_packets", s->scan->malformed);
	if (f->peers.most > 0) {
		json_object(j, "most_peers_of_one_client");
		json_addr(j, "client", &f->peers.host);
		json_uint(j, "peers", f->peers.most);
		number(j, "flows_of_pairs_beyond_cap", f->peers.refused);
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

void
summary_report(const struct summary *s, struct json *j)
{
	protocols_report(s, j);
	hosts_report(s, j);
	services_report(s, j);
	conversations_report(s, j);
	outliers_report(s, j);
}
