#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "worker/worker.h"

/*
 * What a process that fetches can do, and what not: it may write so many
 * bytes into its file, read the files that are named, and open sockets of the
 * internet.
 */
static bool
says(struct worker_out *out, const char *what, bool good)
{
	if (!good) {
		(void)worker_write(out, span_text(what));
		(void)worker_write(out, span_text(" "));
	}
	return good;
}

static bool
opens(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
makes(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Names all that is not as it should be. */
static bool
try_all(void *context, int input, struct worker_out *out, struct buf *error)
{
	char bytes[512] = "";
	const bool *locked = context;

	(void)error;
	(void)says(out, "write", write(input, bytes, 512) == 512);
	(void)says(out, "internet", makes(AF_INET));
	(void)says(out, "hosts", opens("/etc/hosts", O_RDONLY));
	if (!*locked)
		return true;
	(void)says(out, "file", !opens("/proc/self/environ", O_RDONLY));
	(void)says(out, "root", !opens("/", O_RDONLY | O_DIRECTORY));
	(void)says(out, "tmp", !opens("/tmp/fetch-x", O_RDWR | O_CREAT));
	(void)says(out, "hosts-write", !opens("/etc/hosts", O_RDWR));
	if (sandbox_is_instrumented())
		return true;
	(void)says(out, "more", write(input, bytes, 512) < 512);
#ifndef __GLIBC__
	(void)says(out, "local", !makes(AF_UNIX));
	(void)says(out, "netlink", !makes(AF_NETLINK));
#endif
	return true;
}

/* With a list of system calls these end the process. */
static bool
try_fork(void *context, int input, struct worker_out *out, struct buf *error)
{
	(void)context;
	(void)input;
	(void)error;
	(void)fork();
	return worker_write(out, span_text("forked"));
}

static bool
try_exec(void *context, int input, struct worker_out *out, struct buf *error)
{
	(void)context;
	(void)input;
	(void)error;
	(void)execl("/bin/true", "true", (char *)NULL);
	return worker_write(out, span_text("returned"));
}

static enum worker_outcome
outcome(struct worker_job *job, struct worker *w)
{
	(void)worker_start(w, job);
	worker_wait(w);
	return w->outcome;
}

int
main(void)
{
	static const char *const files[] = { "/etc/hosts", "/etc/nothing",
		NULL };
	struct sandbox sandbox;
	bool locked;
	struct worker_job job = { .run = try_all, .context = &locked,
		.network = files, .max_file = 1000, .timeout = 20,
		.sandbox = &sandbox };
	FILE *store = tmpfile();
	struct worker w;

	sandbox_probe(&sandbox);
	locked = sandbox.landlock > 0 && sandbox.seccomp;
	if (!ok(store != NULL))
		return tap_done();
	job.input = fileno(store);
	ok_int(outcome(&job, &w), WORKER_ANSWERED);
	ok_span(buf_bytes(&w.answer), "");
	worker_free(&w);
#ifndef __GLIBC__
	if (locked) {
		job.run = try_fork;
		ok_int(outcome(&job, &w), WORKER_CRASHED);
		worker_free(&w);
		job.run = try_exec;
		ok_int(outcome(&job, &w), WORKER_CRASHED);
		worker_free(&w);
	}
#else
	(void)try_fork;
	(void)try_exec;
#endif
	(void)fclose(store);
	return tap_done();
}
