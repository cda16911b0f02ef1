#ifndef WORKER_SHARED_H
#define WORKER_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Where rows stream, a chunk does not go through the pipe but through memory
 * that parent and worker both have, slot after slot; the pipe says how much
 * there is.  The worker may be an enemy: the parent believes nothing in
 * there, neither that it stays as it is nor the count, on which it never
 * waits.  No semaphore of libc: glibc ends the process whose semaphore is
 * spoilt, and that would be the parent.
 */
#define WORKER_SLOTS 4
#define WORKER_SLOT 262144 /* rows leave in somewhat less */

struct worker_shared {
	_Atomic uint32_t free; /* slots */
	uint8_t slots[WORKER_SLOTS][WORKER_SLOT];
};

/* NULL: then chunks go through the pipe. */
struct worker_shared *shared_new(void);
void shared_free(struct worker_shared *s);
/* The worker waits for a free slot; false: that cannot be. */
bool shared_take(struct worker_shared *s);
/* The parent has read one. */
void shared_give(struct worker_shared *s);

#endif
