/* What strangers send us: JSON-RPC and HTTP. */
#include <stdlib.h>

#include "base/json_read.h"
#include "base/text.h"
#include "fuzz/target.h"
#include "mcp/mcp.h"
#include "transport/http_guard.h"
#include "transport/http_head.h"

/* ---- MCP: lines of messages -------------------------------------------- */

struct client {
	struct mcp *mcp;
	struct mcp_peer peer;
	struct mcp_call *later;
	bool http;
};

struct exchange {
	struct mcp_exchange x; /* first: one is the other */
	struct client *client;
};

static struct span
list(void *context)
{
	(void)context;
	return span_text("[{\"name\":\"now\"}]");
}

static void
call(void *context, struct mcp_call *c)
{
	struct client *client = context;

	if (span_is(c->name, "later") && client->later == NULL) {
		client->later = c;
		mcp_progress_now(c, 1, 2, "half");
		mcp_log(c, MCP_LOG_INFO, "word");
	} else if (span_is(c->name, "now")) {
		mcp_tool_answer(c, span_text("{\"a\":1}"));
	} else {
		mcp_fail(c, -32602, "Unknown tool", span_empty());
	}
}

static void
cancel(void *context, struct mcp_call *c)
{
	struct client *client = context;

	if (client->later == c)
		client->later = NULL;
}

/* Ids come back as the client wrote them: it is not one of ours alone. */
static bool
is_object(struct span message)
{
	const struct json_value *v;
	enum json_error error = JSON_OK;
	struct arena a;
	size_t offset;
	bool good;

	arena_init(&a, (size_t)64 << 20);
	v = json_read(&a, message, &error, &offset);
	good = v != NULL ? v->kind == JSON_OBJECT :
	    error == JSON_TOO_LARGE || error == JSON_NO_MEMORY;
	arena_free(&a);
	return good;
}

static void
hear(struct mcp_exchange *x, struct span message, bool last, unsigned status)
{
	(void)status;
	if (message.n > 0) {
		fuzz_check(text_is_utf8(message));
		fuzz_check(span_find_byte(message, '\n') == message.n);
		if (message.p[0] == '{')
			fuzz_check(is_object(message));
	}
	if (!last)
		return;
	mcp_release(x);
	free(x);
}

static bool
header(struct mcp_exchange *x, const char *name, struct span *value)
{
	(void)x;
	if (strcmp(name, "mcp-protocol-version") != 0)
		return false;
	*value = span_text("2025-11-25");
	return true;
}

static void
client_say(struct client *c, struct span line)
{
	struct exchange *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return;
	e->client = c;
	e->x.send = hear;
	e->x.peer = c->http ? NULL : &c->peer;
	e->x.header = c->http ? header : NULL;
	mcp_receive(c->mcp, &e->x, line);
}

static void
run_mcp(struct span in)
{
	struct client c = { .http = in.n > 0 && (in.p[in.n - 1] & 1) };
	const struct mcp_provider provider = { .name = "t", .version = "1",
		.tools = list, .prompts = list, .resources = list,
		.templates = list, .tools_call = call, .prompts_get = call,
		.resources_read = call, .complete = call, .logging = true,
		.cancel = cancel, .tools_change = true, .context = &c };

	c.mcp = mcp_new(&provider);
	while (c.mcp != NULL && in.n > 0) {
		size_t n = span_find_byte(in, '\n');

		client_say(&c, span_first(in, n));
		in = span_after(in, n + 1);
	}
	if (c.mcp != NULL) {
		mcp_changed(c.mcp, true, true);
		mcp_forget(c.mcp, &c.peer);
	}
	if (c.later != NULL)
		mcp_tool_error(c.later, span_text("late"));
	mcp_free(c.mcp);
}

/* ---- HTTP requests ------------------------------------------------------ */

/* A body is the same in whatever portions it comes. */
static enum http_body_result
body_take(const struct http_head *h, struct span in, size_t part,
    struct buf *out, size_t *left)
{
	enum http_body_result result = HTTP_BODY_MORE;
	struct http_body body;

	http_body_init(&body, h, 10000);
	do {
		struct span s = span_first(in, part);
		size_t before = s.n;

		result = http_body_take(&body, &s, out);
		in = span_after(in, before - s.n);
	} while (result == HTTP_BODY_MORE && in.n > 0);
	*left = in.n;
	return result;
}

static void
run_http(struct span in)
{
	static const char *const names[] = { "mcp.example" };
	const struct http_guard guard = { .loopback = true, .names = names,
		.n_names = 1, .token = span_text("secret") };
	static struct http_head h;
	size_t n = http_head_find(in, 0), left, again;
	struct buf whole, parts;
	struct span value;

	if (http_head_find(span_first(in, in.n / 2), 0) == 0)
		fuzz_check(http_head_find(in, in.n / 2) == n);
	if (n == 0 || n == SIZE_MAX)
		return;
	fuzz_check(n <= in.n);
	memset(&h, 0, sizeof(h));
	if (http_head_read(span_first(in, n), &h) != 0)
		return;
	fuzz_check(h.n <= HTTP_HEADERS);
	fuzz_check(!(h.chunked && h.has_length));
	(void)http_guard_check(&guard, &h, true);
	(void)http_head_get(&h, "accept", &value);
	(void)http_head_has(&h, "accept", "text/event-stream");
	buf_init(&whole, 20000);
	buf_init(&parts, 20000);
	fuzz_check(body_take(&h, span_after(in, n), SIZE_MAX, &whole,
		       &left) ==
	    body_take(&h, span_after(in, n), 1, &parts, &again));
	fuzz_check(span_equal(buf_bytes(&whole), buf_bytes(&parts)));
	buf_free(&whole);
	buf_free(&parts);
}

const struct fuzz_target fuzz_wire[] = {
	{ "mcp", SEED_TEXT, run_mcp },
	{ "http", SEED_TEXT, run_http },
	{ NULL, SEED_BYTES, NULL },
};
