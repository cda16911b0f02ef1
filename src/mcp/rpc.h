#ifndef MCP_RPC_H
#define MCP_RPC_H

#include "base/json.h"
#include "base/json_read.h"

/* JSON-RPC 2.0: what a message is, and the shells of answers. */
enum rpc_kind {
	RPC_INVALID,
	RPC_REQUEST,
	RPC_NOTIFICATION,
	RPC_RESPONSE,
};

enum rpc_code {
	RPC_PARSE_ERROR = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_NO_METHOD = -32601,
	RPC_BAD_PARAMS = -32602,
	RPC_INTERNAL = -32603,
	/* MCP's own, from 2026-07-28 on. */
	RPC_HEADER_MISMATCH = -32020,
	RPC_NO_CAPABILITY = -32021,
	RPC_BAD_VERSION = -32022,
	/* MCP's own, up to 2025-11-25. */
	RPC_NO_RESOURCE = -32002,
};

struct rpc {
	enum rpc_kind kind;
	const struct json_value *id;     /* NULL: none, or none readable */
	struct span method;
	const struct json_value *params; /* an object, or NULL */
	const struct json_value *result; /* of a response; NULL: an error */
	const char *problem;             /* of an invalid one */
};

/* A string or an integer, and not too long: it comes back with answers. */
bool rpc_is_id(const struct json_value *v);
/*
 * The id of a message that our reader refuses (U+0000, a lone surrogate, one
 * key twice: JSON all the same), so that its sender is not left waiting.
 * NULL when it has none or several.
 */
const struct json_value *rpc_find_id(struct arena *a, struct span message);
struct rpc rpc_read(const struct json_value *message);
/* The same id: as JSON values, 1 and "1" being different. */
bool rpc_same_id(const struct json_value *a, const struct json_value *b);

/* {"jsonrpc":"2.0","id":ID and the object stays open; NULL id: left out. */
void rpc_open(struct json *j, const struct json_value *id);
/* A whole error answer; `data` is JSON, or empty. */
void rpc_error(struct json *j, const struct json_value *id, int code,
    const char *text, struct span data);

#endif
