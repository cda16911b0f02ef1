#include "base/json.h"

#include "base/json_read.h"
#include "base/text.h"
#include "tap.h"

static struct buf out;
static struct json j;

static void
begin(void)
{
	buf_cut(&out, 0);
	json_init(&j, &out);
}

static void
test_shape(void)
{
	begin();
	json_object(&j, NULL);
	json_uint(&j, "n", 18446744073709551615u);
	json_int(&j, "i", -5);
	json_array(&j, "rows");
	json_uint(&j, NULL, 1);
	json_array(&j, NULL);
	json_end(&j);
	json_object(&j, NULL);
	json_end(&j);
	json_null(&j, NULL);
	json_bool(&j, NULL, true);
	json_bool(&j, NULL, false);
	json_end(&j);
	json_double(&j, "d", 0.25);
	json_text(&j, "t", "x");
	json_end(&j);
	ok_span(buf_bytes(&out),
	    "{\"n\":18446744073709551615,\"i\":-5,\"rows\":[1,[],{},null,"
	    "true,false],\"d\":0.25,\"t\":\"x\"}");
	ok_int(j.depth, 0);
	ok_int(json_size(&j), out.n);
}

static void
test_depth(void)
{
	begin();
	for (int i = 0; i < JSON_DEPTH; i++) {
		if (i % 2 == 0)
			json_object(&j, NULL);
		else
			json_array(&j, "a");
	}
	json_uint(&j, NULL, 1);
	json_uint(&j, NULL, 2);
	for (int i = 0; i < JSON_DEPTH; i++)
		json_end(&j);
	ok_span(span_after(buf_bytes(&out), 96),
	    "1,2]}]}]}]}]}]}]}]}]}]}]}]}"
	    "]}]}]}]}");
}

static void
test_strings(void)
{
	begin();
	json_array(&j, NULL);
	json_text(&j, NULL, "a\"b\\c\n\r\t\x01\x1f/é");
	json_textf(&j, NULL, "%d \"%s\"", 7, "x");
	json_span(&j, NULL, span_text("\\x41"));
	json_foreign(&j, NULL, span_text("a\"b\\\x1b\xff世"));
	json_foreign_max(&j, NULL, span_text("abcdef"), 3);
	json_foreign(&j, NULL, span_empty());
	json_hex(&j, NULL, span_text("\x01\xab"));
	json_raw(&j, NULL, span_text("{\"k\":1}"));
	json_end(&j);
	ok_span(buf_bytes(&out),
	    "[\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f/é\",\"7 \\\"x\\\"\","
	    "\"\\\\x41\",\"a\\\"b\\\\x5c\\\\x1b\\\\xff世\","
	    "\"abc...(+3)\",\"\",\"01ab\",{\"k\":1}]");
}

static void
test_foreign_names(void)
{
	begin();
	json_object(&j, NULL);
	json_uint_foreign(&j, span_text("0x1\"\n"), 3);
	json_array_foreign(&j, span_text("a"));
	json_end(&j);
	json_object_foreign(&j, span_text("b"));
	json_uint(&j, "c", 1);
	json_end(&j);
	json_end(&j);
	ok_span(
	    buf_bytes(&out), "{\"0x1\\\"\\\\x0a\":3,\"a\":[],\"b\":{\"c\":1}}");
}

static void
test_times(void)
{
	struct timestamp t = { 1112172466, 496046000, 6, true }, none = { 0 };

	begin();
	json_object(&j, NULL);
	json_time(&j, "t", t);
	json_time(&j, "left out", none);
	json_epoch(&j, "e", t);
	json_epoch(&j, "left out", none);
	json_seconds(&j, "s", 1500000000);
	json_seconds(&j, "z", 0);
	json_seconds(&j, "m", -12000);
	json_seconds(&j, "w", 60000000000);
	json_ms(&j, "a", 1500000);
	json_ms(&j, "b", -1);
	json_ms(&j, "c", 0);
	json_ms(&j, "d", -100000000);
	json_ms(&j, "f", INT64_MIN);
	json_array(&j, "g");
	json_time(&j, NULL, none);
	json_epoch(&j, NULL, none);
	json_end(&j);
	json_end(&j);
	ok_span(buf_bytes(&out),
	    "{\"t\":\"2005-03-30T08:47:46.496046Z\",\"e\":1112172466.496046,"
	    "\"s\":1.5,\"z\":0,\"m\":-0.000012,\"w\":60,\"a\":1.5,"
	    "\"b\":-0.000001,\"c\":0,\"d\":-100,"
	    "\"f\":-9223372036854.775808,\"g\":[null,null]}");
}

