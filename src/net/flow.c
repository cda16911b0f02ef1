#include "net/flow.h"

#include <stdlib.h>

#include "net/flow_count.h"
#include "net/flow_fields.h"
#include "net/flow_number.h"
#include "net/flow_open.h"
#include "net/flow_rest.h"
#include "net/flow_start.h"
#include "net/flow_state.h"
#include "net/flow_table.h"

#define MAX_FLOWS ((size_t)4 << 20)
#define MAX_BYTES ((size_t)1 << 30)

struct flows *
flows_new(const struct flow_limits *limits)
{
	size_t max = limits != NULL && limits->max_flows != 0 ?
	    limits->max_flows : MAX_FLOWS;
	size_t bytes = limits != NULL && limits->max_bytes != 0 ?
	    limits->max_bytes : MAX_BYTES;
	struct flows *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->kinds = ((unsigned)1 << FLOW_KINDS) - 1;
	flow_pool_init(&t->pool, bytes);
	if (!flow_index_init(&t->index, &t->pool, max)) {
		free(t);
		return NULL;
	}
	return t;
}

void
flows_free(struct flows *t)
{
	if (t == NULL)
		return;
	flow_index_free(&t->index);
	flow_pool_free(&t->pool);
	free(t);
}

void
flows_only(struct flows *t, uint8_t protocol)
{
	t->kinds = (unsigned)1 << flow_kind_of(protocol);
}

static inline bool
is_tracked(const struct flows *t, uint8_t protocol)
{
	return (t->kinds >> flow_kind_of(protocol) & 1) != 0;
}

/* ---- TCP ---- */

static struct tcp_state *
state_new(struct flows *flows)
{
	struct tcp_state *s = flow_rest_new(flows);

	if (s != NULL)
		tcp_state_init(s);
	return s;
}

/* The first packet is one of those that the state now counts. */
static __attribute__((cold)) void
ack_move(struct flow *f)
{
	struct flow_body *body = flow_tcp_body(f);

	if (f->lone) {
		(void)flow_body_make(f, NULL);
		body->last = flow_first(f);
		body->last_frame = flow_first_frame(f);
	}
	body->packets[f->from_b]--;
}

struct tcp_state *
flow_state_make(struct flows *flows, struct flow *f)
{
	struct tcp_state *s = state_new(flows);

	if (s == NULL)
		return NULL;
	if (f->is_brief)
		flow_brief_end(f);
	if (f->held) {
		flow_state_play(f, s, &flows->pool);
		if (s->end[f->from_b].acks > 0)
			ack_move(f);
	}
	f->classed = s->tally != NULL;
	f->reset = f->held && (f->opening.flags & TCP_RST) != 0;
	f->held = false;
	f->state.tcp = s;
	f->state.app = NULL;
	return s;
}

/* A SYN that cannot belong to the connection that has its ports: it opens
 * another.  `match` as of flow_index_match(). */
