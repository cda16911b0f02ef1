#include "analysis/dhcp.h"
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
none_found(const struct tool_call *call, const struct dhcp_state *s)
{
	struct json *j = call->json;

	json_text(j, "message", "No DHCP packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->frames);
	json_text(j, "how", "UDP ports 67, 68 and 4011 (DHCP and BOOTP), 546 "
	    "and 547 (DHCPv6)");
	json_uint(j, "packets_on_port_67", s->port_67);
	json_uint(j, "packets_on_port_547", s->port_547);
	json_end(j);
}

static bool
run(struct tool_call *call)
{
	struct dhcp_options options = { call->rows, call->max_packets };
	struct scan_request request = { .analyzer = &analyzer_dhcp,
		.options = &options };
	struct json *j = call->json;
	struct dhcp_state *s;

	if (!tool_scan(call, &request, 1)) {
		if (request.state != NULL)
			dhcp_release(request.state);
		return false;
	}
	s = request.state;
	tool_begin(call, false);
	json_uint(j, "total_packets", call->scan->packets);
	json_uint(j, "dhcp_packets_found", s->found);
	if (s->found == 0) {
		none_found(call, s);
	} else {
		analyzed_report(call, "dhcp", s->found, s->analyzed);
		dhcp_statistics_report(s, j, rows_statistics_bytes(call->rows));
	}
	scan_quality_report(call->scan, j);
	if (s->found > 0) {
		rows_report(call->rows, j, "packets");
		rows_counts(call->rows, j, call->seal);
	}
	dhcp_release(s);
	return true;
}

const struct tool tool_analyze_dhcp_packets = {
	.name = "analyze_dhcp_packets",
	.module = "dhcp",
	.title = "DHCP",
	.help = "DHCP and DHCPv6: leases, fingerprints, transactions with "
	    "latency, NAKs and declines, second servers, starvation "
	    "measurements; every message with its options. Other columns: "
	    "list_packets.",
	.params = params,
	.output = "file:s total_packets:i dhcp_packets_found:i "
	    "dhcp_packets_analyzed:i statistics:o packets:a matched:i "
	    "returned:i truncated:b next_cursor:s quality:a message:s "
	    "note:s",
	.obeys_max_packets = true,
	.run = run,
};
