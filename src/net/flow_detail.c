#include "net/flow_state.h"
#include "net/flow_table.h"

/* Where the compiler does not inline, one copy serves all files. */
extern inline struct flow_body *flow_body(const struct flow *f);
extern inline struct addr flow_addr(const struct flow *f, unsigned side);
extern inline uint32_t flow_packets(const struct flow *f, unsigned side);
extern inline uint64_t flow_bytes(const struct flow *f, unsigned side);

/* What is told of a flow, beyond its counts. */

static void
side_fill(struct flow_tcp_side *side, const struct tcp_state *s, unsigned d)
{
	const struct tcp_end *e = &s->end[d];
	const struct tcp_past *past = &s->past[d];

	side->syn = past->syn;
	side->syn_ack = past->syn_ack;
	side->ack = e->acks;
	side->fin = past->fin;
	side->rst = past->rst;
	side->rtt_min = e->rtt_min;
	side->rtt_max = e->rtt_max;
	side->rtt_sum = e->rtt_sum;
	side->rtt_count = e->rtt_count;
	side->mss = past->mss;
	side->window_scale = past->window_scale;
	side->sack_permitted = past->sack_permitted;
}

static void
side_count(struct flow_tcp_side *side, const struct flow_classes *c)
{
	side->retransmissions = c->retransmissions;
	side->fast = c->fast;
	side->spurious = c->spurious;
	side->out_of_order = c->out_of_order;
	side->lost = c->lost;
	side->ack_lost = c->ack_lost;
	side->duplicate_acks = c->duplicate_acks;
	side->keep_alives = c->keep_alives;
	side->zero_windows = c->zero_windows;
	side->window_full = c->window_full;
	side->window_updates = c->window_updates;
	side->zero_window_probes = c->zero_window_probes;
}

static void
detail_fill(struct flow_detail *detail, const struct tcp_state *s)
{
	unsigned i;

	detail->handshake_rtt = s->first_rtt;
	detail->syn_rtt = s->syn_rtt;
	detail->completeness = s->end[0].complete | s->end[1].complete;
	memcpy(detail->history, s->history, s->n_history);
	for (i = 0; i < 2; i++) {
		side_fill(&detail->side[i], s, i);
		if (s->tally != NULL)
			side_count(&detail->side[i], &s->tally->side[i]);
	}
}

/* Scans and floods are made of these: no state is played for them. */
static bool
is_held_syn(const struct flow *f)
{
	return f->held && (f->opening.flags & (TCP_SYN | TCP_FIN |
	    TCP_RST | TCP_ACK)) == TCP_SYN;
}

static void
detail_syn(const struct flow *f, struct flow_detail *detail)
{
	struct flow_tcp_side *side = &detail->side[f->from_b];
	const struct flow_opening *o = &f->opening;

	side->syn = 1;
	if ((o->options & TCP_OPT_MSS) != 0)
		side->mss = o->mss;
	if ((o->options & TCP_OPT_WSCALE) != 0)
		side->window_scale = o->window_scale;
	side->sack_permitted = (o->options & TCP_OPT_SACK_PERMITTED) != 0;
	detail->completeness = COMPLETE_SYN;
	detail->history[0] = f->from_b ? 's' : 'S';
}

/* A state made only to be looked at. */
struct held {
	struct tcp_state state;
	struct tcp_tally tally;
};

static void
held_play(const struct flow *f, struct held *held)
{
	struct flow_pool none = { .limit = 0 };

	memset(&held->tally, 0, sizeof(held->tally));
	tcp_state_init(&held->state);
	held->state.tally = &held->tally;
	flow_state_play(f, &held->state, &none);
}

static __attribute__((noinline)) void
detail_held(const struct flow *f, struct flow_detail *detail)
{
	struct held held;

	held_play(f, &held);
	detail_fill(detail, &held.state);
}

void
flow_detail(const struct flow *f, struct flow_detail *detail)
{
	size_t n = 0;

	memset(detail, 0, sizeof(*detail));
	detail->handshake_rtt = detail->syn_rtt = -1;
	detail->reused_ports = f->protocol == 6 && f->reuses;
	detail->side[0].window_scale = detail->side[1].window_scale = 255;
	if (flow_tcp(f) != NULL) {
		detail_fill(detail, flow_tcp(f));
		return;
	}
	if (is_held_syn(f)) {
		detail_syn(f, detail);
		return;
	}
	if (f->held) {
		detail_held(f, detail);
		return;
	}
	if (flow_data_packets(f, f->swapped ? 1 : 0) > 0)
		detail->history[n++] = f->swapped ? 'd' : 'D';
	if (flow_data_packets(f, f->swapped ? 0 : 1) > 0)
		detail->history[n] = f->swapped ? 'D' : 'd';
}

