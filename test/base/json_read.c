#include "base/json_read.h"

#include <stdio.h>

#include "base/buf.h"
#include "tap.h"

static struct arena arena;
static enum json_error error;
static size_t offset;

static const struct json_value *
read_span(struct span s)
{
	arena_reset(&arena);
	return json_read(&arena, s, &error, &offset);
}

static const struct json_value *
read_text(const char *text)
{
	return read_span(span_text(text));
}

/* Must be read; in the spirit of JSONTestSuite's y_ files. */
static const char *const good[] = { "[]", "{}", "[ ]", "{ }", "null", "true",
	"false", "0", "-0", "\"\"", " [] ", "\n\t\r []", "[[]   ]", "[\"\"]",
	"[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[1\n]", " [1]",
	"[1,null,null,null,2]", "[2] ", "[0e+1]", "[0e1]", "[ 4]",
	"[-0.000000000000000000000000000000000000000000000001]", "[20e1]",
	"[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]",
	"[123.456e78]", "[1e-2]", "[123.456789]", "[1e-400]",
	"{\"asd\":\"sdf\", \"dfg\":\"fgh\"}", "{\"\":0}",
	"{\"foo\\u0001bar\": 42}", "{\"min\": -1.0e+28, \"max\": 1.0e+28}",
	"{\"a\":[]}", "{\n\"a\": \"b\"\n}", "[\"\\u0060\\u012a\\u12AB\"]",
	"[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
	"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]", "[\"\\\"\"]",
	"[\"a/*b*/c/*d//e\"]", "[\"\\\\a\"]", "[\"\\\\n\"]", "[\"\\u0012\"]",
	"[\"\\uFFFF\"]", "[ \"asd\"]", "[\"\xf4\x8f\xbf\xbf\"]",
	"[\"\xef\xbf\xbf\"]", "[\"\\u002c\"]", "[\"\xcf\x80\"]",
	"[\"\xf0\x9b\xbf\xbf\"]", "\" \"", "[\"\\uDBFF\\uDFFE\"]",
	"[\"\\u200B\"]", "[\"\\uFDD0\"]", "[\"\x7f\"]", "[\"z\x7fz\"]",
	"[123123123123123123123123123123]", "{\"a\":1,\"A\":2}" };

static void
test_good(void)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(good); i++) {
		if (read_text(good[i]) == NULL || error != JSON_OK) {
			printf("# refused: %s\n", good[i]);
			wrong++;
		}
	}
	ok_int(wrong, 0);
}

struct refusal {
	const char *text;
	enum json_error error;
};

