#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/table.h"
#include "cli/web.h"
#include "fixture.h"

/* ---- Tools -------------------------------------------------------------------- */

static const struct fixture_tool *const tables[] = {
	plain_tools,
	asking_tools,
	input_tools,
};

static struct span
list_tools(void *context)
{
	struct fixture *f = context;
	struct json j;

	if (f->tools.n > 0)
		return buf_bytes(&f->tools);
	json_init(&j, &f->tools);
	json_array(&j, NULL);
	for (size_t i = 0; i < LENGTH(tables); i++) {
		for (const struct fixture_tool *t = tables[i]; t->name; t++) {
			json_object(&j, NULL);
			json_text(&j, "name", t->name);
			json_text(&j, "description", t->name);
			json_raw(&j, "inputSchema", span_text(t->schema != NULL
			    ? t->schema : "{\"type\":\"object\"}"));
			json_end(&j);
		}
	}
	json_end(&j);
	return buf_bytes(&f->tools);
}

static void
call_tool(void *context, struct mcp_call *call)
{
	struct fixture *f = context;

	for (size_t i = 0; i < LENGTH(tables); i++) {
		for (const struct fixture_tool *t = tables[i]; t->name; t++) {
			if (!span_is(call->name, t->name))
				continue;
			if (tables[i] == input_tools &&
			    call->version != MCP_2026_07_28)
				mcp_tool_error(call, span_text("2026-07-28 "
				    "only"));
			else
				t->run(f, call);
			return;
		}
	}
	mcp_fail(call, -32602, "Unknown tool", span_empty());
}

/* ---- Prompts ------------------------------------------------------------------- */

static struct span
list_prompts(void *context)
{
	(void)context;
	return span_text("[{\"name\":\"test_simple_prompt\",\"description\":"
	    "\"text\"},{\"name\":\"test_prompt_with_arguments\","
	    "\"description\":\"arguments\",\"arguments\":[{\"name\":\"arg1\","
	    "\"required\":true},{\"name\":\"arg2\",\"required\":true}]},"
	    "{\"name\":\"test_prompt_with_embedded_resource\","
	    "\"description\":\"resource\",\"arguments\":[{\"name\":"
	    "\"resourceUri\",\"required\":true}]},{\"name\":"
	    "\"test_prompt_with_image\",\"description\":\"image\"},"
	    "{\"name\":\"test_input_required_result_prompt\","
	    "\"description\":\"asks back\"}]");
}

static void
message_open(struct json *j)
{
	json_object(j, NULL);
	json_text(j, "role", "user");
}

static void
message_text(struct json *j, struct span text)
{
	message_open(j);
	put_text(j, "content", text);
	json_end(j);
}

static void
arguments_text(struct json *j, const struct mcp_call *call)
{
	struct buf text;

	buf_init(&text, 65536);
	buf_text(&text, "Prompt with arguments: arg1='");
	buf_span(&text, argument(call, "arg1"));
	buf_text(&text, "', arg2='");
	buf_span(&text, argument(call, "arg2"));
	buf_text(&text, "'");
	message_text(j, buf_bytes(&text));
	buf_free(&text);
}

static void
prompt_messages(struct json *j, const struct mcp_call *call)
{
	if (span_is(call->name, "test_prompt_with_arguments")) {
		arguments_text(j, call);
		return;
	}
	if (span_is(call->name, "test_prompt_with_embedded_resource")) {
		message_open(j);
		put_resource(j, "content", argument(call, "resourceUri"),
		    "text/plain", "Embedded resource content for testing.");
		json_end(j);
	}
	if (span_is(call->name, "test_prompt_with_image")) {
		message_open(j);
		put_png(j, "content");
		json_end(j);
	}
	message_text(j, span_text("This is a simple prompt for testing."));
}

static void
get_prompt(void *context, struct mcp_call *call)
{
	struct json *j;

	(void)context;
	if (span_is(call->name, "test_input_required_result_prompt") &&
	    call->version == MCP_2026_07_28 && input_prompt(call))
		return;
	if (!span_starts(call->name, "test_")) {
		mcp_fail(call, -32602, "Unknown prompt", span_empty());
		return;
	}
	j = mcp_begin(call);
	json_array(j, "messages");
	prompt_messages(j, call);
	json_end(j);
	mcp_end(call);
}

/* ---- Resources ------------------------------------------------------------------- */

static struct span
list_resources(void *context)
{
	(void)context;
	return span_text("[{\"uri\":\"test://static-text\",\"name\":\"text\","
	    "\"mimeType\":\"text/plain\"},{\"uri\":\"test://static-binary\","
	    "\"name\":\"binary\",\"mimeType\":\"image/png\"},{\"uri\":"
	    "\"test://watched-resource\",\"name\":\"watched\",\"mimeType\":"
	    "\"text/plain\"}]");
}

