/*
 * Runs commands in turn, round after round, and writes what they took:
 *
 *	measure ROUNDS SECONDS <COMMANDS >RESULTS
 *
 * A command is a line of four fields with tabs between them: the job, who
 * does it, what part of the job's capture it is given (1, or 10 for a tenth),
 * and the command for sh.  The first of a job is what the others are compared
 * with.  What is given a part runs only once, and counts tenfold.
 *
 * A result is a line of job, who, median of CPU seconds, of wall seconds, peak
 * in megabytes, CPU as a multiple of the job's first, part, status (0, or
 * that of wait()).  Commands that outlast SECONDS are killed.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS 200
#define ROUNDS 51

struct command {
	const char *job, *who, *line;
	double part;
	double cpu[ROUNDS], wall[ROUNDS];
	size_t n;
	long peak;
	int status;
};

static volatile pid_t running;

static void
end_running(int number)
{
	(void)number;
	if (running > 0)
		(void)kill(-running, SIGKILL);
}

static double
seconds(long s, long parts, double of)
{
	return (double)s + (double)parts / of;
}

static void
run(struct command *c, unsigned limit)
{
	struct timespec before, after;
	struct rusage usage;
	int status = -1;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &before);
	pid = fork();
	if (pid == 0) {
		(void)setpgid(0, 0);
		execl("/bin/sh", "sh", "-c", c->line, (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		exit(1);
	(void)setpgid(pid, pid);
	running = pid;
	alarm(limit);
	while (wait4(pid, &status, 0, &usage) < 0)
		continue;
	alarm(0);
	running = 0;
	clock_gettime(CLOCK_MONOTONIC, &after);
	c->wall[c->n] = seconds(after.tv_sec - before.tv_sec,
	    after.tv_nsec - before.tv_nsec, 1e9);
	c->cpu[c->n++] = seconds(usage.ru_utime.tv_sec +
	    usage.ru_stime.tv_sec, usage.ru_utime.tv_usec +
	    usage.ru_stime.tv_usec, 1e6);
	if (usage.ru_maxrss > c->peak)
		c->peak = usage.ru_maxrss;
	if (status != 0)
		c->status = status;
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(double *of, size_t n)
{
	qsort(of, n, sizeof(*of), compare);
	return of[n / 2];
}

static bool
read_command(struct command *c, char *line)
{
	char *fields[4];

	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < 4; i++) {
		fields[i] = line;
		line += strcspn(line, "\t");
		if (i < 3 && *line++ == '\0')
			return false;
		line[i < 3 ? -1 : 0] = '\0';
	}
	*c = (struct command){ .job = fields[0], .who = fields[1],
		.part = atof(fields[2]), .line = fields[3] };
	return c->part > 0;
}

static size_t
read_commands(struct command *list)
{
	size_t n = 0, size = 0;
	char *line = NULL;

	while (n < COMMANDS && getline(&line, &size, stdin) > 0) {
		char *kept = strdup(line);

		if (kept != NULL && read_command(&list[n], kept))
			n++;
	}
	free(line);
	return n;
}

/* Commands of one job, one after the other; the first round only warms. */
static void
run_job(struct command *list, size_t n, size_t rounds, unsigned limit)
{
	for (size_t round = 0; round <= rounds; round++) {
		for (size_t i = 0; i < n; i++) {
			bool once = list[i].part != 1;

			if (once && round > 0)
				continue;
			if (round == 1)
				list[i].n = 0;
			run(&list[i], limit);
		}
	}
}

static void
write_job(struct command *list, size_t n)
{
	double base = 0;

	for (size_t i = 0; i < n; i++) {
		struct command *c = &list[i];
		double cpu = median(c->cpu, c->n) * c->part;
		double wall = median(c->wall, c->n) * c->part;

		if (i == 0)
			base = cpu > 0 ? cpu : 1e-6;
		printf("%s\t%s\t%.4f\t%.4f\t%.1f\t%.2f\t%g\t%d\n", c->job,
		    c->who, cpu, wall, (double)c->peak / 1024, cpu / base,
		    c->part, c->status);
	}
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static struct command list[COMMANDS];
	size_t n, first = 0, rounds;
	int limit;

	rounds = argc == 3 ? (size_t)atoi(argv[1]) : 0;
	limit = argc == 3 ? atoi(argv[2]) : 0;
	if (rounds < 1 || rounds >= ROUNDS || limit < 1) {
		fprintf(stderr, "measure ROUNDS SECONDS <COMMANDS\n");
		return 2;
	}
	(void)signal(SIGALRM, end_running);
	n = read_commands(list);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && strcmp(list[i].job, list[first].job) == 0)
			continue;
		run_job(list + first, i - first, rounds, (unsigned)limit);
		write_job(list + first, i - first);
		first = i;
	}
	return 0;
}
