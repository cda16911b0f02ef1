#include <stdlib.h>

#include "net/field_text.h"
#include "net/walk.h"
#include "tap.h"

/* Values as text, sets of rows, caps, and the tables themselves. */
static struct arena arena;

static const char *
text_of(const struct field_value *v)
{
	static char text[512];
	struct buf out;

	buf_init(&out, sizeof(text) - 1);
	field_text(&out, v);
	memcpy(text, out.p == NULL ? (const uint8_t *)"" : out.p, out.n);
	text[out.n] = 0;
	buf_free(&out);
	return text;
}

static const char *
number_as(enum field_type type, uint8_t bits, uint8_t base, uint64_t number)
{
	const struct field f = { "x", type, bits, base, .help = "help" };
	struct field_value v = { .field = &f, .number = number,
		.bytes = span_empty() };

	return text_of(&v);
}

static const char *
bytes_as(enum field_type type, struct span bytes)
{
	const struct field f = { "x", type, .help = "help" };
	struct field_value v = { .field = &f, .bytes = bytes };

	return text_of(&v);
}

static void
numbers(void)
{
	ok_text(number_as(FIELD_NONE, 0, 0, 1), "1");
	ok_text(number_as(FIELD_PROTOCOL, 0, 0, 0), "help");
	ok_text(number_as(FIELD_BOOL, 8, 0, 0), "0");
	ok_text(number_as(FIELD_BOOL, 8, 0, 7), "1");
	ok_text(number_as(FIELD_UINT, 8, FIELD_DEC, 255), "255");
	ok_text(number_as(FIELD_UINT, 8, FIELD_HEX, 5), "0x05");
	ok_text(number_as(FIELD_UINT, 16, FIELD_HEX, 0x800), "0x0800");
	ok_text(number_as(FIELD_UINT, 24, FIELD_HEX, 1), "0x000001");
	ok_text(number_as(FIELD_UINT, 32, FIELD_HEX, 1), "0x00000001");
	ok_text(number_as(FIELD_UINT, 64, FIELD_HEX, 1),
	    "0x0000000000000001");
	ok_text(number_as(FIELD_UINT, 64, FIELD_DEC, UINT64_MAX),
	    "18446744073709551615");
	ok_text(number_as(FIELD_UINT, 16, FIELD_OCT, 8), "010");
	ok_text(number_as(FIELD_INT, 32, 0, UINT64_MAX), "-1");
	ok_text(number_as(FIELD_FRAME, 32, 0, 7), "7");
	ok_text(number_as(FIELD_DURATION, 0, 0, 4947000), "0.004947000");
	ok_text(number_as(FIELD_DURATION, 0, 0, (uint64_t)-1500000000),
	    "-1.500000000");
}

static void
strings(void)
{
	static const uint8_t ff[16] = { 0xff };

	ok_text(bytes_as(FIELD_STRING, span_text("plain \"x\" \\ y")),
	    "plain \"x\" \\ y");
	ok_text(bytes_as(FIELD_STRING, span_text("tab\tnl\ncr\r")),
	    "tab\\tnl\\ncr\\r");
	ok_text(bytes_as(FIELD_STRING, span_of("a\0b", 3)), "a");
	ok_text(bytes_as(FIELD_STRING, span_text("\xff" "a\xe6\xbc" "b\xc0")),
	    "\xef\xbf\xbd" "a\xef\xbf\xbd" "b\xef\xbf\xbd");
	ok_text(bytes_as(FIELD_STRING, span_text("\x1b[31m\u202e")),
	    "\\x1b[31m\\xe2\\x80\\xae");
	ok_text(bytes_as(FIELD_BYTES, span_of("\x01\xab", 2)), "01ab");
	ok_text(bytes_as(FIELD_BYTES, span_empty()), "<none>");
	ok_text(bytes_as(FIELD_IPV4, span_of("\x0a\0\0\1", 4)), "10.0.0.1");
	ok_text(bytes_as(FIELD_IPV4, span_of("\x0a", 1)), "");
	ok_text(bytes_as(FIELD_IPV6, span_of(ff, 16)), "ff00::");
	ok_text(bytes_as(FIELD_ETHER, span_of("\0\1\2\3\4\xff", 6)),
	    "00:01:02:03:04:ff");
	ok_text(bytes_as(FIELD_GUID, span_of("0123456789abcdef", 16)),
	    "30313233-3435-3637-3839-616263646566");
}

static void
times(void)
{
	const struct field f = { "x", FIELD_TIME, .help = "help" };
	const struct field d = { "x", FIELD_DURATION, .help = "help" };
	const struct field r = { "x", FIELD_DOUBLE, .help = "help" };
	struct field_value v = { .field = &f };

	v.time.seconds = 1370200442;
	v.time.nanoseconds = 323173000;
	ok_text(text_of(&v), "Jun  2, 2013 19:14:02.323173000 UTC");
	v.time.seconds = -1;
	v.time.nanoseconds = 5;
	ok_text(text_of(&v), "Dec 31, 1969 23:59:59.000000005 UTC");
	v.time.seconds = 951782400;
	ok_text(text_of(&v), "Feb 29, 2000 00:00:00.000000005 UTC");
	v.field = &d; /* beyond the range of nanoseconds in 64 bits */
	v.time.seconds = INT64_C(18446744073204);
	ok_text(text_of(&v), "18446744073204.000000005");
	v = (struct field_value){ .field = &r, .real = 1000.001 };
	ok_text(text_of(&v), "1000.001");
}

