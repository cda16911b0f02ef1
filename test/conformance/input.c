#include "base/digest.h"
#include "base/text.h"
#include "fixture.h"

/* ---- requestState: "WORD.hex of HMAC-SHA256(key, method name WORD)" -------- */

static void
digest_pad(struct digest *d, const uint8_t *key, uint8_t pad)
{
	uint8_t block[64];

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (uint8_t)((i < 32 ? key[i] : 0) ^ pad);
	digest_init(d, DIGEST_SHA256);
	digest_add(d, span_of(block, sizeof(block)));
}

static void
seal(const struct fixture *f, const struct mcp_call *call, const char *word,
    struct buf *out)
{
	uint8_t inner[DIGEST_MAX], outer[DIGEST_MAX];
	struct digest d;
	size_t n;

	digest_pad(&d, f->key, 0x36);
	digest_add(&d, call->name);
	digest_add(&d, span_of("\0", 1));
	digest_add(&d, span_text(word));
	n = digest_end(&d, inner);
	digest_pad(&d, f->key, 0x5c);
	digest_add(&d, span_of(inner, n));
	n = digest_end(&d, outer);
	buf_text(out, word);
	buf_byte(out, '.');
	text_hex(out, span_of(outer, n), 0);
}

enum state {
	STATE_ABSENT,
	STATE_GOOD,
	STATE_OTHER, /* not this word, or not ours at all */
};

static enum state
state_of(const struct fixture *f, const struct mcp_call *call,
    const char *word)
{
	const struct json_value *v = json_get(call->params, "requestState");
	struct buf wanted;
	bool same;

	if (v == NULL)
		return STATE_ABSENT;
	buf_init(&wanted, 256);
	seal(f, call, word, &wanted);
	same = v->kind == JSON_STRING &&
	    span_equal(v->text, buf_bytes(&wanted));
	buf_free(&wanted);
	return same ? STATE_GOOD : STATE_OTHER;
}

static void
put_state(const struct fixture *f, const struct mcp_call *call,
    struct json *j, const char *word)
{
	struct buf text;

	buf_init(&text, 256);
	seal(f, call, word, &text);
	json_span(j, "requestState", buf_bytes(&text));
	buf_free(&text);
}

static void
bad_state(struct mcp_call *call)
{
	mcp_fail(call, -32602, "requestState is not ours", span_empty());
}

/* ---- Questions and what came back ------------------------------------------- */

static void
put_elicitation(struct json *j, const char *key, const char *message,
    const char *property, const char *type)
{
	json_object(j, key);
	json_text(j, "method", "elicitation/create");
	json_object(j, "params");
	json_text(j, "mode", "form");
	json_text(j, "message", message);
	json_object(j, "requestedSchema");
	json_text(j, "type", "object");
	json_object(j, "properties");
	json_object(j, property);
	json_text(j, "type", type);
	json_end(j);
	json_end(j);
	json_array(j, "required");
	json_text(j, NULL, property);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
}

static void
put_sampling(struct json *j, const char *key, const char *text, uint64_t max)
{
	json_object(j, key);
	json_text(j, "method", "sampling/createMessage");
	json_object(j, "params");
	json_array(j, "messages");
	json_object(j, NULL);
	json_text(j, "role", "user");
	put_text(j, "content", span_text(text));
	json_end(j);
	json_end(j);
	json_uint(j, "maxTokens", max);
	json_end(j);
	json_end(j);
}

static void
put_roots(struct json *j, const char *key)
{
	json_object(j, key);
	json_text(j, "method", "roots/list");
	json_object(j, "params");
	json_end(j);
	json_end(j);
}

/* The client's answer to `key`, if it is one. */
static const struct json_value *
response(const struct mcp_call *call, const char *key)
{
	const struct json_value *v =
	    json_get(json_get(call->params, "inputResponses"), key);

	if (v == NULL || v->kind != JSON_OBJECT)
		return NULL;
	if (json_get(v, "action") == NULL && json_get(v, "role") == NULL &&
	    json_get(v, "roots") == NULL)
		return NULL;
	return v;
}

/* inputResponses, when there, must be an object. */
static bool
responses_good(struct mcp_call *call)
{
	const struct json_value *v = json_get(call->params, "inputResponses");

	if (v == NULL || v->kind == JSON_OBJECT)
		return true;
	mcp_fail(call, -32602, "inputResponses must be an object",
	    span_empty());
	return false;
}

static struct json *
ask_begin(struct mcp_call *call)
{
	struct json *j = mcp_begin_input(call);

	json_object(j, "inputRequests");
	return j;
}

static void
ask_elicitation(struct mcp_call *call, const char *key, const char *message,
    const char *property)
{
	struct json *j = ask_begin(call);

	put_elicitation(j, key, message, property, "string");
	json_end(j);
	mcp_end(call);
}

static void
answer_raw(struct mcp_call *call, const struct json_value *v)
{
	answer_text(call, v == NULL ? span_text("ok") : v->raw);
}

/* ---- Tools -------------------------------------------------------------------- */

