#include "base/fetch.h"
#include "net/flow_start.h"
#include "net/flow_state.h"
#include "net/flow_table.h"
#include "net/tcp_rest.h"

#define SECOND 1000000000

/* Where the compiler does not inline, one copy serves all files. */
extern inline struct flow_start *flow_start(const struct flow *f);
extern inline struct flow_more *flow_more(const struct flow *f);
extern inline struct flow_body *flow_tcp_body(const struct flow *f);
extern inline struct flow_body *flow_body(const struct flow *f);
extern inline struct addr flow_addr(const struct flow *f, unsigned side);

/* ---- Counts ---- */

static uint32_t
count_of(uint64_t sum)
{
	return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

uint32_t
flow_packets(const struct flow *f, unsigned side)
{
	const struct tcp_state *s = flow_tcp(f);
	uint64_t n;

	if (!f->counted)
		return f->talks ? f->talk.packets[side] :
		    f->lone && f->from_b == (side != 0);
	n = flow_body(f)->packets[side];
	if (s != NULL)
		n += (uint64_t)s->end[side].acks + s->end[side].data;
	else if (f->resting)
		n += f->state.rest->acks[side];
	return count_of(n);
}

/* Mostly the body tells. */
bool
flow_is_two_way(const struct flow *f)
{
	const struct flow_body *body = flow_body(f);

	return (f->counted && body->packets[0] > 0 && body->packets[1] > 0) ||
	    (flow_packets(f, 0) > 0 && flow_packets(f, 1) > 0);
}

bool
flow_is_one_way(const struct flow *f)
{
	return f->lone || (!flow_is_two_way(f) && !flow_is_silent(f));
}

uint64_t
flow_bytes(const struct flow *f, unsigned side)
{
	if (f->counted)
		return flow_body(f)->bytes[side] + (flow_tcp(f) != NULL ?
		    flow_tcp(f)->end[side].bytes : 0);
	if (f->talks)
		return f->talk.bytes[side];
	return f->lone && f->protocol != 6 && f->from_b == (side != 0) ?
	    f->lone_bytes : 0;
}

uint32_t
flow_data_packets(const struct flow *f, unsigned side)
{
	if (f->counted)
		return count_of((uint64_t)flow_body(f)->data_packets[side] +
		    (flow_tcp(f) != NULL ? flow_tcp(f)->end[side].data : 0));
	return f->talks ? f->talk.packets[side] : flow_bytes(f, side) > 0;
}

/* Of segments that went on each was the first with its ACK, or the last of its
 * data. */
static uint64_t
last_of(const struct flow *f, struct timestamp *last)
{
	const struct flow_body *body = flow_body(f);
	const struct tcp_state *s = flow_tcp(f);
	uint64_t frame = body->last_frame;

	*last = body->last;
	for (unsigned i = 0; s != NULL && i < 2; i++) {
		const struct tcp_end *e = &s->end[i];
		uint64_t next = tcp_next_frame(e), ack = tcp_ack_frame(e);

		next = next > ack ? next : ack;
		if (next <= frame)
			continue;
		frame = next;
		last->seconds = (int64_t)((uint64_t)e->ack_time / SECOND);
		last->nanoseconds = (uint32_t)((uint64_t)e->ack_time % SECOND);
		last->known = true;
	}
	return frame;
}

uint64_t
flow_end(const struct flow *f, struct timestamp *last)
{
	uint64_t frame = flow_first_frame(f);

	*last = flow_first(f);
	if (f->talks) {
		const struct flow_when *when = flow_when(f);

		last->seconds = when->seconds;
		last->nanoseconds = when->nanoseconds;
		last->known = true;
		return f->talk.last_frame;
	}
	if (f->counted)
		frame = last_of(f, last);
	last->digits = f->first_digits;
	return frame;
}

void
flow_state_pour(struct flow *f, struct tcp_state *s)
{
	struct flow_body *body = flow_tcp_body(f);

	body->last_frame = last_of(f, &body->last);
	for (unsigned i = 0; i < 2; i++) {
		struct tcp_end *e = &s->end[i];

		body->packets[i] = count_of((uint64_t)body->packets[i] +
		    e->data);
		body->data_packets[i] = flow_data_packets(f, i);
		body->bytes[i] += e->bytes;
		e->data = e->bytes = 0;
	}
}

/* ---- What is told of a flow, beyond its counts ---- */

static void
flags_of_state(const struct tcp_state *s, struct flow_flags side[2])
{
	unsigned i;

	for (i = 0; i < 2; i++) {
		const struct tcp_past *past = &s->past[i];

		side[i] = (struct flow_flags){ past->syn, past->syn_ack,
			s->end[i].acks, past->fin, past->rst,
			past->reset_late };
	}
}

static void
flags_of_rest(const struct tcp_rest *r, struct flow_flags side[2])
{
	unsigned i;

	for (i = 0; i < 2; i++)
		side[i] = (struct flow_flags){
			.syn = tcp_rest_count(r, i, TCP_REST_SYN),
			.syn_ack = tcp_rest_count(r, i, TCP_REST_SYN_ACK),
			.ack = r->acks[i],
			.fin = tcp_rest_count(r, i, TCP_REST_FIN),
			.rst = tcp_rest_count(r, i, TCP_REST_RST),
			.reset_late = r->reset_late[i],
		};
}

void
flow_flags(const struct flow *f, struct flow_flags side[2])
{
	unsigned flags = flow_opening_flags(f);

	if (f->resting) {
		flags_of_rest(f->state.rest, side);
		return;
	}
	if (flow_tcp(f) != NULL) {
		flags_of_state(flow_tcp(f), side);
		return;
	}
	memset(side, 0, 2 * sizeof(*side));
	if (f->held)
		side[f->from_b] = (struct flow_flags){
			.syn = (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN,
			.syn_ack = (flags & TCP_SYN) != 0 &&
			    (flags & TCP_ACK) != 0,
			.ack = (flags & (TCP_SYN | TCP_FIN | TCP_RST |
			    TCP_ACK)) == TCP_ACK,
			.fin = (flags & TCP_FIN) != 0,
			.rst = (flags & TCP_RST) != 0,
		};
}

/* Scans and floods are made of these: no state is played for them. */
static bool
is_held_syn(const struct flow *f)
{
	return f->held && !f->resting && (flow_opening_flags(f) & (TCP_SYN |
	    TCP_FIN | TCP_RST | TCP_ACK)) == TCP_SYN;
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
classes_of_held(const struct flow *f, struct flow_classes side[2])
{
	struct held held;

	held_play(f, &held);
	memcpy(side, held.tally.side, sizeof(held.tally.side));
}

/* There is one where there are classes, unless the first packet is held. */
static const struct tcp_tally *
tally_of(const struct flow *f)
{
	return f->resting ? f->state.rest->tally : f->state.tcp->tally;
}

bool
flow_classes(const struct flow *f, struct flow_classes side[2])
{
	if (!f->classed)
		return false;
	if (f->held && !f->resting)
		classes_of_held(f, side);
	else
		memcpy(side, tally_of(f)->side, sizeof(tally_of(f)->side));
	return true;
}

static void
side_fill(struct flow_tcp_side *side, const struct tcp_state *s, unsigned d)
{
	const struct tcp_end *e = &s->end[d];
	const struct tcp_past *past = &s->past[d];

	side->rtt_min = e->rtt_min;
	side->rtt_max = e->rtt_max;
	side->rtt_sum = e->rtt_sum;
	side->rtt_count = e->rtt_count;
	side->mss = past->mss;
	side->window_scale = past->window_scale;
	side->sack_permitted = past->sack_permitted;
}

static void
detail_fill(struct flow_detail *detail, const struct tcp_state *s)
{
	unsigned i;

	detail->handshake_rtt = s->first_rtt;
	detail->syn_rtt = s->syn_rtt;
	detail->completeness = s->end[0].complete | s->end[1].complete;
	memcpy(detail->history, s->history, s->n_history);
	for (i = 0; i < 2; i++)
		side_fill(&detail->side[i], s, i);
}

static void
detail_syn(const struct flow *f, struct flow_detail *detail)
{
	struct flow_tcp_side *side = &detail->side[f->from_b];
	const struct flow_opening o = flow_opening(f);

	if ((o.options & TCP_OPT_MSS) != 0)
		side->mss = o.mss;
	if ((o.options & TCP_OPT_WSCALE) != 0)
		side->window_scale = o.window_scale;
	side->sack_permitted = (o.options & TCP_OPT_SACK_PERMITTED) != 0;
	detail->completeness = COMPLETE_SYN;
	detail->history[0] = f->from_b ? 's' : 'S';
}

static __attribute__((noinline)) void
detail_apart(const struct flow *f, struct flow_detail *detail)
{
	struct held held;

	if (f->resting)
		tcp_rest_get(f->state.rest, &held.state, f);
	else
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
	flow_flags(f, detail->flags);
	(void)flow_classes(f, detail->classes);
	if (flow_tcp(f) != NULL) {
		detail_fill(detail, flow_tcp(f));
		return;
	}
	if (is_held_syn(f)) {
		detail_syn(f, detail);
		return;
	}
	if (f->held) {
		detail_apart(f, detail);
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

static enum place
place_of(const struct flow *f, const struct flow_flags past[2], unsigned side,
    bool two_way)
{
	const struct flow_flags *me = &past[side];

	if (me->rst > 0 && !me->reset_late)
		return PLACE_RESET;
	if (me->fin > 0)
		return PLACE_CLOSED;
	if (two_way && (f->handshake == HANDSHAKE_COMPLETE ||
	    (f->handshake == HANDSHAKE_SYN_ACK && past[0].syn > 0)))
		return PLACE_ESTABLISHED;
	if (me->syn > 0 || me->syn_ack > 0)
		return PLACE_SYN_SENT;
	return PLACE_INACTIVE;
}


/* By the places of a, the client, and b. */
static const char states[][5][7] = {
	[PLACE_INACTIVE] = { "OTH", "OTH", "OTH", "SHR", "RSTRH" },
	[PLACE_SYN_SENT] = { "S0", "OTH", "OTH", "S3", "REJ" },
	[PLACE_ESTABLISHED] = { "OTH", "OTH", "S1", "S3", "RSTR" },
	[PLACE_CLOSED] = { "SH", "S2", "S2", "SF", "RSTR" },
	[PLACE_RESET] = { "RSTOS0", "RSTO", "RSTO", "RSTO", "RSTR" },
};

static const char *
state_tcp(const struct flow *f)
{
	const bool two_way = flow_is_two_way(f);
	struct flow_flags flags[2];
	enum place a, b;

	flow_flags(f, flags);
	a = place_of(f, flags, 0, two_way);
	b = place_of(f, flags, 1, two_way);
	if (a == PLACE_RESET && b == PLACE_RESET && flow_bytes(f, 0) == 0 &&
	    flow_bytes(f, 1) == 0)
		return "REJ";
	return states[a][b];
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
flow_close(const struct flow *f, const struct flow_flags side[2])
{
	enum place a, b;
	bool two_way;

	if (f->protocol != 6)
		return FLOW_CLOSE_UNKNOWN;
	two_way = flow_is_two_way(f);
	a = place_of(f, side, 0, two_way);
	b = place_of(f, side, 1, two_way);
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

	struct flow_flags flags[2];

	flow_flags(f, flags);
	return reasons[flow_close(f, flags)];
}

/* ---- Of all, one after the other ---- */

/* As the flow itself tells. */
static bool
has_no_losses(const struct flow *f)
{
	return (!f->held || f->resting) && !f->classed && !f->reset;
}

void
flow_losses_add(const struct flow *f, struct flow_losses *sum)
{
	struct flow_classes classes[2];
	struct flow_flags flags[2];

	if (f->protocol != 6 || is_held_syn(f) || has_no_losses(f))
		return;
	flow_flags(f, flags);
	sum->rst += (uint64_t)flags[0].rst + flags[1].rst;
	if (!flow_classes(f, classes))
		return;
	sum->retransmissions += (uint64_t)classes[0].retransmissions +
	    classes[1].retransmissions;
	sum->lost += (uint64_t)classes[0].lost + classes[1].lost;
	sum->zero_windows += (uint64_t)classes[0].zero_windows +
	    classes[1].zero_windows;
}

#define FLOWS_NEAR 8

static void
state_asked(const struct tcp_state *s, bool classed, enum flow_asked asked)
{
	tcp_state_near(s);
	if (classed)
		fetch(&s->tally);
	if (asked == FLOW_ASKED_CLASSES)
		return;
	fetch(&s->past[0].rst);
	fetch(&s->past[1].rst);
	if (asked == FLOW_ASKED_DETAIL)
		fetch(&s->history[sizeof(s->history) - 1]);
}

/* Of what is asked of all most is in one line. */
static void
rest_asked(const struct tcp_rest *r, enum flow_asked asked)
{
	fetch(r);
	if (asked == FLOW_ASKED_CLASSES)
		return;
	fetch(&r->reset_late);
	if (asked != FLOW_ASKED_DETAIL)
		return;
	fetch(&r->end[0].base);
	fetch(&r->end[1].base);
	fetch(&r->history);
}

static void
tally_asked(const struct tcp_tally *tally)
{
	fetch(tally);
	fetch(tally + 1);
}

/* Those that are farther bring the way to what is to be known of these. */
void
flow_near(const struct flow *f, size_t left, enum flow_asked asked)
{
	if (left <= 3 * FLOWS_NEAR)
		return;
	f = flow_next(f, FLOWS_NEAR);
	if (f->classed && (!f->held || f->resting))
		tally_asked(tally_of(f));
	f = flow_next(f, FLOWS_NEAR);
	if (f->counted)
		fetch(flow_body(f));
	if (f->apart)
		fetch(flow_more(f));
	if (f->resting)
		rest_asked(f->state.rest, asked);
	else if (flow_tcp(f) != NULL)
		state_asked(flow_tcp(f), f->classed, asked);
	fetch(flow_next(f, FLOWS_NEAR));
}

const struct flow *
flow_walk(const struct flows *flows, uint8_t protocol, struct flow_walk *w,
    enum flow_asked asked)
{
	if (w->at < w->end)
		w->flow = flow_next(w->flow, 1);
	else
		w->flow = flow_run(flows, protocol, w->at, &w->end);
	if (w->flow == NULL)
		return NULL;
	flow_near(w->flow, w->end - w->at, asked);
	w->at++;
	return w->flow;
}
