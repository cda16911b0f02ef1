#ifndef ANALYSIS_METRIC_H
#define ANALYSIS_METRIC_H

#include "analysis/columns.h"
#include "base/table.h"

/*
 * What is worked out for each group of packets: count, bytes, and over the
 * values of a field count, sum, min, max, avg, p50, p95, distinct, first,
 * last.
 *
 * Percentiles come from counts by size classes, a 64th of a power of two
 * wide: off by at most 0.8 %, never outside of what was met, and integers
 * below 128 are exact.
 */
enum metric_kind {
	METRIC_COUNT,
	METRIC_BYTES,
	METRIC_VALUES, /* count(field) */
	METRIC_SUM,
	METRIC_MIN,
	METRIC_MAX,
	METRIC_AVG,
	METRIC_P50,
	METRIC_P95,
	METRIC_DISTINCT,
	METRIC_FIRST,
	METRIC_LAST,
};

#define METRICS_MAX 16
#define METRIC_TEXT 48 /* bytes of a first or last value that are kept */
#define METRIC_CLASSES_MAX 2000000
#define METRIC_DISTINCT_MAX 2000000

struct metric {
	enum metric_kind kind;
	struct span name;          /* as it was asked for */
	size_t column;             /* of `fields`; not for COUNT and BYTES */
	const struct field *field;
};

struct metrics {
	struct metric at[METRICS_MAX];
	size_t n;
	struct columns fields;
	struct table classes;  /* (group, metric, class): packets */
	struct table distinct; /* (group, metric, value) */
	uint64_t *order;       /* of classes, made for the report */
	size_t n_order;
};

/* The state of one metric of one group. */
struct metric_value {
	uint64_t n;
	int64_t sum;
	double real;     /* sum, min or max as a fraction */
	double least;    /* of percentiles, whose max is `real` */
	bool inexact;    /* `sum` overflowed: `real` has it */
	uint8_t text_n;
	char text[METRIC_TEXT];
};

/* Are its values numbers that can be added? */
bool metric_is_numeric(const struct field *f);
/* False: *error says what is wrong with the list.  Names: "count", "bytes",
 * "avg(tcp.len)". */
bool metrics_read(struct metrics *m, const struct span *names, size_t n,
    struct buf *error);
void metrics_free(struct metrics *m);

/* After columns_collect(&m->fields, p): adds the packet to a group. */
void metrics_add(struct metrics *m, struct metric_value *values,
    uint32_t group, const struct packet *p);
/* Before the first metric_write() and metric_order(): sorts the classes. */
bool metrics_finish(struct metrics *m);
void metric_write(const struct metrics *m, size_t i,
    const struct metric_value *value, uint32_t group, struct json *j,
    const char *name);
/* What rows are sorted by. */
double metric_weight(const struct metrics *m, size_t i,
    const struct metric_value *value, uint32_t group);

#endif
