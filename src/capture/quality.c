#include "capture/capture.h"
#include "capture/run.h"

#define SECOND 1000000000

static inline bool
is_before(const struct timestamp *a, const struct timestamp *b)
{
	return a->seconds < b->seconds ||
	    (a->seconds == b->seconds && a->nanoseconds < b->nanoseconds);
}

/* The record of that number is so many nanoseconds before the one before. */
static void
step_add(struct capture_quality *q, int64_t step, uint64_t number)
{
	if (q->out_of_order++ == 0)
		q->first_out_of_order = number;
	if (step > SECOND)
		q->clock_steps++;
	if (step > q->largest_step)
		q->largest_step = step;
}

static void
step_back(struct capture_quality *q, const struct record *r)
{
	if (is_before(&r->time, &q->earliest))
		q->earliest = r->time;
	step_add(q, time_diff(q->previous, r->time), r->number);
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

/* As time_add(), where each has a time and none is earlier than the one
 * before. */
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

void
quality_flags(struct record *r, uint32_t snaplen)
{
	uint32_t captured = (uint32_t)r->bytes.n;

	if (captured < r->len)
		r->flags |= RECORD_CUT;
	if (captured > r->len || captured > snaplen)
		r->flags |= RECORD_BAD_LENGTH;
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

/* What a snapshot length cut, and lengths that cannot be: how many of these
 * there are. */
static __attribute__((cold, noinline)) size_t
odd_add(struct capture_quality *q, struct record *records, size_t n,
    uint32_t snaplen)
{
	size_t bad = 0;

	for (size_t i = 0; i < n; i++) {
		struct record *r = &records[i];
		uint32_t captured = (uint32_t)r->bytes.n;

		q->captured_bytes += captured;
		quality_flags(r, snaplen);
		if ((r->flags & RECORD_CUT) != 0)
			cut_add(q, captured);
		bad += (r->flags & RECORD_BAD_LENGTH) != 0;
	}
	return bad;
}

__attribute__((cold)) void
quality_add_run(struct capture_quality *q, const struct capture_run *run,
    const struct timestamp *last, uint64_t bytes)
{
	q->last = q->previous = *last;
	if (is_before(&q->latest, last))
		q->latest = *last;
	q->shortest = run->shortest;
	q->longest = run->shortest + run->spread;
	q->packets += run->n;
	q->bytes += bytes;
	q->captured_bytes += bytes;
}

/* What changes with every record is kept near. */
size_t
quality_add(struct capture_quality *q, struct record *records, size_t n,
    uint32_t snaplen)
{
	uint32_t shortest = UINT32_MAX, longest = 0;
	struct timestamp before = q->previous;
	uint64_t bytes = 0, odd = 0, late = 0;
	bool known = q->first.known;

	for (size_t i = 0; i < n; i++) {
		const struct record *r = &records[i];

		shortest = r->len < shortest ? r->len : shortest;
		longest = r->len > longest ? r->len : longest;
		bytes += r->len;
		odd |= r->len ^ r->bytes.n;
		known &= r->time.known;
		/* Mostly of the same second: a branch.  The highest bit says
		 * that it is earlier. */
		if (r->time.seconds == before.seconds)
			late |= (uint64_t)r->time.nanoseconds -
			    before.nanoseconds;
		else if (r->time.seconds < before.seconds)
			late = UINT64_MAX;
		before.seconds = r->time.seconds;
		before.nanoseconds = r->time.nanoseconds;
	}
	if (n == 0)
		return 0;
	if (known && late >> 63 == 0)
		times_add(q, records, n);
	else
		for (size_t i = 0; i < n; i++)
			time_add(q, &records[i]);
	q->shortest = q->packets == 0 || shortest < q->shortest ? shortest :
	    q->shortest;
	q->longest = longest > q->longest ? longest : q->longest;
	q->packets += n;
	q->bytes += bytes;
	if (odd != 0 || longest > snaplen)
		return odd_add(q, records, n, snaplen);
	q->captured_bytes += bytes;
	return 0;
}

/* ---- Behind another ---------------------------------------------------- */

static __attribute__((cold)) void
append_lengths(
    struct capture_quality *q, const struct capture_quality *after)
{
	if (after->packets == 0)
		return;
	if (q->packets == 0 || after->shortest < q->shortest)
		q->shortest = after->shortest;
	if (q->packets == 0 || after->longest > q->longest)
		q->longest = after->longest;
	if (after->cut == 0)
		return;
	if (q->cut == 0 ||
	    after->inferred_snaplen_min < q->inferred_snaplen_min)
		q->inferred_snaplen_min = after->inferred_snaplen_min;
	if (after->inferred_snaplen_max > q->inferred_snaplen_max)
		q->inferred_snaplen_max = after->inferred_snaplen_max;
}

/* From the last one before the seam to the first behind it. */
static __attribute__((cold)) void
append_step(struct capture_quality *q, const struct capture_quality *after)
{
	int64_t step = time_diff(q->previous, after->first);

	if (step > 0)
		step_add(q, step, q->packets + after->first_timed);
}

static __attribute__((cold)) void
append_times(struct capture_quality *q, const struct capture_quality *after)
{
	if (!after->first.known)
		return;
	if (!q->first.known) {
		q->first = q->earliest = q->latest = after->first;
		q->first_timed = q->packets + after->first_timed;
	} else {
		append_step(q, after);
	}
	if (time_diff(q->earliest, after->earliest) > 0)
		q->earliest = after->earliest;
	if (time_diff(after->latest, q->latest) > 0)
		q->latest = after->latest;
	if (q->out_of_order == 0 && after->out_of_order > 0)
		q->first_out_of_order = q->packets +
		    after->first_out_of_order;
	q->out_of_order += after->out_of_order;
	q->clock_steps += after->clock_steps;
	if (after->largest_step > q->largest_step)
		q->largest_step = after->largest_step;
	q->last = q->previous = after->last;
}

__attribute__((cold)) void
quality_append(struct capture_quality *q, const struct capture_quality *after)
{
	append_lengths(q, after);
	append_times(q, after);
	q->packets += after->packets;
	q->bytes += after->bytes;
	q->captured_bytes += after->captured_bytes;
	q->cut += after->cut;
	q->no_time += after->no_time;
}
