#include "net/flow_state.h"

#define OPENING_OPTIONS (TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_PERMITTED)

/* ---- History ---- */

/* By enum flow_letter. */
static const char letters[] = "shadfrqtwg";

static void
history_add(struct tcp_state *s, unsigned direction, enum flow_letter letter)
{
	char c = letters[letter];

	s->end[direction].seen |= (uint16_t)(1U << letter);
	if (s->n_history >= FLOW_HISTORY - 1)
		return;
	s->history[s->n_history] =
	    direction == 0 ? (char)(c - 'a' + 'A') : c;
	s->n_history++;
}

static inline void
history_once(struct tcp_state *s, unsigned direction, enum flow_letter letter)
{
	if ((s->end[direction].seen >> letter & 1) == 0)
		history_add(s, direction, letter);
}

/* Letters that come often are repeated for the 10th, the 100th ... */
static void
history_often(struct tcp_state *s, unsigned direction, enum flow_letter letter,
    uint32_t n)
{
	while (n >= 10 && n % 10 == 0)
		n /= 10;
	if (n == 1)
		history_add(s, direction, letter);
}

/* ---- Counts ---- */

static void
count_past(struct tcp_state *s, const struct tcp_input *in)
{
	struct tcp_past *past = &s->past[in->direction];
	unsigned flags = in->header->flags, d = in->direction;

	if ((flags & TCP_SYN) != 0 && (flags & (TCP_FIN | TCP_RST)) != 0)
		history_once(s, d, FLOW_LETTER_ODD);
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		past->syn++;
		history_once(s, d, FLOW_LETTER_SYN);
	}
	if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
		past->syn_ack++;
		history_once(s, d, FLOW_LETTER_SYN_ACK);
	}
	if (in->header->length > 0)
		history_once(s, d, FLOW_LETTER_DATA);
	if ((flags & TCP_FIN) != 0) {
		past->fin++;
		if (past->first_fin == 0)
			past->first_fin = in->frame;
		history_once(s, d, FLOW_LETTER_FIN);
	}
	if ((flags & TCP_RST) != 0) {
		past->rst++;
		if (past->first_rst == 0)
			past->first_rst = in->frame;
		history_once(s, d, FLOW_LETTER_RST);
	}
}

static void
count_classes(struct tcp_counts *c, unsigned analysis)
{
	c->retransmissions += (analysis & (TCP_A_RETRANSMISSION |
	    TCP_A_FAST_RETRANSMISSION | TCP_A_SPURIOUS_RETRANSMISSION)) != 0;
	c->fast += (analysis & TCP_A_FAST_RETRANSMISSION) != 0;
	c->spurious += (analysis & TCP_A_SPURIOUS_RETRANSMISSION) != 0;
	c->out_of_order += (analysis & TCP_A_OUT_OF_ORDER) != 0;
	c->lost += (analysis & TCP_A_LOST_SEGMENT) != 0;
	c->ack_lost += (analysis & TCP_A_ACK_LOST_SEGMENT) != 0;
	c->duplicate_acks += (analysis & TCP_A_DUPLICATE_ACK) != 0;
	c->keep_alives += (analysis & TCP_A_KEEP_ALIVE) != 0;
	c->zero_windows += (analysis & TCP_A_ZERO_WINDOW) != 0;
	c->window_full += (analysis & TCP_A_WINDOW_FULL) != 0;
	c->window_updates += (analysis & TCP_A_WINDOW_UPDATE) != 0;
	c->zero_window_probes += (analysis & TCP_A_ZERO_WINDOW_PROBE) != 0;
}

/* Most connections never need a tally; without memory it stays at zero,
 * which flow_counts()->untracked tells. */
