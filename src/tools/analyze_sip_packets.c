#include "analysis/sip.h"
#include "tools/listing_call.h"

static void
none(const struct tool_call *call, const void *state)
{
	const struct sip_state *s = state;
	struct json *j = call->json;

	json_text(j, "message", "No SIP packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->listing.frames);
	json_uint(j, "packets_on_port_5060", s->port_5060);
	json_uint(j, "packets_on_port_5061_tls", s->port_5061);
	json_text(j, "how", "UDP and TCP payloads on port 5060, and by their "
	    "first line on every other port");
	json_end(j);
}

static const struct listing_call listing = {
	.analyzer = &analyzer_sip,
	.name = "sip",
	.total = "total_packets_in_file",
	.timed = true,
	.none = none,
	.statistics = sip_statistics_report,
};

static bool
run(struct tool_call *call)
{
	return listing_call_run(call, &listing);
}

const struct tool tool_analyze_sip_packets = {
	.name = "analyze_sip_packets",
	.module = "sip",
	.title = "SIP calls",
	.help = "SIP and VoIP: calls by Call-ID (state, code, delays, talk time, "
	    "who hung up), registrations, authentication, RTP loss and "
	    "jitter; every message. One call's packets: list_packets with "
	    "sip.Call-ID.",
	.params = listing_params,
	.output = "file analysis_timestamp total_packets_in_file "
	    "sip_packets_found sip_packets_analyzed note statistics message "
	    "searched quality packets matched returned truncated next_cursor",
	.obeys_max_packets = true,
	.run = run,
};
