#ifndef NET_TCP_GO_ON_H
#define NET_TCP_GO_ON_H

#include "net/tcp_analysis.h"

/* For the one place that most segments go through. */

/* A segment in registers: nobody is given its address. */
struct tcp_step {
	uint32_t seq, ack, length, window;
	unsigned flags;
	uint64_t frame;
	int64_t time;
};

/* As is_ordinary(), and nothing is to be learned from it.  Which of them have
 * data, or a scale, nobody can foretell: one branch for all of it, which is
 * mostly taken. */
static inline bool
tcp_goes_on(const struct tcp_end *from, const struct tcp_end *to,
    const struct tcp_step *g)
{
	const unsigned flags = TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK;
	const uint32_t end = g->seq + g->length;
	const unsigned scaled = (to->scale > 0) & (to->flags / END_ACKED);
	const unsigned shift = (unsigned)to->scale & (0 - scaled);
	const unsigned fills = (to->scale != SCALE_UNKNOWN) &
	    (end == to->ack + (to->window << shift));
	const unsigned data = g->length != 0;
	const unsigned stays = ((data ^ 1) & (g->ack == from->ack)) |
	    (data & ((g->length == 1) | seq_up_to(end, to->ack) | fills));

	return (((g->flags & flags) ^ TCP_ACK) | (g->seq ^ from->next) |
	    (unsigned)(g->seq == 0) | (unsigned)(g->window == 0) |
	    (unsigned)(to->contiguous == 0) |
	    (unsigned)seq_after(g->ack, to->contiguous) |
	    ((from->flags & to->flags & END_BASE) ^ END_BASE) | stays) == 0;
}

static inline void
tcp_go_sent(struct tcp_end *from, struct flow_pool *pool,
    const struct tcp_step *g, bool *unnoted)
{
	struct tcp_unacked *u = &from->unacked;
	uint32_t next = g->seq + g->length;

	if ((from->flags & END_WAITS) == 0) {
		/* The first is in the state itself. */
		u->one.seq = g->seq;
		u->one.next = next;
		u->one.frame = g->frame;
		u->one.time = g->time;
		u->n = 1;
		u->sorted = true;
	} else if (!tcp_unacked_put(u, pool, g->seq, next, g->frame,
	    g->time)) {
		*unnoted = true;
	}
	from->next = next;
	tcp_next_frame_set(from, g->frame);
	from->flags |= END_WAITS;
	from->next_time = g->time;
}

static inline void
tcp_go_acked(struct tcp_end *to, struct flow_pool *pool,
    const struct tcp_step *g)
{
	struct tcp_unacked *u = &to->unacked;
	struct tcp_acked acked;

	if (!tcp_unacked_ack_only(u, g->ack, &acked))
		tcp_unacked_ack(u, pool, g->ack, &acked);
	if (u->n == 0)
		to->flags &= (uint8_t)~END_WAITS;
	if (acked.found && !acked.resent)
		tcp_rtt_add(to, (int64_t)((uint64_t)g->time -
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
    const struct tcp_step *g, unsigned direction, bool *unnoted)
{
	struct tcp_end *from = &s->end[direction];
	struct tcp_end *to = &s->end[1 - direction];
	uint64_t stays;

	__asm__("" : "+r"(from), "+r"(to));
	if (!tcp_goes_on(from, to, g))
		return false;
	stays = 0 - (uint64_t)(g->ack == from->ack);
	tcp_ack_frame_set(from, (tcp_ack_frame(from) & stays) |
	    (g->frame & ~stays));
	from->duplicates &= (uint32_t)stays;
	from->ack = g->ack;
	from->window = g->window;
	from->ack_time = g->time;
	from->analysis = 0;
	from->flags |= END_ACKED;
	from->complete |= g->length > 0 ? COMPLETE_DATA : COMPLETE_ACK;
	to->flags |= END_IN_FLIGHT;
	from->contiguous = ((from->contiguous == 0) |
	    (from->contiguous == g->seq)) != 0 ? g->seq + g->length :
	    from->contiguous;
	if (g->length > 0)
		tcp_go_sent(from, pool, g, unnoted);
	if ((to->flags & END_WAITS) != 0)
		tcp_go_acked(to, pool, g);
	if (((from->flags | to->flags) & END_TIMED) != 0)
		tcp_syn_timed(s, g->time);
	return true;
}

#endif