static void
elicitation(struct fixture *f, struct mcp_call *call)
{
	const struct json_value *name;

	(void)f;
	if (!responses_good(call))
		return;
	name = json_get(json_get(response(call, "user_name"), "content"),
	    "name");
	if (name == NULL || name->kind != JSON_STRING)
		ask_elicitation(call, "user_name", "What is your name?",
		    "name");
	else
		answer_raw(call, name);
}

static void
sampling(struct fixture *f, struct mcp_call *call)
{
	const struct json_value *v = response(call, "capital_question");
	struct json *j;

	(void)f;
	if (v != NULL) {
		answer_raw(call, v);
		return;
	}
	j = ask_begin(call);
	put_sampling(j, "capital_question", "What is the capital of France?",
	    100);
	json_end(j);
	mcp_end(call);
}

static void
list_roots(struct fixture *f, struct mcp_call *call)
{
	const struct json_value *v = response(call, "client_roots");
	struct json *j;

	(void)f;
	if (v != NULL) {
		answer_raw(call, v);
		return;
	}
	j = ask_begin(call);
	put_roots(j, "client_roots");
	json_end(j);
	mcp_end(call);
}

static void
ask_confirm(struct fixture *f, struct mcp_call *call)
{
	struct json *j = ask_begin(call);

	put_elicitation(j, "confirm", "Please confirm", "ok", "boolean");
	json_end(j);
	put_state(f, call, j, "confirm");
	mcp_end(call);
}

static void
request_state(struct fixture *f, struct mcp_call *call)
{
	if (response(call, "confirm") == NULL)
		ask_confirm(f, call);
	else if (state_of(f, call, "confirm") != STATE_GOOD)
		bad_state(call);
	else
		answer_text(call, span_text("state-ok"));
}

static void
tampered_state(struct fixture *f, struct mcp_call *call)
{
	switch (state_of(f, call, "confirm")) {
	case STATE_ABSENT:
		ask_confirm(f, call);
		break;
	case STATE_GOOD:
		answer_text(call, span_text("ok"));
		break;
	default:
		bad_state(call);
	}
}

static void
multiple_inputs(struct fixture *f, struct mcp_call *call)
{
	struct json *j;

	if (response(call, "user_name") != NULL &&
	    response(call, "greeting") != NULL &&
	    response(call, "client_roots") != NULL &&
	    state_of(f, call, "multiple") == STATE_GOOD) {
		answer_text(call, span_text("ok"));
		return;
	}
	j = ask_begin(call);
	put_elicitation(j, "user_name", "What is your name?", "name",
	    "string");
	put_sampling(j, "greeting", "Generate a greeting", 50);
	put_roots(j, "client_roots");
	json_end(j);
	put_state(f, call, j, "multiple");
	mcp_end(call);
}

static void
ask_round(struct fixture *f, struct mcp_call *call, const char *key,
    const char *message, const char *property)
{
	struct json *j = ask_begin(call);

	put_elicitation(j, key, message, property, "string");
	json_end(j);
	put_state(f, call, j, key);
	mcp_end(call);
}

static void
multi_round(struct fixture *f, struct mcp_call *call)
{
	enum state first = state_of(f, call, "step1");
	enum state second = state_of(f, call, "step2");

	if (first == STATE_OTHER && second == STATE_OTHER)
		bad_state(call);
	else if (second == STATE_GOOD && response(call, "step2") != NULL)
		answer_text(call, span_text("done"));
	else if (first == STATE_GOOD && response(call, "step1") != NULL)
		ask_round(f, call, "step2",
		    "Step 2: What is your favorite color?", "color");
	else
		ask_round(f, call, "step1", "Step 1: What is your name?",
		    "name");
}

static void
capabilities(struct fixture *f, struct mcp_call *call)
{
	struct json *j = ask_begin(call);

	if (mcp_can(call, "sampling"))
		put_sampling(j, "sample", "Say hello", 10);
	if (mcp_can(call, "elicitation"))
		put_elicitation(j, "ask", "What is your name?", "name",
		    "string");
	json_end(j);
	put_state(f, call, j, "capabilities");
	mcp_end(call);
}

bool
input_prompt(struct mcp_call *call)
{
	if (response(call, "user_context") != NULL)
		return false;
	ask_elicitation(call, "user_context",
	    "What context should the prompt use?", "context");
	return true;
}

const struct fixture_tool input_tools[] = {
	{ "test_streaming_elicitation", elicitation, NULL },
	{ "test_input_required_result_elicitation", elicitation, NULL },
	{ "test_input_required_result_sampling", sampling, NULL },
	{ "test_input_required_result_list_roots", list_roots, NULL },
	{ "test_input_required_result_request_state", request_state, NULL },
	{ "test_input_required_result_multiple_inputs", multiple_inputs,
	    NULL },
	{ "test_input_required_result_multi_round", multi_round, NULL },
	{ "test_input_required_result_tampered_state", tampered_state, NULL },
	{ "test_input_required_result_capabilities", capabilities, NULL },
	{ NULL, NULL, NULL },
};
