#include "proto/dispatch.h"

#include <stdlib.h>

/*
 * Messages cut out of TCP, as Wireshark 4.0 does it by default: segment by
 * segment in the order of the capture, on the frame that completes a message.
 * A segment that continues an unfinished message is added to it; any other is
 * expected to begin with a message, which protocol->frame judges by content,
 * so that a gap costs the messages that it hit and no more.  Segments that only
 * repeat and finish no message are passed over, of whatever class.  Unlike
 * Wireshark we decode segments out of order, keep those behind a hole for what
 * a late one may finish, and take a retransmission for what it brings.
 */
#define RUNS_MAX 16
#define LOOSE_MAX 16384 /* bytes of segments behind a hole put together */
#define UNFINISHED SIZE_MAX
#define HOLE_BEFORE (1 << 20) /* bytes before the first ones seen */
#define REPEATED (TCP_A_RETRANSMISSION | TCP_A_FAST_RETRANSMISSION | \
	TCP_A_SPURIOUS_RETRANSMISSION | TCP_A_KEEP_ALIVE)
#define TRIES_FREE 256 /* then only after the bytes grew by an eighth */

struct segment {
	struct dispatch *d;
	struct packet *p;
	const struct transport *t;
	struct tcp_app *app;
	struct tcp_app_side *side;
	uint32_t seq;
	bool old;      /* no byte of it is beyond what was seen */
	bool again;    /* and all were seen, or so TCP analysis says */
	bool stray;    /* bytes before it may still come */
	bool after_hole; /* and some of these never came */
};

static int32_t
seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static uint32_t
run_end(const struct run *r)
{
	return r->seq + (uint32_t)r->bytes.n;
}

static __attribute__((noinline)) void
run_free(struct dispatch *d, struct tcp_app_side *side, struct run *r)
{
	struct run **at = &side->runs;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	d->waiting -= r->bytes.n;
	buf_free(&r->bytes);
	free(r);
}

/* The oldest goes when there are too many. */
static void
runs_limit(struct dispatch *d, struct tcp_app_side *side)
{
	struct run *last = side->runs;
	size_t n = 0;

	for (struct run *r = side->runs; r != NULL; r = r->next, n++)
		last = r;
	if (n < RUNS_MAX)
		return;
	d->counts.given_up++;
	run_free(d, side, last);
}

static bool
run_add(struct dispatch *d, struct run *r, struct span bytes)
{
	if (bytes.n > d->limits.max_bytes - d->waiting)
		return false;
	buf_span(&r->bytes, bytes);
	if (r->bytes.full)
		return false;
	d->waiting += bytes.n;
	return true;
}

static struct run *
run_new(struct segment *s, uint32_t seq, struct span bytes, bool is_start)
{
	struct run *r;

	runs_limit(s->d, s->side);
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return NULL;
	r->seq = seq;
	r->is_start = is_start;
	r->after_hole = s->after_hole;
	r->first_frame = (uint32_t)s->p->record->number;
	buf_init(&r->bytes, s->d->limits.max_message);
	r->next = s->side->runs;
	s->side->runs = r;
	if (run_add(s->d, r, bytes))
		return r;
	s->d->counts.given_up++;
	run_free(s->d, s->side, r);
	return NULL;
}

static struct run *
loose_at(const struct tcp_app_side *side, uint32_t seq)
{
	for (struct run *r = side->runs; r != NULL; r = r->next)
		if (r->seq == seq && !r->is_start)
			return r;
	return NULL;
}

static struct run *
loose_before(const struct tcp_app_side *side, uint32_t seq)
{
	for (struct run *r = side->runs; r != NULL; r = r->next)
		if (run_end(r) == seq && !r->is_start)
			return r;
	return NULL;
}

/* A whole message stands at the start of `bytes`. */
static bool
is_message(const struct segment *s, struct span bytes)
{
	size_t n = s->app->proto->frame(bytes, false);

	return n != FRAME_MORE && n != FRAME_NOT && n <= bytes.n;
}

