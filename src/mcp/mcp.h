#ifndef MCP_MCP_H
#define MCP_MCP_H

#include "base/json.h"
#include "base/json_read.h"

/*
 * The protocol, both eras side by side: every message names its own.  What
 * comes in is an exchange (a line, a POST) that knows where its answers go;
 * what is offered is a provider.  Nothing here knows a socket, and nothing
 * waits: a provider answers a call now or later, in any order.
 */
enum mcp_version {
	MCP_2024_11_05,
	MCP_2025_03_26,
	MCP_2025_06_18,
	MCP_2025_11_25,
	MCP_2026_07_28, /* "modern": stateless, every request names it */
};

const char *mcp_version_text(enum mcp_version version);
bool mcp_version_read(struct span text, enum mcp_version *version);

/* Syslog's names; MCP_LOG_OFF: the client asked for none. */
enum mcp_log {
	MCP_LOG_OFF = 0,
	MCP_LOG_DEBUG,
	MCP_LOG_INFO,
	MCP_LOG_NOTICE,
	MCP_LOG_WARNING,
	MCP_LOG_ERROR,
	MCP_LOG_CRITICAL,
	MCP_LOG_ALERT,
	MCP_LOG_EMERGENCY,
};

struct mcp;
struct mcp_call;

/* A tool argument that HTTP clients of 2026-07-28 repeat in a header. */
struct mcp_mirror {
	const char *tool, *argument, *header; /* "Region": Mcp-Param-Region */
};

/* What a server offers.  Methods may be NULL: not offered, not declared. */
struct mcp_provider {
	const char *name, *title, *version, *description, *instructions;
	unsigned ttl_ms; /* of lists, for 2026-07-28 */
	bool tools_change, prompts_change; /* mcp_changed() will be called */
	bool logging;
	/* JSON arrays; they stay as they are while the server runs. */
	struct span (*tools)(void *context);
	struct span (*prompts)(void *context);
	struct span (*resources)(void *context);
	struct span (*templates)(void *context);
	/* Each ends, now or later, in mcp_end() or mcp_fail(). */
	void (*tools_call)(void *context, struct mcp_call *call);
	void (*prompts_get)(void *context, struct mcp_call *call);
	void (*resources_read)(void *context, struct mcp_call *call);
	void (*complete)(void *context, struct mcp_call *call);
	/* Also said to be able to subscribe: up to 2025-11-25. */
	bool subscribe;
	/* Nobody wants the answer any more; the call is gone on return. */
	void (*cancel)(void *context, struct mcp_call *call);
	const struct mcp_mirror *mirrors; /* ends in a NULL tool */
	void *context;
};

/* One client, as far as it can be told apart: the pipe, or a session. */
struct mcp_peer {
	bool initialized;
	enum mcp_version version;
	enum mcp_log log;
	bool sampling, elicitation, roots; /* declared at initialize */
};

/*
 * One message received.  The owner sets the upper part, mcp_receive() the
 * rest.  `send` with `last` ends the exchange: the core does not touch it
 * again, and the owner frees it after mcp_release().
 */
struct mcp_exchange {
	struct mcp_peer *peer; /* NULL: an HTTP request without a session */
	/* HTTP: the value of a header of this name; NULL: not HTTP. */
	bool (*header)(struct mcp_exchange *x, const char *name,
	    struct span *value);
	/* One message, a whole line of JSON; with `last` it may be empty.
	 * `status` is what HTTP should say, if nothing was said yet. */
	void (*send)(struct mcp_exchange *x, struct span message, bool last,
	    unsigned status);
	/* initialize succeeded: who has sessions makes one now. */
	void (*initialized)(struct mcp_exchange *x);
	bool deaf;             /* the client takes no event stream */

	struct arena arena;
	struct buf batch;
	bool is_batch;
	unsigned open;         /* calls without an answer yet */
	enum mcp_version version; /* of messages that name none themselves */
};

/* A request being worked on. */
struct mcp_call {
	struct mcp *mcp;
	struct mcp_exchange *exchange;
	struct mcp_call *next, **link;
	enum mcp_version version;
	const struct json_value *id;
	struct span method;
	const struct json_value *params, *meta; /* may be NULL */
	const struct json_value *arguments;     /* of tools and prompts */
	struct span name;                       /* params.name or params.uri */
	void *state;                            /* the provider's */
	/* Progress. */
	const struct json_value *token;
	double progress;
	int64_t progress_at;
	/* A question to the client, up to 2025-11-25. */
	uint64_t asked;
	void (*answered)(struct mcp_call *call,
	    const struct json_value *result);
	bool listens;        /* subscriptions/listen */
	bool wants_tools, wants_prompts;
};

struct mcp *mcp_new(const struct mcp_provider *provider);
/* Cancels what is open. */
void mcp_free(struct mcp *m);

/* `body` is copied.  Sends now, later, or both. */
void mcp_receive(struct mcp *m, struct mcp_exchange *x, struct span body);
/* The transport could not make a message of what came (a line too long). */
void mcp_refuse(struct mcp *m, struct mcp_exchange *x, const char *why);
/* The client is gone: cancels what belongs to it, without a word. */
void mcp_abort(struct mcp *m, struct mcp_exchange *x);
/* The peer's struct goes away. */
void mcp_forget(struct mcp *m, struct mcp_peer *peer);
void mcp_release(struct mcp_exchange *x);
/* Calls that have no answer yet, listeners not counted. */
size_t mcp_busy(const struct mcp *m);

/* The list has changed: tells who listens. */
void mcp_changed(struct mcp *m, bool tools, bool prompts);

/* ---- For providers -------------------------------------------------- */

/* Goes only to a client that asked for it, and not too often; `text` NULL:
 * none; `total` 0: unknown. */
void mcp_progress(struct mcp_call *call, double progress, double total,
    const char *text);
/* As often as it is called. */
void mcp_progress_now(struct mcp_call *call, double progress, double total,
    const char *text);
void mcp_log(struct mcp_call *call, enum mcp_log level, const char *text);
/* Asks the client (up to 2025-11-25); `params` is JSON.  False: it cannot
 * be asked.  `answered` gets NULL for an error. */
bool mcp_ask(struct mcp_call *call, const char *method, struct span params,
    void (*answered)(struct mcp_call *call, const struct json_value *result));
/* Did this client declare it ("sampling", "elicitation", "roots")? */
bool mcp_can(const struct mcp_call *call, const char *capability);

/* The members of `result` are written between the two; then the call is
 * gone. */
struct json *mcp_begin(struct mcp_call *call);
/* The same for an answer that asks back (2026-07-28). */
struct json *mcp_begin_input(struct mcp_call *call);
void mcp_end(struct mcp_call *call);
/* A JSON-RPC error; `data` is JSON or empty.  The call is gone. */
void mcp_fail(struct mcp_call *call, int code, const char *text,
    struct span data);

/* Whole results of tools/call: an object in both forms, or what went wrong
 * in words. */
void mcp_tool_answer(struct mcp_call *call, struct span object);
void mcp_tool_error(struct mcp_call *call, struct span text);

#endif
