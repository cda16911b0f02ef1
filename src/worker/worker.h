#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include <sys/types.h>

#include "base/buf.h"
#include "worker/sandbox.h"

/*
 * One analysis in its own, locked-down process.  The parent hands over an
 * opened capture and reads length-framed messages from a pipe; whatever the
 * child does (crash, loop, eat memory, talk nonsense, fall silent), it ends
 * as an outcome here and never as the end of the parent.
 */
struct worker_out; /* the child's end of the pipe */

struct worker_job {
	int input;           /* the capture, or -1; stays the caller's */
	/* Runs in the child.  False: `error` says why there is no answer. */
	bool (*run)(void *context, int input, struct worker_out *out,
	    struct buf *error);
	/* In a second thread, for a large file where there are processors: a
	 * part of the work, told of by worker_assisted().  Or NULL. */
	void (*assist)(void *context, int input);
	void *context;
	const struct sandbox *sandbox; /* NULL: process and limits alone */
	/* For a fetch: the files that it may read (see sandbox_enter), and how
	 * much it may write into `input`.  NULL: no network, no writing. */
	const char *const *network;
	uint64_t max_file;
	uint64_t max_memory; /* bytes of address space; 0: no limit */
	unsigned timeout;    /* seconds of wall clock; 0: no limit */
	uint64_t max_result; /* bytes of the answer; 0: no limit */
	/* The answer must be one JSON object (not with `chunk`). */
	bool json;
	/* In the parent; both may be NULL.  Without `chunk` the answer is
	 * collected; with it `false` means that nobody wants more.  The bytes
	 * of a chunk may change while it looks at them: it passes them on, or
	 * copies them before it believes anything of them. */
	void (*progress)(void *listener, uint64_t done, uint64_t total);
	bool (*chunk)(void *listener, struct span bytes);
	void *listener;
};

enum worker_outcome {
	WORKER_RUNNING = 0,
	WORKER_ANSWERED,
	WORKER_REFUSED,    /* worker_text() is what the tool said */
	WORKER_CRASHED,    /* by a signal */
	WORKER_TIMEOUT,
	WORKER_TOO_LARGE,  /* more answer than max_result */
	WORKER_SILENT,     /* ended without an answer or a reason */
	WORKER_GARBLED,    /* broke the framing, or the answer is no object */
	WORKER_UNSAFE,     /* a layer of the sandbox could not be put on */
	WORKER_CANCELLED,
	WORKER_NO_PROCESS, /* the system gives no process or pipe */
};

struct worker {
	pid_t pid;         /* 0: reaped or never there */
	int fd;            /* to be watched for reading; -1: closed */
	int64_t deadline;  /* clock_monotonic(); 0: none */
	enum worker_outcome outcome;
	struct worker_job job;
	uint64_t received; /* bytes of the answer */
	struct worker_shared *shared; /* or NULL */
	unsigned slot;     /* of these the next */
	struct buf in, answer, error;
};

/* The child's side.  False: nobody listens any more; give up. */
bool worker_progress(struct worker_out *out, uint64_t done, uint64_t total);
bool worker_write(struct worker_out *out, struct span bytes);
/* Whether there is a second thread. */
bool worker_assisted(const struct worker_out *out);

/* False: outcome is WORKER_NO_PROCESS; worker_free() is due all the same. */
bool worker_start(struct worker *w, const struct worker_job *job);
/*
 * Reads what is there without waiting, looks at the clock and at the process.
 * To be called when `fd` is readable, at `deadline`, and every few
 * milliseconds while worker_is_dying().
 */
void worker_poll(struct worker *w);
/* The outcome stands or is on its way, but the process is not yet reaped. */
bool worker_is_dying(const struct worker *w);
/* Ends the child at once: WORKER_CANCELLED, if it had no outcome yet. */
void worker_stop(struct worker *w);
/* Waits until there is an outcome and the process is gone. */
void worker_wait(struct worker *w);
/* Ends and reaps the child, if there still is one. */
void worker_free(struct worker *w);
/* What happened, in plain words for the caller; for WORKER_REFUSED the
 * tool's own.  Lives as long as the worker. */
struct span worker_text(struct worker *w);

#endif
