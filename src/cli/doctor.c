#include "cli/doctor.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/serve.h"
#include "fetch/tls.h"
#include "proto/proto.h"
#include "tools/registry.h"
#include "worker/root.h"
#include "worker/worker.h"

static void
line(const char *what, const char *how)
{
	(void)printf("  %-22s %s\n", what, how);
}

static void
yes_no(const char *what, bool there)
{
	line(what, there ? "yes" : "no");
}

static void
doctor_build(void)
{
	(void)printf("mcpcap %s\n", MCPCAP_VERSION);
#if defined(__clang__)
	line("compiler", "clang " __clang_version__);
#elif defined(__GNUC__)
	line("compiler", "gcc " __VERSION__);
#endif
#if defined(__GLIBC__)
	line("C library", "glibc");
#else
	line("C library", "musl or other");
#endif
	yes_no("sanitizers", sandbox_is_instrumented());
	line("https", tls_name == NULL ? "not built in" : tls_name);
	(void)printf("  %-22s %zu\n", "tools", tool_count);
	(void)printf("  %-22s %zu\n", "protocols", proto_count);
}

static void
doctor_sandbox(const struct sandbox *s)
{
	(void)printf("sandbox of workers: %s\n",
	    sandbox_is_full(s) ? "complete" : "incomplete");
	yes_no("own process", true);
	yes_no("no new privileges", s->no_new_privs);
	yes_no("no executable memory", s->no_exec_memory);
	if (s->landlock > 0)
		(void)printf("  %-22s yes, ABI %d\n", "Landlock",
		    s->landlock);
	else
		line("Landlock", "no (Linux 5.13 or later has it)");
	if (s->seccomp)
		(void)printf("  %-22s yes (%s)\n", "seccomp", s->arch);
	else
		line("seccomp", s->arch == NULL ?
		    "no (no table for this processor)" : "no");
	if (geteuid() == 0)
		line("user", root_can_drop() ? "root: a server keeps only "
		    "reading, a worker nothing of it" :
		    "root: run as another user where you can");
	else
		line("user", "not root");
}

static void
doctor_limits(void)
{
	const struct serve_limits limits = SERVE_LIMITS;

	(void)printf("limits of a call in the server\n");
	(void)printf("  %-22s %u s\n", "time", limits.timeout);
	(void)printf("  %-22s %llu MB\n", "memory",
	    (unsigned long long)(limits.max_memory >> 20));
	(void)printf("  %-22s %u\n", "calls at a time", limits.jobs);
}

static bool
answers(void *context, int input, struct worker_out *out, struct buf *error)
{
	(void)context;
	(void)input;
	(void)error;
	return worker_write(out, span_text("{}"));
}

/* A worker really starts, is locked down and answers. */
static bool
doctor_try(const struct sandbox *sandbox)
{
	const struct worker_job job = {
		.input = -1,
		.run = answers,
		.sandbox = sandbox,
		.max_memory = UINT64_C(1) << 30,
		.timeout = 10,
		.json = true,
	};
	struct worker worker;
	struct span text;
	bool good;

	(void)worker_start(&worker, &job);
	worker_wait(&worker);
	good = worker.outcome == WORKER_ANSWERED;
	text = worker_text(&worker);
	(void)printf("a worker in it: %.*s\n", good ? 5 : (int)text.n,
	    good ? "works" : (const char *)text.p);
	worker_free(&worker);
	return good;
}

int
doctor(void)
{
	struct sandbox sandbox;
	bool good;

	sandbox_probe(&sandbox);
	doctor_build();
	doctor_sandbox(&sandbox);
	doctor_limits();
	(void)fflush(stdout); /* before the fork: each line once */
	good = doctor_try(&sandbox);
	return good && sandbox_is_full(&sandbox) ? 0 : 1;
}
