#ifndef WORKER_CHILD_H
#define WORKER_CHILD_H

#include <semaphore.h>

#include "worker/worker.h"

/*
 * The pipe's frames: a byte of kind, four bytes of length in the machine's
 * order, at most WORKER_FRAME bytes.
 */
#define WORKER_HEADER 5
#define WORKER_FRAME 65536

enum worker_frame {
	WORKER_FRAME_PROGRESS = 1, /* two uint64_t: done, total */
	WORKER_FRAME_CHUNK,
	WORKER_FRAME_END,
	WORKER_FRAME_ERROR,
	WORKER_FRAME_UNSAFE,
	WORKER_FRAME_SHARED,       /* uint32_t: bytes in the next slot */
};

/*
 * Where rows stream, a chunk does not go through the pipe but through memory
 * that both have, slot after slot; the pipe says how much there is.  The
 * worker may be an enemy: the parent believes nothing in there, neither that
 * it stays as it is nor the semaphore, on which it never waits.
 */
#define WORKER_SLOTS 4
#define WORKER_SLOT 262144 /* rows leave in somewhat less */

struct worker_shared {
	sem_t free; /* slots */
	uint8_t slots[WORKER_SLOTS][WORKER_SLOT];
};

/* Everything after fork() in the child; never comes back. */
_Noreturn void child_run(const struct worker_job *job, int pipe_fd,
    struct worker_shared *shared, pid_t parent);

#endif
