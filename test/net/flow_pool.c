/* Huge pages: asked for where nothing is, until one of them takes long. */
#include "net/flow_pool.h"

#include <sys/mman.h>

#include "tap.h"

#define PAGES 4

static int64_t now, step;
int64_t __wrap_clock_thread(void); /* the linker's name */

int64_t
__wrap_clock_thread(void)
{
	now += step;
	return now;
}

/* How many of them have been touched. */
static unsigned
touched(uint8_t *table)
{
	unsigned n = 0;

	for (unsigned i = 0; i < PAGES; i++) {
		unsigned char is = 0;

		(void)mincore(table + i * FLOW_POOL_HUGE, 1, (void *)&is);
		n += is & 1;
	}
	return n;
}

static void
takes(int64_t ns, bool cold, unsigned n)
{
	struct flow_pool pool;
	uint8_t *table = flow_pool_reserve(PAGES * FLOW_POOL_HUGE);

	ok(table != NULL && (uintptr_t)table % FLOW_POOL_HUGE == 0);
	flow_pool_init(&pool, SIZE_MAX);
	ok(!pool.cold);
	step = ns;
	flow_pool_advise(&pool, table, PAGES * FLOW_POOL_HUGE);
	ok_int(touched(table), 0);
	flow_pool_huge(&pool, table, PAGES * FLOW_POOL_HUGE);
	ok_int(touched(table), n);
	ok(pool.cold == cold);
	flow_pool_unreserve(table, PAGES * FLOW_POOL_HUGE);

	/* And of those that come later. */
	table = flow_pool_map(&pool, PAGES * FLOW_POOL_HUGE);
	ok(table != NULL);
	ok_int(touched(table), cold ? 0 : PAGES);
	flow_pool_unmap(&pool, table, PAGES * FLOW_POOL_HUGE);
	flow_pool_free(&pool);
}

int
main(void)
{
	takes(100000, false, PAGES);
	takes(1000000, false, PAGES);
	takes(1000001, true, 1);
	return tap_done();
}
