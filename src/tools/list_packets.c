#include "analysis/packet_list.h"
#include "base/text.h"
#include "tools/absence.h"

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	PARAM_ROW_FILTER,
	{ .name = "fields", .type = PARAM_LIST,
	    .help = "Columns: field names (list_fields), or number time "
		"source destination protocol length info" },
	{ .name = "around", .type = PARAM_UINT, .min = 1,
	    .help = "Rows around this frame" },
	{ .name = "sample", .type = PARAM_UINT, .min = 1, .max = 1000,
	    .help = "Rows at most, spread evenly" },
	PARAM_ROW_LIMIT,
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ 0 },
};

static bool
list_columns(const struct tool_call *call, struct columns *c)
{
	const struct arg *names = args_get(call->args, "fields");

	if (names->given && names->n > 0)
		return columns_read(c, names->list, names->n, call->error);
	columns_default(c);
	return true;
}

static void
list_options(const struct tool_call *call, struct packet_list_options *o)
{
	const struct arg *around = args_get(call->args, "around");
	const struct arg *sample = args_get(call->args, "sample");

	if (sample->given)
		o->sample = sample->number;
	else if (around->given)
		o->around = around->number;
	o->before = call->rows->limit / 2;
}

static void
list_report(struct tool_call *call, const struct columns *c,
    const struct scan_request *request)
{
	struct json *j = call->json;
	const struct arg *around = args_get(call->args, "around");
	uint64_t last = capture_frames(call->scan->capture);
	uint64_t stride = request->state == NULL ? 0 :
	    packet_list_stride(request->state);

	columns_header(c, j, "columns");
	rows_report(call->rows, j, "rows");
	if (stride != 0)
		json_uint(j, "sample_stride", stride);
	if (around->given && around->number > last)
		json_textf(j, "note", "frame %llu is beyond the last, %llu",
		    (unsigned long long)around->number,
		    (unsigned long long)last);
	if (call->rows->matched == 0)
		absence_report(call, j);
	json_uint(j, "total_packets", call->scan->packets);
	rows_counts(call->rows, j, call->seal);
	scan_quality_report(call->scan, j);
}

/*
 * Rows are made of everything that a packet is; what is only counted needs no
 * more than the filter.  So a file is counted first, and read a second time, as
 * far as the rows go, where the first reading could not make them: it tracks
 * the flows of few.  Not worth it where all are wanted, or where reading is
 * what costs.
 */
static bool
counts_first(const struct tool_call *call,
    const struct packet_list_options *o)
{
	return o->sample == 0 && o->around == 0 &&
	    call->rows->limit != UINT64_MAX &&
	    capture_size(call->capture) > 0 &&
	    !capture_is_gzip(call->capture);
}

/* The second reading, of the packets that were chosen. */
static bool
list_shown(struct tool_call *call, struct scan_request *request,
    const struct packet_choice *choice)
{
	struct scan *counted = call->scan, shown;
	enum capture_error why;
	bool done;

	call->again = capture_again(call->capture, &why);
	if (call->again == NULL) {
		buf_text(call->error, capture_error_text(why));
		return false;
	}
	scan_init(&shown, call->again);
	shown.progress = counted->progress;
	shown.progress_context = counted->progress_context;
	shown.only = choice->frames;
	shown.n_only = choice->n;
	shown.only_ports = choice->ports;
	shown.stop_after = choice->frames[choice->n - 1];
	call->scan = &shown;
	done = tool_scan(call, request, 1);
	call->scan = counted;
	scan_join(counted, &shown);
	scan_free(&shown);
	request->state = NULL;
	return done;
}

/* Packets that may be tracked in the first reading at once, so that it makes the
 * rows, too. */
#define EARLY 256

/* Rows that the first reading may make. */
static bool
may_be_early(const struct tool_call *call, const struct scan_request *request)
{
	return request->fields == NULL && call->rows->limit > 0 &&
	    call->rows->max_bytes != 0;
}

/* Times since the packet shown before need one match more. */
static bool
list_counted(struct tool_call *call, struct scan_request *request)
{
	struct rows *r = call->rows;
	size_t head = r->buf.n;
	struct packet_choice_options options = {
		.first = r->skip == 0 ? 1 : r->skip,
		.n = r->limit + (r->skip != 0),
	};
	struct scan_request count[] = {
		{ .analyzer = &packet_chooser, .options = &options },
		{ .analyzer = &packet_list_early, .options = request->options },
	};
	const struct packet_choice *choice;
	bool early = may_be_early(call, request);

	call->scan->early = early ? EARLY : 0;
	if (!tool_scan(call, count, early ? 2 : 1))
		return false;
	choice = count[0].state;
	early = early && packet_list_whole(count[1].state);
	if (!early) {
		rows_restart(r, head);
		call->scan->caps = (struct scan_caps){ 0 };
	}
	if (!early && choice->matched > r->skip && r->limit > 0) {
		r->matched = options.first - 1;
		if (!list_shown(call, request, choice))
			return false;
	}
	rows_more(r, choice->matched);
	return true;
}

static bool
list_run(struct tool_call *call)
{
	struct columns columns;
	struct packet_list_options options = { .columns = &columns,
		.rows = call->rows };
	struct scan_request request = { .options = &options };
	struct buf *line;
	bool first, done = false;

	if (args_get(call->args, "around")->given &&
	    args_get(call->args, "sample")->given) {
		buf_text(call->error, "around and sample exclude each other: "
		    "give one of them, as {\"around\":42}");
		return false;
	}
	if (!list_columns(call, &columns)) {
		columns_free(&columns);
		return false;
	}
	list_options(call, &options);
	request.analyzer = packet_list_analyzer(&columns);
	request.fields = columns.wants;
	line = rows_head(call->rows);
	if (line != NULL) {
		columns_tsv_header(&columns, line);
		buf_byte(line, '\n');
	}
	first = counts_first(call, &options);
	if (first ? list_counted(call, &request) :
	    tool_scan(call, &request, 1)) {
		tool_begin(call, false);
		list_report(call, &columns, &request);
		done = true;
	}
	columns_free(&columns);
	return done;
}

const struct tool tool_list_packets = {
	.name = "list_packets",
	.module = "packets",
	.title = "List packets",
	.help = "Packets by display filter, one line each or any fields as "
	    "columns; around a frame, or evenly sampled; limit 0 counts. One "
	    "in full: get_packet; tables and totals: aggregate_packets.",
	.params = params,
	.output = "file columns rows sample_stride note message "
	    "total_packets matched returned truncated next_cursor quality",
	.run = list_run,
};
