#include "analysis/rows.h"

#include "tap.h"

/* Writes the rows 0 to n - 1, each {"row":i}, as far as they are wanted. */
static void
rows_fill(struct rows *r, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct json *j = rows_next(r);

		if (j == NULL)
			continue;
		json_object(j, NULL);
		json_uint(j, "row", i);
		json_end(j);
		rows_done(r);
	}
}

struct answer {
	struct buf buf;
	struct json json;
};

static struct span
report(struct rows *r, struct answer *a, bool counts_first)
{
	buf_init(&a->buf, 1 << 20);
	json_init(&a->json, &a->buf);
	json_object(&a->json, NULL);
	if (counts_first)
		rows_counts(r, &a->json, 7);
	rows_report(r, &a->json, "rows");
	if (!counts_first)
		rows_counts(r, &a->json, 7);
	json_end(&a->json);
	return buf_bytes(&a->buf);
}

static void
test_all_fit(void)
{
	struct rows r;
	struct answer a;

	rows_init(&r);
	r.limit = 50;
	r.max_bytes = 4000;
	ok(rows_wanted(&r));
	rows_fill(&r, 3);
	ok_span(report(&r, &a, false),
	    "{\"rows\":[{\"row\":0},{\"row\":1},{\"row\":2}],"
	    "\"matched\":3,\"returned\":3,\"truncated\":false}");
	buf_free(&a.buf);
	rows_free(&r);
}

static void
test_limit(void)
{
	struct rows r;
	struct answer a;
	uint64_t next = 0;
	struct span text;

	rows_init(&r);
	r.limit = 2;
	r.max_bytes = 4000;
	rows_fill(&r, 5);
	ok(!rows_wanted(&r));
	text = report(&r, &a, false);
	ok(span_starts(text, "{\"rows\":[{\"row\":0},{\"row\":1}],"
	    "\"matched\":5,\"returned\":2,\"truncated\":true,"
	    "\"next_cursor\":\""));
	text = span_first(span_after(text, text.n - 26), 24);
	ok(rows_cursor_read(text, 7, &next));
	ok_int(next, 2);
	ok(!rows_cursor_read(text, 8, &next));
	ok(!rows_cursor_read(span_text("00"), 7, &next));
	ok(!rows_cursor_read(span_text("not a cursor, is it"), 7, &next));
	buf_free(&a.buf);
	rows_free(&r);

	rows_init(&r);
	r.limit = 10;
	r.skip = 2;
	rows_fill(&r, 5);
	ok_span(report(&r, &a, false),
	    "{\"rows\":[{\"row\":2},{\"row\":3},{\"row\":4}],"
	    "\"matched\":5,\"returned\":3,\"truncated\":false}");
	buf_free(&a.buf);
	rows_free(&r);
}

/* One is left out: the cursor is its number, and nothing moves it on. */
static void
test_first_beyond(void)
{
	struct rows r;

	rows_init(&r);
	r.limit = 0;
	r.skip = 3;
	rows_fill(&r, 3);
	ok(!r.truncated);
	rows_fill(&r, 1);
	ok(r.truncated);
	ok_int(r.next, 3);
	rows_fill(&r, 1);
	ok_int(r.next, 3);
	ok_int(r.matched, 5);
	rows_free(&r);
}

/* Rows that others counted. */
static void
test_more(void)
{
	struct rows r;
	struct answer a;

	rows_init(&r);
	r.limit = 2;
	rows_fill(&r, 2);
	rows_more(&r, 2);
	ok(!r.truncated);
	rows_more(&r, 9);
	ok_int(r.next, 2);
	ok_int(r.matched, 9);
	ok(span_starts(report(&r, &a, false),
	    "{\"rows\":[{\"row\":0},{\"row\":1}],"
	    "\"matched\":9,\"returned\":2,\"truncated\":true,"));
	buf_free(&a.buf);
	rows_free(&r);
	rows_init(&r);
	r.skip = 5;
	rows_more(&r, 5);
	ok(!r.truncated);
	rows_more(&r, 6);
	ok(r.truncated);
	ok_int(r.next, 5);
	rows_free(&r);
}