static void
count_analysis(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, unsigned analysis)
{
	unsigned d = in->direction;
	struct tcp_counts *c;

	if (s->tally == NULL) {
		s->tally = flow_pool_take(pool, 1);
		if (s->tally == NULL)
			return;
		memset(s->tally, 0, sizeof(*s->tally));
	}
	c = &s->tally->side[d];
	count_classes(c, analysis);
	if (in->header->length > 0 && (analysis & (TCP_A_RETRANSMISSION |
	    TCP_A_FAST_RETRANSMISSION | TCP_A_SPURIOUS_RETRANSMISSION)) != 0)
		history_often(s, d, FLOW_LETTER_RESENT, c->retransmissions);
	if ((analysis & TCP_A_ZERO_WINDOW) != 0)
		history_often(s, d, FLOW_LETTER_ZERO_WINDOW, c->zero_windows);
	if ((analysis & TCP_A_ACK_LOST_SEGMENT) != 0)
		history_often(s, 1 - d, FLOW_LETTER_GAP, c->ack_lost);
}

/* ---- Handshake ---- */

/* Does `h` acknowledge the SYN of `e`? */
static bool
acks_syn(const struct tcp_end *e, const struct tcp_header *h)
{
	return (h->flags & TCP_ACK) != 0 && seq_after(h->ack, e->base) &&
	    !seq_after(h->ack, e->next);
}

/* Has the sender of this segment, going by it, the other's SYN-ACK, or the
 * ACK of its own? */
static bool
shows_established(const struct tcp_state *s, const struct tcp_input *in)
{
	const struct tcp_header *h = in->header;
	const struct tcp_end *to = &s->end[1 - in->direction];
	const struct tcp_past *from_past = &s->past[in->direction];
	const struct tcp_past *to_past = &s->past[1 - in->direction];

	if ((h->flags & (TCP_ACK | TCP_RST)) != TCP_ACK)
		return false;
	/* Both sent a SYN at once, and each answers with SYN-ACK. */
	if ((h->flags & TCP_SYN) != 0)
		return to_past->syn_ack > 0 && acks_syn(to, h);
	if (from_past->syn_ack > 0)
		/* A server's data, or its ACK of data, follows the ACK. */
		return h->length > 0 || seq_after(h->ack, to->base + 1);
	/* Where only one side was captured, its ACK tells. */
	if (from_past->syn > 0 && to_past->syn_ack == 0)
		return (h->flags & TCP_FIN) == 0;
	return acks_syn(to, h);
}

