#include "base/table.h"

#include <stdlib.h>

#include "base/bytes.h"

/*
 * A slot is two words: the high half of the hash, then the number of the
 * entry plus one, 0 being free.  Most misses end at the half hash, without a
 * look at the entry.  At most half of the slots are taken.
 */
#define SLOTS_FIRST ((size_t)16)
#define ENTRIES_MAX ((size_t)INT32_MAX)

void
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

void
table_free(struct table *t)
{
	arena_free(&t->arena);
	free(t->slots);
	free(t->entries);
	table_init(t, t->value_size, t->max_entries);
}

static uint32_t
half(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static bool
is_key(const struct table_entry *entry, struct span key)
{
	return entry->key.n == key.n && bytes_equal(entry->key.p, key.p, key.n);
}

/* The slot that holds `key`, or the free one where it would go.  There is
 * one: the table is never full. */
static uint32_t *
slot_of(const struct table *t, struct span key, uint64_t hash)
{
	size_t mask = t->n_slots - 1;

	for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
		uint32_t *slot = t->slots + 2 * i;

		if (slot[1] == 0)
			return slot;
		if (slot[0] == half(hash) &&
		    is_key(&t->entries[slot[1] - 1], key))
			return slot;
	}
}

size_t
table_index_hashed(const struct table *t, struct span key, uint64_t hash)
{
	uint32_t *slot;

	if (t->n == 0)
		return SIZE_MAX;
	slot = slot_of(t, key, hash);
	return slot[1] == 0 ? SIZE_MAX : slot[1] - 1;
}

size_t
table_index(const struct table *t, struct span key)
{
	return t->n == 0 ? SIZE_MAX :
	    table_index_hashed(t, key, hash_bytes(key));
}

void *
table_find(const struct table *t, struct span key)
{
	size_t i = table_index(t, key);

	return i == SIZE_MAX ? NULL : t->entries[i].value;
}

#define PAGE 4096

/* All will be used: pages that are read before they are written would each
 * come twice. */
static uint32_t *
slots_new(size_t n)
{
	uint32_t *slots = calloc(n, 2 * sizeof(*slots));
	volatile uint32_t *page = slots;

	if (slots == NULL)
		return NULL;
	for (size_t i = 0; i < 2 * n; i += PAGE / sizeof(*slots))
		page[i] = 0;
	return slots;
}

static bool
grow_slots(struct table *t)
{
	size_t n = t->n_slots == 0 ? SLOTS_FIRST : t->n_slots * 2;
	uint32_t *slots;

	if (n > SIZE_MAX / 16)
		return false;
	slots = slots_new(n);
	if (slots == NULL)
		return false;
	for (size_t i = 0; i < t->n; i++) {
		uint64_t hash = t->entries[i].hash;
		size_t at = (size_t)hash & (n - 1);

		while (slots[2 * at + 1] != 0)
			at = (at + 1) & (n - 1);
		slots[2 * at] = half(hash);
		slots[2 * at + 1] = (uint32_t)(i + 1);
	}
	free(t->slots);
	t->slots = slots;
	t->n_slots = n;
	return true;
}

static bool
grow_entries(struct table *t)
{
	size_t size = t->size == 0 ? SLOTS_FIRST / 2 : t->size * 2;
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
entry_fill(struct table *t, struct table_entry *entry, struct span key,
    uint64_t hash)
{
	entry->value = arena_alloc(&t->arena, 1, t->value_size);
	entry->key = arena_copy(&t->arena, key);
	entry->hash = hash;
	return entry->value != NULL && entry->key.n == key.n;
}

/* A new entry with room for it in all three places, or nothing changed. */
static size_t
append(struct table *t, struct span key, uint64_t hash)
{
	uint32_t *slot;

	if (t->n >= t->max_entries)
		return SIZE_MAX;
	if (t->n == t->size && !grow_entries(t))
		return SIZE_MAX;
	if (2 * (t->n + 1) > t->n_slots && !grow_slots(t))
		return SIZE_MAX;
	if (!entry_fill(t, &t->entries[t->n], key, hash))
		return SIZE_MAX;
	slot = slot_of(t, key, hash);
	slot[0] = half(hash);
	slot[1] = (uint32_t)(t->n + 1);
	return t->n++;
}

size_t
table_intern_hashed(struct table *t, struct span key, uint64_t hash)
{
	size_t i;

	if (t->n > 0) {
		uint32_t *slot = slot_of(t, key, hash);

		if (slot[1] != 0)
			return slot[1] - 1;
	}
	i = append(t, key, hash);
	if (i == SIZE_MAX)
		t->refused++;
	return i;
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

	return i == SIZE_MAX ? NULL : t->entries[i].value;
}
