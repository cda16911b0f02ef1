#include "analysis/dns_map.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/lines.h"

#define ENTRIES_MAX 50000

_Static_assert(sizeof(struct dns_map_entry) == LINE, "an entry is a line");

/* Memory that nobody touches costs nothing. */
__attribute__((cold)) bool
dns_map_init(struct dns_map *m)
{
	table_init(&m->owners, 0, ENTRIES_MAX);
	/* Some more, that one may point to. */
	m->at = lines_new(ENTRIES_MAX + DNS_SAID);
	m->first = calloc(ENTRIES_MAX, sizeof(*m->first));
	return m->at != NULL && m->first != NULL;
}

__attribute__((cold)) void
dns_map_free(struct dns_map *m)
{
	slots_free(&m->slots);
	table_free(&m->owners);
	lines_free(m->at);
	free(m->first);
}

/* ---- What waits --------------------------------------------------------- */

/* Records of one owner stand together. */
static bool
name_keep(struct dns_answer *answer, struct dns_said *said, struct span name)
{
	said->same = answer->n > 0 && name.p == answer->last &&
	    name.n == said[-1].name_bytes;
	if (said->same) {
		said->name = said[-1].name;
		said->name_bytes = said[-1].name_bytes;
		return true;
	}
	if (name.n > sizeof(answer->text) - answer->n_text)
		return false;
	said->name = answer->n_text;
	said->name_bytes = (uint8_t)name.n;
	bytes_copy(answer->text + said->name, name.p, name.n);
	answer->n_text = (uint8_t)(answer->n_text + name.n);
	answer->last = name.p;
	return true;
}

/* The name that a PTR record gives to an address. */
static __attribute__((cold)) bool
reverse_read(const struct dns_message *m, const struct dns_record *r,
    struct arena *arena, struct addr *addr, struct span *name)
{
	struct dns_name reverse BYTES_UNSET;

	if (!dns_name_address(r->owner->key, addr) ||
	    !dns_record_name(m, r, arena, &reverse))
		return false;
	*name = reverse.key;
	return true;
}

/* What a record tells of an address, and of which name; false: nothing. */
static inline bool
told_by(const struct dns_message *m, const struct dns_record *r,
    struct arena *arena, struct addr *addr, struct span *name)
{
	*name = r->owner->key;
	if (r->class != 1 || r->owner->bad)
		return false;
	return dns_record_address(r, addr) || (r->type == DNS_TYPE_PTR &&
	    reverse_read(m, r, arena, addr, name));
}

size_t
dns_answer_add(struct dns_answer *answer, const struct dns_message *m,
    size_t from, struct arena *arena)
{
	const struct dns_name *asked = m->n_questions > 0 ?
	    m->questions[0].name : NULL;
	struct dns_said *said = &answer->said[answer->n];
	struct span name;

	for (; from < m->n_records; from++) {
		const struct dns_record *r = &m->records[from];

		if (!told_by(m, r, arena, &said->addr, &name))
			continue;
		if (answer->n == DNS_SAID)
			return from;
		said->reverse = r->type == DNS_TYPE_PTR;
		/* Most owners are the name that was asked for. */
		said->of_question = !said->reverse && r->owner == asked;
		if (said->of_question)
			answer->last = NULL;
		else if (!name_keep(answer, said, name))
			return from;
		said->ttl = r->ttl;
		answer->n++;
		said++;
	}
	return from;
}

/* ---- What it tells ------------------------------------------------------ */

static struct span
said_name(const struct dns_answer *answer, const struct dns_said *said)
{
	return said->of_question ? answer->name :
	    span_of(answer->text + said->name, said->name_bytes);
}

/* No other keys are in this table. */
static uint64_t
entry_hash(const struct dns_said *said, uint64_t name_hash)
{
	uint64_t words[3];

	words[0] = name_hash + ((uint64_t)said->reverse << 8 |
	    said->addr.kind);
	memcpy(&words[1], said->addr.bytes, sizeof(said->addr.bytes));
	return hash_words(words, said->addr.kind == ADDR_IPV4 ? 2 : 3);
}

static inline bool
is_address(const struct dns_map_entry *e, const struct dns_said *said)
{
	return e->reverse == said->reverse &&
	    addr_equal(&e->addr, &said->addr);
}

/* `owner` is the name, when that is known. */
static inline bool
is_entry(const struct dns_map *map, size_t i, const struct dns_said *said,
    struct span name, const uint8_t *owner)
{
	const struct dns_map_entry *e = &map->at[i];

	if (!is_address(e, said))
		return false;
	if (owner != NULL)
		return e->owner == owner;
	return e->owner_bytes == name.n &&
	    bytes_equal(e->owner, name.p, name.n);
}

static uint32_t
entry_new(struct dns_map *map, const struct dns_answer *answer,
    const struct dns_said *said, struct span owner, uint64_t hash)
{
	if (owner.n > UINT16_MAX || !slots_add(&map->slots, hash, map->n)) {
		map->refused++;
		return DNS_NOBODY;
	}
	map->at[map->n] = (struct dns_map_entry){
		.owner = owner.p,
		.owner_bytes = (uint16_t)owner.n,
		.ttl_least = said->ttl,
		.next = (uint32_t)map->n + 1,
		.reverse = said->reverse,
		.addr = said->addr,
	};
	map->first[map->n] = (struct dns_map_first){ answer->time,
		answer->frame };
	return (uint32_t)map->n++;
}

