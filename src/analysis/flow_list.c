#include "analysis/flow_list.h"

#include <stdlib.h>

#define ICMP_FLOWS_MAX 100000
#define ICMP 1
#define TCP 6
#define UDP 17
#define ICMPV6 58
#define SCTP 132

/* The tracker numbers UDP-Lite with UDP. */
const uint8_t flow_list_kinds[FLOW_LIST_KINDS] = { TCP, UDP, SCTP };

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct flow_list *s = state;

	(void)options;
	s->scan = scan;
	flow_names_init(&s->names);
	table_init(&s->icmp, sizeof(struct icmp_flow), ICMP_FLOWS_MAX);
	return true;
}

static __attribute__((cold)) void
release(void *state)
{
	struct flow_list *s = state;

	for (size_t i = 0; i < LENGTH(s->heard); i++) {
		heard_free(&s->heard[i]);
		heard_free(&s->quoted[i]);
	}
	flow_names_free(&s->names);
	table_free(&s->icmp);
}

/* Echo request and reply are one flow, so are the other asking pairs; the
 * identifier keeps several pings between two hosts apart. */
static struct span
icmp_key(uint8_t *key, const struct packet *p, bool *swapped)
{
	const struct icmp_header *h = &p->icmp;
	uint8_t kind = h->type;

	if (h->version == 4 && (kind == 0 || kind == 8))
		kind = 8;
	else if (h->version == 6 && (kind == 128 || kind == 129))
		kind = 128;
	*swapped = addr_compare(&p->src, &p->dst) > 0;
	memcpy(key, *swapped ? &p->dst : &p->src, sizeof(p->src));
	memcpy(key + sizeof(p->src), *swapped ? &p->src : &p->dst,
	    sizeof(p->src));
	key[2 * sizeof(p->src)] = kind;
	key[2 * sizeof(p->src) + 1] = h->has_id ? (uint8_t)(h->id >> 8) : 0;
	key[2 * sizeof(p->src) + 2] = h->has_id ? (uint8_t)h->id : 0;
	return span_of(key, 2 * sizeof(p->src) + 3);
}

static void
icmp_count(struct icmp_flow *f, const struct icmp_seen *p, size_t number)
{
	bool back;

	if (f->first_frame == 0) {
		f->a = p->src;
		f->b = p->dst;
		f->protocol = p->version == 4 ? ICMP : ICMPV6;
		f->type = p->type;
		f->code = p->code;
		f->has_id = p->has_id;
		f->id = p->id;
		f->stream = (uint32_t)number;
		f->first_frame = p->frame;
		f->first = p->time;
	}
	back = !addr_equal(&f->a, &p->src);
	f->packets[back]++;
	f->bytes[back] += p->bytes;
	f->last_frame = p->frame;
	f->last = p->time;
}

static void
icmp_settle(struct flow_list *s)
{
	struct icmp_flow *flows[TABLE_LATER];
	size_t i, at[TABLE_LATER];

	table_later_come(&s->icmp_later, &s->icmp);
	for (i = 0; i < s->icmp_later.n; i++) {
		at[i] = table_later_intern(&s->icmp_later, &s->icmp, i);
		flows[i] = at[i] == SIZE_MAX ? NULL :
		    table_value(&s->icmp, at[i]);
		if (flows[i] != NULL) {
			fetch(flows[i]->packets);
			fetch(&flows[i]->last);
		}
	}
	for (i = 0; i < s->icmp_later.n; i++)
		if (flows[i] != NULL)
			icmp_count(flows[i], &s->icmp_seen[i], at[i]);
	table_later_end(&s->icmp_later);
}

/* They are looked up a few at a time: a capture may have many. */
static void
icmp_add(struct flow_list *s, const struct packet *p)
{
	const struct icmp_header *h = &p->icmp;
	uint8_t key[2 * sizeof(struct addr) + 3];
	bool swapped;
	size_t i = table_later_add_words(&s->icmp_later, &s->icmp,
	    icmp_key(key, p, &swapped));

	s->icmp_seen[i] = (struct icmp_seen){
		.src = p->src,
		.dst = p->dst,
		.version = h->version,
		.type = h->type,
		.code = h->code,
		.has_id = h->has_id,
		.id = h->id,
		.bytes = h->body_claimed,
		.frame = p->record->number,
		.time = p->record->time,
	};
	if (table_later_full(&s->icmp_later))
		icmp_settle(s);
}

