#ifndef ANALYSIS_LATENCY_H
#define ANALYSIS_LATENCY_H

#include "base/json.h"

/*
 * Times of answers.  The first LATENCY_EXACT are kept and percentiles exact;
 * beyond them values are counted in bins whose width is at most a sixteenth
 * of their value, and percentiles are right within LATENCY_ERROR per cent.
 * Least and greatest are always exact.
 */
#define LATENCY_BINS 1024
#define LATENCY_EXACT 512
#define LATENCY_ERROR 4

struct latency {
	uint64_t n;
	int64_t sum, least, greatest; /* ns */
	uint64_t negative;            /* answers before their question */
	uint32_t bins[LATENCY_BINS];
	int64_t kept[LATENCY_EXACT];
};

void latency_add(struct latency *l, int64_t ns);
/* The least value that `percent` of all are not above; 0 when there are
 * none. */
int64_t latency_percentile(const struct latency *l, unsigned percent);
/* {count min mean median p95 p99 max}, the times in ms, and how many answers
 * stand before their question and are in none of these. */
void latency_report(const struct latency *l, struct json *j, const char *name);

#endif
