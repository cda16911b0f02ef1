#include "net/tcp_analysis.h"

#define FAST_NS 20000000      /* after the last duplicate ACK */
#define REORDER_NS 3000000    /* while the round trip is not known */
#define IN_FLIGHT_MAX 2000000000
#define DUPLICATES_TOLD UINT32_MAX /* an ACK of lost data was told */
#define SFR (TCP_SYN | TCP_FIN | TCP_RST)
#define RESENT (TCP_A_RETRANSMISSION | TCP_A_FAST_RETRANSMISSION | \
	TCP_A_SPURIOUS_RETRANSMISSION | TCP_A_OUT_OF_ORDER)

/* A segment between its two ends, while it is judged: copies, for speed. */
struct segment {
	struct tcp_end *from, *to;
	struct tcp_past *from_past, *to_past;
	uint32_t seq, ack, length, window;
	uint32_t end; /* seq + length, without SYN and FIN */
	unsigned flags;
	bool plain;   /* none of SYN, FIN, RST */
	uint64_t frame;
	int64_t time;
};

/* Of zeros. */
static void
end_init(struct tcp_end *e)
{
	e->window = UINT32_MAX;
	e->scale = SCALE_UNKNOWN;
	e->flags = END_IN_FLIGHT;
	tcp_unacked_init(&e->unacked);
}

void
tcp_state_init(struct tcp_state *s)
{
	memset(s, 0, sizeof(*s));
	end_init(&s->end[0]);
	end_init(&s->end[1]);
	s->past[0].window_scale = s->past[1].window_scale = 255;
	s->syn_time = TCP_NEVER;
	s->first_rtt = s->syn_rtt = -1;
}

__attribute__((noinline)) bool
tcp_last_note(struct tcp_end *e, struct flow_pool *pool)
{
	const uint32_t bytes = e->unacked.last;

	if (bytes == 0)
		return true;
	e->unacked.last = 0;
	return tcp_unacked_put(&e->unacked, pool, e->next - bytes, e->next,
	    tcp_next_frame(e), e->next_time);
}

_Static_assert(offsetof(struct tcp_end, unacked) == 64 &&
    offsetof(struct tcp_state, tally) == 4 * (size_t)64,
    "what most segments touch is what tcp_state_near() asks for");
_Static_assert(sizeof(struct tcp_state) <= 6 * (size_t)64, "six lines");

__attribute__((noinline)) void
tcp_rtt_add(struct tcp_end *e, int64_t rtt)
{
	tcp_rtt_note(e, rtt, 1);
}

static int64_t
since(const struct segment *g, int64_t then)
{
	return (int64_t)((uint64_t)g->time - (uint64_t)then);
}

/* Where relative numbers begin: 0 at a SYN, 1 in the middle. */
static void
learn_bases(const struct segment *g, struct tcp_result *out)
{
	unsigned syn_ack = g->flags & (TCP_SYN | TCP_ACK);

	/* A server that answers anew: the stream goes on with its number. */
	if ((g->from->flags & END_BASE) != 0 && g->seq != g->from_past->base &&
	    syn_ack == (TCP_SYN | TCP_ACK)) {
		g->from_past->base = g->seq;
		g->from->flags |= END_HEARD;
		out->analysis |= TCP_A_REUSED_PORTS;
	}
	if ((g->from->flags & END_BASE) == 0) {
		g->from_past->base = (syn_ack & TCP_SYN) != 0 ? g->seq : g->seq - 1;
		g->from->flags |= END_BASE | END_HEARD;
	}
	if ((g->flags & TCP_ACK) != 0 && (g->to->flags & END_BASE) == 0) {
		g->to_past->base = g->ack - 1;
		g->to->flags |= END_BASE;
	}
}

static bool
fills_window(const struct segment *g)
{
	return g->plain && tcp_fills(g->to, g->end);
}

/* A segment without payload where the last one ended, with the same ACK. */
static void
judge_repeat(const struct segment *g, struct tcp_result *out)
{
	struct tcp_end *from = g->from;
	uint32_t window = g->window;

	if (window != from->window) {
		if (window != 0)
			out->analysis |= TCP_A_WINDOW_UPDATE;
		return;
	}
	if (window == 0) {
		if ((g->to->analysis & TCP_A_ZERO_WINDOW_PROBE) != 0)
			out->analysis |= TCP_A_ZERO_WINDOW_PROBE_ACK;
		return;
	}
	if ((g->to->analysis & TCP_A_KEEP_ALIVE) != 0) {
		out->analysis |= TCP_A_KEEP_ALIVE_ACK;
		return;
	}
	from->duplicates = from->duplicates == DUPLICATES_TOLD ? 1 :
	    from->duplicates + 1;
	out->analysis |= TCP_A_DUPLICATE_ACK;
	out->duplicate_ack = from->duplicates;
	out->duplicate_of = tcp_ack_frame(from);
}

