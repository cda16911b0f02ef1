#include "worker/result.h"

#include "tap.h"

static const char *const good[] = {
	"{}", "{\"a\":1}", "{\"a\":-0.5e+10,\"b\":[],\"c\":{}}",
	"{\"a\":[1,2,[3,{\"x\":null}]],\"b\":true,\"c\":false}",
	"{\"a\":\"\\\"\\\\\\n\xc3\xa9\xf0\x9f\x90\x9f\"}",
	"{\"a\":18446744073709551615,\"b\":-1.7976931348623157e+99}",
	"{\"\":0}", "{\"a\":10.25}",
};

static const char *const bad[] = {
	"", "[]", "1", "null", "{", "}", "{}}", "{}{}", "{} ", " {}", "{}\n",
	"{ }", "{\"a\" :1}", "{\"a\": 1}", "{\"a\":1,}", "{,}", "{\"a\"}",
	"{\"a\":}", "{a:1}", "{\"a\":01}", "{\"a\":.5}", "{\"a\":1.}",
	"{\"a\":1e}", "{\"a\":+1}", "{\"a\":-}", "{\"a\":NaN}",
	"{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1}", "{\"a\":{]}",
	"{\"a\":[1 2]}", "{\"a\":tru}", "{\"a\":\"x}", "{\"a\":\"\n\"}",
	"{\"a\":\"\x7f\xff\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}",
	"{\"a\":\"\\u12", "{\"a\":\"\xc0\x80\"}", "{\"a\":\"\xed\xa0\x80\"}",
	"{\"a\":1}\n{\"jsonrpc\":\"2.0\"}", "{\"a\":1 \"b\":2}",
	"{\"a\":\"\\u001b[2J\"}", "{\"a\":\"\\b\"}", "{\"a\":\"\\r\"}",
	"{\"a\":\"\\ud800\"}", "{\"a\":\"\\", "{\"a\":\"\x7f\"}",
	"{\"a\":\"\xc2\x9b" "2J\"}", "{\"a\":\"\xe2\x80\xae\"}",
	"{\"a\":\"\xf3\xa0\x81\x81\"}", "{\"a\":1e309}", "{\"a\":1e100}",
	"{\"a\":1e1000}", "{\"a\":1e-00000001}",
	"{\"a\":10000000000000000000000000000000000000000}",
	"{\"a\":0.000000000000000000000000000000000000001}",
	"{\"a\":1\"b\":2}", "{1:2}", "{\"a\":[]]}", "{\"a\"::1}",
};

static void
test_depth(void)
{
	char text[300] = "{\"a\":";
	size_t n = strlen(text);

	for (int i = 0; i < 63; i++)
		text[n++] = '[';
	for (int i = 0; i < 63; i++)
		text[n++] = ']';
	text[n++] = '}';
	ok(result_is_object(span_of(text, n)));
	n = strlen("{\"a\":");
	for (int i = 0; i < 64; i++)
		text[n++] = '[';
	for (int i = 0; i < 64; i++)
		text[n++] = ']';
	text[n++] = '}';
	ok(!result_is_object(span_of(text, n)));
}

/* None of them may stand in a string. */
static void
test_controls(void)
{
	char text[] = "{\"a\":\"?\"}";

	for (unsigned byte = 0; byte < 0x20; byte++) {
		text[6] = (char)byte;
		tap_check(!result_is_object(span_of(text, 9)), "a control",
		    __FILE__, (int)byte);
	}
	text[6] = ' ';
	ok(result_is_object(span_of(text, 9)));
}

int
main(void)
{
	for (size_t i = 0; i < LENGTH(good); i++)
		tap_check(result_is_object(span_text(good[i])), "an object",
		    __FILE__, (int)i);
	for (size_t i = 0; i < LENGTH(bad); i++)
		tap_check(!result_is_object(span_text(bad[i])), "no object",
		    __FILE__, (int)i);
	ok(!result_is_object(span_of("{\"a\":\"\0\"}", 9)));
	test_depth();
	test_controls();
	return tap_done();
}