static void
test_addresses(void)
{
	struct addr a = addr_of(ADDR_IPV4, tap_hex("c0000201").p);
	struct addr none = { 0 };

	begin();
	json_object(&j, NULL);
	json_addr(&j, "a", &a);
	json_addr(&j, "left out", &none);
	json_endpoint(&j, "b", &a, 53);
	json_endpoint(&j, "left out", &none, 53);
	json_array(&j, "c");
	json_addr(&j, NULL, &none);
	json_endpoint(&j, NULL, &none, 1);
	json_end(&j);
	json_end(&j);
	ok_span(buf_bytes(&out),
	    "{\"a\":\"192.0.2.1\",\"b\":\"192.0.2.1:53\",\"c\":[null,null]}");
}

static void
test_marks(void)
{
	struct json_mark mark;

	begin();
	json_array(&j, NULL);
	mark = json_mark(&j);
	json_object(&j, NULL);
	json_uint(&j, "a", 1);
	json_rewind(&j, mark);
	json_uint(&j, NULL, 1);
	mark = json_mark(&j);
	json_array(&j, NULL);
	json_uint(&j, NULL, 2);
	json_rewind(&j, mark);
	json_object(&j, NULL);
	json_end(&j);
	json_end(&j);
	ok_span(buf_bytes(&out), "[1,{}]");
}

/* However small the limit: no more than that, and nesting is kept. */
static void
test_full(void)
{
	for (size_t limit = 0; limit < 70; limit++) {
		struct buf small;

		buf_init(&small, limit);
		json_init(&j, &small);
		json_object(&j, NULL);
		json_foreign(&j, "a", span_text("b\"\\\x01\xff"));
		json_textf(&j, "c", "%s\n", "d\"e");
		json_array_foreign(&j, span_text("\x01"));
		json_double(&j, NULL, 0.5);
		json_end(&j);
		json_end(&j);
		if (small.n > limit || !small.full || j.depth != 0)
			ok_int(limit, 70);
		buf_free(&small);
	}
}

/* Any bytes as a string: what is written reads as what text_escape gave. */
static void
test_read_back(void)
{
	uint32_t state = 1;
	unsigned wrong = 0;
	struct arena a;

	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < 20000; i++) {
		uint8_t bytes[48];
		size_t offset;
		enum json_error error;
		const struct json_value *v;
		struct buf shown;

		for (size_t k = 0; k < sizeof(bytes); k++) {
			state = state * 1664525 + 1013904223;
			bytes[k] = (uint8_t)(state >> 13);
			if (state >> 30 == 0)
				bytes[k] &= 0x3f;
		}
		begin();
		json_foreign(&j, NULL, span_of(bytes, i % 48));
		buf_init(&shown, 1000);
		buf_byte(&shown, 'x');
		buf_cut(&shown, 0);
		text_escape(&shown, span_of(bytes, i % 48), TEXT_MAX);
		v = json_read(&a, buf_bytes(&out), &error, &offset);
		wrong += v == NULL || !span_equal(v->text, buf_bytes(&shown));
		buf_free(&shown);
		arena_reset(&a);
	}
	ok_int(wrong, 0);
	arena_free(&a);
}

int
main(void)
{
	buf_init(&out, 1 << 20);
	test_shape();
	test_depth();
	test_strings();
	test_foreign_names();
	test_times();
	test_addresses();
	test_marks();
	test_full();
	test_read_back();
	buf_free(&out);
	return tap_done();
}
