#include "base/slots.h"

#include <stdlib.h>
#include <string.h>

#define FIRST ((size_t)16)

static void
put(struct slots *s, uint64_t slot)
{
	size_t at = slots_first(s, slot);

	while (s->all[at] != 0)
		at = slots_next(s, at);
	s->all[at] = slot;
}

/*
 * To their new places in the doubled table, where they are: from a free slot
 * on, so that runs are met from their beginnings.  Each is then taken out
 * before it looks for a place, and finds one not behind that which it had,
 * counted from where it belongs in the first half or in the second: it never
 * passes one that is still to come, which would leave a hole before it.
 */
static void
spread(struct slots *s, size_t before)
{
	size_t from = 0;

	while (s->all[from] != 0)
		from++;
	for (size_t i = 1; i < before; i++) {
		size_t at = (from + i) & (before - 1);
		uint64_t slot = s->all[at];

		s->all[at] = 0;
		if (slot != 0)
			put(s, slot);
	}
}

/* More of the same memory: large pieces of it are not copied, and what was
 * there need not come anew. */
static __attribute__((noinline)) bool
grow(struct slots *s)
{
	size_t before = s->size, size = before == 0 ? FIRST : before * 2;
	uint64_t *all;

	/* A place is found by 32 bits; a size has no more on some machines. */
	if ((size - 1) >> 16 >> 16 != 0 || size > SIZE_MAX / sizeof(*all))
		return false;
	all = realloc(s->all, size * sizeof(*all));
	if (all == NULL)
		return false;
	memset(all + before, 0, (size - before) * sizeof(*all));
	*s = (struct slots){ all, size };
	if (before > 0)
		spread(s, before);
	return true;
}

size_t
slots_guess(const struct slots *s, uint64_t hash)
{
	for (size_t at = slots_first(s, hash); slots_taken(s, at);
	    at = slots_next(s, at))
		if (slots_may_be(s, at, hash))
			return slots_number(s, at);
	return SIZE_MAX;
}

bool
slots_add(struct slots *s, uint64_t hash, size_t n)
{
	if (n >= UINT32_MAX || (2 * (n + 1) > s->size && !grow(s)))
		return false;
	put(s, (hash & ~(uint64_t)UINT32_MAX) | (n + 1));
	return true;
}

void
slots_free(struct slots *s)
{
	free(s->all);
	*s = (struct slots){ NULL, 0 };
}
