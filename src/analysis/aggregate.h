#ifndef ANALYSIS_AGGREGATE_H
#define ANALYSIS_AGGREGATE_H

#include "analysis/analyzer.h"
#include "analysis/metric.h"
#include "analysis/rows.h"

/*
 * Packets counted by the values of fields and by time.  A packet with
 * several values of a field (ip.addr, dns.qry.name) counts once for each
 * combination of different values; one without a value for some field of the
 * group counts nowhere and is told.
 */
#define AGGREGATE_GROUPS_MAX 1000000
#define AGGREGATE_FIELDS_MAX 8
#define AGGREGATE_VALUES 16        /* of one field in one packet */
#define AGGREGATE_COMBINATIONS 64  /* of one packet */

struct aggregate_options {
	struct columns *group;     /* n 0: one row for everything */
	struct metrics *metrics;
	int64_t bucket;            /* ns; 0: no time buckets */
};

struct aggregate {
	struct scan *scan;
	struct aggregate_options o;
	struct table groups;
	uint64_t no_value;   /* packets that have no value for the group */
	uint64_t no_time;
	uint64_t several;    /* packets that count in more than one row */
	uint64_t cut_short;  /* packets with more combinations than counted */
	struct buf key, cell;
};

/* The analyser that decodes no more than the group needs. */
const struct analyzer *aggregate_analyzer(const struct columns *group);

/* How the rows are sorted: by time or group value (SIZE_MAX), or by metric
 * `metric`; the largest first when `descending`. */
struct aggregate_sort {
	size_t metric;
	bool descending;
};

/* False: *error lists what can be sorted by. */
bool aggregate_sort_read(const struct aggregate_options *o, struct span text,
    struct aggregate_sort *sort, struct buf *error);
/* "columns" and "rows" through `rows`, and what was left out.  False: no
 * memory. */
bool aggregate_report(struct aggregate *a, const struct aggregate_sort *sort,
    struct rows *rows, struct json *j);
void aggregate_free(struct aggregate *a);

#endif
