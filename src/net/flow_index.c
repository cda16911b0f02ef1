#include "net/flow_hash.h"
#include "net/flow_start.h"

#define FIRST_BITS 10 /* slots at the start */
#define MANY_BITS 18
#define PAGE 4096
#define UNITS ((size_t)1 << FLOW_PART_BITS)
/* The first flows, and often the only ones, are a part of their own, on small
 * pages; the others are on a huge one. */
#define FIRST_UNITS ((size_t)4096)
#define FIRST (FIRST_UNITS * FLOW_UNIT)
/* Where what is of the whole part has its page, of any size. */
#define PART_END (FLOW_PART_AT + ((size_t)64 << 10))

_Static_assert(sizeof(struct flow) == FLOW_UNIT, "two flows are a line");
_Static_assert(sizeof(struct flow_start) == FLOW_UNIT, "so is this and a flow");
_Static_assert(sizeof(struct flow_body) <= FLOW_LINE, "and the rest");

__attribute__((cold)) bool
flow_index_init(struct flow_index *x, struct flow_pool *pool, size_t max)
{
	uint64_t i;

	memset(x, 0, sizeof(*x));
	x->pool = pool;
	x->max = max;
	x->bits = FIRST_BITS;
	for (i = 0; i < LENGTH(x->key); i++)
		x->key[i] = hash_words(&i, 1);
	x->slots = flow_pool_map(pool, sizeof(*x->slots) << x->bits);
	return x->slots != NULL;
}

/* Of TCP a flow and its body; others have one later, and not all of them. */
static size_t
each(enum flow_kind kind)
{
	return kind == FLOW_TCP ? 2 * FLOW_LINE : FLOW_LINE;
}

/* Of which units those before have, if all are one after the other. */
static size_t
units_of(enum flow_kind kind, size_t stream)
{
	return kind == FLOW_TCP ? stream : 2 * stream;
}

static __attribute__((noinline)) uint32_t
id_of(enum flow_kind kind, uint32_t stream)
{
	size_t units = units_of(kind, stream);

	if (units >= FIRST_UNITS)
		units += UNITS - FIRST_UNITS;
	return (uint32_t)kind << FLOW_KIND_SHIFT | (uint32_t)units;
}

size_t
flow_index_run(enum flow_kind kind, uint32_t stream)
{
	size_t units = units_of(kind, stream), end = FIRST_UNITS;

	if (units >= end)
		end += ((units - end) | (UNITS - 1)) + 1;
	return kind == FLOW_TCP ? end : end / 2;
}

/* Of the first part of TCP only what is `used` is mapped: where one may have
 * so little that it matters, this is all.  Unmaps the rest, or that. */
static __attribute__((cold)) void
part_cut(uint8_t *part, bool used)
{
	for (unsigned i = 0; i < 3; i++)
		flow_pool_unreserve(part + i * FLOW_PART +
		    (used ? 0 : FIRST << i / 2),
		    (used ? FIRST : FLOW_PART - FIRST) << i / 2);
}

static __attribute__((cold)) uint8_t *
part_map(enum flow_kind kind, bool first)
{
	uint8_t *part = flow_pool_reserve(kind == FLOW_TCP ? PART_END :
	    FLOW_PART);

	if (part != NULL && kind == FLOW_TCP && first)
		part_cut(part, false);
	return part;
}

static __attribute__((cold)) void
part_unmap(uint8_t *part, enum flow_kind kind, bool first)
{
	size_t at = kind == FLOW_TCP && first ? FLOW_PART_AT : 0;

	if (at != 0)
		part_cut(part, true);
	flow_pool_unreserve(part + at, (kind == FLOW_TCP ? PART_END :
	    FLOW_PART) - at);
}

/* A huge page begins with this one; and of TCP some with its start and body,
 * which there may not be. */
