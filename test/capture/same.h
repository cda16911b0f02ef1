#ifndef TEST_CAPTURE_SAME_H
#define TEST_CAPTURE_SAME_H

#include "capture/capture.h"

/* What two have found out of the same file. */
static inline bool
same_time(struct timestamp a, struct timestamp b)
{
	return a.known == b.known && time_diff(a, b) == 0;
}

static inline bool
same_quality(const struct capture_quality *a, const struct capture_quality *b)
{
	return a->packets == b->packets && a->bytes == b->bytes &&
	    a->captured_bytes == b->captured_bytes && a->cut == b->cut &&
	    a->shortest == b->shortest && a->longest == b->longest &&
	    a->inferred_snaplen_min == b->inferred_snaplen_min &&
	    a->inferred_snaplen_max == b->inferred_snaplen_max &&
	    a->no_time == b->no_time && a->out_of_order == b->out_of_order &&
	    a->first_out_of_order == b->first_out_of_order &&
	    a->clock_steps == b->clock_steps &&
	    a->largest_step == b->largest_step &&
	    same_time(a->first, b->first) && same_time(a->last, b->last) &&
	    same_time(a->earliest, b->earliest) &&
	    same_time(a->latest, b->latest);
}

static inline bool
same_facts(const struct capture *a, const struct capture *b)
{
	const struct capture_facts *x = capture_facts(a);
	const struct capture_facts *y = capture_facts(b);
	const struct capture_interface *i = capture_interface(a, 0);
	const struct capture_interface *k = capture_interface(b, 0);

	return x->records == y->records && x->bad_records == y->bad_records &&
	    x->file_bytes == y->file_bytes && i->packets == k->packets &&
	    i->bytes == k->bytes && same_time(i->first, k->first) &&
	    same_time(i->last, k->last);
}

#endif
