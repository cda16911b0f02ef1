#include "analysis/tcp.h"
#include "tools/tcp_call.h"

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	TCP_CALL_SERVER_IP(false),
	{ .name = "threshold", .type = PARAM_NUMBER, .min = 0, .max = 1,
	    .initial = "0.02", .help = "Rate to exceed" },
	PARAM_ROW_FILTER,
	{ .name = NULL },
};

static bool
run(struct tool_call *call)
{
	const struct arg *threshold = args_get(call->args, "threshold");
	struct tcp_options options;
	struct tcp_state *s = tcp_call_scan(call, &options);

	if (s == NULL)
		return false;
	json_uint(call->json, "tcp_packets_found", s->packets);
	if (s->packets == 0) {
		json_uint(call->json, "total_packets", call->scan->packets);
		tcp_call_none(call, s);
	} else {
		tcp_retransmissions_report(s, call->json, threshold->real);
	}
	return tcp_call_end(call, s);
}

const struct tool tool_analyze_tcp_retransmissions = {
	.name = "analyze_tcp_retransmissions",
	.module = "tcp",
	.title = "TCP retransmissions",
	.help = "TCP retransmissions by Wireshark's classes, their rate against "
	    "a threshold, the ten worst connections. The packets: "
	    "list_packets with tcp.analysis.retransmission.",
	.params = params,
	.output = "file analysis_timestamp note tcp_packets_found "
	    "total_packets message filter searched total_retransmissions "
	    "retransmission_rate threshold exceeds_threshold classes "
	    "connections_with_retransmissions by_connection summary "
	    "packets_beyond_flow_cap quality",
	.obeys_max_packets = true,
	.run = run,
};
