#include "net/flow.h"

#include <stdlib.h>

#include "net/flow_fields.h"
#include "net/flow_index.h"
#include "net/flow_number.h"
#include "net/flow_state.h"

#define MAX_FLOWS ((size_t)4 << 20)
#define MAX_BYTES ((size_t)1 << 30)
#define WELL_KNOWN 1024
#define STATE_CLASS 3
#define BATCH 32

_Static_assert(sizeof(struct tcp_state) <= FLOW_POOL_SIZE(STATE_CLASS),
    "a TCP state is eight lines");

struct flows {
	struct flow_pool pool;
	struct flow_index index;
	struct flow_counts counts;
};

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

/* ---- Who is who ---- */

static void
flow_turn(struct flow *f)
{
	struct addr addr = f->a;
	uint16_t port = f->a_port;
	struct flow_side side = f->side[0];

	f->a = f->b;
	f->b = addr;
	f->a_port = f->b_port;
	f->b_port = port;
	f->side[0] = f->side[1];
	f->side[1] = side;
	f->swapped = !f->swapped;
}

static unsigned
direction_of(const struct flow *f, const struct transport *t)
{
	return f->a_port == t->sport && f->b_port == t->dport &&
	    addr_equal(&f->a, &t->src) && addr_equal(&f->b, &t->dst) ? 0 : 1;
}

/* The innermost of the tunnels around the transport. */
static uint8_t
tunnel_of(const struct packet *p)
{
	const uint64_t tunnels = (uint64_t)1 << LAYER_GRE |
	    (uint64_t)1 << LAYER_ERSPAN | (uint64_t)1 << LAYER_VXLAN |
	    (uint64_t)1 << LAYER_GENEVE | (uint64_t)1 << LAYER_GTP |
	    (uint64_t)1 << LAYER_TEREDO | (uint64_t)1 << LAYER_L2TP;
	uint8_t i;

	if ((p->layers & tunnels) == 0)
		return 0;
	for (i = p->n_stack; i > 0; i--) {
		if ((tunnels >> p->stack[i - 1].layer & 1) != 0)
			return p->stack[i - 1].layer;
	}
	return 0;
}

/* The flow's first packet that is not a quotation. */
static void
flow_open(struct flow *f, const struct packet *p, const struct transport *t)
{
	unsigned syn = t->protocol == 6 ?
	    p->tcp.flags & (TCP_SYN | TCP_ACK) : 0;

	f->protocol = t->protocol;
	f->first = f->last = p->record->time;
	f->first_frame = p->record->number;
	f->vlan = p->n_vlans > 0 ? p->vlans[0] : UINT32_MAX;
	if (t->depth > 0) {
		f->tunnel_layer = tunnel_of(p);
		f->tunnel_id = p->tunnel_id;
	}
	f->guessed = (syn & TCP_SYN) == 0;
	if (direction_of(f, t) != 0)
		flow_turn(f);
	f->swapped = false;
	if (syn == (TCP_SYN | TCP_ACK) || (f->guessed &&
	    t->sport < WELL_KNOWN && t->dport >= WELL_KNOWN))
		flow_turn(f);
}

/* A SYN shows that the guess was wrong; too late once there was data. */
static void
roles_learn(struct flow *f, const struct transport *t, unsigned flags)
{
	bool syn_ack = (flags & TCP_ACK) != 0;

	if (f->side[0].data_packets > 0 || f->side[1].data_packets > 0)
		return;
	f->guessed = false;
	if ((direction_of(f, t) == 0) != syn_ack)
		return;
	flow_turn(f);
	if (f->tcp != NULL)
		flow_state_swap(f->tcp);
}

static void
flow_count_packet(struct flow *f, const struct packet *p,
    const struct transport *t)
{
	struct flow_side *side = &f->side[t->direction];
	size_t bytes = t->protocol == 6 ? p->tcp.length : t->payload_claimed;

	side->packets += side->packets != UINT32_MAX;
	side->data_packets += bytes > 0 && side->data_packets != UINT32_MAX;
	side->bytes += bytes;
	f->last = p->record->time;
	f->last_frame = p->record->number;
}

/* ---- TCP ---- */

static struct tcp_state *
state_new(struct flows *flows)
{
	struct tcp_state *s = flow_pool_take(&flows->pool, STATE_CLASS);

	if (s != NULL)
		tcp_state_init(s);
	return s;
}

/* The state of a flow that has had a packet before. */
static void
state_make(struct flows *flows, struct flow *f)
{
	if (f->tcp != NULL || !flow_state_held(f))
		return;
	f->tcp = state_new(flows);
	if (f->tcp != NULL)
		flow_state_play(f, f->tcp, &flows->pool);
}

