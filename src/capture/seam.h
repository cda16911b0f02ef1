#ifndef CAPTURE_SEAM_H
#define CAPTURE_SEAM_H

#include "capture/capture.h"

/*
 * A plain pcap file read by two: one from the beginning up to a seam, the
 * other from the seam to the end, each with a capture of its own.  Records
 * name no place to begin at, so the seam is a guess: where the one in front
 * does not arrive at it exactly, it reads on to the end and the other's work
 * is void.
 */
bool capture_splits(const struct capture *c);
/* Goes on at what looks like a record behind so many hundredths of the file,
 * numbering from 1.  The offset of the seam; 0: none found. */
uint64_t capture_seam(struct capture *c, unsigned hundredths);
/* Reading ends at `offset` if a record begins there; 0: at the end. */
void capture_stop_at(struct capture *c, uint64_t offset);
/* That has happened. */
bool capture_stopped(const struct capture *c);

/* What the reader behind the seam found out of the file. */
struct capture_rest {
	uint64_t end; /* bytes of the file */
	uint64_t records, bad_records, packets, bytes;
	struct timestamp first, last;
};

/* False: it did not come to a clean end, where all is known. */
bool capture_rest(const struct capture *c, struct capture_rest *rest);
/* To a capture that stopped: as if it had read the rest itself. */
void capture_append(struct capture *c, const struct capture_rest *rest);

#endif