static void
stream_heard(struct heard *heard, const struct transport *t)
{
	for (size_t i = 0; i < FLOW_LIST_KINDS; i++) {
		if (flow_list_kinds[i] == (t->protocol == 136 ? UDP : t->protocol))
			heard_add(&heard[i], flow_stream(t->flow));
	}
}

/* The flows of a packet: its own, those of its tunnels, and those that an
 * ICMP error is about. */
static void
streams_heard(struct flow_list *s, const struct packet *p)
{
	for (size_t i = 0; i < p->n_transports; i++) {
		const struct transport *t = &p->transports[i];

		if (t->flow == NULL)
			continue;
		if (t->in_error)
			stream_heard(s->quoted, t);
		else if (s->scan->filter != NULL)
			stream_heard(s->heard, t);
	}
}

static void
packet_add(void *state, const struct packet *p)
{
	struct flow_list *s = state;
	const struct transport *t;
	bool icmp = packet_has(p, LAYER_ICMP) || packet_has(p, LAYER_ICMPV6);

	if (s->scan->filter != NULL || icmp)
		streams_heard(s, p);
	if (icmp && p->icmp.version != 0) {
		icmp_add(s, p);
		return;
	}
	t = packet_transport(p);
	if (t == NULL || t->flow == NULL) {
		s->no_flow++;
		return;
	}
	s->has_tcp |= t->protocol == TCP;
}

static void
known_add(void *state, const struct record *records,
    struct flow *const *flows, uint32_t which, uint32_t udp)
{
	struct flow_list *s = state;

	(void)records;
	(void)flows;
	s->has_tcp |= which != udp;
}

static void
message_add(void *state, const struct packet *p, const struct message *m)
{
	struct flow_list *s = state;

	(void)p;
	flow_names_add(&s->names, m);
}

static void
finish(void *state, struct scan *scan)
{
	(void)scan;
	icmp_settle(state);
}

const struct analyzer analyzer_flow_list = {
	.name = "flow_list",
	.wants = WANT_WALK | WANT_FLOWS | WANT_MESSAGES | WANT_DEFRAG,
	.size = sizeof(struct flow_list),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.known = known_add,
	.message = message_add,
	.finish = finish,
};

const struct analyzer analyzer_flow_list_nameless = {
	.name = "flow_list_nameless",
	.wants = WANT_WALK | WANT_FLOWS | WANT_DEFRAG,
	.size = sizeof(struct flow_list),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.known = known_add,
	.finish = finish,
};

/* From data to its ACK at the quickest, on both sides of the capturer: its
 * own place on the way then does not matter. */
static int64_t
data_rtt(const struct flow *f, const struct flow_detail *d)
{
	int64_t sum = -1;
	unsigned i;

	for (i = 0; i < 2; i++)
		if (d->side[i].rtt_count > 0 && flow_data_packets(f, i) > 0)
			sum = (sum < 0 ? 0 : sum) + d->side[i].rtt_min;
	return sum;
}

void
flow_row_of(const struct flow *f, struct flow_row *r)
{
	*r = (struct flow_row){
		.flow = f,
		.protocol = f->protocol,
		.stream = flow_stream(f),
		.a = flow_addr(f, 0),
		.b = flow_addr(f, 1),
		.a_port = f->a_port,
		.b_port = f->b_port,
		.packets = { flow_packets(f, 0), flow_packets(f, 1) },
		.bytes = { flow_bytes(f, 0), flow_bytes(f, 1) },
		.first_frame = flow_first_frame(f),
		.last_frame = flow_last_frame(f),
		.first = flow_first(f),
		.last = flow_last(f),
		.rtt = -1,
		.data_rtt = -1,
	};
}

void
flow_row_of_icmp(const struct icmp_flow *f, struct flow_row *r)
{
	*r = (struct flow_row){
		.icmp = f,
		.protocol = f->protocol,
		.stream = f->stream,
		.a = f->a,
		.b = f->b,
		.a_port = f->type,
		.b_port = f->code,
		.packets = { f->packets[0], f->packets[1] },
		.bytes = { f->bytes[0], f->bytes[1] },
		.first_frame = f->first_frame,
		.last_frame = f->last_frame,
		.first = f->first,
		.last = f->last,
		.rtt = -1,
		.data_rtt = -1,
	};
}

