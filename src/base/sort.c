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

/* Much is sorted already, or is a few sorted lists behind each other: where
 * each of these begins, and the end; 0 when there are more. */
#define RUNS_MAX 8

static size_t
runs_find(const struct sorting *s, const uint32_t *order, size_t n,
    size_t starts[RUNS_MAX + 1])
{
	size_t runs = 1;

	starts[0] = 0;
	for (size_t i = 1; i < n; i++) {
		if (!after(s, order[i - 1], order[i]))
			continue;
		if (runs == RUNS_MAX)
			return 0;
		starts[runs++] = i;
	}
	starts[runs] = n;
	return runs;
}

/* Pairs of runs into one each; where these begin. */
static size_t
runs_merge(const struct sorting *s, const uint32_t *from, uint32_t *to,
    size_t *starts, size_t runs)
{
	size_t n = starts[runs], left = 0;

	for (size_t i = 0; i < runs; i += 2) {
		size_t end = i + 2 <= runs ? starts[i + 2] : n;

		merge(s, from + starts[i],
		    starts[i + 1] - starts[i], end - starts[i],
		    to + starts[i]);
		starts[left++] = starts[i];
	}
	starts[left] = n;
	return left;
}

void
sort_order(uint32_t *order, uint32_t *scratch, size_t n,
    int (*compare)(const void *context, uint32_t a, uint32_t b),
    const void *context)
{
	struct sorting s = { compare, context };
	uint32_t *from = order, *to = scratch;
	size_t starts[RUNS_MAX + 1], runs;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	runs = runs_find(&s, order, n, starts);
	while (runs > 1) {
		uint32_t *swap = from;

		runs = runs_merge(&s, from, to, starts, runs);
		from = to;
		to = swap;
	}
	for (size_t i = 0; runs == 0 && i < n; i += RUN)
		insert_run(&s, order, i, smaller(n, i + RUN));
	for (size_t width = RUN; runs == 0 && width < n; width *= 2) {
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
