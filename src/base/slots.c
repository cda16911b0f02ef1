#include "base/slots.h"

#include <stdlib.h>

#include "base/lines.h"

#define FIRST ((size_t)16)

static void
put(struct slots *s, uint64_t slot)
{
	size_t at = slots_first(s, slot);

	while (s->all[at] != 0)
		at = slots_next(s, at);
	s->all[at] = slot;
}

static bool
grow(struct slots *s)
{
	struct slots more = { NULL, s->size == 0 ? FIRST : s->size * 2 };

	/* A place is found by 32 bits; a size has no more on some machines. */
	if ((more.size - 1) >> 16 >> 16 != 0 ||
	    more.size > SIZE_MAX / sizeof(*more.all))
		return false;
	more.all = lines_words_new(more.size);
	if (more.all == NULL)
		return false;
	for (size_t i = 0; i < s->size; i++)
		if (s->all[i] != 0)
			put(&more, s->all[i]);
	free(s->all);
	*s = more;
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
