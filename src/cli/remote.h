#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "cli/serve.h"
#include "worker/worker.h"

/*
 * A capture that is named by a URL: a worker of its own, which may use the
 * network and no files, writes it into a file without a name, and what was
 * written is then analysed like any other.
 */
#define REMOTE_FILES 8

struct remote {
	const struct remote_options *options;
	struct span url;
	uint64_t max_bytes;
	const char *authorities;
	const char *files[REMOTE_FILES]; /* that the worker may read */
	int store;
};

/* Is it to be fetched, or a path? */
bool remote_is(struct span name);
/* `r` holds options, url and max_bytes; fills in all of `job` but sandbox,
 * memory and who listens.  False: `error` says why not. */
bool remote_open(struct remote *r, struct worker_job *job, struct buf *error);
/* The worker has ended: the capture's descriptor, or -1 and why. */
int remote_take(struct remote *r, struct worker *w, struct buf *error);
void remote_close(struct remote *r);

#endif
