#include "analysis/flow_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "net/community_id.h"

#define ICMP 1
#define TCP 6
#define SCTP 132
#define GROUPS_MAX 100000
#define CLIENTS_MAX 200000

/*
 * A row is written cell by cell, the same statements for the three forms:
 * arrays under "columns", objects a line, tab-separated text.
 */
struct cells {
	enum rows_format format;
	struct json *j;
	struct buf *line;
	bool first;
};

static const char *const flow_columns[] = {
	"protocol", "stream", "client", "server", "state", "history", "app",
	"name", "client_packets", "server_packets", "client_bytes",
	"server_bytes", "start", "duration_seconds", "rtt_ms",
	"data_rtt_ms", "retransmissions", "tunnel", "community_id", "first_frame",
	"last_frame", "filter",
};

static const char *const group_columns[] = {
	"key", "flows", "clients", "packets", "bytes_out", "bytes_in",
	"first_frame", "last_frame",
};

static const char *
cell_name(struct cells *c, const char *name)
{
	if (c->format == ROWS_TSV && !c->first)
		buf_byte(c->line, '\t');
	c->first = false;
	return c->format == ROWS_NDJSON ? name : NULL;
}

static void
cell_uint(struct cells *c, const char *name, uint64_t value)
{
	name = cell_name(c, name);
	if (c->format == ROWS_TSV)
		buf_printf(c->line, "%llu", (unsigned long long)value);
	else
		json_uint(c->j, name, value);
}

/* Nothing to say: null keeps the columns in place. */
static void
cell_none(struct cells *c, const char *name)
{
	if (c->format == ROWS_NDJSON)
		return;
	(void)cell_name(c, name);
	if (c->format == ROWS_JSON)
		json_null(c->j, NULL);
}

static void
cell_text(struct cells *c, const char *name, struct span text)
{
	if (text.n == 0) {
		cell_none(c, name);
		return;
	}
	name = cell_name(c, name);
	if (c->format == ROWS_TSV)
		text_escape(c->line, text, TEXT_MAX);
	else
		json_foreign(c->j, name, text);
}

static void
cell_ns(struct cells *c, const char *name, int64_t ns, bool ms)
{
	char text[NUMBER_TEXT];

	if (ns < 0) {
		cell_none(c, name);
		return;
	}
	name = cell_name(c, name);
	if (c->format == ROWS_TSV)
		buf_add(c->line, text, number_double(text,
		    (double)ns / (ms ? 1e6 : 1e9)));
	else if (ms)
		json_ms(c->j, name, ns);
	else
		json_seconds(c->j, name, ns);
}

static void
cell_time(struct cells *c, const char *name, struct timestamp t)
{
	char text[NUMBER_TEXT];

	if (!t.known) {
		cell_none(c, name);
		return;
	}
	cell_text(c, name, span_of(text, time_iso(text, t)));
}

static void
cell_end_point(struct cells *c, const char *name, const struct addr *a,
    uint16_t port, bool ports)
{
	char text[ADDR_TEXT + 8];
	size_t n = ports ? addr_write_port(text, a, port) :
	    addr_write(text, a);

	cell_text(c, name, span_of(text, n));
}

static void
cell_words(struct cells *c, const char *name, const char *words)
{
	cell_text(c, name, span_text(words));
}

/* False: this row is counted and no more. */
static bool
cells_begin(struct cells *c, struct rows *rows)
{
	c->format = rows->format;
	c->first = true;
	c->j = NULL;
	c->line = NULL;
	if (c->format == ROWS_TSV) {
		c->line = rows_text(rows);
		return c->line != NULL;
	}
	c->j = rows_next(rows);
	if (c->j == NULL)
		return false;
	if (c->format == ROWS_NDJSON)
		json_object(c->j, NULL);
	else
		json_array(c->j, NULL);
	return true;
}

static void
cells_end(struct cells *c, struct rows *rows)
{
	if (c->j != NULL)
		json_end(c->j);
	rows_done(rows);
}

