#ifndef NET_FLOW_REST_H
#define NET_FLOW_REST_H

#include "net/flow_table.h"
#include "net/tcp_rest.h"

/*
 * States of connections that are over, most likely, are put to rest: kept in
 * a struct tcp_rest, while their memory serves the next one.
 */

/* A state, not yet initialised, or NULL. */
struct tcp_state *flow_rest_new(struct flows *t);
/* After a segment with FIN or RST: if that may have been all, the state will
 * be put to rest when some others have ended. */
void flow_rest_end(struct flows *t, struct flow *f);
/* Its state again, for a segment that comes late; NULL: no memory. */
struct tcp_state *flow_rest_wake(struct flows *t, struct flow *f);

#endif
