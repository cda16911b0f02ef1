#include "base/table_later.h"

#include <stdio.h>

#include "tap.h"

#define KEYS 5000
#define CAP 300

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static struct span
key_of(char *text, uint32_t i)
{
	return span_of(text, (size_t)snprintf(text, 40, "name-%u.test", i));
}

struct both {
	struct table now, later;
	struct table_later wait;
	size_t expected[TABLE_LATER];
	unsigned wrong;
};

static void
settle(struct both *b)
{
	table_later_come(&b->wait, &b->later);
	for (size_t i = 0; i < b->wait.n; i++) {
		b->wrong += table_later_intern(&b->wait, &b->later, i) !=
		    b->expected[i];
		b->wrong += table_later_index(&b->wait, &b->later, i) !=
		    b->expected[i];
	}
	table_later_end(&b->wait);
}

/* The same numbers as of looking up at once, old keys, new ones and those
 * beyond the cap. */
static void
test_same(bool words)
{
	struct both b = { .wrong = 0 };
	uint32_t seed = 7;
	char text[40];

	table_init(&b.now, 0, CAP);
	table_init(&b.later, 0, CAP);
	for (size_t i = 0; i < KEYS; i++) {
		struct span key = key_of(text, next(&seed) % 400);
		size_t at = words ?
		    table_later_add_words(&b.wait, &b.later, key) :
		    table_later_add(&b.wait, &b.later, key);

		if (at == TABLE_LATER) {
			b.wrong++;
			break;
		}
		b.expected[at] = table_intern(&b.now, key);
		if (table_later_full(&b.wait))
			settle(&b);
	}
	settle(&b);
	ok_int(b.wrong, 0);
	ok_int(b.later.n, CAP);
	ok(b.later.refused == b.now.refused && b.later.refused > 0);
	for (size_t i = 0; i < CAP; i++)
		b.wrong += !span_equal(table_key(&b.now, i),
		    table_key(&b.later, i));
	ok_int(b.wrong, 0);
	table_free(&b.now);
	table_free(&b.later);
}

static void
test_long(void)
{
	uint8_t key[TABLE_LATER_KEY + 1] = { 1 };
	struct table_later l = { .n = 0 };
	struct table t;

	table_init(&t, 0, 10);
	ok_int(table_later_add(&l, &t, span_of(key, sizeof(key))),
	    TABLE_LATER);
	ok_int(table_later_add_words(&l, &t, span_of(key, sizeof(key))),
	    TABLE_LATER);
	ok_int(l.n, 0);
	ok_int(table_later_add(&l, &t, span_of(key, sizeof(key) - 1)), 0);
	ok_int(l.n, 1);
	ok_int(table_later_add_words(&l, &t, span_of(key, sizeof(key) - 1)),
	    1);
	ok_int(table_later_index(&l, &t, 1) == SIZE_MAX, 1);
	table_free(&t);
}

int
main(void)
{
	test_same(false);
	test_same(true);
	test_long();
	return tap_done();
}
