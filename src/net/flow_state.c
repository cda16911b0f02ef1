#include "net/flow_state.h"

#define OPENING_OPTIONS (TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_PERMITTED)

/* ---- History ---- */

/* By enum flow_letter. */
static const char letters[] = "qshadfrtwg";

void
flow_state_letter(struct tcp_state *s, unsigned direction,
    enum flow_letter letter)
{
	char c = letters[letter];

	s->end[direction].seen |= (uint16_t)(1U << letter);
	if (s->n_history >= FLOW_HISTORY - 1)
		return;
	s->history[s->n_history] =
	    direction == 0 ? (char)(c - 'a' + 'A') : c;
	s->n_history++;
}

/* Those of `told`, a bit each, that are new. */
static void
history_once(struct tcp_state *s, unsigned direction, unsigned told)
{
	for (told &= ~(unsigned)s->end[direction].seen; told != 0;
	    told &= told - 1)
		flow_state_letter(s, direction,
		    (enum flow_letter)__builtin_ctz(told));
}

/* Letters that come often are repeated for the 10th, the 100th ... */
static void
history_often(struct tcp_state *s, unsigned direction, enum flow_letter letter,
    uint32_t n)
{
	while (n >= 10 && n % 10 == 0)
		n /= 10;
	if (n == 1)
		flow_state_letter(s, direction, letter);
}

/* ---- Counts ---- */

static void
count_past(struct tcp_state *s, const struct tcp_input *in)
{
	struct tcp_past *past = &s->past[in->direction];
	unsigned flags = in->header->flags, d = in->direction;
	bool closed = past->fin > 0 && s->past[1 - d].fin > 0;
	unsigned told = in->header->length > 0 ? 1U << FLOW_LETTER_DATA : 0;

	if ((flags & TCP_SYN) != 0 && (flags & (TCP_FIN | TCP_RST)) != 0)
		told |= 1U << FLOW_LETTER_ODD;
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		past->syn++;
		told |= 1U << FLOW_LETTER_SYN;
	}
	if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
		past->syn_ack++;
		told |= 1U << FLOW_LETTER_SYN_ACK;
	}
	if ((flags & TCP_FIN) != 0) {
		past->fin++;
		told |= 1U << FLOW_LETTER_FIN;
	}
	if ((flags & TCP_RST) != 0) {
		past->reset_late |= past->rst == 0 && closed;
		past->rst++;
		told |= 1U << FLOW_LETTER_RST;
	}
	history_once(s, d, told);
}

static void
count_classes(struct flow_classes *c, unsigned analysis)
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
static __attribute__((cold)) void
count_analysis(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, unsigned analysis)
{
	unsigned d = in->direction;
	struct flow_classes *c;

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

/* Does `h` acknowledge the SYN of end `d`? */
static bool
acks_syn(const struct tcp_state *s, unsigned d, const struct tcp_header *h)
{
	return (h->flags & TCP_ACK) != 0 &&
	    seq_after(h->ack, s->past[d].base) &&
	    !seq_after(h->ack, s->end[d].next);
}

/* Has the sender of this segment, going by it, the other's SYN-ACK, or the
 * ACK of its own? */
static bool
shows_established(const struct tcp_state *s, const struct tcp_input *in)
{
	const struct tcp_header *h = in->header;
	const struct tcp_past *from_past = &s->past[in->direction];
	const struct tcp_past *to_past = &s->past[1 - in->direction];

	if ((h->flags & (TCP_ACK | TCP_RST)) != TCP_ACK)
		return false;
	/* Both sent a SYN at once, and each answers with SYN-ACK. */
	if ((h->flags & TCP_SYN) != 0)
		return to_past->syn_ack > 0 &&
		    acks_syn(s, 1 - in->direction, h);
	if (from_past->syn_ack > 0)
		/* A server's data, or its ACK of data, follows the ACK. */
		return h->length > 0 || seq_after(h->ack, to_past->base + 1);
	/* Where only one side was captured, its ACK tells. */
	if (from_past->syn > 0 && to_past->syn_ack == 0)
		return (h->flags & TCP_FIN) == 0;
	return acks_syn(s, 1 - in->direction, h);
}

static void
handshake_move(struct flow *f, struct tcp_state *s, const struct tcp_input *in)
{
	const struct tcp_header *h = in->header;
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
	    (TCP_SYN | TCP_ACK) && (past->syn == 0 ||
	    acks_syn(s, 1 - in->direction, h)))
		f->handshake = HANDSHAKE_SYN_ACK;
}

