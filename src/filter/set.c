#include "base/table.h"
#include "filter/eval.h"

bool
set_has(const struct set *s, const struct value *v)
{
	size_t low = 0, high = s->n;

	/* The last element that begins at or below the value. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (value_compare(&s->at[middle].low, v) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && value_compare(v, &s->at[low - 1].high) <= 0;
}

/* A network becomes the range of its addresses. */
static bool
element_widen(struct element *e, struct arena *arena)
{
	struct value *ends[2] = { &e->low, &e->high };

	if (e->low.class != VALUE_IPV4 && e->low.class != VALUE_IPV6)
		return true;
	for (size_t k = 0; k < 2; k++) {
		struct value *v = ends[k];
		uint8_t *bytes = arena_alloc(arena, v->bytes.n, 1);

		if (bytes == NULL)
			return false;
		for (size_t i = 0; i < v->bytes.n; i++) {
			size_t bits = v->prefix > i * 8 ?
			    v->prefix - i * 8 : 0;
			uint8_t mask = (uint8_t)(bits >= 8 ? 0xff :
			    0xff00 >> bits);

			bytes[i] = (uint8_t)(k == 0 ? v->bytes.p[i] & mask :
			    v->bytes.p[i] | (uint8_t)~mask);
		}
		v->bytes = span_of(bytes, v->bytes.n);
		v->prefix = VALUE_ALL_BITS;
	}
	return true;
}

static int
element_order(const void *context, uint32_t a, uint32_t b)
{
	const struct element *at = context;

	return value_compare(&at[a].low, &at[b].low);
}

/* In the order given; those that overlap become one, empty ones go. */
static size_t
elements_join(const struct element *from, const uint32_t *order, size_t n,
    struct element *to)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct element *e = &from[order[i]];

		if (value_compare(&e->low, &e->high) > 0)
			continue;
		if (kept > 0 &&
		    value_compare(&e->low, &to[kept - 1].high) <= 0) {
			if (value_compare(&e->high, &to[kept - 1].high) > 0)
				to[kept - 1].high = e->high;
			continue;
		}
		to[kept++] = *e;
	}
	return kept;
}

bool
set_sort(struct set *s, struct arena *arena)
{
	uint32_t *order, *scratch;
	struct element *at;

	for (size_t i = 0; i < s->n; i++) {
		if (!element_widen(&s->at[i], arena))
			return false;
	}
	order = arena_array(arena, s->n + 1, uint32_t);
	scratch = arena_array(arena, s->n + 1, uint32_t);
	at = arena_array(arena, s->n + 1, struct element);
	if (order == NULL || scratch == NULL || at == NULL)
		return false;
	sort_order(order, scratch, s->n, element_order, s->at);
	s->n = elements_join(s->at, order, s->n, at);
	s->at = at;
	return true;
}
