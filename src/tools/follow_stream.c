#include "analysis/follow.h"
#include "tools/absence.h"

#define TCP 6
#define UDP 17

static const char *const protocols[] = { "tcp", "udp", NULL };
static const char *const directions[] = { "both", "client", "server", NULL };
static const char *const views[] = { "text", "hex", NULL };

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	{ .name = "stream", .type = PARAM_UINT, .max = UINT32_MAX - 1,
	    .help = "Stream number (list_flows)" },
	{ .name = "frame", .type = PARAM_UINT, .min = 1,
	    .help = "Or a frame of the stream" },
	{ .name = "protocol", .type = PARAM_ENUM, .choices = protocols,
	    .initial = "tcp", .help = "What the stream number counts" },
	{ .name = "direction", .type = PARAM_ENUM, .choices = directions,
	    .initial = "both", .help = "Whose bytes" },
	{ .name = "view", .type = PARAM_ENUM, .choices = views,
	    .initial = "text", .help = "Escaped text or hex" },
	{ .name = "offset", .type = PARAM_UINT, .initial = "0",
	    .help = "First byte to show" },
	{ .name = "length", .type = PARAM_UINT, .min = 1,
	    .initial = "4000", .help = "Bytes at most" },
	{ .name = "search", .type = PARAM_TEXT,
	    .help = "Start at this text instead" },
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

/* A first pass up to the frame, then the capture is read again. */
static bool
stream_of_frame(struct tool_call *call, uint64_t frame,
    struct follow_options *o)
{
	struct scan_request request = { .analyzer = &analyzer_frame_stream,
		.options = &frame };
	struct frame_stream found;

	if (!tool_scan(call, &request, 1))
		return false;
	found = *(struct frame_stream *)request.state;
	if (!found.met) {
		absence_of_frame(call, frame);
		return false;
	}
	if (found.protocol != TCP && found.protocol != UDP) {
		buf_printf(call->error, "frame %llu belongs to no TCP or UDP "
		    "stream; get_packet shows what it is",
		    (unsigned long long)frame);
		return false;
	}
	o->protocol = found.protocol;
	o->stream = found.stream;
	return tool_again(call);
}

static bool
options_read(struct tool_call *call, struct follow_options *o)
{
	const struct arg *stream = args_get(call->args, "stream");
	const struct arg *frame = args_get(call->args, "frame");
	const struct arg *search = args_get(call->args, "search");

	memset(o, 0, sizeof(*o));
	o->rows = call->rows;
	o->protocol = arg_choice(args_get(call->args, "protocol")) == 0 ?
	    TCP : UDP;
	o->direction = arg_choice(args_get(call->args, "direction"));
	o->hex = arg_choice(args_get(call->args, "view")) == 1;
	o->offset = args_get(call->args, "offset")->number;
	o->length = args_get(call->args, "length")->number;
	if (args_get(call->args, "length")->defaulted &&
	    call->rows->max_bytes == 0)
		o->length = UINT64_MAX;
	o->search = search->given ? search->text : span_empty();
	if (o->search.n > FOLLOW_SEARCH_MAX) {
		buf_printf(call->error, "search: at most %u bytes; use "
		    "search_payload for patterns", FOLLOW_SEARCH_MAX);
		return false;
	}
	if (stream->given == frame->given) {
		buf_text(call->error, "give either stream or frame, for "
		    "example stream=0; list_flows shows the numbers");
		return false;
	}
	o->stream = (uint32_t)stream->number;
	return stream->given || stream_of_frame(call, frame->number, o);
}

static bool
run(struct tool_call *call)
{
	struct scan_request request = { .analyzer = &analyzer_follow };
	struct follow_options options;
	struct follow *f;
	size_t n;

	if (!options_read(call, &options))
		return false;
	request.options = &options;
	if (!tool_scan(call, &request, 1))
		return false;
	f = request.state;
	n = flow_count(call->scan->flows, options.protocol);
	if (f->flow == NULL) {
		buf_printf(call->error,
		    flow_counts(call->scan->flows)->refused > 0
		    ? "%s stream %u is not among the %zu that there was room "
		      "for (--max-memory)"
		    : "there is no %s stream %u: the capture has %zu of them, "
		      "numbered from 0",
		    options.protocol == TCP ? "TCP" : "UDP",
		    (unsigned)options.stream, n);
		return false;
	}
	tool_begin(call, false);
	scan_quality_report(call->scan, call->json);
	follow_report(f, call->json);
	return true;
}

const struct tool tool_follow_stream = {
	.name = "follow_stream",
	.module = "flows",
	.title = "Follow a stream",
	.help = "Reassembled bytes of one TCP or UDP stream as text or hex, each "
	    "piece with its frame, gaps marked; from an offset or a text. "
	    "Find it with list_flows; across streams: search_payload.",
	.params = params,
	.output = "file quality protocol stream client server client_bytes "
	    "server_bytes first_frame last_frame complete incomplete_because "
	    "view found found_at found_frame total_length pieces returned "
	    "truncated next_offset message",
	.run = run,
};
