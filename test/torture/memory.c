/*
 * Every tool with every request for memory refused: the k-th alone, and the
 * k-th and all after it.  An answer is whole or says what is missing; a
 * refusal has words; nothing leaks, nothing crashes.  The linker puts our
 * allocator before the library's (refuse.h), so that this works with every
 * libc and under sanitizers.  TORTURE=all tries every k.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "base/table.h"
#include "tap.h"
#include "tools/registry.h"
#include "torture/refuse.h"

#define TRIES 12 /* for a question, unless TORTURE=all */

struct question {
	const struct tool *tool;
	const char *arguments;
	struct span capture;
};

/* False: something is wrong with the answer, or memory is lost. */
static bool
try(const struct question *q, uint64_t at, bool all)
{
	int64_t before = live;
	struct asked a;
	bool sound;

	refuse_from(at, all);
	ask_bytes(&a, q->tool, q->arguments, q->capture);
	refuse_nothing();
	/* Where nothing at all is left there is no room for words. */
	sound = ask_is_sound(&a) || a.answer.full;
	ask_free(&a);
	if (sound && live == before)
		return true;
	(void)printf("# %s %s: request %llu%s refused: %s\n", q->tool->name,
	    q->arguments, (unsigned long long)at, all ? " and all after" : "",
	    sound ? "memory is lost" : "no sound answer");
	(void)printf("# %lld pieces\n", (long long)(live - before));
	return false;
}

static void
torture(const struct question *q)
{
	const char *more = getenv("TORTURE");
	unsigned bad = 0;
	uint64_t n, step;

	(void)try(q, UINT64_MAX, false);
	n = asked;
	step = more != NULL ? 1 : 1 + n / TRIES;
	for (uint64_t at = 1; at <= n && bad < 3; at += step) {
		/* The first ones are the set-up: none is left out. */
		if (at + step <= 40)
			step = 1;
		else if (more == NULL && at > 40)
			step = 1 + n / TRIES;
		bad += !try(q, at, false);
		bad += !try(q, at, true);
	}
	ok_int(bad, 0);
}

int
main(void)
{
	static const char *const names[] = { "builder-layers.pcap",
		"gzip-members.pcapng.gz" };
	static char lines[BUFSIZ];
	char path[4096];

	(void)setvbuf(stdout, lines, _IOLBF, sizeof(lines));
	hash_key_init();
	for (size_t f = 0; f < LENGTH(names); f++) {
		struct question q;

		(void)snprintf(path, sizeof(path), "%s/%s", FIXTURES,
		    names[f]);
		q.capture = ask_read(path);
		ok(q.capture.n > 0);
		for (size_t i = 0; i < tool_count; i++) {
			q.tool = tools[i];
			q.arguments = "";
			torture(&q);
		}
		for (size_t i = 0; ask_questions[i].tool != NULL && f == 0;
		     i++) {
			q.tool = tool_find(span_text(ask_questions[i].tool));
			q.arguments = ask_questions[i].arguments;
			if (ok(q.tool != NULL))
				torture(&q);
		}
		free((void *)q.capture.p);
	}
	return tap_done();
}
