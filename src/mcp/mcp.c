#include "mcp/mcp.h"

#include <stdlib.h>

#include "mcp/core.h"

#define VALUES_MEMORY ((size_t)512 * 1024) /* some 4,000 values */
#define OUT_MAX (64 * 1024 * 1024)
#define OUT_KEEP (1024 * 1024)
#define BATCH_MAX 64

static const char *const versions[] = {
	[MCP_2024_11_05] = "2024-11-05",
	[MCP_2025_03_26] = "2025-03-26",
	[MCP_2025_06_18] = "2025-06-18",
	[MCP_2025_11_25] = "2025-11-25",
	[MCP_2026_07_28] = "2026-07-28",
};

const char *
mcp_version_text(enum mcp_version version)
{
	return versions[version];
}

bool
mcp_version_read(struct span text, enum mcp_version *version)
{
	for (size_t i = 0; i < LENGTH(versions); i++) {
		if (!span_is(text, versions[i]))
			continue;
		*version = (enum mcp_version)i;
		return true;
	}
	return false;
}

struct json *
core_begin(struct mcp *m)
{
	if (m->out.full || m->out.size > OUT_KEEP) {
		buf_free(&m->out);
		buf_init(&m->out, OUT_MAX);
	}
	buf_cut(&m->out, 0);
	json_init(&m->json, &m->out);
	return &m->json;
}

static void
batch_end(struct mcp_exchange *x)
{
	if (x->batch.n == 0) {
		x->send(x, span_empty(), true, 202);
		return;
	}
	buf_byte(&x->batch, ']');
	if (x->batch.full)
		x->send(x, span_empty(), true, 500);
	else
		x->send(x, buf_bytes(&x->batch), true, 200);
}

void
core_answer(struct mcp *m, struct mcp_exchange *x, unsigned status)
{
	x->open--;
	if (!x->is_batch) {
		x->send(x, buf_bytes(&m->out), true, status);
		return;
	}
	buf_byte(&x->batch, x->batch.n == 0 ? '[' : ',');
	buf_span(&x->batch, buf_bytes(&m->out));
	if (x->open == 0)
		batch_end(x);
}

void
core_tell(struct mcp *m, struct mcp_exchange *x)
{
	if (!x->deaf && !m->out.full)
		x->send(x, buf_bytes(&m->out), false, 200);
}

void
core_skip(struct mcp_exchange *x)
{
	x->open--;
	if (x->open > 0)
		return;
	if (x->is_batch)
		batch_end(x);
	else
		x->send(x, span_empty(), true, 202);
}

void
core_error(struct mcp *m, struct mcp_exchange *x, const struct json_value *id,
    int code, const char *text, struct span data, unsigned status)
{
	rpc_error(core_begin(m), id, code, text, data);
	core_answer(m, x, status);
}

static void
request_run(struct mcp *m, struct mcp_exchange *x, const struct rpc *r)
{
	enum mcp_version version;
	const struct method *method;
	struct mcp_call *call;

	if (!era_check(m, x, r, &version))
		return;
	method = method_find(m, r->method, is_modern(version));
	if (method == NULL) {
		core_error(m, x, r->id, RPC_NO_METHOD, "Method not found",
		    span_empty(), is_modern(version) ? 404 : 200);
		return;
	}
	if (x->is_batch && span_is(r->method, "initialize")) {
		core_error(m, x, r->id, RPC_INVALID_REQUEST,
		    "initialize must not be in a batch", span_empty(), 400);
		return;
	}
	call = call_new(m, x, r, version);
	if (call != NULL)
		method_run(method, call);
}

static void
notification_run(struct mcp *m, struct mcp_exchange *x, const struct rpc *r)
{
	/* Over HTTP a modern client cancels by closing the stream. */
	bool modern_http = x->header != NULL &&
	    (era_is_claimed(r) || is_modern(x->version));

	if (span_is(r->method, "notifications/cancelled") && !modern_http)
		call_cancel(m, x, json_get(r->params, "requestId"));
	core_skip(x);
}

/* One message of the exchange; it counts as open until it is dealt with. */
static void
message_run(struct mcp *m, struct mcp_exchange *x,
    const struct json_value *message)
{
	struct rpc r = rpc_read(message);

	x->open++;
	switch (r.kind) {
	case RPC_REQUEST:
		request_run(m, x, &r);
		break;
	case RPC_NOTIFICATION:
		notification_run(m, x, &r);
		break;
	case RPC_RESPONSE:
		call_answered(m, x, &r);
		core_skip(x);
		break;
	default:
		core_error(m, x, r.id, RPC_INVALID_REQUEST, r.problem,
		    span_empty(), 400);
	}
}

