#ifndef CLI_JOBS_H
#define CLI_JOBS_H

#include "cli/serve.h"
#include "mcp/catalog.h"
#include "mcp/mcp.h"
#include "transport/loop.h"
#include "worker/source.h"
#include "worker/worker.h"

/*
 * The tool calls of a server: each in a worker of its own, so many at a time,
 * the others waiting in line.
 */
#define JOBS_WAITING 64

struct job;

struct jobs {
	struct loop *loop;
	const struct serve_limits *limits;
	const struct catalog *catalog;
	const struct source_roots *roots;
	const struct remote_options *remote;
	const struct sandbox *sandbox; /* NULL: off */
	struct job *first, *last;      /* in order of arrival */
	size_t n_running, n_waiting;
	struct loop_timer starter;     /* a place became free */
};

/* The members above `first` are the caller's. */
void jobs_open(struct jobs *jobs);

/* A provider's tools_call and cancel. */
void jobs_call(struct jobs *jobs, struct mcp_call *call);
void jobs_cancel(struct jobs *jobs, struct mcp_call *call);
/* Ends all workers. */
void jobs_free(struct jobs *jobs);

#endif