/* Must be refused; the n_ files and our own rules. */
static const struct refusal bad[] = { { "", JSON_SYNTAX }, { " ", JSON_SYNTAX },
	{ "[1 true]", JSON_SYNTAX }, { "[\"\": 1]", JSON_SYNTAX },
	{ "[\"\"],", JSON_SYNTAX }, { "[,1]", JSON_SYNTAX },
	{ "[1,,2]", JSON_SYNTAX }, { "[\"x\"]]", JSON_SYNTAX },
	{ "[\"\",]", JSON_SYNTAX }, { "[\"x\"", JSON_SYNTAX },
	{ "[x", JSON_SYNTAX }, { "[3[4]]", JSON_SYNTAX },
	{ "[1:2]", JSON_SYNTAX }, { "[,]", JSON_SYNTAX },
	{ "[-]", JSON_BAD_NUMBER }, { "[   , \"\"]", JSON_SYNTAX },
	{ "[1,", JSON_SYNTAX }, { "[1,]", JSON_SYNTAX }, { "[*]", JSON_SYNTAX },
	{ "[\"\"", JSON_SYNTAX }, { "[1,\n1\n,1", JSON_SYNTAX },
	{ "[{}", JSON_SYNTAX }, { "[fals]", JSON_SYNTAX },
	{ "[nul]", JSON_SYNTAX }, { "[tru]", JSON_SYNTAX },
	{ "[True]", JSON_SYNTAX }, { "nulll", JSON_SYNTAX },
	{ "[++1234]", JSON_BAD_NUMBER }, { "[+1]", JSON_BAD_NUMBER },
	{ "[-01]", JSON_BAD_NUMBER }, { "[-1.0.]", JSON_BAD_NUMBER },
	{ "[-2.]", JSON_BAD_NUMBER }, { "[.-1]", JSON_BAD_NUMBER },
	{ "[.2e-3]", JSON_BAD_NUMBER }, { "[0.1.2]", JSON_BAD_NUMBER },
	{ "[0.3e+]", JSON_BAD_NUMBER }, { "[0E]", JSON_BAD_NUMBER },
	{ "[1.0e-]", JSON_BAD_NUMBER }, { "[1 000.0]", JSON_SYNTAX },
	{ "[1eE2]", JSON_BAD_NUMBER }, { "[2.e3]", JSON_BAD_NUMBER },
	{ "[9.e+]", JSON_BAD_NUMBER }, { "[Inf]", JSON_SYNTAX },
	{ "[NaN]", JSON_SYNTAX }, { "[-NaN]", JSON_BAD_NUMBER },
	{ "[0x1]", JSON_SYNTAX }, { "[1+2]", JSON_BAD_NUMBER },
	{ "[-Infinity]", JSON_BAD_NUMBER }, { "[012]", JSON_BAD_NUMBER },
	{ "[1a]", JSON_SYNTAX }, { "[1.8011670033376514H-308]", JSON_SYNTAX },
	{ "[1e400]", JSON_BAD_NUMBER }, { "[-1e9999]", JSON_BAD_NUMBER },
	{ "{\"x\", null}", JSON_SYNTAX }, { "{\"x\"::\"b\"}", JSON_SYNTAX },
	{ "{key: 1}", JSON_SYNTAX }, { "{\"a\" b}", JSON_SYNTAX },
	{ "{:\"b\"}", JSON_SYNTAX }, { "{\"a\":", JSON_SYNTAX },
	{ "{\"a\"", JSON_SYNTAX }, { "{1:1}", JSON_SYNTAX },
	{ "{\"id\":0,,}", JSON_SYNTAX }, { "{'a':0}", JSON_SYNTAX },
	{ "{\"id\":0,}", JSON_SYNTAX }, { "{null:null}", JSON_SYNTAX },
	{ "{\"a\":1 \"b\":2}", JSON_SYNTAX }, { "{", JSON_SYNTAX },
	{ "{\"a\":true} \"x\"", JSON_SYNTAX }, { "{}}", JSON_SYNTAX },
	{ "{]", JSON_SYNTAX }, { "[}", JSON_SYNTAX }, { "]", JSON_SYNTAX },
	{ "[\"asd]", JSON_SYNTAX }, { "\"", JSON_SYNTAX },
	{ "[\"\\\"]", JSON_SYNTAX }, { "\"\\", JSON_SYNTAX },
	{ "[\"\\x00\"]", JSON_BAD_STRING }, { "[\"\\a\"]", JSON_BAD_STRING },
	{ "[\"\\uD800\"]", JSON_BAD_STRING },
	{ "[\"\\uD800\\u\"]", JSON_BAD_STRING },
	{ "[\"\\uD800\\u1\"]", JSON_BAD_STRING },
	{ "[\"\\uDFAA\"]", JSON_BAD_STRING },
	{ "[\"\\uD800\\n\"]", JSON_BAD_STRING },
	{ "[\"\\uDd1e\\uD834\"]", JSON_BAD_STRING },
	{ "[\"\\uD888\\u1234\"]", JSON_BAD_STRING },
	{ "[\"\\u0000\"]", JSON_BAD_STRING },
	{ "[\"\\u00A\"]", JSON_BAD_STRING },
	{ "[\"\\u00G0\"]", JSON_BAD_STRING },
	{ "[\"\\U0041\"]", JSON_BAD_STRING },
	{ "[\"new\nline\"]", JSON_BAD_STRING }, { "[\"\t\"]", JSON_BAD_STRING },
	{ "[\"\x1f\"]", JSON_BAD_STRING },
	{ "[\"\xff\"]", JSON_BAD_STRING },
	{ "[\"\xe0\xff\"]", JSON_BAD_STRING },
	{ "[\"\xed\xa0\x80\"]", JSON_BAD_STRING },
	{ "[\"\xc0\xaf\"]", JSON_BAD_STRING },
	{ "[\"\xf4\xbf\xbf\xbf\"]", JSON_BAD_STRING },
	{ "[\"\x81\"]", JSON_BAD_STRING }, { "[\"\\\xc3\"]", JSON_BAD_STRING },
	{ "['a']", JSON_SYNTAX }, { "abc", JSON_SYNTAX },
	{ "\xef\xbb\xbf{}", JSON_SYNTAX }, { "[1]x", JSON_SYNTAX },
	{ "[1] [2]", JSON_SYNTAX }, { "[a\xc3]", JSON_SYNTAX },
	{ "[\f]", JSON_SYNTAX }, { "[\xe2\x81\xa0]", JSON_SYNTAX },
	{ "/**/[]", JSON_SYNTAX }, { "[] // x", JSON_SYNTAX },
	{ "{\"a\":1,\"a\":2}", JSON_DUPLICATE_KEY },
	{ "{\"a\":1,\"b\":2,\"\\u0061\":3}", JSON_DUPLICATE_KEY },
	{ "[{\"\":1,\"\":1}]", JSON_DUPLICATE_KEY } };