void
flow_state_change(struct flow *f, struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, uint16_t analysis)
{
	unsigned flags = in->header->flags, d = in->direction;

	if ((flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0) {
		count_past(s, in);
		f->reset |= (flags & TCP_RST) != 0;
	} else if (in->header->length > 0) {
		history_once(s, d, 1U << FLOW_LETTER_DATA);
	} else if ((flags & TCP_ACK) != 0) {
		s->end[d].acks++;
		history_once(s, d, 1U << FLOW_LETTER_ACK);
	}
	if (f->handshake != HANDSHAKE_COMPLETE &&
	    f->handshake != HANDSHAKE_REFUSED &&
	    (f->handshake != HANDSHAKE_NONE || (flags & TCP_SYN) != 0))
		handshake_move(f, s, in);
	if (analysis != 0) {
		count_analysis(s, pool, in, analysis);
		f->classed = s->tally != NULL;
	}
}

static void
exchange(void *one, void *other, size_t n)
{
	uint8_t *a = one, *b = other;

	for (; n > 0; n--, a++, b++) {
		*a ^= *b;
		*b ^= *a;
		*a ^= *b;
	}
}

__attribute__((cold)) void
flow_state_swap(struct tcp_state *s)
{
	uint8_t i;

	exchange(&s->end[0], &s->end[1], sizeof(s->end[0]));
	exchange(&s->past[0], &s->past[1], sizeof(s->past[0]));
	for (i = 0; i < s->n_history; i++)
		s->history[i] ^= 'a' ^ 'A';
	if (s->tally != NULL)
		exchange(&s->tally->side[0], &s->tally->side[1],
		    sizeof(s->tally->side[0]));
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

/* A SYN alone, into a state where there was nothing: most flows begin so.
 * test/net/flow.c compares with what tcp_analyse() does. */
static void
syn_play(const struct flow *f, struct tcp_state *s)
{
	const struct flow_opening *o = &f->opening;
	struct tcp_end *from = &s->end[f->from_b];
	struct tcp_past *past = &s->past[f->from_b];
	const struct timestamp first = flow_first(f);
	const uint64_t frame = flow_first_frame(f);

	from->next = from->contiguous = o->seq + 1;
	tcp_next_frame_set(from, frame);
	from->next_time = from->ack_time = s->syn_time = tcp_time(&first);
	from->ack = o->ack;
	tcp_ack_frame_set(from, o->ack != 0 ? frame : 0);
	from->window = o->window;
	from->flags = END_IN_FLIGHT | END_BASE | END_HEARD | END_TIMED |
	    END_WAITS;
	from->complete = COMPLETE_SYN;
	from->unacked.one = (struct tcp_segment){
		.seq = o->seq, .next = o->seq + 1, .frame = frame,
		.time = from->next_time };
	from->unacked.n = 1;
	past->base = o->seq;
	past->syn = 1;
	if ((o->options & TCP_OPT_MSS) != 0)
		past->mss = o->mss;
	past->sack_permitted = (o->options & TCP_OPT_SACK_PERMITTED) != 0;
	if ((o->options & TCP_OPT_WSCALE) != 0) {
		past->window_scale = o->window_scale;
		from->scale = tcp_scale(o->window_scale);
	} else {
		s->end[0].scale = s->end[1].scale = SCALE_NONE;
	}
	flow_state_letter(s, f->from_b, FLOW_LETTER_SYN);
}

/* Of any kind. */
static __attribute__((cold)) void
any_play(const struct flow *f, struct tcp_state *s, struct flow_pool *pool)
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
	const struct timestamp first = flow_first(f);
	const struct tcp_input in = {
		.header = &h,
		.direction = f->from_b,
		.frame = flow_first_frame(f),
		.time = tcp_time(&first),
	};
	struct tcp_result result = { 0 };
	struct flow scratch = { .handshake = HANDSHAKE_NONE };

	tcp_analyse(s, pool, &in, &result);
	flow_state_change(&scratch, s, pool, &in, result.analysis);
}

void
flow_state_play(const struct flow *f, struct tcp_state *s,
    struct flow_pool *pool)
{
	if ((f->opening.flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) ==
	    TCP_SYN)
		syn_play(f, s);
	else
		any_play(f, s, pool);
}
