#include "base/slots.h"

#include "tap.h"

#define ENTRIES 3000

/*
 * All that was added is found after each growth, and nothing else: places at
 * random, few of them, and those at the end of the table, whose runs go on at
 * its beginning.
 */
static uint64_t hashes[ENTRIES];

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed;
}

static bool
is_there(const struct slots *s, uint64_t hash, size_t n)
{
	size_t steps = 0;

	for (size_t at = slots_first(s, hash); slots_taken(s, at) &&
	    steps++ < s->size; at = slots_next(s, at))
		if (slots_number(s, at) == n)
			return slots_may_be(s, at, hash);
	return false;
}

static size_t
taken(const struct slots *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->size; i++)
		n += s->all[i] != 0;
	return n;
}

/* Places within `mask`, and all bits set that are in `base`. */
static void
grows(uint32_t mask, uint32_t base)
{
	struct slots s = { NULL, 0 };
	uint32_t seed = mask + base + 1;
	size_t missing = 0, size = 0, grown = 0, wrong = 0;

	for (size_t n = 0; n < ENTRIES; n++) {
		uint64_t place = (next(&seed) >> 4 & mask) | base;

		hashes[n] = place << 32 | next(&seed);
		if (!slots_add(&s, hashes[n], n))
			break;
		wrong += taken(&s) != n + 1;
		if (s.size == size && n + 1 < ENTRIES)
			continue;
		size = s.size;
		grown++;
		for (size_t i = 0; i <= n; i++)
			missing += !is_there(&s, hashes[i], i);
		missing += is_there(&s, hashes[0], n + 1);
	}
	ok_int(missing, 0);
	ok_int(wrong, 0);
	ok(grown > 8);
	slots_free(&s);
	ok(s.size == 0 && !slots_taken(&s, 0));
}

int
main(void)
{
	grows(UINT32_MAX, 0);
	grows(0, 0);
	grows(0, UINT32_MAX);
	grows(7, UINT32_MAX - 7);
	grows(0x1f, 0xfffffff0);
	grows(0xfff0000f, 0);
	grows(0x81, 0x7e);
	grows(0xff, 0xffffff00);
	return tap_done();
}
