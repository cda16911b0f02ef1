#include "analysis/follow.h"

#include "analysis/flow_ends.h"
#include "base/text.h"

#define TCP 6
#define UDP 17
#define UDPLITE 136
#define STARTS_MAX ((size_t)64 << 20)

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct follow *f = state;

	f->scan = scan;
	f->options = options;
	f->window_start = f->options->offset;
	f->found = f->options->search.n == 0;
	buf_init(&f->starts, STARTS_MAX);
	return true;
}

static __attribute__((cold)) void
release(void *state)
{
	struct follow *f = state;

	buf_free(&f->starts);
}

static uint64_t
window_limit(const struct follow *f)
{
	uint64_t end = f->window_start + f->options->length;

	return end < f->window_start ? UINT64_MAX : end;
}

/* Lines stay lines; everything else goes through the one escaping. */
static void
text_write(struct json *j, struct span bytes)
{
	struct buf text;

	buf_init(&text, 8 * FOLLOW_ROW_MAX);
	while (bytes.n > 0) {
		size_t n = span_find_byte(bytes, '\n');

		text_escape(&text, span_first(bytes, n), n);
		if (n < bytes.n)
			buf_byte(&text, '\n');
		bytes = span_after(bytes, n + 1);
	}
	json_span(j, "text", buf_bytes(&text));
	buf_free(&text);
}

static struct json *
row_begin(struct follow *f, uint64_t position)
{
	struct json *j = rows_next(f->options->rows);

	if (j == NULL)
		return NULL;
	buf_add(&f->starts, &position, sizeof(position));
	json_object(j, NULL);
	return j;
}

static void
piece_row(struct follow *f, uint64_t frame, unsigned direction,
    uint64_t position, struct span bytes)
{
	struct json *j = row_begin(f, position);

	if (j == NULL)
		return;
	json_uint(j, "frame", frame);
	json_text(j, "from", direction == 0 ? "client" : "server");
	json_uint(j, "offset", position);
	json_uint(j, "length", bytes.n);
	if (f->options->hex)
		json_hex(j, "hex", bytes);
	else
		text_write(j, bytes);
	json_end(j);
	rows_done(f->options->rows);
}

static void
gap_row(struct follow *f, unsigned direction, uint64_t position,
    uint64_t missing)
{
	struct json *j = row_begin(f, position);

	if (j == NULL)
		return;
	json_text(j, "from", direction == 0 ? "client" : "server");
	json_uint(j, "offset", position);
	json_textf(j, "gap", "[gap %llu bytes after frame %llu]",
	    (unsigned long long)missing,
	    (unsigned long long)f->last_frame[direction]);
	json_end(j);
	rows_done(f->options->rows);
}

/* The part of the piece inside the window, in rows of bounded size. */
static void
piece_tell(struct follow *f, uint64_t frame, unsigned direction,
    struct span bytes)
{
	uint64_t from = f->position, end = window_limit(f);

	if (from < f->window_start) {
		uint64_t skip = f->window_start - from;

		if (skip >= bytes.n)
			return;
		bytes = span_after(bytes, (size_t)skip);
		from += skip;
	}
	if (from >= end)
		return;
	if (bytes.n > end - from)
		bytes.n = (size_t)(end - from);
	while (bytes.n > 0) {
		struct span part = span_first(bytes, FOLLOW_ROW_MAX);

		piece_row(f, frame, direction, from, part);
		from += part.n;
		bytes = span_after(bytes, part.n);
	}
	f->window_end = from;
}

/* The end of what was delivered, for a match that crosses the border. */
static void
tail_keep(struct follow *f, unsigned direction, uint64_t frame,
    struct span bytes, uint64_t position)
{
	size_t keep = f->options->search.n - 1;
	uint8_t *tail = f->tail[direction];
	struct follow_at *at = f->tail_at[direction];
	size_t *n = &f->n_tail[direction];

