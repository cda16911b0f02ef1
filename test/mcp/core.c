#include <stdio.h>
#include <stdlib.h>

#include "mcp/mcp.h"
#include "tap.h"

/*
 * A client in the test's own process: what it says goes straight to the core,
 * what it hears is kept as lines.  The provider behind it has the tools
 * "now" (answers at once), "later" (when told to) and "ask" (asks back).
 */
struct peer {
	struct mcp *mcp;
	struct mcp_provider provider;
	struct mcp_peer state;
	struct mcp_call *later;
	const char *const *headers; /* "name", "value", ..., NULL: HTTP */
	bool sessionless;
	char heard[65536];
	unsigned status, ended, cancelled;
};

struct exchange {
	struct mcp_exchange x; /* first: one is the other */
	struct peer *peer;
};

#define META \
	"\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":" \
	"\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}"
#define SERVER \
	"\"_meta\":{\"io.modelcontextprotocol/serverInfo\":" \
	"{\"name\":\"t\",\"version\":\"1\"}}"

static struct span
tools(void *context)
{
	(void)context;
	return span_text("[{\"name\":\"now\"}]");
}

static struct span
prompts(void *context)
{
	(void)context;
	return span_text("[]");
}

static void
told(struct mcp_call *call, const struct json_value *result)
{
	mcp_tool_error(call, result == NULL ? span_text("no")
					    : span_text("yes"));
}

static void
tools_call(void *context, struct mcp_call *call)
{
	struct peer *p = context;

	if (span_is(call->name, "now"))
		mcp_tool_answer(call, span_text("{\"a\":\"b\\\"\"}"));
	else if (span_is(call->name, "later"))
		p->later = call;
	else if (!span_is(call->name, "ask"))
		mcp_fail(call, -32602, "Unknown tool", span_empty());
	else if (!mcp_can(call, "sampling") ||
	    !mcp_ask(call, "sampling/createMessage", span_text("{}"), told))
		mcp_fail(call, -32021, "cannot ask", span_text("{\"x\":1}"));
}

static void
prompts_get(void *context, struct mcp_call *call)
{
	struct json *j = mcp_begin(call);

	(void)context;
	json_array(j, "messages");
	json_end(j);
	mcp_end(call);
}

static void
cancel(void *context, struct mcp_call *call)
{
	struct peer *p = context;

	p->cancelled++;
	if (p->later == call)
		p->later = NULL;
}

static bool
header(struct mcp_exchange *x, const char *name, struct span *value)
{
	const struct peer *p = ((struct exchange *)x)->peer;

	for (size_t i = 0; p->headers[i] != NULL; i += 2) {
		if (strcmp(p->headers[i], name) != 0)
			continue;
		*value = span_text(p->headers[i + 1]);
		return true;
	}
	return false;
}

static void
hear(struct mcp_exchange *x, struct span message, bool last, unsigned status)
{
	struct peer *p = ((struct exchange *)x)->peer;
	size_t n = strlen(p->heard);

	if (message.n > 0)
		(void)snprintf(p->heard + n, sizeof(p->heard) - n, "%.*s\n",
		    (int)message.n, (const char *)message.p);
	if (!last)
		return;
	p->status = status;
	p->ended++;
	mcp_release(x);
	free(x);
}

static void
peer_open(struct peer *p)
{
	static const struct mcp_mirror mirrors[] = {
		{ "now", "region", "Region" },
		{ NULL, NULL, NULL },
	};

	*p = (struct peer){ .sessionless = false };
	p->provider = (struct mcp_provider){ .name = "t", .version = "1",
		.ttl_ms = 5, .tools = tools, .prompts = prompts,
		.tools_call = tools_call, .prompts_get = prompts_get,
		.cancel = cancel, .tools_change = true, .mirrors = mirrors,
		.context = p };
	p->mcp = mcp_new(&p->provider);
}

