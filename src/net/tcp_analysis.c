#include "net/tcp_analysis.h"

#define FAST_NS 20000000      /* after the last duplicate ACK */
#define REORDER_NS 3000000    /* while the round trip is not known */
#define IN_FLIGHT_MAX 2000000000
#define SCALE_MAX 14
#define DUPLICATES_TOLD UINT32_MAX /* an ACK of lost data was told */
#define SFR (TCP_SYN | TCP_FIN | TCP_RST)

/* A segment between its two ends, while it is judged. */
struct segment {
	const struct tcp_input *in;
	const struct tcp_header *h;
	struct tcp_end *from, *to;
	uint32_t end; /* seq + length, without SYN and FIN */
	bool plain;   /* none of SYN, FIN, RST */
	bool repeats; /* length 0, and SEQ, ACK as they were */
};

static void
end_init(struct tcp_end *e)
{
	memset(e, 0, sizeof(*e));
	e->window = UINT32_MAX;
	e->scale = SCALE_UNKNOWN;
	e->window_scale = 255;
	e->flags = END_IN_FLIGHT;
	tcp_unacked_init(&e->unacked);
}

void
tcp_state_init(struct tcp_state *s)
{
	memset(s, 0, sizeof(*s));
	end_init(&s->end[0]);
	end_init(&s->end[1]);
	s->syn_time = s->syn_ack_time = -1;
	s->first_rtt = s->syn_rtt = -1;
}

/* Where relative numbers begin: 0 at a SYN, 1 in the middle. */
static void
bases(const struct segment *g, struct tcp_result *out)
{
	const struct tcp_header *h = g->h;
	unsigned syn_ack = TCP_SYN | TCP_ACK;

	/* A server that answers anew: the stream goes on with its number. */
	if ((g->from->flags & END_BASE) != 0 && h->seq != g->from->base &&
	    (h->flags & syn_ack) == syn_ack) {
		g->from->base = h->seq;
		g->from->flags |= END_HEARD;
		out->analysis |= TCP_A_REUSED_PORTS;
	}
	if ((g->from->flags & END_BASE) == 0) {
		g->from->base = (h->flags & TCP_SYN) != 0 ? h->seq : h->seq - 1;
		g->from->flags |= END_BASE | END_HEARD;
	}
	if ((h->flags & TCP_ACK) == 0)
		return;
	if ((g->to->flags & END_BASE) == 0) {
		g->to->base = h->ack - 1;
		g->to->flags |= END_BASE;
	}
	g->to->flags |= END_IN_FLIGHT;
}

static bool
fills_window(const struct segment *g)
{
	const struct tcp_end *to = g->to;
	unsigned shift = to->scale > 0 && (to->flags & END_ACKED) != 0 ?
	    (unsigned)to->scale : 0;

	return g->h->length > 0 && g->plain && to->scale != SCALE_UNKNOWN &&
	    g->end == to->ack + (to->window << shift);
}

/* Answers to a probe or a keep-alive: nothing more is asked of them. */
static uint16_t
answers(const struct segment *g)
{
	const struct tcp_header *h = g->h;

	if (!g->repeats || h->window != g->from->window)
		return 0;
	if (h->window != 0 && (g->to->analysis & TCP_A_KEEP_ALIVE) != 0)
		return TCP_A_KEEP_ALIVE_ACK;
	if (h->window == 0 && (g->to->analysis & TCP_A_ZERO_WINDOW_PROBE) != 0)
		return TCP_A_ZERO_WINDOW_PROBE_ACK;
	return 0;
}

/* By what the segment says of itself and its own end before. */
static void
judge_sender(const struct segment *g, struct tcp_result *out)
{
	const struct tcp_header *h = g->h;
	struct tcp_end *from = g->from;
	uint16_t answer;

	if (h->length == 1 && h->seq == from->next && g->to->window == 0) {
		out->analysis |= TCP_A_ZERO_WINDOW_PROBE;
		return;
	}
	if (h->window == 0 && g->plain)
		out->analysis |= TCP_A_ZERO_WINDOW;
	if (from->next != 0 && seq_after(h->seq, from->next) &&
	    (h->flags & TCP_RST) == 0) {
		out->analysis |= TCP_A_LOST_SEGMENT;
		from->flags &= (uint8_t)~END_IN_FLIGHT;
	}
	if (h->length <= 1 && h->seq == from->next - 1 && g->plain)
		out->analysis |= TCP_A_KEEP_ALIVE;
	if (g->repeats && h->window != 0 && h->window != from->window)
		out->analysis |= TCP_A_WINDOW_UPDATE;
	if (fills_window(g))
		out->analysis |= TCP_A_WINDOW_FULL;
	answer = answers(g);
	out->analysis |= answer;
	if (answer != 0 || !g->repeats || h->window == 0 ||
	    h->window != from->window)
		return;
	from->duplicates = from->duplicates == DUPLICATES_TOLD ? 1 :
	    from->duplicates + 1;
	out->analysis |= TCP_A_DUPLICATE_ACK;
	out->duplicate_ack = from->duplicates;
	out->duplicate_of = from->ack_frame;
}

