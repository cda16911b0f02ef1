#include "capture/capture.h"

#define SECOND 1000000000

/* The first and last time, and the steps backwards between. */
static void
time_add(struct capture_quality *q, const struct record *r)
{
	int64_t step;

	if (!r->time.known) {
		q->no_time++;
		return;
	}
	if (!q->first.known) {
		q->first = q->earliest = q->latest = q->last = r->time;
		q->previous = r->time;
		return;
	}
	q->last = r->time;
	if (time_compare(r->time, q->latest) > 0)
		q->latest = r->time;
	else if (time_compare(r->time, q->earliest) < 0)
		q->earliest = r->time;
	step = time_diff(q->previous, r->time);
	q->previous = r->time;
	if (step <= 0)
		return;
	if (q->out_of_order++ == 0)
		q->first_out_of_order = r->number;
	if (step > SECOND)
		q->clock_steps++;
	if (step > q->largest_step)
		q->largest_step = step;
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
