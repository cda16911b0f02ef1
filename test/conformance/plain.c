#include <stdlib.h>

#include "fixture.h"

#define STEP_NS 50000000

/* A call that speaks several times before it answers. */
struct steps {
	struct fixture *fixture;
	struct mcp_call *call;
	struct loop_timer timer;
	unsigned step;
	void (*speak)(struct mcp_call *call, unsigned step);
};

void
put_text(struct json *j, const char *name, struct span text)
{
	json_object(j, name);
	json_text(j, "type", "text");
	json_span(j, "text", text);
	json_end(j);
}

void
put_png(struct json *j, const char *name)
{
	json_object(j, name);
	json_text(j, "type", "image");
	json_text(j, "data", PNG);
	json_text(j, "mimeType", "image/png");
	json_end(j);
}

void
put_resource(struct json *j, const char *name, struct span uri,
    const char *type, const char *text)
{
	json_object(j, name);
	json_text(j, "type", "resource");
	json_object(j, "resource");
	json_span(j, "uri", uri);
	json_text(j, "mimeType", type);
	json_text(j, "text", text);
	json_end(j);
	json_end(j);
}

void
answer_text(struct mcp_call *call, struct span text)
{
	struct json *j = mcp_begin(call);

	json_array(j, "content");
	put_text(j, NULL, text);
	json_end(j);
	mcp_end(call);
}

struct span
argument(const struct mcp_call *call, const char *name)
{
	const struct json_value *v = json_get(call->arguments, name);

	return v != NULL && v->kind == JSON_STRING ? v->text : span_empty();
}

static void
simple_text(struct fixture *f, struct mcp_call *call)
{
	(void)f;
	answer_text(call,
	    span_text("This is a simple text response for testing."));
}

static void
image_content(struct fixture *f, struct mcp_call *call)
{
	struct json *j = mcp_begin(call);

	(void)f;
	json_array(j, "content");
	put_png(j, NULL);
	json_end(j);
	mcp_end(call);
}

static void
audio_content(struct fixture *f, struct mcp_call *call)
{
	struct json *j = mcp_begin(call);

	(void)f;
	json_array(j, "content");
	json_object(j, NULL);
	json_text(j, "type", "audio");
	json_text(j, "data", "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAAC"
	    "ABAAZGF0YQAAAAA=");
	json_text(j, "mimeType", "audio/wav");
	json_end(j);
	json_end(j);
	mcp_end(call);
}

static void
embedded_resource(struct fixture *f, struct mcp_call *call)
{
	struct json *j = mcp_begin(call);

	(void)f;
	json_array(j, "content");
	put_resource(j, NULL, span_text("test://embedded-resource"),
	    "text/plain", "This is an embedded resource content.");
	json_end(j);
	mcp_end(call);
}

static void
multiple_types(struct fixture *f, struct mcp_call *call)
{
	struct json *j = mcp_begin(call);

	(void)f;
	json_array(j, "content");
	put_text(j, NULL, span_text("Multiple content types test:"));
	put_png(j, NULL);
	put_resource(j, NULL, span_text("test://mixed-content-resource"),
	    "application/json", "{\"test\":\"data\",\"value\":123}");
	json_end(j);
	mcp_end(call);
}

static void
error_handling(struct fixture *f, struct mcp_call *call)
{
	(void)f;
	mcp_tool_error(call,
	    span_text("This tool intentionally returns an error for testing"));
}

static void
missing_capability(struct fixture *f, struct mcp_call *call)
{
	(void)f;
	if (mcp_can(call, "sampling"))
		answer_text(call, span_text("ok"));
	else
		mcp_fail(call, -32021, "sampling is needed",
		    span_text("{\"requiredCapabilities\":{\"sampling\":{}}}"));
}

static void
logging_tool(struct fixture *f, struct mcp_call *call)
{
	(void)f;
	mcp_log(call, MCP_LOG_INFO, "hello");
	answer_text(call, span_text("ok"));
}

static void
tool_change(struct fixture *f, struct mcp_call *call)
{
	mcp_changed(f->mcp, true, false);
	answer_text(call, span_text("ok"));
}

