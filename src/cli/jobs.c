#include "cli/jobs.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/remote.h"
#include "cli/task.h"
#include "mcp/rpc.h"

#define ANSWER_MAX (1024 * 1024)
#define REAP_EVERY 2000000 /* ns between two looks at a dying worker */

struct job {
	struct jobs *jobs;
	struct job *next;
	struct mcp_call *call; /* NULL: answered or cancelled */
	const struct tool *tool;
	bool running;
	bool fetching;      /* the worker is that of the remote capture */
	double fetched;     /* bytes, as far as progress was told */
	struct remote remote;
	struct task task;
	struct worker worker;
	struct loop_watch watch;
	struct loop_timer timer;
};

static void
job_unlink(struct job *job)
{
	struct jobs *jobs = job->jobs;
	struct job **link = &jobs->first, *before = NULL;

	while (*link != job) {
		before = *link;
		link = &before->next;
	}
	*link = job->next;
	if (jobs->last == job)
		jobs->last = before;
	if (job->running)
		jobs->n_running--;
	else
		jobs->n_waiting--;
}

static void
job_free(struct job *job)
{
	loop_unwatch(job->jobs->loop, &job->watch);
	loop_cancel(job->jobs->loop, &job->timer);
	if (job->running)
		worker_free(&job->worker);
	remote_close(&job->remote);
	job_unlink(job);
	free(job);
}

static void
job_answer(struct job *job)
{
	struct mcp_call *call = job->call;

	job->call = NULL;
	if (call == NULL)
		return;
	if (job->worker.outcome == WORKER_ANSWERED)
		mcp_tool_answer(call, buf_bytes(&job->worker.answer));
	else
		mcp_tool_error(call, worker_text(&job->worker));
}

static void
job_progress(void *listener, uint64_t done, uint64_t total)
{
	struct job *job = listener;
	double read = (double)done, all = (double)total;

	if (job->call == NULL)
		return;
	if (job->fetching)
		job->fetched = read;
	else if (total > 0)
		all += job->fetched;
	mcp_progress(job->call, job->fetching ? read : job->fetched + read,
	    all, job->fetching ? "bytes of the capture fetched"
			       : "bytes of the capture read");
}

/* The call ends without a worker. */
static void
job_refuse(struct job *job, struct span text)
{
	struct mcp_call *call = job->call;

	job->call = NULL;
	job_free(job);
	mcp_tool_error(call, text);
}

static void
job_watch(struct job *job)
{
	struct jobs *jobs = job->jobs;

	job->watch.fd = job->worker.fd;
	job->watch.events = POLLIN;
	if (!loop_watch(jobs->loop, &job->watch))
		worker_stop(&job->worker);
	if (job->worker.pid == 0 || job->worker.fd < 0)
		(void)loop_after(jobs->loop, &job->timer, 0);
	else if (job->worker.deadline != 0)
		(void)loop_after(jobs->loop, &job->timer,
		    job->worker.deadline - clock_monotonic() + 1000000);
}

static void
job_run(struct job *job, struct worker_job *work)
{
	const struct jobs *jobs = job->jobs;

	work->sandbox = jobs->sandbox;
	work->max_memory = jobs->limits->max_memory;
	work->progress = job_progress;
	work->listener = job;
	(void)worker_start(&job->worker, work);
	job_watch(job);
}

/* Takes `fd` over. */
static void
job_analyse(struct job *job, int fd)
{
	struct worker_job work = {
		.input = fd,
		.run = task_run,
		.assist = job->jobs->limits->jobs == 1 ? NULL :
		    task_run_ahead,
		.context = &job->task,
		.timeout = job->jobs->limits->timeout,
		.max_result = ANSWER_MAX,
		.json = true,
	};

	(void)ahead_init(&job->task.ahead);
	job_run(job, &work);
	if (fd >= 0)
		close(fd);
}

/* The fetch has ended, one way or another. */
static void
job_fetched(struct job *job)
{
	struct jobs *jobs = job->jobs;
	struct buf error;
	int fd;

	buf_init(&error, 8192);
	fd = remote_take(&job->remote, &job->worker, &error);
	job->fetching = false;
	loop_unwatch(jobs->loop, &job->watch);
	loop_cancel(jobs->loop, &job->timer);
	worker_free(&job->worker);
	job->worker = (struct worker){ .fd = -1 };
	if (fd >= 0) {
		job_analyse(job, fd);
	} else {
		job_refuse(job, buf_bytes(&error));
		(void)loop_after(jobs->loop, &jobs->starter, 0);
	}
	buf_free(&error);
}

