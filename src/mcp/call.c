#include <assert.h>

#include "base/number.h"
#include "base/table.h"
#include "base/text.h"
#include "mcp/core.h"

#define PROGRESS_EVERY 200000000 /* ns between two notifications */

struct mcp_call *
call_new(struct mcp *m, struct mcp_exchange *x, const struct rpc *r,
    enum mcp_version version)
{
	struct mcp_call *call = arena_new(&x->arena, struct mcp_call);
	const struct json_value *token;

	if (call == NULL) {
		core_error(m, x, r->id, RPC_INTERNAL, "out of memory",
		    span_empty(), 500);
		return NULL;
	}
	call->mcp = m;
	call->exchange = x;
	call->version = version;
	call->id = r->id;
	call->method = r->method;
	call->params = r->params;
	call->meta = json_get(r->params, "_meta");
	call->name = span_empty();
	call->progress = -1;
	token = json_get(call->meta, "progressToken");
	if (rpc_is_id(token))
		call->token = token;
	call->next = m->calls;
	call->link = &m->calls;
	if (call->next != NULL)
		call->next->link = &call->next;
	m->calls = call;
	return call;
}

static void
call_unlink(struct mcp_call *call)
{
	*call->link = call->next;
	if (call->next != NULL)
		call->next->link = call->link;
}

void
call_drop(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;

	call_unlink(call);
	if (!call->listens && p->cancel != NULL)
		p->cancel(p->context, call);
}

void
call_cancel(struct mcp *m, const struct mcp_exchange *x,
    const struct json_value *id)
{
	struct mcp_call *call = m->calls;
	struct mcp_exchange *of;

	/* Without a session two clients may use the same ids. */
	if (x->peer == NULL)
		return;
	while (call != NULL && !(call->exchange->peer == x->peer &&
	    rpc_same_id(call->id, id)))
		call = call->next;
	if (call == NULL)
		return;
	of = call->exchange;
	call_drop(call);
	core_skip(of);
}

/* ---- Questions to the client ------------------------------------- */

static size_t
ask_id(char *out, uint64_t asked)
{
	uint64_t word = asked;
	size_t n = 0;

	memcpy(out, "ask-", 4);
	n = 4 + number_uint(out + 4, asked);
	out[n++] = '-';
	/* Keyed: nobody else can answer in a client's place. */
	return n + number_uint(out + n, hash_words(&word, 1));
}

bool
mcp_ask(struct mcp_call *call, const char *method, struct span params,
    void (*answered)(struct mcp_call *, const struct json_value *))
{
	struct json *j;
	char id[2 * NUMBER_TEXT + 8];

	if (is_modern(call->version) || call->exchange->deaf)
		return false;
	call->asked = ++call->mcp->asked;
	call->answered = answered;
	j = core_begin(call->mcp);
	json_object(j, NULL);
	json_text(j, "jsonrpc", "2.0");
	json_span(j, "id", span_of(id, ask_id(id, call->asked)));
	json_text(j, "method", method);
	if (params.n > 0)
		json_raw(j, "params", params);
	json_end(j);
	core_tell(call->mcp, call->exchange);
	return true;
}

void
call_answered(struct mcp *m, const struct mcp_exchange *x,
    const struct rpc *r)
{
	char id[2 * NUMBER_TEXT + 8];
	struct mcp_call *call = m->calls;

	if (r->id == NULL || r->id->kind != JSON_STRING)
		return;
	for (; call != NULL; call = call->next) {
		if (call->asked == 0 || call->exchange->peer != x->peer)
			continue;
		if (span_equal(r->id->text,
			span_of(id, ask_id(id, call->asked))))
			break;
	}
	if (call == NULL)
		return;
	call->asked = 0;
	call->answered(call, r->result);
}

bool
mcp_can(const struct mcp_call *call, const char *capability)
{
	const struct mcp_peer *peer = call->exchange->peer;

	if (is_modern(call->version))
		return json_get(json_get(call->meta, META_CAPABILITIES),
		    capability) != NULL;
	if (peer == NULL)
		return true; /* never heard: let it say no itself */
	if (strcmp(capability, "sampling") == 0)
		return peer->sampling;
	if (strcmp(capability, "elicitation") == 0)
		return peer->elicitation;
	return strcmp(capability, "roots") == 0 && peer->roots;
}

/* ---- Notifications ----------------------------------------------- */

static struct json *
notification_begin(struct mcp_call *call, const char *method)
{
	struct json *j = core_begin(call->mcp);

	json_object(j, NULL);
	json_text(j, "jsonrpc", "2.0");
	json_text(j, "method", method);
	json_object(j, "params");
	return j;
}

static void
notification_end(struct mcp_call *call, struct json *j)
{
	json_end(j);
	json_end(j);
	core_tell(call->mcp, call->exchange);
}

void
mcp_progress_now(struct mcp_call *call, double progress, double total,
    const char *text)
{
	struct json *j;

	if (call->token == NULL || call->exchange->deaf ||
	    progress <= call->progress)
		return;
	call->progress = progress;
	call->progress_at = clock_monotonic();
	j = notification_begin(call, "notifications/progress");
	json_raw(j, "progressToken", call->token->raw);
	json_double(j, "progress", progress);
	if (total > 0)
		json_double(j, "total", total);
	if (text != NULL && call->version >= MCP_2025_03_26)
		json_text(j, "message", text);
	notification_end(call, j);
}

