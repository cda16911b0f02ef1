#ifndef ANALYSIS_LATENCY_H
#define ANALYSIS_LATENCY_H

#include "base/json.h"

/*
 * Times of answers, counted in bins whose width is a sixteenth of their
 * value: percentiles are right within 6 %, least and greatest exactly.
 */
#define LATENCY_BINS 1024

struct latency {
	uint64_t n;
	int64_t sum, least, greatest; /* ns */
	uint64_t negative;            /* answers before their question */
	uint32_t bins[LATENCY_BINS];
};

void latency_add(struct latency *l, int64_t nanoseconds);
/* The value that `percent` of all are not above; 0 when there are none. */
int64_t latency_percentile(const struct latency *l, unsigned percent);
/* {count min mean median p95 p99 max}, the times in ms. */
void latency_report(const struct latency *l, struct json *j, const char *name);

#endif
