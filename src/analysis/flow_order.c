#include "analysis/flow_order.h"

#include <stdlib.h>

#include "net/community_id.h"

static const struct {
	const char *word;
	enum flow_sort sort;
} words[] = {
	{ "start", FLOW_SORT_START },
	{ "first_frame", FLOW_SORT_START },
	{ "bytes", FLOW_SORT_BYTES },
	{ "packets", FLOW_SORT_PACKETS },
	{ "client_bytes", FLOW_SORT_CLIENT_BYTES },
	{ "server_bytes", FLOW_SORT_SERVER_BYTES },
	{ "client_packets", FLOW_SORT_CLIENT_PACKETS },
	{ "server_packets", FLOW_SORT_SERVER_PACKETS },
	{ "duration", FLOW_SORT_DURATION },
	{ "duration_seconds", FLOW_SORT_DURATION },
	{ "rtt", FLOW_SORT_RTT },
	{ "rtt_ms", FLOW_SORT_RTT },
	{ "data_rtt_ms", FLOW_SORT_DATA_RTT },
	{ "retransmissions", FLOW_SORT_RETRANSMISSIONS },
	{ "last_frame", FLOW_SORT_LAST_FRAME },
	{ "protocol", FLOW_SORT_PROTOCOL },
	{ "stream", FLOW_SORT_STREAM },
	{ "client", FLOW_SORT_CLIENT },
	{ "server", FLOW_SORT_SERVER },
	{ "state", FLOW_SORT_STATE },
	{ "history", FLOW_SORT_HISTORY },
	{ "app", FLOW_SORT_APP },
	{ "name", FLOW_SORT_NAME },
	{ "tunnel", FLOW_SORT_TUNNEL },
	{ "community_id", FLOW_SORT_COMMUNITY_ID },
	{ "filter", FLOW_SORT_FILTER },
};

bool
flow_sort_find(struct span word, enum flow_sort *sort)
{
	size_t i;

	for (i = 0; i < LENGTH(words); i++) {
		if (span_is(word, words[i].word)) {
			*sort = words[i].sort;
			return true;
		}
	}
	return false;
}

/*
 * What a row is sorted by: a number, of which the larger one goes first, and
 * for texts more than fits into it.
 */
struct order {
	const struct flow_list *list;
	const uint32_t *ids;
	const uint64_t *keys;
	enum flow_sort sort;
};

static uint64_t
ns_key(int64_t ns)
{
	return ns < 0 ? 0 : (uint64_t)ns + 1;
}

static uint64_t
row_duration(const struct flow_row *r)
{
	return r->first.known && r->last.known ?
	    ns_key(time_diff(r->last, r->first)) : 0;
}

static uint64_t
number_key(const struct flow_row *r, enum flow_sort sort)
{
	switch (sort) {
	case FLOW_SORT_BYTES:
		return r->bytes[0] + r->bytes[1];
	case FLOW_SORT_PACKETS:
		return r->packets[0] + r->packets[1];
	case FLOW_SORT_CLIENT_BYTES:
		return r->bytes[0];
	case FLOW_SORT_SERVER_BYTES:
		return r->bytes[1];
	case FLOW_SORT_CLIENT_PACKETS:
		return r->packets[0];
	case FLOW_SORT_SERVER_PACKETS:
		return r->packets[1];
	case FLOW_SORT_DURATION:
		return row_duration(r);
	case FLOW_SORT_RTT:
		return ns_key(r->rtt);
	case FLOW_SORT_DATA_RTT:
		return ns_key(r->data_rtt);
	case FLOW_SORT_RETRANSMISSIONS:
		return r->retransmissions;
	case FLOW_SORT_STREAM:
		return UINT64_MAX - r->stream;
	case FLOW_SORT_LAST_FRAME:
		return UINT64_MAX - r->last_frame;
	default:
		return 0;
	}
}

