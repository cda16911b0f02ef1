#include "base/table_later.h"

#include "base/bytes.h"

__attribute__((noinline)) size_t
table_later_add_hashed(struct table_later *l, const struct table *t,
    struct span key, uint64_t hash)
{
	if (key.n > TABLE_LATER_KEY)
		return TABLE_LATER;
	l->wait[l->n].hash = hash;
	l->wait[l->n].bytes = (uint32_t)key.n;
	bytes_copy(l->wait[l->n].key, key.p, key.n);
	table_prefetch_slot(t, hash);
	return l->n++;
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
