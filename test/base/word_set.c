#include "base/word_set.h"

#include "base/table.h"
#include "tap.h"

#define MANY 20000
#define CAP 5000

static uint64_t
word_of(uint32_t i)
{
	return (uint64_t)(i % 7) << 40 | i / 2;
}

struct seen {
	uint32_t whose[MANY];
	size_t n;
};

static void
is_new(void *context, uint32_t whose)
{
	struct seen *seen = context;

	seen->whose[seen->n++] = whose;
}

/* Each word twice and more: the first time it is new, in that order. */
static void
test_many(void)
{
	static struct seen seen;
	struct word_set s;
	size_t wrong = 0;

	word_set_init(&s, MANY, is_new, &seen);
	for (uint32_t round = 0; round < 3; round++)
		for (uint32_t i = 0; i < MANY; i++)
			word_set_add(&s, i * UINT64_C(0x9e3779b97f4a7c15),
			    i + round * MANY);
	word_set_settle(&s);
	ok_int(s.n, MANY);
	ok_int(s.refused, 0);
	ok_int(seen.n, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		wrong += seen.whose[i] != i;
	ok_int(wrong, 0);
	word_set_free(&s);
}

/* Beyond the cap each new one is refused, each time; old ones are not. */
static void
test_cap(void)
{
	static struct seen seen;
	struct word_set s;

	word_set_init(&s, CAP, is_new, &seen);
	for (uint32_t i = 0; i < CAP + 10; i++)
		word_set_add(&s, i, i);
	for (uint32_t i = 0; i < CAP + 10; i++)
		word_set_add(&s, i, i);
	word_set_settle(&s);
	ok_int(s.n, CAP);
	ok_int(s.refused, 20);
	ok_int(seen.n, CAP);
	word_set_free(&s);
}

/* Words alike in most bits, 0 and the greatest. */
static void
test_alike(void)
{
	static struct seen seen;
	struct word_set s;

	word_set_init(&s, MANY, is_new, &seen);
	word_set_settle(&s);
	ok_int(s.n, 0);
	for (uint32_t i = 0; i < 7 * 200; i++)
		word_set_add(&s, word_of(i), 0);
	word_set_add(&s, 0, 1);
	word_set_add(&s, UINT64_MAX, 2);
	word_set_add(&s, UINT64_MAX - 1, 3);
	word_set_settle(&s);
	/* (i % 7, i / 2) differ for all i. */
	ok_int(s.n, 7 * 200 + 1);
	ok_int(seen.whose[seen.n - 1], 2);
	word_set_free(&s);
	ok_int(s.n, 0);
}

int
main(void)
{
	hash_key_init();
	test_many();
	test_cap();
	test_alike();
	return tap_done();
}
