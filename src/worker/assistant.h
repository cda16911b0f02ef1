#ifndef WORKER_ASSISTANT_H
#define WORKER_ASSISTANT_H

#include <pthread.h>
#include <semaphore.h>

#include "worker/worker.h"

/* A second thread of a worker.  It is there before limits and filters are
 * set, and puts on the same lock before it touches the capture. */
struct assistant {
	const struct worker_job *job;
	int input;
	bool there;
	bool locked;
	sem_t ready; /* its lock is on, or cannot be (then `locked` is not) */
	sem_t go;    /* that of the first thread, too */
	pthread_t thread;
};

/* `input` is a descriptor of its own.  False: there is none. */
bool assistant_start(struct assistant *a, const struct worker_job *job,
    int input);
/* Nothing is read of the capture before this is called. */
void assistant_go(struct assistant *a);

#endif