static void
columns_write(const char *const *names, size_t n, struct rows *rows,
    struct json *j)
{
	struct buf *head = rows_head(rows);

	if (rows->format == ROWS_JSON) {
		json_array(j, "columns");
		for (size_t i = 0; i < n; i++)
			json_text(j, NULL, names[i]);
		json_end(j);
	}
	if (head == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		buf_text(head, names[i]);
		buf_byte(head, i + 1 < n ? '\t' : '\n');
	}
}

/* Of VXLAN and Geneve 0 is a number like others. */
static bool
has_id(uint8_t layer, uint32_t id)
{
	return id != 0 || layer == LAYER_VXLAN || layer == LAYER_GENEVE ||
	    layer == LAYER_GTP;
}

/* "vlan 7, vxlan 42": outermost first. */
static void
tunnel_cell(struct cells *c, const struct flow *f)
{
	uint8_t layers[FLOW_PATH_MAX];
	size_t n = f != NULL ? flow_path(f, layers) : 0, vlan = 0, inner = 0;
	struct buf b;

	for (size_t i = 0; i < n; i++)
		if (layers[i] != LAYER_VLAN && layers[i] != LAYER_IP &&
		    layers[i] != LAYER_IPV6)
			inner = i + 1;
	buf_init(&b, 100);
	for (size_t i = 0; i < n; i++) {
		const struct flow_more *more = flow_more(f);

		buf_printf(&b, "%s%s", i > 0 ? ", " : "",
		    layer_name(layers[i]));
		if (layers[i] == LAYER_VLAN) {
			if (vlan < LENGTH(more->vlans))
				buf_printf(&b, " %u",
				    (unsigned)more->vlans[vlan++]);
		} else if (i + 1 == inner && has_id(layers[i],
		    more->tunnel_id)) {
			buf_printf(&b, " %u", (unsigned)more->tunnel_id);
		}
	}
	cell_text(c, "tunnel", buf_bytes(&b));
	buf_free(&b);
}

/* Echoes are quoted in errors, so `all`; errors are told by their type. */
static void
icmp_filter(struct buf *text, const struct icmp_flow *f)
{
	const char *name = f->protocol == ICMP ? "icmp" : "icmpv6";
	unsigned ask = f->protocol == ICMP ? 8 : 128;
	unsigned answer = f->protocol == ICMP ? 0 : 129;

	if (f->type == ask || f->type == answer)
		buf_printf(text, "all %s.type in {%u, %u}", name,
		    ask < answer ? ask : answer, ask < answer ? answer : ask);
	else
		buf_printf(text, "%s.type == %u", name, (unsigned)f->type);
	if (f->has_id)
		buf_printf(text, " && %s == %u", f->protocol == ICMP ?
		    "icmp.ident" : "icmpv6.echo.identifier",
		    (unsigned)f->id);
}

static void
ends_filter(struct buf *text, const struct flow_row *r)
{
	const char *field = r->a.kind == ADDR_IPV6 ? "ipv6" : "ip";
	bool both = r->packets[0] > 0 && r->packets[1] > 0;
	const struct addr *from = r->packets[0] > 0 ? &r->a : &r->b;
	const struct addr *to = r->packets[0] > 0 ? &r->b : &r->a;
	char a[ADDR_TEXT], b[ADDR_TEXT];
	size_t na = addr_write(a, from), nb = addr_write(b, to);

	buf_printf(text, " && %s.%s == %.*s && %s.%s == %.*s", field,
	    both ? "addr" : "src", (int)na, a, field, both ? "addr" : "dst",
	    (int)nb, b);
}

/* Ports and a stream's number also select the ICMP errors that quote it. */
static bool
is_quoted(const struct flow_list *s, const struct flow_row *r)
{
	return heard_has(&s->quoted[r->protocol == TCP ? 0 :
	    r->protocol == SCTP ? 2 : 1], r->stream);
}

