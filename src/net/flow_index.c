#include "net/flow_index.h"

#include "base/table.h"

#define STRIDE 192         /* bytes a flow: three cache lines */
#define FIRST_BITS 10      /* flows in the first part, slots at the start */
#define PART_BITS 15       /* flows in the later parts, at most */
#define KIND_SHIFT 30      /* of a slot's id */
#define STREAM_MASK (((uint32_t)1 << KIND_SHIFT) - 1)

_Static_assert(sizeof(struct flow) <= STRIDE, "a flow is three lines");

bool
flow_index_init(struct flow_index *x, struct flow_pool *pool, size_t max)
{
	memset(x, 0, sizeof(*x));
	x->pool = pool;
	x->max = max;
	x->bits = FIRST_BITS;
	x->slots = flow_pool_map(pool, sizeof(*x->slots) << x->bits);
	return x->slots != NULL;
}

/* Parts of 1024, 2048 ... 32768 flows, and then all of 32768. */
static unsigned
part_bits(unsigned part)
{
	unsigned bits = FIRST_BITS + part;

	return bits < PART_BITS ? bits : PART_BITS;
}

static unsigned
part_of(uint32_t stream, uint32_t *within)
{
	uint32_t n = stream + ((uint32_t)1 << FIRST_BITS);
	unsigned top;

	if (n >> (PART_BITS + 1) != 0) {
		*within = n & (((uint32_t)1 << PART_BITS) - 1);
		return PART_BITS - FIRST_BITS - 1 + (n >> PART_BITS);
	}
	top = 31 - (unsigned)__builtin_clz(n);
	*within = n - ((uint32_t)1 << top);
	return top - FIRST_BITS;
}

void
flow_index_free(struct flow_index *x)
{
	unsigned kind, part;

	for (kind = 0; kind < FLOW_KINDS; kind++) {
		for (part = 0; part < FLOW_SET_PARTS; part++)
			flow_pool_unmap(x->pool, x->sets[kind].parts[part],
			    (size_t)STRIDE << part_bits(part));
	}
	flow_pool_unmap(x->pool, x->slots, sizeof(*x->slots) << x->bits);
}

enum flow_kind
flow_kind_of(uint8_t protocol)
{
	switch (protocol) {
	case 6:
		return FLOW_TCP;
	case 17:
	case 136:
		return FLOW_UDP;
	case 132:
		return FLOW_SCTP;
	default:
		return FLOW_KINDS;
	}
}

