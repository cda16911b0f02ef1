#include "analysis/payload_search.h"

#include "analysis/flow_ends.h"
#include "base/text.h"

#define TCP 6

/* One direction of a stream; the automaton's state stands behind it. */
struct search_side {
	uint8_t tail[SEARCH_TAIL]; /* the last bytes that came */
	size_t n_tail;
	uint64_t hits;
	bool started;
};

/* What a portion of bytes is part of, for the rows. */
struct portion {
	const struct flow *flow;   /* NULL: no flow */
	uint8_t protocol;
	unsigned direction;
	uint64_t frame, offset;    /* of its first byte */
	struct span before;        /* bytes that came before it */
	struct span bytes;
};

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct payload_search *s = state;
	size_t size;

	s->options = options;
	size = regex_state_size(s->options->regex);
	table_init(&s->streams, sizeof(struct search_side) + size,
	    SEARCH_STREAMS_MAX);
	s->state = arena_alloc(&scan->arena, size, 1);
	return s->state != NULL;
}

static __attribute__((cold)) void
release(void *state)
{
	struct payload_search *s = state;

	table_free(&s->streams);
}

/* The `n` bytes before `at` of the portion, those before it included. */
static size_t
bytes_before(const struct portion *p, size_t at, uint8_t *out, size_t n)
{
	size_t here = at < n ? at : n;
	size_t there = n - here < p->before.n ? n - here : p->before.n;

	memcpy(out, p->before.p + p->before.n - there, there);
	memcpy(out + there, p->bytes.p + at - here, here);
	return there + here;
}

static void
match_row(const struct portion *p, struct span match, struct span text,
    struct json *j)
{
	json_foreign_max(j, "match", match, 120);
	json_foreign_max(j, "context", text, 2 * SEARCH_CONTEXT + 120);
	if (p->flow == NULL)
		return;
	flow_ends_report(p->flow, j);
}

/* Where the match that ends at `end` began, and the row of it. */
static void
hit_tell(struct payload_search *s, const struct portion *p, size_t end)
{
	uint8_t window[SEARCH_TAIL + SEARCH_CONTEXT + 1024];
	struct json *j = rows_next(s->options->rows);
	struct span after;
	size_t n, from, context;

	if (j == NULL)
		return;
	n = bytes_before(p, end, window, SEARCH_TAIL + 1024);
	from = regex_start(s->options->regex, span_of(window, n), n,
	    n == SEARCH_TAIL + 1024);
	after = span_first(span_after(p->bytes, end), SEARCH_CONTEXT);
	context = from < SEARCH_CONTEXT ? from : SEARCH_CONTEXT;
	memcpy(window + n, after.p, after.n);
	json_object(j, NULL);
	json_uint(j, "frame", p->frame);
	if (p->flow != NULL) {
		json_text(j, "protocol",
		    p->protocol == TCP ? "tcp" : "udp");
		json_uint(j, "stream", flow_stream(p->flow));
		json_text(j, "from", p->direction == 0 ? "client" :
		    "server");
	}
	json_uint(j, "offset", p->offset + end - (n - from));
	json_uint(j, "length", n - from);
	match_row(p, span_of(window + from, n - from),
	    span_of(window + from - context, context + n - from + after.n),
	    j);
	json_end(j);
	rows_done(s->options->rows);
}

static uint64_t
search(struct payload_search *s, const struct portion *p, void *state,
    bool last)
{
	struct regex *re = s->options->regex;
	size_t from = 0, end;
	uint64_t hits = 0;

	s->searched_bytes += p->bytes.n;
	while (from < p->bytes.n && regex_feed(re, state,
	    span_after(p->bytes, from), last, &end)) {
		if (end == 0)
			end = 1; /* never without progress */
		hits++;
		hit_tell(s, p, from + end);
		from += end;
		regex_begin(re, state);
	}
	s->hits += hits;
	if (hits > 0 && s->last_hit_frame != p->frame) {
		s->last_hit_frame = p->frame;
		s->packets_with_hits++;
	}
	return hits;
}

static void
packet_search(struct payload_search *s, const struct packet *p)
{
	const struct transport *t = packet_transport(p);
	struct portion portion = {
		.flow = t != NULL ? t->flow : NULL,
		.protocol = t != NULL ? t->protocol : 0,
		.direction = t != NULL ? t->direction : 0,
		.frame = p->record->number,
		.before = span_empty(),
		.bytes = t != NULL ? t->payload : p->bytes,
	};

	s->searched_packets++;
	regex_begin(s->options->regex, s->state);
	(void)search(s, &portion, s->state, true);
}