static void
filter_cell(struct cells *c, const struct flow_list *s,
    const struct flow_row *r)
{
	struct buf text;

	buf_init(&text, 300);
	if (r->icmp != NULL) {
		icmp_filter(&text, r->icmp);
		ends_filter(&text, r);
	} else if (r->protocol == SCTP) {
		buf_printf(&text, "sctp.port == %u && sctp.port == %u",
		    (unsigned)r->a_port, (unsigned)r->b_port);
		ends_filter(&text, r);
	} else {
		buf_printf(&text, "%s.stream == %u",
		    r->protocol == TCP ? "tcp" : "udp", (unsigned)r->stream);
	}
	if (r->icmp == NULL && is_quoted(s, r))
		buf_text(&text, r->a.kind == ADDR_IPV6 ? " && !icmpv6" :
		    " && !icmp");
	cell_text(c, "filter", buf_bytes(&text));
	buf_free(&text);
}

static void
names_cells(struct cells *c, const struct flow_list *s,
    const struct flow_row *r)
{
	const struct flow_name *name = NULL;
	struct buf text;

	if (r->flow != NULL)
		name = flow_names_find(&s->names, r->protocol, r->stream);
	cell_words(c, "app", name != NULL ? flow_name_proto(name)->name : "");
	buf_init(&text, 600);
	for (unsigned i = 0; name != NULL && i < name->n_names; i++) {
		buf_text(&text, i > 0 ? ", " : "");
		buf_span(&text, flow_name_text(name, i));
	}
	if (name != NULL && name->more_names)
		buf_text(&text, ", ...");
	cell_text(c, "name", buf_bytes(&text));
	buf_free(&text);
}

static void
flow_row_write(struct cells *c, const struct flow_list *s,
    const struct flow_row *r)
{
	char id[COMMUNITY_ID_TEXT];
	bool ports = r->flow != NULL;
	struct flow_detail d;

	cell_words(c, "protocol", flow_row_protocol(r));
	cell_uint(c, "stream", r->stream);
	cell_end_point(c, "client", &r->a, r->a_port, ports);
	cell_end_point(c, "server", &r->b, r->b_port, ports);
	if (ports)
		flow_detail(r->flow, &d);
	cell_words(c, "state", ports ? flow_conn_state(r->flow) : "");
	cell_words(c, "history", ports ? d.history : "");
	names_cells(c, s, r);
	cell_uint(c, "client_packets", r->packets[0]);
	cell_uint(c, "server_packets", r->packets[1]);
	cell_uint(c, "client_bytes", r->bytes[0]);
	cell_uint(c, "server_bytes", r->bytes[1]);
	cell_time(c, "start", r->first);
	cell_ns(c, "duration_seconds", r->first.known && r->last.known ?
	    time_diff(r->last, r->first) : -1, false);
	cell_ns(c, "rtt_ms", r->rtt, true);
	cell_ns(c, "data_rtt_ms", r->data_rtt, true);
	if (r->protocol == TCP)
		cell_uint(c, "retransmissions", r->retransmissions);
	else
		cell_none(c, "retransmissions");
	tunnel_cell(c, r->flow);
	cell_text(c, "community_id", span_of(id, community_id(id,
	    r->protocol, &r->a, r->a_port, &r->b, r->b_port)));
	cell_uint(c, "first_frame", r->first_frame);
	cell_uint(c, "last_frame", r->last_frame);
	filter_cell(c, s, r);
}

/* ---- Groups ----------------------------------------------------------- */

struct group {
	uint64_t flows, clients, packets, bytes_out, bytes_in;
	uint64_t first_frame, last_frame;
};

