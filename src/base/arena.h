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
	struct arena_block *last;
	size_t used; /* bytes handed out, alignment included */
	size_t limit;
	bool full;
};

void arena_init(struct arena *a, size_t limit);
/* Gives everything back; the arena can be used again. */
void arena_free(struct arena *a);
/* Forgets all pieces but keeps a block, for a per-packet arena. */
void arena_reset(struct arena *a);
/* Zeroed, aligned for any type.  NULL when n * size overflows or is over
 * the limit. */
void *arena_alloc(struct arena *a, size_t n, size_t size);
/* Bytes that the caller writes before it reads them: neither zeroed nor
 * aligned. */
uint8_t *arena_bytes(struct arena *a, size_t n);
/* A copy that lives as long as the arena; empty (and `full`) on failure. */
struct span arena_copy(struct arena *a, struct span s);

#define arena_new(a, type) ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_array(a, n, type) ((type *)arena_alloc((a), (n), sizeof(type)))

#endif
