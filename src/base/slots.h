#ifndef BASE_SLOTS_H
#define BASE_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fetch.h"

/*
 * The index of a hash table whose entries are numbered and lie somewhere
 * else.  A slot holds the number and the high half of the hash, by which it
 * has its place, so that most misses end without a look at an entry and more
 * room is made without one.  At most half of the slots are taken:
 *
 *	for (at = slots_first(s, hash); slots_taken(s, at);
 *	    at = slots_next(s, at))
 *		if (slots_may_be(s, at, hash) &&
 *		    entry slots_number(s, at) has the key)
 *			found
 */
struct slots {
	uint64_t *all;   /* 0: free */
	size_t size;     /* a power of two, or 0 */
};

static inline size_t
slots_first(const struct slots *s, uint64_t hash)
{
	return (size_t)(hash >> 32) & (s->size - 1);
}

static inline size_t
slots_next(const struct slots *s, size_t at)
{
	return (at + 1) & (s->size - 1);
}

static inline bool
slots_taken(const struct slots *s, size_t at)
{
	return s->size > 0 && s->all[at] != 0;
}

static inline bool
slots_may_be(const struct slots *s, size_t at, uint64_t hash)
{
	return (s->all[at] ^ hash) >> 32 == 0;
}

static inline size_t
slots_number(const struct slots *s, size_t at)
{
	return (uint32_t)s->all[at] - 1;
}

/* For who knows a hash some time before the look-up: the slot is on its way;
 * then the entry that most likely has the key, SIZE_MAX for none. */
static inline void
slots_prefetch(const struct slots *s, uint64_t hash)
{
	if (s->size > 0)
		fetch(&s->all[slots_first(s, hash)]);
}

size_t slots_guess(const struct slots *s, uint64_t hash);

/* The next number, `n`, has this hash: false without memory, and nothing
 * changed. */
bool slots_add(struct slots *s, uint64_t hash, size_t n);
void slots_free(struct slots *s);

#endif
