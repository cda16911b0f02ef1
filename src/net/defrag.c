#include "net/walk.h"

#include <stdlib.h>

#include "base/table.h"

/*
 * RFC 791 section 3.2 and RFC 8200 section 4.5.  A datagram in the making is
 * one buffer, as long as what was seen, and a bit for each byte of it that
 * is there; so a fragment costs what it carries, however many came before.
 */
#define DATAGRAM_MAX 65535U
#define PIECES_MAX 2048U
#define TIMEOUT_SECONDS 60
#define MAX_BYTES ((size_t)16 << 20)
#define MAX_DATAGRAMS 4096U

struct datagram {
	struct defrag_key key;
	struct datagram *next;           /* of the same slot */
	struct datagram *newer, *older;  /* by first fragment */
	struct timestamp first;
	uint8_t *bytes, *have;  /* `size` bytes; a bit for each */
	size_t size, n_have;
	uint32_t total;         /* known with the last fragment */
	bool total_known, overlap, conflict;
	uint32_t fragments;
	struct defrag_piece *pieces;
	size_t n_pieces, room;
};

struct defrag {
	struct defrag_limits limits;
	struct defrag_counts counts;
	struct datagram **slots;
	size_t n_slots;
	size_t used; /* bytes of all datagrams */
	struct datagram *oldest, *newest;
	struct datagram *done; /* completed last */
};

struct defrag *
defrag_new(const struct defrag_limits *limits)
{
	struct defrag *d = calloc(1, sizeof(*d));
	size_t n = 16;

	if (d == NULL)
		return NULL;
	if (limits != NULL)
		d->limits = *limits;
	if (d->limits.max_bytes == 0)
		d->limits.max_bytes = MAX_BYTES;
	if (d->limits.max_datagrams == 0)
		d->limits.max_datagrams = MAX_DATAGRAMS;
	while (n < d->limits.max_datagrams && n < (size_t)1 << 20)
		n *= 2;
	d->n_slots = n;
	return d;
}

static void
datagram_free(struct datagram *g)
{
	if (g == NULL)
		return;
	free(g->bytes);
	free(g->have);
	free(g->pieces);
	free(g);
}

void
defrag_free(struct defrag *d)
{
	struct datagram *g, *newer;

	if (d == NULL)
		return;
	for (g = d->oldest; g != NULL; g = newer) {
		newer = g->newer;
		datagram_free(g);
	}
	datagram_free(d->done);
	free(d->slots);
	free(d);
}

static size_t
datagram_weight(const struct datagram *g)
{
	return sizeof(*g) + g->size + g->size / 8 +
	    g->room * sizeof(struct defrag_piece);
}

static struct datagram **
slot_of(struct defrag *d, const struct defrag_key *key)
{
	uint64_t words[7] = { 0 };

	memcpy(words, key->src.bytes, 16);
	memcpy(words + 2, key->dst.bytes, 16);
	words[4] = (uint64_t)key->id << 32 | key->protocol;
	words[5] = key->src.kind;
	words[6] = key->vlans;
	return &d->slots[hash_words(words, 7) & (d->n_slots - 1)];
}

/* Out of the table; whoever calls it owns the datagram. */
static void
datagram_unlink(struct defrag *d, struct datagram *g)
{
	struct datagram **at = slot_of(d, &g->key);

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	if (g->older != NULL)
		g->older->newer = g->newer;
	else
		d->oldest = g->newer;
	if (g->newer != NULL)
		g->newer->older = g->older;
	else
		d->newest = g->older;
	d->used -= datagram_weight(g);
	d->counts.open--;
}

static void
oldest_drop(struct defrag *d, uint64_t *count)
{
	struct datagram *g = d->oldest;

	datagram_unlink(d, g);
	datagram_free(g);
	(*count)++;
}

