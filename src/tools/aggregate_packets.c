#include "analysis/aggregate.h"
#include "tools/absence.h"

#define BUCKET_MIN 1e-6
#define BUCKET_MAX 1e8

static const struct param params[] = {
	PARAM_ROW_CAPTURE,
	{ .name = "group_by", .type = PARAM_LIST,
	    .help = "Fields (list_fields), or source destination protocol" },
	{ .name = "metrics", .type = PARAM_LIST, .initial = "count,bytes",
	    .help = "count, bytes, or count sum min max avg p50 p95 distinct "
		"first last of a field: avg(tcp.len)" },
	PARAM_ROW_FILTER,
	{ .name = "bucket_seconds", .type = PARAM_NUMBER, .min = BUCKET_MIN,
	    .max = BUCKET_MAX, .help = "A row for each so many seconds" },
	{ .name = "top", .type = PARAM_UINT, .max = 100000, .initial = "50",
	    .help = "Rows at most" },
	{ .name = "sort", .type = PARAM_TEXT,
	    .help = "A metric, time or group; then asc or desc" },
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

/* Rows of the fields of both, for the scan; NULL: no memory or none. */
static struct field_wants *
wants_join(const struct aggregate_options *o)
{
	struct field_wants *w = field_wants_new();
	const struct field_wants *of[] = { o->group->wants,
		o->metrics->fields.wants };
	const struct field_table *t;

	for (size_t i = 0; w != NULL && (t = field_table_at(i)) != NULL; i++)
		for (size_t k = 0; k < t->n; k++)
			for (size_t s = 0; s < LENGTH(of); s++)
				if (of[s] != NULL &&
				    field_wants_has(of[s], &t->rows[k]))
					field_wants_add(w, &t->rows[k]);
	return w;
}

static bool
options_read(struct tool_call *call, struct aggregate_options *o,
    struct aggregate_sort *sort)
{
	const struct arg *group = args_get(call->args, "group_by");
	const struct arg *metrics = args_get(call->args, "metrics");
	const struct arg *bucket = args_get(call->args, "bucket_seconds");
	const struct arg *by = args_get(call->args, "sort");

	if (bucket->given)
		o->bucket = (int64_t)(bucket->real * 1e9 + 0.5);
	if (group->n > AGGREGATE_FIELDS_MAX) {
		buf_printf(call->error, "group_by: at most %d fields",
		    AGGREGATE_FIELDS_MAX);
		return false;
	}
	return columns_read(o->group, group->list, group->n, call->error) &&
	    metrics_read(o->metrics, metrics->list, metrics->n,
	    call->error) && aggregate_sort_read(o, by->given ? by->text :
	    span_empty(), sort, call->error);
}

static bool
report(struct tool_call *call, struct aggregate *a,
    const struct aggregate_sort *sort)
{
	struct json *j = call->json;

	tool_begin(call, false);
	json_uint(j, "total_packets", call->scan->packets);
	json_uint(j, "packets_matched", call->scan->matched);
	if (call->scan->matched == 0)
		absence_report(call, j);
	else if (a->groups.n == 0)
		json_text(j, "message", "No matching packet has a value for "
		    "group_by");
	if (!aggregate_report(a, sort, call->rows, j)) {
		buf_text(call->error, "not enough memory (--max-memory) to "
		    "sort the groups; narrow them down with a filter");
		return false;
	}
	rows_counts(call->rows, j, call->seal);
	scan_quality_report(call->scan, j);
	return true;
}

static bool
run(struct tool_call *call)
{
	struct columns group;
	struct metrics metrics;
	struct aggregate_options options = { .group = &group,
		.metrics = &metrics };
	struct aggregate_sort sort;
	struct scan_request request = { .options = &options };
	struct field_wants *wants = NULL;
	bool done = false;

	if (call->rows->format == ROWS_TSV) {
		buf_text(call->error, "no tsv of aggregate_packets; use "
		    "--format ndjson");
		return false;
	}
	memset(&group, 0, sizeof(group));
	memset(&metrics, 0, sizeof(metrics));
	if (options_read(call, &options, &sort)) {
		wants = wants_join(&options);
		request.fields = wants;
		request.analyzer = aggregate_analyzer(&group);
		done = tool_scan(call, &request, 1) &&
		    report(call, request.state, &sort);
		if (request.state != NULL)
			aggregate_free(request.state);
	}
	field_wants_free(wants);
	columns_free(&group);
	metrics_free(&metrics);
	return done;
}

const struct tool tool_aggregate_packets = {
	.name = "aggregate_packets",
	.module = "packets",
	.title = "Count and sum packets",
	.help = "Tables and totals: packets grouped by any fields or time, with "
	    "count, bytes, sum, avg, percentiles, distinct. Top talkers: "
	    "group_by ip.src; hierarchy: frame.protocols; over time: "
	    "bucket_seconds.",
	.params = params,
	.output = "file total_packets packets_matched message columns "
	    "packets_in_several_rows packets_without_group "
	    "packets_without_time rows matched returned truncated "
	    "next_cursor quality",
	.run = run,
};
