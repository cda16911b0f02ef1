#include "net/stream_pieces.h"

#include <stdlib.h>

#define LEAF_FIRST 4
#define LEAF_MAX 64
#define LEAVES_FIRST 2

struct entry {
	uint64_t offset; /* the piece's, to search without a look at it */
	struct stream_piece *piece;
};

struct leaf {
	uint32_t n, room; /* n > 0 */
	struct entry at[];
};

/* What is below `leaf` begins at `first` or later. */
struct branch {
	uint64_t first;
	struct leaf *leaf;
};

struct stream_pieces {
	struct branch *branches;
	size_t n, room;
	size_t gone; /* branches dropped before these, part of room */
	size_t memory, bytes;
};

/* A piece by its place; the places before the first have at = SIZE_MAX. */
struct place {
	size_t branch, at;
};

struct stream_pieces *
stream_pieces_new(void)
{
	struct stream_pieces *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->memory = sizeof(*l);
	return l;
}

static size_t
leaf_size(size_t room)
{
	return sizeof(struct leaf) + room * sizeof(struct entry);
}

static size_t
piece_size(size_t length)
{
	return sizeof(struct stream_piece) + length;
}

struct span
stream_piece_bytes(const struct stream_piece *p)
{
	return span_of(p->bytes, p->length);
}

static uint64_t
piece_end(const struct stream_piece *p)
{
	return p->offset + p->length;
}

const struct stream_piece *
stream_pieces_first(const struct stream_pieces *l)
{
	return l->n == 0 ? NULL : l->branches[0].leaf->at[0].piece;
}

size_t
stream_pieces_memory(const struct stream_pieces *l)
{
	return l->memory;
}

size_t
stream_pieces_bytes(const struct stream_pieces *l)
{
	return l->bytes;
}

void
stream_pieces_drop_first(struct stream_pieces *l)
{
	struct leaf *leaf = l->branches[0].leaf;
	struct stream_piece *p = leaf->at[0].piece;

	l->memory -= piece_size(p->length);
	l->bytes -= p->length;
	free(p);
	leaf->n--;
	memmove(leaf->at, leaf->at + 1, leaf->n * sizeof(*leaf->at));
	if (leaf->n > 0)
		return;
	l->memory -= leaf_size(leaf->room);
	free(leaf);
	/* Moved down once in a while: each time, a long row would take
	 * time with the square of its length. */
	l->n--;
	l->branches++;
	l->gone++;
}

static void *
row_start(const struct stream_pieces *l)
{
	return l->branches == NULL ? NULL : l->branches - l->gone;
}

void
stream_pieces_free(struct stream_pieces *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->n; i++) {
		struct leaf *leaf = l->branches[i].leaf;

		for (uint32_t k = 0; k < leaf->n; k++)
			free(leaf->at[k].piece);
		free(leaf);
	}
	free(row_start(l));
	free(l);
}

/* ---- Places ------------------------------------------------------------- */

static struct stream_piece *
piece_at(const struct stream_pieces *l, struct place at)
{
	return at.at == SIZE_MAX ? NULL :
	    l->branches[at.branch].leaf->at[at.at].piece;
}

/* Where a piece begins, without a look at it: it lies anywhere in memory. */
static uint64_t
place_offset(const struct stream_pieces *l, struct place at)
{
	return l->branches[at.branch].leaf->at[at.at].offset;
}