/* By what the segment says of itself and its own end before. */
static void
judge_sender(const struct segment *g, struct tcp_result *out)
{
	struct tcp_end *from = g->from;

	if (g->length == 1 && g->seq == from->next && g->to->window == 0) {
		out->analysis |= TCP_A_ZERO_WINDOW_PROBE;
		return;
	}
	if (g->window == 0 && g->plain)
		out->analysis |= TCP_A_ZERO_WINDOW;
	if (g->seq != from->next) {
		if (from->next != 0 && seq_after(g->seq, from->next) &&
		    (g->flags & TCP_RST) == 0) {
			out->analysis |= TCP_A_LOST_SEGMENT;
			from->flags &= (uint8_t)~END_IN_FLIGHT;
		}
		if (g->length <= 1 && g->seq == from->next - 1 && g->plain)
			out->analysis |= TCP_A_KEEP_ALIVE;
	}
	if (g->length > 0) {
		if (fills_window(g))
			out->analysis |= TCP_A_WINDOW_FULL;
	} else if (g->seq == from->next && g->ack == from->ack && g->plain) {
		judge_repeat(g, out);
	}
}

static void
judge_ack(const struct segment *g, struct tcp_result *out)
{

	if (g->ack != g->from->ack) {
		tcp_ack_frame_set(g->from, g->frame);
		g->from->duplicates = 0;
	}
	if ((g->flags & TCP_ACK) == 0 || g->to->contiguous == 0 ||
	    !seq_after(g->ack, g->to->contiguous))
		return;
	out->looked = true;
	/* Told once, until the other end's own ACK moves. */
	if (g->to->contiguous != g->to->next) {
		g->to->contiguous = g->to->next;
		out->analysis |= TCP_A_ACK_LOST_SEGMENT;
		return;
	}
	if (g->to->duplicates == 0)
		out->analysis |= TCP_A_ACK_LOST_SEGMENT;
	g->to->duplicates = DUPLICATES_TOLD;
}

