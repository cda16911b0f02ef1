#ifndef ANALYSIS_AHEAD_H
#define ANALYSIS_AHEAD_H

#include <semaphore.h>

#include "analysis/pass.h"
#include "capture/seam.h"

/*
 * One pass by two threads.  The file is cut into pieces, and each thread takes
 * the next one that nobody reads.  Packets that leave no trace beyond counts,
 * whatever came before them, are counted by piece; the others are only copied.
 * Whoever asked takes over piece by piece in the order of the file: it adds
 * the counts and goes on with the copies as if it had just read them, so that
 * what depends on order is done in order, by one.  A piece that does not begin
 * where the one before it ended is read again.  The other thread, the
 * assistant, asks the same question, and gets no further than reading pieces.
 */
#define AHEAD_PIECES 8 /* read and not yet taken over, at most */

struct piece {
	_Atomic bool read;
	bool good;               /* to its end; else nothing of it holds */
	uint64_t begin;
	struct capture_rest rest;
	struct capture_quality quality;
	uint64_t packets, unheard; /* of those that are not copied */
	struct glance_count kinds[PLAIN_KINDS];
	struct buf copies;       /* struct record, then its bytes */
	uint8_t *states;         /* of the analysers, what they counted */
};

/* Begins with ahead_init(). */
struct ahead {
	sem_t room;              /* pieces may have been given back */
	sem_t more;              /* one has been read */
	uint64_t size;           /* bytes of a piece */
	/* Not all machines share 64 bits at once. */
	_Atomic uint32_t pieces; /* 0: not known yet */
	_Atomic uint32_t next;   /* which nobody reads */
	_Atomic uint32_t taken;  /* taken over */
	_Atomic bool over;       /* no more are wanted */
	struct piece piece[AHEAD_PIECES]; /* by number */
	/* For the curious. */
	uint32_t again;          /* pieces that were read again */
	uint32_t assisted;       /* that the assistant read */
	uint64_t copies;
};

bool ahead_init(struct ahead *a);
void ahead_free(struct ahead *a);
/* The assistant's part. */
void ahead_read(struct pass *ps, struct ahead *a);
/* Reads the capture in pieces, to its end or as far as that goes. */
void ahead_divide(struct pass *ps, struct ahead *a);

#endif
