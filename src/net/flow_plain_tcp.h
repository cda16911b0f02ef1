#ifndef NET_FLOW_PLAIN_TCP_H
#define NET_FLOW_PLAIN_TCP_H

#include "net/flow_plain.h"

/* What of net/flow_plain.h is of TCP. */

/* As flow_plain_track(), of those of TCP, which are in the order of the
 * packets. */
uint32_t flow_plain_tcp(struct flows *flows, struct flow_lot *lot,
    uint32_t which);
/* A segment of a flow with a state, which is new there; what was found. */
uint16_t flow_plain_segment(struct flows *flows, struct flow *f,
    const struct tcp_input *in);
/* The header, but for its options and its length. */
void flow_plain_header(struct tcp_header *h, const struct record *r,
    const struct glance *g);

#endif
