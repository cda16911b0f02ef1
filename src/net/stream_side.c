#include "net/stream_side.h"

#include "net/tcp_analysis.h"

#define WINDOW_UNKNOWN ((uint64_t)16 << 20)
#define WINDOW_SLACK ((uint64_t)1 << 20)
/* An acknowledged hole may yet be filled: captures swap packets. */
#define PATIENCE_NS 3000000
#define PATIENCE_PACKETS 8

void
stream_side_free(struct streams *s, struct stream_side *side)
{
	if (side->waiting == NULL)
		return;
	s->bytes -= stream_pieces_memory(side->waiting);
	stream_pieces_free(side->waiting);
	side->waiting = NULL;
}

/* ---- Events ---- */

static void
give_bytes(const struct stream_feed *x, struct span bytes, uint64_t from)
{
	struct streams *s = x->s;
	uint64_t offset = x->side->offset;

	if (bytes.n == 0)
		return;
	x->side->offset += bytes.n;
	x->side->next += (uint32_t)bytes.n;
	x->side->patience = 0;
	s->counts.bytes += bytes.n;
	if (s->events.bytes != NULL)
		s->events.bytes(s->events.context, x->p, x->stream->flow,
		    x->direction, offset, bytes, from);
}

static void
give_gap(const struct stream_feed *x, uint64_t missing)
{
	struct streams *s = x->s;
	uint64_t offset = x->side->offset;

	if (missing == 0)
		return;
	x->side->offset += missing;
	x->side->next += (uint32_t)missing;
	x->side->patience = 0;
	s->counts.gaps++;
	s->counts.gap_bytes += missing;
	if (s->events.gap != NULL)
		s->events.gap(s->events.context, x->p, x->stream->flow,
		    x->direction, offset, missing);
}

void
stream_side_end(const struct stream_feed *x)
{
	if (x->side->ended)
		return;
	x->side->ended = true;
	/* A FIN takes a sequence number, and bytes may yet follow. */
	if (x->side->fin == x->side->offset)
		x->side->next++;
	if (x->s->events.end != NULL)
		x->s->events.end(x->s->events.context, x->p, x->stream->flow,
		    x->direction);
}

/* ---- What waits ---- */

static const struct stream_piece *
first_waiting(const struct stream_side *side)
{
	return side->waiting == NULL ? NULL :
	    stream_pieces_first(side->waiting);
}

/* The cut-off tail of a segment: as much of it as nobody else brought. */
static void
give_missing(const struct stream_feed *x, uint32_t missing)
{
	const struct stream_piece *piece = first_waiting(x->side);
	uint64_t n = missing;

	if (piece != NULL && piece->offset < x->side->offset + n)
		n = piece->offset > x->side->offset ?
		    piece->offset - x->side->offset : 0;
	give_gap(x, n);
}

/* Delivers what no longer waits for anything. */
static void
drain(const struct stream_feed *x)
{
	struct stream_side *side = x->side;
	const struct stream_piece *piece;
	struct stream_pieces *l = side->waiting;
	size_t memory;
	uint32_t missing;
	uint64_t old;

	while ((piece = first_waiting(side)) != NULL &&
	    piece->offset <= side->offset) {
		old = side->offset - piece->offset;
		if (old < piece->length) {
			give_bytes(x, span_after(stream_piece_bytes(piece),
			    (size_t)old), piece->frame);
			old = piece->length;
		}
		missing = old == piece->length ? piece->missing : 0;
		memory = stream_pieces_memory(l);
		stream_pieces_drop_first(l);
		x->s->bytes -= memory - stream_pieces_memory(l);
		give_missing(x, missing);
	}
	if (l != NULL && piece == NULL)
		stream_side_free(x->s, side);
	if (side->fin != STREAM_SIDE_NO_FIN && side->offset >= side->fin)
		stream_side_end(x);
}

/* Stops waiting for the first hole. */
static void
skip_hole(const struct stream_feed *x)
{
	const struct stream_piece *piece = first_waiting(x->side);

	if (piece != NULL && piece->offset > x->side->offset)
		give_gap(x, piece->offset - x->side->offset);
	drain(x);
}

