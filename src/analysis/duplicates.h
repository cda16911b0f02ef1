#ifndef ANALYSIS_DUPLICATES_H
#define ANALYSIS_DUPLICATES_H

#include "analysis/analyzer.h"

/*
 * Frames that repeat one of the few before them byte for byte (as
 * `editcap -d` finds them): a mirror port that sees both sides, or a capture
 * on two interfaces.
 */
#define DUPLICATES_WINDOW 5
#define DUPLICATES_SHOWN 10

struct duplicates {
	struct scan *scan;
	uint64_t hashes[DUPLICATES_WINDOW];
	uint64_t seen;
	uint64_t count;
	uint64_t frames[DUPLICATES_SHOWN]; /* the first of them */
};

/* Its state is a struct duplicates; wants the records alone. */
extern const struct analyzer analyzer_duplicates;

/* {"count":..., "window_frames":..., "frames":[...]} */
void duplicates_report(const struct duplicates *d, struct json *j,
    const char *name);

#endif