static void
expire(struct defrag *d, const struct record *r)
{
	if (!r->time.known)
		return;
	/* What is dropped is not the oldest any more.
	 * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	while (d->oldest != NULL && d->oldest->first.known &&
	    r->time.seconds - d->oldest->first.seconds > TIMEOUT_SECONDS)
		oldest_drop(d, &d->counts.expired);
}

static struct datagram *
datagram_find(struct defrag *d, const struct defrag_key *key)
{
	struct datagram *g;

	for (g = *slot_of(d, key); g != NULL; g = g->next) {
		if (g->key.id == key->id && g->key.vlans == key->vlans &&
		    g->key.protocol == key->protocol &&
		    addr_equal(&g->key.src, &key->src) &&
		    addr_equal(&g->key.dst, &key->dst))
			return g;
	}
	return NULL;
}

static struct datagram *
datagram_add(struct defrag *d, const struct defrag_key *key,
    const struct record *r)
{
	struct datagram *g, **slot;

	if (d->counts.open >= d->limits.max_datagrams && d->oldest != NULL)
		oldest_drop(d, &d->counts.given_up);
	g = calloc(1, sizeof(*g));
	if (g == NULL)
		return NULL;
	g->key = *key;
	g->first = r->time;
	slot = slot_of(d, key);
	g->next = *slot;
	*slot = g;
	g->older = d->newest;
	if (d->newest != NULL)
		d->newest->newer = g;
	else
		d->oldest = g;
	d->newest = g;
	d->used += datagram_weight(g);
	d->counts.open++;
	return g;
}

/* Room up to `end`, doubling; other datagrams, the oldest first, give way. */
static bool
datagram_grow(struct defrag *d, struct datagram *g, size_t end)
{
	size_t size = g->size == 0 ? 1024 : g->size;
	uint8_t *bytes, *have;

	while (size < end)
		size *= 2;
	if (size > g->size) {
		bytes = realloc(g->bytes, size);
		if (bytes == NULL)
			return false;
		g->bytes = bytes;
		have = realloc(g->have, size / 8);
		if (have == NULL)
			return false;
		memset(have + g->size / 8, 0, (size - g->size) / 8);
		g->have = have;
		d->used += (size - g->size) + (size - g->size) / 8;
		g->size = size;
	}
	while (d->used > d->limits.max_bytes && d->oldest != g)
		oldest_drop(d, &d->counts.given_up);
	return d->used <= d->limits.max_bytes;
}

static void
piece_note(struct defrag *d, struct datagram *g, const struct record *r,
    uint32_t offset, size_t n, bool conflict)
{
	struct defrag_piece *pieces;
	size_t room = g->room == 0 ? 8 : g->room * 2;

	g->fragments++;
	if (g->n_pieces == PIECES_MAX)
		return;
	if (g->n_pieces == g->room) {
		pieces = realloc(g->pieces, room * sizeof(*pieces));
		if (pieces == NULL)
			return;
		d->used += (room - g->room) * sizeof(*pieces);
		g->pieces = pieces;
		g->room = room;
	}
	g->pieces[g->n_pieces++] = (struct defrag_piece){
		.frame = r->number, .offset = offset, .length = (uint32_t)n,
		.conflict = conflict
	};
}

/* Copies what is not there yet; what is there stays, and is compared. */
static bool
bytes_fill(struct datagram *g, uint32_t offset, struct span s)
{
	struct cursor c = cur_open(s);
	bool overlap = false, conflict = false;
	uint8_t bit, byte;
	size_t at;

	for (at = offset; cur_left(&c) > 0; at++) {
		bit = (uint8_t)(1U << (at & 7));
		byte = cur_u8(&c);
		if ((g->have[at >> 3] & bit) != 0) {
			overlap = true;
			conflict |= g->bytes[at] != byte;
			continue;
		}
		g->have[at >> 3] |= bit;
		g->bytes[at] = byte;
		g->n_have++;
	}
	g->overlap |= overlap;
	g->conflict |= conflict;
	return conflict;
}

/* The last fragment came: bytes beyond its end were never of this datagram. */
static void
total_set(struct datagram *g, uint32_t total)
{
	size_t at;

	g->total_known = true;
	g->total = total;
	for (at = total; at < g->size; at++) {
		if ((g->have[at >> 3] >> (at & 7) & 1) == 0)
			continue;
		g->conflict = true;
		g->n_have--;
	}
}

static bool
datagram_fill(struct defrag *d, struct datagram *g, const struct record *r,
    uint32_t offset, bool more, struct span s)
{
	bool overlap = g->overlap, conflict = g->conflict, conflicts;

	if (!more && !g->total_known) {
		total_set(g, offset + (uint32_t)s.n);
	} else if (g->total_known && (offset + s.n > g->total ||
	    (!more && offset + s.n != g->total))) {
		g->conflict = true;
		s = span_first(s, offset < g->total ? g->total - offset : 0);
	}
	if (!datagram_grow(d, g, offset + s.n))
		return false;
	conflicts = bytes_fill(g, offset, s);
	piece_note(d, g, r, offset, s.n, conflicts);
	d->counts.overlaps += g->overlap && !overlap;
	d->counts.conflicts += g->conflict && !conflict;
	return true;
}

static int
piece_compare(const void *context, uint32_t a, uint32_t b)
{
	const struct defrag_piece *pieces = context;

	return (pieces[a].offset > pieces[b].offset) -
	    (pieces[a].offset < pieces[b].offset);
}

static void
pieces_sort(struct datagram *g)
{
	uint32_t *order = calloc(2 * g->n_pieces + 1, sizeof(*order));
	struct defrag_piece *sorted = calloc(g->n_pieces + 1,
	    sizeof(*sorted));
	uint32_t end = 0;
	size_t i;

	if (order != NULL && sorted != NULL) {
		sort_order(order, order + g->n_pieces, g->n_pieces,
		    piece_compare, g->pieces);
		for (i = 0; i < g->n_pieces; i++) {
			sorted[i] = g->pieces[order[i]];
			sorted[i].overlap = sorted[i].offset < end;
			if (sorted[i].offset + sorted[i].length > end)
				end = sorted[i].offset + sorted[i].length;
		}
		free(g->pieces);
		g->pieces = sorted;
		sorted = NULL;
	}
	free(order);
	free(sorted);
}

bool
defrag_add(struct defrag *d, const struct defrag_key *key,
    const struct record *r, uint32_t offset, bool more, struct span bytes,
    size_t claimed, struct arena *arena, struct span *whole)
{
	struct datagram *g;

	datagram_free(d->done);
	d->done = NULL;
	d->counts.fragments++;
	expire(d, r);
	if (d->slots == NULL)
		d->slots = calloc(d->n_slots, sizeof(*d->slots));
	if (claimed > DATAGRAM_MAX || offset + claimed > DATAGRAM_MAX) {
		d->counts.too_large++;
		return false;
	}
	if (bytes.n != claimed || bytes.n == 0 || d->slots == NULL)
		return false;
	g = datagram_find(d, key);
	if (g == NULL)
		g = datagram_add(d, key, r);
	if (g == NULL)
		return false;
	if (!datagram_fill(d, g, r, offset, more, bytes)) {
		datagram_unlink(d, g);
		datagram_free(g);
		d->counts.given_up++;
		return false;
	}
	if (!g->total_known || g->n_have < g->total)
		return false;
	datagram_unlink(d, g);
	pieces_sort(g);
	d->done = g;
	d->counts.completed++;
	*whole = arena_copy(arena, span_of(g->bytes, g->total));
	return whole->n == g->total;
}

const struct defrag_counts *
defrag_counts(const struct defrag *d)
{
	return &d->counts;
}

struct defrag_whole
defrag_whole(const struct defrag *d)
{
	const struct datagram *g = d->done;

	if (g == NULL)
		return (struct defrag_whole){ 0 };
	return (struct defrag_whole){
		g->pieces, g->n_pieces, g->fragments
	};
}
