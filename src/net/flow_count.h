#ifndef NET_FLOW_COUNT_H
#define NET_FLOW_COUNT_H

#include "net/flow.h"

/* What every packet of a flow adds to it. */

/* From the second packet on; what one packet says is counted, too. */
static inline void
flow_body_make(struct flow *f)
{
	struct flow_body *body = flow_body(f);
	unsigned from = f->from_b;

	if (f->lone) {
		body->packets[from] = 1;
		body->bytes[from] = flow_bytes(f, from);
		body->data_packets[from] = body->bytes[from] > 0;
	}
	f->lone = false;
	f->counted = true;
}

static inline __attribute__((always_inline)) void
flow_body_count(struct flow_body *body, const struct record *r, unsigned d,
    size_t bytes)
{
	body->packets[d] += body->packets[d] != UINT32_MAX;
	body->data_packets[d] += bytes > 0 &&
	    body->data_packets[d] != UINT32_MAX;
	body->bytes[d] += bytes;
	body->last_seconds = r->time.seconds;
	body->last_nanoseconds = r->time.nanoseconds;
	body->last_known = r->time.known;
	body->last_frame = r->number;
}

#endif