static void
group_add(struct table *groups, struct table *clients, struct span key,
    const struct flow_row *r, unsigned side)
{
	struct group *g = table_add(groups, key);
	uint8_t pair[64 + sizeof(struct addr)];
	bool *seen;

	if (g == NULL)
		return;
	g->flows++;
	g->packets += r->packets[0] + r->packets[1];
	g->bytes_out += r->bytes[side];
	g->bytes_in += r->bytes[!side];
	if (g->first_frame == 0 || r->first_frame < g->first_frame)
		g->first_frame = r->first_frame;
	if (r->last_frame > g->last_frame)
		g->last_frame = r->last_frame;
	key = span_first(key, 64);
	memcpy(pair, key.p, key.n);
	memcpy(pair + key.n, side == 0 ? &r->b : &r->a, sizeof(struct addr));
	seen = table_add(clients, span_of(pair, key.n + sizeof(struct addr)));
	if (seen != NULL && !*seen) {
		*seen = true;
		g->clients++;
	}
}

static void
group_flow(const struct flow_list *s, struct table *groups,
    struct table *clients, const struct flow_row *r, enum flow_group kind)
{
	const struct flow_name *name;
	struct flow_row itself;
	char text[64];
	int n;

	if (kind == FLOW_GROUP_HOST) {
		/* A host that talks to itself does so once. */
		bool one = addr_equal(&r->a, &r->b);

		if (one) {
			itself = *r;
			itself.bytes[0] = r->bytes[0] + r->bytes[1];
			itself.bytes[1] = itself.bytes[0];
			r = &itself;
		}
		for (unsigned i = 0; i < 2U - one; i++) {
			size_t length = addr_write(text, i == 0 ? &r->a :
			    &r->b);

			group_add(groups, clients, span_of(text, length), r,
			    i);
		}
		return;
	}
	name = r->flow != NULL ?
	    flow_names_find(&s->names, r->protocol, r->stream) : NULL;
	if (r->icmp != NULL)
		n = snprintf(text, sizeof(text), "%s",
		    flow_row_protocol(r));
	else
		n = snprintf(text, sizeof(text), "%s/%u%s%s",
		    flow_row_protocol(r), r->b_port,
		    name != NULL ? " " : "",
		    name != NULL ? flow_name_proto(name)->name : "");
	group_add(groups, clients, span_of(text, (size_t)n), r, 1);
}

bool
group_sort_find(struct span word, enum group_sort *sort)
{
	size_t i;

	for (i = 0; i < LENGTH(group_columns); i++) {
		if (span_is(word, group_columns[i])) {
			*sort = (enum group_sort)(GROUP_SORT_KEY + i);
			return true;
		}
	}
	*sort = GROUP_SORT_BYTES;
	return span_is(word, "bytes") || span_is(word, "start");
}

struct group_order {
	const struct table *groups;
	enum group_sort sort;
};

/* The larger goes first. */
static uint64_t
group_value(const struct group *g, enum group_sort sort)
{
	switch (sort) {
	case GROUP_SORT_KEY:
		return 0;
	case GROUP_SORT_FLOWS:
		return g->flows;
	case GROUP_SORT_CLIENTS:
		return g->clients;
	case GROUP_SORT_PACKETS:
		return g->packets;
	case GROUP_SORT_BYTES_OUT:
		return g->bytes_out;
	case GROUP_SORT_BYTES_IN:
		return g->bytes_in;
	case GROUP_SORT_FIRST_FRAME:
		return UINT64_MAX - g->first_frame;
	case GROUP_SORT_LAST_FRAME:
		return UINT64_MAX - g->last_frame;
	default:
		return g->bytes_out + g->bytes_in;
	}
}

static int
group_compare(const void *context, uint32_t a, uint32_t b)
{
	const struct group_order *o = context;
	uint64_t va = group_value(table_value(o->groups, a), o->sort);
	uint64_t vb = group_value(table_value(o->groups, b), o->sort);
	struct span x = table_key(o->groups, a), y = table_key(o->groups, b);
	int c = o->sort != GROUP_SORT_KEY ? 0 :
	    memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	if (va != vb)
		return va > vb ? -1 : 1;
	if (c != 0)
		return c;
	return a < b ? -1 : a > b;
}

