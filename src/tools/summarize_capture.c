#include "analysis/summary.h"
#include "base/text.h"
#include "tools/tool.h"

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	{ .name = "focus", .type = PARAM_NET,
	    .help = "Address or network" },
	{ .name = NULL },
};

/* The file itself: what capinfos would say in a few words. */
static void
file_report(struct tool_call *call)
{
	const struct capture_facts *f = capture_facts(call->capture);
	const struct capture_quality *q = &call->scan->quality;
	struct json *j = call->json;

	json_text(j, "file_type", f->variant);
	json_uint(j, "file_size_bytes", call->file_size);
	json_uint(j, "interfaces", capture_interfaces(call->capture));
	if (capture_interfaces(call->capture) > 0) {
		uint16_t link = capture_interface(call->capture, 0)->link;
		const char *name = link_name(link);

		if (name != NULL)
			json_text(j, "encapsulation", name);
		else
			json_textf(j, "encapsulation", "link type %u", link);
	}
	json_uint(j, "total_packets", call->scan->packets);
	if (call->scan->filter != NULL)
		json_uint(j, "packets_in_focus", call->scan->matched);
	json_uint(j, "total_bytes", q->bytes);
	if (!q->earliest.known)
		return;
	json_time(j, "first_time", q->earliest);
	json_time(j, "last_time", q->latest);
	json_seconds(j, "duration_seconds",
	    time_diff(q->latest, q->earliest));
}

/* A path that is fit to be shown is given back as it came, so that the next
 * calls can be made as they stand. */
static void
path_member(const struct tool_call *call, struct json *j)
{
	struct span name = span_text(call->name);

	if (text_is_showable(name))
		json_span(j, "pcap_file", name);
	else
		json_foreign(j, "pcap_file", name);
}

/* False: the operator has left this tool out. */
static bool
is_offered(const struct tool_call *call, const char *tool)
{
	unsigned i;

	for (i = 0; i < tool_count; i++) {
		if (strcmp(tools[i]->name, tool) == 0)
			return (call->tools_off >> i & 1) == 0;
	}
	return false;
}

/* 1 when it is; the arguments can then be written, and call_end() is due. */
static unsigned
call_begin(const struct tool_call *call, const char *tool, const char *why)
{
	struct json *j = call->json;

	if (!is_offered(call, tool))
		return 0;
	json_object(j, NULL);
	json_text(j, "tool", tool);
	json_text(j, "why", why);
	json_object(j, "arguments");
	path_member(call, j);
	return 1;
}

static void
call_end(const struct tool_call *call)
{
	json_end(call->json);
	json_end(call->json);
}

/* The capture alone is the question. */
static unsigned
call_plain(const struct tool_call *call, const char *tool, const char *why)
{
	unsigned n = call_begin(call, tool, why);

	if (n != 0)
		call_end(call);
	return n;
}

static uint64_t
messages_of(const struct scan *s, const char *name)
{
	for (size_t i = 0; i < proto_count; i++) {
		if (i < LENGTH(s->proto_messages) &&
		    strcmp(protos[i]->name, name) == 0)
			return s->proto_messages[i];
	}
	return 0;
}

/* The protocol tools that have something to tell, most telling first. */
static unsigned
protocol_calls(const struct tool_call *call)
{
	const struct scan *s = call->scan;
	unsigned n = 0;

	if (messages_of(s, "sip") > 0)
		n += call_plain(call, "analyze_sip_packets",
		    "calls, registrations, media");
	if (messages_of(s, "dns") + messages_of(s, "mdns") +
	    messages_of(s, "llmnr") > 0)
		n += call_plain(call, "analyze_dns_packets",
		    "names asked, answers, failures");
	if (messages_of(s, "dhcp") + messages_of(s, "dhcpv6") > 0)
		n += call_plain(call, "analyze_dhcp_packets",
		    "devices and their addresses");
	if (n < 3 && s->layer_packets[LAYER_ICMP] +
	    s->layer_packets[LAYER_ICMPV6] > 0)
		n += call_plain(call, "analyze_icmp_packets",
		    "reachability and errors");
	return n;
}

