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

static void
cut_add(struct capture_quality *q, uint32_t captured)
{
	if (q->cut == 0 || captured < q->inferred_snaplen_min)
		q->inferred_snaplen_min = captured;
	if (captured > q->inferred_snaplen_max)
		q->inferred_snaplen_max = captured;
	q->cut++;
}

/* The same for records of which each has a time, and none an earlier one. */
static void
times_add(struct capture_quality *q, const struct record *records, size_t n)
{
	const struct timestamp *latest = &records[n - 1].time;

	q->last = q->previous = *latest;
	if (!is_before(&q->latest, latest))
		return;
	/* The first one of those that are the latest. */
	while (n > 1 && !is_before(&records[n - 2].time, latest))
		n--;
	q->latest = records[n - 1].time;
}

/* What hardly any batch has: records that were cut, times that go back. */
static __attribute__((cold, noinline)) void
odd_add(struct capture_quality *q, const struct record *records, size_t n,
    bool ordered)
{
	for (size_t i = 0; i < n; i++) {
		if ((records[i].flags & RECORD_CUT) != 0)
			cut_add(q, (uint32_t)records[i].bytes.n);
		if (!ordered)
			time_add(q, &records[i]);
	}
}

/* What changes with every record is kept near. */
void
quality_add(struct capture_quality *q, const struct record *records, size_t n)
{
	uint32_t shortest = q->shortest, longest = q->longest;
	struct timestamp before = q->previous;
	uint64_t bytes = 0, captured_bytes = 0;
	bool ordered = q->first.known && n > 0;
	unsigned flags = 0;

	if (q->packets == 0 && n > 0)
		shortest = longest = records[0].len;
	for (size_t i = 0; i < n; i++) {
		const struct record *r = &records[i];

		shortest = r->len < shortest ? r->len : shortest;
		longest = r->len > longest ? r->len : longest;
		bytes += r->len;
		captured_bytes += r->bytes.n;
		flags |= r->flags;
		/* Mostly of the same second: a branch. */
		ordered &= r->time.known;
		if (r->time.seconds == before.seconds)
			ordered &= r->time.nanoseconds >= before.nanoseconds;
		else
			ordered &= r->time.seconds > before.seconds;
		before.seconds = r->time.seconds;
		before.nanoseconds = r->time.nanoseconds;
	}
	if (!ordered || (flags & RECORD_CUT) != 0)
		odd_add(q, records, n, ordered);
	if (ordered)
		times_add(q, records, n);
	q->packets += n;
	q->bytes += bytes;
	q->captured_bytes += captured_bytes;
	q->shortest = shortest;
	q->longest = longest;
}
