#include "worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/number.h"
#include "worker/child.h"
#include "worker/result.h"

#define FRAME_MAX (WORKER_FRAME + WORKER_HEADER)
#define ERROR_MAX 4096
#define TURN_MAX (1024 * 1024) /* bytes taken from one worker at a time */

static void
worker_close(struct worker *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

static void
set_outcome(struct worker *w, enum worker_outcome outcome)
{
	if (w->outcome == WORKER_RUNNING)
		w->outcome = outcome;
}

/* The outcome is known: whatever the child still does is of no interest. */
static void
settle(struct worker *w, enum worker_outcome outcome)
{
	set_outcome(w, outcome);
	if (w->pid > 0)
		(void)kill(w->pid, SIGKILL);
	worker_close(w);
}

static void
answer_end(struct worker *w)
{
	if (w->answer.full)
		settle(w, WORKER_TOO_LARGE);
	else if (w->job.json && !result_is_object(buf_bytes(&w->answer)))
		settle(w, WORKER_GARBLED);
	else
		settle(w, WORKER_ANSWERED);
}

static void
answer_add(struct worker *w, struct span bytes)
{
	w->received += bytes.n;
	if (w->job.max_result > 0 && w->received > w->job.max_result)
		settle(w, WORKER_TOO_LARGE);
	else if (w->job.chunk == NULL)
		buf_span(&w->answer, bytes);
	else if (!w->job.chunk(w->job.listener, bytes))
		settle(w, WORKER_CANCELLED);
}

static void
shared_read(struct worker *w, struct span bytes)
{
	uint32_t n = 0;

	if (bytes.n == sizeof(n))
		memcpy(&n, bytes.p, sizeof(n));
	if (w->shared == NULL || n == 0 || n > WORKER_SLOT) {
		settle(w, WORKER_GARBLED);
		return;
	}
	answer_add(w, span_of(w->shared->slots[w->slot], n));
	w->slot = (w->slot + 1) % WORKER_SLOTS;
	shared_give(w->shared);
}

static void
progress_read(struct worker *w, struct span bytes)
{
	uint64_t number[2];

	if (bytes.n != sizeof(number)) {
		settle(w, WORKER_GARBLED);
		return;
	}
	memcpy(number, bytes.p, sizeof(number));
	if (w->job.progress != NULL)
		w->job.progress(w->job.listener, number[0], number[1]);
}

static void
frame_read(struct worker *w, uint8_t kind, struct span bytes)
{
	switch (kind) {
	case WORKER_FRAME_PROGRESS:
		progress_read(w, bytes);
		break;
	case WORKER_FRAME_CHUNK:
		answer_add(w, bytes);
		break;
	case WORKER_FRAME_SHARED:
		shared_read(w, bytes);
		break;
	case WORKER_FRAME_END:
		answer_end(w);
		break;
	case WORKER_FRAME_ERROR:
		buf_span(&w->error, span_first(bytes, ERROR_MAX));
		/* There was not even memory to say why. */
		settle(w, bytes.n > 0 ? WORKER_REFUSED : WORKER_SILENT);
		break;
	case WORKER_FRAME_UNSAFE:
		settle(w, WORKER_UNSAFE);
		break;
	default:
		settle(w, WORKER_GARBLED);
	}
}

/* Takes whole frames from the front of what was received. */
static void
frames_read(struct worker *w)
{
	size_t done = 0;

	while (w->fd >= 0 && w->in.n - done >= WORKER_HEADER) {
		struct span in = span_after(buf_bytes(&w->in), done);
		uint32_t n;

		memcpy(&n, in.p + 1, sizeof(n));
		if (n > WORKER_FRAME) {
			settle(w, WORKER_GARBLED);
			break;
		}
		if (in.n - WORKER_HEADER < n)
			break;
		frame_read(w, in.p[0],
		    span_first(span_after(in, WORKER_HEADER), n));
		done += WORKER_HEADER + n;
	}
	buf_drop(&w->in, done);
}

/* Has the process gone, and how?  Sets what EOF alone could not tell. */
static void
reap(struct worker *w)
{
	int status;
	pid_t pid;

	do
		pid = waitpid(w->pid, &status, WNOHANG);
	while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return;
	w->pid = 0;
	worker_close(w);
	if (pid > 0 && WIFSIGNALED(status))
		set_outcome(w, WORKER_CRASHED);
	else if (pid > 0 && WEXITSTATUS(status) == WORKER_EXIT_UNSAFE)
		set_outcome(w, WORKER_UNSAFE);
	else
		set_outcome(w, WORKER_SILENT);
}

static void
pipe_read(struct worker *w)
{
	size_t taken = 0;

	while (w->fd >= 0 && taken < TURN_MAX) {
		uint8_t *room = buf_room(&w->in, FRAME_MAX - w->in.n);
		ssize_t n;

		if (room == NULL) {
			settle(w, WORKER_NO_PROCESS);
			return;
		}
		n = read(w->fd, room, FRAME_MAX - w->in.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			worker_close(w);
			return;
		}
		w->in.n += (size_t)n;
		taken += (size_t)n;
		frames_read(w);
	}
}

static bool
no_process(struct worker *w, int *fds)
{
	if (fds[0] >= 0) {
		close(fds[0]);
		close(fds[1]);
	}
	w->outcome = WORKER_NO_PROCESS;
	return false;
}

bool
worker_start(struct worker *w, const struct worker_job *job)
{
	int fds[2] = { -1, -1 };
	pid_t parent = getpid();

	*w = (struct worker){ .fd = -1, .job = *job };
	buf_init(&w->in, FRAME_MAX);
	buf_init(&w->answer, job->max_result > 0 && job->max_result < SIZE_MAX
	    ? (size_t)job->max_result : SIZE_MAX);
	buf_init(&w->error, ERROR_MAX);
	if (pipe(fds) != 0)
		return no_process(w, (int[]){ -1, -1 });
	if (fcntl(fds[0], F_SETFD, FD_CLOEXEC) != 0 ||
	    fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0)
		return no_process(w, fds);
	if (job->chunk != NULL)
		w->shared = shared_new();
	w->pid = fork();
	if (w->pid == 0)
		child_run(job, fds[1], w->shared, parent);
	if (w->pid < 0) {
		w->pid = 0;
		return no_process(w, fds);
	}
	close(fds[1]);
	w->fd = fds[0];
	if (job->timeout > 0)
		w->deadline = clock_monotonic() +
		    (int64_t)job->timeout * 1000000000;
	return true;
}

void
worker_poll(struct worker *w)
{
	pipe_read(w);
	if (w->outcome == WORKER_RUNNING && w->deadline != 0 &&
	    clock_monotonic() >= w->deadline)
		settle(w, WORKER_TIMEOUT);
	if (w->fd < 0 && w->pid > 0) {
		reap(w);
		/* It closed the pipe and lives on: no more is to come. */
		if (w->pid > 0)
			(void)kill(w->pid, SIGKILL);
	}
}

bool
worker_is_dying(const struct worker *w)
{
	return w->pid > 0 && w->fd < 0;
}

void
worker_stop(struct worker *w)
{
	settle(w, WORKER_CANCELLED);
	if (w->pid > 0)
		reap(w);
}

void
worker_wait(struct worker *w)
{
	while (w->pid > 0) {
		struct pollfd p = { .fd = w->fd, .events = POLLIN };
		int64_t left = INT_MAX;

		if (worker_is_dying(w))
			left = 1;
		else if (w->deadline != 0)
			left = (w->deadline - clock_monotonic()) / 1000000 + 1;
		if (left > 0)
			(void)poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
		worker_poll(w);
	}
}

void
worker_free(struct worker *w)
{
	settle(w, WORKER_CANCELLED);
	worker_wait(w);
	shared_free(w->shared);
	w->shared = NULL;
	buf_free(&w->in);
	buf_free(&w->answer);
	buf_free(&w->error);
}

/* Constant texts; "%u" stands for the seconds of the limit. */
static const char *
outcome_text(const struct worker *w)
{
	switch (w->outcome) {
	case WORKER_CRASHED:
		return "the analysis crashed on this capture and was ended; "
		    "the server goes on. That is a fault of ours: please "
		    "report it with the capture if you can.";
	case WORKER_TIMEOUT:
		return "the analysis took longer than the limit (--timeout) "
		    "and was ended. Ask for less: a filter, fewer packets "
		    "(--max-packets), or a smaller capture.";
	case WORKER_TOO_LARGE:
		return "the answer grew over the server's limit and was "
		    "dropped. Ask for less: a lower limit or a filter.";
	case WORKER_SILENT:
		return "the analysis ended without an answer: most likely it "
		    "ran out of memory (--max-memory). Ask for less, or raise "
		    "the limit.";
	case WORKER_GARBLED:
		return "the analysis gave something that is no answer and was "
		    "ended; nothing of it is passed on. The capture may be "
		    "built to attack its reader.";
	case WORKER_UNSAFE:
		return "the sandbox could not be put on, so the capture was "
		    "not read. `mcpcap doctor` tells more.";
	case WORKER_CANCELLED:
		return "cancelled";
	case WORKER_NO_PROCESS:
		return "the system gives no process, memory or descriptor for "
		    "the analysis at the moment: try again later.";
	default:
		return "";
	}
}

struct span
worker_text(struct worker *w)
{
	if (w->outcome == WORKER_REFUSED)
		return buf_bytes(&w->error);
	return span_text(outcome_text(w));
}