static uint64_t
word_at(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static uint64_t
end_ipv4(const struct addr *a, uint16_t port)
{
	uint32_t word;

	memcpy(&word, a->bytes, sizeof(word));
	return (uint64_t)word << 16 | port;
}

static uint64_t
hash_ipv4(const struct transport *t, enum flow_kind kind)
{
	uint64_t source = end_ipv4(&t->src, t->sport);
	uint64_t destination = end_ipv4(&t->dst, t->dport);
	bool first = source < destination;
	uint64_t words[2];

	words[0] = first ? source : destination;
	words[1] = first ? destination : source;
	words[0] |= (uint64_t)kind << 62;
	return hash_words(words, LENGTH(words));
}

static uint64_t
hash_other(const struct transport *t, enum flow_kind kind)
{
	uint64_t words[6];
	int order = memcmp(&t->src, &t->dst, sizeof(t->src));
	bool first = order < 0 || (order == 0 && t->sport < t->dport);
	const struct addr *low = first ? &t->src : &t->dst;
	const struct addr *high = first ? &t->dst : &t->src;

	words[0] = word_at(low->bytes);
	words[1] = word_at(low->bytes + 8);
	words[2] = word_at(high->bytes);
	words[3] = word_at(high->bytes + 8);
	words[4] = (uint64_t)(first ? t->sport : t->dport) << 16 |
	    (first ? t->dport : t->sport);
	words[5] = (uint64_t)kind << 16 | (uint64_t)low->kind << 8 | high->kind;
	return hash_words(words, LENGTH(words));
}

uint64_t
flow_index_hash(const struct transport *t, enum flow_kind kind)
{
	if (t->src.kind == ADDR_IPV4 && t->dst.kind == ADDR_IPV4)
		return hash_ipv4(t, kind);
	return hash_other(t, kind);
}

static uint32_t
tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

struct flow *
flow_index_at(const struct flow_index *x, enum flow_kind kind, uint32_t stream)
{
	uint32_t within;
	unsigned part = part_of(stream, &within);

	return (struct flow *)(void *)(x->sets[kind].parts[part] +
	    (size_t)within * STRIDE);
}

static struct flow *
flow_of(const struct flow_index *x, uint32_t id)
{
	return flow_index_at(x, (enum flow_kind)(id >> KIND_SHIFT),
	    id & STREAM_MASK);
}

/* memcmp() of some libraries goes byte by byte. */
static bool
addr_same(const struct addr *a, const struct addr *b)
{
	return a->kind == b->kind && word_at(a->bytes) == word_at(b->bytes) &&
	    word_at(a->bytes + 8) == word_at(b->bytes + 8);
}

static bool
flow_is(const struct flow *f, const struct transport *t)
{
	if (f->a_port == t->sport && f->b_port == t->dport &&
	    addr_same(&f->a, &t->src) && addr_same(&f->b, &t->dst))
		return true;
	return f->a_port == t->dport && f->b_port == t->sport &&
	    addr_same(&f->a, &t->dst) && addr_same(&f->b, &t->src);
}

struct flow *
flow_index_find(const struct flow_index *x, uint64_t hash, enum flow_kind kind,
    const struct transport *t)
{
	uint32_t tag = tag_of(hash), mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = tag >> (32 - x->bits);
	struct flow *f;

	for (; x->slots[at].tag != 0; at = (at + 1) & mask) {
		if (x->slots[at].tag != tag ||
		    x->slots[at].id >> KIND_SHIFT != (uint32_t)kind)
			continue;
		f = flow_of(x, x->slots[at].id);
		if (flow_is(f, t))
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

static bool
set_grow(struct flow_index *x, enum flow_kind kind, unsigned part)
{
	struct flow_set *set = &x->sets[kind];

	if (part >= FLOW_SET_PARTS)
		return false;
	if (set->parts[part] == NULL)
		set->parts[part] = flow_pool_map(x->pool,
		    (size_t)STRIDE << part_bits(part));
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

struct flow *
flow_index_add(struct flow_index *x, uint64_t hash, enum flow_kind kind,
    const struct transport *t, const struct flow *earlier)
{
	struct flow_set *set = &x->sets[kind];
	uint32_t within, id = (uint32_t)kind << KIND_SHIFT | set->n;
	unsigned part = part_of(set->n, &within);
	struct flow *f;

	if (x->n >= x->max || set->n >= STREAM_MASK ||
	    !set_grow(x, kind, part))
		return NULL;
	if (earlier == NULL && x->n_used * 2 >= (size_t)1 << x->bits &&
	    !index_grow(x))
		return NULL;
	f = flow_index_at(x, kind, set->n);
	f->a = t->src;
	f->b = t->dst;
	f->a_port = t->sport;
	f->b_port = t->dport;
	f->stream = set->n;
	f->earlier = STREAM_NONE;
	if (earlier != NULL) {
		f->earlier = earlier->stream;
		slot_replace(x, hash, (uint32_t)kind << KIND_SHIFT |
		    earlier->stream, id);
	} else {
		slot_fill(x->slots, x->bits,
		    (struct flow_slot){ tag_of(hash), id });
		x->n_used++;
	}
	set->n++;
	x->n++;
	return f;
}

void
flow_index_near(const struct flow_index *x, uint64_t hash)
{
	__builtin_prefetch(&x->slots[tag_of(hash) >> (32 - x->bits)]);
}

const struct flow *
flow_index_guess(const struct flow_index *x, uint64_t hash)
{
	uint32_t tag = tag_of(hash), mask = ((uint32_t)1 << x->bits) - 1;
	uint32_t at = tag >> (32 - x->bits);
	const struct flow *f;

	while (x->slots[at].tag != 0 && x->slots[at].tag != tag)
		at = (at + 1) & mask;
	if (x->slots[at].tag == 0)
		return NULL;
	f = flow_of(x, x->slots[at].id);
	__builtin_prefetch(f);
	__builtin_prefetch((const uint8_t *)f + 64);
	return f;
}