static const char *
batch_problem(const struct mcp_exchange *x, const struct json_value *batch)
{
	if (batch->n == 0)
		return "empty batch";
	if (batch->n > BATCH_MAX)
		return "batch of more than 64 messages";
	if (x->version >= MCP_2025_06_18)
		return "this protocol version has no batches";
	for (const struct json_value *v = batch->first; v != NULL;
	    v = v->next) {
		struct rpc r = rpc_read(v);

		if (era_is_claimed(&r))
			return "this protocol version has no batches";
	}
	return NULL;
}

static void
batch_run(struct mcp *m, struct mcp_exchange *x,
    const struct json_value *batch)
{
	const char *problem = batch_problem(x, batch);

	if (problem != NULL) {
		x->open++;
		core_error(m, x, NULL, RPC_INVALID_REQUEST, problem,
		    span_empty(), 400);
		return;
	}
	x->is_batch = true;
	x->open++; /* so that it does not end before all of it was seen */
	for (const struct json_value *v = batch->first; v != NULL;
	    v = v->next)
		message_run(m, x, v);
	core_skip(x);
}

static void
exchange_init(struct mcp_exchange *x, struct span body)
{
	/* The copy, its texts without escapes, and what else it is made of. */
	arena_init(&x->arena, 2 * body.n + VALUES_MEMORY);
	buf_init(&x->batch, OUT_MAX);
	x->is_batch = false;
	x->open = 0;
	x->version = era_assume(x);
}

static void
message_refuse(struct mcp *m, struct mcp_exchange *x, struct span body,
    enum json_error error)
{
	const struct json_value *id = error == JSON_SYNTAX ? NULL :
	    rpc_find_id(&x->arena, body);

	x->open++;
	core_error(m, x, id, id == NULL ? RPC_PARSE_ERROR :
	    RPC_INVALID_REQUEST, error == JSON_NO_MEMORY ?
	    "message with too many values" : json_error_text(error),
	    span_empty(), 400);
}

void
mcp_receive(struct mcp *m, struct mcp_exchange *x, struct span body)
{
	const struct json_value *message = NULL;
	enum json_error error = JSON_NO_MEMORY;
	struct span copy;
	size_t offset;

	exchange_init(x, body);
	copy = arena_copy(&x->arena, body);
	if (!x->arena.full)
		message = json_read(&x->arena, copy, &error, &offset);
	if (message == NULL) {
		message_refuse(m, x, copy, error);
	} else if (message->kind == JSON_ARRAY) {
		batch_run(m, x, message);
	} else {
		message_run(m, x, message);
	}
}

void
mcp_refuse(struct mcp *m, struct mcp_exchange *x, const char *why)
{
	exchange_init(x, span_empty());
	x->open++;
	core_error(m, x, NULL, RPC_INVALID_REQUEST, why, span_empty(), 400);
}

struct mcp *
mcp_new(const struct mcp_provider *provider)
{
	struct mcp *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->provider = provider;
	buf_init(&m->out, OUT_MAX);
	return m;
}

void
mcp_free(struct mcp *m)
{
	while (m->calls != NULL)
		call_drop(m->calls);
	buf_free(&m->out);
	free(m);
}

void
mcp_abort(struct mcp *m, struct mcp_exchange *x)
{
	struct mcp_call *call = m->calls, *next;

	for (; call != NULL; call = next) {
		next = call->next;
		if (call->exchange == x)
			call_drop(call);
	}
	x->open = 0;
}

void
mcp_forget(struct mcp *m, struct mcp_peer *peer)
{
	for (struct mcp_call *c = m->calls; c != NULL; c = c->next) {
		if (c->exchange->peer == peer)
			c->exchange->peer = NULL;
	}
}

void
mcp_release(struct mcp_exchange *x)
{
	arena_free(&x->arena);
	buf_free(&x->batch);
}

size_t
mcp_busy(const struct mcp *m)
{
	size_t n = 0;

	for (const struct mcp_call *c = m->calls; c != NULL; c = c->next)
		n += !c->listens;
	return n;
}
