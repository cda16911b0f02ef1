#ifndef ANALYSIS_AHEAD_H
#define ANALYSIS_AHEAD_H

#include "analysis/pass.h"
#include "capture/seam.h"

/*
 * One pass by two threads.  An assistant reads the capture from a seam to the
 * end.  Packets that leave no trace beyond counts, whatever came before them,
 * it counts; the others it only copies.  Whoever asked reads up to the seam,
 * adds the counts, and goes on with the copies as if they were the rest of
 * the file: what depends on order is done in order, by one.  The assistant
 * asks the same question, and gets no further than its part of the pass.
 */
struct ahead {
	/* Waits for the assistant's end; false: it never began. */
	bool (*wait)(void *context);
	void *context;
	uint64_t seam;          /* once it is known; 0: none */
	_Atomic bool known;     /* not all machines share 64 bits at once */

	/* By the assistant; good when it ended so. */
	bool good;
	struct capture_rest rest;
	struct scan counts;     /* of what was not copied */
	uint64_t unheard;       /* of these */
	struct buf copies;      /* struct record, then its bytes */
	void **states;          /* of the analysers */
	size_t n;

	/* By the reader up to the seam. */
	bool looked;
	uint64_t behind; /* records before the seam */
	size_t taken;    /* of the copies */
};

/* The assistant's part. */
void ahead_read(struct pass *ps, struct ahead *a);
/* Says that the capture stops at the seam, as soon as that is known. */
void ahead_look(struct pass *ps, struct ahead *a);
/* At the seam: takes over what the assistant found; false: read on. */
bool ahead_join(struct pass *ps, struct ahead *a);
/* The next records from the copies, at most `max`; 0: no more. */
size_t ahead_copies(struct pass *ps, struct ahead *a, size_t max);
void ahead_free(struct ahead *a);

#endif
