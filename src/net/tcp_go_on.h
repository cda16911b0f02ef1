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
	bool odd; /* it has another time than that */
};

/* As is_ordinary(), and nothing is to be learned from it: one branch for all
 * of it, which is mostly taken.  `data`: it has some. */
static inline __attribute__((always_inline)) bool
tcp_goes_on(const struct tcp_end *from, const struct tcp_end *to,
    const struct tcp_step *g, bool data)
{
	const unsigned flags = TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK;
	const uint32_t end = g->seq + g->length;
	const unsigned scaled = (to->scale > 0) & (to->flags / END_ACKED);
	const unsigned shift = (unsigned)to->scale & (0 - scaled);
	const unsigned fills = (to->scale != SCALE_UNKNOWN) &
	    (end == to->ack + (to->window << shift));
	const unsigned stays = !data ? g->ack == from->ack :
	    (g->length == 1) | seq_up_to(end, to->ack) | fills;

	return (((g->flags & flags) ^ TCP_ACK) | (g->seq ^ from->next) | g->odd |
	    (unsigned)(g->seq == 0) | (unsigned)(g->window == 0) |
	    (unsigned)(to->contiguous == 0) |
	    (unsigned)seq_after(g->ack, to->contiguous) |
	    ((from->flags & to->flags & END_BASE) ^ END_BASE) | stays) == 0;
}

/* Behind one that is not the last any more, or others. */
static __attribute__((noinline)) bool
tcp_go_behind(struct tcp_end *from, struct flow_pool *pool,
    const struct tcp_segment *g)
{
	struct tcp_unacked *u = &from->unacked;
	bool last = u->last != 0 && u->n + 1 < TCP_UNACKED_MAX;
	bool noted = tcp_last_note(from, pool);

	if (!last)
		return tcp_unacked_add(u, pool, g) && noted;
	u->last = (uint16_t)(g->next - g->seq);
	return noted;
}

/* Whether one waits before it nobody can foretell: without a branch, it is
 * noted in any case, and counts if there is one. */
static inline __attribute__((always_inline)) void
tcp_go_sent(struct tcp_end *from, struct flow_pool *pool,
    const struct tcp_step *g, uint64_t *unnoted)
{
	struct tcp_unacked *u = &from->unacked;
	uint32_t next = g->seq + g->length;

	if (__builtin_expect(u->n == 0, 1)) {
		u->one = (struct tcp_segment){
			.seq = from->next - u->last,
			.next = from->next,
			.frame = tcp_next_frame(from),
			.time = from->next_time,
		};
		u->n = u->last != 0;
		u->sorted = true;
		u->last = (uint16_t)g->length;
	} else {
		const struct tcp_segment segment = { g->seq, next, g->frame,
			g->time };

		*unnoted += !tcp_go_behind(from, pool, &segment);
	}
	from->next = next;
	tcp_next_frame_set(from, g->frame);
	from->flags |= END_WAITS;
	from->next_time = g->time;
}

/* Not all that waits. */
static __attribute__((noinline)) void
tcp_go_part(struct tcp_end *to, struct flow_pool *pool, uint32_t ack,
    int64_t time, uint64_t *unnoted)
{
	struct tcp_unacked *u = &to->unacked;
	struct tcp_acked acked;

	if (u->last != 0) {
		if (u->n == 0 ? !seq_after(ack, to->next - u->last) &&
		    seq_after(to->next, ack) : tcp_unacked_none(u, ack))
			return;
		*unnoted += !tcp_last_note(to, pool);
	}
	tcp_unacked_ack(u, pool, ack, &acked);
	if (u->n == 0)
		to->flags &= (uint8_t)~END_WAITS;
	if (acked.found && !acked.resent)
		tcp_rtt_add(to, (int64_t)((uint64_t)time -
		    (uint64_t)acked.segment.time));
}

/* Whether there is something to be acknowledged nobody can foretell, either. */
static inline __attribute__((always_inline)) void
tcp_go_acked(struct tcp_end *to, struct flow_pool *pool,
    const struct tcp_step *g, uint64_t *unnoted)
{
	struct tcp_unacked *u = &to->unacked;
	const unsigned waits = to->flags / END_WAITS;
	const unsigned all = (u->last != 0) & (g->ack == to->next);

	if (__builtin_expect(waits != all, 0)) {
		tcp_go_part(to, pool, g->ack, g->time, unnoted);
		return;
	}
	if (__builtin_expect(u->class != 0, 0))
		tcp_unacked_drop(u, pool);
	u->last = u->n = 0;
	u->missed = false;
	to->flags &= (uint8_t)~END_WAITS;
	tcp_rtt_note(to, (int64_t)((uint64_t)g->time -
	    (uint64_t)to->next_time), all);
}

/*
 * What tcp_analyse() would do with a segment that goes on where the last one
 * ended, in a connection that stands, and has no class: most are such.  False:
 * it is none, and nothing was done.  Bytes in flight are left out: it is for
 * those who never ask for them.  Which have data nobody can foretell: whoever
 * calls asks that, once for all that depends on it.  What could not be noted
 * is counted in *unnoted.
 */
static inline __attribute__((always_inline)) bool
tcp_go_on(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_step *g, unsigned direction, bool data,
    uint64_t *unnoted)
{
	struct tcp_end *from = &s->end[direction];
	struct tcp_end *to = &s->end[1 - direction];
	uint64_t stays;

	__asm__("" : "+r"(from), "+r"(to));
	if (!tcp_goes_on(from, to, g, data))
		return false;
	stays = data ? 0 - (uint64_t)(g->ack == from->ack) : 0;
	tcp_ack_frame_set(from, (tcp_ack_frame(from) & stays) |
	    (g->frame & ~stays));
	from->duplicates &= (uint32_t)stays;
	from->ack = g->ack;
	from->window = g->window;
	from->ack_time = g->time;
	from->analysis = 0;
	from->flags |= END_ACKED;
	from->complete |= data ? COMPLETE_DATA : COMPLETE_ACK;
	to->flags |= END_IN_FLIGHT;
	from->contiguous = ((from->contiguous == 0) |
	    (from->contiguous == g->seq)) != 0 ? g->seq + g->length :
	    from->contiguous;
	if (data)
		tcp_go_sent(from, pool, g, unnoted);
	tcp_go_acked(to, pool, g, unnoted);
	if (((from->flags | to->flags) & END_TIMED) != 0)
		tcp_syn_timed(s, g->time);
	return true;
}

#endif