static void
test_counts_only(void)
{
	struct rows r;
	struct answer a;

	rows_init(&r);
	r.max_bytes = 4000;
	rows_fill(&r, 5);
	ok_span(report(&r, &a, true),
	    "{\"matched\":5,\"returned\":0,\"truncated\":true,\"rows\":[]}");
	buf_free(&a.buf);
	rows_free(&r);
}

/* Whatever the budget, the answer keeps to it, says so and gets on. */
static void
test_budget(void)
{
	uint64_t seen = 0;

	for (unsigned turn = 0; seen < 1000 && turn < 1000; turn++) {
		bool within_budget;
		struct rows r;
		struct answer a;

		rows_init(&r);
		r.limit = 100000;
		r.max_bytes = 1000;
		r.skip = seen;
		rows_fill(&r, 1000);
		within_budget = report(&r, &a, turn % 2 == 0).n <= 1000 &&
		    r.matched == 1000 && r.returned > 0;
		if (!within_budget)
			ok(within_budget);
		seen += r.returned;
		ok_int(r.truncated ? r.next : 1000, seen);
		buf_free(&a.buf);
		rows_free(&r);
	}
	ok_int(seen, 1000);
}

/* A row larger than the budget still comes, alone: no cursor stands still. */
static void
test_large_row(void)
{
	struct rows r;
	struct answer a;
	char text[3000];

	memset(text, 'x', sizeof(text));
	rows_init(&r);
	r.limit = 10;
	r.max_bytes = 1000;
	for (unsigned i = 0; i < 3; i++) {
		struct json *j = rows_next(&r);

		if (j == NULL)
			continue;
		json_span(j, NULL, span_of(text, sizeof(text)));
		rows_done(&r);
	}
	ok_int(report(&r, &a, false).n > 3000, 1);
	ok_int(r.returned, 1);
	ok_int(r.next, 1);
	buf_free(&a.buf);
	rows_free(&r);
}

static bool
sink(void *context, struct span bytes)
{
	buf_span(context, bytes);
	return true;
}

static bool
sink_gone(void *context, struct span bytes)
{
	(void)bytes;
	(*(unsigned *)context)++;
	return false;
}

static void
test_lines(void)
{
	struct rows r;
	struct buf out;

	buf_init(&out, 1 << 24);
	rows_init(&r);
	r.format = ROWS_NDJSON;
	r.limit = UINT64_MAX;
	r.sink = sink;
	r.context = &out;
	r.prefix = span_text("\"of\":\"a\",");
	rows_fill(&r, 2);
	ok(rows_flush(&r));
	ok_span(buf_bytes(&out), "{\"of\":\"a\",\"row\":0}\n"
	    "{\"of\":\"a\",\"row\":1}\n");
	rows_fill(&r, 20000);
	ok(out.n > 65536);
	ok_int(out.p[out.n - 1], '\n');
	rows_free(&r);
	buf_free(&out);
}

static void
test_table(void)
{
	struct rows r;
	struct buf out;

	buf_init(&out, 1 << 20);
	rows_init(&r);
	ok(rows_head(&r) == NULL);
	r.format = ROWS_TSV;
	r.limit = 2;
	r.sink = sink;
	r.context = &out;
	buf_text(rows_head(&r), "number\n");
	for (unsigned i = 0; i < 3; i++) {
		struct buf *line = rows_text(&r);

		if (line == NULL)
			continue;
		buf_printf(line, "%u", i);
		rows_done(&r);
	}
	ok(rows_flush(&r));
	ok_span(buf_bytes(&out), "number\n0\n1\n");
	ok(r.truncated);
	rows_free(&r);
	buf_free(&out);
}

static void
test_gone(void)
{
	struct rows r;
	unsigned calls = 0;

	rows_init(&r);
	r.format = ROWS_NDJSON;
	r.limit = UINT64_MAX;
	r.sink = sink_gone;
	r.context = &calls;
	rows_fill(&r, 100000);
	ok_int(calls, 1);
	ok(r.stopped);
	ok_int(r.matched, 100000);
	ok(!rows_flush(&r));
	rows_free(&r);
}

int
main(void)
{
	test_all_fit();
	test_limit();
	test_first_beyond();
	test_more();
	test_counts_only();
	test_budget();
	test_large_row();
	test_lines();
	test_table();
	test_gone();
	return tap_done();
}