	if (bytes.n > keep) {
		position += bytes.n - keep;
		bytes = span_after(bytes, bytes.n - keep);
	}
	if (*n + bytes.n > keep) {
		size_t drop = *n + bytes.n - keep;

		memmove(tail, tail + drop, *n - drop);
		memmove(at, at + drop, (*n - drop) * sizeof(*at));
		*n -= drop;
	}
	for (size_t i = 0; i < bytes.n; i++) {
		tail[*n] = bytes.p[i];
		at[*n] = (struct follow_at){ frame, position + i };
		++*n;
	}
}

/* What a match has of earlier pieces, a row for each frame. */
static void
tail_tell(struct follow *f, unsigned direction, size_t from)
{
	const struct follow_at *at = f->tail_at[direction];
	size_t n = f->n_tail[direction], next;

	f->found_frame = at[from].frame;
	f->found_at = at[from].position;
	f->window_start = f->found_at;
	f->window_end = f->found_at;
	for (; from < n && at[from].position < window_limit(f);
	    from = next) {
		for (next = from + 1; next < n && at[next].frame ==
		    at[from].frame && at[next].position <
		    window_limit(f); next++)
			;
		piece_row(f, at[from].frame, direction, at[from].position,
		    span_of(f->tail[direction] + from, next - from));
		f->window_end = at[next - 1].position + 1;
	}
}

/* The first match that begins in the tail or in `bytes`: how far before
 * (negative) or after the piece's start.  False: none. */
static bool
search_in(const struct follow *f, unsigned direction, struct span bytes,
    int64_t *at)
{
	struct span needle = f->options->search;
	uint8_t joint[2 * FOLLOW_SEARCH_MAX];
	size_t n = f->n_tail[direction];
	struct span head = span_first(bytes, needle.n - 1);
	size_t found;

	memcpy(joint, f->tail[direction], n);
	memcpy(joint + n, head.p, head.n);
	found = span_find(span_of(joint, n + head.n), needle);
	if (found < n) {
		*at = (int64_t)found - (int64_t)n;
		return true;
	}
	found = span_find(bytes, needle);
	if (found == bytes.n)
		return false;
	*at = (int64_t)found;
	return true;
}

static void
search_piece(struct follow *f, uint64_t frame, unsigned direction,
    struct span bytes)
{
	uint64_t position = f->position;
	int64_t at;

	if (position + bytes.n <= f->options->offset)
		return;
	if (position < f->options->offset) {
		uint64_t skip = f->options->offset - position;

		bytes = span_after(bytes, (size_t)skip);
		position += skip;
	}
	if (search_in(f, direction, bytes, &at)) {
		f->found = true;
		if (at < 0) {
			tail_tell(f, direction, f->n_tail[direction] -
			    (size_t)-at);
			return;
		}
		f->found_frame = frame;
		f->found_at = position + (uint64_t)at;
		f->window_start = f->found_at;
		f->window_end = f->found_at;
		return;
	}
	tail_keep(f, direction, frame, bytes, position);
}

static bool
is_told(const struct follow *f, unsigned direction)
{
	return f->options->direction == FOLLOW_BOTH ||
	    (f->options->direction == FOLLOW_CLIENT) == (direction == 0);
}

static void
piece_add(struct follow *f, uint64_t frame, unsigned direction,
    struct span bytes)
{
	f->bytes[direction] += bytes.n;
	f->last_frame[direction] = frame;
	if (!is_told(f, direction) || bytes.n == 0)
		return;
	f->pieces++;
	if (!f->found)
		search_piece(f, frame, direction, bytes);
	if (f->found)
		piece_tell(f, frame, direction, bytes);
	f->position += bytes.n;
}

static bool
follows(const void *state, const struct flow *flow)
{
	const struct follow *f = state;

	return f->options->protocol == TCP &&
	    flow_stream(flow) == f->options->stream;
}

