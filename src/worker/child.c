#include "worker/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/number.h"
#include "worker/assistant.h"
#include "worker/root.h"

/* Where the child finds its two descriptors; 0 to 2 lead nowhere. */
#define PIPE_FD 3
#define INPUT_FD 4
#define ASSISTANT_FD 5 /* the capture again */
#define FIRST_CLOSED 6

#define PROGRESS_EVERY 100000000 /* ns */
#define STACK_MAX (2 * 1024 * 1024)
#define NETWORK_FILES 32 /* sockets and files of a fetch */

struct worker_out {
	int fd;
	bool gone;
	struct worker_shared *shared; /* or NULL */
	unsigned slot;                /* the next */
	int64_t progress_at;
	struct assistant assistant;
};

bool
worker_assisted(const struct worker_out *out)
{
	return out->assistant.there;
}

/* Header and bytes by one call: the reader is woken once. */
static bool
write_frame(struct worker_out *out, enum worker_frame kind, struct span bytes)
{
	uint8_t header[WORKER_HEADER] = { (uint8_t)kind };
	uint32_t n = (uint32_t)bytes.n;
	struct span head = span_of(header, sizeof(header));

	memcpy(header + 1, &n, sizeof(n));
	while (head.n + bytes.n > 0 && !out->gone) {
		const struct iovec parts[2] = {
			{ (void *)head.p, head.n },
			{ (void *)bytes.p, bytes.n },
		};
		ssize_t done = writev(out->fd, parts, LENGTH(parts));

		if (done > 0) {
			size_t of_head = (size_t)done < head.n ?
			    (size_t)done : head.n;

			head = span_after(head, of_head);
			bytes = span_after(bytes, (size_t)done - of_head);
		} else if (done == 0 || errno != EINTR) {
			out->gone = true;
		}
	}
	return !out->gone;
}

bool
worker_progress(struct worker_out *out, uint64_t done, uint64_t total)
{
	uint64_t number[2] = { done, total };
	int64_t now = clock_monotonic();

	if (out->gone)
		return false;
	if (now < out->progress_at)
		return true;
	out->progress_at = now + PROGRESS_EVERY;
	return write_frame(out, WORKER_FRAME_PROGRESS,
	    span_of(number, sizeof(number)));
}

static bool
write_shared(struct worker_out *out, struct span bytes)
{
	uint32_t n = (uint32_t)bytes.n;

	if (!shared_take(out->shared))
		return false;
	memcpy(out->shared->slots[out->slot], bytes.p, bytes.n);
	out->slot = (out->slot + 1) % WORKER_SLOTS;
	return write_frame(out, WORKER_FRAME_SHARED, span_of(&n, sizeof(n)));
}

bool
worker_write(struct worker_out *out, struct span bytes)
{
	while (out->shared != NULL && bytes.n > 0 && !out->gone) {
		struct span part = span_first(bytes, WORKER_SLOT);

		out->gone = !write_shared(out, part);
		bytes = span_after(bytes, part.n);
	}
	while (bytes.n > 0 && !out->gone) {
		struct span part = span_first(bytes, WORKER_FRAME);

		(void)write_frame(out, WORKER_FRAME_CHUNK, part);
		bytes = span_after(bytes, part.n);
	}
	return !out->gone;
}

/* glibc makes an enum of what POSIX calls an int. */
#ifdef __GLIBC__
#define RESOURCE(which) ((enum __rlimit_resource)(which))
#else
#define RESOURCE(which) (which)
#endif

static bool
set_limit(int which, uint64_t value)
{
	struct rlimit limit = { (rlim_t)value, (rlim_t)value };
	struct rlimit old;

	if (getrlimit(RESOURCE(which), &old) != 0)
		return false;
	if (old.rlim_max != RLIM_INFINITY && old.rlim_max < limit.rlim_max)
		limit.rlim_cur = limit.rlim_max = old.rlim_max;
	return setrlimit(RESOURCE(which), &limit) == 0;
}

