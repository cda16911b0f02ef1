#include "analysis/tcp.h"
#include "tools/tcp_call.h"

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	TCP_CALL_SERVER_IP(true),
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
	tcp_traffic_report(s, call->json);
	return tcp_call_end(call, s);
}

const struct tool tool_analyze_traffic_flow = {
	.name = "analyze_traffic_flow",
	.module = "tcp",
	.title = "TCP traffic of one server",
	.help = "Traffic of one TCP server, each direction: packets, bytes, SYN, "
	    "RST, FIN, data, retransmissions. Server not known: "
	    "analyze_tcp_connections.",
	.params = params,
	.output = "file analysis_timestamp note total_packets "
	    "tcp_packets_found message filter searched server connections "
	    "client_to_server server_to_client analysis "
	    "packets_beyond_flow_cap quality",
	.obeys_max_packets = true,
	.run = run,
};
