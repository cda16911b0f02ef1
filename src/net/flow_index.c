#include "net/flow_index.h"

#include "base/table.h"

#define FIRST_BITS 10 /* slots at the start */
#define EACH ((size_t)2 * FLOW_LINE) /* a flow and its body */
#define PART (FLOW_BODY_AT + 2 * FLOW_PART)
/* The first flows, and often the only ones, are on small pages: they end
 * where the huge page with the others begins. */
#define FIRST_FLOWS 4096
#define FIRST_AT (FLOW_PART - FIRST_FLOWS * FLOW_LINE)
#define KIND_SHIFT 30 /* of a slot's id */
#define STREAM_MASK (((uint32_t)1 << KIND_SHIFT) - 1)

_Static_assert(sizeof(struct flow) <= FLOW_LINE, "a flow is a line");
_Static_assert(sizeof(struct flow_body) <= FLOW_LINE, "and so is the rest");

bool
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

/*
 * Flows, room for the first part to begin in, bodies, and such room again: a
 * part is resident only where it was touched.
 */
static uint8_t *
part_map(bool first)
{
	uint8_t *part = flow_pool_reserve(PART);
	size_t huge = first ? FLOW_PART : 0;

	if (part == NULL)
		return NULL;
	flow_pool_huge(part + huge, FLOW_PART);
	flow_pool_huge(part + FLOW_BODY_AT + huge, FLOW_PART);
	return first ? part + FIRST_AT : part;
}

static void
part_unmap(uint8_t *part, bool first)
{
	flow_pool_unreserve(first ? part - FIRST_AT : part, PART);
}

void
flow_index_free(struct flow_index *x)
{
	unsigned kind, part;

	for (kind = 0; kind < FLOW_KINDS; kind++) {
		for (part = 0; part < FLOW_SET_PARTS &&
		    x->sets[kind].parts[part] != NULL; part++)
			part_unmap(x->sets[kind].parts[part], part == 0);
	}
	flow_pool_unmap(x->pool, x->slots, sizeof(*x->slots) << x->bits);
}

static inline uint64_t
end_ipv4(const struct addr *a, uint16_t port)
{
	uint32_t word;

	memcpy(&word, a->bytes, sizeof(word));
	return (uint64_t)word << 16 | port;
}

/* Both halves of the product, so that every bit of it counts. */
static inline uint64_t
fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	const uint64_t words[2] = { a, b };

	return hash_words(words, LENGTH(words));
#endif
}

static uint64_t
hash_other(const struct flow_index *x, const struct transport *t,
    enum flow_kind kind)
{
	uint64_t source[2], destination[2], hash;
	const uint64_t *low = source, *high = destination;
	bool first;

	memcpy(source, t->src.bytes, sizeof(source));
	memcpy(destination, t->dst.bytes, sizeof(destination));
	first = source[0] != destination[0] ? source[0] < destination[0] :
	    source[1] != destination[1] ? source[1] < destination[1] :
	    t->sport < t->dport;
	if (!first) {
		low = destination;
		high = source;
	}
	hash = first ? (uint64_t)t->sport << 16 | t->dport :
	    (uint64_t)t->dport << 16 | t->sport;
	hash |= (uint64_t)kind << 32 |
	    (uint64_t)(t->src.kind + t->dst.kind) << 40;
	hash = fold(low[0] ^ x->key[0], hash ^ x->key[1]);
	hash = fold(low[1] ^ x->key[1], hash ^ x->key[0]);
	hash = fold(high[0] ^ x->key[0], hash ^ x->key[1]);
	return fold(high[1] ^ x->key[1], hash ^ x->key[0]);
}

uint64_t
flow_index_hash(const struct flow_index *x, const struct transport *t,
    enum flow_kind kind)
{
	uint64_t source, destination, turn;

	if (t->src.kind != ADDR_IPV4 || t->dst.kind != ADDR_IPV4)
		return hash_other(x, t, kind);
	source = end_ipv4(&t->src, t->sport);
	destination = end_ipv4(&t->dst, t->dport);
	/* The lower one first, without a branch. */
	turn = (source ^ destination) & (0 - (uint64_t)(destination < source));
	source ^= turn;
	destination = (destination ^ turn) | (uint64_t)kind << 62;
	source = fold(source ^ x->key[0], destination ^ x->key[1]);
	return fold(source, x->key[0] | 1);
}

static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

struct flow *
flow_index_at(const struct flow_index *x, enum flow_kind kind, uint32_t stream)
{
	size_t within = stream & (((uint32_t)1 << FLOW_PART_BITS) - 1);

	return (struct flow *)(void *)
	    (x->sets[kind].parts[stream >> FLOW_PART_BITS] +
	    within * FLOW_LINE);
}

static struct flow *
flow_of(const struct flow_index *x, uint32_t id)
{
	return flow_index_at(x, (enum flow_kind)(id >> KIND_SHIFT),
	    id & STREAM_MASK);
}

