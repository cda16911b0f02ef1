#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/arena.h"
#include "base/slots.h"

/*
 * The one hash table: keyed by bytes, open addressing, entries numbered in
 * the order of insertion (so iteration is a `for` and reports are stable).
 * Keys are copied into the table's own arena; values are `value_size` zeroed
 * bytes at a stable address.  The hash is keyed with secrets drawn once a
 * process (hash_key_init), so colliding keys cannot be prepared.
 *
 * `max_entries` is the cap: table_add() of a new key beyond it gives NULL and
 * counts `refused`.  The report must tell it when it is not 0.
 */
struct table {
	struct arena arena;
	struct slots slots;
	struct table_entry *entries;
	size_t n, size, value_size, max_entries;
	uint64_t refused;
};

/* The value and behind it, from a place aligned for any type, the key. */
struct table_entry {
	uint8_t *at;
	size_t key_bytes;
};

void table_init(struct table *t, size_t value_size, size_t max_entries);
void table_free(struct table *t);
/* The value for `key`, or NULL. */
void *table_find(const struct table *t, struct span key);
/* The value for `key`, new and zeroed if need be; NULL at the cap. */
void *table_add(struct table *t, struct span key);
/* Number of the entry of `key`, counted from 0; SIZE_MAX when absent or
 * refused. */
size_t table_index(const struct table *t, struct span key);
size_t table_intern(struct table *t, struct span key);
/* The same by a hash that the caller has: of all keys of a table by the same
 * function under the process's secret. */
size_t table_intern_hashed(struct table *t, struct span key, uint64_t hash);
size_t table_index_hashed(const struct table *t, struct span key,
    uint64_t hash);

static inline struct span
table_key(const struct table *t, size_t i)
{
	const struct table_entry *entry = &t->entries[i];
	size_t value = (t->value_size + 15) / 16 * 16;

	return span_of(entry->at + value, entry->key_bytes);
}

static inline void *
table_value(const struct table *t, size_t i)
{
	return t->entries[i].at;
}

/* For who knows a hash some time before the look-up, in this order: the slot
 * is on its way; then the entry that most likely has the key, SIZE_MAX for
 * none; then what that one points to. */
static inline void
table_prefetch_slot(const struct table *t, uint64_t hash)
{
	slots_prefetch(&t->slots, hash);
}

static inline size_t
table_guess(const struct table *t, uint64_t hash)
{
	size_t i = slots_guess(&t->slots, hash);

	if (i != SIZE_MAX)
		fetch(&t->entries[i]);
	return i;
}

static inline void
table_prefetch(const struct table *t, size_t i)
{
	const struct table_entry *entry = &t->entries[i];

	fetch(entry->at);
	fetch(entry->at + entry->key_bytes);
}

/* Draws the process's key from the system's generator; idempotent.  Call it
 * before the first table and before any fork. */
void hash_key_init(void);
/* SipHash-1-3 under the secret: nobody who does not know it can choose keys
 * that collide. */
uint64_t hash_bytes(struct span s);
/* Multiplications folded, under the secret, for the index of flows: quicker,
 * and safe from those who see no hashes. */
uint64_t hash_words(const uint64_t *words, size_t n);
uint64_t hash_word(uint64_t word);
/* The same of bytes, for look-ups by millions. */
uint64_t hash_text(struct span s);

/*
 * Merge sort, stable, O(n log n) whatever the order of the input: libc's is
 * not to be trusted with arrays of an attacker's size, and glibc's asks how
 * much memory there is, for which the sandbox ends a worker.  `order` is
 * filled with the numbers 0..n-1 sorted by `compare(context, a, b)`;
 * `scratch` has n places.
 */
void sort_order(uint32_t *order, uint32_t *scratch, size_t n,
    int (*compare)(const void *context, uint32_t a, uint32_t b),
    const void *context);

#endif
