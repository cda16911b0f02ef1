#ifndef NET_TCP_GO_ON_H
#define NET_TCP_GO_ON_H

#include "net/tcp_analysis.h"

/* For the one place that most segments go through. */

/* As is_ordinary(), and nothing is to be learned from it. */
static inline bool
tcp_goes_on(const struct tcp_end *from, const struct tcp_end *to,
    const struct tcp_header *h)
{
	uint32_t end = h->seq + h->length;

	if ((h->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_ACK ||
	    h->seq != from->next ||
	    h->seq == 0 || h->window == 0 || to->contiguous == 0 ||
	    seq_after(h->ack, to->contiguous) ||
	    (from->flags & to->flags & END_BASE) == 0)
		return false;
	if (h->length == 0)
		return h->ack != from->ack;
	return h->length > 1 && !seq_up_to(end, to->ack) &&
	    !tcp_fills(to, end);
}

static inline void
tcp_go_sent(struct tcp_end *from, struct flow_pool *pool,
    const struct tcp_input *in, bool *unnoted)
{
	struct tcp_unacked *u = &from->unacked;
	uint32_t seq = from->next, next = seq + in->header->length;

	if ((from->flags & END_WAITS) == 0) {
		/* The first is in the state itself. */
		u->one.seq = seq;
		u->one.next = next;
		u->one.frame = in->frame;
		u->one.time = in->time;
		u->n = 1;
		u->sorted = true;
	} else if (!tcp_unacked_put(u, pool, seq, next, in->frame,
	    in->time)) {
		*unnoted = true;
	}
	if (from->contiguous == 0 || from->contiguous == seq)
		from->contiguous = next;
	from->next = next;
	tcp_next_frame_set(from, in->frame);
	from->flags |= END_WAITS;
	from->next_time = in->time;
	from->complete |= COMPLETE_DATA;
}

static inline void
tcp_go_acked(struct tcp_end *to, struct flow_pool *pool,
    const struct tcp_input *in)
{
	struct tcp_unacked *u = &to->unacked;
	struct tcp_acked acked;

	if (!tcp_unacked_ack_only(u, in->header->ack, &acked))
		tcp_unacked_ack(u, pool, in->header->ack, &acked);
	if (u->n == 0)
		to->flags &= (uint8_t)~END_WAITS;
	if (acked.found && !acked.resent)
		tcp_rtt_add(to, (int64_t)((uint64_t)in->time -
		    (uint64_t)acked.segment.time));
}

/*
 * What tcp_analyse() would do with a segment that goes on where the last one
 * ended, in a connection that stands, and has no class: most are such.  False:
 * it is none, and nothing was done.  Bytes in flight are left out: it is for
 * those who never ask for them.
 */
static inline bool
tcp_go_on(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, bool *unnoted)
{
	const struct tcp_header *h = in->header;
	struct tcp_end *from = &s->end[in->direction];
	struct tcp_end *to = &s->end[1 - in->direction];

	if (!tcp_goes_on(from, to, h))
		return false;
	to->flags |= END_IN_FLIGHT;
	if (h->ack != from->ack) {
		tcp_ack_frame_set(from, in->frame);
		from->duplicates = 0;
		from->ack = h->ack;
	}
	if (h->length > 0) {
		tcp_go_sent(from, pool, in, unnoted);
	} else {
		if (from->contiguous == 0)
			from->contiguous = from->next;
		from->complete |= COMPLETE_ACK;
	}
	from->window = h->window;
	from->ack_time = in->time;
	from->analysis = 0;
	from->flags |= END_ACKED;
	if ((to->flags & END_WAITS) != 0)
		tcp_go_acked(to, pool, in);
	if (((from->flags | to->flags) & END_TIMED) != 0)
		tcp_syn_timed(s, in->time);
	return true;
}

#endif
