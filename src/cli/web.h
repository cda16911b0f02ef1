#ifndef CLI_WEB_H
#define CLI_WEB_H

#include "cli/sessions.h"
#include "transport/http.h"
#include "transport/http_guard.h"

/*
 * MCP over HTTP: /mcp for clients, / for a person with a browser, /healthz
 * for whoever watches.  Knows what an HTTP request means to the protocol
 * core and what an answer of the core is in HTTP.
 */
struct web {
	struct loop *loop;
	struct mcp *mcp;
	struct http_guard guard;
	bool no_sessions;
	struct sessions sessions;
	struct http_server server;
};

/* The members above `sessions` are the caller's. */
void web_open(struct web *w);
void web_close(struct web *w);

#endif
