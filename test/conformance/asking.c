#include "fixture.h"

static void
answered(struct mcp_call *call, const struct json_value *result,
    const char *before)
{
	struct buf text;

	buf_init(&text, 65536);
	buf_text(&text, before);
	if (result != NULL)
		buf_span(&text, result->raw);
	answer_text(call, buf_bytes(&text));
	buf_free(&text);
}

static void
sampled(struct mcp_call *call, const struct json_value *result)
{
	const struct json_value *text =
	    json_get(json_get(result, "content"), "text");

	answered(call, text, "LLM response: ");
}

static void
elicited(struct mcp_call *call, const struct json_value *result)
{
	answered(call, result, "User response: ");
}

static void
ask(struct mcp_call *call, const char *method, struct span params,
    void (*told)(struct mcp_call *, const struct json_value *))
{
	if (!mcp_ask(call, method, params, told))
		mcp_tool_error(call, span_text("the client cannot be asked"));
}

static void
sampling(struct fixture *f, struct mcp_call *call)
{
	struct buf params;
	struct json j;

	(void)f;
	buf_init(&params, 65536);
	json_init(&j, &params);
	json_object(&j, NULL);
	json_array(&j, "messages");
	json_object(&j, NULL);
	json_text(&j, "role", "user");
	put_text(&j, "content", argument(call, "prompt"));
	json_end(&j);
	json_end(&j);
	json_uint(&j, "maxTokens", 100);
	json_end(&j);
	ask(call, "sampling/createMessage", buf_bytes(&params), sampled);
	buf_free(&params);
}

static void
elicit(struct mcp_call *call, struct span message, const char *schema)
{
	struct buf params;
	struct json j;

	buf_init(&params, 65536);
	json_init(&j, &params);
	json_object(&j, NULL);
	json_span(&j, "message", message);
	json_raw(&j, "requestedSchema", span_text(schema));
	json_end(&j);
	ask(call, "elicitation/create", buf_bytes(&params), elicited);
	buf_free(&params);
}

static void
elicitation(struct fixture *f, struct mcp_call *call)
{
	(void)f;
	elicit(call, argument(call, "message"),
	    "{\"type\":\"object\",\"properties\":{\"username\":{\"type\":"
	    "\"string\"},\"email\":{\"type\":\"string\"}},\"required\":"
	    "[\"username\",\"email\"]}");
}

static void
elicitation_defaults(struct fixture *f, struct mcp_call *call)
{
	(void)f;
	elicit(call, span_text("Please review the defaults"),
	    "{\"type\":\"object\",\"properties\":{"
	    "\"name\":{\"type\":\"string\",\"default\":\"John Doe\"},"
	    "\"age\":{\"type\":\"integer\",\"default\":30},"
	    "\"score\":{\"type\":\"number\",\"default\":95.5},"
	    "\"status\":{\"type\":\"string\",\"enum\":[\"active\","
	    "\"inactive\",\"pending\"],\"default\":\"active\"},"
	    "\"verified\":{\"type\":\"boolean\",\"default\":true}}}");
}

static void
elicitation_enums(struct fixture *f, struct mcp_call *call)
{
	(void)f;
	elicit(call, span_text("Please choose"),
	    "{\"type\":\"object\",\"properties\":{"
	    "\"untitledSingle\":{\"type\":\"string\",\"enum\":[\"option1\","
	    "\"option2\",\"option3\"]},"
	    "\"titledSingle\":{\"type\":\"string\",\"oneOf\":[{\"const\":"
	    "\"value1\",\"title\":\"First\"},{\"const\":\"value2\","
	    "\"title\":\"Second\"}]},"
	    "\"legacyEnum\":{\"type\":\"string\",\"enum\":[\"opt1\","
	    "\"opt2\"],\"enumNames\":[\"One\",\"Two\"]},"
	    "\"untitledMulti\":{\"type\":\"array\",\"items\":{\"type\":"
	    "\"string\",\"enum\":[\"option1\",\"option2\",\"option3\"]}},"
	    "\"titledMulti\":{\"type\":\"array\",\"items\":{\"anyOf\":"
	    "[{\"const\":\"value1\",\"title\":\"First\"},{\"const\":"
	    "\"value2\",\"title\":\"Second\"}]}}}}");
}

#define ONE_STRING(name) \
	"{\"type\":\"object\",\"properties\":{\"" name "\":{\"type\":" \
	"\"string\"}},\"required\":[\"" name "\"]}"

const struct fixture_tool asking_tools[] = {
	{ "test_sampling", sampling, ONE_STRING("prompt") },
	{ "test_elicitation", elicitation, ONE_STRING("message") },
	{ "test_elicitation_sep1034_defaults", elicitation_defaults, NULL },
	{ "test_elicitation_sep1330_enums", elicitation_enums, NULL },
	{ NULL, NULL, NULL },
};
