#include "analysis/dns_map.h"

#include <stdlib.h>

#include "base/bytes.h"

#define ENTRIES_MAX 50000
#define KEY_HEAD (1 + sizeof(struct addr))
#define NAME_MAX 1100 /* of escaped text */

bool
dns_map_init(struct dns_map *m)
{
	table_init(&m->entries, 0, ENTRIES_MAX);
	m->at = calloc(ENTRIES_MAX, sizeof(*m->at));
	return m->at != NULL;
}

void
dns_map_free(struct dns_map *m)
{
	table_free(&m->entries);
	free(m->at);
}

static void
entry_update(struct dns_map *map, size_t at, const struct dns_map_entry *new)
{
	struct dns_map_entry *e;

	if (at == SIZE_MAX)
		return;
	e = &map->at[at];
	if (at == map->n) {
		*e = *new;
		map->n++;
		return;
	}
	e->seen++;
	e->last_frame = new->last_frame;
	e->last = new->last;
	if (new->ttl_least < e->ttl_least)
		e->ttl_least = new->ttl_least;
}

void
dns_map_settle(struct dns_map *map)
{
	table_later_come(&map->later, &map->entries);
	for (size_t i = 0; i < map->later.n; i++)
		entry_update(map, table_later_intern(&map->later,
		    &map->entries, i), &map->waiting[i]);
	table_later_end(&map->later);
}

static void
key_write(uint8_t *key, const struct addr *a, bool reverse, struct span name)
{
	key[0] = reverse;
	memcpy(key + 1, a, sizeof(*a));
	bytes_copy(key + KEY_HEAD, name.p, name.n);
}

/* No other keys are in this table. */
static uint64_t
key_hash(const struct addr *a, bool reverse, uint64_t name_hash)
{
	uint64_t words[4] = { name_hash };

	memcpy(&words[1], a->bytes, sizeof(a->bytes));
	words[3] = (uint64_t)reverse << 8 | a->kind;
	return hash_words(words, LENGTH(words));
}

/* A name that may not wait. */
static void
entry_add_long(struct dns_map *map, const struct addr *a, bool reverse,
    struct span name, uint64_t hash, const struct dns_map_entry *new)
{
	uint8_t key[KEY_HEAD + NAME_MAX] BYTES_UNSET;

	if (name.n > NAME_MAX)
		return;
	key_write(key, a, reverse, name);
	dns_map_settle(map);
	entry_update(map, table_intern_hashed(&map->entries, span_of(key,
	    KEY_HEAD + name.n), hash), new);
}

static void
entry_add(struct dns_map *map, const struct addr *a, bool reverse,
    struct span name, uint64_t name_hash, const struct packet *p,
    uint32_t ttl)
{
	const struct dns_map_entry new = {
		.first = p->record->time, .last = p->record->time,
		.first_frame = p->record->number,
		.last_frame = p->record->number,
		.seen = 1, .ttl_least = ttl,
	};
	uint64_t hash = key_hash(a, reverse, name_hash);
	uint8_t *room = table_later_room(&map->later, KEY_HEAD + name.n);

	if (room == NULL) {
		entry_add_long(map, a, reverse, name, hash, &new);
		return;
	}
	key_write(room, a, reverse, name);
	map->waiting[table_later_fill(&map->later, &map->entries, hash)] =
	    new;
	if (table_later_full(&map->later))
		dns_map_settle(map);
}

/* Most owners are the name that was asked for. */
static uint64_t
owner_hash(const struct dns_message *m, const struct dns_record *r,
    uint64_t asked)
{
	if (m->n_questions > 0 &&
	    m->questions[0].name.key.p == r->owner.key.p &&
	    m->questions[0].name.key.n == r->owner.key.n)
		return asked;
	return hash_text(r->owner.key);
}

void
dns_map_add(struct dns_map *map, const struct dns_message *m,
    const struct dns_record *r, uint64_t name_hash, const struct packet *p)
{
	struct dns_name name BYTES_UNSET;
	struct addr a BYTES_UNSET;

	if (r->class != 1 || r->owner.bad)
		return;
	if (dns_record_address(r, &a))
		entry_add(map, &a, false, r->owner.key,
		    owner_hash(m, r, name_hash), p, r->ttl);
	else if (r->type == DNS_TYPE_PTR &&
	    dns_name_address(r->owner.key, &a) &&
	    dns_record_name(m, r, p->arena, &name))
		entry_add(map, &a, true, name.key, hash_text(name.key), p,
		    r->ttl);
}

static uint64_t
entry_rank(const void *context, size_t i)
{
	const struct dns_map *m = context;

	return m->at[i].seen;
}

static void
entry_row(const struct dns_map *m, size_t i, struct json *j)
{
	const struct dns_map_entry *e = &m->at[i];
	struct span key = table_key(&m->entries, i);
	struct cursor c = cur_open(key);
	bool reverse = cur_u8(&c) != 0;
	struct addr a;

	memcpy(&a, cur_take(&c, sizeof(a)).p, sizeof(a));
	json_span(j, NULL, span_after(key, KEY_HEAD));
	json_addr(j, NULL, &a);
	json_text(j, NULL, reverse ? "PTR" :
	    a.kind == ADDR_IPV4 ? "A" : "AAAA");
	json_uint(j, NULL, e->seen);
	json_time(j, NULL, e->first);
	json_time(j, NULL, e->last);
	json_uint(j, NULL, e->ttl_least);
	json_uint(j, NULL, e->first_frame);
	json_uint(j, NULL, e->last_frame);
}

void
dns_map_report(const struct dns_map *m, struct json *j, size_t max_bytes)
{
	uint32_t *order = ranked_order(m->entries.n, entry_rank, m);
	struct ranked r;

	ranked_begin(&r, j, "addresses", "name address from seen first_seen "
	    "last_seen least_ttl_seconds first_frame last_frame",
	    order == NULL ? 0 : m->entries.n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		entry_row(m, order[i], j);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}
