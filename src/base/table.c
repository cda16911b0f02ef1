#include "base/table.h"

#include <stdlib.h>

#include "base/bytes.h"

#define ENTRIES_FIRST ((size_t)8)
#define ENTRIES_MAX ((size_t)INT32_MAX)

__attribute__((cold)) void
table_init(struct table *t, size_t value_size, size_t max_entries)
{
	hash_key_init();
	*t = (struct table){
		.value_size = value_size,
		.max_entries =
		    max_entries < ENTRIES_MAX ? max_entries : ENTRIES_MAX,
	};
	arena_init(&t->arena, SIZE_MAX);
}

__attribute__((cold)) void
table_free(struct table *t)
{
	arena_free(&t->arena);
	slots_free(&t->slots);
	free(t->entries);
	table_init(t, t->value_size, t->max_entries);
}

static __attribute__((noinline)) size_t
find(const struct table *t, struct span key, uint64_t hash)
{
	const struct slots *s = &t->slots;

	for (size_t at = slots_first(s, hash); slots_taken(s, at);
	    at = slots_next(s, at)) {
		struct span other;

		if (!slots_may_be(s, at, hash))
			continue;
		other = table_key(t, slots_number(s, at));
		if (other.n == key.n && bytes_equal(other.p, key.p, key.n))
			return slots_number(s, at);
	}
	return SIZE_MAX;
}

size_t
table_index_hashed(const struct table *t, struct span key, uint64_t hash)
{
	return find(t, key, hash);
}

size_t
table_index(const struct table *t, struct span key)
{
	return t->n == 0 ? SIZE_MAX : find(t, key, hash_bytes(key));
}

void *
table_find(const struct table *t, struct span key)
{
	size_t i = table_index(t, key);

	return i == SIZE_MAX ? NULL : table_value(t, i);
}

static __attribute__((cold)) bool
grow_entries(struct table *t)
{
	size_t size = t->size == 0 ? ENTRIES_FIRST : t->size * 2;
	size_t each = sizeof(struct table_entry);
	struct table_entry *entries;

	if (size > SIZE_MAX / each)
		return false;
	entries = realloc(t->entries, size * each);
	if (entries == NULL)
		return false;
	t->entries = entries;
	t->size = size;
	return true;
}

static bool
entry_fill(struct table *t, struct table_entry *entry, struct span key)
{
	size_t value = (t->value_size + 15) / 16 * 16;

	if (key.n > SIZE_MAX - value)
		return false;
	entry->key_bytes = key.n;
	entry->at = value == 0 ? arena_bytes(&t->arena, key.n) :
	    arena_alloc(&t->arena, 1, value + key.n);
	if (entry->at == NULL)
		return false;
	bytes_copy(entry->at + value, key.p, key.n);
	return true;
}

/* A new entry with room for it in all three places, or nothing changed. */
static __attribute__((noinline)) size_t
append(struct table *t, struct span key, uint64_t hash)
{
	if (t->n >= t->max_entries || (t->n == t->size && !grow_entries(t)) ||
	    !entry_fill(t, &t->entries[t->n], key) ||
	    !slots_add(&t->slots, hash, t->n)) {
		t->refused++;
		return SIZE_MAX;
	}
	return t->n++;
}

size_t
table_intern_hashed(struct table *t, struct span key, uint64_t hash)
{
	size_t i = find(t, key, hash);

	return i != SIZE_MAX ? i : append(t, key, hash);
}

size_t
table_intern(struct table *t, struct span key)
{
	return table_intern_hashed(t, key, hash_bytes(key));
}

void *
table_add(struct table *t, struct span key)
{
	size_t i = table_intern(t, key);

	return i == SIZE_MAX ? NULL : table_value(t, i);
}