static uint16_t
kind_of_resent(const struct tcp_state *s, const struct segment *g)
{
	const struct tcp_end *from = g->from, *to = g->to;
	uint64_t reorder = REORDER_NS;

	/* DUPLICATES_TOLD counts as many, here as in tshark. */
	if (to->duplicates >= 2 && to->ack == g->seq &&
	    (uint64_t)since(g, to->ack_time) < FAST_NS)
		return TCP_A_FAST_RETRANSMISSION;
	if (s->first_rtt > 0)
		reorder = (uint64_t)s->first_rtt;
	/* Backwards in time is a long time. */
	if ((uint64_t)since(g, from->next_time) < reorder && from->next != g->end +
	    ((g->flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0))
		return TCP_A_OUT_OF_ORDER;
	return TCP_A_RETRANSMISSION;
}

/* Data, SYN or FIN that does not move on. */
static __attribute__((cold)) void
judge_resent(const struct tcp_state *s, const struct segment *g,
    struct tcp_result *out)
{
	const struct tcp_end *from = g->from;
	const struct tcp_segment *segment;

	if ((out->analysis & TCP_A_KEEP_ALIVE) != 0)
		return;
	if (g->length > 0 && g->to->ack != 0 &&
	    seq_up_to(g->end, g->to->ack)) {
		out->analysis |= TCP_A_SPURIOUS_RETRANSMISSION;
		return;
	}
	if (from->next == 0 || !seq_before(g->seq, from->next) ||
	    (g->length > 1 && from->next - 1 == g->seq))
		return;
	out->analysis |= kind_of_resent(s, g);
	if ((out->analysis & TCP_A_RETRANSMISSION) == 0)
		return;
	out->rto = since(g, from->next_time);
	out->rto_frame = tcp_next_frame(from);
	segment = tcp_unacked_oldest(&from->unacked);
	if (segment == NULL)
		return;
	out->rto = since(g, segment->time);
	out->rto_frame = segment->frame & TCP_SEGMENT_FRAME;
}

/*
 * The next data, or an ACK that moves on: no class but "window full" could
 * hold, and most segments are such.
 */
static inline bool
is_ordinary(const struct segment *g)
{
	const struct tcp_end *from = g->from, *to = g->to;

	if (!g->plain || (g->flags & TCP_ACK) == 0 || g->seq != from->next ||
	    g->window == 0 || to->contiguous == 0 ||
	    seq_after(g->ack, to->contiguous))
		return false;
	if (g->length == 0)
		return g->ack != from->ack;
	return g->length > 1 && !seq_up_to(g->end, to->ack);
}

static inline void
judge(const struct tcp_state *s, const struct segment *g,
    struct tcp_result *out)
{
	if (!is_ordinary(g)) {
		judge_sender(g, out);
		judge_ack(g, out);
		if (g->length > 0 || (g->flags & (TCP_SYN | TCP_FIN)) != 0)
			judge_resent(s, g, out);
		return;
	}
	if (g->length > 0 && fills_window(g))
		out->analysis |= TCP_A_WINDOW_FULL;
	if (g->ack != g->from->ack) {
		tcp_ack_frame_set(g->from, g->frame);
		g->from->duplicates = 0;
	}
}

/* Notes the segment as sent.  Returns where it ends. */
static uint32_t
note_sent(const struct segment *g, struct flow_pool *pool,
    struct tcp_result *out)
{
	struct tcp_end *from = g->from;
	struct tcp_segment segment = { .seq = g->seq,
		.frame = g->frame, .time = g->time };

	segment.next = g->end +
	    ((g->flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
	if ((out->analysis & RESENT) != 0)
		segment.frame |= TCP_SEGMENT_RESENT;
	if (tcp_unacked_add(&from->unacked, pool, &segment)) {
		from->flags |= END_WAITS;
		return segment.next;
	}
	out->unnoted = true;
	return g->end;
}

/* The sender's end is now where this segment says. */
static void
move_on(const struct segment *g, uint32_t next, uint16_t analysis)
{
	struct tcp_end *from = g->from;

	if ((analysis & TCP_A_ZERO_WINDOW_PROBE) == 0) {
		if (from->next == 0 || seq_after(next, from->next)) {
			from->next = next;
			tcp_next_frame_set(from, g->frame);
			from->next_time = g->time;
		}
		if (from->contiguous == 0 || g->seq == from->contiguous)
			from->contiguous = from->next;
	}
	from->window = g->window;
	from->ack = g->ack;
	from->ack_time = g->time;
	from->analysis = analysis;
	if ((g->flags & TCP_SYN) == 0)
		from->flags |= END_ACKED;
	else
		from->flags &= (uint8_t)~END_ACKED;
}

static void
take_acked(const struct segment *g, struct flow_pool *pool,
    struct tcp_result *out)
{
	struct tcp_end *to = g->to;
	struct tcp_acked acked;

	tcp_unacked_ack(&to->unacked, pool, g->ack, &acked);
	if (to->unacked.n == 0)
		to->flags &= (uint8_t)~END_WAITS;
	if (!acked.found)
		return;
	out->acks_frame = acked.segment.frame & TCP_SEGMENT_FRAME;
	out->ack_rtt = since(g, acked.segment.time);
	/* Karn: what was sent twice gives no sample. */
	if (!acked.resent)
		tcp_rtt_add(to, out->ack_rtt);
}

static void
count_in_flight(const struct segment *g, bool asked, struct tcp_result *out)
{
	struct tcp_end *from = g->from;
	struct tcp_past *past = g->from_past;
	uint32_t span;

	if ((from->flags & END_WAITS) == 0 || (from->flags & END_IN_FLIGHT) == 0)
		return;
	out->looked = true;
	if ((from->flags & END_PUSHED) != 0)
		past->push_bytes = 0;
	past->push_bytes += g->length;
	if ((g->flags & TCP_PSH) != 0)
		from->flags |= END_PUSHED;
	else
		from->flags &= (uint8_t)~END_PUSHED;
	if (!asked)
		return;
	span = tcp_unacked_span(&from->unacked, past->base) - g->to_past->sacked -
	    ((g->flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
	if (span == 0 || span >= IN_FLIGHT_MAX)
		return;
	out->in_flight = span;
	out->push_bytes = past->push_bytes;
}

/* What a SYN says of its sender holds for the connection. */
static void
learn_options(const struct segment *g, const struct tcp_header *h)
{
	struct tcp_end *from = g->from;
	struct tcp_past *past = g->from_past;

	if ((h->options & TCP_OPT_MSS) != 0)
		past->mss = h->mss;
	if ((h->options & TCP_OPT_SACK_PERMITTED) != 0)
		past->sack_permitted = true;
	if ((h->options & TCP_OPT_WSCALE) != 0) {
		past->window_scale = h->window_scale;
		from->scale = tcp_scale(h->window_scale);
	}
	/* Scaling needs the option in the SYN and in the SYN-ACK. */
	if (from->scale == SCALE_UNKNOWN)
		from->scale = g->to->scale = SCALE_NONE;
	else if ((h->flags & TCP_ACK) != 0 && g->to->scale == SCALE_NONE)
		from->scale = SCALE_NONE;
}

static uint32_t
sacked(const struct tcp_header *h)
{
	uint32_t bytes = 0;
	uint8_t i;

	for (i = 0; i < h->n_sack; i++)
		bytes += h->sack[i][1] - h->sack[i][0];
	return bytes;
}

/* tcp.completeness.  Of the first segment only a SYN tells anything. */
static uint8_t
completes(const struct segment *g, bool first)
{
	unsigned flags = g->flags, data = g->length > 0 ? COMPLETE_DATA : 0;
	unsigned c = 0;

	if (first)
		return (uint8_t)((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN ?
		    COMPLETE_SYN | data : 0);
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_ACK)
		c |= data != 0 ? data : COMPLETE_ACK;
	if (!g->plain) {
		if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
			c |= COMPLETE_SYN_ACK;
		if ((flags & (TCP_FIN | TCP_ACK)) == (TCP_FIN | TCP_ACK))
			c |= COMPLETE_FIN;
		if ((flags & TCP_RST) != 0)
			c |= COMPLETE_RST;
	}
	return (uint8_t)c;
}

static void
measure_syn(struct tcp_state *s, const struct segment *g)
{
	if ((g->flags & TCP_ACK) == 0) {
		s->syn_time = g->time;
		if (s->first_rtt < 0)
			g->from->flags |= END_TIMED;
	} else if (s->syn_rtt < 0 && s->syn_time != TCP_NEVER)
		s->syn_rtt = since(g, s->syn_time);
}

void
tcp_analyse(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, struct tcp_result *out)
{
	const struct tcp_header *h = in->header;
	const struct segment g = {
		.from = &s->end[in->direction],
		.to = &s->end[1 - in->direction],
		.from_past = &s->past[in->direction],
		.to_past = &s->past[1 - in->direction],
		.seq = h->seq,
		.ack = h->ack,
		.length = h->length,
		.window = h->window,
		.end = h->seq + h->length,
		.flags = h->flags,
		.plain = (h->flags & SFR) == 0,
		.frame = in->frame,
		.time = in->time,
	};
	bool first = ((g.from->flags | g.to->flags) & END_BASE) == 0;
	uint32_t next = g.end;

	if ((g.from->unacked.last | g.to->unacked.last) != 0) {
		out->unnoted = !tcp_last_note(g.from, pool);
		out->unnoted |= !tcp_last_note(g.to, pool);
	}
	if (!g.plain || (g.from->flags & g.to->flags & END_BASE) == 0)
		learn_bases(&g, out);
	if ((g.flags & TCP_ACK) != 0)
		g.to->flags |= END_IN_FLIGHT;
	judge(s, &g, out);
	if (g.length > 0 || (g.flags & (TCP_SYN | TCP_FIN)) != 0)
		next = note_sent(&g, pool, out);
	move_on(&g, next, out->analysis);
	if ((g.to->flags & END_WAITS) != 0)
		take_acked(&g, pool, out);
	if (g.length > 0)
		count_in_flight(&g, in->in_flight, out);
	g.from_past->sacked = (h->options & TCP_OPT_SACK) != 0 ? sacked(h) : 0;
	out->completeness = in->reuses ? COMPLETE_SYN :
	    g.from->complete | g.to->complete;
	g.from->complete |= completes(&g, first);
	if ((g.flags & TCP_SYN) != 0) {
		learn_options(&g, h);
		measure_syn(s, &g);
	} else if ((g.flags & TCP_ACK) != 0 &&
	    ((g.from->flags | g.to->flags) & END_TIMED) != 0) {
		tcp_syn_timed(s, g.time);
	}
}

struct tcp_numbers
tcp_numbers(const struct tcp_state *s, unsigned direction,
    const struct tcp_header *h)
{
	const uint32_t base = s->past[direction].base;
	const int8_t scale = s->end[direction].scale;
	const bool syn = (h->flags & TCP_SYN) != 0;
	const bool takes_one = syn || (h->flags & TCP_FIN) != 0;

	return (struct tcp_numbers){
		.seq = h->seq - base,
		.next = (uint32_t)(h->seq + h->length + takes_one) - base,
		.ack = (h->flags & TCP_ACK) != 0 ?
		    h->ack - s->past[1 - direction].base : h->ack,
		.window = (uint32_t)h->window << (!syn && scale > 0 ? scale : 0),
	};
}
