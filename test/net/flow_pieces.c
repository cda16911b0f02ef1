#include "net/flow_pool.h"

#include "tap.h"

/* Pieces are whole, nobody has one of them twice, and those given back are all
 * taken again before there is a new one. */
#define PIECES 500

static uint8_t *pieces[PIECES];

static void
take(struct flow_pool *pool, unsigned class, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		pieces[i] = flow_pool_take(pool, class);
		if (pieces[i] != NULL)
			memset(pieces[i], (int)(i & 0xff),
			    FLOW_POOL_SIZE(class));
	}
}

static unsigned
wrong(unsigned class, size_t from, size_t to)
{
	unsigned n = 0;

	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < FLOW_POOL_SIZE(class); k++)
			n += pieces[i] == NULL || pieces[i][k] != (i & 0xff);
	return n;
}

int
main(void)
{
	for (unsigned class = 0; class < 3; class++) {
		struct flow_pool pool;
		const uint8_t *next;

		flow_pool_init(&pool, (size_t)1 << 22);
		take(&pool, class, 0, PIECES);
		ok_int(wrong(class, 0, PIECES), 0);
		next = pool.next;
		/* Some, and some again: never more than there are. */
		for (size_t n = 0; n < PIECES; n++) {
			for (size_t i = 0; i < n; i++)
				flow_pool_give(&pool, pieces[i], class);
			take(&pool, class, n / 3, n);
			take(&pool, class, 0, n / 3);
			if (wrong(class, 0, PIECES) != 0)
				ok_int(n, 0);
		}
		ok(pool.next == next);
		ok(flow_pool_take(&pool, class) != NULL && pool.next != next);
		flow_pool_free(&pool);
	}
	return tap_done();
}