static __attribute__((cold)) void
part_huge(struct flow_pool *pool, enum flow_kind kind, struct flow *f)
{
	flow_pool_huge(pool, f, FLOW_PART);
	if (kind == FLOW_TCP)
		flow_pool_advise(pool, (uint8_t *)f + FLOW_PART,
		    FLOW_PART_AT - FLOW_PART);
}

__attribute__((cold)) void
flow_index_free(struct flow_index *x)
{
	unsigned kind, part;

	for (kind = 0; kind < FLOW_KINDS; kind++) {
		uint8_t **parts = &x->parts[kind * FLOW_SET_PARTS];

		for (part = 0; part < FLOW_SET_PARTS && parts[part] != NULL;
		    part++)
			part_unmap(parts[part], (enum flow_kind)kind,
			    part == 0);
	}
	flow_pool_unmap(x->pool, x->slots, sizeof(*x->slots) << x->bits);
}

uint64_t
flow_hash_other(const struct flow_index *x, const uint8_t *src,
    const uint8_t *dst, uint16_t sport, uint16_t dport, enum flow_kind kind,
    unsigned kinds)
{
	uint64_t low[2], high[2], hash = (uint64_t)sport << 16 | dport, turn;
	unsigned i;

	memcpy(low, src, sizeof(low));
	memcpy(high, dst, sizeof(high));
	/* The lower one first, without a branch. */
	turn = (uint64_t)((low[0] < high[0]) | ((low[0] == high[0]) &
	    ((low[1] < high[1]) | ((low[1] == high[1]) & (sport < dport))))) -
	    1;
	for (i = 0; i < LENGTH(low); i++) {
		uint64_t both = (low[i] ^ high[i]) & turn;

		low[i] ^= both;
		high[i] ^= both;
	}
	hash ^= (hash ^ ((uint64_t)dport << 16 | sport)) & turn;
	hash |= (uint64_t)kind << 32 | (uint64_t)kinds << 40;
	hash = fold(low[0] ^ x->key[0], hash ^ x->key[1]);
	hash = fold(low[1] ^ x->key[1], hash ^ x->key[0]);
	hash = fold(high[0] ^ x->key[0], hash ^ x->key[1]);
	return fold(high[1] ^ x->key[1], hash ^ x->key[0]);
}

uint64_t
flow_index_hash(const struct flow_index *x, const struct transport *t,
    enum flow_kind kind)
{
	if (t->src.kind == ADDR_IPV4 && t->dst.kind == ADDR_IPV4)
		return flow_hash_ipv4(x, t->src.bytes, t->dst.bytes, t->sport,
		    t->dport, kind);
	return flow_hash_other(x, t->src.bytes, t->dst.bytes, t->sport, t->dport,
	    kind, (unsigned)t->src.kind + t->dst.kind);
}

struct flow *
flow_index_at(const struct flow_index *x, enum flow_kind kind, uint32_t stream)
{
	return flow_index_of(x, id_of(kind, stream));
}

/* Is the flow between these addresses?  As flow_index_match(). */
static __attribute__((cold)) unsigned
more_match(const struct flow *f, const struct transport *t)
{
	const struct addr *addr = f->wide_more->addr;

	for (unsigned i = 0; i < 2; i++)
		if ((i == 0 ? f->a_port : f->b_port) == t->sport &&
		    (i == 0 ? f->b_port : f->a_port) == t->dport &&
		    addr_equal(&addr[i], &t->src) &&
		    addr_equal(&addr[1 - i], &t->dst))
			return i + 1;
	return 0;
}

unsigned
flow_index_match(const struct flow *f, enum flow_kind kind,
    const struct transport *t)
{
	if (f->protocol != t->protocol && flow_kind_of(f->protocol) != kind)
		return 0;
	if (f->wide)
		return more_match(f, t);
	if (t->src.kind != ADDR_IPV4 || t->dst.kind != ADDR_IPV4)
		return 0;
	return flow_ipv4_match(f, t);
}

