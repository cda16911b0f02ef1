#include "analysis/tcp.h"
#include "tools/tcp_call.h"

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	TCP_CALL_SERVER_IP(false),
	TCP_CALL_SERVER_PORT,
	PARAM_ROW_FILTER,
	{ .name = NULL },
};

static bool
run(struct tool_call *call)
{
	struct tcp_options options;
	struct tcp_state *s = tcp_call_scan(call, &options);

	if (s == NULL)
		return false;
	json_uint(call->json, "total_packets", call->scan->packets);
	json_uint(call->json, "tcp_packets_found", s->packets);
	if (s->packets == 0)
		tcp_call_none(call, s);
	else
		tcp_anomalies_report(s, call->json);
	return tcp_call_end(call, s);
}

const struct tool tool_analyze_tcp_anomalies = {
	.name = "analyze_tcp_anomalies",
	.module = "tcp",
	.title = "TCP anomalies",
	.help = "Unusual TCP: RST by source and direction, failed and half-open "
	    "handshakes, retransmissions, zero windows, reused ports; counts, "
	    "each with what it may mean. Single connections: "
	    "analyze_tcp_connections.",
	.params = params,
	.output = "file analysis_timestamp note total_packets "
	    "tcp_packets_found message filter searched statistics patterns "
	    "summary packets_beyond_flow_cap quality",
	.obeys_max_packets = true,
	.run = run,
};
