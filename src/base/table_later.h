#ifndef BASE_TABLE_LATER_H
#define BASE_TABLE_LATER_H

#include "base/table.h"

/*
 * Look-ups put off until some have come together, so that the memory they
 * need is on its way when they are made; they are made in the order in which
 * they came, so tables and counts are those of looking up at once.  For
 * tables that are larger than the caches and asked once a packet.  Whoever
 * needs the number of the entry at once says table_intern().
 *
 *	n = table_later_add(l, t, key);    n < TABLE_LATER: remember under n
 *	if (table_later_full(l))           what it is for
 *		settle: table_later_come(l, t), then for each i < l->n in
 *		order at = table_later_intern(l, t, i), and table_later_end(l)
 */
#define TABLE_LATER 16
#define TABLE_LATER_KEY 96 /* longer keys are not for later */

struct table_later {
	size_t n;
	struct {
		uint64_t hash;
		uint32_t bytes;
		uint8_t key[TABLE_LATER_KEY];
	} wait[TABLE_LATER];
};

/* The key's place, TABLE_LATER when it is too long: settle, then look it up
 * at once. */
size_t table_later_add(struct table_later *l, const struct table *t,
    struct span key);
/* The same where the table's hash of the key is known. */
size_t table_later_add_hashed(struct table_later *l, const struct table *t,
    struct span key, uint64_t hash);
/* For tables that are only asked so: the hash is hash_words(), of the key and
 * zeroes up to a whole word. */
size_t table_later_add_words(struct table_later *l, const struct table *t,
    struct span key);
/* Fetches what the look-ups will read. */
void table_later_come(const struct table_later *l, const struct table *t);
/* As table_intern() and table_index() of the i-th key. */
size_t table_later_intern(const struct table_later *l, struct table *t,
    size_t i);
size_t table_later_index(const struct table_later *l, const struct table *t,
    size_t i);

static inline bool
table_later_full(const struct table_later *l)
{
	return l->n == TABLE_LATER;
}

static inline void
table_later_end(struct table_later *l)
{
	l->n = 0;
}

#endif