/* Three to six calls that can be made as they stand. */
static void
next_calls(const struct tool_call *call, const struct flow_list *f,
    const struct summary_flows *flows)
{
	struct json *j = call->json;
	unsigned n;

	json_array(j, "next_calls");
	n = protocol_calls(call);
	if (flows->total > 0 && call_begin(call, "list_flows", "who talked to whom, "
	    "the largest first") != 0) {
		json_text(j, "sort_by", "bytes");
		call_end(call);
		n++;
	}
	if (f->has_tcp && n < 5)
		n += call_plain(call, "analyze_tcp_connections",
		    "handshakes, ends, loss");
	if (flows->has_tcp && n < 6 && call_begin(call, "follow_stream",
	    "the bytes of the largest TCP stream") != 0) {
		json_uint(j, "stream", flows->tcp_stream);
		call_end(call);
		n++;
	}
	if (n < 6)
		n += call_plain(call, "list_packets",
		    "the packets themselves");
	if (n < 3)
		n += call_plain(call, "analyze_capinfos", "the file: "
		    "interfaces, digests, comments");
	if (n < 3 && call_begin(call, "aggregate_packets",
	    "counts by protocol path") != 0) {
		json_array(j, "group_by");
		json_text(j, NULL, "frame.protocols");
		json_end(j);
		call_end(call);
	}
	json_end(j);
}

/* "focus" as the display filter it stands for. */
static struct filter *
focus_filter(const struct tool_call *call)
{
	const struct arg *focus = args_get(call->args, "focus");
	struct filter_error error;
	struct filter *filter;
	char text[ADDR_TEXT];
	struct buf b;
	size_t n;

	if (!focus->given)
		return NULL;
	n = addr_write(text, &focus->addr);
	buf_init(&b, 200);
	buf_printf(&b, "%s == %.*s/%u", focus->addr.kind == ADDR_IPV6 ?
	    "ipv6.addr" : "ip.addr", (int)n, text, focus->prefix);
	filter = filter_compile(buf_bytes(&b), &error);
	buf_free(&b);
	if (filter == NULL)
		buf_printf(call->error, "focus: %s", error.text);
	return filter;
}

static void
focus_absent(const struct tool_call *call)
{
	const struct arg *focus = args_get(call->args, "focus");
	char text[ADDR_TEXT];
	size_t n = addr_write(text, &focus->addr);

	json_textf(call->json, "message", "None of %llu packets is from or to "
	    "%.*s/%u; without focus the answer names the busiest hosts",
	    (unsigned long long)call->scan->packets, (int)n, text,
	    focus->prefix);
}

static bool
run(struct tool_call *call)
{
	struct scan_request requests[2] = {
		{ .analyzer = &analyzer_flow_list_nameless },
		{ .analyzer = &analyzer_summary },
	};
	struct filter *focus = focus_filter(call);
	bool done = call->error->n == 0;
	struct summary *s;

	if (focus != NULL)
		call->scan->filter = focus;
	if (done && (done = tool_scan(call, requests, 2))) {
		s = requests[1].state;
		summary_read(s, requests[0].state);
		tool_begin(call, false);
		file_report(call);
		scan_quality_report(call->scan, call->json);
		summary_report(s, call->json);
		if (focus != NULL && call->scan->matched == 0)
			focus_absent(call);
		next_calls(call, requests[0].state, &s->flows);
	}
	filter_free(focus);
	return done;
}

const struct tool tool_summarize_capture = {
	.name = "summarize_capture",
	.module = "flows",
	.title = "Summarize a capture",
	.help = "START HERE: what a capture holds, under 10 KB: quality, "
	    "protocol shares, busiest hosts with names, services, largest "
	    "flows, outliers, ready next calls. With focus: one address or "
	    "network.",
	.params = params,
	.output = "file file_type file_size_bytes interfaces encapsulation "
	    "total_packets packets_in_focus total_bytes first_time last_time "
	    "duration_seconds quality protocols protocol_paths_total "
	    "not_decoded hosts_total hosts_note busiest_hosts services flows_total "
	    "largest_flows outliers message next_calls",
	.run = run,
};
