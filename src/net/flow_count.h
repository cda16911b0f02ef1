#ifndef NET_FLOW_COUNT_H
#define NET_FLOW_COUNT_H

#include "net/flow.h"
#include "net/flow_pool.h"

/* What every packet of a flow adds to it. */

/* Of a flow that is not TCP: a second packet that answers the first is kept
 * in the flow's own line.  False: it is not such a one. */
static inline bool
flow_exchange_add(struct flow *f, const struct record *r, unsigned d,
    size_t bytes)
{
	uint64_t seconds =
	    (uint64_t)r->time.seconds - (uint64_t)f->first_seconds;
	uint64_t nanoseconds = seconds * 1000000000 + r->time.nanoseconds -
	    f->first_nanoseconds;
	uint64_t frames = r->number - f->first_frame, first = f->lone_bytes;

	if (!f->lone || f->from_b == (d != 0) ||
	    !f->first_known || !r->time.known || seconds > 4 ||
	    f->first_nanoseconds >= 1000000000 ||
	    r->time.nanoseconds >= 1000000000 ||
	    (nanoseconds | frames | first | bytes) > UINT32_MAX)
		return false;
	f->exchange = (struct flow_exchange){
		.frames = (uint32_t)frames,
		.nanoseconds = (uint32_t)nanoseconds,
	};
	f->exchange.bytes[1 - d] = (uint32_t)first;
	f->exchange.bytes[d] = (uint32_t)bytes;
	f->lone = false;
	f->exchanged = true;
	return true;
}

/* Of a flow that is not TCP, which has none yet.  NULL: no memory. */
struct flow_body *flow_body_apart(struct flow *f, struct flow_pool *pool);

/* From the second packet on, or from the third; what those before said is
 * counted, too. */
static inline struct flow_body *
flow_body_make(struct flow *f, struct flow_pool *pool)
{
	struct flow_body *body;

	if (f->protocol != 6)
		return flow_body_apart(f, pool);
	body = flow_body(f);
	if (f->lone) /* without payload */
		body->packets[f->from_b] = 1;
	f->lone = false;
	f->counted = true;
	return body;
}

/* One more, unless there is no higher number. */
static inline __attribute__((always_inline)) void
flow_count_up(uint32_t *n, bool more)
{
	uint32_t sum;
	bool beyond = __builtin_add_overflow(*n, (uint32_t)more, &sum);

	*n = sum - beyond;
}

static inline __attribute__((always_inline)) void
flow_body_count(struct flow_body *body, const struct record *r, unsigned d,
    size_t bytes)
{
	flow_count_up(&body->packets[d], true);
	flow_count_up(&body->data_packets[d], bytes > 0);
	body->bytes[d] += bytes;
	body->last = r->time;
	body->last_frame = r->number;
}

#endif