static bool
set_limits(const struct worker_job *job, unsigned threads)
{
	if (!set_limit(RLIMIT_CORE, 0))
		return false;
	if (sandbox_is_instrumented())
		return true;
	if (job->max_memory > 0 && !set_limit(RLIMIT_AS, job->max_memory))
		return false;
	if (job->timeout > 0 &&
	    !set_limit(RLIMIT_CPU, (uint64_t)job->timeout * threads + 1))
		return false;
#ifdef RLIMIT_NPROC
	if (!set_limit(RLIMIT_NPROC, 0))
		return false;
#endif
	if (job->network != NULL)
		return set_limit(RLIMIT_FSIZE, job->max_file) &&
		    set_limit(RLIMIT_NOFILE, NETWORK_FILES);
	return set_limit(RLIMIT_FSIZE, 0) &&
	    set_limit(RLIMIT_STACK, STACK_MAX) &&
	    set_limit(RLIMIT_NOFILE, FIRST_CLOSED);
}

static void
close_from(int first)
{
	struct rlimit limit;
	int end = 4096;

#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536)
		end = (int)limit.rlim_cur;
	for (int fd = first; fd < end; fd++)
		close(fd);
}

/* A pipe without a writer: reads end, writes fail.  Needs no /dev/null,
 * which an empty chroot does not have. */
static bool
open_nowhere(int *fd)
{
	int fds[2];

	if (pipe(fds) != 0)
		return false;
	close(fds[1]);
	*fd = fds[0];
	return true;
}

/* Lifts a descriptor out of the way of those that dup2() will replace. */
static int
lift(int fd)
{
	return fd < 0 ? fd : fcntl(fd, F_DUPFD, FIRST_CLOSED);
}

/* Puts pipe and capture in their places and closes all else. */
static bool
place_descriptors(int pipe_fd, int input)
{
	int nowhere, out, in;

	if (!open_nowhere(&nowhere))
		return false;
	nowhere = lift(nowhere);
	out = lift(pipe_fd);
	in = lift(input);
	if (nowhere < 0 || out < 0 || (input >= 0 && in < 0))
		return false;
	if (dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0)
		return false;
	/* A sanitizer's report has to reach somebody. */
	if (!sandbox_is_instrumented() && dup2(nowhere, 2) < 0)
		return false;
	if (dup2(out, PIPE_FD) < 0)
		return false;
	if (in >= 0 && (dup2(in, INPUT_FD) < 0 || dup2(in, ASSISTANT_FD) < 0))
		return false;
	close_from(in >= 0 ? FIRST_CLOSED : INPUT_FD);
	return true;
}

/* The parent's death is ours, also if it died before we asked. */
static bool
follow_parent(pid_t parent)
{
#ifdef __linux__
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return false;
#endif
	return getppid() == parent;
}

/* Handlers and masks of the parent are not ours; a gone reader is EPIPE. */
static void
reset_signals(void)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD,
		SIGALRM, SIGUSR1, SIGUSR2 };
	sigset_t none;

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (size_t i = 0; i < LENGTH(numbers); i++)
		(void)signal(numbers[i], SIG_DFL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
}

static bool
lock_down(const struct worker_job *job, pid_t parent,
    const struct worker_out *out)
{
	if (!follow_parent(parent) ||
	    (worker_assisted(out) && !out->assistant.locked))
		return false;
	if (job->sandbox != NULL &&
	    !sandbox_enter(job->sandbox, job->network))
		return false;
	if (!set_limits(job, worker_assisted(out) ? 2 : 1))
		return false;
	if (job->sandbox != NULL && !root_drop(false))
		return false;
	return job->sandbox == NULL ||
	    sandbox_seal(job->sandbox, job->network != NULL);
}

_Noreturn void
child_run(const struct worker_job *job, int pipe_fd,
    struct worker_shared *shared, pid_t parent)
{
	struct worker_out out = { .fd = PIPE_FD, .shared = shared };
	struct buf error;

	reset_signals();
	if (!place_descriptors(pipe_fd, job->input))
		_exit(WORKER_EXIT_UNSAFE);
	if (!assistant_start(&out.assistant, job,
		job->input < 0 ? -1 : ASSISTANT_FD) && job->input >= 0)
		close(ASSISTANT_FD);
	if (!lock_down(job, parent, &out)) {
		(void)write_frame(&out, WORKER_FRAME_UNSAFE, span_empty());
		_exit(WORKER_EXIT_UNSAFE);
	}
	assistant_go(&out.assistant);
	buf_init(&error, WORKER_FRAME);
	if (job->run(job->context, job->input < 0 ? -1 : INPUT_FD, &out,
		&error))
		(void)write_frame(&out, WORKER_FRAME_END, span_empty());
	else
		(void)write_frame(&out, WORKER_FRAME_ERROR, buf_bytes(&error));
	_exit(0);
}