static void
group_row_write(struct cells *c, struct span key, const struct group *g)
{
	cell_text(c, "key", key);
	cell_uint(c, "flows", g->flows);
	cell_uint(c, "clients", g->clients);
	cell_uint(c, "packets", g->packets);
	cell_uint(c, "bytes_out", g->bytes_out);
	cell_uint(c, "bytes_in", g->bytes_in);
	cell_uint(c, "first_frame", g->first_frame);
	cell_uint(c, "last_frame", g->last_frame);
}

static bool
groups_write(const struct flow_list *s, const struct flow_ids *ids,
    const struct flow_view *view, struct json *j, struct rows *rows)
{
	struct table groups, clients;
	const struct group_order by = { &groups, view->group_sort };
	uint32_t *order;
	bool done = false;

	table_init(&groups, sizeof(struct group), GROUPS_MAX);
	table_init(&clients, sizeof(bool), CLIENTS_MAX);
	for (size_t i = 0; i < ids->n; i++) {
		struct flow_row r;

		flow_id_row(s, ids->id[i], &r);
		group_flow(s, &groups, &clients, &r, view->group);
	}
	order = calloc(2 * groups.n + 1, sizeof(*order));
	if (order != NULL) {
		sort_order(order, order + groups.n, groups.n, group_compare,
		    &by);
		columns_write(group_columns, LENGTH(group_columns), rows, j);
		for (size_t i = 0; i < groups.n; i++) {
			struct cells c;

			if (!cells_begin(&c, rows))
				continue;
			group_row_write(&c, table_key(&groups, order[i]),
			    table_value(&groups, order[i]));
			cells_end(&c, rows);
		}
		done = true;
	}
	if (groups.refused > 0)
		json_uint(j, "groups_beyond_cap", groups.refused);
	if (clients.refused > 0)
		json_uint(j, "clients_not_counted", clients.refused);
	free(order);
	table_free(&groups);
	table_free(&clients);
	return done;
}

static void
flows_write(const struct flow_list *s, const struct flow_ids *ids,
    struct json *j, struct rows *rows)
{
	columns_write(flow_columns, LENGTH(flow_columns), rows, j);
	for (size_t i = 0; i < ids->n && !rows->truncated; i++) {
		struct flow_row r;
		struct cells c;

		if (!cells_begin(&c, rows))
			continue;
		flow_id_row(s, ids->id[i], &r);
		flow_row_write(&c, s, &r);
		cells_end(&c, rows);
	}
	rows_more(rows, ids->total);
}

/* Rows that may be looked at: `matched` is 0 still. */
static uint64_t
rows_most(const struct rows *rows)
{
	return rows->limit > UINT64_MAX - rows->skip ? UINT64_MAX :
	    rows->skip + rows->limit;
}

bool
flow_list_report(const struct flow_list *s, const struct flow_view *view,
    struct json *j, struct rows *rows)
{
	bool flows = view->group == FLOW_GROUP_NONE, done = true;
	struct flow_ids ids;

	if (!(flows ? flow_order(s, view->sort, rows_most(rows), &ids) :
	    flow_ids_make(s, &ids)))
		return false;
	json_uint(j, "flows_total", ids.total);
	if (s->icmp.refused > 0)
		json_uint(j, "icmp_flows_beyond_cap", s->icmp.refused);
	if (s->names.refused > 0)
		json_uint(j, "messages_of_flows_beyond_cap",
		    s->names.refused);
	if (s->no_flow > 0)
		json_uint(j, "packets_without_flow", s->no_flow);
	if (flows)
		flows_write(s, &ids, j, rows);
	else
		done = groups_write(s, &ids, view, j, rows);
	flow_ids_free(&ids);
	if (!done)
		return false;
	rows_report(rows, j, flows ? "flows" : "groups");
	rows_counts(rows, j, view->seal);
	return true;
}
