#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "tap.h"
#include "worker/child.h"
#include "worker/worker.h"

/* What a worker that went wrong, or was taken over, might do. */
enum deed {
	ANSWER,
	REFUSE,
	REFUSE_SILENTLY,
	ECHO_INPUT,
	CRASH,
	OVERFLOW_STACK,
	ABORT,
	LOOP,
	TALK,
	BOMB,
	FLOOD,
	SILENT,
	CLOSE_AND_STAY,
	BAD_FRAME,
	HUGE_FRAME,
	LARGE_FRAME,
	FORGE,
	NO_OBJECT,
	STREAM,
	SHARED_NOTHING,
	SHARED_BEYOND,
	SHARED_SHORT,
	SPOIL_SHARED,
	PROGRESS,
	KILL_PARENT,
	SIGNAL_PARENT,
	OPEN_FILE,
	MAKE_SOCKET,
	EXECUTE,
	FORK,
	MAP_TO_RUN,
	LEFT_OPEN,
	LEAVE_FILES,
	WRITE_FILE,
	WAIT_FOR_INPUT,
};

static void
say(struct worker_out *out, const char *text)
{
	(void)worker_write(out, span_text(text));
}

static int
sink_stack(int depth)
{
	volatile char room[65536];

	room[0] = (char)depth;
	return depth < 0 ? 0 : sink_stack(depth + 1) + room[0];
}

static void
eat_memory(void)
{
	for (;;) {
		volatile char *p = malloc(1 << 20);

		if (p == NULL)
			_exit(1);
		for (size_t i = 0; i < 1 << 20; i += 4096)
			p[i] = 1;
	}
}

#define MANY 10000 /* killed workers */

static int
open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
write_raw(const void *p, size_t n)
{
	if (write(3, p, n) < 0)
		_exit(1);
}

/* ---- Memory that worker and parent share -------------------------------- */

#define STREAMED 7000000u
#define UNEVEN 300007u /* more than a slot */

/* The worker that is to be, for its deeds: its memory is the same. */
static struct worker streaming;

static void
pattern_put(uint8_t *out, size_t at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)((at + i) * 2654435761u >> 24);
}

static void
stream(struct worker_out *out)
{
	static uint8_t piece[UNEVEN];
	size_t n = 1;

	for (size_t at = 0; at < STREAMED; at += n, n = n * 3 % UNEVEN + 1) {
		if (n > STREAMED - at)
			n = STREAMED - at;
		pattern_put(piece, at, n);
		(void)worker_write(out, span_of(piece, n));
	}
}

static void
shared_frame(uint32_t bytes, uint32_t length)
{
	uint8_t frame[WORKER_HEADER + sizeof(bytes)] = {
		WORKER_FRAME_SHARED };

	memcpy(frame + 1, &length, sizeof(length));
	memcpy(frame + WORKER_HEADER, &bytes, sizeof(bytes));
	write_raw(frame, WORKER_HEADER + length);
}

/* Semaphore and all; and frames that nobody made room for. */
static void
spoil_shared(void)
{
	if (streaming.shared == NULL)
		_exit(1);
	memset((void *)streaming.shared, 0xff, sizeof(*streaming.shared));
	for (unsigned i = 0; i < 3 * WORKER_SLOTS; i++)
		shared_frame(WORKER_SLOT, 4);
}

/* ---- Signals of a pipe --------------------------------------------------- */

static pid_t tester;
static volatile sig_atomic_t signalled;

static void
note_signal(int number)
{
	(void)number;
	signalled = 1;
}

/* Whoever owns a descriptor is told when it is ready, by any signal: so once
 * the parent has read.  The sandbox does not let us see whether it has. */
static void
signal_parent(struct worker_out *out)
{
	int unread = 0;
	bool seen = ioctl(3, FIONREAD, &unread) == 0;
	int64_t until = clock_monotonic() + (seen ? 5000000000 : 50000000);

	(void)fcntl(3, F_SETOWN, tester);
	(void)fcntl(3, F_SETSIG, SIGUSR1);
	(void)fcntl(3, F_SETFL, O_WRONLY | O_ASYNC);
	say(out, "{");
	while (clock_monotonic() < until &&
	    (!seen || (ioctl(3, FIONREAD, &unread) == 0 && unread > 0)))
		continue;
	say(out, "}");
}

/* ---- Deeds -------------------------------------------------------------- */