__attribute__((cold)) struct flow *
flow_index_find(const struct flow_index *x, uint64_t hash, enum flow_kind kind,
    const struct transport *t)
{
	uint32_t tag = flow_index_tag(hash), mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = flow_hash_home(x->bits, tag);
	struct flow *f;

	for (; x->slots[at].tag != 0; at = (at + 1) & mask) {
		if (x->slots[at].tag != tag)
			continue;
		f = flow_index_of(x, x->slots[at].id);
		if (flow_index_match(f, kind, t) != 0)
			return f;
	}
	return NULL;
}

/* Begins to look for an empty one at `at`. */
static void
slot_fill(struct flow_slot *slots, unsigned bits, uint32_t at,
    struct flow_slot slot)
{
	uint32_t mask = ((uint32_t)1 << bits) - 1;

	while (slots[at].tag != 0)
		at = (at + 1) & mask;
	slots[at] = slot;
}

static __attribute__((cold)) bool
index_grow(struct flow_index *x)
{
	size_t i, n = (size_t)1 << x->bits;
	/* Few slots are soon too few. */
	unsigned bits = x->bits + (x->bits < MANY_BITS ? 2 : 1);
	struct flow_slot *slots;

	if (bits > 30)
		return false;
	slots = flow_pool_map(x->pool, sizeof(*slots) << bits);
	if (slots == NULL)
		return false;
	/* A page that is read first comes twice. */
	for (i = 0; i < (size_t)1 << bits; i += PAGE / sizeof(*slots))
		slots[i].tag = 0;
	for (i = 0; i < n; i++) {
		if (x->slots[i].tag != 0)
			slot_fill(slots, bits,
			    flow_hash_home(bits, x->slots[i].tag),
			    x->slots[i]);
	}
	flow_pool_unmap(x->pool, x->slots, sizeof(*slots) << x->bits);
	x->slots = slots;
	x->bits = bits;
	return true;
}

/* Room for the next flow: a part counts only as far as it is filled. */
static bool
set_grow(struct flow_index *x, enum flow_kind kind, uint32_t id)
{
	const uint32_t n = x->of_kind[kind];
	uint8_t **part = &x->parts[id >> FLOW_PART_BITS];
	struct flow_part *all;

	if (units_of(kind, n) >= (FLOW_SET_PARTS - 1) * UNITS ||
	    each(kind) > x->pool->limit - x->pool->bytes)
		return false;
	if (*part != NULL)
		return true;
	*part = part_map(kind, n == 0);
	if (*part != NULL && kind == FLOW_TCP) {
		all = (struct flow_part *)(void *)(*part + FLOW_PART_AT);
		all->stream = n;
	}
	return *part != NULL;
}

static __attribute__((cold)) void
slot_replace(struct flow_index *x, uint64_t hash, uint32_t old, uint32_t id)
{
	uint32_t mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = flow_hash_home(x->bits, flow_index_tag(hash));

	while (x->slots[at].tag != 0 && x->slots[at].id != old)
		at = (at + 1) & mask;
	x->slots[at].id = id;
}

__attribute__((cold)) bool
flow_more_make(struct flow *f, struct flow_pool *pool, const struct addr *a,
    const struct addr *b)
{
	struct flow_more *more = flow_pool_keep(pool, sizeof(*more));

	if (more == NULL)
		return false;
	memset(more, 0, sizeof(*more));
	more->addr[0] = *a;
	more->addr[1] = *b;
	f->apart = true;
	f->wide = a->kind != ADDR_IPV4 || b->kind != ADDR_IPV4;
	if (f->wide)
		f->wide_more = more;
	else
		flow_start(f)->more = more;
	return true;
}

/* False: no memory. */
static bool
ends_set(struct flow_index *x, struct flow *f, const struct transport *t)
{
	f->protocol = t->protocol;
	f->a_port = t->sport;
	f->b_port = t->dport;
	if (t->src.kind != ADDR_IPV4 || t->dst.kind != ADDR_IPV4)
		return flow_more_make(f, x->pool, &t->src, &t->dst);
	memcpy(f->ipv4[0], t->src.bytes, sizeof(f->ipv4[0]));
	memcpy(f->ipv4[1], t->dst.bytes, sizeof(f->ipv4[1]));
	return true;
}

