#include "base/table.h"

/* Runs of so many are sorted by insertion before the merging starts. */
#define RUN 8

struct sorting {
	int (*compare)(const void *context, uint32_t a, uint32_t b);
	const void *context;
};

static bool
after(const struct sorting *s, uint32_t a, uint32_t b)
{
	return s->compare(s->context, a, b) > 0;
}

static void
insert_run(const struct sorting *s, uint32_t *order, size_t start, size_t end)
{
	for (size_t i = start + 1; i < end; i++) {
		uint32_t moved = order[i];
		size_t j = i;

		while (j > start && after(s, order[j - 1], moved)) {
			order[j] = order[j - 1];
			j--;
		}
		order[j] = moved;
	}
}

/* Two sorted neighbours, `n` in `from` of which the first ends at `middle`,
 * into one at `to`. */
static void
merge(const struct sorting *s, const uint32_t *from, size_t middle, size_t n,
    uint32_t *to)
{
	size_t left = 0, right = middle;

	if (middle >= n || !after(s, from[middle - 1], from[middle])) {
		memcpy(to, from, n * sizeof(*to));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (right >= n ||
		    (left < middle && !after(s, from[left], from[right])))
			to[i] = from[left++];
		else
			to[i] = from[right++];
	}
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

void
sort_order(uint32_t *order, uint32_t *scratch, size_t n,
    int (*compare)(const void *context, uint32_t a, uint32_t b),
    const void *context)
{
	struct sorting s = { compare, context };
	uint32_t *from = order, *to = scratch;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (size_t i = 0; i < n; i += RUN)
		insert_run(&s, order, i, smaller(n, i + RUN));
	for (size_t width = RUN; width < n; width *= 2) {
		uint32_t *swap = from;

		for (size_t i = 0; i < n; i += 2 * width)
			merge(&s, from + i, smaller(width, n - i),
			    smaller(2 * width, n - i), to + i);
		from = to;
		to = swap;
	}
	if (from != order)
		memcpy(order, from, n * sizeof(*order));
}