static void
misbehave(enum deed deed, struct worker_out *out)
{
	static const uint8_t bad[5] = { 99 };
	static const uint8_t huge[5] = { 2, 0xff, 0xff, 0xff, 0x7f };
	static uint8_t large[WORKER_HEADER + WORKER_FRAME + 1] = {
		WORKER_FRAME_CHUNK };
	static const uint32_t too_many = WORKER_FRAME + 1;
	char *const no_args[] = { NULL };

	switch (deed) {
	case CRASH:
		(void)raise(SIGSEGV);
		break;
	case OVERFLOW_STACK:
		(void)sink_stack(1);
		break;
	case ABORT:
		abort();
	case LOOP:
		for (volatile int i = 0;; i++)
			;
	case TALK:
		for (;;)
			(void)worker_progress(out, 1, 2);
	case BOMB:
		eat_memory();
		break;
	case FLOOD:
		while (worker_write(out, span_text("{\"a\":\"aaaaaaaa\"}")))
			;
		break;
	case SILENT:
		_exit(0);
	case CLOSE_AND_STAY:
		close(3);
		for (;;)
			;
	case BAD_FRAME:
		write_raw(bad, sizeof(bad));
		break;
	case HUGE_FRAME:
		write_raw(huge, sizeof(huge));
		break;
	case LARGE_FRAME:
		memcpy(large + 1, &too_many, sizeof(too_many));
		write_raw(large, sizeof(large));
		break;
	case STREAM:
		stream(out);
		break;
	case SHARED_NOTHING:
		shared_frame(0, 4);
		break;
	case SHARED_BEYOND:
		shared_frame(WORKER_SLOT + 1, 4);
		break;
	case SHARED_SHORT:
		shared_frame(1, 1);
		break;
	case SPOIL_SHARED:
		spoil_shared();
		break;
	case KILL_PARENT:
		(void)kill(getppid(), SIGKILL);
		break;
	case SIGNAL_PARENT:
		signal_parent(out);
		break;
	case WRITE_FILE:
		say(out, open("written", O_WRONLY | O_CREAT, 0600) < 0 &&
		    open("left", O_RDWR) < 0 ? "{}" : "{\"opened\":true}");
		break;
	case OPEN_FILE:
		if (open("/etc/passwd", O_RDONLY) >= 0)
			say(out, "{\"opened\":true}");
		break;
	case MAKE_SOCKET:
		(void)socket(AF_INET, SOCK_STREAM, 0);
		break;
	case EXECUTE:
		(void)execve("/bin/true", no_args, no_args);
		break;
	case LEAVE_FILES: /* no descriptor is needed for these */
		(void)mknod("left", S_IFREG | 0600, 0);
		(void)mknod("/dev/shm/mcpcap-left", S_IFREG | 0600, 0);
		break;
	case FORK:
		(void)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
		break;
	default:
		(void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
}

static bool
run(void *context, int input, struct worker_out *out, struct buf *error)
{
	enum deed deed = *(enum deed *)context;
	char text[64] = "";

	switch (deed) {
	case ANSWER:
		say(out, "{\"a\":[1,2.5e3,");
		say(out, "true,null,\"x\\n\xc3\xa9\"],\"b\":{}}");
		return true;
	case REFUSE:
		buf_text(error, "no such field");
		return false;
	case REFUSE_SILENTLY:
		return false;
	case ECHO_INPUT:
		if (read(input, text, sizeof(text) - 1) > 0)
			say(out, text);
		return true;
	case WAIT_FOR_INPUT:
		if (poll(&(struct pollfd){ .fd = input, .events = POLLIN }, 1,
			1000) == 1)
			say(out, "{}");
		return true;
	case FORGE:
		say(out, "{}\n{\"jsonrpc\":\"2.0\"}");
		return true;
	case NO_OBJECT:
		say(out, "[1]");
		return true;
	case PROGRESS:
		(void)worker_progress(out, 5, 10);
		say(out, "{}");
		return true;
	case LEFT_OPEN:
		(void)snprintf(text, sizeof(text), "{\"n\":%d}",
		    open_descriptors());
		say(out, text);
		return true;
	default:
		misbehave(deed, out);
		return true;
	}
}

struct heard {
	uint64_t done, total;
};

static void
hear(void *listener, uint64_t done, uint64_t total)
{
	struct heard *heard = listener;

	heard->done = done;
	heard->total = total;
}

static bool
never_ends(enum deed deed)
{
	return deed == LOOP || deed == TALK || deed == CLOSE_AND_STAY;
}

static struct worker_job
job_for(enum deed *deed)
{
	return (struct worker_job){
		.input = -1,
		.run = run,
		.context = deed,
		.max_memory = 256 * 1024 * 1024,
		.timeout = never_ends(*deed) ? 1 : 30,
		.max_result = 65536,
		.json = true,
	};
}

static struct worker
finished(enum deed deed, const struct sandbox *sandbox)
{
	struct worker w;
	struct worker_job job = job_for(&deed);

	job.sandbox = sandbox;
	(void)worker_start(&w, &job);
	worker_wait(&w);
	return w;
}

static enum worker_outcome
outcome_of(enum deed deed, const struct sandbox *sandbox)
{
	struct worker w = finished(deed, sandbox);
	enum worker_outcome outcome = w.outcome;

	worker_free(&w);
	return outcome;
}

static void
test_answers(void)
{
	struct worker w = finished(ANSWER, NULL);

	ok_int(w.outcome, WORKER_ANSWERED);
	ok_span(buf_bytes(&w.answer), "{\"a\":[1,2.5e3,true,null,"
	    "\"x\\n\xc3\xa9\"],\"b\":{}}");
	worker_free(&w);
	w = finished(REFUSE, NULL);
	ok_int(w.outcome, WORKER_REFUSED);
	ok_span(worker_text(&w), "no such field");
	worker_free(&w);
	w = finished(REFUSE_SILENTLY, NULL);
	ok_int(w.outcome, WORKER_SILENT);
	ok(worker_text(&w).n > 0);
	worker_free(&w);
}

static void
test_input(void)
{
	enum deed deed = ECHO_INPUT;
	struct worker_job job = job_for(&deed);
	struct worker w;
	int fds[2];

	ok(pipe(fds) == 0);
	ok(write(fds[1], "{\"in\":1}", 8) == 8);
	job.input = fds[0];
	ok(worker_start(&w, &job));
	worker_wait(&w);
	ok_span(buf_bytes(&w.answer), "{\"in\":1}");
	worker_free(&w);
	ok(fcntl(fds[0], F_GETFD) >= 0);
	close(fds[0]);
	close(fds[1]);
}

static void
test_misdeeds(const struct sandbox *sandbox)
{
	bool bare = sandbox_is_instrumented();

	/* A sanitizer catches the signal and leaves in its own way. */
	ok_int(outcome_of(CRASH, sandbox), bare ? WORKER_SILENT
						: WORKER_CRASHED);
	ok_int(outcome_of(LOOP, sandbox), WORKER_TIMEOUT);
	ok_int(outcome_of(TALK, sandbox), WORKER_TIMEOUT);
	ok_int(outcome_of(FLOOD, sandbox), WORKER_TOO_LARGE);
	ok_int(outcome_of(SILENT, sandbox), WORKER_SILENT);
	ok_int(outcome_of(BAD_FRAME, sandbox), WORKER_GARBLED);
	ok_int(outcome_of(HUGE_FRAME, sandbox), WORKER_GARBLED);
	ok_int(outcome_of(LARGE_FRAME, sandbox), WORKER_GARBLED);
	ok_int(outcome_of(FORGE, sandbox), WORKER_GARBLED);
	ok_int(outcome_of(NO_OBJECT, sandbox), WORKER_GARBLED);
	ok(outcome_of(CLOSE_AND_STAY, sandbox) != WORKER_ANSWERED);
	if (bare)
		return;
	ok_int(outcome_of(OVERFLOW_STACK, sandbox), WORKER_CRASHED);
	ok_int(outcome_of(ABORT, sandbox), WORKER_CRASHED);
	ok_int(outcome_of(BOMB, sandbox), WORKER_SILENT);
}

static void
test_sandbox(const struct sandbox *sandbox)
{
	if (sandbox_is_instrumented() || !sandbox->seccomp) {
		ok(outcome_of(ANSWER, sandbox) == WORKER_ANSWERED);
		return;
	}
	ok_int(outcome_of(ANSWER, sandbox), WORKER_ANSWERED);
	ok_int(outcome_of(KILL_PARENT, sandbox), WORKER_CRASHED);
	ok_int(outcome_of(OPEN_FILE, sandbox), WORKER_GARBLED);
	ok_int(outcome_of(MAKE_SOCKET, sandbox), WORKER_CRASHED);
	ok_int(outcome_of(EXECUTE, sandbox), WORKER_CRASHED);
	ok_int(outcome_of(FORK, sandbox), WORKER_CRASHED);
	ok_int(outcome_of(MAP_TO_RUN, sandbox), WORKER_CRASHED);
}

/* With seccomp alone, as where Landlock is not or knows no scopes. */
static void
test_seccomp(const struct sandbox *sandbox)
{
	static const char *const no_files[] = { NULL };
	struct sandbox alone = *sandbox;
	enum deed deed = WRITE_FILE;
	struct worker_job job = job_for(&deed);
	struct worker w;
	int fds[2];

	if (sandbox_is_instrumented() || !sandbox->seccomp)
		return;
	alone.landlock = 0;
	tester = getpid();
	(void)signal(SIGUSR1, note_signal);
	ok_int(outcome_of(SIGNAL_PARENT, NULL), WORKER_ANSWERED);
	ok(signalled);
	signalled = 0;
	(void)outcome_of(SIGNAL_PARENT, &alone);
	ok(!signalled);
	(void)signal(SIGUSR1, SIG_DFL);

	/* A fetch reads files, and writes none but its own. */
	job.sandbox = &alone;
	job.network = no_files;
	job.max_file = 1000;
	(void)worker_start(&w, &job);
	worker_wait(&w);
#ifdef __GLIBC__
	ok_int(w.outcome, WORKER_ANSWERED); /* has no seccomp there */
	(void)unlink("written");
#else
	ok_int(w.outcome, WORKER_ANSWERED);
	ok_span(buf_bytes(&w.answer), "{}");
#endif
	worker_free(&w);

	/* A capture on stdin that keeps others waiting. */
	deed = WAIT_FOR_INPUT;
	job = job_for(&deed);
	job.sandbox = &alone;
	ok(pipe(fds) == 0 && write(fds[1], "x", 1) == 1);
	job.input = fds[0];
	(void)worker_start(&w, &job);
	worker_wait(&w);
	ok_int(w.outcome, WORKER_ANSWERED);
	worker_free(&w);
	close(fds[0]);
	close(fds[1]);
}

/* Whether the worker's limits were there when its second thread began. */
static _Atomic int *began; /* 1: yes, 2: no */

static void
look_at_limits(void *context, int input)
{
	struct rlimit limit;

	(void)context;
	(void)input;
	*began = getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur <= 6 ? 1 : 2;
}

/* It reads nothing before both are locked down. */
static void
test_assistant(void)
{
	enum deed deed = ANSWER;
	struct worker_job job = job_for(&deed);
	int large = memfd_create("large", MFD_CLOEXEC);
	unsigned early = 0;
	struct worker w;

	began = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ok(began != MAP_FAILED && ftruncate(large, 64 << 20) == 0);
	job.input = large;
	job.assist = look_at_limits;
	for (int i = 0; i < 20 && !sandbox_is_instrumented(); i++) {
		*began = 0;
		(void)worker_start(&w, &job);
		worker_wait(&w);
		early += *began == 2;
		worker_free(&w);
	}
	ok_int(early, 0);
	(void)munmap(began, 4096);
	close(large);
}

/* Where no descriptor can be had it is not said that memory was short. */
static void
test_few_descriptors(void)
{
	struct rlimit before, few;
	int next = dup(0);

	close(next);
	(void)getrlimit(RLIMIT_NOFILE, &before);
	few = before;
	/* A pipe, and another in the child. */
	few.rlim_cur = (rlim_t)next + 4;
	(void)setrlimit(RLIMIT_NOFILE, &few);
	ok_int(outcome_of(ANSWER, NULL), WORKER_UNSAFE);
	few.rlim_cur += 4;
	(void)setrlimit(RLIMIT_NOFILE, &few);
	ok_int(outcome_of(ANSWER, NULL), WORKER_ANSWERED);
	(void)setrlimit(RLIMIT_NOFILE, &before);
}

struct received {
	size_t n, enough; /* enough: then it wants no more */
	bool good;
};

static bool
receive(void *listener, struct span bytes)
{
	static uint8_t expected[WORKER_SLOT];
	struct received *r = listener;

	r->good = r->good && bytes.n <= sizeof(expected);
	if (r->good) {
		pattern_put(expected, r->n, bytes.n);
		r->good = memcmp(expected, bytes.p, bytes.n) == 0;
	}
	r->n += bytes.n;
	return r->n < r->enough;
}

/* max: of bytes, 0 none */
static enum worker_outcome
streamed_within(enum deed deed, const struct sandbox *sandbox,
    struct received *r, size_t max)
{
	struct worker_job job = job_for(&deed);
	enum worker_outcome outcome;

	job.sandbox = sandbox;
	job.json = false;
	job.max_result = max;
	job.chunk = receive;
	job.listener = r;
	(void)worker_start(&streaming, &job);
	worker_wait(&streaming);
	outcome = streaming.outcome;
	worker_free(&streaming);
	return outcome;
}

static enum worker_outcome
streamed(enum deed deed, const struct sandbox *sandbox, struct received *r)
{
	return streamed_within(deed, sandbox, r, 0);
}

static void
test_stream(const struct sandbox *sandbox)
{
	static const enum deed liars[] = { SHARED_NOTHING, SHARED_BEYOND,
		SHARED_SHORT, HUGE_FRAME, LARGE_FRAME };
	struct received r = { .enough = SIZE_MAX, .good = true };

	ok_int(streamed(STREAM, sandbox, &r), WORKER_ANSWERED);
	ok_int((long long)r.n, STREAMED);
	ok(r.good);
	r = (struct received){ .enough = STREAMED / 2, .good = true };
	ok_int(streamed(STREAM, sandbox, &r), WORKER_CANCELLED);
	ok(r.good && r.n >= STREAMED / 2 && r.n < STREAMED);
	/* No more than the job allows is handed on. */
	r = (struct received){ .enough = SIZE_MAX, .good = true };
	ok_int(streamed_within(STREAM, sandbox, &r, STREAMED / 3),
	    WORKER_TOO_LARGE);
	ok(r.good && r.n > 0 && r.n <= STREAMED / 3);
	for (size_t i = 0; i < LENGTH(liars); i++) {
		r = (struct received){ .enough = SIZE_MAX };
		ok_int(streamed(liars[i], sandbox, &r), WORKER_GARBLED);
		ok_int((long long)r.n, 0);
	}
	/* Nothing is there to be trusted, and the parent does not wait. */
	r = (struct received){ .enough = SIZE_MAX };
	ok_int(streamed(SPOIL_SHARED, sandbox, &r), WORKER_ANSWERED);
	ok_int((long long)r.n, 3 * WORKER_SLOTS * WORKER_SLOT);
	/* Whose answer is collected shares no memory. */
	ok_int(outcome_of(SHARED_BEYOND, sandbox), WORKER_GARBLED);
	ok_int(outcome_of(SHARED_NOTHING, sandbox), WORKER_GARBLED);
}

static void
test_progress(void)
{
	struct heard heard = { 0, 0 };
	enum deed deed = PROGRESS;
	struct worker_job job = job_for(&deed);
	struct worker w;

	job.progress = hear;
	job.listener = &heard;
	ok(worker_start(&w, &job));
	worker_wait(&w);
	ok_int(w.outcome, WORKER_ANSWERED);
	ok_int(heard.done, 5);
	ok_int(heard.total, 10);
	worker_free(&w);
}

static void
test_cancel(void)
{
	enum deed deed = LOOP;
	struct worker_job job = job_for(&deed);
	struct worker w;

	ok(worker_start(&w, &job));
	worker_stop(&w);
	worker_wait(&w);
	ok_int(w.outcome, WORKER_CANCELLED);
	worker_free(&w);
}

/* Nothing of the parent's is open in the child: three that lead nowhere and
 * the pipe. */
static void
test_descriptors(void)
{
	struct worker w = finished(LEFT_OPEN, NULL);

	ok_span(buf_bytes(&w.answer), "{\"n\":4}");
	worker_free(&w);
}

/* Killed from outside, ended by us, and those that end themselves, early and
 * late: nothing of them is left. */
static bool
one_of_many(unsigned i, const struct sandbox *sandbox)
{
	static const enum deed deeds[] = { LOOP, SILENT, CRASH, FLOOD, LOOP,
		ANSWER, TALK };
	static const int signals[] = { SIGKILL, SIGSEGV, SIGTERM, SIGSTOP };
	enum deed deed = deeds[i % LENGTH(deeds)];
	struct worker_job job = job_for(&deed);
	struct worker w;

	/* Locking a worker down is the larger part of its cost. */
	job.sandbox = i % 4 == 0 ? sandbox : NULL;
	if (!worker_start(&w, &job))
		return false;
	for (unsigned k = 0; k < i % 3; k++)
		(void)sched_yield();
	if (i % 5 != 0)
		(void)kill(w.pid, signals[i / 7 % LENGTH(signals)]);
	worker_free(&w);
	return true;
}

/* What came into a folder since then and is named so: files, named sockets,
 * cores. */
static unsigned
entries_since(const char *folder, const char *prefix, time_t start)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	struct stat s;
	unsigned n = 0;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    strncmp(entry->d_name, prefix, strlen(prefix)) != 0 ||
		    fstatat(dirfd(d), entry->d_name, &s,
		    AT_SYMLINK_NOFOLLOW) != 0 || s.st_ctime < start)
			continue;
		printf("# %s/%s\n", folder, entry->d_name);
		n++;
	}
	if (d != NULL)
		(void)closedir(d);
	return n;
}

