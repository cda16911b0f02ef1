#ifndef TOOLS_TCP_CALL_H
#define TOOLS_TCP_CALL_H

#include "analysis/tcp.h"
#include "tools/tool.h"

/* What the four TCP tools share: their parameters and the pass. */
#define TCP_CALL_SERVER_IP(must) \
	{ .name = "server_ip", .type = PARAM_ADDR, .required = (must), \
	    .help = "Only this server's connections" }
#define TCP_CALL_SERVER_PORT \
	{ .name = "server_port", .type = PARAM_PORT, .plain = true, \
	    .help = "Port of the server" }

/* Runs the pass and begins the answer; NULL: call->error says why. */
struct tcp_state *tcp_call_scan(struct tool_call *call,
    struct tcp_options *options);
/* Nothing found: what was searched. */
void tcp_call_none(struct tool_call *call, const struct tcp_state *s);
/* "quality", and the state given back. */
bool tcp_call_end(struct tool_call *call, struct tcp_state *s);

#endif
