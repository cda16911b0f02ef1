#ifndef NET_FLOW_TABLE_H
#define NET_FLOW_TABLE_H

#include "net/flow_index.h"
#include "net/tcp_analysis.h"

/* The table itself, for the files that make it up. */
#define FLOW_TABLE_BATCH 64

struct flows {
	struct flow_pool pool;
	struct flow_index index;
	struct flow_counts counts;
	unsigned kinds; /* that are tracked: a bit each */
	/* What flow_expect() learned of the transports to come. */
	unsigned n_near, at_near, near_clock;
	struct flow_near {
		const struct transport *transport;
		uint64_t frame, hash;
		struct flow *flow; /* most likely; or `nobody` */
		const struct tcp_state *tcp; /* its, or `no_state` */
	} near[FLOW_TABLE_BATCH];
	struct flow nobody;
	struct tcp_state no_state;
};

#endif
