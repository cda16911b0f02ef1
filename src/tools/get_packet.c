#include "analysis/packet_detail.h"
#include "tools/absence.h"

#define ANSWER_REST 1500 /* bytes of the answer beside the trees */

static const char *const forms[] = { "none", "hex", NULL };

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	{ .name = "frame", .type = PARAM_UINT, .min = 1, .required = true,
	    .help = "Frame number" },
	{ .name = "layers", .type = PARAM_LIST,
	    .help = "Only these protocols, e.g. ip,tcp,dns" },
	{ .name = "bytes", .type = PARAM_ENUM, .choices = forms,
	    .initial = "none", .help = "The bytes too, in hex" },
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

/* Protocols asked for that this program has no fields of. */
static bool
get_layers(const struct tool_call *call, const struct arg *layers)
{
	for (size_t i = 0; i < layers->n; i++) {
		const struct field *f = field_find(layers->list[i], 0);

		if (f != NULL && f->type == FIELD_PROTOCOL)
			continue;
		buf_printf(call->error, "layers: entry %zu is no protocol; "
		    "give names such as ip, tcp or dns (list_fields has "
		    "them all)", i + 1);
		return false;
	}
	return true;
}

static bool
get_run(struct tool_call *call)
{
	const struct arg *layers = args_get(call->args, "layers");
	const struct arg *bytes = args_get(call->args, "bytes");
	uint64_t frame = args_get(call->args, "frame")->number;
	struct field_wants *rows = detail_frame_rows();
	struct packet_detail_options options = {
		.frame = frame,
		.layers = layers->list,
		.n_layers = layers->n,
		.hex = span_is(bytes->text, "hex"),
	};
	struct scan_request requests[] = {
		{ .analyzer = &analyzer_packet_detail, .options = &options,
		    .all_fields = true, .first_frame = frame,
		    .last_frame = frame },
		{ .analyzer = &analyzer_packet_partners, .fields = rows,
		    .first_frame = frame,
		    .last_frame = frame + DETAIL_AHEAD },
	};
	struct packet_detail *detail;
	bool done = false;

	requests[1].options = &requests[0];
	options.max_bytes = call->rows->max_bytes;
	if (options.max_bytes > 2 * ANSWER_REST)
		options.max_bytes -= ANSWER_REST;
	else
		options.max_bytes /= 2;
	if (rows == NULL)
		buf_text(call->error, "out of memory");
	else if (get_layers(call, layers) &&
	    tool_scan(call, requests, LENGTH(requests))) {
		detail = requests[0].state;
		done = detail->found;
		if (!done)
			absence_of_frame(call, frame);
		if (done && detail->text.full) {
			buf_text(call->error, "the packet is too large to be "
			    "shown in full; name some layers");
			done = false;
		}
		if (done) {
			tool_begin(call, false);
			packet_detail_report(detail, call->json);
			scan_quality_report(call->scan, call->json);
		}
		packet_detail_free(detail);
	}
	field_wants_free(rows);
	return done;
}

const struct tool tool_get_packet = {
	.name = "get_packet",
	.module = "packets",
	.title = "Decode one packet",
	.help = "One frame in full: layers as a tree of [field, value, label, "
	    "children], stream, hex if wanted, partner frames (response, "
	    "request, retransmission). Many packets: list_packets; stream "
	    "content: follow_stream.",
	.params = params,
	.output = "file packet partners quality",
	.run = get_run,
};
