#include "capture/capture.h"

#define SECOND 1000000000

static inline bool
is_before(const struct timestamp *a, const struct timestamp *b)
{
	return a->seconds < b->seconds ||
	    (a->seconds == b->seconds && a->nanoseconds < b->nanoseconds);
}

static void
step_back(struct capture_quality *q, const struct record *r)
{
	int64_t step = time_diff(q->previous, r->time);

	if (is_before(&r->time, &q->earliest))
		q->earliest = r->time;
	if (q->out_of_order++ == 0)
		q->first_out_of_order = r->number;
	if (step > SECOND)
		q->clock_steps++;
	if (step > q->largest_step)
		q->largest_step = step;
}

/* The first and last time, and the steps backwards between. */
static inline void
time_add(struct capture_quality *q, const struct record *r)
{
	if (!r->time.known) {
		q->no_time++;
		return;
	}
	if (!q->first.known) {
		q->first = q->earliest = q->latest = r->time;
		q->first_timed = r->number;
	} else if (is_before(&r->time, &q->previous)) {
		step_back(q, r);
	} else if (is_before(&q->latest, &r->time)) {
		q->latest = r->time;
	}
	q->last = q->previous = r->time;
}

void
quality_add(struct capture_quality *q, const struct record *r)
{
	uint32_t captured = (uint32_t)r->bytes.n;

	if (q->packets++ == 0)
		q->shortest = q->longest = r->len;
	if (r->len < q->shortest)
		q->shortest = r->len;
	if (r->len > q->longest)
		q->longest = r->len;
	q->bytes += r->len;
	q->captured_bytes += captured;
	if (r->flags & RECORD_CUT) {
		if (q->cut == 0 || captured < q->inferred_snaplen_min)
			q->inferred_snaplen_min = captured;
		if (captured > q->inferred_snaplen_max)
			q->inferred_snaplen_max = captured;
		q->cut++;
	}
	time_add(q, r);
}