static struct exchange *
exchange_new(struct peer *p)
{
	struct exchange *e = calloc(1, sizeof(*e));

	if (e == NULL)
		abort();
	e->peer = p;
	e->x.send = hear;
	e->x.peer = p->sessionless ? NULL : &p->state;
	e->x.header = p->headers == NULL ? NULL : header;
	return e;
}

/* What the core answers to a line, as lines. */
static const char *
say(struct peer *p, const char *line)
{
	p->heard[0] = '\0';
	p->status = 0;
	mcp_receive(p->mcp, &exchange_new(p)->x, span_text(line));
	return p->heard;
}

static const char *
finish(struct peer *p)
{
	struct mcp_call *call = p->later;

	p->heard[0] = '\0';
	p->later = NULL;
	mcp_tool_error(call, span_text("done"));
	return p->heard;
}

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* A message and the one line that must answer it. */
struct row {
	const char *said, *heard;
};

static void
check_rows(struct peer *p, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char wanted[4096] = "";

		if (rows[i].heard[0] != '\0')
			(void)snprintf(wanted, sizeof(wanted), "%s\n",
			    rows[i].heard);
		ok_text(say(p, rows[i].said), wanted);
	}
}

static const struct row shapes[] = {
	{ "{", "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700," },
	{ "1", "-32600" },
	{ "\"x\"", "-32600" },
	{ "[]", "-32600" },
	{ "{}", "-32600" },
	{ "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32600," },
	{ "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", "-32600" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", "-32600" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", "-32600" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}", "-32600" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
	    "-32600" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1}", "-32600" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"method\":\"ping\"}",
	    "-32700" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\\u0000ng\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32600," },
	{ "{\"params\":{\"id\":2,\"a\":[\"\\ud800\"]}, \"id\" : \"a\\\"b\" }",
	    "{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"b\",\"error\":{\"code\":-32600," },
	{ "{\"id\":\"\\u0000\",\"method\":\"ping\"}", "-32700" },
	{ "{\"method\":\"\\u0000\",\"params\":{\"id\":1}}", "-32700" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}{}", "-32700" },
};

static void
test_shapes(void)
{
	struct peer p;

	peer_open(&p);
	for (size_t i = 0; i < LENGTH(shapes); i++) {
		const char *heard = say(&p, shapes[i].said);

		tap_check(has(heard, shapes[i].heard), shapes[i].said,
		    __FILE__, __LINE__);
		ok_int(p.status, 400);
	}
	mcp_free(p.mcp);
}

static const struct row legacy[] = {
	/* Before initialize: lenient. */
	{ "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"ping\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"b\",\"method\":\"ping\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"b\",\"result\":{}}" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
	    "" },
	{ "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard_of\"}",
	    "" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}}", "" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,"
	    "\"message\":\"Method not found\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,"
	    "\"message\":\"Method not found\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/list\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,"
	    "\"message\":\"Method not found\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
	    "\"params\":{}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,"
	    "\"message\":\"initialize needs params.protocolVersion\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":"
	    "[{\"name\":\"now\"}]}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\","
	    "\"params\":{\"cursor\":\"x\"}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,"
	    "\"message\":\"invalid cursor\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,"
	    "\"message\":\"params.name must be a string\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
	    "\"params\":{\"name\":\"x\",\"arguments\":[]}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,"
	    "\"message\":\"params.arguments must be an object\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
	    "\"params\":{\"name\":\"x\"}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,"
	    "\"message\":\"Unknown tool\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
	    "\"params\":{\"name\":\"now\"}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":"
	    "[{\"type\":\"text\",\"text\":\"{\\\"a\\\":\\\"b\\\\\\\"\\\"}\"}],"
	    "\"structuredContent\":{\"a\":\"b\\\"\"}}}" },
};

