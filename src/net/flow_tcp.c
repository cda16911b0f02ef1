#include "net/flow_tcp.h"

#include "net/flow_fields.h"

static struct tcp_state *
state_new(struct flows *flows)
{
	struct tcp_state *s = flow_pool_keep(&flows->pool, sizeof(*s));

	if (s != NULL)
		tcp_state_init(s);
	return s;
}

/* The state of a flow; one that has had a packet before begins with it. */
static struct tcp_state *
state_make(struct flows *flows, struct flow *f)
{
	f->tcp = state_new(flows);
	if (f->tcp != NULL && flow_state_held(f))
		flow_state_play(f, f->tcp, &flows->pool);
	return f->tcp;
}

bool
flow_tcp_reuses(struct flows *flows, struct flow *f, const struct packet *p,
    unsigned match)
{
	const struct tcp_end *from;

	if ((p->tcp.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN ||
	    (f->tcp == NULL && (!flow_state_held(f) ||
	    state_make(flows, f) == NULL)))
		return false;
	from = &f->tcp->end[match == 1 ? 0 : 1];
	return (from->flags & END_BASE) != 0 && from->base != p->tcp.seq;
}

static void
result_give(struct transport *t, const struct tcp_result *r)
{
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
fields_give(const struct tcp_state *s, const struct packet *p,
    struct transport *t, const struct tcp_input *in,
    const struct tcp_result *result, struct field_list *fields)
{
	struct flow_found found = {
		.transport = t,
		.relative = time_diff(p->record->time, t->flow->first),
		.delta = time_diff(p->record->time, t->flow->last),
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
	struct flow scratch_flow = { .handshake = HANDSHAKE_NONE };
	struct tcp_state scratch;

	tcp_state_init(&scratch);
	flow_state_hold(t->flow, in->header, in->direction);
	tcp_analyse(&scratch, &flows->pool, in, result);
	flow_state_tcp(&scratch_flow, &scratch, &flows->pool, in, 0);
	t->flow->handshake = scratch_flow.handshake;
	result_give(t, result);
	if (fields != NULL)
		fields_give(&scratch, p, t, in, result, fields);
}

void
flow_tcp_track(struct flows *flows, const struct packet *p,
    struct transport *t, bool first, bool reuses, struct field_list *fields)
{
	struct flow *f = t->flow;
	struct tcp_state *s = f->tcp;
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

	if (first && p->tcp.length == 0) {
		first_track(flows, p, t, &in, &result, fields);
		return;
	}
	if (s == NULL)
		s = state_make(flows, f);
	if (s != NULL) {
		tcp_analyse(s, &flows->pool, &in, &result);
		flow_state_tcp(f, s, &flows->pool, &in, result.analysis);
		result_give(t, &result);
		flows->counts.unacked += result.unnoted;
	} else {
		flows->counts.untracked++;
	}
	if (fields != NULL)
		fields_give(s, p, t, &in, &result, fields);
}