/* Holes that the other side has acknowledged, once patience is over. */
void
stream_side_settle(const struct stream_feed *x)
{
	struct stream_side *side = x->side;
	const struct stream_piece *piece = first_waiting(side);
	const struct timestamp *now = &x->p->record->time;

	/* A hole before the FIN holds up nothing: it may wait to the end. */
	if (piece == NULL || piece->offset <= side->offset ||
	    side->acked < piece->offset)
		return;
	if (side->patience == 0)
		side->hole_acked = *now;
	side->patience++;
	if (side->patience < PATIENCE_PACKETS &&
	    time_diff(*now, side->hole_acked) < PATIENCE_NS)
		return;
	while ((piece = first_waiting(side)) != NULL &&
	    side->acked >= piece->offset)
		skip_hole(x);
	drain(x);
}

/* ---- Segments ---- */

/* Four lanes, for speed: it only tells equal from not equal. */
static uint32_t
hash_of(struct span bytes)
{
	const uint64_t odd = 0xff51afd7ed558ccdu;
	uint64_t lanes[4] = { bytes.n, 1, 2, 3 }, word[4], rest;
	const uint8_t *p = bytes.p, *end = p + bytes.n;
	unsigned i;

	for (; end - p >= (ptrdiff_t)sizeof(word); p += sizeof(word)) {
		memcpy(word, p, sizeof(word));
		for (i = 0; i < LENGTH(lanes); i++) {
			lanes[i] = (lanes[i] ^ word[i]) * odd;
			lanes[i] ^= lanes[i] >> 29;
		}
	}
	for (; p < end; p++) {
		lanes[0] = (lanes[0] ^ *p) * odd;
		lanes[0] ^= lanes[0] >> 29;
	}
	rest = lanes[0] ^ lanes[1] * 3 ^ lanes[2] * 5 ^ lanes[3] * 7;
	return (uint32_t)(rest * odd >> 32);
}

static void
recent_add(struct stream_side *side, struct span bytes)
{
	struct stream_recent *r =
	    &side->recent[side->n_recent % STREAM_SIDE_RECENT];

	r->offset = side->offset;
	r->length = (uint32_t)bytes.n;
	r->hash = hash_of(bytes);
	side->n_recent++;
}

/* Does an old segment say other things than the same one before?  One that
 * is not remembered is believed. */
static bool
recent_differs(const struct stream_side *side, uint64_t offset,
    struct span bytes)
{
	const struct stream_recent *r;
	bool known = false;
	unsigned i;

	for (i = 0; i < STREAM_SIDE_RECENT; i++) {
		r = &side->recent[i];
		if (r->offset != offset || r->length != bytes.n)
			continue;
		known = true;
		if (r->hash == hash_of(bytes))
			return false;
	}
	return known;
}

/* Its first `n` bytes have found their place. */
static void
bytes_trim(struct stream_bytes *g, uint64_t n)
{
	uint64_t cut;

	g->offset += n;
	if (n <= g->bytes.n) {
		g->bytes = span_after(g->bytes, (size_t)n);
		return;
	}
	cut = n - g->bytes.n;
	g->bytes = span_after(g->bytes, g->bytes.n);
	g->missing -= cut < g->missing ? (uint32_t)cut : g->missing;
}

/* Its first byte is the next one to deliver. */
static void
bytes_deliver(const struct stream_feed *x, struct stream_bytes *g)
{
	struct stream_side *side = x->side;
	const struct stream_piece *piece;
	uint64_t n;

	while (g->bytes.n > 0) {
		piece = first_waiting(side);
		n = g->bytes.n;
		if (piece != NULL && piece->offset - side->offset < n)
			n = piece->offset - side->offset;
		give_bytes(x, span_first(g->bytes, (size_t)n), g->frame);
		drain(x);
		bytes_trim(g, side->offset - g->offset);
	}
	if (g->missing > 0)
		give_missing(x, g->missing);
	drain(x);
}

static bool
has_room(const struct stream_feed *x, size_t n)
{
	const struct streams *s = x->s;
	size_t waiting = x->side->waiting == NULL ? 0 :
	    stream_pieces_bytes(x->side->waiting);
	size_t cost = n + 2 * sizeof(struct stream_piece) + 256;

	return waiting + n <= s->max_waiting && s->bytes <= s->max_bytes &&
	    cost <= s->max_bytes - s->bytes;
}