void
mcp_progress(struct mcp_call *call, double progress, double total,
    const char *text)
{
	if (call->token == NULL ||
	    clock_monotonic() < call->progress_at + PROGRESS_EVERY)
		return;
	mcp_progress_now(call, progress, total, text);
}

static const char *const log_names[] = { "", "debug", "info", "notice",
	"warning", "error", "critical", "alert", "emergency" };

enum mcp_log
log_read(const struct json_value *level)
{
	for (size_t i = 1; i < LENGTH(log_names); i++)
		if (level != NULL && level->kind == JSON_STRING &&
		    span_is(level->text, log_names[i]))
			return (enum mcp_log)i;
	return MCP_LOG_OFF;
}

static enum mcp_log
log_wanted(const struct mcp_call *call)
{
	if (!is_modern(call->version))
		return call->exchange->peer != NULL &&
		    call->exchange->peer->log != MCP_LOG_OFF
		    ? call->exchange->peer->log : MCP_LOG_INFO;
	return log_read(json_get(call->meta, META_LOG_LEVEL));
}

void
mcp_log(struct mcp_call *call, enum mcp_log level, const char *text)
{
	enum mcp_log wanted = log_wanted(call);
	struct json *j;

	if (wanted == MCP_LOG_OFF || level < wanted)
		return;
	j = notification_begin(call, "notifications/message");
	json_text(j, "level", log_names[level]);
	json_text(j, "data", text);
	notification_end(call, j);
}

void
mcp_changed(struct mcp *m, bool tools, bool prompts)
{
	static const char *const methods[] = {
		"notifications/tools/list_changed",
		"notifications/prompts/list_changed",
	};
	struct mcp_call *call, *next;

	for (call = m->calls; call != NULL; call = next) {
		bool wants[2] = { tools && call->wants_tools,
			prompts && call->wants_prompts };

		next = call->next;
		for (size_t i = 0; i < 2; i++) {
			struct json *j;

			if (!wants[i])
				continue;
			j = notification_begin(call, methods[i]);
			json_object(j, "_meta");
			json_raw(j, META_SUBSCRIPTION, call->id->raw);
			json_end(j);
			notification_end(call, j);
		}
	}
}

/* ---- Answers ----------------------------------------------------- */

/* Answers that a client may keep for a while, since 2026-07-28. */
static bool
is_cacheable(const struct mcp_call *call)
{
	static const char *const names[] = { "server/discover", "tools/list",
		"prompts/list", "resources/list", "resources/templates/list",
		"resources/read" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (span_is(call->method, names[i]))
			return true;
	}
	return false;
}

static struct json *
result_begin(struct mcp_call *call, const char *type)
{
	struct json *j = core_begin(call->mcp);

	rpc_open(j, call->id);
	json_object(j, "result");
	if (is_modern(call->version))
		json_text(j, "resultType", type);
	return j;
}

struct json *
mcp_begin(struct mcp_call *call)
{
	struct json *j = result_begin(call, "complete");

	if (is_modern(call->version) && is_cacheable(call)) {
		json_uint(j, "ttlMs", call->mcp->provider->ttl_ms);
		json_text(j, "cacheScope", "public");
	}
	return j;
}

struct json *
mcp_begin_input(struct mcp_call *call)
{
	assert(is_modern(call->version));
	return result_begin(call, "input_required");
}

void
mcp_end(struct mcp_call *call)
{
	struct mcp *m = call->mcp;
	struct json *j = &m->json;

	if (is_modern(call->version)) {
		json_object(j, "_meta");
		if (call->listens)
			json_raw(j, META_SUBSCRIPTION, call->id->raw);
		json_object(j, META_SERVER);
		json_text(j, "name", m->provider->name);
		json_text(j, "version", m->provider->version);
		json_end(j);
		json_end(j);
	}
	json_end(j);
	json_end(j);
	if (m->out.full) {
		mcp_fail(call, RPC_INTERNAL, "answer too large", span_empty());
		return;
	}
	call_unlink(call);
	core_answer(m, call->exchange, 200);
}

static unsigned
status_of(const struct mcp_call *call, int code)
{
	if (!is_modern(call->version))
		return 200;
	switch (code) {
	case RPC_NO_METHOD:
		return 404;
	case RPC_INVALID_REQUEST:
	case RPC_HEADER_MISMATCH:
	case RPC_NO_CAPABILITY:
	case RPC_BAD_VERSION:
		return 400;
	default:
		return 200;
	}
}

void
mcp_fail(struct mcp_call *call, int code, const char *text, struct span data)
{
	call_unlink(call);
	core_error(call->mcp, call->exchange, call->id, code, text, data,
	    status_of(call, code));
}

static void
text_block(struct json *j, struct span text, bool foreign)
{
	json_array(j, "content");
	json_object(j, NULL);
	json_text(j, "type", "text");
	if (foreign)
		json_foreign_max(j, "text", text, text.n);
	else
		json_span(j, "text", text);
	json_end(j);
	json_end(j);
}

void
mcp_tool_answer(struct mcp_call *call, struct span object)
{
	struct json *j = mcp_begin(call);

	text_block(j, object, false);
	json_raw(j, "structuredContent", object);
	mcp_end(call);
}

void
mcp_tool_error(struct mcp_call *call, struct span text)
{
	struct json *j = mcp_begin(call);

	text_block(j, text, !text_is_showable(text));
	json_bool(j, "isError", true);
	mcp_end(call);
}
