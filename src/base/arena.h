#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

/*
 * Memory by lifetime: many small pieces, one free.  An arena has a limit at
 * birth; an allocation beyond it, or one that the system refuses, gives NULL
 * and sets `full`, which stays.  Callers that can say so report it as a cap
 * reached; none may go on as if it had worked.
 */
struct arena_block;

struct arena {
	uint8_t *at;    /* what is free of the last block, */
	size_t left;    /* within the limit */
	uint8_t *clean; /* from here on it is known to be zero */
	struct arena_block *last;
	size_t used; /* bytes handed out, alignment included */
	size_t limit;
	bool full;
};

void arena_init(struct arena *a, size_t limit);
/* Gives everything back; the arena can be used again. */
void arena_free(struct arena *a);
void arena_forget(struct arena *a);
/* Zeroed, aligned for any type.  NULL when n * size overflows or is over
 * the limit. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
void *arena_room_more(struct arena *a, size_t n, size_t size);
uint8_t *arena_bytes_more(struct arena *a, size_t n);

/* Forgets all pieces but keeps a block, for a per-packet arena.  Of most
 * packets there are none. */
static inline void
arena_reset(struct arena *a)
{
	if (a->used > 0 || a->full)
		arena_forget(a);
}

/* As arena_alloc(), for who fills all of it before reading: not zeroed. */
static inline void *
arena_room(struct arena *a, size_t n, size_t size)
{
	size_t pad = (0 - (uintptr_t)a->at) % _Alignof(max_align_t);
	size_t bytes = n * size + pad;
	uint8_t *p = a->at;

	if (p == NULL || n > UINT16_MAX || size > UINT16_MAX ||
	    bytes > a->left)
		return arena_room_more(a, n, size);
	a->at += bytes;
	a->left -= bytes;
	a->used += bytes;
	return p + pad;
}

/* Bytes that the caller writes before it reads them: neither zeroed nor
 * aligned. */
static inline uint8_t *
arena_bytes(struct arena *a, size_t n)
{
	uint8_t *p = a->at;

	if (p == NULL || n > a->left)
		return arena_bytes_more(a, n);
	a->at += n;
	a->left -= n;
	a->used += n;
	return p;
}

/* A copy that lives as long as the arena; empty (and `full`) on failure. */
struct span arena_copy(struct arena *a, struct span s);

#define arena_new(a, type) ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_array(a, n, type) ((type *)arena_alloc((a), (n), sizeof(type)))

#endif
