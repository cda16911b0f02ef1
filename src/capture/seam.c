#include "capture/seam.h"

#include "capture/reader.h"

#define LOOK ((size_t)512 << 10) /* bytes in which a seam is looked for */
#define CHAIN 8 /* headers in a row that prove it, or what the bytes hold */
#define CHAIN_LEAST 3
#define YEAR 31557600
#define SECOND 1000000000

bool
capture_splits(const struct capture *c)
{
	return c->magic->read == pcap_read && c->in.gzip == NULL &&
	    c->in.anywhere && c->in.start == 0;
}

/* Lengths and time of a record header can be; `near` is a time of the file. */
static bool
is_header(const struct capture *c, struct span s, uint32_t near)
{
	const struct pcap *f = &c->format.pcap;
	uint32_t seconds = field_u32(s, 0, c->big);
	uint32_t captured = field_u32(s, 8, c->big);
	uint32_t length = field_u32(s, 12, c->big);
	uint32_t apart = seconds > near ? seconds - near : near - seconds;

	return s.n >= f->header && apart < YEAR &&
	    field_u32(s, 4, c->big) < f->second && captured > 0 &&
	    captured <= length && captured <= f->max &&
	    length <= READER_PACKET_MAX;
}

static bool
is_chain(const struct capture *c, struct span s, uint32_t near)
{
	const struct pcap *f = &c->format.pcap;
	unsigned n = 0;

	while (n < CHAIN && s.n >= f->header) {
		if (!is_header(c, s, near))
			return false;
		n++;
		s = span_after(s,
		    (size_t)f->header + field_u32(s, 8, c->big));
	}
	return n >= CHAIN_LEAST;
}

uint64_t
capture_seam(struct capture *c, unsigned hundredths)
{
	uint64_t from = c->in.file_size / 100 * hundredths;
	struct span s = input_bytes(&c->in);
	uint32_t near = field_u32(s, 0, c->big);

	if (!capture_splits(c) || from < s.n)
		return 0;
	input_jump(&c->in, from);
	(void)input_need(&c->in, LOOK);
	s = input_bytes(&c->in);
	for (size_t i = 0; i < s.n / 2; i++) {
		if (!is_chain(c, span_after(s, i), near))
			continue;
		input_take(&c->in, i);
		return input_offset(&c->in);
	}
	return 0;
}

void
capture_stop_at(struct capture *c, uint64_t offset)
{
	c->stop_at = offset;
}

bool
capture_stopped(const struct capture *c)
{
	return c->stop_at != 0 && input_offset(&c->in) == c->stop_at;
}

bool
capture_rest(const struct capture *c, struct capture_rest *rest)
{
	const struct capture_interface *f = &c->interfaces[0]->shown;

	*rest = (struct capture_rest){
		.end = c->in.taken,
		.records = c->facts.records,
		.bad_records = c->facts.bad_records,
		.packets = f->packets,
		.bytes = f->bytes,
		.first = f->first,
		.last = f->last,
	};
	return c->ended && c->status == CAPTURE_OK;
}

void
capture_append(struct capture *c, const struct capture_rest *rest)
{
	struct capture_interface *f = &c->interfaces[0]->shown;

	input_jump(&c->in, rest->end);
	c->ended = true;
	c->frames += rest->records;
	c->facts.records += rest->records;
	c->facts.bad_records += rest->bad_records;
	c->facts.file_bytes = c->facts.unpacked_bytes = rest->end;
	if (f->packets == 0)
		f->first = rest->first;
	f->packets += rest->packets;
	f->bytes += rest->bytes;
	if (rest->packets > 0)
		f->last = rest->last;
}

static void
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
static void
append_step(struct capture_quality *q, const struct capture_quality *after)
{
	int64_t step = time_diff(q->previous, after->first);

	if (step <= 0)
		return;
	if (q->out_of_order++ == 0)
		q->first_out_of_order = q->packets + after->first_timed;
	if (step > SECOND)
		q->clock_steps++;
	if (step > q->largest_step)
		q->largest_step = step;
}

static void
append_times(struct capture_quality *q, const struct capture_quality *after)
{
	uint64_t behind = q->packets;

	if (!after->first.known)
		return;
	if (!q->first.known) {
		q->first = q->earliest = q->latest = after->first;
	} else {
		append_step(q, after);
	}
	if (time_diff(q->earliest, after->earliest) > 0)
		q->earliest = after->earliest;
	if (time_diff(after->latest, q->latest) > 0)
		q->latest = after->latest;
	if (q->out_of_order == 0 && after->out_of_order > 0)
		q->first_out_of_order = behind + after->first_out_of_order;
	q->out_of_order += after->out_of_order;
	q->clock_steps += after->clock_steps;
	if (after->largest_step > q->largest_step)
		q->largest_step = after->largest_step;
	q->last = q->previous = after->last;
}

void
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