/* Is shared memory a folder of our own?  It goes with us. */
static bool apart;

static void
shared_memory_apart(void)
{
	apart = unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", "/dev/shm", "tmpfs", 0, NULL) == 0;
}

/* In the working folder, which is that for temporary files, too, and in
 * shared memory: where that is everybody's, others have files of their names
 * there, and servers that run beside this test perhaps some of ours for a
 * moment, which is waited for.  A socket without a file lives no longer than
 * its last descriptor. */
static unsigned
files_left(time_t start)
{
	unsigned n = 1;

	for (int i = 0; i < 20 && n > 0; i++) {
		if (i > 0)
			(void)usleep(100000);
		n = entries_since(".", "", 0) +
		    entries_since("/dev/shm", apart ? "" : "mcpcap", start);
	}
	return n;
}

static void
cores_limit(rlim_t most)
{
	struct rlimit limit;

	(void)getrlimit(RLIMIT_CORE, &limit);
	limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
	(void)setrlimit(RLIMIT_CORE, &limit);
}

/* Whoever crashes leaves no core, whatever the server's limit says, and who
 * is in the sandbox can make no file.  Without it he can, and that is seen. */
static void
test_files(const struct sandbox *sandbox)
{
	static const enum deed deeds[] = { CRASH, OVERFLOW_STACK, ABORT,
		LEAVE_FILES };
	time_t start = time(NULL);
	struct worker w;

	cores_limit(RLIM_INFINITY);
	for (size_t i = 0; i < LENGTH(deeds); i++) {
		if (deeds[i] == LEAVE_FILES && (sandbox_is_instrumented() ||
		    !sandbox->seccomp))
			continue; /* without a sandbox there */
		w = finished(deeds[i], sandbox);
		worker_free(&w);
		if (deeds[i] == LEAVE_FILES)
			continue;
		w = finished(deeds[i], NULL);
		worker_free(&w);
	}
	ok_int(files_left(start), 0);
	ok_int(outcome_of(LEAVE_FILES, NULL), WORKER_GARBLED);
	ok_int(entries_since(".", "", 0), 1);
	(void)unlink("left");
	(void)unlink("/dev/shm/mcpcap-left");
	cores_limit(0);
}

