#ifndef NET_FLOW_TCP_H
#define NET_FLOW_TCP_H

#include "net/flow_state.h"
#include "net/flow_table.h"

/* A SYN that cannot belong to the connection that has its ports: it opens
 * another.  `match` as of flow_index_match(). */
bool flow_tcp_reuses(struct flows *flows, struct flow *f,
    const struct packet *p, unsigned match);
/* Judges a segment of t->flow and fills `t`; `first` and `reuses` tell of the
 * flow.  Fields are handed out, too. */
void flow_tcp_track(struct flows *flows, const struct packet *p,
    struct transport *t, bool first, bool reuses, struct field_list *fields);

#endif