static void
stream_add(void *state, const struct packet *p, struct flow *flow,
    unsigned direction, uint64_t offset, struct span bytes, uint64_t from)
{
	struct follow *f = state;

	(void)p;
	(void)offset;
	if (!follows(f, flow))
		return;
	piece_add(f, from, direction, bytes);
}

static void
gap_add(void *state, const struct packet *p, struct flow *flow,
    unsigned direction, uint64_t offset, uint64_t missing)
{
	struct follow *f = state;

	(void)p;
	(void)offset;
	if (!follows(f, flow))
		return;
	f->gaps++;
	f->gap_bytes += missing;
	if (!is_told(f, direction))
		return;
	f->n_tail[direction] = 0;
	if (f->found && f->position + missing > f->window_start &&
	    f->position < window_limit(f)) {
		gap_row(f, direction, f->position, missing);
		f->window_end = f->position + missing;
	}
	f->position += missing;
}

static void
transport_add(struct follow *f, const struct packet *p,
    const struct transport *t)
{
	bool datagrams = f->options->protocol == UDP;

	if (t->in_error || t->flow == NULL ||
	    t->stream != f->options->stream)
		return;
	if (datagrams ? t->protocol != UDP && t->protocol != UDPLITE :
	    t->protocol != f->options->protocol)
		return;
	f->flow = t->flow;
	if (t->payload.n < t->payload_claimed)
		f->cut = true;
	if (datagrams)
		piece_add(f, p->record->number, t->direction, t->payload);
}

/* A tunnel's own datagrams are a stream, too. */
static void
packet_add(void *state, const struct packet *p)
{
	for (size_t i = 0; i < p->n_transports; i++)
		transport_add(state, p, &p->transports[i]);
}

const struct analyzer analyzer_follow = {
	.name = "follow",
	.wants = WANT_WALK | WANT_FLOWS | WANT_STREAMS | WANT_DEFRAG,
	.size = sizeof(struct follow),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.follows = follows,
	.stream = stream_add,
	.gap = gap_add,
};

/* ---- The report ------------------------------------------------------- */

/* Payload that came once and was never delivered: segments so far outside the
 * window that reassembly passed them over.  Of packets that were cut nobody can
 * tell. */
static bool
passed_over(const struct follow *f, const struct flow_detail *d)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct flow_classes *t = &d->classes[i];

		if (f->flow->protocol == TCP && !f->cut &&
		    t->retransmissions + t->keep_alives +
		    t->zero_window_probes + t->out_of_order == 0 &&
		    flow_bytes(f->flow, i) > f->bytes[i])
			return true;
	}
	return false;
}

/* Of either side, or the answer to one. */
static bool
has_syn(const struct flow_detail *d)
{
	return (d->flags[0].syn | d->flags[1].syn | d->flags[0].syn_ack |
	    d->flags[1].syn_ack) != 0;
}

static void
reasons_report(const struct follow *f, const struct flow_detail *d,
    struct json *j)
{
	const struct flow *flow = f->flow;
	bool tcp = flow->protocol == TCP;

	json_array(j, "incomplete_because");
	if (tcp && !has_syn(d))
		json_text(j, NULL, "the capture begins after the SYN");
	if (tcp && d->flags[0].fin + d->flags[0].rst + d->flags[1].fin +
	    d->flags[1].rst == 0)
		json_text(j, NULL, "the capture ends before FIN or RST");
	if (f->gaps > 0)
		json_textf(j, NULL, "%llu gaps, %llu bytes in all",
		    (unsigned long long)f->gaps,
		    (unsigned long long)f->gap_bytes);
	if (passed_over(f, d))
		json_text(j, NULL, "segments far outside the window were "
		    "passed over");
	if (f->cut)
		json_text(j, NULL, "packets were cut by the snapshot length");
	if (tcp && (flow_packets(flow, 0) == 0 ||
	    flow_packets(flow, 1) == 0))
		json_text(j, NULL, "only one direction was captured");
	json_end(j);
}

