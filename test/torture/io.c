/*
 * Every call into the system goes wrong once, and from then on: interrupted,
 * short, refused.  What may be tried again gives the same answer; anything
 * else an answer that is right or says what is missing, or an error with
 * words.  No descriptor and no process is left.  Tools in this process, then
 * in a worker, where the calls of parent and child count alike.  The linker
 * puts our calls before the library's (see the Makefile).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "base/table.h"
#include "entries.h"
#include "tap.h"
#include "tools/registry.h"
#include "worker/worker.h"

enum call {
	READ,
	PREAD,
	WRITE,
	OPEN,
	FORK,
	PIPE,
	POLL,
	MMAP,
	FSTAT,
	FCNTL,
	LSEEK,
	WAITPID,
	CALLS
};

#define SHORT (-1) /* one byte instead of all */

/* What may happen to a call; `soft`: the caller has to go on. */
static const struct way {
	enum call call;
	int error;
	bool soft;
} ways[] = {
	{ READ, EINTR, true },
	{ READ, SHORT, true },
	{ READ, EIO, false },
	{ PREAD, EINTR, false },
	{ PREAD, SHORT, false },
	{ PREAD, EIO, false },
	{ WRITE, EINTR, true },
	{ WRITE, SHORT, true },
	{ WRITE, ENOSPC, false },
	{ OPEN, EMFILE, false },
	{ FORK, EAGAIN, false },
	{ PIPE, EMFILE, false },
	{ POLL, EINTR, true },
	{ POLL, ENOMEM, false },
	{ MMAP, ENOMEM, false },
	{ FSTAT, EIO, false },
	{ FCNTL, EINVAL, false },
	{ LSEEK, EIO, false },
	{ WAITPID, EINTR, true },
};

static const struct way *way; /* NULL: all goes well */
static unsigned at, met[CALLS];
static bool armed, from_then_on;
static unsigned questions;

/* Is it this one's turn? */
static bool
wrong(enum call call)
{
	if (!armed)
		return false;
	met[call]++;
	return way != NULL && way->call == call &&
	    (met[call] == at || (from_then_on && met[call] > at));
}

static int
fails(void)
{
	errno = way->error;
	return -1;
}

ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __real_pread(int fd, void *p, size_t n, off_t offset);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __real_writev(int fd, const struct iovec *parts, int n);
pid_t __real_fork(void);
int __real_pipe(int *fds);
int __real_poll(struct pollfd *p, nfds_t n, int wait);
void *__real_mmap(void *p, size_t n, int prot, int flags, int fd, off_t at);
int __real_fstat(int fd, struct stat *s);
off_t __real_lseek(int fd, off_t offset, int from);
pid_t __real_waitpid(pid_t pid, int *status, int options);
int __real_open(const char *path, int flags, mode_t mode);
int __real_fcntl(int fd, int what, long value);
int __real_ask_file(struct span bytes);

ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __wrap_pread(int fd, void *p, size_t n, off_t offset);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_writev(int fd, const struct iovec *parts, int n);
pid_t __wrap_fork(void);
int __wrap_pipe(int *fds);
int __wrap_poll(struct pollfd *p, nfds_t n, int wait);
void *__wrap_mmap(void *p, size_t n, int prot, int flags, int fd, off_t at);
int __wrap_fstat(int fd, struct stat *s);
off_t __wrap_lseek(int fd, off_t offset, int from);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);
int __wrap_open(const char *path, int flags, ...);
int __wrap_fcntl(int fd, int what, ...);
int __wrap_ask_file(struct span bytes);

ssize_t
__wrap_read(int fd, void *p, size_t n)
{
	if (!wrong(READ))
		return __real_read(fd, p, n);
	return way->error == SHORT ? __real_read(fd, p, n > 0) : fails();
}

ssize_t
__wrap_pread(int fd, void *p, size_t n, off_t offset)
{
	if (!wrong(PREAD))
		return __real_pread(fd, p, n, offset);
	return way->error == SHORT ? __real_pread(fd, p, n > 0, offset) :
	    fails();
}

ssize_t
__wrap_write(int fd, const void *p, size_t n)
{
	if (!wrong(WRITE))
		return __real_write(fd, p, n);
	return way->error == SHORT ? __real_write(fd, p, n > 0) : fails();
}

/* Counts as one that writes; short, it takes a byte of the first part. */
ssize_t
__wrap_writev(int fd, const struct iovec *parts, int n)
{
	if (!wrong(WRITE))
		return __real_writev(fd, parts, n);
	if (way->error != SHORT)
		return fails();
	while (n > 1 && parts->iov_len == 0) {
		parts++;
		n--;
	}
	return __real_write(fd, parts->iov_base, parts->iov_len > 0);
}

pid_t
__wrap_fork(void)
{
	return wrong(FORK) ? fails() : __real_fork();
}

int
__wrap_pipe(int *fds)
{
	return wrong(PIPE) ? fails() : __real_pipe(fds);
}

int
__wrap_poll(struct pollfd *p, nfds_t n, int wait)
{
	return wrong(POLL) ? fails() : __real_poll(p, n, wait);
}

void *
__wrap_mmap(void *p, size_t n, int prot, int flags, int fd, off_t offset)
{
	if (!wrong(MMAP))
		return __real_mmap(p, n, prot, flags, fd, offset);
	(void)fails();
	return MAP_FAILED;
}

int
__wrap_fstat(int fd, struct stat *s)
{
	return wrong(FSTAT) ? fails() : __real_fstat(fd, s);
}

