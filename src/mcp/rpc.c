#include "mcp/rpc.h"

#define ID_MAX 1024 /* bytes as written */

bool
rpc_is_id(const struct json_value *v)
{
	return v != NULL && v->raw.n <= ID_MAX && (v->kind == JSON_STRING ||
	    (v->kind == JSON_NUMBER && v->is_integer));
}

/* The length of the string, number or bracket that `s` begins with. */
static size_t
token_length(struct span s)
{
	size_t n = 1;

	if (s.p[0] == '"') {
		while (n < s.n && s.p[n] != '"')
			n += s.p[n] == '\\' ? 2 : 1;
		return n < s.n ? n + 1 : s.n;
	}
	if (strchr("{}[]:,", s.p[0]) != NULL)
		return 1;
	while (n < s.n && strchr("{}[]:,\"", s.p[n]) == NULL)
		n++;
	return n;
}

/* What stands behind "id": at the first level, each time it does. */
static size_t
find_ids(struct span message, struct span *id)
{
	struct span before = span_empty(), key = span_empty();
	size_t depth = 0, found = 0, n;

	for (size_t at = 0; at < message.n; at += n) {
		struct span token = span_after(message, at);

		n = 1;
		if (strchr(" \t\r\n", token.p[0]) != NULL)
			continue;
		n = token_length(token);
		token = span_first(token, n);
		if (depth == 1 && span_is(before, ":") &&
		    span_is(key, "\"id\"")) {
			*id = token;
			found++;
		}
		if (token.p[0] == '{' || token.p[0] == '[')
			depth++;
		else if (token.p[0] == '}' || token.p[0] == ']')
			depth--;
		else if (token.p[0] == ':')
			key = before;
		before = token;
	}
	return found;
}

const struct json_value *
rpc_find_id(struct arena *a, struct span message)
{
	struct span text;
	enum json_error error;
	size_t offset;
	const struct json_value *id;

	if (find_ids(message, &text) != 1)
		return NULL;
	id = json_read(a, text, &error, &offset);
	return rpc_is_id(id) ? id : NULL;
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
