/*
 * Every fixture with noise in it, through tools in turn: an answer that is
 * JSON or an error with words, in bounded time.  TORTURE=N changes each
 * fixture N times; SEED=N begins elsewhere.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ask.h"
#include "base/table.h"
#include "tap.h"
#include "tools/registry.h"

#define ROUNDS 20
#define SLOW 2.0 /* seconds of CPU for a fixture: none comes near */

static uint64_t state = 88172645463325252u;
static double slowest;

static uint64_t
noise(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return below == 0 ? 0 : state % below;
}

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Flips, edges, a run repeated or taken out. */
static size_t
change(uint8_t *p, size_t n)
{
	static const uint8_t edges[] = { 0, 1, 2, 0x7f, 0x80, 0xfe, 0xff };
	uint64_t count = 1 + noise(1 + n / 50);

	for (uint64_t i = 0; i < count && n > 0; i++)
		p[noise(n)] = noise(2) ? (uint8_t)noise(256)
				       : edges[noise(sizeof(edges))];
	if (n > 64 && noise(3) == 0) {
		size_t from = noise(n - 32), to = noise(n - 32);

		memmove(p + to, p + from, 1 + noise(31));
	}
	if (n > 64 && noise(8) == 0) {
		size_t at = noise(n - 32), run = 1 + noise(31);

		memmove(p + at, p + at + run, n - at - run);
		n -= run;
	}
	return n;
}

static bool
call(const struct tool *tool, const char *arguments, struct span capture,
    const char *name, uint64_t seed)
{
	double started = cpu(), took;
	struct asked a;
	bool sound;

	ask_bytes(&a, tool, arguments, capture);
	sound = ask_is_sound(&a);
	ask_free(&a);
	took = cpu() - started;
	if (took > slowest)
		slowest = took;
	if (sound && took < SLOW)
		return true;
	(void)printf("# %s, SEED=%llu: %s %s: %.1f s\n", name,
	    (unsigned long long)seed, tool->name, arguments, took);
	return false;
}

static void
fixture(const char *path, const char *name, unsigned long rounds)
{
	struct span whole = ask_read(path);
	uint8_t *p = malloc(whole.n + 1);
	unsigned bad = 0;
	size_t n_questions = 0;

	while (ask_questions[n_questions].tool != NULL)
		n_questions++;
	for (unsigned long i = 0; i < rounds && p != NULL; i++) {
		uint64_t seed = state;
		size_t k = noise(tool_count + n_questions), n;
		const struct tool *tool;
		const char *arguments = "";

		memcpy(p, whole.p, whole.n);
		n = change(p, whole.n);
		tool = k < tool_count ? tools[k] : NULL;
		if (tool == NULL) {
			tool = tool_find(span_text(
			    ask_questions[k - tool_count].tool));
			arguments = ask_questions[k - tool_count].arguments;
		}
		bad += !call(tool, arguments, span_of(p, n), name, seed);
	}
	ok_int(bad, 0);
	free(p);
	free((void *)whole.p);
}

int
main(void)
{
	const char *more = getenv("TORTURE"), *seed = getenv("SEED");
	unsigned long rounds = more == NULL ? ROUNDS
		: strtoul(more, NULL, 10);
	DIR *folder = opendir(FIXTURES);
	struct dirent *entry;
	char path[4096];

	if (seed != NULL)
		state = strtoull(seed, NULL, 10) | 1;
	hash_key_init();
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", FIXTURES,
		    entry->d_name);
		fixture(path, entry->d_name, rounds == 0 ? 1000 : rounds);
	}
	if (folder != NULL)
		closedir(folder);
	(void)printf("# slowest call: %.3f s\n", slowest);
	return tap_done();
}