struct flow *
flow_index_find(const struct flow_index *x, uint64_t hash, enum flow_kind kind,
    const struct transport *t)
{
	uint32_t tag = tag_of(hash), mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = tag >> (32 - x->bits);
	struct flow *f;

	for (; x->slots[at].tag != 0; at = (at + 1) & mask) {
		if (x->slots[at].tag != tag)
			continue;
		f = flow_of(x, x->slots[at].id);
		if (flow_index_match(f, kind, t) != 0)
			return f;
	}
	return NULL;
}

static void
slot_fill(struct flow_slot *slots, unsigned bits, struct flow_slot slot)
{
	uint32_t mask = ((uint32_t)1 << bits) - 1;
	uint32_t at = slot.tag >> (32 - bits);

	while (slots[at].tag != 0)
		at = (at + 1) & mask;
	slots[at] = slot;
}

static bool
index_grow(struct flow_index *x)
{
	size_t i, n = (size_t)1 << x->bits;
	struct flow_slot *slots;

	if (x->bits >= 30)
		return false;
	slots = flow_pool_map(x->pool, sizeof(*slots) << (x->bits + 1));
	if (slots == NULL)
		return false;
	for (i = 0; i < n; i++) {
		if (x->slots[i].tag != 0)
			slot_fill(slots, x->bits + 1, x->slots[i]);
	}
	flow_pool_unmap(x->pool, x->slots, sizeof(*slots) << x->bits);
	x->slots = slots;
	x->bits++;
	return true;
}

/* Room for one flow more: a part counts only as far as it is filled. */
static bool
set_grow(struct flow_index *x, enum flow_kind kind)
{
	struct flow_set *set = &x->sets[kind];
	size_t part = set->n >> FLOW_PART_BITS;

	if (part >= FLOW_SET_PARTS || EACH > x->pool->limit - x->pool->bytes)
		return false;
	if (set->parts[part] == NULL)
		set->parts[part] = part_map(part == 0);
	return set->parts[part] != NULL;
}

static void
slot_replace(struct flow_index *x, uint64_t hash, uint32_t old, uint32_t id)
{
	uint32_t mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = tag_of(hash) >> (32 - x->bits);

	while (x->slots[at].tag != 0 && x->slots[at].id != old)
		at = (at + 1) & mask;
	x->slots[at].id = id;
}

bool
flow_more_make(struct flow *f, struct flow_pool *pool, const struct addr *a,
    const struct addr *b)
{
	struct flow_more *more = flow_pool_keep(pool, sizeof(*more));

	if (more != NULL)
		*more = (struct flow_more){ .addr = { *a, *b } };
	f->more = more;
	return more != NULL;
}

/* False: no memory. */
static bool
ends_set(struct flow_index *x, struct flow *f, const struct transport *t)
{
	f->a_port = t->sport;
	f->b_port = t->dport;
	if (t->src.kind != ADDR_IPV4 || t->dst.kind != ADDR_IPV4)
		return flow_more_make(f, x->pool, &t->src, &t->dst);
	memcpy(f->ipv4[0], t->src.bytes, sizeof(f->ipv4[0]));
	memcpy(f->ipv4[1], t->dst.bytes, sizeof(f->ipv4[1]));
	return true;
}

struct flow *
flow_index_add(struct flow_index *x, uint64_t hash, enum flow_kind kind,
    const struct transport *t, struct flow *earlier)
{
	struct flow_set *set = &x->sets[kind];
	uint32_t id = (uint32_t)kind << KIND_SHIFT | set->n;
	struct flow *f;

	if (x->n >= x->max || set->n >= STREAM_MASK || !set_grow(x, kind))
		return NULL;
	if (earlier == NULL && x->n_used * 2 >= (size_t)1 << x->bits &&
	    !index_grow(x))
		return NULL;
	f = flow_index_at(x, kind, set->n);
	if (!ends_set(x, f, t))
		return NULL;
	f->protocol = t->protocol;
	f->stream = set->n;
	if (earlier != NULL) {
		f->reuses = true;
		earlier->superseded = true;
		slot_replace(x, hash, (uint32_t)kind << KIND_SHIFT |
		    earlier->stream, id);
	} else {
		slot_fill(x->slots, x->bits,
		    (struct flow_slot){ tag_of(hash), id });
		x->n_used++;
	}
	set->n++;
	x->n++;
	x->pool->bytes += EACH;
	return f;
}

void
flow_index_near(const struct flow_index *x, uint64_t hash)
{
	__builtin_prefetch(&x->slots[tag_of(hash) >> (32 - x->bits)]);
}

struct flow *
flow_index_guess(const struct flow_index *x, uint64_t hash)
{
	uint32_t tag = tag_of(hash), mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = tag >> (32 - x->bits);
	uint32_t here = x->slots[at].tag == tag;
	struct flow *f;

	/* Mostly it is the first or the second, without a branch on which. */
	at = (at + 1 - here) & mask;
	if (x->slots[at].tag != tag) {
		at = tag >> (32 - x->bits);
		while (x->slots[at].tag != 0 && x->slots[at].tag != tag)
			at = (at + 1) & mask;
		if (x->slots[at].tag == 0)
			return NULL;
	}
	f = flow_of(x, x->slots[at].id);
	__builtin_prefetch(f);
	__builtin_prefetch(flow_body(f), 1);
	return f;
}
