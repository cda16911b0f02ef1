#ifndef WORKER_CHILD_H
#define WORKER_CHILD_H

#include "worker/shared.h"
#include "worker/worker.h"

/*
 * The pipe's frames: a byte of kind, four bytes of length in the machine's
 * order, at most WORKER_FRAME bytes.
 */
#define WORKER_HEADER 5
#define WORKER_FRAME 65536

/* How it ends when the pipe could not even tell WORKER_FRAME_UNSAFE. */
#define WORKER_EXIT_UNSAFE 77

enum worker_frame {
	WORKER_FRAME_PROGRESS = 1, /* two uint64_t: done, total */
	WORKER_FRAME_CHUNK,
	WORKER_FRAME_END,
	WORKER_FRAME_ERROR,
	WORKER_FRAME_UNSAFE,
	WORKER_FRAME_SHARED,       /* uint32_t: bytes in the next slot */
};

/* Everything after fork() in the child; never comes back. */
_Noreturn void child_run(const struct worker_job *job, int pipe_fd,
    struct worker_shared *shared, pid_t parent);

#endif