/* A SYN that cannot belong to the connection that has its ports. */
static bool
is_reuse(const struct flow *f, const struct packet *p,
    const struct transport *t)
{
	const struct tcp_end *from;

	if ((p->tcp.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN || f->tcp == NULL)
		return false;
	from = &f->tcp->end[direction_of(f, t)];
	return (from->flags & END_BASE) != 0 && from->base != p->tcp.seq;
}

static void
result_give(struct transport *t, const struct tcp_result *r)
{
	t->analysis = r->analysis;
	t->duplicate_ack = r->duplicate_ack;
	t->duplicate_of = (uint32_t)r->duplicate_of;
	t->retransmission_of = r->rto_frame;
	t->acks_frame = r->acks_frame;
	t->ack_rtt = r->acks_frame != 0 ? r->ack_rtt : -1;
}

/* Judges the segment and hands out what was found. */
static void
segment_track(struct flows *flows, struct flow_found *found,
    struct tcp_state *s, struct tcp_result *result, struct field_list *fields)
{
	struct flow *f = found->transport->flow;

	tcp_analyse(s, &flows->pool, found->in, result);
	flow_state_tcp(f, s, &flows->pool, found->in, result->analysis);
	flows->counts.unacked += result->unnoted;
	result_give(found->transport, result);
	if (fields == NULL)
		return;
	found->state = s;
	found->result = result;
	flow_fields_put(found, fields);
}

/* Many flows never have a second packet: the first makes no state unless it
 * carries payload. */
static void __attribute__((noinline))
first_track(struct flows *flows, struct flow_found *found,
    struct tcp_result *result, struct field_list *fields)
{
	struct tcp_state scratch;

	tcp_state_init(&scratch);
	flow_state_hold(found->transport->flow, found->in->header,
	    found->in->direction);
	segment_track(flows, found, &scratch, result, fields);
}

static void
tcp_track(struct flows *flows, const struct packet *p,
    struct flow_found *found, uint16_t analysis, struct field_list *fields)
{
	struct transport *t = found->transport;
	struct flow *f = t->flow;
	struct tcp_result result = { .analysis = analysis };
	struct tcp_input in = {
		.header = &p->tcp,
		.direction = t->direction,
		.frame = p->record->number,
		.time = found->relative,
		.reuses = (analysis & TCP_A_REUSED_PORTS) != 0,
	};

	found->in = &in;
	if (found->first && p->tcp.length == 0) {
		first_track(flows, found, &result, fields);
		return;
	}
	if (f->tcp == NULL)
		f->tcp = state_new(flows);
	if (f->tcp != NULL) {
		segment_track(flows, found, f->tcp, &result, fields);
		return;
	}
	flows->counts.untracked++;
	if (fields != NULL)
		flow_fields_put(found, fields);
}

/* ---- Numbers ---- */

/* The flow of `t`, new if need be; NULL at the caps. */
static struct flow *
flow_get(struct flows *flows, const struct transport *t, enum flow_kind kind,
    uint64_t hash)
{
	struct flow *f = flow_index_find(&flows->index, hash, kind, t);

	if (f == NULL || (kind == FLOW_UDP &&
	    (f->opening.options & OPENING_NEXT_NUMBER) != 0))
		return flow_index_add(&flows->index, hash, kind, t, f);
	return f;
}

/* Heard of, but not seen: it has a number and no packets. */
static void
flow_mention(struct flows *flows, struct flow *f, const struct packet *p,
    uint8_t protocol)
{
	if (f->protocol != 0)
		return;
	f->protocol = protocol;
	f->guessed = true;
	f->first = f->last = p->record->time;
	f->first_frame = p->record->number;
	flows->counts.quoted++;
}

static void
socks_follow(struct flows *flows, const struct packet *p,
    const struct transport *t)
{
	struct transport other;
	struct flow *f;

	if (!flow_number_socks(t->flow->tcp, t, &other))
		return;
	f = flow_get(flows, &other, FLOW_TCP,
	    flow_index_hash(&other, FLOW_TCP));
	if (f != NULL)
		flow_mention(flows, f, p, 6);
}

static void
number_jumps(struct flows *flows, const struct packet *p,
    const struct transport *t)
{
	struct flow *f = t->flow;

	if (t->protocol == 17 && t->dport == FLOW_NUMBER_SNMP &&
	    f->earlier == STREAM_NONE && flow_number_snmp(t))
		f->opening.options |= OPENING_NEXT_NUMBER;
	if (t->protocol == 6 && f->tcp != NULL && (t->analysis &
	    (TCP_A_RETRANSMISSION | TCP_A_SPURIOUS_RETRANSMISSION)) == 0 &&
	    (t->sport == FLOW_NUMBER_SOCKS || t->dport == FLOW_NUMBER_SOCKS))
		socks_follow(flows, p, t);
}

/* ---- All ---- */

static void
own_track(struct flows *flows, struct packet *p, struct transport *t,
    uint16_t analysis, struct field_list *fields)
{
	struct flow *f = t->flow;
	struct flow_found found = { .flow = f, .transport = t };
	bool tcp = t->protocol == 6;

	found.first = f->side[0].packets == 0 && f->side[1].packets == 0;
	if (found.first) {
		flows->counts.quoted -= f->protocol != 0;
		flow_open(f, p, t);
	} else if (f->guessed && tcp && (p->tcp.flags & TCP_SYN) != 0) {
		roles_learn(f, t, p->tcp.flags);
	}
	t->direction = (uint8_t)direction_of(f, t);
	found.relative = time_diff(p->record->time, f->first);
	found.delta = time_diff(p->record->time, f->last);
	if (tcp)
		tcp_track(flows, p, &found, analysis, fields);
	else if (fields != NULL)
		flow_fields_put(&found, fields);
	flow_count_packet(f, p, t);
	number_jumps(flows, p, t);
}

static void
transport_clear(struct transport *t)
{
	t->stream = STREAM_NONE;
	t->direction = 0;
	t->analysis = 0;
	t->duplicate_ack = t->duplicate_of = 0;
	t->retransmission_of = t->acks_frame = 0;
	t->ack_rtt = -1;
	t->flow = NULL;
}

void
flow_track(struct flows *flows, struct packet *p, struct transport *t,
    struct field_list *fields)
{
	enum flow_kind kind = flow_kind_of(t->protocol);
	struct flow_found found = { .transport = t };
	uint16_t analysis = 0;
	uint64_t hash;
	struct flow *f;

	transport_clear(t);
	if (kind == FLOW_KINDS || (t->cut && kind == FLOW_TCP))
		return;
	hash = flow_index_hash(t, kind);
	f = flow_get(flows, t, kind, hash);
	if (f != NULL && kind == FLOW_TCP && !t->in_error) {
		state_make(flows, f);
		if (is_reuse(f, p, t)) {
			analysis = TCP_A_REUSED_PORTS;
			f = flow_index_add(&flows->index, hash, kind, t, f);
		}
	}
	if (f == NULL) {
		flows->counts.refused += !t->in_error;
		return;
	}
	t->flow = f;
	t->stream = f->stream;
	if (!t->in_error) {
		own_track(flows, p, t, analysis, fields);
		return;
	}
	flow_mention(flows, f, p, t->protocol);
	t->direction = (uint8_t)direction_of(f, t);
	found.flow = f;
	if (fields != NULL)
		flow_fields_put(&found, fields);
}

static void
prefetch_batch(const struct flows *flows, const struct packet *packets,
    size_t n)
{
	uint64_t hashes[BATCH];
	const struct flow *near[BATCH];
	const struct transport *t;
	enum flow_kind kind;
	size_t i;

	for (i = 0; i < n; i++) {
		t = packet_transport(&packets[i]);
		kind = t == NULL ? FLOW_KINDS : flow_kind_of(t->protocol);
		hashes[i] = 0;
		if (kind == FLOW_KINDS)
			continue;
		hashes[i] = flow_index_hash(t, kind);
		flow_index_near(&flows->index, hashes[i]);
	}
	for (i = 0; i < n; i++)
		near[i] = hashes[i] == 0 ? NULL :
		    flow_index_guess(&flows->index, hashes[i]);
	for (i = 0; i < n; i++) {
		if (near[i] != NULL && near[i]->tcp != NULL)
			tcp_state_near(near[i]->tcp);
	}
}

void
flow_prefetch(const struct flows *flows, const struct packet *packets,
    size_t n)
{
	size_t i;

	for (i = 0; i < n; i += BATCH)
		prefetch_batch(flows, packets + i,
		    n - i < BATCH ? n - i : BATCH);
}

size_t
flow_count(const struct flows *flows, uint8_t protocol)
{
	enum flow_kind kind = flow_kind_of(protocol);

	return kind == FLOW_KINDS ? 0 : flows->index.sets[kind].n;
}

struct flow *
flow_at(const struct flows *flows, uint8_t protocol, uint32_t stream)
{
	enum flow_kind kind = flow_kind_of(protocol);

	if (kind == FLOW_KINDS || stream >= flows->index.sets[kind].n)
		return NULL;
	return flow_index_at(&flows->index, kind, stream);
}

const struct flow_counts *
flow_counts(const struct flows *flows)
{
	return &flows->counts;
}