static void
row_measure(struct flow_row *r)
{
	struct flow_detail d;

	if (r->flow == NULL || r->protocol != TCP)
		return; /* ICMP has no flow */
	flow_detail(r->flow, &d);
	r->data_rtt = data_rtt(r->flow, &d);
	r->retransmissions = (uint64_t)d.classes[0].retransmissions +
	    d.classes[1].retransmissions;
	if (r->flow->handshake == HANDSHAKE_COMPLETE)
		r->rtt = d.handshake_rtt;
}

/* ---- The chosen ones --------------------------------------------------- */

/* Of flow_list_kinds[] by its number, or ICMP behind them. */
#define ID_SHIFT 30
#define ID_ICMP ((uint32_t)FLOW_LIST_KINDS << ID_SHIFT)
#define ID_MASK (((uint32_t)1 << ID_SHIFT) - 1)

_Static_assert(FLOW_LIST_KINDS < 4, "two bits tell them apart");

static const struct flow *
flow_of(const struct flow_list *s, uint32_t id)
{
	return flow_at(s->scan->flows, flow_list_kinds[id >> ID_SHIFT], id & ID_MASK);
}

uint64_t
flow_id_first_frame(const struct flow_list *s, uint32_t id)
{
	const struct icmp_flow *icmp;

	if (id < ID_ICMP)
		return flow_first_frame(flow_of(s, id));
	icmp = table_value(&s->icmp, id & ID_MASK);
	return icmp->first_frame;
}

void
flow_id_ends(const struct flow_list *s, uint32_t id, struct addr ends[2])
{
	const struct icmp_flow *icmp;

	if (id < ID_ICMP) {
		ends[0] = flow_addr(flow_of(s, id), 0);
		ends[1] = flow_addr(flow_of(s, id), 1);
		return;
	}
	icmp = table_value(&s->icmp, id & ID_MASK);
	ends[0] = icmp->a;
	ends[1] = icmp->b;
}

void
flow_id_row(const struct flow_list *s, uint32_t id, struct flow_row *r)
{
	if (id < ID_ICMP)
		flow_row_of(flow_of(s, id), r);
	else
		flow_row_of_icmp(table_value(&s->icmp, id & ID_MASK), r);
	row_measure(r);
}

static size_t
flows_of(const struct flow_list *s, size_t i)
{
	if (s->scan->flows == NULL)
		return 0;
	return flow_count(s->scan->flows, flow_list_kinds[i]);
}

bool
flow_list_next_id(struct flow_cursor *c)
{
	const struct flow_list *s = c->list;

	for (; s->scan->flows != NULL && c->kind < FLOW_LIST_KINDS;
	    c->kind++, c->walk = (struct flow_walk){ NULL, 0, 0 }) {
		const struct flow *f;

		while (c->walk.at < c->most && (f = flow_walk(s->scan->flows,
		    flow_list_kinds[c->kind], &c->walk, FLOW_ASKED_LOSSES)) !=
		    NULL) {
			c->id = (uint32_t)c->kind << ID_SHIFT | (c->walk.at - 1);
			if (flow_list_has(s, c->kind, f))
				return true;
		}
	}
	if (c->icmp >= s->icmp.n)
		return false;
	c->id = ID_ICMP | c->icmp++;
	return true;
}

bool
flow_list_in_order(const struct flow_list *s)
{
	return s->scan->filter == NULL && (s->scan->flows == NULL ||
	    flow_counts(s->scan->flows)->foretold == 0);
}

size_t
flow_list_count(const struct flow_list *s)
{
	size_t n = s->icmp.n;

	for (size_t i = 0; i < FLOW_LIST_KINDS; i++)
		n += flows_of(s, i);
	return n;
}

bool
flow_ids_make(const struct flow_list *s, struct flow_ids *ids)
{
	struct flow_cursor c = { .list = s, .most = SIZE_MAX };
	size_t most = flow_list_count(s);

	*ids = (struct flow_ids){ malloc((most + 1) * sizeof(*ids->id)), 0, 0 };
	if (ids->id == NULL)
		return false;
	while (flow_list_next_id(&c))
		ids->id[ids->n++] = c.id;
	ids->total = ids->n;
	return true;
}

void
flow_ids_free(struct flow_ids *ids)
{
	free(ids->id);
	*ids = (struct flow_ids){ NULL, 0, 0 };
}

const char *
flow_row_protocol(const struct flow_row *r)
{
	switch (r->protocol) {
	case TCP:
		return "tcp";
	case UDP:
		return "udp";
	case 136:
		return "udplite";
	case SCTP:
		return "sctp";
	case ICMP:
		return "icmp";
	default:
		return "icmpv6";
	}
}