off_t
__wrap_lseek(int fd, off_t offset, int from)
{
	return wrong(LSEEK) ? fails() : __real_lseek(fd, offset, from);
}

pid_t
__wrap_waitpid(pid_t pid, int *status, int options)
{
	return wrong(WAITPID) ? fails() :
	    __real_waitpid(pid, status, options);
}

int
__wrap_open(const char *path, int flags, ...)
{
	return wrong(OPEN) ? fails() : __real_open(path, flags, 0600);
}

int
__wrap_fcntl(int fd, int what, ...)
{
	va_list more;
	long value;

	va_start(more, what);
	value = va_arg(more, long);
	va_end(more);
	return wrong(FCNTL) ? fails() : __real_fcntl(fd, what, value);
}

/* The capture itself is made in peace. */
int
__wrap_ask_file(struct span bytes)
{
	bool was = armed;
	int fd;

	armed = false;
	fd = __real_ask_file(bytes);
	armed = was;
	return fd;
}

/* ---- Questions ---------------------------------------------------------- */

struct question {
	const struct tool *tool;
	struct span capture;
};

static unsigned
descriptors(void)
{
	return entries_count("/proc/self/fd");
}

static void
here(const struct question *q, struct asked *a)
{
	armed = true;
	ask_bytes(a, q->tool, "", q->capture);
	armed = false;
}

static bool
run(void *context, int input, struct worker_out *out, struct buf *error)
{
	const struct question *q = context;
	struct asked a;
	bool good;

	ask_open(&a, q->tool, "", input, q->capture.n);
	good = a.good && worker_write(out, buf_bytes(&a.answer));
	buf_span(error, buf_bytes(&a.error));
	return good;
}

static void
in_worker(const struct question *q, struct asked *a)
{
	struct sandbox sandbox;
	const struct worker_job job = {
		.input = ask_file(q->capture),
		.sandbox = &sandbox,
		.run = run,
		.context = (void *)(uintptr_t)q,
		.timeout = 20,
		.max_result = 1 << 20,
		.json = true,
	};
	struct worker w;

	sandbox_probe(&sandbox);
	buf_init(&a->answer, SIZE_MAX);
	buf_init(&a->error, SIZE_MAX);
	armed = true;
	(void)worker_start(&w, &job);
	worker_wait(&w);
	a->good = w.outcome == WORKER_ANSWERED;
	if (a->good)
		buf_span(&a->answer, buf_bytes(&w.answer));
	else
		buf_span(&a->error, worker_text(&w));
	worker_free(&w);
	armed = false;
	close(job.input);
}

typedef void asking(const struct question *q, struct asked *a);

/* An answer that is not the right one says so in its quality. */
static bool
is_fair(const struct asked *a, const struct asked *right, bool soft)
{
	struct span answer = buf_bytes(&a->answer);

	if (!ask_is_sound(a))
		return false;
	if (a->good && span_equal(answer, buf_bytes(&right->answer)))
		return true;
	if (soft)
		return false;
	return !a->good || span_find(answer, span_text("\"quality\":[{")) <
	    answer.n || span_find(answer, span_text("\"complete\":false")) <
	    answer.n || span_find(answer, span_text("left out")) < answer.n;
}

static void
torture(const struct question *q, asking *ask, const char *where)
{
	struct asked right, a;
	unsigned bad = 0, most[CALLS], before = descriptors();

	way = NULL;
	memset(met, 0, sizeof(met));
	ask(q, &right);
	memcpy(most, met, sizeof(most));
	/* No stream in this capture: nothing to compare with. */
	if (!right.good) {
		ok(ask_is_sound(&right));
		ask_free(&right);
		return;
	}
	questions++;
	for (size_t i = 0; i < LENGTH(ways) * 2; i++) {
		way = &ways[i / 2];
		from_then_on = i % 2 != 0;
		/* For ever interrupted is for ever waiting. */
		if (from_then_on && way->error == EINTR)
			continue;
		/* The child's calls come after the parent's. */
		for (at = 1; at <= most[way->call] + 8 && bad < 3; at++) {
			bool fair;

			memset(met, 0, sizeof(met));
			ask(q, &a);
			fair = is_fair(&a, &right, way->soft);
			if (!fair || descriptors() != before) {
				bad++;
				(void)printf("# %s %s: call %d, error %d, "
				    "number %u%s: %.200s\n", where,
				    q->tool->name, way->call, way->error, at,
				    from_then_on ? " and on" : "",
				    fair ? "a descriptor is left" :
				    a.answer.n == 0 ? "nothing" :
				    (const char *)a.answer.p);
			}
			ask_free(&a);
		}
	}
	way = NULL;
	ok_int(bad, 0);
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	ask_free(&right);
}

int
main(void)
{
	static const char *const names[] = { "builder-layers.pcap",
		"gzip-members.pcapng.gz" };
	char path[4096];

	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	(void)signal(SIGPIPE, SIG_IGN);
	hash_key_init();
	for (size_t f = 0; f < LENGTH(names); f++) {
		struct question q;

		(void)snprintf(path, sizeof(path), "%s/%s", FIXTURES,
		    names[f]);
		q.capture = ask_read(path);
		ok(q.capture.n > 0);
		for (size_t i = 0; i < tool_count; i++) {
			q.tool = tools[i];
			torture(&q, here, "here");
			if (i % 4 == f)
				torture(&q, in_worker, "worker");
		}
		free((void *)q.capture.p);
	}
	ok(questions > 30);
	return tap_done();
}