static void
wants(void)
{
	static const struct field rows[100] = { { .name = "x" } };
	struct field_wants *w = field_wants_new();
	struct field_list l;
	size_t i, bad = 0;

	ok(!field_wants_has(w, &rows[0]));
	for (i = 0; i < LENGTH(rows); i += 2) {
		field_wants_add(w, &rows[i]);
		field_wants_add(w, &rows[i]);
	}
	for (i = 0; i < LENGTH(rows); i++)
		bad += field_wants_has(w, &rows[i]) != (i % 2 == 0);
	ok_int(bad, 0);
	field_list_init(&l, &arena);
	l.wants = w;
	field_put_number(&l, &rows[1], span_empty(), 1);
	field_put_number(&l, &rows[2], span_empty(), 2);
	ok_int(l.n, 1);
	ok_int(l.values[0].number, 2);
	/* A subtree that is not wanted still makes the inner ones deeper. */
	i = field_enter(&l, &rows[1], span_empty());
	field_put_number(&l, &rows[4], span_empty(), 3);
	field_leave(&l, i, NULL);
	ok_int(l.values[1].depth, 1);
	ok_int(l.depth, 0);
	field_list_free(&l);
	field_wants_free(w);
	field_wants_free(NULL);
}

static void
lists(void)
{
	static const struct field row = { .name = "x" };
	static const struct field sign = { "y", FIELD_INT, 8, .help = "" };
	static const uint8_t bytes[] = "frame bytes";
	struct span frame = span_of(bytes, 11);
	struct field_list l;
	size_t i, entered;

	field_list_init(&l, &arena);
	l.max = 10;
	for (i = 0; i < 15; i++)
		field_put_number(&l, &row, span_empty(), i);
	ok_int(l.n, 10);
	ok_int(l.refused, 5);
	field_list_start(&l, frame);
	ok_int(l.n, 0);
	entered = field_enter(&l, &row, span_of(bytes + 2, 0));
	field_put_bytes(&l, &row, span_of(bytes + 3, 4),
	    span_of(bytes + 3, 4));
	field_put_number(&l, &row, span_text("elsewhere"), 1);
	field_leave(&l, entered, bytes + 8);
	ok_int(l.values[0].offset, 2);
	ok_int(l.values[0].length, 6);
	ok_int(l.values[1].offset, 3);
	ok_int(l.values[1].length, 4);
	ok_int(l.values[2].length, 0);
	ok_int(field_source_add(&l, "more", span_text("more")), 1);
	ok_int(field_source_set(&l, 1), 0);
	ok_int(field_source_set(&l, 7), 1);
	for (i = 0; i < 10; i++)
		(void)field_source_add(&l, "x", frame);
	ok_int(l.n_sources, FIELD_SOURCES);
	field_put_number(&l, &sign, span_empty(), 0xff);
	ok_int((int64_t)l.values[l.n - 1].number, -1);
	/* Nobody listens. */
	field_put_number(NULL, &row, frame, 1);
	ok_int(field_enter_number(NULL, &row, frame, 1), SIZE_MAX);
	field_leave(NULL, 0, NULL);
	field_list_free(&l);
}

/* Every row has a name in the manner of the others, a type and a help. */
static void
tables(void)
{
	size_t t, i, bad = 0, n = 0;

	for (t = 0; t < net_table_count; t++) {
		const struct field_table *table = net_tables[t];

		ok(table->rows[0].type == FIELD_PROTOCOL);
		for (i = 0; i < table->n; i++, n++) {
			const struct field *f = &table->rows[i];

			if (f->name == NULL || f->help == NULL ||
			    strlen(f->help) == 0 || strlen(f->help) > 75)
				bad++;
			else if ((f->type == FIELD_UINT ||
			    f->type == FIELD_INT) &&
			    (f->bits == 0 || f->bits > 64))
				bad++;
		}
	}
	ok_int(bad, 0);
	ok(n > 600);
}

/* At the cap a source is the frame again, and nothing is written. */
static void
sources(void)
{
	struct field_list l;
	uint8_t last = 0;

	field_list_init(&l, &arena);
	field_list_start(&l, span_text("frame"));
	for (unsigned i = 1; i < FIELD_SOURCES; i++)
		last = field_source_add(&l, "Reassembled", span_text("x"));
	ok_int(last, FIELD_SOURCES - 1);
	ok_int(field_source_add(&l, "Reassembled", span_text("y")), 0);
	ok_int(l.n_sources, FIELD_SOURCES);
	ok_span(l.sources[0], "frame");
	ok_span(l.sources[FIELD_SOURCES - 1], "x");
	ok_text(l.source_names[0], "Frame");
	field_list_free(&l);
}

int
main(void)
{
	arena_init(&arena, (size_t)1 << 20);
	numbers();
	strings();
	times();
	wants();
	lists();
	sources();
	tables();
	arena_free(&arena);
	return tap_done();
}