static void
test_legacy(void)
{
	static const char *const asked[][2] = {
		{ "2024-11-05", "2024-11-05" }, { "2025-03-26", "2025-03-26" },
		{ "2025-06-18", "2025-06-18" }, { "2025-11-25", "2025-11-25" },
		{ "2026-07-28", "2025-11-25" }, { "1999-01-01", "2025-11-25" },
	};
	struct peer p;

	peer_open(&p);
	check_rows(&p, legacy, LENGTH(legacy));
	for (size_t i = 0; i < LENGTH(asked); i++) {
		char line[256], wanted[64];

		(void)snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\","
		    "\"id\":1,\"method\":\"initialize\",\"params\":"
		    "{\"protocolVersion\":\"%s\",\"capabilities\":{}}}",
		    asked[i][0]);
		(void)snprintf(wanted, sizeof(wanted),
		    "{\"protocolVersion\":\"%s\",\"capabilities\":"
		    "{\"tools\":{},", asked[i][1]);
		ok(has(say(&p, line), wanted));
		ok_int(p.status, 200);
	}
	mcp_free(p.mcp);
}

static const struct row modern[] = {
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\","
	    "\"params\":{" META "}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":"
	    "\"complete\",\"ttlMs\":5,\"cacheScope\":\"public\","
	    "\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":"
	    "{\"tools\":{\"listChanged\":true},\"prompts\":{}}," SERVER
	    "}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\","
	    "\"params\":{" META "}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":"
	    "\"complete\",\"ttlMs\":5,\"cacheScope\":\"public\",\"tools\":"
	    "[{\"name\":\"now\"}]," SERVER "}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"prompts/get\","
	    "\"params\":{\"name\":\"p\"," META "}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":"
	    "\"complete\",\"messages\":[]," SERVER "}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\","
	    "\"params\":{" META "}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,"
	    "\"message\":\"Method not found\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
	    "\"params\":{" META "}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,"
	    "\"message\":\"Method not found\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\","
	    "\"params\":{\"_meta\":{\"io.modelcontextprotocol/"
	    "protocolVersion\":\"2030-01-01\",\"io.modelcontextprotocol/"
	    "clientCapabilities\":{}}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,"
	    "\"message\":\"Unsupported protocol version\",\"data\":"
	    "{\"supported\":[\"2026-07-28\"],\"requested\":"
	    "\"2030-01-01\"}}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\","
	    "\"params\":{\"_meta\":{\"io.modelcontextprotocol/"
	    "protocolVersion\":7}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,"
	    "\"message\":\"_meta.io.modelcontextprotocol/protocolVersion "
	    "must be a string\"}}" },
	{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\","
	    "\"params\":{\"_meta\":{\"io.modelcontextprotocol/"
	    "protocolVersion\":\"2026-07-28\"}}}",
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,"
	    "\"message\":\"_meta.io.modelcontextprotocol/"
	    "clientCapabilities must be an object\"}}" },
};

/* The two eras on one pipe, in any order. */
static void
test_modern(void)
{
	struct peer p;

	peer_open(&p);
	check_rows(&p, modern, LENGTH(modern));
	ok(has(say(&p, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":"
	    "\"initialize\",\"params\":{\"protocolVersion\":"
	    "\"2025-06-18\"}}"), "\"2025-06-18\""));
	check_rows(&p, modern, LENGTH(modern));
	check_rows(&p, legacy, 6);
	mcp_free(p.mcp);
}

static void
test_batch(void)
{
	struct peer p;

	peer_open(&p);
	ok_text(say(&p, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},"
	    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"},7,"
	    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}]"),
	    "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},"
	    "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600,\"message\":"
	    "\"a message is an object\"}},"
	    "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}]\n");
	ok_text(say(&p, "[{\"jsonrpc\":\"2.0\",\"method\":\"a\"}]"), "");
	ok_int(p.status, 202);
	ok(has(say(&p, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"initialize\",\"params\":{\"protocolVersion\":"
	    "\"2025-03-26\"}}]"), "must not be in a batch"));
	ok_text(say(&p, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"tools/call\",\"params\":{\"name\":\"later\"}},"
	    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}]"), "");
	ok_text(finish(&p), "[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}},"
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":"
	    "[{\"type\":\"text\",\"text\":\"done\"}],\"isError\":true}}]\n");
	ok(has(say(&p, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"tools/list\",\"params\":{" META "}}}]"), "-32600"));
	(void)say(&p, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":"
	    "\"initialize\",\"params\":{\"protocolVersion\":"
	    "\"2025-06-18\"}}");
	ok(has(say(&p, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]"),
	    "-32600"));
	mcp_free(p.mcp);
}

