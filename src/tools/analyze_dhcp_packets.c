#include "analysis/dhcp.h"
#include "tools/listing_call.h"

static void
none(const struct tool_call *call, const void *state)
{
	const struct dhcp_state *s = state;
	struct json *j = call->json;

	json_text(j, "message", "No DHCP packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->listing.frames);
	json_text(j, "how", "UDP ports 67, 68 and 4011 (DHCP and BOOTP), 546 "
	    "and 547 (DHCPv6)");
	json_uint(j, "packets_on_port_67", s->port_67);
	json_uint(j, "packets_on_port_547", s->port_547);
	json_end(j);
}

static const struct listing_call listing = {
	.analyzer = &analyzer_dhcp,
	.name = "dhcp",
	.total = "total_packets",
	.none = none,
	.statistics = dhcp_statistics_report,
};

static bool
run(struct tool_call *call)
{
	return listing_call_run(call, &listing);
}

const struct tool tool_analyze_dhcp_packets = {
	.name = "analyze_dhcp_packets",
	.module = "dhcp",
	.title = "DHCP",
	.help = "DHCP and DHCPv6: leases, fingerprints, transactions with "
	    "latency, NAKs and declines, second servers, starvation "
	    "measurements; every message with its options. Other fields: "
	    "list_packets.",
	.params = listing_params,
	.output = "file total_packets dhcp_packets_found "
	    "dhcp_packets_analyzed note statistics message searched quality "
	    "packets matched returned truncated next_cursor",
	.obeys_max_packets = true,
	.run = run,
};