/* The worker said something, ended, or its time is over. */
static void
job_look(struct job *job)
{
	struct jobs *jobs = job->jobs;
	struct worker *w = &job->worker;

	worker_poll(w);
	if (w->fd < 0)
		loop_unwatch(jobs->loop, &job->watch);
	if (w->outcome != WORKER_RUNNING && !job->fetching)
		job_answer(job);
	if (worker_is_dying(w)) {
		(void)loop_after(jobs->loop, &job->timer, REAP_EVERY);
	} else if (w->pid == 0 && job->fetching && job->call != NULL) {
		job_fetched(job);
	} else if (w->pid == 0) {
		job_free(job);
		(void)loop_after(jobs->loop, &jobs->starter, 0);
	}
}

static void
job_ready(void *context, short revents)
{
	(void)revents;
	job_look(context);
}

static void
job_due(void *context)
{
	job_look(context);
}

/* Fetches first, when the capture is elsewhere. */
static bool
job_open(struct job *job, struct buf *error)
{
	struct jobs *jobs = job->jobs;
	uint64_t most = jobs->limits->max_file;
	struct worker_job work;
	int fd;

	if (!remote_is(task_capture(&job->task))) {
		if (!task_open(&job->task, jobs->roots, &fd, error))
			return false;
		job_analyse(job, fd);
		return true;
	}
	job->remote.options = jobs->remote;
	job->remote.url = task_capture(&job->task);
	job->remote.max_bytes = jobs->remote->max_download;
	if (most > 0 && most < job->remote.max_bytes)
		job->remote.max_bytes = most;
	if (!remote_open(&job->remote, &work, error))
		return false;
	job->fetching = true;
	job_run(job, &work);
	return true;
}

static void
job_start(struct job *job)
{
	struct jobs *jobs = job->jobs;
	struct buf error;

	buf_init(&error, 8192);
	jobs->n_waiting--;
	jobs->n_running++;
	job->running = true;
	job->worker = (struct worker){ .fd = -1 };
	if (!job_open(job, &error))
		job_refuse(job, buf_bytes(&error));
	buf_free(&error);
}

/* The first that waits, or NULL. */
static struct job *
jobs_next(const struct jobs *jobs)
{
	struct job *job = jobs->first;

	if (jobs->n_waiting == 0 || jobs->n_running >= jobs->limits->jobs)
		return NULL;
	while (job != NULL && job->running)
		job = job->next;
	return job;
}

static void
jobs_start(void *context)
{
	struct jobs *jobs = context;
	struct job *job = jobs_next(jobs);

	while (job != NULL) {
		job_start(job);
		job = jobs_next(jobs);
	}
}

void
jobs_open(struct jobs *jobs)
{
	jobs->starter = (struct loop_timer){ .fire = jobs_start,
		.context = jobs };
}

void
jobs_call(struct jobs *jobs, struct mcp_call *call)
{
	const struct tool *tool = catalog_tool(jobs->catalog, call->name);
	struct job *job;

	if (tool == NULL) {
		mcp_fail(call, RPC_BAD_PARAMS, "Unknown tool; see tools/list",
		    span_empty());
		return;
	}
	job = jobs->n_waiting < JOBS_WAITING ? calloc(1, sizeof(*job)) : NULL;
	if (job == NULL) {
		mcp_tool_error(call, span_text("the server is busy: too many "
		    "calls are waiting. Try again in a few seconds."));
		return;
	}
	job->jobs = jobs;
	job->remote.store = -1;
	job->watch = (struct loop_watch){ .ready = job_ready,
		.context = job };
	job->timer = (struct loop_timer){ .fire = job_due, .context = job };
	job->call = call;
	job->task = (struct task){ .tool = tool,
		.arguments = call->arguments,
		.max_packets = jobs->limits->max_packets,
		.tools_off = ~jobs->catalog->on };
	call->state = job;
	if (jobs->last != NULL)
		jobs->last->next = job;
	else
		jobs->first = job;
	jobs->last = job;
	jobs->n_waiting++;
	jobs_start(jobs);
}

void
jobs_cancel(struct jobs *jobs, struct mcp_call *call)
{
	struct job *job = call->state;

	(void)jobs;
	if (job == NULL)
		return;
	job->call = NULL;
	if (!job->running) {
		job_free(job);
		return;
	}
	worker_stop(&job->worker);
	loop_unwatch(job->jobs->loop, &job->watch);
	(void)loop_after(job->jobs->loop, &job->timer, 0);
}

void
jobs_free(struct jobs *jobs)
{
	struct job *next;

	for (struct job *job = jobs->first; job != NULL; job = next) {
		next = job->next;
		job_free(job);
	}
	loop_cancel(jobs->loop, &jobs->starter);
}
