#include "net/stream_pieces.h"

#include <stdlib.h>

#include "base/table.h"

#define LEVELS 12 /* a quarter of the pieces of each reaches the next */

struct stream_pieces {
	struct stream_piece *head[LEVELS];
	size_t memory, bytes;
	uint64_t added;
};

/* For each level the last piece at or before some offset; NULL: none. */
struct place {
	struct stream_piece *before[LEVELS];
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
piece_size(uint32_t levels, uint32_t length)
{
	return sizeof(struct stream_piece) +
	    levels * sizeof(struct stream_piece *) + length;
}

/* What a piece is counted as: always the levels that it may have drawn in
 * the mean, or what is given up at a cap would be drawn, too. */
static size_t
piece_charge(uint32_t length)
{
	return piece_size(2, length);
}

static uint8_t *
piece_bytes(struct stream_piece *p)
{
	return (uint8_t *)(p->next + p->levels);
}

struct span
stream_piece_bytes(const struct stream_piece *p)
{
	return span_of(p->next + p->levels, p->length);
}

static uint64_t
piece_end(const struct stream_piece *p)
{
	return p->offset + p->length;
}

const struct stream_piece *
stream_pieces_first(const struct stream_pieces *l)
{
	return l->head[0];
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
	struct stream_piece *p = l->head[0];
	uint32_t i;

	for (i = 0; i < p->levels; i++)
		l->head[i] = p->next[i];
	l->memory -= piece_charge(p->length);
	l->bytes -= p->length;
	free(p);
}

void
stream_pieces_free(struct stream_pieces *l)
{
	if (l == NULL)
		return;
	while (l->head[0] != NULL)
		stream_pieces_drop_first(l);
	free(l);
}

static struct stream_piece *
next_of(const struct stream_pieces *l, const struct stream_piece *p,
    uint32_t level)
{
	return p == NULL ? l->head[level] : p->next[level];
}

static void
place_find(const struct stream_pieces *l, uint64_t offset, struct place *at)
{
	struct stream_piece *p = NULL, *next;
	uint32_t level;

	for (level = LEVELS; level > 0; level--) {
		while ((next = next_of(l, p, level - 1)) != NULL &&
		    next->offset <= offset)
			p = next;
		at->before[level - 1] = p;
	}
}

static void
place_move(struct place *at, struct stream_piece *p)
{
	uint32_t i;

	for (i = 0; i < p->levels; i++)
		at->before[i] = p;
}

/* Seeded with the process's key: nobody can choose offsets that make it
 * slow. */
static uint32_t
levels_draw(const struct stream_pieces *l, uint64_t offset)
{
	const uint64_t words[2] = { offset, l->added };
	uint64_t bits = hash_words(words, LENGTH(words));
	uint32_t levels = 1;

	while (levels < LEVELS && (bits & 3) == 0) {
		levels++;
		bits >>= 2;
	}
	return levels;
}

static struct stream_piece *
piece_insert(struct stream_pieces *l, struct place *at, uint64_t offset,
    struct span bytes, uint64_t frame)
{
	uint32_t i, levels = levels_draw(l, offset);
	struct stream_piece *p = malloc(piece_size(levels, (uint32_t)bytes.n));

	if (p == NULL)
		return NULL;
	*p = (struct stream_piece){
		.offset = offset,
		.frame = frame,
		.length = (uint32_t)bytes.n,
		.levels = levels,
	};
	memcpy(piece_bytes(p), bytes.p, bytes.n);
	for (i = 0; i < levels; i++) {
		p->next[i] = next_of(l, at->before[i], i);
		if (at->before[i] == NULL)
			l->head[i] = p;
		else
			at->before[i]->next[i] = p;
	}
	place_move(at, p);
	l->added++;
	l->memory += piece_charge(p->length);
	l->bytes += bytes.n;
	return p;
}

size_t
stream_pieces_compare(const struct stream_pieces *l, uint64_t offset,
    struct span bytes, bool *differ)
{
	uint64_t end = offset + bytes.n, from, to;
	const struct stream_piece *p;
	struct place at;
	size_t common = 0;

	place_find(l, offset, &at);
	p = at.before[0] != NULL ? at.before[0] : l->head[0];
	for (; p != NULL && p->offset < end; p = p->next[0]) {
		from = p->offset > offset ? p->offset : offset;
		to = piece_end(p) < end ? piece_end(p) : end;
		if (from >= to)
			continue;
		common += (size_t)(to - from);
		if (!span_equal(span_of(bytes.p + (from - offset), to - from),
		    span_of(stream_piece_bytes(p).p + (from - p->offset),
		    to - from)))
			*differ = true;
	}
	return common;
}

bool
stream_pieces_add(struct stream_pieces *l, uint64_t offset, struct span bytes,
    uint32_t missing, uint64_t frame)
{
	struct stream_piece *next, *last = NULL;
	struct place at;
	uint64_t limit;
	size_t n;

	place_find(l, offset, &at);
	if (at.before[0] != NULL && piece_end(at.before[0]) > offset) {
		limit = piece_end(at.before[0]) - offset;
		offset += limit;
		bytes = span_after(bytes, limit < bytes.n ? (size_t)limit :
		    bytes.n);
	}
	while (bytes.n > 0) {
		next = next_of(l, at.before[0], 0);
		n = bytes.n;
		if (next != NULL && next->offset - offset < n)
			n = (size_t)(next->offset - offset);
		last = NULL;
		if (n > 0) {
			last = piece_insert(l, &at, offset,
			    span_first(bytes, n), frame);
			if (last == NULL)
				return false;
		}
		bytes = span_after(bytes, n);
		offset += n;
		if (bytes.n == 0 || next == NULL)
			break;
		place_move(&at, next);
		n = next->length < bytes.n ? next->length : bytes.n;
		bytes = span_after(bytes, n);
		offset += n;
		last = NULL;
	}
	if (last != NULL)
		last->missing = missing;
	return true;
}
