#ifndef NET_FLOW_STATE_H
#define NET_FLOW_STATE_H

#include "net/tcp_analysis.h"

/*
 * What became of a connection: handshake, Zeek's history, counts.  Called
 * after tcp_analyse() for the same segment.
 */
/* In flow_opening.options, beside TCP_OPT_*. */
#define OPENING_HELD 0x80
#define OPENING_FROM_B 0x40
#define OPENING_NEXT_NUMBER 0x20 /* UDP: goes on with another number */

void flow_state_tcp(struct flow *f, struct tcp_state *s,
    struct flow_pool *pool, const struct tcp_input *in, uint16_t analysis);
/* Exchanges the two sides of a state whose roles were guessed wrongly. */
void flow_state_swap(struct tcp_state *s);
/*
 * A first TCP packet without payload is held in the flow itself; a second
 * one makes it a state.
 */
bool flow_state_held(const struct flow *f);
void flow_state_hold(struct flow *f, const struct tcp_header *h,
    unsigned direction);
/* Plays the held packet into `s`. */
void flow_state_play(const struct flow *f, struct tcp_state *s,
    struct flow_pool *pool);

#endif
