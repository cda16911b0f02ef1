#ifndef NET_FLOW_STATE_H
#define NET_FLOW_STATE_H

#include "net/tcp_analysis.h"

/* Letters of Zeek's history, in the order in which one segment gives them; a
 * bit of tcp_end.seen each. */
enum flow_letter {
	FLOW_LETTER_ODD, /* SYN with FIN or RST */
	FLOW_LETTER_SYN,
	FLOW_LETTER_SYN_ACK,
	FLOW_LETTER_ACK,
	FLOW_LETTER_DATA,
	FLOW_LETTER_FIN,
	FLOW_LETTER_RST,
	FLOW_LETTER_RESENT,
	FLOW_LETTER_ZERO_WINDOW,
	FLOW_LETTER_GAP,
};

/* All but the segments that tell nothing new. */
void flow_state_change(struct flow *f, struct tcp_state *s,
    struct flow_pool *pool, const struct tcp_input *in, uint16_t analysis);

/* Is it one that a state counts among the `acks`? */
static inline bool
flow_is_ack(const struct tcp_header *h)
{
	return (h->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) ==
	    TCP_ACK && h->length == 0;
}

/* Is nothing to be learned of its handshake from an ACK? */
static inline bool
flow_state_shaken(const struct flow *f)
{
	return f->handshake == HANDSHAKE_COMPLETE ||
	    f->handshake == HANDSHAKE_NONE;
}

/* All that an ACK without a class then tells, the first with this letter but
 * for the count of those without data. */
void flow_state_letter(struct tcp_state *s, unsigned direction,
    enum flow_letter letter);

/*
 * What became of a connection: handshake, Zeek's history, counts.  Called
 * after tcp_analyse() for the same segment.
 */
static inline void
flow_state_tcp(struct flow *f, struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, uint16_t analysis)
{
	struct tcp_end *from = &s->end[in->direction];
	bool data = in->header->length > 0;
	unsigned letter = data ? FLOW_LETTER_DATA : FLOW_LETTER_ACK;

	if ((in->header->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) ==
	    TCP_ACK && analysis == 0 && (from->seen >> letter & 1) != 0 &&
	    flow_state_shaken(f))
		from->acks += !data;
	else
		flow_state_change(f, s, pool, in, analysis);
}

/* What it counted, but for `acks`, goes to the body. */
void flow_state_pour(struct flow *f, struct tcp_state *s);
/* Exchanges the two sides of a state whose roles were guessed wrongly. */
void flow_state_swap(struct tcp_state *s);
/*
 * A first TCP packet without payload is held in the flow itself; a second
 * one makes it a state.
 */
void flow_state_hold(struct flow *f, const struct tcp_header *h,
    unsigned direction);
/* Plays the held packet into a state that is new. */
void flow_state_play(const struct flow *f, struct tcp_state *s,
    struct flow_pool *pool);

#endif
