#ifndef NET_FLOW_COUNT_H
#define NET_FLOW_COUNT_H

#include "net/flow.h"
#include "net/flow_pool.h"

/* What every packet of a flow adds to it. */

/* To those of a talk; false: it does not fit, and nothing was done. */
static inline __attribute__((always_inline)) bool
flow_talk_add(struct flow *f, const struct record *r, unsigned d, size_t bytes)
{
	struct flow_talk *t = &f->talk;
	struct flow_when *when = flow_when(f);
	uint64_t sum = t->bytes[d] + (uint64_t)bytes;

	if (((r->number | (uint64_t)r->time.seconds | sum) >> 32) != 0 ||
	    !r->time.known || bytes == 0 || t->packets[d] == UINT16_MAX)
		return false;
	t->bytes[d] = (uint32_t)sum;
	t->packets[d]++;
	t->last_frame = (uint32_t)r->number;
	when->seconds = (uint32_t)r->time.seconds;
	when->nanoseconds = r->time.nanoseconds;
	return true;
}

/* The second packet of a flow that is not TCP; false: it is not, or does not
 * fit, and nothing was done. */
bool flow_talk_begin(struct flow *f, const struct record *r, unsigned d,
    size_t bytes);

/* From the second packet on, or from the third; what those before said is
 * counted, too.  NULL: no memory; of TCP there is some. */
struct flow_body *flow_body_make(struct flow *f, struct flow_pool *pool);

/* One more, unless there is no higher number. */
static inline __attribute__((always_inline)) void
flow_count_up(uint32_t *n, bool more)
{
	uint32_t sum;
	bool beyond = __builtin_add_overflow(*n, (uint32_t)more, &sum);

	*n = sum - beyond;
}

/* `acks`: its state has counted it as one of these. */
static inline __attribute__((always_inline)) void
flow_body_count(struct flow_body *body, const struct record *r, unsigned d,
    size_t bytes, bool acks)
{
	flow_count_up(&body->packets[d], !acks);
	flow_count_up(&body->data_packets[d], bytes > 0);
	body->bytes[d] += bytes;
	body->last = r->time;
	body->last_frame = r->number;
}

#endif