static void
packets_packet(void *state, const struct packet *p)
{
	packet_search(state, p);
}

/* Whatever is no TCP stream is searched packet by packet. */
static void
streams_packet(void *state, const struct packet *p)
{
	struct payload_search *s = state;
	const struct transport *t = packet_transport(p);

	if (t == NULL || t->protocol != TCP)
		packet_search(s, p);
	else
		s->searched_packets++;
}

static struct span
side_key(uint8_t *key, const struct flow *f, unsigned direction)
{
	for (unsigned i = 0; i < 4; i++)
		key[i] = (uint8_t)(flow_stream(f) >> 8 * i);
	key[4] = (uint8_t)direction;
	return span_of(key, 5);
}

static struct search_side *
side_of(struct payload_search *s, const struct flow *f, unsigned direction)
{
	uint8_t key[5];

	return table_add(&s->streams, side_key(key, f, direction));
}

/* Has the other direction of the stream hits? */
static bool
other_has_hits(const struct payload_search *s, const struct flow *f,
    unsigned direction)
{
	uint8_t key[5];
	const struct search_side *other = table_find(&s->streams,
	    side_key(key, f, !direction));

	return other != NULL && other->hits > 0;
}

static void
tail_keep(struct search_side *side, struct span bytes)
{
	size_t keep;

	if (bytes.n >= SEARCH_TAIL) {
		memcpy(side->tail, bytes.p + bytes.n - SEARCH_TAIL,
		    SEARCH_TAIL);
		side->n_tail = SEARCH_TAIL;
		return;
	}
	keep = SEARCH_TAIL - bytes.n;
	if (side->n_tail > keep) {
		memmove(side->tail, side->tail + side->n_tail - keep, keep);
		side->n_tail = keep;
	}
	memcpy(side->tail + side->n_tail, bytes.p, bytes.n);
	side->n_tail += bytes.n;
}

static void
stream_add(void *state, const struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, struct span bytes, uint64_t from)
{
	struct payload_search *s = state;
	struct search_side *side = side_of(s, f, direction);
	struct portion portion = { .flow = f, .protocol = TCP,
		.direction = direction, .frame = from, .offset = offset,
		.bytes = bytes };
	uint64_t hits;

	(void)p;
	if (side == NULL)
		return;
	if (!side->started) {
		regex_begin(s->options->regex, side + 1);
		side->started = true;
	}
	portion.before = span_of(side->tail, side->n_tail);
	hits = search(s, &portion, side + 1, false);
	if (hits > 0 && side->hits == 0 && !other_has_hits(s, f, direction))
		s->streams_with_hits++;
	side->hits += hits;
	tail_keep(side, bytes);
}

static void
gap_add(void *state, const struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, uint64_t missing)
{
	struct payload_search *s = state;
	struct search_side *side = side_of(s, f, direction);

	(void)p;
	(void)offset;
	(void)missing;
	if (side == NULL)
		return;
	side->started = false;
	side->n_tail = 0;
}

static const struct analyzer packets_analyzer = {
	.name = "payload_search",
	.wants = WANT_WALK | WANT_FLOWS | WANT_DEFRAG,
	.size = sizeof(struct payload_search),
	.begin = begin,
	.release = release,
	.packet = packets_packet,
};

static const struct analyzer streams_analyzer = {
	.name = "payload_search",
	.wants = WANT_WALK | WANT_FLOWS | WANT_STREAMS | WANT_DEFRAG,
	.size = sizeof(struct payload_search),
	.begin = begin,
	.release = release,
	.packet = streams_packet,
	.stream = stream_add,
	.gap = gap_add,
};

const struct analyzer *
payload_search_analyzer(bool streams)
{
	return streams ? &streams_analyzer : &packets_analyzer;
}

void
payload_search_report(const struct payload_search *s, struct json *j,
    uint64_t seal)
{
	json_uint(j, "searched_packets", s->searched_packets);
	json_uint(j, "searched_bytes", s->searched_bytes);
	json_uint(j, "frames_with_hits", s->packets_with_hits);
	if (s->options->streams)
		json_uint(j, "streams_with_hits", s->streams_with_hits);
	if (s->streams.refused > 0)
		json_uint(j, "pieces_of_streams_beyond_cap",
		    s->streams.refused);
	rows_report(s->options->rows, j, "hits");
	rows_counts(s->options->rows, j, seal);
	if (s->hits == 0)
		json_textf(j, "message", "No hit in %llu packets, %llu "
		    "payload bytes; encrypted or compressed payloads hide "
		    "their text", (unsigned long long)s->searched_packets,
		    (unsigned long long)s->searched_bytes);
}