/*
 * Decodes the messages at the start of `bytes` and returns how many bytes
 * they took; *verdict is what frame() said of the rest.  With `cut` the
 * snapshot length has taken the end of what `claimed` promises, and the last
 * message is decoded as far as it goes.
 */
static size_t
messages_cut(struct segment *s, struct span bytes, bool cut, size_t claimed,
    size_t *verdict)
{
	size_t taken = 0, n;
	struct found found = {
		.proto = s->app->proto,
		.over_stream = true,
		.odd_port = s->app->odd_port,
		.first_frame = (uint32_t)s->p->record->number,
	};

	*verdict = FRAME_MORE;
	while (taken < bytes.n) {
		found.bytes = span_after(bytes, taken);
		n = s->app->proto->frame(found.bytes, false);
		if (n != FRAME_NOT && n > found.bytes.n)
			n = FRAME_MORE;
		*verdict = n;
		if (n == FRAME_NOT || (n == FRAME_MORE && !cut))
			break;
		found.claimed = n == FRAME_MORE ? claimed - taken : n;
		if (n != FRAME_MORE)
			found.bytes = span_first(found.bytes, n);
		(void)dispatch_decode(s->d, s->p, s->t, &found);
		taken += found.bytes.n;
	}
	return taken;
}

/* A message made of several segments. */
static void
run_decode(struct segment *s, struct run *r, size_t n)
{
	struct field_list *l = s->p->fields;
	struct found found = {
		.proto = s->app->proto,
		.bytes = arena_copy(s->p->arena,
		    span_first(buf_bytes(&r->bytes), n)),
		.claimed = n,
		.over_stream = true,
		.odd_port = s->app->odd_port,
		.first_frame = r->first_frame,
	};
	uint8_t before;

	if (found.bytes.n != n)
		return;
	before = field_source_set(l,
	    field_source_add(l, "Reassembled TCP", found.bytes));
	(void)dispatch_decode(s->d, s->p, s->t, &found);
	(void)field_source_set(l, before);
}

/* frame() reads from the beginning each time: not after every byte. */
static size_t
run_frame(struct segment *s, struct run *r)
{
	size_t n;

	if (r->bytes.n < r->try_at)
		return FRAME_MORE;
	n = s->app->proto->frame(buf_bytes(&r->bytes), false);
	if (n == FRAME_MORE && ++r->tries > TRIES_FREE)
		r->try_at = r->bytes.n + r->bytes.n / 8;
	return n;
}

/*
 * Adds bytes behind an unfinished message.  Returns how many of them its end
 * took, or UNFINISHED.
 */
static size_t
run_grow(struct segment *s, struct run *r, struct span bytes)
{
	size_t before = r->bytes.n, taken = 0, n;

	if (!run_add(s->d, r, bytes)) {
		s->d->counts.given_up++;
		run_free(s->d, s->side, r);
		return bytes.n;
	}
	n = run_frame(s, r);
	if (n == FRAME_MORE || (n != FRAME_NOT && n > r->bytes.n))
		return UNFINISHED;
	if (n != FRAME_NOT) {
		run_decode(s, r, n);
		taken = n > before ? n - before : 0;
	}
	run_free(s->d, s->side, r);
	return taken;
}

/* The bytes of a segment behind a hole that begins at `seq`; it is no longer
 * kept then.  `within` a message what looked like the start of one is none. */
static struct span
loose_take(struct segment *s, uint32_t seq, bool within)
{
	struct run *r = s->side->runs;
	struct span bytes = span_empty();

	while (r != NULL && (r->seq != seq || (r->is_start && !within)))
		r = r->next;
	if (r == NULL)
		return bytes;
	bytes = arena_copy(s->p->arena, buf_bytes(&r->bytes));
	run_free(s->d, s->side, r);
	return bytes;
}

