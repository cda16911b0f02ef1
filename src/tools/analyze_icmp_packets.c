#include "analysis/icmp.h"
#include "tools/analyzed.h"

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	PARAM_ROW_FILTER,
	PARAM_ROW_LIMIT,
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

static void
none_found(const struct tool_call *call, const struct icmp_state *s)
{
	struct json *j = call->json;

	json_text(j, "message", "No ICMP packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->frames);
	json_uint(j, "ip_packets", s->ip_packets);
	json_text(j, "how", "ICMP in IPv4 and ICMPv6 in IPv6, also inside "
	    "tunnels");
	json_end(j);
}

static bool
run(struct tool_call *call)
{
	struct icmp_options options = { call->rows, call->max_packets };
	struct scan_request request = { .analyzer = &analyzer_icmp,
		.options = &options };
	struct json *j = call->json;
	struct icmp_state *s;

	if (!tool_scan(call, &request, 1)) {
		if (request.state != NULL)
			icmp_release(request.state);
		return false;
	}
	s = request.state;
	tool_begin(call, s->found > 0);
	json_uint(j, "total_packets", call->scan->packets);
	json_uint(j, "icmp_packets_found", s->found);
	if (s->found == 0) {
		none_found(call, s);
	} else {
		analyzed_report(call, "icmp", s->found, s->analyzed);
		icmp_statistics_report(s, j,
		    rows_statistics_bytes(call->rows));
	}
	scan_quality_report(call->scan, j);
	if (s->found > 0) {
		rows_report(call->rows, j, "packets");
		rows_counts(call->rows, j, call->seal);
	}
	icmp_release(s);
	return true;
}

const struct tool tool_analyze_icmp_packets = {
	.name = "analyze_icmp_packets",
	.module = "icmp",
	.title = "ICMP and ICMPv6",
	.help = "ICMP and ICMPv6: types, echo pairs with loss and round trips, "
	    "errors with the flow they are about, traceroute, MTU, redirects, "
	    "router and neighbour messages; every packet. For reachability "
	    "questions.",
	.params = params,
	.output = "file:s analysis_timestamp:s total_packets:i "
	    "icmp_packets_found:i icmp_packets_analyzed:i statistics:o "
	    "packets:a matched:i returned:i truncated:b next_cursor:s "
	    "quality:a message:s note:s",
	.obeys_max_packets = true,
	.run = run,
};
