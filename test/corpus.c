/*
 * All tools over captures from outside, in this process:
 *	corpus CAPTURE...
 * Each capture in a child of its own; a line for what crashed, was slow or
 * took much memory, and a sum for each tool.  No call may take over 5 seconds
 * of CPU, no capture over 256 MiB for all its calls; under sanitizers three
 * times that, which is what they cost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "base/table.h"
#include "tools/registry.h"

#define TOOLS 64
#ifndef TIMES
#define TIMES 1
#endif
#define SLOW (5.0 * TIMES)        /* seconds */
#define MEMORY ((256L << 10) * TIMES) /* KiB, for all tools of a capture */
#define GIVE_UP 300               /* seconds for a capture */

/* Shared with the children. */
struct sums {
	struct {
		unsigned calls, answers, crashes, slow, unsound, refused;
		double longest;
	} tool[TOOLS];
	size_t now; /* which tool is at work */
	unsigned large;
	long most;
};

static double
clock_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
call(struct sums *s, size_t k, const char *arguments, struct span capture,
    const char *path)
{
	double started = clock_now_s(), took;
	struct asked a;

	s->now = k;
	s->tool[k].calls++;
	ask_bytes(&a, tools[k], arguments, capture);
	took = clock_now_s() - started;
	s->tool[k].answers += a.good;
	if (!ask_is_sound(&a)) {
		s->tool[k].unsound++;
		(void)printf("unsound  %s %s\n", tools[k]->name, path);
	}
	/* A question that no capture could answer tests nothing. */
	if (span_find(buf_bytes(&a.error), span_text("not accepted")) <
	    a.error.n) {
		s->tool[k].refused++;
		(void)printf("refused  %s %s: %.*s\n", tools[k]->name,
		    arguments, (int)a.error.n, (const char *)a.error.p);
	}
	if (took > SLOW) {
		s->tool[k].slow++;
		(void)printf("slow     %s %s: %.1f s\n", tools[k]->name, path,
		    took);
	}
	if (took > s->tool[k].longest)
		s->tool[k].longest = took;
	ask_free(&a);
}

static _Noreturn void
child(struct sums *s, const char *path)
{
	struct span capture = ask_read(path);
	struct rusage usage;

	alarm(GIVE_UP);
	for (size_t k = 0; k < tool_count && k < TOOLS; k++) {
		call(s, k, "", capture, path);
		for (size_t i = 0; ask_questions[i].tool != NULL; i++)
			if (strcmp(ask_questions[i].tool,
				tools[k]->name) == 0)
				call(s, k, ask_questions[i].arguments,
				    capture, path);
	}
	free((void *)capture.p);
	getrusage(RUSAGE_SELF, &usage);
	if (usage.ru_maxrss > s->most)
		s->most = usage.ru_maxrss;
	if (usage.ru_maxrss > MEMORY) {
		s->large++;
		(void)printf("large    %s: %ld MiB\n", path,
		    usage.ru_maxrss >> 10);
	}
	exit(0);
}

static void
capture_run(struct sums *s, const char *path)
{
	pid_t pid;
	int status = 0;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(s, path);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status == 0)
		return;
	s->tool[s->now].crashes++;
	(void)printf("crash    %s %s: status %d\n", tools[s->now]->name, path,
	    status);
}

int
main(int argc, char **argv)
{
	struct sums *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned bad;

	if (s == MAP_FAILED || argc < 2)
		return 2;
	hash_key_init();
	for (int i = 1; i < argc; i++)
		capture_run(s, argv[i]);
	bad = s->large;
	(void)printf("%-28s %6s %7s %7s %5s %7s %7s %s\n", "tool", "calls",
	    "answers", "crashes", "slow", "unsound", "refused", "longest");
	for (size_t k = 0; k < tool_count && k < TOOLS; k++) {
		(void)printf("%-28s %6u %7u %7u %5u %7u %7u %6.2f s\n",
		    tools[k]->name, s->tool[k].calls, s->tool[k].answers,
		    s->tool[k].crashes, s->tool[k].slow, s->tool[k].unsound,
		    s->tool[k].refused, s->tool[k].longest);
		bad += s->tool[k].crashes + s->tool[k].slow +
		    s->tool[k].unsound + s->tool[k].refused;
		bad += s->tool[k].calls > 100 && s->tool[k].answers == 0;
	}
	(void)printf("%d captures, at most %ld MiB, %u findings\n", argc - 1,
	    s->most >> 10, bad);
	return bad != 0;
}