static void
prompt_change(struct fixture *f, struct mcp_call *call)
{
	mcp_changed(f->mcp, false, true);
	answer_text(call, span_text("ok"));
}

static void
steps_next(void *context)
{
	struct steps *s = context;
	struct mcp_call *call = s->call;

	if (s->step < 3) {
		s->speak(call, s->step++);
		(void)loop_after(s->fixture->loop, &s->timer, STEP_NS);
		return;
	}
	free(s);
	answer_text(call, span_text("done"));
}

static void
steps_begin(struct fixture *f, struct mcp_call *call,
    void (*speak)(struct mcp_call *call, unsigned step))
{
	struct steps *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		answer_text(call, span_text("out of memory"));
		return;
	}
	s->fixture = f;
	s->call = call;
	s->speak = speak;
	s->timer = (struct loop_timer){ .fire = steps_next, .context = s };
	call->state = s;
	steps_next(s);
}

void
steps_end(struct fixture *f, struct mcp_call *call)
{
	struct steps *s = call->state;

	if (s == NULL)
		return;
	loop_cancel(f->loop, &s->timer);
	free(s);
}

static void
speak_progress(struct mcp_call *call, unsigned step)
{
	mcp_progress_now(call, step * 50.0, 100, NULL);
}

static void
with_progress(struct fixture *f, struct mcp_call *call)
{
	steps_begin(f, call, speak_progress);
}

static void
speak_log(struct mcp_call *call, unsigned step)
{
	static const char *const texts[] = { "Tool execution started",
		"Tool processing data", "Tool execution completed" };

	mcp_log(call, MCP_LOG_INFO, texts[step]);
}

static void
with_logging(struct fixture *f, struct mcp_call *call)
{
	steps_begin(f, call, speak_log);
}

const struct fixture_tool plain_tools[] = {
	{ "test_simple_text", simple_text, NULL },
	{ "test_image_content", image_content, NULL },
	{ "test_audio_content", audio_content, NULL },
	{ "test_embedded_resource", embedded_resource, NULL },
	{ "test_multiple_content_types", multiple_types, NULL },
	{ "test_error_handling", error_handling, NULL },
	{ "test_tool_with_progress", with_progress, NULL },
	{ "test_tool_with_logging", with_logging, NULL },
	{ "test_missing_capability", missing_capability, NULL },
	{ "test_logging_tool", logging_tool, NULL },
	{ "test_trigger_tool_change", tool_change, NULL },
	{ "test_trigger_prompt_change", prompt_change, NULL },
	{ "test_x_mcp_header", simple_text,
	    "{\"type\":\"object\",\"properties\":{\"region\":{\"type\":"
	    "\"string\",\"x-mcp-header\":\"Region\"}},\"required\":"
	    "[\"region\"]}" },
	{ "json_schema_2020_12_tool", simple_text,
	    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
	    "\"type\":\"object\",\"$defs\":{\"address\":{\"$anchor\":"
	    "\"addressDef\",\"type\":\"object\",\"properties\":{\"street\":"
	    "{\"type\":\"string\"},\"city\":{\"type\":\"string\"}}}},"
	    "\"properties\":{\"name\":{\"type\":\"string\"},\"address\":"
	    "{\"$ref\":\"#/$defs/address\"},\"contactMethod\":{\"type\":"
	    "\"string\",\"enum\":[\"phone\",\"email\"]},\"phone\":{\"type\":"
	    "\"string\"},\"email\":{\"type\":\"string\"}},\"allOf\":"
	    "[{\"anyOf\":[{\"required\":[\"phone\"]},{\"required\":"
	    "[\"email\"]}]}],\"if\":{\"properties\":{\"contactMethod\":"
	    "{\"const\":\"phone\"}},\"required\":[\"contactMethod\"]},"
	    "\"then\":{\"required\":[\"phone\"]},\"else\":{\"required\":"
	    "[\"email\"]},\"additionalProperties\":false}" },
	{ NULL, NULL, NULL },
};