static void
test_bad(void)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(bad); i++) {
		if (read_text(bad[i].text) != NULL || error != bad[i].error ||
		    offset > strlen(bad[i].text)) {
			printf("# error %d at %zu: %s\n", error, offset,
			    bad[i].text);
			wrong++;
		}
	}
	ok_int(wrong, 0);
	ok(read_span(span_of("[1]\0", 4)) == NULL);
	ok(read_span(span_of("[\0]", 3)) == NULL);
	ok(read_span(span_of("\"\0\"", 3)) == NULL);
	read_text("{\"a\": [1, 2, x]}");
	ok_int(offset, 13);
	read_text("{\"a\":1,\"b\":2,\"a\":3}");
	ok_int(offset, 17);
}

/* Every beginning of a document is refused, or is one itself. */
static void
test_cut(void)
{
	const char *text = "{\"a\":[1.5e3,true,null,\"\\u00e9\\uD83D\\uDE00"
			   "\"],\"b\":{\"c\":-0}}";
	unsigned wrong = 0;

	for (size_t n = 0; n < strlen(text); n++)
		wrong += read_span(span_of(text, n)) != NULL;
	ok_int(wrong, 0);
	ok(read_text(text) != NULL);
}

static void
test_tree(void)
{
	const struct json_value *root, *v;

	root = read_text(" {\"a\" : [1, \"x\\ny\", {\"k\":null}] , "
			 "\"b\":true, \"\\u0063\":false} ");
	ok(root != NULL);
	ok_int(root->kind, JSON_OBJECT);
	ok_int(root->n, 3);
	ok_span(root->raw,
	    "{\"a\" : [1, \"x\\ny\", {\"k\":null}] , "
	    "\"b\":true, \"\\u0063\":false}");
	v = json_get(root, "a");
	ok(v != NULL && v->kind == JSON_ARRAY);
	ok_span(v->raw, "[1, \"x\\ny\", {\"k\":null}]");
	ok_int(v->n, 3);
	ok_int(v->first->integer, 1);
	ok_span(v->first->name, "");
	ok_span(v->first->next->text, "x\ny");
	ok_span(v->first->next->raw, "\"x\\ny\"");
	ok_int(json_get(v->first->next->next, "k")->kind, JSON_NULL);
	ok(v->first->next->next->next == NULL);
	ok_int(json_get(root, "b")->kind, JSON_TRUE);
	ok_int(json_get(root, "c")->kind, JSON_FALSE);
	ok_span(json_get(root, "c")->name, "c");
	ok(json_get(root, "B") == NULL);
	ok(json_get(NULL, "a") == NULL);
	ok(json_get(v, "a") == NULL);
	ok_span(json_get_text(root, "b"), "");
	ok_span(json_get_text(NULL, "b"), "");
	ok_span(json_get_text(read_text("{\"t\":\"yes\"}"), "t"), "yes");
	v = read_text("\"\\ud83d\\ude00\\u00e9\\u20ac\\/\"");
	ok_span(v->text, "\xf0\x9f\x98\x80\xc3\xa9\xe2\x82\xac/");
}

static bool
is_integer(const char *text, int64_t wanted)
{
	const struct json_value *v = read_text(text);

	return v != NULL && v->is_integer && v->integer == wanted &&
	    span_is(v->text, text);
}