/* A segment that begins no message, together with its neighbour. */
static void
loose_keep(struct segment *s, uint32_t seq, struct span bytes)
{
	struct run *r = loose_before(s->side, seq), *after;

	if (r != NULL && r->bytes.n + bytes.n <= LOOSE_MAX) {
		(void)run_add(s->d, r, bytes);
		return;
	}
	r = run_new(s, seq, bytes, false);
	if (r == NULL)
		return;
	/* Asked only now: run_new() may have dropped it for room. */
	after = loose_at(s->side, run_end(r));
	if (after == NULL || r->bytes.n + after->bytes.n > LOOSE_MAX ||
	    !run_add(s->d, r, buf_bytes(&after->bytes)))
		return;
	run_free(s->d, s->side, after);
}

/* What begins at `seq` and is not a whole message. */
static struct run *
rest_keep(struct segment *s, uint32_t seq, struct span rest, size_t verdict)
{
	if (s->t->flow == NULL)
		return NULL;
	if (verdict == FRAME_MORE && (!s->old ||
	    loose_at(s->side, seq + (uint32_t)rest.n) != NULL))
		return run_new(s, seq, rest, true);
	if (seq == s->seq && (s->stray || loose_before(s->side, seq) != NULL))
		loose_keep(s, seq, rest);
	return NULL;
}

/*
 * Takes `bytes`, which begin at `seq` and, with `r`, continue its message.
 * Each round ends or takes up a segment that was behind a hole.
 */
static void
segment_take(struct segment *s, struct run *r, uint32_t seq,
    struct span bytes, size_t claimed)
{
	size_t n, verdict;
	bool cut = claimed != bytes.n;

	while (bytes.n > 0) {
		/* What loose_take() frees begins where `r` ends. */
		if (r != NULL) { /* NOLINTBEGIN(clang-analyzer-unix.Malloc) */
			n = run_grow(s, r, bytes);
			if (n == UNFINISHED) {
				seq = run_end(r);
				bytes = loose_take(s, seq, true);
				continue;
			} /* NOLINTEND(clang-analyzer-unix.Malloc) */
			bytes = span_after(bytes, n);
			seq += (uint32_t)n;
			r = NULL;
		}
		n = messages_cut(s, bytes, cut, claimed, &verdict);
		seq += (uint32_t)n;
		bytes = span_after(bytes, n);
		if (bytes.n > 0)
			r = rest_keep(s, seq, bytes, verdict);
		if (bytes.n > 0 && r == NULL)
			return;
		seq += (uint32_t)bytes.n;
		bytes = loose_take(s, seq, r != NULL);
		cut = false;
	}
}

/* The message that the segment continues. */
static struct run *
run_continued(const struct tcp_app_side *side, uint32_t seq, uint32_t end)
{
	for (struct run *r = side->runs; r != NULL; r = r->next)
		if (r->is_start && seq_diff(run_end(r), seq) >= 0 &&
		    seq_diff(run_end(r), end) < 0)
			return r;
	return NULL;
}

/* True when all of it waits already. */
static bool
is_waiting(const struct tcp_app_side *side, uint32_t seq, uint32_t end)
{
	for (const struct run *r = side->runs; r != NULL; r = r->next)
		if (seq_diff(seq, r->seq) >= 0 &&
		    seq_diff(end, run_end(r)) <= 0)
			return true;
	return false;
}

static void
hole_forget(struct tcp_app_side *side, uint32_t to)
{
	if (seq_diff(to, side->sure) > 0)
		side->sure = to;
}

static void
hole_add(struct tcp_app_side *side, uint32_t from, uint32_t to)
{
	if (side->n_holes == LENGTH(side->holes)) {
		hole_forget(side, side->holes[0].to);
		side->n_holes--;
		memmove(side->holes, side->holes + 1,
		    side->n_holes * sizeof(side->holes[0]));
	}
	side->holes[side->n_holes++] = (struct seq_hole){ from, to };
}

