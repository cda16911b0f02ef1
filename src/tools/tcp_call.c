#include "tools/tcp_call.h"

struct tcp_state *
tcp_call_scan(struct tool_call *call, struct tcp_options *options)
{
	struct scan_request request = { .analyzer = &analyzer_tcp,
		.options = options };
	const struct arg *server = args_get(call->args, "server_ip");
	const struct arg *port = args_find(call->args, "server_port");

	memset(options, 0, sizeof(*options));
	options->max_packets = call->max_packets;
	if (server->given) {
		options->has_server = true;
		options->server = server->addr;
	}
	if (port != NULL && port->given) {
		options->has_port = true;
		options->port = (uint16_t)port->number;
	}
	if (!tool_scan(call, &request, 1))
		return NULL;
	tool_begin(call, true);
	if (call->scan->stop)
		json_textf(call->json, "note", "Reading stopped at frame %llu, "
		    "behind the first %llu TCP packets (--max-packets)",
		    (unsigned long long)call->scan->packets,
		    (unsigned long long)call->max_packets);
	return request.state;
}

void
tcp_call_none(struct tool_call *call, const struct tcp_state *s)
{
	struct json *j = call->json;

	if (s->all > 0)
		json_text(j, "message", "No TCP packets of this server "
		    "found in this capture");
	else
		json_text(j, "message",
		    "No TCP packets found in this capture");
	tcp_filter_report(s, j);
	json_object(j, "searched");
	json_uint(j, "packets", call->scan->matched);
	json_uint(j, "tcp_packets", s->all);
	json_end(j);
}

bool
tcp_call_end(struct tool_call *call, struct tcp_state *s)
{
	if (s->untracked > 0)
		json_uint(call->json, "packets_beyond_flow_cap",
		    s->untracked);
	scan_quality_report(call->scan, call->json);
	return true;
}
