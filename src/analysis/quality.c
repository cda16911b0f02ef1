#include "analysis/analyzer.h"

#include "net/walk.h"

#define TCP 6

/* Begins an entry; the caller adds what is particular and ends it. */
static void
entry(struct json *j, const char *what, uint64_t count)
{
	json_object(j, NULL);
	json_text(j, "what", what);
	json_uint(j, "count", count);
}

static void
entry_alone(struct json *j, const char *what, uint64_t count)
{
	if (count == 0)
		return;
	entry(j, what, count);
	json_end(j);
}

static void
quality_cut(const struct capture_quality *q, struct json *j)
{
	if (q->cut == 0)
		return;
	entry(j, "packets cut by the snapshot length: what stood behind it "
	    "is unknown, not absent", q->cut);
	json_uint(j, "snaplen_bytes", q->inferred_snaplen_min);
	if (q->inferred_snaplen_max != q->inferred_snaplen_min)
		json_uint(j, "largest_snaplen_bytes",
		    q->inferred_snaplen_max);
	json_end(j);
}

static void
quality_time(const struct capture_quality *q, struct json *j)
{
	if (q->out_of_order != 0) {
		entry(j, "records earlier than the one before them",
		    q->out_of_order);
		json_uint(j, "first_frame", q->first_out_of_order);
		json_seconds(j, "largest_step_back_seconds",
		    q->largest_step);
		json_end(j);
	}
	entry_alone(j, "clock steps backwards of more than a second",
	    q->clock_steps);
	entry_alone(j, "records without a time", q->no_time);
}

static void
quality_file(const struct scan *s, struct json *j)
{
	const struct capture_facts *f = capture_facts(s->capture);
	enum capture_error error = capture_status(s->capture);

	if (f->dropped != 0) {
		entry(j, "packets dropped by the capturing system, by its own "
		    "count", f->dropped);
		if (f->received != 0)
			json_uint(j, "received", f->received);
		json_end(j);
	}
	if (error != CAPTURE_OK) {
		entry(j, capture_error_text(error), 1);
		json_uint(j, "last_good_frame", f->records);
		json_uint(j, capture_is_gzip(s->capture) ?
		    "at_unpacked_byte" : "at_byte",
		    capture_offset(s->capture));
		json_end(j);
	}
	entry_alone(j, "records with a length that contradicts the file's own",
	    f->bad_records);
	entry_alone(j, "packets of an interface that the file never declared: "
	    "skipped", f->undeclared_interface);
	entry_alone(j, "blocks of an unknown type: skipped",
	    f->unknown_blocks);
}

static void
quality_packets(const struct scan *s, struct json *j)
{
	const char *name;

	if (s->undecoded != 0) {
		name = link_name((uint16_t)s->undecoded_link);
		entry(j, "packets of a link type that is not decoded",
		    s->undecoded);
		json_uint(j, "link_type", s->undecoded_link);
		if (name != NULL)
			json_text(j, "link_name", name);
		json_end(j);
	}
	entry_alone(j, "malformed packets", s->malformed);
	entry_alone(j, "duplicated frames: counts are too high by so many",
	    s->duplicates);
}

static void
quality_flows(const struct scan *s, struct json *j)
{
	size_t n = flow_count(s->flows, TCP);
	uint64_t one_way = 0;
	uint32_t i = 0, end;

	while (i < n) {
		const struct flow *f = flow_run(s->flows, TCP, i, &end);

		for (; i < end; i++, f = flow_next(f, 1))
			one_way += flow_is_one_way(f);
	}
	if (one_way != 0 && !s->late_flows) {
		entry(j, "TCP connections with packets of one direction only",
		    one_way);
		json_uint(j, "of", n);
		json_end(j);
	}
}

static struct scan_caps
caps_of(const struct scan *s)
{
	struct scan_caps caps = s->caps;
	const struct flow_counts *c;

	if (s->flows == NULL)
		return caps;
	c = flow_counts(s->flows);
	caps.flows += c->refused;
	caps.untracked += c->untracked;
	caps.unacked += c->unacked;
	return caps;
}

void
scan_join(struct scan *s, const struct scan *other)
{
	struct scan_caps caps = caps_of(other);

	s->no_memory |= other->no_memory;
	s->caps.flows += caps.flows;
	s->caps.untracked += caps.untracked;
	s->caps.unacked += caps.unacked;
}

static void
quality_caps(const struct scan *s, struct json *j)
{
	struct scan_caps caps = caps_of(s);

	entry_alone(j, "packets of flows beyond the limit of the table or of "
	    "--max-memory", caps.flows);
	entry_alone(j, "TCP packets without analysis: no memory left",
	    caps.untracked);
	entry_alone(j, "TCP segments beyond those remembered until they are "
	    "acknowledged", caps.unacked);
}

static void
quality_defrag(const struct scan *s, struct json *j)
{
	const struct defrag_counts *d = defrag_counts(s->defrag);

	entry_alone(j, "IP datagrams whose fragments are not all there",
	    d->open + d->expired);
	entry_alone(j, "IP datagrams given up for lack of room",
	    d->given_up);
	entry_alone(j, "IP fragments that overlap with other content",
	    d->conflicts);
	entry_alone(j, "IP datagrams beyond 65535 bytes", d->too_large);
}

static void
quality_streams(const struct scan *s, struct json *j)
{
	const struct stream_counts *c = dispatch_stream_counts(s->dispatch);

	if (c == NULL)
		return;
	if (c->gaps != 0) {
		entry(j, "gaps in TCP streams: bytes that the capture lacks",
		    c->gaps);
		json_uint(j, "missing_bytes", c->gap_bytes);
		json_end(j);
	}
	entry_alone(j, "TCP segments that overlap with other content",
	    c->conflicts);
	entry_alone(j, "TCP stream pieces given up for lack of room",
	    c->given_up);
}

/* Nothing else in the answer tells of them. */
static void
quality_unfinished(const struct scan *s, struct json *j)
{
	for (size_t i = 0; i < proto_count; i++) {
		const struct unfinished *u = dispatch_unfinished(s->dispatch,
		    i);

		if (u->count == 0)
			continue;
		entry(j, "messages over TCP that began and never became "
		    "whole: not decoded",
		    u->count);
		json_text(j, "protocol", protos[i]->name);
		json_uint(j, "first_frame", u->first_frame);
		json_end(j);
	}
}

void
scan_quality_report(const struct scan *s, struct json *j)
{
	json_array(j, "quality");
	quality_file(s, j);
	quality_cut(&s->quality, j);
	quality_time(&s->quality, j);
	quality_packets(s, j);
	if (s->flows != NULL)
		quality_flows(s, j);
	quality_caps(s, j);
	if (s->defrag != NULL)
		quality_defrag(s, j);
	if (s->dispatch != NULL) {
		quality_streams(s, j);
		quality_unfinished(s, j);
	}
	if (s->filter != NULL)
		entry_alone(j, "comparisons of the filter given up: a packet "
		    "had too many combinations of values",
		    filter_gave_up(s->filter));
	entry_alone(j, "packets found beyond --max-packets: what they answer "
	    "or repeat is not known", s->not_analyzed);
	entry_alone(j, "memory of the analysis ran out: the answer is about a "
	    "part", s->no_memory);
	json_end(j);
}
