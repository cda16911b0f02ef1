#ifndef CAPTURE_SEAM_H
#define CAPTURE_SEAM_H

#include "capture/capture.h"

/*
 * A plain pcap file read in parts, by several, each with a capture of its own.
 * Records name no place to begin at, so the seam between two parts is a guess:
 * where the part before does not end at it exactly, what was read behind it is
 * void.
 */
bool capture_splits(const struct capture *c);
/*
 * Goes on at `from`, or with a guess at what looks like a record there or
 * behind, up to the first record at `to` or behind it (0: to the end of the
 * file); numbers and counts begin anew.  False: nothing looks like a record.
 */
bool capture_part(struct capture *c, uint64_t from, bool guess, uint64_t to);
/* The first record behind the part has been reached. */
bool capture_stopped(const struct capture *c);

/* What was found out of the file in a part, or in several. */
struct capture_rest {
	uint64_t end; /* offset of what follows */
	uint64_t records, bad_records, packets, bytes;
	struct timestamp first, last;
};

/* False: it did not come to a clean end, where all is known. */
bool capture_rest(const struct capture *c, struct capture_rest *rest);
/* Adds the part that follows. */
void capture_rest_add(struct capture_rest *sum,
    const struct capture_rest *part);
/* Goes on behind these parts as if it had read them all itself. */
void capture_resume(struct capture *c, const struct capture_rest *sum);

#endif