#define LATER \
	"{\"jsonrpc\":\"2.0\",\"id\":\"L\",\"method\":\"tools/call\"," \
	"\"params\":{\"name\":\"later\",\"_meta\":{\"progressToken\":\"T\"}}}"

static void
test_later(void)
{
	struct peer p;

	peer_open(&p);
	ok_text(say(&p, LATER), "");
	ok_int(mcp_busy(p.mcp), 1);
	mcp_progress(p.later, 1, 4, "at it");
	ok_text(p.heard, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/progress\",\"params\":{\"progressToken\":\"T\","
	    "\"progress\":1,\"total\":4,\"message\":\"at it\"}}\n");
	p.heard[0] = '\0';
	mcp_progress(p.later, 2, 4, NULL); /* too soon */
	mcp_progress_now(p.later, 1, 4, NULL); /* no progress */
	ok_text(p.heard, "");
	/* Others are answered meanwhile. */
	ok(has(say(&p, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}"),
	    "\"id\":3"));
	ok(has(finish(&p), "{\"jsonrpc\":\"2.0\",\"id\":\"L\",\"result\":"));
	ok_int(mcp_busy(p.mcp), 0);
	mcp_free(p.mcp);
}

static void
test_cancel(void)
{
	struct peer p;

	peer_open(&p);
	(void)say(&p, LATER);
	ok_text(say(&p, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/cancelled\",\"params\":{\"requestId\":\"X\"}}"),
	    "");
	ok_int(p.cancelled, 0);
	p.ended = 0;
	ok_text(say(&p, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/cancelled\",\"params\":{\"requestId\":\"L\","
	    "\"reason\":\"enough\"}}"), "");
	ok_int(p.cancelled, 1);
	ok_int(p.ended, 2);
	ok_int(mcp_busy(p.mcp), 0);
	(void)say(&p, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/cancelled\",\"params\":{}}");
	(void)say(&p, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/cancelled\"}");
	ok_int(p.cancelled, 1);
	mcp_free(p.mcp);
}

static void
test_ask(void)
{
	struct peer p;
	char answer[512], id[128] = "";
	const char *at;

	peer_open(&p);
	ok(has(say(&p, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"tools/call\",\"params\":{\"name\":\"ask\"}}"), "-32021"));
	(void)say(&p, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":"
	    "\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
	    "\"capabilities\":{\"sampling\":{}}}}");
	at = strstr(say(&p, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"tools/call\",\"params\":{\"name\":\"ask\"}}"), "\"id\":\"");
	ok(at != NULL && has(p.heard, "sampling/createMessage"));
	if (at != NULL)
		(void)sscanf(at + 6, "%127[^\"]", id);
	(void)say(&p, "{\"jsonrpc\":\"2.0\",\"id\":\"ask-2-1\",\"result\":{}}");
	ok_text(p.heard, "");
	(void)snprintf(answer, sizeof(answer), "{\"jsonrpc\":\"2.0\","
	    "\"id\":\"%s\",\"result\":{}}", id);
	ok(has(say(&p, answer), "\"text\":\"yes\""));
	mcp_free(p.mcp);
}

static void
test_listen(void)
{
	static const char line[] = "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":"
	    "\"subscriptions/listen\",\"params\":{\"notifications\":"
	    "{\"toolsListChanged\":true,\"promptsListChanged\":true},"
	    META "}}}";
	struct peer p;
	struct exchange *e;

	peer_open(&p);
	e = exchange_new(&p);
	mcp_receive(p.mcp, &e->x, span_text(line));
	ok_text(p.heard, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/subscriptions/acknowledged\",\"params\":"
	    "{\"notifications\":{\"toolsListChanged\":true},\"_meta\":"
	    "{\"io.modelcontextprotocol/subscriptionId\":5}}}\n");
	ok_int(mcp_busy(p.mcp), 0);
	p.heard[0] = '\0';
	mcp_changed(p.mcp, true, true);
	ok_text(p.heard, "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"notifications/tools/list_changed\",\"params\":{\"_meta\":"
	    "{\"io.modelcontextprotocol/subscriptionId\":5}}}\n");
	mcp_abort(p.mcp, &e->x);
	mcp_release(&e->x);
	free(e);
	p.heard[0] = '\0';
	mcp_changed(p.mcp, true, false);
	ok_text(p.heard, "");
	mcp_free(p.mcp);
}

