#ifndef NET_FLOW_TABLE_H
#define NET_FLOW_TABLE_H

#include "base/fetch.h"
#include "net/flow_index.h"
#include "net/tcp_analysis.h"

/* The table itself, for the files that make it up. */
#define FLOW_TABLE_BATCH 64
#define FLOW_ENDED 1024

struct flows {
	struct flow_pool pool;
	struct flow_index index;
	struct flow_counts counts;
	unsigned kinds; /* that are tracked: a bit each */
	size_t bodies;  /* of flows that are not TCP */
	/* What flow_expect() learned of the transports to come. */
	unsigned n_near, at_near, near_clock;
	struct flow_near {
		const struct transport *transport;
		uint64_t frame, hash;
		struct flow *flow; /* most likely; or `nobody` */
	} near[FLOW_TABLE_BATCH];
	/* See net/flow_rest.h. */
	struct flow_resting {
		void *states, *rests; /* of no use now */
		unsigned at;
		struct flow *ended[FLOW_ENDED];
	} rest;
	struct tcp_header header;
	struct flow nobody;
	struct tcp_state no_state;
};

/* The state of a flow that has none; one that has had a packet before begins
 * with it.  NULL: no memory. */
struct tcp_state *flow_state_make(struct flows *flows, struct flow *f);

/* `a` where `is` is all ones, `b` where it is 0.  Nobody can foretell which
 * packets are of TCP: a branch on it costs more than to bring near what is
 * near. */
static inline void *
flow_table_either(uintptr_t is, const void *a, const void *b)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): that is the purpose */
	return (void *)(((uintptr_t)a & is) | ((uintptr_t)b & ~is));
}

/* Of those between other ends than IPv4 the ends. */
static inline void
flow_more_near(const struct flow *f)
{
	if (f->wide)
		fetch(f->wide_more);
}

/* Of those that have a body this. */
static inline void
flow_body_near(const struct flow *f)
{
	const struct flow_body *body = flow_table_either(
	    0 - (uintptr_t)(f->protocol == 6), flow_tcp_body(f), f->body);

	fetch(flow_table_either(0 - (uintptr_t)f->counted, body, f));
}

/* And of those that have a state, what most packets touch of it. */
static inline void
flow_state_near(const struct flows *flows, const struct flow *f)
{
	uintptr_t is = 0 - (uintptr_t)((f->protocol == 6) & !f->held &
	    (f->state.tcp != NULL));

	tcp_state_near(flow_table_either(is, f->state.tcp, &flows->no_state));
}

#endif
