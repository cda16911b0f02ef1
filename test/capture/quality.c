#include "capture/capture.h"

#include "tap.h"

#define RECORDS 2000
#define BATCH 32
#define SNAPLEN 1500

/*
 * Facts of many records at once are those of one after the other, as they
 * are counted here: in order or not, with equal times of other digits, with
 * no time, and cut.
 */
static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static bool
earlier(struct timestamp a, struct timestamp b)
{
	return time_diff(a, b) < 0;
}

static void
time_by_hand(struct capture_quality *q, const struct record *r)
{
	if (!r->time.known) {
		q->no_time++;
		return;
	}
	if (!q->first.known) {
		q->first = q->earliest = q->latest = r->time;
		q->first_timed = r->number;
	}
	if (earlier(q->latest, r->time))
		q->latest = r->time;
	if (earlier(r->time, q->earliest))
		q->earliest = r->time;
	if (q->previous.known && earlier(r->time, q->previous)) {
		int64_t step = time_diff(q->previous, r->time);

		if (q->out_of_order++ == 0)
			q->first_out_of_order = r->number;
		q->clock_steps += step > 1000000000;
		if (step > q->largest_step)
			q->largest_step = step;
	}
	q->last = q->previous = r->time;
}

static void
add_by_hand(struct capture_quality *q, const struct record *r)
{
	uint32_t captured = (uint32_t)r->bytes.n;

	if (q->packets == 0 || r->len < q->shortest)
		q->shortest = r->len;
	if (r->len > q->longest)
		q->longest = r->len;
	q->packets++;
	q->bytes += r->len;
	q->captured_bytes += captured;
	if (captured < r->len) {
		if (q->cut == 0 || captured < q->inferred_snaplen_min)
			q->inferred_snaplen_min = captured;
		if (captured > q->inferred_snaplen_max)
			q->inferred_snaplen_max = captured;
		q->cut++;
	}
	time_by_hand(q, r);
}

static bool
time_same(struct timestamp a, struct timestamp b)
{
	return a.known == b.known && a.seconds == b.seconds &&
	    a.nanoseconds == b.nanoseconds && a.digits == b.digits;
}

static bool
same(const struct capture_quality *a, const struct capture_quality *b)
{
	return a->packets == b->packets && a->bytes == b->bytes &&
	    a->captured_bytes == b->captured_bytes && a->cut == b->cut &&
	    a->inferred_snaplen_min == b->inferred_snaplen_min &&
	    a->inferred_snaplen_max == b->inferred_snaplen_max &&
	    a->out_of_order == b->out_of_order &&
	    a->first_out_of_order == b->first_out_of_order &&
	    a->clock_steps == b->clock_steps && a->no_time == b->no_time &&
	    a->largest_step == b->largest_step &&
	    time_same(a->earliest, b->earliest) &&
	    time_same(a->latest, b->latest) && time_same(a->first, b->first) &&
	    time_same(a->last, b->last) && a->first_timed == b->first_timed &&
	    a->longest == b->longest && a->shortest == b->shortest;
}

/* Marked as it should be? */
static bool
flags_right(const struct record *r)
{
	unsigned flags = 0;

	if (r->bytes.n < r->len)
		flags |= RECORD_CUT;
	if (r->bytes.n > r->len || r->bytes.n > SNAPLEN)
		flags |= RECORD_BAD_LENGTH;
	return r->flags == flags;
}

/* One in `odd` records goes back, has no time, was cut, is longer than can be;
 * 0: none. */
static void
test_same(uint32_t odd)
{
	static uint8_t bytes[2000];
	struct capture_quality a = { 0 }, b = { 0 };
	struct timestamp now = { 1000, 0, 6, true };
	struct record records[BATCH];
	uint32_t seed = odd + 1, wrong = 0;
	size_t n = 0, bad = 0, bad_by_hand = 0;

	for (uint64_t i = 1; i <= RECORDS; i++) {
		struct record *r = &records[n++];
		uint32_t captured = next(&seed) % SNAPLEN;

		now.nanoseconds += next(&seed) % 3 * 250000000;
		now.seconds += now.nanoseconds / 1000000000;
		now.nanoseconds %= 1000000000;
		now.digits = next(&seed) % 2 == 0 ? 6 : 9;
		*r = (struct record){ .number = i, .time = now,
			.len = captured, .bytes = span_of(bytes, captured) };
		if (odd != 0 && next(&seed) % odd == 0)
			r->time.seconds -= next(&seed) % 3;
		if (odd != 0 && next(&seed) % odd == 0)
			r->time.known = false;
		if (odd != 0 && next(&seed) % odd == 0)
			r->len += 1 + next(&seed) % 9;
		if (odd != 0 && next(&seed) % odd == 0)
			r->len -= next(&seed) % 2 * (r->len / 2);
		if (odd != 0 && next(&seed) % odd == 0)
			r->bytes.n = r->len = SNAPLEN + 1;
		add_by_hand(&a, r);
		if (n == BATCH || next(&seed) % 50 == 0) {
			bad += quality_add(&b, records, n, SNAPLEN);
			wrong += !same(&a, &b);
			for (; n > 0; n--) {
				r = &records[n - 1];
				wrong += !flags_right(r);
				bad_by_hand += (r->flags &
				    RECORD_BAD_LENGTH) != 0;
			}
		}
	}
	ok_int(wrong, 0);
	ok((b.out_of_order > 0) == (odd != 0));
	ok((b.cut > 0) == (odd != 0));
	ok_int(bad, bad_by_hand);
	ok((bad > 0) == (odd != 0));
}

int
main(void)
{
	test_same(0);
	test_same(200);
	test_same(20);
	test_same(2);
	return tap_done();
}