/* The text of a column, in `text` or where it lives. */
static struct span
row_text(const struct order *o, const struct flow_row *r, char *text)
{
	const struct flow_name *name = r->flow == NULL ? NULL :
	    flow_names_find(&o->list->names, r->protocol, r->stream);
	struct flow_detail d;

	switch (o->sort) {
	case FLOW_SORT_PROTOCOL:
	case FLOW_SORT_FILTER:
		return span_text(flow_row_protocol(r));
	case FLOW_SORT_STATE:
		return span_text(r->flow != NULL ?
		    flow_conn_state(r->flow) : "");
	case FLOW_SORT_HISTORY:
		if (r->flow == NULL)
			return span_empty();
		flow_detail(r->flow, &d);
		memcpy(text, d.history, sizeof(d.history));
		return span_text(text);
	case FLOW_SORT_APP:
		return name == NULL ? span_empty() :
		    span_text(flow_name_proto(name)->name);
	case FLOW_SORT_NAME:
		return name == NULL || name->n_names == 0 ? span_empty() :
		    flow_name_text(name, 0);
	case FLOW_SORT_COMMUNITY_ID:
		return span_of(text, community_id(text, r->protocol, &r->a,
		    r->a_port, &r->b, r->b_port));
	default:
		return span_empty();
	}
}

/* Bytes of the address in the order of addresses, then the port. */
static struct span
end_text(const struct addr *a, uint16_t port, char *text)
{
	text[0] = (char)a->kind;
	memcpy(text + 1, a->bytes, sizeof(a->bytes));
	text[1 + sizeof(a->bytes)] = (char)(port >> 8);
	text[2 + sizeof(a->bytes)] = (char)port;
	return span_of(text, 3 + sizeof(a->bytes));
}

static struct span
tunnel_text(const struct flow *f, char *text)
{
	uint8_t layers[FLOW_PATH_MAX] = { 0 };
	size_t n = f == NULL ? 0 : flow_path(f, layers);
	const struct flow_more *more;
	uint32_t ids[2];
	unsigned i;

	if (n == 0)
		return span_empty();
	more = flow_more(f);
	ids[0] = (uint32_t)more->vlans[0] << 16 | more->vlans[1];
	ids[1] = more->tunnel_id;
	memcpy(text, layers, sizeof(layers));
	for (i = 0; i < 8; i++)
		text[sizeof(layers) + i] =
		    (char)(ids[i / 4] >> (24 - 8 * (i % 4)));
	return span_of(text, sizeof(layers) + 8);
}

#define TEXT_KEY 160

static struct span
text_of(const struct order *o, const struct flow_row *r, char *text)
{
	switch (o->sort) {
	case FLOW_SORT_CLIENT:
		return end_text(&r->a, r->a_port, text);
	case FLOW_SORT_SERVER:
		return end_text(&r->b, r->b_port, text);
	case FLOW_SORT_TUNNEL:
		return tunnel_text(r->flow, text);
	default:
		return row_text(o, r, text);
	}
}

/* The first bytes, the smaller the larger; none is the smallest. */
static uint64_t
text_key(const struct order *o, const struct flow_row *r)
{
	char text[TEXT_KEY];
	struct span s = text_of(o, r, text);
	uint64_t key = 0;
	unsigned i;

	if (s.n == 0)
		return 0;
	for (i = 0; i < sizeof(key); i++)
		key = key << 8 | (i < s.n ? s.p[i] : 0);
	return key == UINT64_MAX ? 1 : UINT64_MAX - key;
}

static int
texts_compare(const struct order *o, uint32_t a, uint32_t b)
{
	char x[TEXT_KEY], y[TEXT_KEY];
	struct flow_row row[2];
	struct span sx, sy;
	size_t n;
	int c;

	flow_id_row(o->list, a, &row[0]);
	flow_id_row(o->list, b, &row[1]);
	sx = text_of(o, &row[0], x);
	sy = text_of(o, &row[1], y);
	n = sx.n < sy.n ? sx.n : sy.n;
	c = n == 0 ? 0 : memcmp(sx.p, sy.p, n);
	if (c != 0)
		return c;
	return sx.n < sy.n ? -1 : sx.n > sy.n;
}

/* One of the flows. */
struct place {
	uint64_t key;
	uint32_t id;
};

static int
places_compare(const struct order *o, struct place a, struct place b)
{
	uint64_t x, y;
	int c;

	if (a.key != b.key)
		return a.key > b.key ? -1 : 1;
	if (o->sort >= FLOW_SORT_PROTOCOL && a.key != 0 &&
	    (c = texts_compare(o, a.id, b.id)) != 0)
		return c;
	x = flow_id_first_frame(o->list, a.id);
	y = flow_id_first_frame(o->list, b.id);
	/* A tunnel's flow and the one inside may begin with one packet. */
	if (x == y)
		return a.id < b.id ? -1 : a.id > b.id;
	return x < y ? -1 : 1;
}