/* Half of the slots are free while they are few, for speed, and a quarter of
 * many. */
static inline bool
is_full(const struct flow_index *x)
{
	return x->n_used * 4 >= (size_t)(x->bits < MANY_BITS ? 2 : 3) <<
	    x->bits;
}

/* The next one's place, zeroed, and its id; `slot`: that there will be one for
 * it, too. */
static __attribute__((noinline)) struct flow *
flow_place(struct flow_index *x, enum flow_kind kind, bool slot, uint32_t *id)
{
	struct flow *f;

	*id = id_of(kind, x->of_kind[kind]);
	if (x->n >= x->max || !set_grow(x, kind, *id))
		return NULL;
	if (slot && is_full(x) && !index_grow(x))
		return NULL;
	f = flow_index_of(x, *id);
	if ((uintptr_t)f % FLOW_PART == 0 && x->of_kind[kind] != 0)
		part_huge(x->pool, kind, f);
	return f;
}

static void
flow_number_it(struct flow_index *x, struct flow *f, enum flow_kind kind)
{
	uint32_t n = x->of_kind[kind]++;

	/* The next ones: nobody was there before. */
	fetch(f + 4);
	if (kind != FLOW_TCP)
		flow_start(f)->stream = n;
	x->n++;
	x->pool->bytes += each(kind);
}

/* Where its slot is, or behind. */
static uint32_t
home(const struct flow_index *x, uint64_t hash)
{
	return flow_hash_home(x->bits, flow_index_tag(hash));
}

static __attribute__((noinline)) void
slot_take(struct flow_index *x, uint64_t hash, uint32_t at, uint32_t id)
{
	slot_fill(x->slots, x->bits, at,
	    (struct flow_slot){ flow_index_tag(hash), id });
	x->n_used++;
}

__attribute__((cold)) struct flow *
flow_index_add(struct flow_index *x, uint64_t hash, enum flow_kind kind,
    const struct transport *t, struct flow *earlier)
{
	uint32_t id;
	struct flow *f = flow_place(x, kind, earlier == NULL, &id);

	if (f == NULL || !ends_set(x, f, t))
		return NULL;
	flow_number_it(x, f, kind);
	if (earlier == NULL) {
		slot_take(x, hash, home(x, hash), id);
		return f;
	}
	f->reuses = true;
	earlier->superseded = true;
	slot_replace(x, hash, id_of(kind, flow_stream(earlier)), id);
	return f;
}

struct flow *
flow_index_add_ends(struct flow_index *x, uint64_t hash, uint32_t slot,
    enum flow_kind kind, uint8_t protocol, const uint8_t *a, const uint8_t *b,
    bool ipv6)
{
	unsigned bits = x->bits;
	uint32_t id;
	struct flow *f = flow_place(x, kind, true, &id);
	struct addr ends[2] = { { .kind = ADDR_IPV6 }, { .kind = ADDR_IPV6 } };

	if (f == NULL)
		return NULL;
	f->protocol = protocol;
	if (ipv6) {
		memcpy(ends[0].bytes, a, sizeof(ends[0].bytes));
		memcpy(ends[1].bytes, b, sizeof(ends[1].bytes));
		if (!flow_more_make(f, x->pool, &ends[0], &ends[1]))
			return NULL;
	} else {
		memcpy(f->ipv4[0], a, sizeof(f->ipv4[0]));
		memcpy(f->ipv4[1], b, sizeof(f->ipv4[1]));
	}
	flow_number_it(x, f, kind);
	slot_take(x, hash, bits == x->bits ? slot : home(x, hash), id);
	return f;
}

void
flow_index_near(const struct flow_index *x, uint64_t hash)
{
	flow_hash_near(x, hash);
}

struct flow *
flow_index_guess(const struct flow_index *x, uint64_t hash)
{
	return flow_hash_guess(x, hash);
}
