#include "base/word_set.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fetch.h"
#include "base/lines.h"

#define FIRST ((size_t)64)

void
word_set_init(struct word_set *s, size_t max,
    void (*is_new)(void *context, uint32_t whose), void *context)
{
	*s = (struct word_set){ .max = max, .key = fold_key_make(),
		.is_new = is_new, .context = context };
}

void
word_set_free(struct word_set *s)
{
	free(s->all);
	s->all = NULL;
	s->size = s->n = s->n_later = 0;
}

static inline uint64_t *
first_place(const struct word_set *s, uint64_t word)
{
	return s->all + ((size_t)fold_pair(&s->key, word, word >> 32) &
	    (s->size - 1));
}

/* Where it is, or the free place where it would go. */
static inline uint64_t *
place_of(const struct word_set *s, uint64_t word)
{
	uint64_t *at = first_place(s, word), *end = s->all + s->size;

	while (*at != 0 && *at != word + 1)
		if (++at == end)
			at = s->all;
	return at;
}

static bool
grow(struct word_set *s)
{
	struct word_set more = *s;

	more.size = s->size == 0 ? FIRST : s->size * 2;
	more.all = lines_words_new(more.size);
	if (more.all == NULL)
		return false;
	for (size_t i = 0; i < s->size; i++)
		if (s->all[i] != 0)
			*place_of(&more, s->all[i] - 1) = s->all[i];
	free(s->all);
	s->all = more.all;
	s->size = more.size;
	return true;
}

static void
add(struct word_set *s, uint64_t word, uint32_t whose)
{
	uint64_t *at = s->size == 0 ? NULL : place_of(s, word);

	if (at != NULL && *at != 0)
		return;
	if (s->n == s->max || (2 * (s->n + 1) > s->size && !grow(s))) {
		s->refused++;
		return;
	}
	*place_of(s, word) = word + 1;
	s->n++;
	s->is_new(s->context, whose);
}

void
word_set_settle(struct word_set *s)
{
	for (size_t i = 0; i < s->n_later; i++)
		add(s, s->later[i].word, s->later[i].whose);
	s->n_later = 0;
}

void
word_set_add(struct word_set *s, uint64_t word, uint32_t whose)
{
	word -= word == UINT64_MAX;
	if (s->size > 0)
		fetch(first_place(s, word));
	s->later[s->n_later++] = (struct word_later){ word, whose };
	if (s->n_later == WORD_SET_LATER)
		word_set_settle(s);
}
