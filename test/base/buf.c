#include "base/buf.h"
#include "tap.h"

static void
test_add(void)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	ok_span(buf_bytes(&b), "");
	buf_text(&b, "ab");
	buf_byte(&b, 'c');
	buf_span(&b, span_text("de"));
	buf_add(&b, "", 0);
	ok_span(buf_bytes(&b), "abcde");
	buf_cut(&b, 9);
	ok_span(buf_bytes(&b), "abcde");
	buf_drop(&b, 2);
	ok_span(buf_bytes(&b), "cde");
	buf_cut(&b, 1);
	ok_span(buf_bytes(&b), "c");
	buf_drop(&b, 9);
	ok_span(buf_bytes(&b), "");
	for (int i = 0; i < 5000; i++)
		buf_text(&b, "0123456789");
	ok_int(b.n, 50000);
	ok(!b.full);
	buf_free(&b);
	ok_int(b.n, 0);
	buf_text(&b, "again");
	ok_span(buf_bytes(&b), "again");
	buf_free(&b);
}

static void
test_limit(void)
{
	struct buf b;

	buf_init(&b, 5);
	buf_text(&b, "abc");
	buf_text(&b, "def");
	ok_span(buf_bytes(&b), "abc");
	ok(b.full);
	buf_byte(&b, 'd');
	ok_span(buf_bytes(&b), "abc");
	buf_cut(&b, 0);
	ok(b.full);
	buf_text(&b, "x");
	ok_int(b.n, 0);
	ok(buf_room(&b, 0) == NULL);
	buf_free(&b);
	ok(!b.full);
	buf_text(&b, "abcde");
	ok_span(buf_bytes(&b), "abcde");
	ok(!b.full);
	buf_free(&b);
	buf_init(&b, 0);
	ok(buf_room(&b, 0) != NULL);
	ok(buf_room(&b, 1) == NULL);
	buf_free(&b);
	buf_init(&b, SIZE_MAX);
	buf_byte(&b, 'x');
	ok(buf_room(&b, SIZE_MAX - 1) == NULL);
	buf_free(&b);
}

static void
test_printf(void)
{
	struct buf b;

	buf_init(&b, 600);
	buf_printf(&b, "%d-%s", 42, "x");
	ok_span(buf_bytes(&b), "42-x");
	/* Longer than the first room; exactly the limit; beyond it. */
	buf_printf(&b, "%500s", "y");
	ok_int(b.n, 504);
	buf_printf(&b, "%96s", "z");
	ok_int(b.n, 600);
	ok(!b.full);
	ok_int(b.p[599], 'z');
	buf_printf(&b, "%s", "");
	ok(!b.full);
	buf_printf(&b, "a");
	ok(b.full);
	ok_int(b.n, 600);
	buf_free(&b);
}

int
main(void)
{
	test_add();
	test_limit();
	test_printf();
	return tap_done();
}
