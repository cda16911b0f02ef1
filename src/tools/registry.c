#include "tools/registry.h"

#include "base/text.h"

/* Adding a tool is its file and a line here and below. */
extern const struct tool tool_analyze_capinfos;
extern const struct tool tool_analyze_dns_packets;
extern const struct tool tool_analyze_dhcp_packets;
extern const struct tool tool_list_packets;
extern const struct tool tool_get_packet;
extern const struct tool tool_list_fields;
extern const struct tool tool_aggregate_packets;
extern const struct tool tool_analyze_icmp_packets;
extern const struct tool tool_summarize_capture;
extern const struct tool tool_search_payload;
extern const struct tool tool_follow_stream;
extern const struct tool tool_list_flows;
extern const struct tool tool_analyze_traffic_flow;
extern const struct tool tool_analyze_tcp_retransmissions;
extern const struct tool tool_analyze_tcp_anomalies;
extern const struct tool tool_analyze_tcp_connections;
extern const struct tool tool_analyze_sip_packets;

const struct tool *const tools[] = {
	&tool_analyze_capinfos,
	&tool_analyze_dns_packets,
	&tool_analyze_dhcp_packets,
	&tool_analyze_sip_packets,
	&tool_analyze_tcp_connections,
	&tool_analyze_tcp_anomalies,
	&tool_analyze_tcp_retransmissions,
	&tool_analyze_traffic_flow,
	&tool_list_flows,
	&tool_follow_stream,
	&tool_search_payload,
	&tool_summarize_capture,
	&tool_list_packets,
	&tool_get_packet,
	&tool_list_fields,
	&tool_aggregate_packets,
	&tool_analyze_icmp_packets,
};
const size_t tool_count = LENGTH(tools);

const struct tool *
tool_find(struct span name)
{
	for (size_t i = 0; i < tool_count; i++)
		if (span_is(name, tools[i]->name))
			return tools[i];
	return NULL;
}

size_t
tool_nearest(struct span name, const char **near, size_t max)
{
	const char *names[LENGTH(tools)];

	for (size_t i = 0; i < tool_count; i++)
		names[i] = tools[i]->name;
	return text_nearest(name, names, tool_count, near, max);
}

/* Is tools[i] the first one of its module? */
static bool
begins_module(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(tools[k]->module, tools[i]->module) == 0)
			return false;
	return true;
}

/* The i-th module's name, in the order of the tools, or NULL. */
static const char *
module_name(size_t i)
{
	for (size_t k = 0; k < tool_count; k++)
		if (begins_module(k) && i-- == 0)
			return tools[k]->module;
	return NULL;
}

static uint64_t
module_tools(struct span name)
{
	uint64_t on = 0;

	for (size_t i = 0; i < tool_count; i++)
		if (span_is_nocase(name, tools[i]->module))
			on |= UINT64_C(1) << i;
	return on;
}

bool
modules_read(struct span list, uint64_t *on, struct buf *error)
{
	const char *name;

	*on = 0;
	while (list.n > 0) {
		size_t comma = span_find_byte(list, ',');
		struct span word = span_trim(span_first(list, comma));
		uint64_t of_word = module_tools(word);

		list = span_after(list, comma + 1);
		*on |= of_word;
		if (of_word != 0 || word.n == 0)
			continue;
		buf_text(error, "unknown module \"");
		text_escape(error, word, 60);
		buf_text(error, "\"; there are");
		for (size_t i = 0; (name = module_name(i)) != NULL; i++)
			buf_printf(error, "%s %s", i == 0 ? "" : ",", name);
		return false;
	}
	if (*on == 0)
		buf_text(error, "no module is given, for example dns,tcp");
	return *on != 0;
}
