#include "tools/listing_call.h"

#include <stdio.h>

const struct param listing_params[] = {
	PARAM_ROW_CAPTURE,
	PARAM_ROW_FILTER,
	PARAM_ROW_LIMIT,
	PARAM_ROW_CURSOR,
	PARAM_ROW_MAX_BYTES,
	{ .name = NULL },
};

/* "dns_packets_found" and the like. */
static void
count_report(struct json *j, const char *name, const char *what,
    uint64_t packets)
{
	char key[40];

	(void)snprintf(key, sizeof(key), "%s_packets_%s", name, what);
	json_uint(j, key, packets);
}

/* As people write it: DNS. */
static void
upper_case(char *text)
{
	for (; *text != '\0'; text++)
		*text = (char)(*text - 'a' + 'A');
}

/* What --max-packets left out is told, and limits the quality. */
static void
analyzed_report(const struct tool_call *call, const char *name,
    const struct listing *l)
{
	char protocol[16];

	count_report(call->json, name, "analyzed", l->analyzed);
	if (l->analyzed >= l->found)
		return;
	call->scan->not_analyzed = l->found - l->analyzed;
	(void)snprintf(protocol, sizeof(protocol), "%s", name);
	upper_case(protocol);
	json_textf(call->json, "note", "Only the first %llu %s packets were "
	    "analysed (--max-packets)", (unsigned long long)l->analyzed,
	    protocol);
}

bool
listing_call_run(struct tool_call *call, const struct listing_call *l)
{
	const struct listing options = { .rows = call->rows,
		.max_packets = call->max_packets };
	struct scan_request request = { .analyzer = l->analyzer,
		.options = &options };
	const struct listing *listing;
	struct json *j = call->json;
	bool some;

	if (!tool_scan(call, &request, 1))
		return false;
	listing = request.state;
	some = listing->found > 0;
	tool_begin(call, some && l->timed);
	json_uint(j, l->total, call->scan->packets);
	count_report(j, l->name, "found", listing->found);
	if (some) {
		analyzed_report(call, l->name, listing);
		l->statistics(request.state, j,
		    rows_statistics_bytes(call->rows));
	} else {
		l->none(call, request.state);
	}
	scan_quality_report(call->scan, j);
	if (some) {
		rows_report(call->rows, j, "packets");
		rows_counts(call->rows, j, call->seal);
	}
	return true;
}
