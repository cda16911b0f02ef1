#include "base/table.h"
#include "tap.h"

#define MANY 20000

struct numbers {
	uint32_t values[MANY];
	uint64_t *compared;
};

static int
compare(const void *context, uint32_t a, uint32_t b)
{
	const struct numbers *numbers = context;
	uint32_t x = numbers->values[a], y = numbers->values[b];

	++*numbers->compared;
	return (x > y) - (x < y);
}

/* Sorted, stable, every number once, in no more than n log n. */
static bool
sorts(struct numbers *numbers, size_t n)
{
	static uint32_t order[MANY], scratch[MANY];
	static bool seen[MANY];
	uint64_t most = 3 * n;

	for (size_t width = 1; width < n; width *= 2)
		most += n;
	*numbers->compared = 0;
	memset(seen, 0, sizeof(seen));
	sort_order(order, scratch, n, compare, numbers);
	for (size_t i = 0; i < n; i++) {
		if (order[i] >= n || seen[order[i]])
			return false;
		seen[order[i]] = true;
	}
	for (size_t i = 1; i < n; i++) {
		uint32_t x = numbers->values[order[i - 1]];
		uint32_t y = numbers->values[order[i]];

		if (x > y || (x == y && order[i - 1] > order[i]))
			return false;
	}
	return *numbers->compared <= most;
}

static uint32_t
next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void
test_small(struct numbers *numbers)
{
	unsigned wrong = 0;
	uint32_t state = 1;

	for (size_t n = 0; n < 100; n++) {
		for (int round = 0; round < 20; round++) {
			for (size_t i = 0; i < n; i++)
				numbers->values[i] = next(&state) % 16;
			wrong += !sorts(numbers, n);
		}
	}
	ok_int(wrong, 0);
}

/* The orders on which others need n * n steps. */
static void
test_orders(struct numbers *numbers)
{
	uint32_t *values = numbers->values;
	uint32_t state = 7;

	for (uint32_t i = 0; i < MANY; i++)
		values[i] = i;
	ok(sorts(numbers, MANY));
	for (uint32_t i = 0; i < MANY; i++)
		values[i] = MANY - i;
	ok(sorts(numbers, MANY));
	for (uint32_t i = 0; i < MANY; i++)
		values[i] = 5;
	ok(sorts(numbers, MANY));
	for (uint32_t i = 0; i < MANY; i++)
		values[i] = i < MANY / 2 ? i : MANY - i;
	ok(sorts(numbers, MANY));
	for (uint32_t i = 0; i < MANY; i++)
		values[i] = i % 2 == 0 ? i : MANY - i;
	ok(sorts(numbers, MANY));
	for (uint32_t i = 0; i < MANY; i++)
		values[i] = i % 97;
	ok(sorts(numbers, MANY));
	/* Few lists that are sorted, and one too many. */
	for (uint32_t runs = 2; runs < 10; runs++) {
		for (uint32_t i = 0; i < MANY; i++)
			values[i] = i * runs % MANY;
		ok(sorts(numbers, MANY));
		ok(sorts(numbers, MANY - 7));
	}
	for (uint32_t i = 0; i < MANY; i++)
		values[i] = next(&state);
	ok(sorts(numbers, MANY));
	ok(sorts(numbers, MANY - 1));
	ok(sorts(numbers, 16385));
}

int
main(void)
{
	static struct numbers numbers;
	uint64_t compared;

	numbers.compared = &compared;
	test_small(&numbers);
	test_orders(&numbers);
	return tap_done();
}