/* The last piece at or before `offset`. */
static struct place
place_find(const struct stream_pieces *l, uint64_t offset)
{
	struct place at = { .branch = 0, .at = SIZE_MAX };
	const struct leaf *leaf;
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->branches[middle].first <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return at;
	at.branch = low - 1;
	leaf = l->branches[at.branch].leaf;
	low = 0;
	high = leaf->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (leaf->at[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	/* Of the first leaf the beginning may have been dropped. */
	at.at = low - 1;
	return at;
}

/* False: there is none behind it. */
static bool
place_next(const struct stream_pieces *l, struct place *at)
{
	if (at->branch < l->n &&
	    at->at + 1 < l->branches[at->branch].leaf->n) {
		at->at++;
		return true;
	}
	if (at->at == SIZE_MAX || at->branch + 1 >= l->n)
		return false;
	at->branch++;
	at->at = 0;
	return true;
}

/* ---- Making room -------------------------------------------------------- */

/* Room for one more branch. */
static bool
row_room(struct stream_pieces *l)
{
	size_t room = l->room == 0 ? LEAVES_FIRST : l->room * 2;
	struct branch *row = row_start(l);

	if (l->gone > l->n) {
		l->branches = memmove(row, l->branches,
		    l->n * sizeof(*row));
		l->gone = 0;
		return true;
	}
	row = realloc(row, room * sizeof(*row));
	if (row == NULL)
		return false;
	l->memory += (room - l->room) * sizeof(*row);
	l->branches = row + l->gone;
	l->room = room;
	return true;
}

/* One more branch at `i`, with an empty leaf. */
static struct leaf *
branch_add(struct stream_pieces *l, size_t i, size_t leaf_room)
{
	struct leaf *leaf;

	if (l->gone + l->n == l->room && !row_room(l))
		return NULL;
	leaf = malloc(leaf_size(leaf_room));
	if (leaf == NULL)
		return NULL;
	l->memory += leaf_size(leaf_room);
	leaf->n = 0;
	leaf->room = (uint32_t)leaf_room;
	memmove(l->branches + i + 1, l->branches + i,
	    (l->n - i) * sizeof(*l->branches));
	l->branches[i] = (struct branch){ 0, leaf };
	l->n++;
	return leaf;
}

/* A full leaf in two. */
static bool
leaf_split(struct stream_pieces *l, size_t i)
{
	struct leaf *behind = branch_add(l, i + 1, LEAF_MAX);
	struct leaf *leaf = l->branches[i].leaf;
	uint32_t stay = leaf->n / 2;

	if (behind == NULL)
		return false;
	behind->n = leaf->n - stay;
	memcpy(behind->at, leaf->at + stay, behind->n * sizeof(*leaf->at));
	leaf->n = stay;
	l->branches[i + 1].first = behind->at[0].offset;
	return true;
}

static bool
leaf_grow(struct stream_pieces *l, size_t i)
{
	struct leaf *leaf = l->branches[i].leaf, *grown;
	size_t room = (size_t)leaf->room * 2;

	grown = realloc(leaf, leaf_size(room));
	if (grown == NULL)
		return false;
	l->memory += leaf_size(room) - leaf_size(grown->room);
	grown->room = (uint32_t)room;
	l->branches[i].leaf = grown;
	return true;
}

/* Room for one more behind `at`, which may move. */
static bool
place_room(struct stream_pieces *l, struct place *at)
{
	struct leaf *leaf;

	if (l->n == 0)
		return branch_add(l, 0, LEAF_FIRST) != NULL;
	leaf = l->branches[at->branch].leaf;
	if (leaf->n < leaf->room)
		return true;
	if (leaf->room < LEAF_MAX)
		return leaf_grow(l, at->branch);
	if (!leaf_split(l, at->branch))
		return false;
	if (at->at != SIZE_MAX && at->at >= leaf->n) {
		at->at -= leaf->n;
		at->branch++;
	}
	return true;
}

/* Behind `at`, which becomes its place. */
static struct stream_piece *
piece_insert(struct stream_pieces *l, struct place *at, uint64_t offset,
    struct span bytes, uint64_t frame)
{
	struct stream_piece *p = malloc(piece_size(bytes.n));
	struct leaf *leaf;

	if (p == NULL || !place_room(l, at)) {
		free(p);
		return NULL;
	}
	*p = (struct stream_piece){ .offset = offset, .frame = frame,
		.length = (uint32_t)bytes.n };
	memcpy(p->bytes, bytes.p, bytes.n);
	at->at++; /* from "before the first" as well */
	leaf = l->branches[at->branch].leaf;
	memmove(leaf->at + at->at + 1, leaf->at + at->at,
	    (leaf->n - at->at) * sizeof(*leaf->at));
	leaf->at[at->at] = (struct entry){ offset, p };
	leaf->n++;
	if (at->at == 0)
		l->branches[at->branch].first = offset;
	l->memory += piece_size(bytes.n);
	l->bytes += bytes.n;
	return p;
}

size_t
stream_pieces_compare(const struct stream_pieces *l, uint64_t offset,
    struct span bytes, bool *differ)
{
	struct place at = place_find(l, offset);
	uint64_t end = offset + bytes.n, from, to;
	bool there = at.at != SIZE_MAX || place_next(l, &at);
	size_t common = 0;

	for (; there && place_offset(l, at) < end;
	     there = place_next(l, &at)) {
		const struct stream_piece *p = piece_at(l, at);

		from = p->offset > offset ? p->offset : offset;
		to = piece_end(p) < end ? piece_end(p) : end;
		if (from < to) {
			common += (size_t)(to - from);
			if (memcmp(bytes.p + (from - offset), p->bytes +
			    (from - p->offset), (size_t)(to - from)) != 0)
				*differ = true;
		}
	}
	return common;
}

bool
stream_pieces_add(struct stream_pieces *l, uint64_t offset, struct span bytes,
    uint32_t missing, uint64_t frame)
{
	struct place at = place_find(l, offset), ahead;
	struct stream_piece *before = piece_at(l, at), *last = NULL;
	uint64_t limit, length;
	bool more;
	size_t n;

	if (before != NULL && piece_end(before) > offset) {
		limit = piece_end(before) - offset;
		offset += limit;
		bytes = span_after(bytes, limit < bytes.n ? (size_t)limit :
		    bytes.n);
	}
	while (bytes.n > 0) {
		ahead = at;
		more = place_next(l, &ahead);
		n = bytes.n;
		if (more && place_offset(l, ahead) - offset < n)
			n = (size_t)(place_offset(l, ahead) - offset);
		last = NULL;
		if (n > 0) {
			last = piece_insert(l, &at, offset,
			    span_first(bytes, n), frame);
			if (last == NULL)
				return false;
		}
		bytes = span_after(bytes, n);
		offset += n;
		if (bytes.n == 0 || !more)
			break;
		(void)place_next(l, &at); /* to `ahead`, wherever it is now */
		length = piece_at(l, at)->length;
		n = length < bytes.n ? (size_t)length : bytes.n;
		bytes = span_after(bytes, n);
		offset += n;
		last = NULL;
	}
	if (last != NULL)
		last->missing = missing;
	return true;
}
