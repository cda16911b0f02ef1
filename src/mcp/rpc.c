#include "mcp/rpc.h"

#define ID_MAX 1024 /* bytes as written */

bool
rpc_is_id(const struct json_value *v)
{
	return v != NULL && v->raw.n <= ID_MAX && (v->kind == JSON_STRING ||
	    (v->kind == JSON_NUMBER && v->is_integer));
}

static struct rpc
invalid(struct rpc r, const char *problem)
{
	r.kind = RPC_INVALID;
	r.problem = problem;
	return r;
}

static struct rpc
response_read(struct rpc r, const struct json_value *message)
{
	const struct json_value *error = json_get(message, "error");

	r.result = json_get(message, "result");
	if ((r.result == NULL) == (error == NULL))
		return invalid(r, "neither a request nor a response");
	r.kind = RPC_RESPONSE;
	return r;
}

struct rpc
rpc_read(const struct json_value *message)
{
	struct rpc r = { .kind = RPC_INVALID, .method = span_empty() };
	const struct json_value *version, *id, *method, *params;

	if (message->kind != JSON_OBJECT)
		return invalid(r, "a message is an object");
	id = json_get(message, "id");
	if (rpc_is_id(id))
		r.id = id;
	version = json_get(message, "jsonrpc");
	if (version == NULL || version->kind != JSON_STRING ||
	    !span_is(version->text, "2.0"))
		return invalid(r, "jsonrpc must be \"2.0\"");
	method = json_get(message, "method");
	if (method == NULL)
		return response_read(r, message);
	if (id != NULL && r.id == NULL)
		return invalid(r, "id must be a string or an integer, of at "
		    "most 1024 bytes");
	if (method->kind != JSON_STRING)
		return invalid(r, "method must be a string");
	r.method = method->text;
	params = json_get(message, "params");
	if (params != NULL && params->kind != JSON_OBJECT)
		return invalid(r, "params must be an object");
	r.params = params;
	r.kind = r.id != NULL ? RPC_REQUEST : RPC_NOTIFICATION;
	return r;
}

bool
rpc_same_id(const struct json_value *a, const struct json_value *b)
{
	if (!rpc_is_id(a) || !rpc_is_id(b) || a->kind != b->kind)
		return false;
	if (a->kind == JSON_NUMBER)
		return a->integer == b->integer;
	return span_equal(a->text, b->text);
}

void
rpc_open(struct json *j, const struct json_value *id)
{
	json_object(j, NULL);
	json_text(j, "jsonrpc", "2.0");
	if (id != NULL)
		json_raw(j, "id", id->raw);
}

void
rpc_error(struct json *j, const struct json_value *id, int code,
    const char *text, struct span data)
{
	rpc_open(j, id);
	json_object(j, "error");
	json_int(j, "code", code);
	json_text(j, "message", text);
	if (data.n > 0)
		json_raw(j, "data", data);
	json_end(j);
	json_end(j);
}
