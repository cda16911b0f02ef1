#include "analysis/dns_map.h"

#include <stdlib.h>

#define ENTRIES_MAX 50000
#define KEY_HEAD (1 + sizeof(struct addr))
#define NAME_MAX 1100 /* of escaped text */

void
dns_map_init(struct dns_map *m)
{
	table_init(&m->entries, sizeof(struct dns_map_entry), ENTRIES_MAX);
}

void
dns_map_free(struct dns_map *m)
{
	table_free(&m->entries);
}

static void
entry_add(struct dns_map *map, const struct dns_map_entry *new,
    struct span name)
{
	uint8_t key[KEY_HEAD + NAME_MAX];
	struct dns_map_entry *e;

	if (name.n > NAME_MAX)
		return;
	key[0] = new->reverse;
	memcpy(key + 1, &new->address, sizeof(new->address));
	memcpy(key + KEY_HEAD, name.p, name.n);
	e = table_add(&map->entries, span_of(key, KEY_HEAD + name.n));
	if (e == NULL)
		return;
	if (e->seen++ == 0) {
		*e = *new;
		e->seen = 1;
		return;
	}
	e->last_frame = new->last_frame;
	e->last = new->last;
	if (new->ttl_least < e->ttl_least)
		e->ttl_least = new->ttl_least;
	if (new->ttl_most > e->ttl_most)
		e->ttl_most = new->ttl_most;
}

void
dns_map_add(struct dns_map *map, const struct dns_message *m,
    const struct dns_record *r, struct arena *arena, uint64_t frame,
    struct timestamp time)
{
	struct dns_map_entry e = {
		.first_frame = frame, .last_frame = frame,
		.first = time, .last = time,
		.ttl_least = r->ttl, .ttl_most = r->ttl,
	};
	struct dns_name name;

	if (r->class != 1 || r->owner.bad)
		return;
	if (dns_record_address(r, &e.address)) {
		entry_add(map, &e, r->owner.key);
		return;
	}
	e.reverse = true;
	if (r->type == DNS_TYPE_PTR &&
	    dns_name_address(r->owner.key, &e.address) &&
	    dns_record_name(m, r, arena, &name))
		entry_add(map, &e, name.key);
}

static uint64_t
entry_rank(const void *value)
{
	const struct dns_map_entry *e = value;

	return e->seen;
}

static void
entry_row(const struct dns_map *m, size_t i, struct json *j)
{
	const struct dns_map_entry *e = table_value(&m->entries, i);

	json_span(j, NULL, span_after(table_key(&m->entries, i), KEY_HEAD));
	json_addr(j, NULL, &e->address);
	json_text(j, NULL, e->reverse ? "PTR" :
	    e->address.kind == ADDR_IPV4 ? "A" : "AAAA");
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
	uint32_t *order = ranked_order(&m->entries, entry_rank);
	struct ranked r;

	ranked_begin(&r, j, "addresses", "name address from seen first_seen "
	    "last_seen least_ttl_seconds first_frame last_frame",
	    order == NULL ? 0 : m->entries.n, max_bytes);
	for (size_t i = 0; i < r.total && ranked_row(&r); i++) {
		entry_row(m, order[i], j);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}