static struct span
list_templates(void *context)
{
	(void)context;
	return span_text("[{\"uriTemplate\":\"test://template/{id}/data\","
	    "\"name\":\"template\",\"mimeType\":\"application/json\"}]");
}

static void
not_found(struct mcp_call *call)
{
	struct buf data;
	struct json j;

	buf_init(&data, 65536);
	json_init(&j, &data);
	json_object(&j, NULL);
	json_span(&j, "uri", call->name);
	json_end(&j);
	mcp_fail(call, call->version == MCP_2026_07_28 ? -32602 : -32002,
	    "Resource not found", buf_bytes(&data));
	buf_free(&data);
}

/* The id in test://template/{id}/data, or empty. */
static struct span
template_id(struct span uri)
{
	struct span id = span_after(uri, strlen("test://template/"));
	size_t n = span_find_byte(id, '/');

	if (!span_starts(uri, "test://template/") ||
	    !span_is(span_after(id, n), "/data"))
		return span_empty();
	return span_first(id, n);
}

static void
template_text(struct json *j, struct span id)
{
	struct buf text;
	struct json inner;

	buf_init(&text, 65536);
	json_init(&inner, &text);
	json_object(&inner, NULL);
	json_span(&inner, "id", id);
	json_end(&inner);
	json_text(j, "mimeType", "application/json");
	json_span(j, "text", buf_bytes(&text));
	buf_free(&text);
}

static void
read_resource(void *context, struct mcp_call *call)
{
	struct span id = template_id(call->name);
	bool binary = span_is(call->name, "test://static-binary");
	struct json *j;

	(void)context;
	if (id.n == 0 && !binary && !span_is(call->name, "test://static-text")
	    && !span_is(call->name, "test://watched-resource")) {
		not_found(call);
		return;
	}
	j = mcp_begin(call);
	json_array(j, "contents");
	json_object(j, NULL);
	json_span(j, "uri", call->name);
	if (id.n > 0) {
		template_text(j, id);
	} else {
		json_text(j, "mimeType", binary ? "image/png" : "text/plain");
		json_text(j, binary ? "blob" : "text", binary ? PNG
		    : "This is the content of the static text resource.");
	}
	json_end(j);
	json_end(j);
	mcp_end(call);
}

static void
complete(void *context, struct mcp_call *call)
{
	struct json *j = mcp_begin(call);

	(void)context;
	json_object(j, "completion");
	json_array(j, "values");
	json_text(j, NULL, "testing");
	json_end(j);
	json_uint(j, "total", 1);
	json_bool(j, "hasMore", false);
	json_end(j);
	mcp_end(call);
}

static void
cancel(void *context, struct mcp_call *call)
{
	steps_end(context, call);
}

/* ---- Serving ------------------------------------------------------------------------ */

static int
listen_at(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(fd, 64) != 0) {
		perror("conformance: listen");
		exit(1);
	}
	return fd;
}

static void
fixture_open(struct fixture *f, struct loop *loop)
{
	static const struct mcp_mirror mirrors[] = {
		{ "test_x_mcp_header", "region", "Region" },
		{ NULL, NULL, NULL },
	};

	*f = (struct fixture){ .loop = loop };
	buf_init(&f->tools, 65536);
	if (getentropy(f->key, sizeof(f->key)) != 0)
		exit(1);
	f->provider = (struct mcp_provider){
		.name = "conformance", .version = "1", .ttl_ms = 1000,
		.tools_change = true, .prompts_change = true, .logging = true,
		.subscribe = true, .tools = list_tools,
		.prompts = list_prompts, .resources = list_resources,
		.templates = list_templates, .tools_call = call_tool,
		.prompts_get = get_prompt, .resources_read = read_resource,
		.complete = complete, .cancel = cancel, .mirrors = mirrors,
		.context = f };
	f->mcp = mcp_new(&f->provider);
}

/* conformance PORT [no-sessions] */
int
main(int argc, char **argv)
{
	struct loop loop;
	struct fixture fixture;
	struct web web = { .guard = { .loopback = true } };

	if (argc < 2)
		return 2;
	(void)signal(SIGPIPE, SIG_IGN);
	hash_key_init();
	loop_init(&loop);
	fixture_open(&fixture, &loop);
	web.loop = &loop;
	web.mcp = fixture.mcp;
	web.guard.token = span_empty();
	web.no_sessions = argc > 2;
	web_open(&web);
	if (!http_listen(&web.server,
		listen_at((uint16_t)strtoul(argv[1], NULL, 10))))
		return 1;
	loop_run(&loop);
	return 0;
}
