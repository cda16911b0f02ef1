#include "base/table_later.h"

#include "base/bytes.h"

uint8_t *
table_later_room(struct table_later *l, size_t bytes)
{
	if (bytes > TABLE_LATER_KEY)
		return NULL;
	l->wait[l->n].bytes = (uint32_t)bytes;
	return l->wait[l->n].key;
}

size_t
table_later_fill(struct table_later *l, const struct table *t, uint64_t hash)
{
	l->wait[l->n].hash = hash;
	table_prefetch_slot(t, hash);
	return l->n++;
}

__attribute__((noinline)) size_t
table_later_add_hashed(struct table_later *l, const struct table *t,
    struct span key, uint64_t hash)
{
	uint8_t *room = table_later_room(l, key.n);

	if (room == NULL)
		return TABLE_LATER;
	bytes_copy(room, key.p, key.n);
	return table_later_fill(l, t, hash);
}

size_t
table_later_add_words(struct table_later *l, const struct table *t,
    struct span key)
{
	uint64_t words[TABLE_LATER_KEY / 8] = { 0 };

	if (key.n > sizeof(words))
		return TABLE_LATER;
	bytes_copy((uint8_t *)words, key.p, key.n);
	return table_later_add_hashed(l, t, key,
	    hash_words(words, (key.n + 7) / 8));
}

size_t
table_later_add(struct table_later *l, const struct table *t, struct span key)
{
	return table_later_add_hashed(l, t, key, hash_bytes(key));
}

void
table_later_come(const struct table_later *l, const struct table *t)
{
	size_t guesses[TABLE_LATER] BYTES_UNSET;

	for (size_t i = 0; i < l->n; i++)
		guesses[i] = table_guess(t, l->wait[i].hash);
	for (size_t i = 0; i < l->n; i++)
		if (guesses[i] != SIZE_MAX)
			table_prefetch(t, guesses[i]);
}

size_t
table_later_intern(const struct table_later *l, struct table *t, size_t i)
{
	return table_intern_hashed(t, span_of(l->wait[i].key,
	    l->wait[i].bytes), l->wait[i].hash);
}

size_t
table_later_index(const struct table_later *l, const struct table *t, size_t i)
{
	return table_index_hashed(t, span_of(l->wait[i].key,
	    l->wait[i].bytes), l->wait[i].hash);
}
