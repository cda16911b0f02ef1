#include "analysis/dns.h"
#include "tools/listing_call.h"

static void
none(const struct tool_call *call, const void *state)
{
	const struct dns_state *s = state;
	struct json *j = call->json;

	json_uint(j, "total_packets", call->scan->packets); /* mcpcap's */
	json_text(j, "message", "No DNS packets found in this capture");
	json_object(j, "searched");
	json_uint(j, "packets", s->listing.frames);
	json_text(j, "how", "UDP and TCP port 53, mDNS (5353), LLMNR (5355), "
	    "and UDP on other ports by content");
	json_uint(j, "packets_on_port_53", s->port_53);
	json_uint(j, "packets_on_port_853_dns_over_tls", s->port_853);
	json_uint(j, "packets_on_port_5353", s->port_5353);
	json_uint(j, "packets_on_port_5355", s->port_5355);
	json_uint(j, "packets_on_port_137_netbios_names", s->port_137);
	json_end(j);
}

static const struct listing_call listing = {
	.analyzer = &analyzer_dns,
	.name = "dns",
	.total = "total_packets_in_file",
	.timed = true,
	.none = none,
	.statistics = dns_statistics_report,
};

static bool
run(struct tool_call *call)
{
	return listing_call_run(call, &listing);
}

const struct tool tool_analyze_dns_packets = {
	.name = "analyze_dns_packets",
	.module = "dns",
	.title = "DNS",
	.help = "DNS, mDNS and LLMNR: queries paired with answers (latency, "
	    "retries, unanswered), codes, types, domains with tunnel and DGA "
	    "measurements, addresses, clients, servers; every message. Other "
	    "fields: list_packets.",
	.params = listing_params,
	.output = "file analysis_timestamp total_packets_in_file "
	    "dns_packets_found dns_packets_analyzed note statistics "
	    "total_packets message searched quality packets matched returned "
	    "truncated next_cursor",
	.obeys_max_packets = true,
	.run = run,
};
