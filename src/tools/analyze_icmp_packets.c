#include "analysis/icmp.h"
#include "tools/listing_call.h"

static void
none(const struct tool_call *call, const void *state)
{
	const struct icmp_state *s = state;
	struct json *j = call->json;

	json_text(j, "message", "No ICMP packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->listing.frames);
	json_uint(j, "ip_packets", s->ip_packets);
	json_text(j, "how", "ICMP in IPv4 and ICMPv6 in IPv6, also inside "
	    "tunnels");
	json_end(j);
}

static const struct listing_call listing = {
	.analyzer = &analyzer_icmp,
	.name = "icmp",
	.total = "total_packets",
	.timed = true,
	.none = none,
	.statistics = icmp_statistics_report,
};

static bool
run(struct tool_call *call)
{
	return listing_call_run(call, &listing);
}

const struct tool tool_analyze_icmp_packets = {
	.name = "analyze_icmp_packets",
	.module = "icmp",
	.title = "ICMP and ICMPv6",
	.help = "ICMP and ICMPv6: types, echo pairs with loss and round trips, "
	    "errors with the flow they are about, traceroute, MTU, redirects, "
	    "router and neighbour messages; every packet. For reachability "
	    "questions.",
	.params = listing_params,
	.output = "file analysis_timestamp total_packets icmp_packets_found "
	    "icmp_packets_analyzed note statistics message searched quality "
	    "packets matched returned truncated next_cursor",
	.obeys_max_packets = true,
	.run = run,
};