static void
test_many(const struct sandbox *sandbox)
{
	int before = open_descriptors();
	time_t start = time(NULL);
	bool clean = true;

	for (unsigned i = 0; i < MANY; i++)
		clean = one_of_many(i, sandbox) && clean;
	ok(clean);
	ok_int(open_descriptors(), before);
	ok(waitpid(-1, NULL, WNOHANG) < 0);
	ok_int(errno, ECHILD);
	ok_int(files_left(start), 0);
	ok_int(outcome_of(ANSWER, sandbox), WORKER_ANSWERED);
}

int
main(void)
{
	char folder[] = "/tmp/mcpcap-workers-XXXXXX";
	struct sandbox sandbox;

	if (!ok(mkdtemp(folder) != NULL && chdir(folder) == 0))
		return tap_done();
	(void)setenv("TMPDIR", folder, 1);
	shared_memory_apart();
	sandbox_probe(&sandbox);
	(void)signal(SIGPIPE, SIG_IGN);
	test_answers();
	test_input();
	test_misdeeds(NULL);
	test_misdeeds(&sandbox);
	test_sandbox(&sandbox);
	test_seccomp(&sandbox);
	test_few_descriptors();
	test_assistant();
	test_stream(NULL);
	test_stream(&sandbox);
	test_progress();
	test_cancel();
	test_descriptors();
	test_files(&sandbox);
	test_many(&sandbox);
	ok(rmdir(folder) == 0);
	return tap_done();
}
