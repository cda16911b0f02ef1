#include "analysis/flow_rows.h"
#include "tools/tool.h"

static const char *const groups[] = { "none", "host", "service", NULL };

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	PARAM_ROW_FILTER,
	{ .name = "sort_by", .type = PARAM_TEXT, .initial = "start",
	    .help = "A column, or bytes, packets; the largest first" },
	{ .name = "group", .type = PARAM_ENUM, .choices = groups,
	    .initial = "none", .help = "One row a host or service instead" },
	PARAM_ROW_LIMIT,
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

static bool
view_read(struct tool_call *call, struct flow_view *view)
{
	struct span word = args_get(call->args, "sort_by")->text;

	view->seal = call->seal;
	view->group = arg_choice(args_get(call->args, "group"));
	if (view->group == FLOW_GROUP_NONE ?
	    flow_sort_find(word, &view->sort) :
	    group_sort_find(word, &view->group_sort))
		return true;
	buf_text(call->error, "sort_by: no such column; for example ");
	buf_text(call->error, view->group == FLOW_GROUP_NONE ?
	    "start, bytes, packets, duration, rtt, retransmissions, client, "
	    "server, app; or any other name in \"columns\"" : "bytes, key, "
	    "flows, clients, packets, bytes_out, bytes_in, first_frame, "
	    "last_frame");
	return false;
}

static void
nothing(const struct tool_call *call, const struct flow_list *s)
{
	json_text(call->json, "message", call->scan->filter != NULL ?
	    "No flow has a packet that matches the filter" :
	    "No TCP, UDP, SCTP or ICMP flow found in this capture");
	json_object(call->json, "searched");
	json_uint(call->json, "packets", call->scan->packets);
	json_uint(call->json, "packets_matched", call->scan->matched);
	json_uint(call->json, "packets_without_flow", s->no_flow);
	json_end(call->json);
}

static bool
run(struct tool_call *call)
{
	struct scan_request request = { .analyzer = &analyzer_flow_list };
	struct flow_view view = { .seal = 0 };
	struct flow_list *s;
	bool done;

	if (!view_read(call, &view))
		return false;
	if (!tool_scan(call, &request, 1))
		return false;
	s = request.state;
	tool_begin(call, false);
	json_uint(call->json, "total_packets", call->scan->packets);
	scan_quality_report(call->scan, call->json);
	done = flow_list_report(s, &view, call->json, call->rows);
	if (done && call->rows->matched == 0)
		nothing(call, s);
	if (!done)
		buf_text(call->error, "Not enough memory to sort the flows; "
		    "narrow them down with a filter");
	return done;
}

const struct tool tool_list_flows = {
	.name = "list_flows",
	.module = "flows",
	.title = "List flows",
	.help = "TCP, UDP, SCTP and ICMP flows: endpoints, state, application, names, "
	    "packets and bytes each way, duration, round trip, "
	    "retransmissions, Community ID, selecting filter; or totals by "
	    "host or service. Next: follow_stream.",
	.params = params,
	.output = "file total_packets quality flows_total "
	    "packets_without_flow columns flows groups matched returned "
	    "truncated next_cursor message searched",
	.run = run,
};