static void
gap_less(struct stream_counts *counts, uint32_t bytes, bool whole)
{
	counts->gap_bytes -= counts->gap_bytes < bytes ? counts->gap_bytes :
	    bytes;
	counts->gaps -= whole && counts->gaps > 0;
}

/* Does an old segment bring bytes that were missing?  A retransmission may:
 * of what the capture, or the net, had lost.  What is filled was no hole. */
static bool
hole_fill(struct tcp_app_side *side, uint32_t seq, uint32_t end,
    struct stream_counts *counts)
{
	bool fills = false;
	unsigned i = 0;

	while (i < side->n_holes) {
		struct seq_hole *h = &side->holes[i];
		uint32_t from = h->from, to = h->to;

		if (seq_diff(end, from) <= 0 || seq_diff(seq, to) >= 0) {
			i++;
			continue;
		}
		fills = true;
		if (seq_diff(seq, from) > 0) {
			/* What is behind it counts as there. */
			if (seq_diff(end, to) < 0)
				hole_forget(side, to);
			from = seq;
			h->to = seq;
			i++;
		} else if (seq_diff(end, to) < 0) {
			h->from = end;
			i++;
		} else {
			*h = side->holes[--side->n_holes];
			gap_less(counts, to - from, true);
			continue;
		}
		gap_less(counts, (seq_diff(end, to) < 0 ? end : to) - from,
		    false);
	}
	return fills;
}

/* Where the segment stands among those that were seen. */
static void
segment_place(struct segment *s, uint32_t end)
{
	struct tcp_app_side *side = s->side;
	struct stream_counts *counts = &s->d->counts;
	int32_t beyond;
	bool fills;

	if (!side->known)
		side->sure = s->seq;
	/* The handshake says where data begin. */
	if (!side->known && s->t->has_bases) {
		side->end = s->t->seq_base + 1;
		beyond = seq_diff(s->seq, side->end);
		side->known = beyond > 0 && beyond <= HOLE_BEFORE;
	}
	beyond = side->known ? seq_diff(s->seq, side->end) : 0;
	fills = beyond < 0 && hole_fill(side, s->seq, end, counts);
	s->old = side->known && seq_diff(end, side->end) <= 0 && !fills;
	s->again = s->old && ((s->t->analysis & REPEATED) != 0 ||
	    seq_diff(s->seq, side->sure) >= 0);
	s->stray = !side->known || beyond > 0 || fills ||
	    (s->old && !s->again);
	if (beyond > 0) {
		hole_add(side, side->end, s->seq);
		counts->gaps++;
		counts->gap_bytes += (uint64_t)beyond;
	}
	s->after_hole = side->n_holes > 0 || (s->stray &&
	    (side->known || !s->t->has_bases));
	if (!side->known || seq_diff(end, side->end) > 0)
		side->end = end;
	side->known = true;
}

static void
segment_dispatch(struct segment *s, struct span bytes, size_t claimed)
{
	uint32_t end = s->seq + (uint32_t)claimed, seq = s->seq;
	uint32_t seen = s->side->known ? s->side->end : seq;
	struct run *r;
	size_t skip;

	segment_place(s, end);
	if (is_waiting(s->side, s->seq, end))
		return;
	r = run_continued(s->side, s->seq, end);
	if (r == NULL && s->again)
		return;
	if (r != NULL) {
		skip = run_end(r) - seq;
		seq += (uint32_t)skip;
		bytes = span_after(bytes, skip);
		claimed = claimed > skip ? claimed - skip : 0;
	} else if (!s->old && !s->stray && seen != seq &&
	    !is_message(s, bytes)) {
		/* Begins with bytes that were seen. */
		skip = seen - seq;
		if (skip < bytes.n) {
			seq = seen;
			bytes = span_after(bytes, skip);
			claimed -= skip;
		}
	}
	segment_take(s, r, seq, bytes, claimed);
}