static bool
reuses_ports(struct flows *flows, struct flow *f, const struct packet *p,
    unsigned match)
{
	struct tcp_state *s = flow_tcp(f);
	unsigned from = match == 1 ? 0 : 1;

	if ((p->tcp.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
	    (s == NULL && !f->held))
		return false;
	if (s == NULL)
		s = f->resting ? flow_rest_wake(flows, f) :
		    flow_state_make(flows, f);
	if (s == NULL) {
		flows->counts.untracked++;
		return false;
	}
	return (s->end[from].flags & END_BASE) != 0 &&
	    s->past[from].base != p->tcp.seq;
}

static void
result_give(struct transport *t, const struct tcp_state *s,
    const struct tcp_result *r)
{
	t->has_bases = true;
	t->seq_base = s->past[t->direction].base;
	t->ack_base = s->past[1 - t->direction].base;
	t->analysis = r->analysis;
	if (r->acks_frame != 0) {
		t->acks_frame = r->acks_frame;
		t->ack_rtt = r->ack_rtt;
	}
	if (r->analysis == 0)
		return;
	t->duplicate_ack = r->duplicate_ack;
	t->duplicate_of = r->duplicate_of;
	t->retransmission_of = r->rto_frame;
}

static void
tcp_fields(const struct tcp_state *s, const struct packet *p,
    struct transport *t, const struct tcp_input *in,
    const struct tcp_result *result, int64_t delta,
    struct field_list *fields)
{
	struct flow_found found = {
		.transport = t,
		.relative = time_diff(p->record->time, flow_first(t->flow)),
		.delta = delta,
		.state = s,
		.in = in,
		.result = result,
	};

	flow_fields_put(&found, fields);
}

/* Many flows never have a second packet: the first makes no state unless it
 * carries payload. */
static void __attribute__((noinline))
first_track(struct flows *flows, const struct packet *p, struct transport *t,
    struct tcp_input *in, struct tcp_result *result,
    struct field_list *fields)
{
	const unsigned roles = TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK;
	struct flow scratch_flow = { .handshake = HANDSHAKE_NONE };
	struct tcp_state scratch;

	flow_state_hold(t->flow, in->header, in->direction);
	if (fields == NULL && (p->tcp.flags & roles) == TCP_SYN) {
		/* Nothing is to be judged of it. */
		t->flow->handshake = HANDSHAKE_SYN;
		t->analysis = result->analysis;
		t->has_bases = true;
		t->seq_base = p->tcp.seq;
		t->ack_base = 0;
		return;
	}
	tcp_state_init(&scratch);
	tcp_analyse(&scratch, &flows->pool, in, result);
	flow_state_tcp(&scratch_flow, &scratch, &flows->pool, in, 0);
	t->flow->handshake = scratch_flow.handshake;
	t->flow->classed = result->analysis != 0;
	result_give(t, &scratch, result);
	if (fields != NULL)
		tcp_fields(&scratch, p, t, in, result, 0, fields);
}

/* Judges a segment of t->flow and fills `t`; true: it counted it, too. */
static bool
tcp_track(struct flows *flows, const struct packet *p,
    struct transport *t, bool first, bool reuses, struct field_list *fields)
{
	struct flow *f = t->flow;
	struct tcp_state *s = flow_tcp(f);
	struct tcp_result result = {
		.analysis = reuses ? TCP_A_REUSED_PORTS : 0,
	};
	struct tcp_input in = {
		.header = &p->tcp,
		.direction = t->direction,
		.frame = p->record->number,
		.time = tcp_time(&p->record->time),
		.reuses = reuses,
		.in_flight = fields != NULL,
	};
	/* What it is now. */
	const int64_t delta = fields == NULL ? 0 :
	    time_diff(p->record->time, flow_last(f));

	if (p->tcp.header_length < TCP_HEADER_MIN ||
	    (p->tcp.options & TCP_OPT_BEYOND) != 0) {
		if (fields != NULL)
			tcp_fields(s, p, t, &in, &result, delta, fields);
		return false;
	}
	if (first && p->tcp.length == 0) {
		first_track(flows, p, t, &in, &result, fields);
		return false;
	}
	/* Where a resting one cannot be woken there is no memory. */
	if (s == NULL && !f->resting)
		s = flow_state_make(flows, f);
	if (s != NULL) {
		tcp_analyse(s, &flows->pool, &in, &result);
		flow_state_tcp(f, s, &flows->pool, &in, result.analysis);
		result_give(t, s, &result);
		flows->counts.unacked += result.unnoted;
		if ((in.header->flags & (TCP_FIN | TCP_RST)) != 0)
			flow_rest_end(flows, f);
	} else {
		flows->counts.untracked++;
	}
	if (fields != NULL)
		tcp_fields(s, p, t, &in, &result, delta, fields);
	return s != NULL && flow_is_ack(in.header);
}

static void
mention(struct flows *flows, struct flow *f, const struct packet *p)
{
	bool first = flow_open_mention(f, p);

	flows->counts.quoted += first;
	flows->counts.foretold += first;
}

/* ---- Numbers that Wireshark gives away ---- */

static void
socks_follow(struct flows *flows, const struct packet *p,
    const struct transport *t)
{
	struct transport other;
	struct flow *f;
	uint64_t hash;

	if (flow_tcp(t->flow) == NULL || (t->analysis & (TCP_A_RETRANSMISSION |
	    TCP_A_SPURIOUS_RETRANSMISSION)) != 0 ||
	    !flow_number_socks(flow_tcp(t->flow), t, &other))
		return;
	hash = flow_index_hash(&flows->index, &other, FLOW_TCP);
	f = flow_index_find(&flows->index, hash, FLOW_TCP, &other);
	if (f == NULL)
		f = flow_index_add(&flows->index, hash, FLOW_TCP, &other, NULL);
	if (f != NULL)
		mention(flows, f, p);
}

/* ---- Finding ---- */

/*
 * What a packet needs comes near in steps, each of which looks at what the
 * one before brought: slot, flow, state.  A step is taken for an earlier packet whenever another one is expected or tracked,
 * so that nothing waits.
 */
#define NEAR_LAG 4
#define NEAR_STEPS 2

static inline void
near_step(struct flows *flows)
{
	unsigned i = flows->near_clock++ - NEAR_LAG;
	struct flow *f;

	if (i < flows->n_near) {
		f = flow_index_guess(&flows->index, flows->near[i].hash);
		flows->near[i].flow = f != NULL ? f : &flows->nobody;
	}
	i -= NEAR_LAG;
	if (i < flows->n_near) {
		f = flows->near[i].flow;
		flow_more_near(f);
		flow_body_near(f);
		flow_state_near(flows, f);
	}
}

/* The entry that flow_expect() made for this very transport, or NULL. */
static const struct flow_near *
near_take(struct flows *flows, const struct packet *p,
    const struct transport *t)
{
	const struct flow_near *near;

	while (flows->at_near < flows->n_near) {
		near = &flows->near[flows->at_near];
		if (near->frame > p->record->number)
			break;
		if (near->frame == p->record->number && near->transport != t)
			break;
		flows->at_near++;
		if (near->frame == p->record->number)
			return near;
	}
	return NULL;
}

static bool
goes_on(struct flows *flows, struct flow *f, const struct packet *p,
    const struct transport *t, unsigned match)
{
	if (t->protocol == 6)
		return t->in_error || !reuses_ports(flows, f, p, match);
	return !flow_number_snmp_port(t) ||
	    !f->next_number;
}

/*
 * Finds the flow of `t`, or opens it; NULL at the caps.  *match is as of
 * flow_index_match(); *reuses: there was one with the same ends.
 */
static struct flow *
flow_get(struct flows *flows, const struct packet *p,
    const struct transport *t, unsigned *match, bool *reuses)
{
	const struct flow_near *near;
	enum flow_kind kind = flow_kind_of(t->protocol);
	struct flow *f = NULL;
	uint64_t hash;

	if (flows->near_clock < flows->n_near + NEAR_STEPS * NEAR_LAG)
		near_step(flows);
	near = near_take(flows, p, t);
	if (near != NULL) {
		hash = near->hash;
		f = near->flow != &flows->nobody ? near->flow : NULL;
	} else {
		hash = flow_index_hash(&flows->index, t, kind);
	}
	if (f == NULL || f->superseded)
		*match = 0;
	else if (!f->apart && f->protocol == t->protocol &&
	    t->src.kind == ADDR_IPV4 && t->dst.kind == ADDR_IPV4)
		*match = flow_ipv4_match(f, t);
	else
		*match = flow_index_match(f, kind, t);
	if (*match == 0) {
		f = flow_index_find(&flows->index, hash, kind, t);
		if (f != NULL)
			*match = flow_index_match(f, kind, t);
	}
	if (f != NULL && goes_on(flows, f, p, t, *match))
		return f;
	*reuses = f != NULL;
	*match = 1;
	return flow_index_add(&flows->index, hash, kind, t, f);
}

/* ---- Tracking ---- */

static void
fields_give(const struct packet *p, struct transport *t,
    struct field_list *fields)
{
	struct flow_found found = {
		.transport = t,
		.relative = time_diff(p->record->time, flow_first(t->flow)),
		.delta = time_diff(p->record->time, flow_last(t->flow)),
	};

	flow_fields_put(&found, fields);
}

/* Is all of a first packet in the flow's own line? */
static bool
lone_count(struct flow *f, const struct transport *t, size_t bytes)
{
	if (f->lone || f->talks || (t->protocol == 6 && !f->held))
		return false;
	f->lone = true;
	f->from_b = t->direction != 0;
	if (t->protocol != 6)
		f->lone_bytes = bytes;
	return true;
}

static bool
talk_count(struct flow *f, const struct record *r, unsigned d, size_t bytes)
{
	return f->talks ? flow_talk_add(f, r, d, bytes) :
	    flow_talk_begin(f, r, d, bytes);
}

static void
packet_count(struct flows *flows, struct flow *f, const struct packet *p,
    const struct transport *t, size_t bytes, bool acks)
{
	struct flow_body *body;

	if (!f->counted) {
		if (lone_count(f, t, bytes) || (t->protocol != 6 &&
		    talk_count(f, p->record, t->direction, bytes)))
			return;
		body = flow_body_make(f, &flows->pool);
		flows->bodies += t->protocol != 6;
	} else {
		body = flow_body(f);
	}
	if (body != NULL)
		flow_body_count(body, p->record, t->direction, bytes, acks);
	else
		flows->counts.refused++;
}

static void
own_track(struct flows *flows, struct packet *p, struct transport *t,
    unsigned match, bool reuses, struct field_list *fields)
{
	struct flow *f = t->flow;
	bool tcp = t->protocol == 6, first, acks = false;

	first = flow_is_silent(f);
	if (f->resting)
		(void)flow_rest_wake(flows, f);
	if (first) {
		flows->counts.quoted -= flow_first_frame(f) != 0;
		flow_open(f, &flows->pool, p, t);
		match = flow_index_match(f, flow_kind_of(t->protocol), t);
	} else if (f->guessed && tcp && (p->tcp.flags & TCP_SYN) != 0 &&
	    !f->resting) {
		/* What no memory was there to wake cannot change sides. */
		flow_open_learn(f, p, t);
		match = flow_index_match(f, FLOW_TCP, t);
	}
	t->direction = match == 1 ? 0 : 1;
	if (tcp)
		acks = tcp_track(flows, p, t, first, reuses, fields);
	else if (fields != NULL)
		fields_give(p, t, fields);
	packet_count(flows, f, p, t, tcp ? p->tcp.length : t->payload_claimed,
	    acks);
	if (tcp && (t->sport == FLOW_NUMBER_SOCKS ||
	    t->dport == FLOW_NUMBER_SOCKS))
		socks_follow(flows, p, t);
	if (!tcp && flow_number_snmp_port(t) && !f->reuses &&
	    flow_number_snmp(t))
		f->next_number = true;
}

void
flow_track(struct flows *flows, struct packet *p, struct transport *t,
    struct field_list *fields)
{
	bool reuses = false;
	unsigned match;

	t->stream = STREAM_NONE;
	t->direction = 0;
	t->analysis = 0;
	t->duplicate_ack = 0;
	t->duplicate_of = t->retransmission_of = t->acks_frame = 0;
	t->ack_rtt = -1;
	t->flow = NULL;
	/* Its ports alone make no flow, whichever way it comes here. */
	if (t->cut || !is_tracked(flows, t->protocol))
		return;
	t->flow = flow_get(flows, p, t, &match, &reuses);
	if (t->flow == NULL) {
		flows->counts.refused += !t->in_error;
		return;
	}
	t->stream = flow_stream(t->flow);
	if (!t->in_error) {
		own_track(flows, p, t, match, reuses, fields);
		return;
	}
	t->direction = match == 1 ? 0 : 1;
	mention(flows, t->flow, p);
	if (fields != NULL)
		fields_give(p, t, fields);
}

bool
flow_is_known(const struct flows *flows, const struct transport *t)
{
	enum flow_kind kind = flow_kind_of(t->protocol);

	return kind != FLOW_KINDS && flows->index.n > 0 &&
	    flow_index_find(&flows->index, flow_index_hash(&flows->index, t,
	    kind), kind, t) != NULL;
}

void
flow_expect_start(struct flows *flows)
{
	flows->n_near = flows->at_near = flows->near_clock = 0;
}

void
flow_expect(struct flows *flows, const struct packet *p)
{
	const struct transport *t = packet_transport(p);
	struct flow_near *near = &flows->near[flows->n_near];

	if (t == NULL || !is_tracked(flows, t->protocol) ||
	    flows->n_near == FLOW_TABLE_BATCH)
		return;
	near->transport = t;
	near->frame = p->record->number;
	near->hash = flow_index_hash(&flows->index, t,
	    flow_kind_of(t->protocol));
	near->flow = &flows->nobody;
	flow_index_near(&flows->index, near->hash);
	flows->n_near++;
	near_step(flows);
}

void
flow_expect_end(struct flows *flows)
{
	while (flows->near_clock < flows->n_near + NEAR_LAG)
		near_step(flows);
}

size_t
flow_count(const struct flows *flows, uint8_t protocol)
{
	enum flow_kind kind = flow_kind_of(protocol);

	return kind == FLOW_KINDS ? 0 : flows->index.of_kind[kind];
}

struct flow *
flow_at(const struct flows *flows, uint8_t protocol, uint32_t stream)
{
	enum flow_kind kind = flow_kind_of(protocol);

	if (kind == FLOW_KINDS || stream >= flows->index.of_kind[kind])
		return NULL;
	return flow_index_at(&flows->index, kind, stream);
}

const struct flow *
flow_run(const struct flows *flows, uint8_t protocol, uint32_t stream,
    uint32_t *end)
{
	size_t n = flow_count(flows, protocol);
	size_t part = flow_index_run(flow_kind_of(protocol), stream);

	*end = (uint32_t)(part < n ? part : n);
	return flow_at(flows, protocol, stream);
}

const struct flow_counts *
flow_counts(struct flows *flows)
{
	flows->counts.bytes = flows->pool.bytes;
	return &flows->counts;
}
