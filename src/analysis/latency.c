#include "analysis/latency.h"

#include "base/table.h"

#define FINE 16 /* bins an octave */

/* 0 to 15 stand for themselves; then sixteen bins for each power of two. */
static unsigned
bin_of(uint64_t ns)
{
	unsigned shift = 0;

	if (ns >= 2 * FINE)
		shift = 59U - (unsigned)__builtin_clzll(ns);
	return shift * FINE + (unsigned)(ns >> shift);
}

static int64_t
bin_middle(unsigned bin)
{
	unsigned shift = bin < 2 * FINE ? 0 : bin / FINE - 1;
	uint64_t low = (uint64_t)(bin - shift * FINE) << shift;

	return (int64_t)(low + ((uint64_t)1 << shift) / 2);
}

void
latency_add(struct latency *l, int64_t ns)
{
	if (ns < 0) {
		l->negative++;
		return;
	}
	if (l->n == 0 || ns < l->least)
		l->least = ns;
	if (l->n == 0 || ns > l->greatest)
		l->greatest = ns;
	if (l->n < LATENCY_EXACT)
		l->kept[l->n] = ns;
	l->n++;
	if (l->sum <= INT64_MAX - ns)
		l->sum += ns;
	l->bins[bin_of((uint64_t)ns)]++;
}

static int
kept_compare(const void *context, uint32_t a, uint32_t b)
{
	const int64_t *kept = context;

	return (kept[a] > kept[b]) - (kept[a] < kept[b]);
}

/* Of the values, when all are kept, the one that `before` are not above. */
static int64_t
kept_at(const struct latency *l, size_t before)
{
	uint32_t order[LATENCY_EXACT], scratch[LATENCY_EXACT];

	sort_order(order, scratch, (size_t)l->n, kept_compare, l->kept);
	return l->kept[order[before]];
}

int64_t
latency_percentile(const struct latency *l, unsigned percent)
{
	uint64_t want = (l->n * percent + 99) / 100, seen = 0;
	int64_t value;

	if (l->n == 0)
		return 0;
	if (l->n <= LATENCY_EXACT)
		return kept_at(l, want == 0 ? 0 : (size_t)want - 1);
	for (unsigned bin = 0; bin < LATENCY_BINS; bin++) {
		seen += l->bins[bin];
		if (seen < want)
			continue;
		value = bin_middle(bin);
		if (value > l->greatest)
			value = l->greatest;
		return value < l->least ? l->least : value;
	}
	return l->greatest;
}

static void
values_report(const struct latency *l, struct json *j)
{
	json_ms(j, "min", l->least);
	json_ms(j, "mean", l->sum / (int64_t)l->n);
	json_ms(j, "median", latency_percentile(l, 50));
	json_ms(j, "p95", latency_percentile(l, 95));
	json_ms(j, "p99", latency_percentile(l, 99));
	json_ms(j, "max", l->greatest);
	if (l->n > LATENCY_EXACT)
		json_uint(j, "percentiles_within_percent", LATENCY_ERROR);
}

void
latency_report(const struct latency *l, struct json *j, const char *name)
{
	if (l->n + l->negative == 0)
		return;
	json_object(j, name);
	json_uint(j, "count", l->n);
	if (l->n > 0)
		values_report(l, j);
	if (l->negative > 0)
		json_uint(j, "answers_before_their_question", l->negative);
	json_end(j);
}
