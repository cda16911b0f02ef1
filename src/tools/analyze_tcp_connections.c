#include "analysis/tcp.h"
#include "tools/tcp_call.h"

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	TCP_CALL_SERVER_IP(false),
	TCP_CALL_SERVER_PORT,
	PARAM_ROW_FILTER,
	{ .name = "detailed", .type = PARAM_BOOL, .initial = "false",
	    .help = "All connections, not the first ten" },
	{ .name = "limit", .type = PARAM_UINT, .max = 100000,
	    .help = "Connections at most (10; detailed 50)" },
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

static bool
run(struct tool_call *call)
{
	struct tcp_options options;
	struct tcp_state *s;

	if (!args_get(call->args, "limit")->given &&
	    args_get(call->args, "detailed")->number == 0 &&
	    call->rows->max_bytes != 0)
		call->rows->limit = 10;
	s = tcp_call_scan(call, &options);
	if (s == NULL)
		return false;
	json_uint(call->json, "total_packets", call->scan->packets);
	json_uint(call->json, "tcp_packets_found", s->packets);
	if (s->packets == 0) {
		tcp_call_none(call, s);
		return tcp_call_end(call, s);
	}
	/* With the quality in it, before the rows. */
	tcp_connections_report(s, call->json, call->rows, call->seal);
	return true;
}

const struct tool tool_analyze_tcp_connections = {
	.name = "analyze_tcp_connections",
	.module = "tcp",
	.title = "TCP connections",
	.help = "TCP connections: handshake, end, bytes each way, round trips, "
	    "retransmissions; counts over all. For \"why does it not "
	    "connect\"; next analyze_tcp_anomalies, or list_packets with "
	    "tcp.stream == N.",
	.params = params,
	.output = "file analysis_timestamp note total_packets "
	    "tcp_packets_found message filter searched summary issues "
	    "packets_beyond_flow_cap quality connections matched returned "
	    "truncated next_cursor",
	.obeys_max_packets = true,
	.run = run,
};