static int
rows_compare(const void *context, uint32_t a, uint32_t b)
{
	const struct order *o = context;

	return places_compare(o, (struct place){ o->keys[a], o->ids[a] },
	    (struct place){ o->keys[b], o->ids[b] });
}

static uint64_t
key_of(const struct order *o, uint32_t id)
{
	struct flow_row r;

	if (o->sort == FLOW_SORT_START)
		return UINT64_MAX - flow_id_first_frame(o->list, id);
	flow_id_row(o->list, id, &r);
	return o->sort >= FLOW_SORT_PROTOCOL ? text_key(o, &r) :
	    number_key(&r, o->sort);
}

/* ---- The first few ------------------------------------------------------ */

#define FEW 4096

/* A heap, of which the last in the order is on top. */
struct few {
	const struct order *order;
	size_t n, most;
	struct place at[FEW];
};

static void
few_sink(struct few *few, struct place place)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < few->n) {
		if (child + 1 < few->n && places_compare(few->order,
		    few->at[child], few->at[child + 1]) < 0)
			child++;
		if (places_compare(few->order, place, few->at[child]) >= 0)
			break;
		few->at[i] = few->at[child];
		i = child;
	}
	few->at[i] = place;
}

static void
few_add(struct few *few, struct place place)
{
	size_t i = few->n, parent;

	if (few->n == few->most) {
		if (few->n > 0 && place.key >= few->at[0].key &&
		    places_compare(few->order, place, few->at[0]) < 0)
			few_sink(few, place);
		return;
	}
	few->n++;
	for (; i > 0; i = parent) {
		parent = (i - 1) / 2;
		if (places_compare(few->order, place, few->at[parent]) <= 0)
			break;
		few->at[i] = few->at[parent];
	}
	few->at[i] = place;
}

/* The last of them first. */
static bool
few_take(struct few *few, struct flow_ids *ids)
{
	ids->n = few->n;
	ids->id = malloc((few->n + 1) * sizeof(*ids->id));
	if (ids->id == NULL)
		return false;
	while (few->n > 0) {
		ids->id[few->n - 1] = few->at[0].id;
		few->n--;
		few_sink(few, few->at[few->n]);
	}
	return true;
}

static bool
order_few(const struct order *o, size_t most, struct flow_ids *ids)
{
	struct few *few = malloc(sizeof(*few));
	struct flow_cursor c = { .list = o->list, .most = SIZE_MAX };
	bool good;

	if (few == NULL)
		return false;
	few->order = o;
	few->n = 0;
	few->most = most;
	ids->total = 0;
	/* Those behind the first ones of their kind are behind them. */
	if (o->sort == FLOW_SORT_START && flow_list_in_order(o->list))
		c.most = most;
	while (flow_list_next_id(&c)) {
		few_add(few, (struct place){ key_of(o, c.id), c.id });
		ids->total++;
	}
	if (c.most != SIZE_MAX)
		ids->total = flow_list_count(o->list);
	good = few_take(few, ids);
	free(few);
	return good;
}

/* ---- All ---------------------------------------------------------------- */

static bool
order_all(struct order *o, struct flow_ids *ids)
{
	uint32_t *order = malloc((2 * ids->n + 1) * sizeof(*order));
	uint64_t *keys = malloc((ids->n + 1) * sizeof(*keys));
	bool good = order != NULL && keys != NULL;

	for (size_t i = 0; good && i < ids->n; i++)
		keys[i] = key_of(o, ids->id[i]);
	if (good) {
		o->ids = ids->id;
		o->keys = keys;
		sort_order(order, order + ids->n, ids->n, rows_compare, o);
		for (size_t i = 0; i < ids->n; i++)
			order[i] = ids->id[order[i]];
		memcpy(ids->id, order, ids->n * sizeof(*order));
	}
	free(order);
	free(keys);
	return good;
}

bool
flow_order(const struct flow_list *s, enum flow_sort sort, uint64_t most,
    struct flow_ids *ids)
{
	struct order o = { .list = s, .sort = sort };

	if (most <= FEW)
		return order_few(&o, (size_t)most, ids);
	if (!flow_ids_make(s, ids))
		return false;
	if (order_all(&o, ids))
		return true;
	flow_ids_free(ids);
	return false;
}
