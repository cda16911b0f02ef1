#include "base/arena.h"
#include "tap.h"

static bool
is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

static void
test_pieces(void)
{
	struct arena a;
	unsigned wrong = 0;

	arena_init(&a, 1 << 24);
	for (size_t i = 0; i < 3000; i++) {
		size_t size = i * 7919 % 1500;
		uint8_t *p = arena_alloc(&a, 1, size);

		if (p == NULL || !is_zero(p, size) ||
		    (uintptr_t)p % _Alignof(max_align_t) != 0)
			wrong++;
		else
			memset(p, 0xa5, size);
	}
	ok_int(wrong, 0);
	ok(!a.full);
	ok(a.used <= a.limit);
	arena_free(&a);
	ok(a.last == NULL);
	ok_int(a.used, 0);
	ok(arena_new(&a, int) != NULL);
	arena_free(&a);
}

/* What was used before a reset is zero again. */
static void
test_reset(void)
{
	struct arena a;
	unsigned wrong = 0;

	arena_init(&a, 1 << 20);
	for (size_t round = 0; round < 200; round++) {
		for (size_t i = 0; i < 10; i++) {
			size_t size = (round * 31 + i * 17) % 700;
			uint8_t *p = arena_alloc(&a, 1, size);

			if (p == NULL || !is_zero(p, size))
				wrong++;
			else
				memset(p, 0xff, size);
			arena_copy(&a, span_text("odd"));
		}
		arena_reset(&a);
	}
	ok_int(wrong, 0);
	ok_int(a.used, 0);
	arena_free(&a);
}

static void
test_limit(void)
{
	struct arena a;

	arena_init(&a, 100);
	ok(arena_alloc(&a, 1, 64) != NULL);
	ok(!a.full);
	ok(arena_alloc(&a, 1, 64) == NULL);
	ok(a.full);
	/* A smaller piece may still be had; `full` stays. */
	ok(arena_alloc(&a, 1, 16) != NULL);
	ok(a.full);
	ok_span(arena_copy(&a, span_of("0123456789012345678901234", 25)), "");
	arena_reset(&a);
	ok(!a.full);
	ok_span(arena_copy(&a, span_text("abc")), "abc");
	arena_free(&a);
}

static void
test_overflow(void)
{
	struct arena a;

	arena_init(&a, SIZE_MAX);
	ok(arena_alloc(&a, SIZE_MAX / 2, 3) == NULL);
	ok(a.full);
	arena_free(&a);
	ok(arena_alloc(&a, SIZE_MAX, 1) == NULL);
	ok(arena_alloc(&a, 0, 8) != NULL);
	ok(arena_alloc(&a, 8, 0) != NULL);
	arena_free(&a);
}

/* Large pieces have their own blocks and do not end the use of a small. */
static void
test_large(void)
{
	struct arena a;
	struct arena_block *block;

	arena_init(&a, SIZE_MAX);
	arena_alloc(&a, 1, 16);
	block = a.last;
	memset(arena_alloc(&a, 1, 5 << 20), 1, 5 << 20);
	ok(a.last == block);
	arena_alloc(&a, 1, 16);
	ok(a.last == block);
	arena_reset(&a);
	ok(a.last == block);
	arena_free(&a);
}

int
main(void)
{
	test_pieces();
	test_reset();
	test_limit();
	test_overflow();
	test_large();
	return tap_done();
}
