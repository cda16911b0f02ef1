#include "analysis/sip.h"
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
none_found(const struct tool_call *call, const struct sip_state *s)
{
	struct json *j = call->json;

	json_text(j, "message", "No SIP packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->frames);
	json_uint(j, "packets_on_port_5060", s->port_5060);
	json_uint(j, "packets_on_port_5061_tls", s->port_5061);
	json_text(j, "how", "UDP and TCP payloads on port 5060, and by their "
	    "first line on every other port");
	json_end(j);
}

static bool
run(struct tool_call *call)
{
	struct sip_options options = { call->rows, call->max_packets };
	struct scan_request request = { .analyzer = &analyzer_sip,
		.options = &options };
	struct json *j = call->json;
	struct sip_state *s;

	if (!tool_scan(call, &request, 1)) {
		if (request.state != NULL)
			sip_release(request.state);
		return false;
	}
	s = request.state;
	tool_begin(call, s->found > 0);
	json_uint(j, "total_packets_in_file", call->scan->packets);
	json_uint(j, "sip_packets_found", s->found);
	if (s->found == 0) {
		none_found(call, s);
	} else {
		analyzed_report(call, "sip", s->found, s->analyzed);
		sip_statistics_report(s, j,
		    rows_statistics_bytes(call->rows));
	}
	scan_quality_report(call->scan, j);
	if (s->found > 0) {
		rows_report(call->rows, j, "packets");
		rows_counts(call->rows, j, call->seal);
	}
	sip_release(s);
	return true;
}

const struct tool tool_analyze_sip_packets = {
	.name = "analyze_sip_packets",
	.module = "sip",
	.title = "SIP calls",
	.help = "SIP and VoIP: calls by Call-ID (state, code, delays, talk time, "
	    "who hung up), registrations, authentication, RTP loss and "
	    "jitter; every message. One call's packets: list_packets with "
	    "sip.Call-ID.",
	.params = params,
	.output = "file:s analysis_timestamp:s total_packets_in_file:i "
	    "sip_packets_found:i sip_packets_analyzed:i statistics:o "
	    "packets:a matched:i returned:i truncated:b next_cursor:s "
	    "quality:a message:s note:s",
	.obeys_max_packets = true,
	.run = run,
};
