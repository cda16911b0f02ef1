#include "base/cursor.h"
#include "tap.h"

static void
test_words(void)
{
	struct cursor c = cur_open(tap_hex("01 0203 040506 0708090a"
					   "0b0c0d0e0f101112"
					   "0203 0708090a 0b0c0d0e0f101112"));

	ok_int(cur_u8(&c), 1);
	ok_int(cur_be16(&c), 0x0203);
	ok_int(cur_be24(&c), 0x040506);
	ok_int(cur_be32(&c), 0x0708090a);
	ok_int(cur_be64(&c), 0x0b0c0d0e0f101112);
	ok_int(cur_le16(&c), 0x0302);
	ok_int(cur_le32(&c), 0x0a090807);
	ok_int(cur_le64(&c), 0x1211100f0e0d0c0b);
	ok(cur_ok(&c));
	ok_int(cur_left(&c), 0);
	ok_int(cur_u8(&c), 0);
	ok(!cur_ok(&c));
}

static void
test_short(void)
{
	struct cursor c = cur_open(span_text("abc"));

	ok_int(cur_be32(&c), 0);
	ok(!cur_ok(&c));
	ok(!c.cut);
	ok_int(cur_left(&c), 0);
	/* What was there is not given later either. */
	ok_int(cur_u8(&c), 0);
	ok_int(cur_take(&c, 0).n, 0);
	cur_seek(&c, 0);
	ok_int(cur_left(&c), 0);
}

static void
test_cut(void)
{
	struct cursor c = cur_open_cut(span_text("abcd"), 10);

	ok_int(cur_left(&c), 4);
	ok_int(cur_claimed_left(&c), 10);
	cur_skip(&c, 2);
	ok_int(cur_be64(&c), 0);
	ok(!cur_ok(&c));
	ok(c.cut);

	c = cur_open_cut(span_text("abcd"), 10);
	cur_skip(&c, 11);
	ok(!cur_ok(&c));
	ok(!c.cut);

	c = cur_open_cut(span_text("abcd"), 10);
	cur_seek(&c, 7);
	ok(c.bad && c.cut);
	c = cur_open_cut(span_text("abcd"), 2);
	ok_int(cur_claimed_left(&c), 4);
}

static void
test_sub(void)
{
	struct cursor c = cur_open(span_text("abcdef"));
	struct cursor sub = cur_sub(&c, 4);

	ok_int(cur_left(&sub), 4);
	ok_int(cur_left(&c), 2);
	cur_skip(&sub, 5);
	ok(!cur_ok(&sub) && !sub.cut);
	ok(cur_ok(&c));
	ok_int(cur_u8(&c), 'e');
	sub = cur_sub(&c, 2);
	ok(!cur_ok(&c) && !c.cut);
	ok(!cur_ok(&sub));
	ok_int(cur_left(&sub), 0);

	c = cur_open_cut(span_text("abcdef"), 20);
	sub = cur_sub(&c, 10);
	ok(cur_ok(&sub));
	ok(!cur_ok(&c) && c.cut);
	ok_int(cur_left(&sub), 6);
	ok_int(cur_claimed_left(&sub), 10);
	cur_skip(&sub, 8);
	ok(!cur_ok(&sub) && sub.cut);
}

static void
test_lines(void)
{
	struct cursor c = cur_open(span_text("one\r\ntwo\n\r\n\nx\ry\r\nend"));

	ok_span(cur_line(&c), "one");
	ok_span(cur_line(&c), "two");
	ok_span(cur_line(&c), "");
	ok_span(cur_line(&c), "");
	ok_span(cur_line(&c), "x\ry");
	ok_span(cur_line(&c), "end");
	ok(cur_ok(&c));
	ok_int(cur_left(&c), 0);
	ok_span(cur_line(&c), "");
}

enum { OPERATIONS = 9 };

static void
operate(struct cursor *c, unsigned operation)
{
	switch (operation) {
	case 0:
		cur_u8(c);
		break;
	case 1:
		cur_be16(c);
		break;
	case 2:
		cur_le64(c);
		break;
	case 3:
		cur_seek(c, 1);
		break;
	case 4:
		cur_seek(c, 5);
		break;
	case 5:
		cur_line(c);
		break;
	case 6:
		cur_sub(c, 3);
		break;
	case 7:
		cur_rest(c);
		break;
	case 8:
		cur_skip(c, SIZE_MAX);
		break;
	}
}

/* After any step the position is inside, and bad means nothing left. */
static bool
holds(const struct cursor *c, const struct cursor *before)
{
	if (c->pos > c->end || c->end > c->claimed)
		return false;
	if (c->bad && c->pos != c->end)
		return false;
	if (c->cut && !c->bad)
		return false;
	return !before->bad || (c->bad && c->cut == before->cut);
}

/* Every sequence of four operations over every small message. */
static void
test_exhaustive(void)
{
	unsigned wrong = 0, total = 1;

	for (int i = 0; i < 4; i++)
		total *= OPERATIONS;
	for (size_t n = 0; n <= 6; n++) {
		for (size_t claimed = n; claimed <= n + 9; claimed += 3) {
			for (unsigned i = 0; i < 4 * total; i++) {
				struct cursor c = cur_open_cut(
				    span_of("ab\ncd\n", n), claimed);

				for (unsigned j = i; j > 0; j /= OPERATIONS) {
					struct cursor before = c;

					operate(&c, j % OPERATIONS);
					wrong += !holds(&c, &before);
				}
			}
		}
	}
	ok_int(wrong, 0);
}

int
main(void)
{
	test_words();
	test_short();
	test_cut();
	test_sub();
	test_lines();
	test_exhaustive();
	return tap_done();
}
