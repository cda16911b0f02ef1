#include "analysis/dns.h"
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
none_found(const struct tool_call *call, const struct dns_state *s)
{
	struct json *j = call->json;

	json_uint(j, "total_packets", call->scan->packets); /* mcpcap's */
	json_text(j, "message", "No DNS packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->frames);
	json_text(j, "how", "UDP and TCP port 53, mDNS (5353), LLMNR (5355), "
	    "and UDP on other ports by content");
	json_uint(j, "packets_on_port_53", s->port_53);
	json_uint(j, "packets_on_port_853_dns_over_tls", s->port_853);
	json_uint(j, "packets_on_port_5353", s->port_5353);
	json_uint(j, "packets_on_port_5355", s->port_5355);
	json_uint(j, "packets_on_port_137_netbios_names", s->port_137);
	json_end(j);
}

static bool
run(struct tool_call *call)
{
	struct dns_options options = { call->rows, call->max_packets };
	struct scan_request request = { .analyzer = &analyzer_dns,
		.options = &options };
	struct json *j = call->json;
	struct dns_state *s;

	if (!tool_scan(call, &request, 1)) {
		if (request.state != NULL)
			dns_release(request.state);
		return false;
	}
	s = request.state;
	tool_begin(call, s->found > 0);
	json_uint(j, "total_packets_in_file", call->scan->packets);
	json_uint(j, "dns_packets_found", s->found);
	if (s->found == 0) {
		none_found(call, s);
	} else {
		analyzed_report(call, "dns", s->found, s->analyzed);
		dns_statistics_report(s, j, rows_statistics_bytes(call->rows));
	}
	scan_quality_report(call->scan, j);
	if (s->found > 0) {
		rows_report(call->rows, j, "packets");
		rows_counts(call->rows, j, call->seal);
	}
	dns_release(s);
	return true;
}

const struct tool tool_analyze_dns_packets = {
	.name = "analyze_dns_packets",
	.module = "dns",
	.title = "DNS",
	.help = "DNS, mDNS and LLMNR: queries paired with answers (latency, "
	    "retries, unanswered), codes, types, domains with tunnel and DGA "
	    "measurements, addresses, clients, servers; every message. Other "
	    "columns: list_packets.",
	.params = params,
	.output = "file:s analysis_timestamp:s total_packets_in_file:i "
	    "dns_packets_found:i dns_packets_analyzed:i statistics:o "
	    "packets:a matched:i returned:i truncated:b next_cursor:s "
	    "quality:a message:s note:s",
	.obeys_max_packets = true,
	.run = run,
};