static bool
is_double(const char *text, double wanted)
{
	const struct json_value *v = read_text(text);

	return v != NULL && !v->is_integer && v->number == wanted;
}

static void
test_numbers(void)
{
	ok(is_integer("0", 0));
	ok(is_integer("-0", 0));
	ok(is_integer("9223372036854775807", INT64_MAX));
	ok(is_integer("-9223372036854775808", INT64_MIN));
	ok(is_double("9223372036854775808", 9223372036854775808.0));
	ok(is_double("-9223372036854775809", -9223372036854775808.0));
	ok(is_integer("5.0", 5));
	ok(is_integer("-1e3", -1000));
	ok(is_integer("12.5e1", 125));
	ok(is_double("5.5", 5.5));
	ok(is_double("1e19", 1e19));
	ok(is_double("1e16", 1e16));
	ok(is_double("1e-7", 1e-7));
}

/* Brackets, values and strings up to the limits and one more. */
static void
test_limits(void)
{
	struct buf b;
	static char text[(1 << 20) + 3];

	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	ok(read_span(span_of(text, 128)) != NULL);
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	ok(read_span(span_of(text, 130)) == NULL);
	ok_int(error, JSON_TOO_DEEP);
	memset(text, '[', sizeof(text));
	ok(read_span(span_of(text, sizeof(text))) == NULL);
	ok_int(error, JSON_TOO_DEEP);

	memset(text, 'x', sizeof(text));
	text[0] = text[sizeof(text) - 2] = '"';
	ok(read_span(span_of(text, sizeof(text) - 1)) != NULL);
	text[sizeof(text) - 2] = 'x';
	text[sizeof(text) - 1] = '"';
	ok(read_span(span_of(text, sizeof(text))) == NULL);
	ok_int(error, JSON_TOO_LARGE);

	buf_init(&b, 1 << 20);
	buf_byte(&b, '[');
	for (int i = 0; i < 99998; i++)
		buf_text(&b, "1,");
	buf_text(&b, "1]");
	ok(read_span(buf_bytes(&b)) != NULL);
	buf_cut(&b, b.n - 1);
	buf_text(&b, ",1]");
	ok(read_span(buf_bytes(&b)) == NULL);
	ok_int(error, JSON_TOO_LARGE);
	buf_free(&b);
}

/* An object of very many names, the last of them the first again. */
static void
test_many_names(void)
{
	struct buf b;

	buf_init(&b, 1 << 22);
	buf_text(&b, "{");
	for (int i = 0; i < 90000; i++)
		buf_printf(&b, "\"k%d\":0,", i);
	buf_text(&b, "\"z\":1}");
	ok(read_span(buf_bytes(&b)) != NULL);
	buf_cut(&b, b.n - 6);
	buf_text(&b, "\"k0\":1}");
	ok(read_span(buf_bytes(&b)) == NULL);
	ok_int(error, JSON_DUPLICATE_KEY);
	ok_int(offset, b.n - 2);
	buf_free(&b);
}

/* With too small an arena it says so, wherever that happens. */
static void
test_memory(void)
{
	const char *text = "{\"a\":[1,2,\"\\n\"],\"b\":{\"c\":1,\"d\":2,"
			   "\"e\":3,\"f\":4,\"g\":5,\"h\":6,\"i\":7,\"j\":8,"
			   "\"k\":9}}";
	unsigned wrong = 0;
	size_t limit = 0;
	struct arena small;

	for (;; limit++) {
		arena_init(&small, limit);
		if (json_read(&small, span_text(text), &error, &offset))
			break;
		wrong += error != JSON_NO_MEMORY || !small.full;
		arena_free(&small);
	}
	arena_free(&small);
	ok_int(wrong, 0);
	ok(limit > 1000);
}

static void
test_words(void)
{
	unsigned wrong = 0;

	for (int e = JSON_OK; e <= JSON_NO_MEMORY; e++)
		wrong += strlen(json_error_text((enum json_error)e)) < 5;
	ok_int(wrong, 0);
}

int
main(void)
{
	arena_init(&arena, 1 << 26);
	test_good();
	test_bad();
	test_cut();
	test_tree();
	test_numbers();
	test_limits();
	test_many_names();
	test_memory();
	test_words();
	arena_free(&arena);
	return tap_done();
}
