#ifndef MCP_CORE_H
#define MCP_CORE_H

#include "mcp/mcp.h"
#include "mcp/rpc.h"

/* What the files of this floor share. */
struct mcp {
	const struct mcp_provider *provider;
	struct mcp_call *calls; /* newest first */
	struct buf out;
	struct json json;       /* into `out`: one message at a time */
	uint64_t asked;         /* questions put to clients so far */
};

#define META_VERSION "io.modelcontextprotocol/protocolVersion"
#define META_CAPABILITIES "io.modelcontextprotocol/clientCapabilities"
#define META_LOG_LEVEL "io.modelcontextprotocol/logLevel"
#define META_SERVER "io.modelcontextprotocol/serverInfo"
#define META_SUBSCRIPTION "io.modelcontextprotocol/subscriptionId"

static inline bool
is_modern(enum mcp_version version)
{
	return version >= MCP_2026_07_28;
}

/* ---- core: what leaves ---------------------------------------------- */

/* Empties the buffer and gives the writer into it. */
struct json *core_begin(struct mcp *m);
/* The message in the buffer as the answer to one request of the exchange. */
void core_answer(struct mcp *m, struct mcp_exchange *x, unsigned status);
/* The same as a notification or a question, before the answer. */
void core_tell(struct mcp *m, struct mcp_exchange *x);
/* One request of the exchange will have no answer (cancelled). */
void core_skip(struct mcp_exchange *x);
/* An error to a message that never became a call. */
void core_error(struct mcp *m, struct mcp_exchange *x,
    const struct json_value *id, int code, const char *text,
    struct span data, unsigned status);

/* ---- call: requests being worked on ----------------------------------- */

/* NULL: no memory, and the client is told. */
struct mcp_call *call_new(struct mcp *m, struct mcp_exchange *x,
    const struct rpc *r, enum mcp_version version);
/* The client's answer to a question, or its cancellation. */
void call_answered(struct mcp *m, const struct mcp_exchange *x,
    const struct rpc *r);
void call_cancel(struct mcp *m, const struct mcp_exchange *x,
    const struct json_value *id);
/* MCP_LOG_OFF: no level is called so. */
enum mcp_log log_read(const struct json_value *level);
/* Takes it off the list and tells the provider. */
void call_drop(struct mcp_call *call);

/* ---- method: what a request asks for ---------------------------------- */

struct method;
/* NULL: unknown in this era, or not offered. */
const struct method *method_find(const struct mcp *m, struct span name,
    bool modern);
void method_run(const struct method *method, struct mcp_call *call);

/* ---- era: which rules a message lives under ---------------------------- */

/* params._meta names a protocol version. */
bool era_is_claimed(const struct rpc *r);
/* Checks what stands before the method: the version, and on HTTP the
 * headers.  False: an error was sent. */
bool era_check(struct mcp *m, struct mcp_exchange *x, const struct rpc *r,
    enum mcp_version *version);
/* The headers that repeat arguments; false: an error was sent. */
bool era_check_mirrors(struct mcp *m, struct mcp_call *call);
/* The version of a message without a claim. */
enum mcp_version era_assume(struct mcp_exchange *x);

#endif