static bool
bytes_keep(const struct stream_feed *x, const struct stream_bytes *g)
{
	struct stream_side *side = x->side;
	size_t before;
	bool kept;

	if (!has_room(x, g->bytes.n))
		return false;
	if (side->waiting == NULL) {
		side->waiting = stream_pieces_new();
		if (side->waiting == NULL)
			return false;
		x->s->bytes += stream_pieces_memory(side->waiting);
	}
	before = stream_pieces_memory(side->waiting);
	kept = stream_pieces_add(side->waiting, g->offset, g->bytes,
	    g->missing, g->frame);
	x->s->bytes += stream_pieces_memory(side->waiting) - before;
	return kept;
}

bool
stream_side_holds(const struct stream_feed *x, uint64_t offset)
{
	const struct tcp_state *tcp = flow_tcp(x->stream->flow);
	const struct tcp_end *to = &tcp->end[1 - x->direction];
	uint64_t window = WINDOW_UNKNOWN, from = x->side->offset;

	if (to->ack == 0 && to->next == 0)
		return true;
	if (to->scale != SCALE_UNKNOWN)
		window = ((uint64_t)to->window <<
		    (to->scale > 0 ? to->scale : 0)) + WINDOW_SLACK;
	if (x->side->acked > from)
		from = x->side->acked;
	return offset <= from + window;
}

/* It is beyond a hole: keeps it, or gives up holes until that is not so. */
static void
bytes_wait(const struct stream_feed *x, struct stream_bytes *g)
{
	struct stream_side *side = x->side;
	const struct stream_piece *piece;

	while (g->offset > side->offset) {
		if (bytes_keep(x, g))
			return;
		if (!stream_side_holds(x, g->offset)) {
			x->s->counts.outside++;
			return;
		}
		piece = first_waiting(side);
		if (piece != NULL && piece->offset < g->offset) {
			x->s->counts.given_up += piece->offset - side->offset;
			skip_hole(x);
		} else {
			x->s->counts.given_up += g->offset - side->offset;
			give_gap(x, g->offset - side->offset);
		}
	}
	bytes_trim(g, side->offset - g->offset);
	bytes_deliver(x, g);
}

void
stream_side_add(const struct stream_feed *x, struct stream_bytes *g,
    uint32_t seq)
{
	struct stream_side *side = x->side;
	int64_t ahead = (int32_t)(seq - side->next);
	bool differ = false;

	g->offset = side->offset + (uint64_t)ahead;
	if (ahead < 0) {
		x->s->counts.overlaps++;
		if (recent_differs(side, g->offset, g->bytes))
			x->s->counts.conflicts++;
		bytes_trim(g, (uint64_t)-ahead);
	}
	if (g->bytes.n == 0 && g->missing == 0)
		return;
	if (side->waiting != NULL && stream_pieces_compare(side->waiting,
	    g->offset, g->bytes, &differ) > 0) {
		x->s->counts.overlaps += ahead >= 0;
		x->s->counts.conflicts += differ;
	}
	if (g->offset > side->offset) {
		bytes_wait(x, g);
		return;
	}
	if (g->missing == 0)
		recent_add(side, g->bytes);
	bytes_deliver(x, g);
}

/* The first of what waits is beyond all that the other side could take. */
static bool
is_outside(const struct stream_feed *x)
{
	const struct stream_piece *piece = first_waiting(x->side);

	return piece->offset > x->side->offset &&
	    piece->offset > x->side->acked &&
	    !stream_side_holds(x, piece->offset);
}

/* At the end nothing can fill a hole any more. */
void
stream_side_finish(const struct stream_feed *x)
{
	struct stream_side *side = x->side;
	size_t memory;

	while (first_waiting(side) != NULL) {
		if (!is_outside(x)) {
			skip_hole(x);
			continue;
		}
		memory = stream_pieces_memory(side->waiting);
		stream_pieces_drop_first(side->waiting);
		x->s->bytes -= memory - stream_pieces_memory(side->waiting);
		x->s->counts.outside++;
	}
	if (side->fin != STREAM_SIDE_NO_FIN && side->fin > side->offset &&
	    (side->fin <= side->acked || stream_side_holds(x, side->fin)))
		give_gap(x, side->fin - side->offset);
	else if (side->acked > side->offset + 1)
		/* One byte more may be a FIN that was not captured. */
		give_gap(x, side->acked - side->offset);
	stream_side_end(x);
}