/* Headers of a POST, the method it names, and what comes of it. */
struct post {
	const char *headers[9];
	const char *line, *part;
	unsigned status;
};

#define LIST \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"," \
	"\"params\":{" META "}}}"
#define CALL(arguments) \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"," \
	"\"params\":{\"name\":\"now\",\"arguments\":" arguments "," META "}}}"
#define VERSION "mcp-protocol-version"

static const struct post posts[] = {
	{ { VERSION, "2026-07-28", "mcp-method", "tools/list" }, LIST,
	    "\"result\"", 200 },
	{ { "mcp-method", "tools/list" }, LIST, "-32020", 400 },
	{ { VERSION, "2025-11-25", "mcp-method", "tools/list" }, LIST,
	    "-32020", 400 },
	{ { VERSION, "2026-07-28" }, LIST, "-32020", 400 },
	{ { VERSION, "2026-07-28", "mcp-method", "Tools/List" }, LIST,
	    "-32020", 400 },
	{ { VERSION, "2026-07-28", "mcp-method", "nothing" },
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing\","
	    "\"params\":{" META "}}}", "-32601", 404 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call" }, CALL("{}"),
	    "-32020", 400 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "now" }, CALL("{}"), "\"result\"", 200 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "=?base64?bm93?=" }, CALL("{}"), "\"result\"", 200 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "=?base64?bm93?" }, CALL("{}"), "-32020", 400 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "=?base64?bm9=?=" }, CALL("{}"), "-32020", 400 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "=?base64?b*93?=" }, CALL("{}"), "-32020", 400 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "now" }, CALL("{\"region\":\"eu\"}"), "-32020", 400 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "now", "mcp-param-region", "eu" }, CALL("{\"region\":\"eu\"}"),
	    "\"result\"", 200 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "now", "mcp-param-region", "012" }, CALL("{\"region\":12}"),
	    "\"result\"", 200 },
	{ { VERSION, "2026-07-28", "mcp-method", "tools/call", "mcp-name",
	      "now", "mcp-param-region", "eu" }, CALL("{}"), "-32020", 400 },
	{ { VERSION, "v999.0.0" },
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
	    "-32602", 400 },
	{ { VERSION, "2026-07-28" },
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
	    "\"params\":{\"protocolVersion\":\"2025-11-25\"}}", "-32020",
	    400 },
	{ { VERSION, "2020-01-01" },
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
	    "-32600", 400 },
	{ { VERSION, "2025-06-18" },
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
	    "\"result\"", 200 },
	{ { NULL },
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing\"}",
	    "-32601", 200 },
	{ { NULL }, "{\"jsonrpc\":\"2.0\",\"method\":\"x\"}", "", 202 },
	{ { NULL }, "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{}}", "", 202 },
};

static void
test_posts(void)
{
	struct peer p;

	peer_open(&p);
	p.sessionless = true;
	for (size_t i = 0; i < LENGTH(posts); i++) {
		p.headers = posts[i].headers;
		(void)say(&p, posts[i].line);
		tap_check(has(p.heard, posts[i].part), "headers", __FILE__,
		    (int)i);
		ok_int(p.status, posts[i].status);
	}
	mcp_free(p.mcp);
}

int
main(void)
{
	test_shapes();
	test_legacy();
	test_modern();
	test_batch();
	test_later();
	test_cancel();
	test_ask();
	test_listen();
	test_posts();
	return tap_done();
}