/* No more bytes will come: a message without a length ends here. */
static void
segment_end(struct segment *s, uint32_t end)
{
	struct run *r = s->side->runs;
	size_t n;

	while (r != NULL && !(r->is_start && run_end(r) == end))
		r = r->next;
	if (r == NULL)
		return;
	n = s->app->proto->frame(buf_bytes(&r->bytes), true);
	if (n != FRAME_MORE && n != FRAME_NOT && n <= r->bytes.n)
		run_decode(s, r, n);
	else
		dispatch_unfinished_add(s->d, s->app->proto, r);
	run_free(s->d, s->side, r);
}

static bool
may_be(const struct proto *proto, struct span bytes)
{
	return proto != NULL && proto->frame != NULL &&
	    proto->frame(bytes, false) != FRAME_NOT;
}

/* The first of announcement, ports and content whose messages can begin as
 * these bytes do; else whom the ports say. */
static const struct proto *
verdict(const struct dispatch *d, const struct transport *t, bool *odd_port)
{
	const struct proto *proto = dispatch_announced(d, t), *by_port[2];

	*odd_port = false;
	if (may_be(proto, t->payload))
		return proto;
	dispatch_ports(d, t, by_port);
	for (size_t i = 0; i < LENGTH(by_port); i++)
		if (may_be(by_port[i], t->payload))
			return by_port[i];
	proto = dispatch_by_content(d, t);
	if (may_be(proto, t->payload)) {
		*odd_port = true;
		return proto;
	}
	for (size_t i = 0; i < LENGTH(by_port); i++)
		if (by_port[i] != NULL && by_port[i]->frame != NULL)
			return by_port[i];
	return NULL;
}

static struct tcp_app *
app_make(struct dispatch *d, const struct transport *t,
    const struct proto *proto, bool odd_port, struct tcp_app *alone)
{
	struct tcp_app *app = NULL;

	if (t->flow != NULL)
		app = arena_new(&d->arena, struct tcp_app);
	if (app == NULL || !flow_app_set(t->flow, app)) {
		app = alone; /* for this segment only */
	} else {
		app->next = d->apps;
		d->apps = app;
	}
	app->proto = proto;
	app->odd_port = odd_port;
	return app;
}

static void
app_segment(struct dispatch *d, struct packet *p, const struct transport *t,
    struct tcp_app *app)
{
	struct segment s = { .d = d, .p = p, .t = t, .app = app };

	s.side = &app->side[t->direction & 1];
	s.seq = p->tcp.seq + ((p->tcp.flags & TCP_SYN) != 0);
	if (t->payload.n > 0)
		segment_dispatch(&s, t->payload, t->payload_claimed);
	if ((p->tcp.flags & TCP_FIN) != 0)
		segment_end(&s, s.seq + (uint32_t)t->payload_claimed);
}

/* The first segment that a protocol takes for its own. */
static void __attribute__((noinline))
app_first(struct dispatch *d, struct packet *p, const struct transport *t,
    const struct proto *proto, bool odd_port)
{
	struct tcp_app alone = { .proto = NULL };
	struct tcp_app *app = app_make(d, t, proto, odd_port, &alone);

	app_segment(d, p, t, app);
	for (size_t i = 0; i < LENGTH(alone.side); i++)
		while (alone.side[i].runs != NULL)
			run_free(d, &alone.side[i], alone.side[i].runs);
}

void
dispatch_segment(struct dispatch *d, struct packet *p,
    const struct transport *t)
{
	struct tcp_app *app = t->flow != NULL ? flow_app(t->flow) : NULL;
	const struct proto *proto;
	bool odd_port;

	/* The data of a reset is a text for humans (RFC 9293, 3.10.7). */
	if (t->in_error || t->cut || (p->tcp.flags & TCP_RST) != 0)
		return;
	if (app != NULL) {
		app_segment(d, p, t, app);
		return;
	}
	if (t->payload.n == 0)
		return;
	proto = verdict(d, t, &odd_port);
	if (proto != NULL)
		app_first(d, p, t, proto, odd_port);
}
