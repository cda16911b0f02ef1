#ifndef NET_FLOW_FIELDS_H
#define NET_FLOW_FIELDS_H

#include "net/flow_state.h"
#include "net/transport.h"

/* Hands out what the tracker found, below the layer that the walk opened. */
struct flow_found {
	const struct transport *transport;
	int64_t relative, delta; /* since the flow's first and last packet */
	/* TCP; NULL when there was no memory to analyse it. */
	const struct tcp_state *state;
	const struct tcp_input *in;
	const struct tcp_result *result;
};

void flow_fields_put(const struct flow_found *found, struct field_list *l);

#endif
