#include "base/table_later.h"

#include "base/bytes.h"

size_t
table_later_add(struct table_later *l, const struct table *t, struct span key)
{
	size_t at = l->n;

	if (key.n > TABLE_LATER_KEY)
		return TABLE_LATER;
	l->wait[at].hash = hash_bytes(key);
	l->wait[at].bytes = (uint32_t)key.n;
	bytes_copy(l->wait[at].key, key.p, key.n);
	table_prefetch_slot(t, l->wait[at].hash);
	l->n++;
	return at;
}

void
table_later_come(const struct table_later *l, const struct table *t)
{
	const struct table_entry *entries[TABLE_LATER];

	for (size_t i = 0; i < l->n; i++) {
		entries[i] = table_guess(t, l->wait[i].hash);
		if (entries[i] != NULL)
			__builtin_prefetch(entries[i]);
	}
	for (size_t i = 0; i < l->n; i++) {
		if (entries[i] == NULL)
			continue;
		__builtin_prefetch(entries[i]->key.p);
		__builtin_prefetch(entries[i]->value);
	}
}

size_t
table_later_intern(const struct table_later *l, struct table *t, size_t i)
{
	return table_intern_hashed(t, span_of(l->wait[i].key,
	    l->wait[i].bytes), l->wait[i].hash);
}
