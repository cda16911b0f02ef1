#include "net/flow.h"

#include <stdlib.h>

#include "net/stream_side.h"
#include "net/tcp_analysis.h"

#define MAX_WAITING ((size_t)1 << 20)
#define MAX_BYTES ((size_t)64 << 20)

struct streams *
streams_new(const struct stream_limits *limits,
    const struct stream_events *events)
{
	struct streams *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->events = *events;
	s->max_waiting = limits != NULL && limits->max_waiting != 0 ?
	    limits->max_waiting : MAX_WAITING;
	s->max_bytes = limits != NULL && limits->max_bytes != 0 ?
	    limits->max_bytes : MAX_BYTES;
	return s;
}

const struct stream_counts *
stream_counts(const struct streams *s)
{
	return &s->counts;
}

static void
stream_free(struct streams *s, struct stream *stream)
{
	stream_side_free(s, &stream->side[0]);
	stream_side_free(s, &stream->side[1]);
	if (stream->before != NULL)
		stream->before->after = stream->after;
	else
		s->first = stream->after;
	if (stream->after != NULL)
		stream->after->before = stream->before;
	flow_body(stream->flow)->stream_state = NULL;
	s->bytes -= sizeof(*stream);
	free(stream);
}

void
streams_free(struct streams *s)
{
	struct stream *stream, *after;

	if (s == NULL)
		return;
	for (stream = s->first; stream != NULL; stream = after) {
		after = stream->after;
		stream_side_free(s, &stream->side[0]);
		stream_side_free(s, &stream->side[1]);
		free(stream);
	}
	free(s);
}

static struct stream *
stream_of(const struct flow *f)
{
	return f->counted ? flow_body(f)->stream_state : NULL;
}

static struct stream *
stream_new(struct streams *s, struct flow *f)
{
	struct stream *stream;

	if (sizeof(*stream) > s->max_bytes - s->bytes)
		return NULL;
	stream = calloc(1, sizeof(*stream));
	if (stream == NULL)
		return NULL;
	stream->flow = f;
	stream->side[0].fin = stream->side[1].fin = STREAM_SIDE_NO_FIN;
	stream->after = s->first;
	if (s->first != NULL)
		s->first->before = stream;
	s->first = stream;
	s->bytes += sizeof(*stream);
	flow_body(f)->stream_state = stream;
	return stream;
}

static void
side_start(struct stream_side *side, const struct tcp_state *s, unsigned d,
    uint32_t seq)
{
	side->started = true;
	side->next = (s->end[d].flags & END_HEARD) != 0 ?
	    s->past[d].base + 1 : seq;
}

static void
payload_add(const struct stream_feed *x, const struct transport *t)
{
	const struct tcp_header *h = &x->p->tcp;
	uint32_t seq = h->seq + ((h->flags & TCP_SYN) != 0 ? 1 : 0);
	struct stream_bytes g = { .bytes = span_first(t->payload, h->length),
		.frame = x->p->record->number };

	g.missing = h->length - (uint32_t)g.bytes.n;
	if (!x->side->started)
		side_start(x->side, flow_tcp(x->stream->flow), x->direction,
		    seq);
	/* One byte of nothing, before what is next. */
	if ((t->analysis & TCP_A_KEEP_ALIVE) == 0)
		stream_side_add(x, &g, seq);
}

/* ---- The ends ---- */

/* Of several the nearest counts: the others may be forged. */
static void
fin_note(const struct stream_feed *x)
{
	const struct tcp_header *h = &x->p->tcp;
	struct stream_side *side = x->side;
	int64_t ahead = (int32_t)(h->seq + h->length - side->next);
	uint64_t fin = side->offset + (uint64_t)ahead;

	if (!side->started || side->ended || ahead < 0 || fin >= side->fin)
		return;
	side->fin = fin;
	if (ahead == 0)
		stream_side_end(x);
}

static void
ack_note(const struct stream_feed *x, uint32_t ack)
{
	struct stream_side *side = x->side;
	int64_t ahead = (int32_t)(ack - side->next);

	if (side->started && ahead > 0 &&
	    side->offset + (uint64_t)ahead > side->acked)
		side->acked = side->offset + (uint64_t)ahead;
}

void
stream_segment(struct streams *s, struct packet *p, struct transport *t)
{
	const struct tcp_header *h = &p->tcp;
	struct flow *f = t->flow;
	struct stream_feed x = { .s = s, .p = p, .direction = t->direction };
	struct stream_feed other;

	if (f == NULL || t->in_error || t->cut || t->protocol != 6 ||
	    h->header_length < TCP_HEADER_MIN)
		return;
	if (s->events.wants != NULL && !s->events.wants(s->events.context, f))
		return;
	x.stream = stream_of(f);
	if (x.stream == NULL) {
		if (h->length == 0)
			return;
		if (flow_tcp(f) != NULL)
			x.stream = stream_new(s, f);
	}
	/* No memory for it, or none any more. */
	if (x.stream == NULL || flow_tcp(f) == NULL) {
		s->counts.unfollowed++;
		return;
	}
	x.side = &x.stream->side[x.direction];
	other = x;
	other.direction = 1 - x.direction;
	other.side = &x.stream->side[other.direction];
	if (h->length > 0)
		payload_add(&x, t);
	/* A reset ends it all, a SYN has no end. */
	if ((h->flags & (TCP_FIN | TCP_SYN | TCP_RST)) == TCP_FIN)
		fin_note(&x);
	if ((h->flags & TCP_RST) != 0 && x.side->started &&
	    h->seq == x.side->next && x.side->waiting == NULL)
		stream_side_end(&x);
	if ((h->flags & (TCP_ACK | TCP_RST)) == TCP_ACK)
		ack_note(&other, h->ack);
	stream_side_settle(&x);
	stream_side_settle(&other);
}

void
streams_finish(struct streams *s, struct flows *flows)
{
	size_t i, n = flow_count(flows, 6);
	struct stream_feed x = { .s = s };

	for (i = 0; i < n; i++) {
		x.stream = stream_of(flow_at(flows, 6, (uint32_t)i));
		if (x.stream == NULL)
			continue;
		for (x.direction = 0; x.direction < 2; x.direction++) {
			x.side = &x.stream->side[x.direction];
			stream_side_finish(&x);
		}
		stream_free(s, x.stream);
	}
}