static void
judge_ack(const struct segment *g, struct tcp_result *out)
{
	const struct tcp_header *h = g->h;

	if (h->ack != g->from->ack) {
		g->from->ack_frame = g->in->frame;
		g->from->duplicates = 0;
	}
	if (g->to->contiguous == 0 || (h->flags & TCP_ACK) == 0 ||
	    !seq_after(h->ack, g->to->contiguous))
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

/* The time since `then`, for comparing with a limit: backwards is long. */
static uint64_t
since(const struct segment *g, int64_t then)
{
	return (uint64_t)g->in->time - (uint64_t)then;
}

static uint16_t
kind_of_resent(const struct tcp_state *s, const struct segment *g)
{
	const struct tcp_end *from = g->from, *to = g->to;
	uint64_t reorder = REORDER_NS;

	/* DUPLICATES_TOLD counts as many, here as in tshark. */
	if (to->duplicates >= 2 && to->ack == g->h->seq &&
	    since(g, to->ack_time) < FAST_NS)
		return TCP_A_FAST_RETRANSMISSION;
	if (s->first_rtt > 0)
		reorder = (uint64_t)s->first_rtt;
	if (since(g, from->next_time) < reorder && from->next != g->end +
	    ((g->h->flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0))
		return TCP_A_OUT_OF_ORDER;
	return TCP_A_RETRANSMISSION;
}

/* Data, SYN or FIN that does not move on. */
static void
judge_resent(const struct tcp_state *s, const struct segment *g,
    struct tcp_result *out)
{
	const struct tcp_header *h = g->h;
	const struct tcp_end *from = g->from;
	const struct tcp_segment *segment;

	if ((h->length == 0 && (h->flags & (TCP_SYN | TCP_FIN)) == 0) ||
	    (out->analysis & TCP_A_KEEP_ALIVE) != 0)
		return;
	if (h->length > 0 && g->to->ack != 0 &&
	    seq_up_to(g->end, g->to->ack)) {
		out->analysis |= TCP_A_SPURIOUS_RETRANSMISSION;
		return;
	}
	if (from->next == 0 || !seq_before(h->seq, from->next) ||
	    (h->length > 1 && from->next - 1 == h->seq))
		return;
	out->analysis |= kind_of_resent(s, g);
	if ((out->analysis & TCP_A_RETRANSMISSION) == 0)
		return;
	out->rto = g->in->time - from->next_time;
	out->rto_frame = from->next_frame;
	segment = tcp_unacked_oldest(&from->unacked);
	if (segment == NULL)
		return;
	out->rto = g->in->time - segment->time;
	out->rto_frame = segment->frame & ~TCP_SEGMENT_RESENT;
}

#define RESENT (TCP_A_RETRANSMISSION | TCP_A_FAST_RETRANSMISSION | \
	TCP_A_SPURIOUS_RETRANSMISSION | TCP_A_OUT_OF_ORDER)

/* Notes the segment as sent. */
static void
move_on(const struct segment *g, struct flow_pool *pool,
    struct tcp_result *out)
{
	const struct tcp_header *h = g->h;
	struct tcp_end *from = g->from;
	bool probe = (out->analysis & TCP_A_ZERO_WINDOW_PROBE) != 0;
	bool marks = (h->flags & (TCP_SYN | TCP_FIN)) != 0;
	struct tcp_segment segment = { .seq = h->seq, .frame = g->in->frame,
		.time = g->in->time };
	uint32_t next = g->end;

	if (h->length > 0 || marks) {
		segment.next = g->end + (marks ? 1 : 0);
		if ((out->analysis & RESENT) != 0) {
			tcp_unacked_resent(&from->unacked, h->seq,
			    segment.next);
			segment.frame |= TCP_SEGMENT_RESENT;
		}
		out->unnoted = !tcp_unacked_add(&from->unacked, pool, &segment);
		if (!out->unnoted)
			next = segment.next;
	}
	if (!probe && (from->next == 0 || seq_after(next, from->next))) {
		from->next = next;
		from->next_frame = g->in->frame;
		from->next_time = g->in->time;
	}
	if (!probe && (from->contiguous == 0 || h->seq == from->contiguous))
		from->contiguous = from->next;
	from->window = h->window;
	from->ack = h->ack;
	from->ack_time = g->in->time;
	from->analysis = out->analysis;
	if ((h->flags & TCP_SYN) == 0)
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

	tcp_unacked_ack(&to->unacked, pool, g->h->ack, &acked);
	if (!acked.found)
		return;
	out->acks_frame = acked.segment.frame & ~TCP_SEGMENT_RESENT;
	out->ack_rtt = g->in->time - acked.segment.time;
	/* Karn: what was sent twice gives no sample. */
	if ((acked.segment.frame & TCP_SEGMENT_RESENT) != 0 ||
	    out->ack_rtt < 0)
		return;
	if (to->rtt_count == 0 || out->ack_rtt < to->rtt_min)
		to->rtt_min = out->ack_rtt;
	if (out->ack_rtt > to->rtt_max)
		to->rtt_max = out->ack_rtt;
	to->rtt_sum += out->ack_rtt;
	to->rtt_count++;
}

static void
count_in_flight(const struct segment *g, struct tcp_result *out)
{
	struct tcp_end *from = g->from;
	uint32_t span;

	if (g->h->length == 0 || from->unacked.n == 0 ||
	    (from->flags & END_IN_FLIGHT) == 0)
		return;
	out->looked = true;
	if ((from->flags & END_PUSHED) != 0)
		from->push_bytes = 0;
	from->push_bytes += g->h->length;
	if ((g->h->flags & TCP_PSH) != 0)
		from->flags |= END_PUSHED;
	else
		from->flags &= (uint8_t)~END_PUSHED;
	span = tcp_unacked_span(&from->unacked, from->base) - g->to->sacked -
	    ((g->h->flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
	if (span == 0 || span >= IN_FLIGHT_MAX)
		return;
	out->in_flight = span;
	out->push_bytes = from->push_bytes;
}

/* What a SYN says of its sender holds for the connection. */
static void
learn_options(const struct segment *g)
{
	const struct tcp_header *h = g->h;
	struct tcp_end *from = g->from;
	uint8_t i;

	from->sacked = 0;
	if ((h->options & TCP_OPT_SACK) != 0) {
		for (i = 0; i < h->n_sack; i++)
			from->sacked += h->sack[i][1] - h->sack[i][0];
	}
	if ((h->flags & TCP_SYN) == 0)
		return;
	if ((h->options & TCP_OPT_MSS) != 0)
		from->mss = h->mss;
	if ((h->options & TCP_OPT_SACK_PERMITTED) != 0)
		from->flags |= END_SACK;
	if ((h->options & TCP_OPT_WSCALE) != 0) {
		from->window_scale = h->window_scale;
		from->scale = (int8_t)(h->window_scale < SCALE_MAX ?
		    h->window_scale : SCALE_MAX);
	}
	/* Scaling needs the option in the SYN and in the SYN-ACK. */
	if (from->scale == SCALE_UNKNOWN)
		from->scale = g->to->scale = SCALE_NONE;
	else if ((h->flags & TCP_ACK) != 0 && g->to->scale == SCALE_NONE)
		from->scale = SCALE_NONE;
}

/* tcp.completeness.  Of the first segment only a SYN tells anything. */
static void
complete(struct tcp_state *s, const struct tcp_header *h, bool first)
{
	unsigned flags = h->flags, c = s->completeness;

	if (first) {
		if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
			s->completeness = COMPLETE_SYN |
			    (h->length > 0 ? COMPLETE_DATA : 0);
		return;
	}
	if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
		c |= COMPLETE_SYN_ACK;
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_ACK)
		c |= h->length > 0 ? COMPLETE_DATA : COMPLETE_ACK;
	if ((flags & (TCP_FIN | TCP_ACK)) == (TCP_FIN | TCP_ACK))
		c |= COMPLETE_FIN;
	if ((flags & TCP_RST) != 0)
		c |= COMPLETE_RST;
	s->completeness = (uint8_t)c;
}

static void
measure_handshake(struct tcp_state *s, const struct segment *g)
{
	const struct tcp_header *h = g->h;
	unsigned flags = h->flags & (TCP_SYN | TCP_ACK);

	if (flags == TCP_SYN)
		s->syn_time = g->in->time;
	if (flags == (TCP_SYN | TCP_ACK) && s->syn_rtt < 0 && s->syn_time >= 0)
		s->syn_rtt = g->in->time - s->syn_time;
	if (flags == TCP_ACK && s->first_rtt < 0 && s->syn_time >= 0)
		s->first_rtt = g->in->time - s->syn_time;
}

void
tcp_state_near(const struct tcp_state *s)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t i;

	for (i = 0; i < sizeof(*s); i += 64)
		__builtin_prefetch(p + i);
}

void
tcp_analyse(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, struct tcp_result *out)
{
	const struct tcp_header *h = in->header;
	struct segment g = {
		.in = in,
		.h = h,
		.from = &s->end[in->direction],
		.to = &s->end[1 - in->direction],
		.end = h->seq + h->length,
		.plain = (h->flags & SFR) == 0,
	};
	bool first = ((g.from->flags | g.to->flags) & END_BASE) == 0;

	bases(&g, out);
	g.repeats = h->length == 0 && h->seq == g.from->next &&
	    h->ack == g.from->ack && g.plain;
	judge_sender(&g, out);
	judge_ack(&g, out);
	judge_resent(s, &g, out);
	move_on(&g, pool, out);
	take_acked(&g, pool, out);
	count_in_flight(&g, out);
	learn_options(&g);
	out->completeness = in->reuses ? COMPLETE_SYN : s->completeness;
	complete(s, h, first);
	measure_handshake(s, &g);
}