static void
handshake_move(struct flow *f, struct tcp_state *s, const struct tcp_input *in)
{
	const struct tcp_header *h = in->header;
	const struct tcp_end *to = &s->end[1 - in->direction];
	const struct tcp_past *past = &s->past[1 - in->direction];

	if ((h->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	    f->handshake == HANDSHAKE_NONE)
		f->handshake = HANDSHAKE_SYN;
	if (f->handshake == HANDSHAKE_SYN && (h->flags & TCP_RST) != 0 &&
	    past->syn > 0)
		f->handshake = HANDSHAKE_REFUSED;
	else if (f->handshake != HANDSHAKE_NONE && shows_established(s, in))
		f->handshake = HANDSHAKE_COMPLETE;
	else if ((h->flags & (TCP_SYN | TCP_ACK | TCP_RST)) ==
	    (TCP_SYN | TCP_ACK) && (past->syn == 0 || acks_syn(to, h)))
		f->handshake = HANDSHAKE_SYN_ACK;
}

void
flow_state_change(struct flow *f, struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, uint16_t analysis)
{
	unsigned flags = in->header->flags, d = in->direction;

	if ((flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0) {
		count_past(s, in);
	} else if (in->header->length > 0) {
		history_once(s, d, FLOW_LETTER_DATA);
	} else if ((flags & TCP_ACK) != 0) {
		s->end[d].acks++;
		history_once(s, d, FLOW_LETTER_ACK);
	}
	if (f->handshake != HANDSHAKE_COMPLETE &&
	    f->handshake != HANDSHAKE_REFUSED &&
	    (f->handshake != HANDSHAKE_NONE || (flags & TCP_SYN) != 0))
		handshake_move(f, s, in);
	if (analysis != 0)
		count_analysis(s, pool, in, analysis);
}

void
flow_state_swap(struct tcp_state *s)
{
	struct tcp_end end = s->end[0];
	struct tcp_past past = s->past[0];
	struct tcp_counts counts;
	int64_t rtt;
	uint8_t i;

	s->end[0] = s->end[1];
	s->end[1] = end;
	s->past[0] = s->past[1];
	s->past[1] = past;
	rtt = s->rtt_min[0];
	s->rtt_min[0] = s->rtt_min[1];
	s->rtt_min[1] = rtt;
	rtt = s->rtt_max[0];
	s->rtt_max[0] = s->rtt_max[1];
	s->rtt_max[1] = rtt;
	for (i = 0; i < s->n_history; i++)
		s->history[i] ^= 'a' ^ 'A';
	if (s->tally == NULL)
		return;
	counts = s->tally->side[0];
	s->tally->side[0] = s->tally->side[1];
	s->tally->side[1] = counts;
}

/* ---- The first packet ---- */

void
flow_state_hold(struct flow *f, const struct tcp_header *h, unsigned direction)
{
	f->held = true;
	f->from_b = direction != 0;
	f->opening = (struct flow_opening){
		.seq = h->seq,
		.ack = h->ack,
		.window = h->window,
		.flags = h->flags,
		.mss = h->mss,
		.window_scale = h->window_scale,
		.options = (uint8_t)(h->options & OPENING_OPTIONS),
	};
}

static void
held_play(const struct flow *f, struct tcp_state *s, struct flow_pool *pool)
{
	const struct flow_opening *o = &f->opening;
	struct tcp_header h = {
		.seq = o->seq,
		.ack = o->ack,
		.window = o->window,
		.flags = o->flags,
		.mss = o->mss,
		.window_scale = o->window_scale,
		.options = o->options,
	};
	struct tcp_input in = {
		.header = &h,
		.direction = f->from_b,
		.frame = f->first_frame,
	};
	struct tcp_result result = { 0 };
	struct flow scratch = { .handshake = HANDSHAKE_NONE };
	struct timestamp first = flow_first(f);

	in.time = tcp_time(&first);
	tcp_analyse(s, pool, &in, &result);
	flow_state_tcp(&scratch, s, pool, &in, result.analysis);
}

void
flow_state_play(const struct flow *f, struct tcp_state *s,
    struct flow_pool *pool)
{
	tcp_state_init(s);
	held_play(f, s, pool);
}

/* ---- Reports ---- */

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
	side->first_fin = past->first_fin;
	side->first_rst = past->first_rst;
	side->rtt_min = s->rtt_min[d];
	side->rtt_max = s->rtt_max[d];
	side->rtt_sum = e->rtt_sum;
	side->rtt_count = e->rtt_count;
	side->mss = past->mss;
	side->window_scale = past->window_scale;
	side->sack_permitted = past->sack_permitted;
}

static void
side_count(struct flow_tcp_side *side, const struct tcp_counts *c)
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
static void
detail_held(const struct flow *f, struct flow_detail *detail)
{
	struct flow_pool none = { .limit = 0 };
	struct tcp_state s;
	struct tcp_tally tally = { 0 };

	tcp_state_init(&s);
	s.tally = &tally;
	held_play(f, &s, &none);
	detail_fill(detail, &s);
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
	from->first_fin = from->fin != 0 ? f->first_frame : 0;
	from->first_rst = from->rst != 0 ? f->first_frame : 0;
}

static enum place
place_of(const struct flow *f, const struct tcp_past past[2], unsigned side)
{
	const struct tcp_past *me = &past[side], *other = &past[1 - side];
	bool closed = me->fin > 0 && other->fin > 0 &&
	    (me->first_rst == 0 || (me->first_fin < me->first_rst &&
	    other->first_fin < me->first_rst));

	if (me->rst > 0 && !closed)
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

const char *
flow_close_reason(const struct flow *f)
{
	enum place place[2], a, b;

	if (f->protocol != 6)
		return "unknown";
	places_find(f, place);
	a = place[0];
	b = place[1];
	if (a == PLACE_RESET || b == PLACE_RESET)
		return "reset";
	if ((a == PLACE_CLOSED || flow_packets(f, 0) == 0) &&
	    (b == PLACE_CLOSED || flow_packets(f, 1) == 0) &&
	    (a == PLACE_CLOSED || b == PLACE_CLOSED))
		return "normal";
	if (f->handshake == HANDSHAKE_COMPLETE || flow_bytes(f, 0) > 0 ||
	    flow_bytes(f, 1) > 0)
		return "active";
	return "unknown";
}