/* Where an end of a connection is, as Zeek sees it. */
enum place {
	PLACE_INACTIVE, /* nothing, or the middle of something */
	PLACE_SYN_SENT,
	PLACE_ESTABLISHED,
	PLACE_CLOSED,
	PLACE_RESET,
};

/* What both sides did, of a flow with a state or with a held packet. */
static void
past_of(const struct flow *f, struct tcp_past past[2])
{
	struct tcp_past *from = &past[f->from_b];
	const struct tcp_state *s = flow_tcp(f);
	unsigned flags;

	memset(past, 0, 2 * sizeof(*past));
	if (s != NULL)
		memcpy(past, s->past, sizeof(s->past));
	if (!f->held)
		return;
	flags = f->opening.flags;
	from->syn = (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	from->syn_ack = (flags & TCP_SYN) != 0 && (flags & TCP_ACK) != 0;
	from->fin = (flags & TCP_FIN) != 0;
	from->rst = (flags & TCP_RST) != 0;
}

void
flow_flags(const struct flow *f, struct flow_flags side[2])
{
	const struct tcp_state *s = flow_tcp(f);
	struct tcp_past past[2];
	unsigned i;

	past_of(f, past);
	for (i = 0; i < 2; i++)
		side[i] = (struct flow_flags){
			.syn = past[i].syn,
			.syn_ack = past[i].syn_ack,
			.ack = s != NULL ? s->end[i].acks : 0,
			.fin = past[i].fin,
			.rst = past[i].rst,
		};
	if (f->held)
		side[f->from_b].ack =
		    (f->opening.flags & (TCP_SYN | TCP_FIN | TCP_RST |
		    TCP_ACK)) == TCP_ACK;
}

static __attribute__((noinline)) void
classes_of_held(const struct flow *f, struct flow_classes side[2])
{
	struct held held;

	held_play(f, &held);
	memcpy(side, held.tally.side, sizeof(held.tally.side));
}

bool
flow_classes(const struct flow *f, struct flow_classes side[2])
{
	const struct tcp_state *s = flow_tcp(f);

	if (!f->classed)
		return false;
	if (s == NULL)
		classes_of_held(f, side);
	else
		memcpy(side, s->tally->side, sizeof(s->tally->side));
	return true;
}

static enum place
place_of(const struct flow *f, const struct tcp_past past[2], unsigned side)
{
	const struct tcp_past *me = &past[side];

	if (me->rst > 0 && !me->reset_late)
		return PLACE_RESET;
	if (me->fin > 0)
		return PLACE_CLOSED;
	if (flow_packets(f, 0) > 0 && flow_packets(f, 1) > 0 &&
	    (f->handshake == HANDSHAKE_COMPLETE ||
	    (f->handshake == HANDSHAKE_SYN_ACK && past[0].syn > 0)))
		return PLACE_ESTABLISHED;
	if (me->syn > 0 || me->syn_ack > 0)
		return PLACE_SYN_SENT;
	return PLACE_INACTIVE;
}

static void
places_find(const struct flow *f, enum place place[2])
{
	struct tcp_past past[2];

	past_of(f, past);
	place[0] = place_of(f, past, 0);
	place[1] = place_of(f, past, 1);
}

static const char *
state_tcp(const struct flow *f)
{
	enum place place[2], a, b;

	places_find(f, place);
	a = place[0];
	b = place[1];
	if (b == PLACE_RESET) {
		if (a == PLACE_SYN_SENT || (a == PLACE_RESET &&
		    flow_bytes(f, 0) == 0 && flow_bytes(f, 1) == 0))
			return "REJ";
		return a == PLACE_INACTIVE ? "RSTRH" : "RSTR";
	}
	if (a == PLACE_RESET)
		return b == PLACE_INACTIVE ? "RSTOS0" : "RSTO";
	if (a == PLACE_CLOSED && b == PLACE_CLOSED)
		return "SF";
	if (a == PLACE_CLOSED)
		return b == PLACE_INACTIVE ? "SH" : "S2";
	if (b == PLACE_CLOSED)
		return a == PLACE_INACTIVE ? "SHR" : "S3";
	if (a == PLACE_SYN_SENT && b == PLACE_INACTIVE)
		return "S0";
	if (a == PLACE_ESTABLISHED && b == PLACE_ESTABLISHED)
		return "S1";
	return "OTH";
}

const char *
flow_conn_state(const struct flow *f)
{
	if (f->protocol == 6)
		return state_tcp(f);
	if (flow_packets(f, 0) > 0)
		return flow_packets(f, 1) > 0 ? "SF" : "S0";
	return flow_packets(f, 1) > 0 ? "SHR" : "OTH";
}

enum flow_close
flow_close(const struct flow *f)
{
	enum place place[2], a, b;

	if (f->protocol != 6)
		return FLOW_CLOSE_UNKNOWN;
	places_find(f, place);
	a = place[0];
	b = place[1];
	if (a == PLACE_RESET || b == PLACE_RESET)
		return FLOW_CLOSE_RESET;
	if ((a == PLACE_CLOSED || flow_packets(f, 0) == 0) &&
	    (b == PLACE_CLOSED || flow_packets(f, 1) == 0) &&
	    (a == PLACE_CLOSED || b == PLACE_CLOSED))
		return FLOW_CLOSE_NORMAL;
	if (f->handshake == HANDSHAKE_COMPLETE || flow_bytes(f, 0) > 0 ||
	    flow_bytes(f, 1) > 0)
		return FLOW_CLOSE_ACTIVE;
	return FLOW_CLOSE_UNKNOWN;
}

const char *
flow_close_reason(const struct flow *f)
{
	static const char *const reasons[] = {
		[FLOW_CLOSE_RESET] = "reset",
		[FLOW_CLOSE_NORMAL] = "normal",
		[FLOW_CLOSE_ACTIVE] = "active",
		[FLOW_CLOSE_UNKNOWN] = "unknown",
	};

	return reasons[flow_close(f)];
}

/* ---- Of all, one after the other ---- */

static void
losses_of(const struct tcp_state *s, bool classed, struct flow_losses *sum)
{
	for (unsigned i = 0; i < 2; i++) {
		sum->rst += s->past[i].rst;
		if (!classed)
			continue;
		sum->retransmissions += s->tally->side[i].retransmissions;
		sum->lost += s->tally->side[i].lost;
		sum->zero_windows += s->tally->side[i].zero_windows;
	}
}

static __attribute__((noinline)) void
losses_of_held(const struct flow *f, struct flow_losses *sum)
{
	struct held held;

	held_play(f, &held);
	losses_of(&held.state, true, sum);
}

void
flow_losses_add(const struct flow *f, struct flow_losses *sum)
{
	if (flow_tcp(f) != NULL)
		losses_of(flow_tcp(f), f->classed, sum);
	else if (f->held && !is_held_syn(f))
		losses_of_held(f, sum);
}

#define FLOWS_NEAR 8

static void
state_asked(const struct tcp_state *s, bool classed, enum flow_asked asked)
{
	if (classed)
		__builtin_prefetch(&s->tally);
	if (asked == FLOW_ASKED_CLASSES)
		return;
	__builtin_prefetch(&s->past[0].rst);
	__builtin_prefetch(&s->past[1].rst);
	if (asked == FLOW_ASKED_LOSSES)
		return;
	__builtin_prefetch(&s->end[0].acks);
	__builtin_prefetch(&s->end[1].acks);
	if (asked == FLOW_ASKED_FLAGS)
		return;
	tcp_state_near(s);
	__builtin_prefetch(&s->history[sizeof(s->history) - 1]);
}

/* Those that are farther bring the way to what is to be known of these. */
void
flow_near(const struct flows *flows, uint8_t protocol, uint32_t stream,
    enum flow_asked asked)
{
	const struct flow *f = flow_at(flows, protocol, stream + FLOWS_NEAR);

	if (f != NULL && f->classed && flow_tcp(f) != NULL)
		__builtin_prefetch(flow_tcp(f)->tally);
	f = flow_at(flows, protocol, stream + 2 * FLOWS_NEAR);
	if (f != NULL) {
		if (f->counted)
			__builtin_prefetch(flow_body(f));
		if (f->more != NULL)
			__builtin_prefetch(f->more);
		if (flow_tcp(f) != NULL)
			state_asked(flow_tcp(f), f->classed, asked);
	}
	__builtin_prefetch(flow_at(flows, protocol,
	    stream + 3 * FLOWS_NEAR));
}