static bool
is_complete(const struct follow *f, const struct flow_detail *d)
{
	const struct flow *flow = f->flow;

	if (f->gaps > 0 || f->cut || passed_over(f, d))
		return false;
	if (flow->protocol != TCP)
		return true;
	return has_syn(d) && d->flags[0].fin + d->flags[0].rst + d->flags[1].fin +
	    d->flags[1].rst > 0 && flow_packets(flow, 0) > 0 &&
	    flow_packets(flow, 1) > 0;
}

static void
ends_report(const struct follow *f, struct json *j)
{
	const struct flow *flow = f->flow;
	struct flow_detail d;

	flow_detail(flow, &d);
	json_text(j, "protocol", flow->protocol == TCP ? "tcp" : "udp");
	json_uint(j, "stream", flow_stream(flow));
	flow_ends_report(flow, j);
	json_uint(j, "client_bytes", f->bytes[0]);
	json_uint(j, "server_bytes", f->bytes[1]);
	json_uint(j, "first_frame", flow_first_frame(flow));
	json_uint(j, "last_frame", flow_last_frame(flow));
	json_bool(j, "complete", is_complete(f, &d));
	if (!is_complete(f, &d))
		reasons_report(f, &d, j);
}

/* Where to go on: behind the last row that stayed in the answer. */
static uint64_t
next_position(const struct follow *f)
{
	const struct rows *rows = f->options->rows;
	uint64_t next;

	if (rows->returned * sizeof(next) + sizeof(next) > f->starts.n)
		return f->window_end;
	memcpy(&next, f->starts.p + rows->returned * sizeof(next),
	    sizeof(next));
	return next;
}

void
follow_report(struct follow *f, struct json *j)
{
	struct rows *rows = f->options->rows;
	uint64_t next;

	ends_report(f, j);
	json_text(j, "view", f->options->hex ? "hex" : "text");
	if (f->options->search.n > 0) {
		json_bool(j, "found", f->found);
		if (f->found) {
			json_uint(j, "found_at", f->found_at);
			json_uint(j, "found_frame", f->found_frame);
		}
	}
	json_uint(j, "total_length", f->position);
	rows_report(rows, j, "pieces");
	json_uint(j, "returned", rows->returned);
	next = next_position(f);
	if (f->window_start >= f->position)
		next = f->position;
	json_bool(j, "truncated", f->found && next < f->position);
	if (f->found && next < f->position)
		json_uint(j, "next_offset", next);
	if (f->position == 0)
		json_text(j, "message", "The stream has no payload bytes in "
		    "this direction");
	else if (!f->found)
		json_text(j, "message", "The text was not found in the "
		    "stream at or after the offset");
	else if (f->window_start >= f->position)
		json_textf(j, "message", "The offset is behind the last of "
		    "%llu bytes", (unsigned long long)f->position);
}

/* ---- From a frame to its stream --------------------------------------- */

static bool
frame_begin(void *state, struct scan *scan, const void *options)
{
	struct frame_stream *s = state;
	const uint64_t *frame = options;

	s->frame = *frame;
	scan->stop_after = *frame;
	return true;
}

static void
frame_packet(void *state, const struct packet *p)
{
	struct frame_stream *s = state;
	const struct transport *t = packet_transport(p);

	if (p->record->number != s->frame)
		return;
	s->met = true;
	if (t == NULL || t->stream == STREAM_NONE)
		return;
	s->protocol = t->protocol == UDPLITE ? UDP : t->protocol;
	s->stream = t->stream;
}

const struct analyzer analyzer_frame_stream = {
	.name = "frame_stream",
	.wants = WANT_WALK | WANT_FLOWS | WANT_DEFRAG,
	.size = sizeof(struct frame_stream),
	.begin = frame_begin,
	.packet = frame_packet,
};