static __attribute__((noinline)) uint32_t
entry_find(struct dns_map *map, const struct dns_answer *answer,
    const struct dns_said *said, struct span name, const uint8_t *owner)
{
	const struct slots *s = &map->slots;
	uint64_t name_hash = said->of_question ? answer->hash :
	    hash_text(name);
	uint64_t hash = entry_hash(said, name_hash);
	size_t i = SIZE_MAX;

	for (size_t at = slots_first(s, hash); slots_taken(s, at);
	    at = slots_next(s, at))
		if (slots_may_be(s, at, hash) && is_entry(map,
		    slots_number(s, at), said, name, owner))
			return (uint32_t)slots_number(s, at);
	if (map->n < ENTRIES_MAX && owner == NULL)
		i = table_intern_hashed(&map->owners, name, name_hash);
	if (map->n == ENTRIES_MAX || (owner == NULL && i == SIZE_MAX)) {
		map->refused++;
		return DNS_NOBODY;
	}
	return entry_new(map, answer, said, owner != NULL ?
	    span_of(owner, name.n) : table_key(&map->owners, i), hash);
}

static void
entry_update(struct dns_map_entry *e, const struct dns_answer *answer,
    const struct dns_said *said)
{
	e->seen++;
	e->last_frame = answer->frame;
	e->last = answer->time;
	if (said->ttl < e->ttl_least)
		e->ttl_least = said->ttl;
}

/* What answered before is found without a look-up. */
void
dns_map_prefetch(const struct dns_map *map, const struct dns_answer *answer,
    const struct dns_known *known)
{
	uint32_t first = known->first[answer->aaaa];

	if (known->owner == NULL)
		table_prefetch_slot(&map->owners, answer->hash);
	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_said *said = &answer->said[i];

		uint64_t hash = answer->hash;

		if (first != DNS_NOBODY) {
			fetch(&map->at[first + i]);
			continue;
		}
		if (!said->of_question) {
			hash = hash_text(said_name(answer, said));
			table_prefetch_slot(&map->owners, hash);
		}
		slots_prefetch(&map->slots, entry_hash(said, hash));
	}
}

void
dns_map_prefetch_owner(const struct dns_map *map,
    const struct dns_answer *answer, const struct dns_known *known)
{
	uint32_t first = known->first[answer->aaaa];

	if (first < map->n)
		fetch(map->at[first].owner);
}

void
dns_map_learn(struct dns_map *map, const struct dns_answer *answer,
    struct dns_known *known)
{
	struct dns_known nothing = dns_known_nothing();
	const uint8_t *owner = NULL;
	uint32_t *from, i;

	if (known == NULL)
		known = &nothing;
	from = &known->first[answer->aaaa];
	for (size_t k = 0; k < answer->n; k++) {
		const struct dns_said *said = &answer->said[k];
		struct span name = said_name(answer, said);

		if (said->of_question)
			owner = known->owner;
		else if (!said->same)
			owner = NULL;
		i = *from;
		if (i >= map->n || !is_entry(map, i, said, name, owner))
			i = entry_find(map, answer, said, name, owner);
		if (i == DNS_NOBODY)
			continue;
		entry_update(&map->at[i], answer, said);
		owner = map->at[i].owner;
		if (said->of_question)
			known->owner = owner;
		*from = i;
		from = &map->at[i].next;
	}
}

__attribute__((cold)) void
dns_map_learn_alone(struct dns_map *map, const struct dns_answer *answer,
    const struct dns_message *m, const struct dns_record *r,
    struct arena *arena)
{
	struct dns_answer alone = { .frame = answer->frame,
		.time = answer->time, .n = 1 };
	struct dns_said *said = &alone.said[0];

	if (!told_by(m, r, arena, &said->addr, &alone.name))
		return;
	said->reverse = r->type == DNS_TYPE_PTR;
	said->ttl = r->ttl;
	/* As if it had been asked for: then it need not be kept. */
	said->of_question = true;
	alone.hash = hash_text(alone.name);
	dns_map_learn(map, &alone, NULL);
}

/* ---- The answer --------------------------------------------------------- */

static uint64_t
entry_rank(const void *context, size_t i)
{
	const struct dns_map *m = context;

	return m->at[i].seen;
}

static __attribute__((cold)) void
entry_row(const struct dns_map *m, size_t i, struct json *j)
{
	const struct dns_map_entry *e = &m->at[i];

	json_span(j, NULL, span_of(e->owner, e->owner_bytes));
	json_addr(j, NULL, &e->addr);
	json_text(j, NULL, e->reverse ? "PTR" :
	    e->addr.kind == ADDR_IPV4 ? "A" : "AAAA");
	json_uint(j, NULL, e->seen);
	json_time(j, NULL, m->first[i].time);
	json_time(j, NULL, e->last);
	json_uint(j, NULL, e->ttl_least);
	json_uint(j, NULL, m->first[i].frame);
	json_uint(j, NULL, e->last_frame);
}

__attribute__((cold)) void
dns_map_report(const struct dns_map *m, struct json *j, size_t max_bytes)
{
	uint32_t *order = ranked_order(m->n, entry_rank, m);
	struct ranked r;

	ranked_begin(&r, j, "addresses", "name address from seen first_seen "
	    "last_seen least_ttl_seconds first_frame last_frame",
	    order == NULL ? 0 : m->n, max_bytes);
	for (size_t i = 0; order != NULL && i < r.total &&
	    ranked_row(&r); i++) {
		entry_row(m, order[i], j);
		ranked_row_end(&r);
	}
	ranked_end(&r);
	free(order);
}
