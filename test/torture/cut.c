/*
 * Captures that end anywhere, and packets that do: every fixture cut at every
 * byte through every tool, and every packet cut at every byte with the cut
 * flush against a page that nobody may touch, so that the shipped flags show
 * a read beyond it as a sanitizer would.  TORTURE=all leaves no byte out,
 * each with some of the tools in turn: the packets before it are the same for
 * all of them until the next one ends.  TORTURE=tools takes all tools at each
 * byte, for hours.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/table.h"
#include "fuzz/packets.h"
#include "tap.h"
#include "tools/registry.h"

#define CUTS 4       /* of a fixture and tool, unless TORTURE=all */
#define PACKETS 12   /* of a fixture, cut at many bytes */
#define ROOM ((size_t)256 << 10) /* larger packets are left out */
#define HUGE ((size_t)64 << 10)  /* a fixture of a few huge packets */

static bool everything, all_tools;
static unsigned n_calls, n_walks;

/* ---- Packets ------------------------------------------------------------ */

/* Walked, tracked and dispatched with all fields, as if it were alone. */
static void
walk_alone(const struct record *r, size_t n, bool loud)
{
	static struct road road;
	static struct flows *flows;
	static struct dispatch *dispatch;
	static struct field_list fields;
	struct record cut = *r;

	if (flows == NULL || n_walks % 5000 == 0) {
		dispatch_free(dispatch);
		flows_free(flows);
		defrag_free(road.defrag);
		field_list_free(&fields);
		flows = flows_new(NULL);
		dispatch = dispatch_new(NULL);
		road.defrag = defrag_new(NULL);
		arena_free(&road.arena);
		arena_init(&road.arena, (size_t)64 << 20);
		field_list_init(&fields, &road.arena);
	}
	road.flows = flows;
	road.dispatch = dispatch;
	road.fields = loud ? &fields : NULL;
	cut.bytes = ask_wall(span_first(r->bytes, n));
	road_walk(&road, &cut);
	n_walks++;
}

static void
packets_cut(struct span whole)
{
	enum capture_error error;
	struct capture *c = capture_open(ask_file(whole), false, NULL, &error);
	struct record r;
	unsigned n = 0;

	while (c != NULL && capture_read(c, &r, 1) == 1) {
		size_t step = everything || r.bytes.n < 400 ? 1
			: r.bytes.n / 100;

		if (!everything && n++ >= PACKETS)
			break;
		for (size_t k = 0; k <= r.bytes.n && r.bytes.n < ROOM;
		     k += step)
			walk_alone(&r, k, k & 1);
	}
	if (c != NULL)
		capture_close(c);
}

/* ---- Files -------------------------------------------------------------- */

static bool
call(const struct tool *tool, const char *arguments, struct span cut)
{
	struct asked a;
	bool sound;

	ask_bytes(&a, tool, arguments, cut);
	sound = ask_is_sound(&a);
	if (!sound)
		(void)printf("# %s %s cut to %zu bytes\n", tool->name,
		    arguments, cut.n);
	ask_free(&a);
	n_calls++;
	return sound;
}

/* A call is made once in so many turns. */
static size_t
every(size_t whole, size_t otherwise)
{
	if (all_tools)
		return 1;
	return !everything ? otherwise : whole > HUGE ? 3 * tool_count : 7;
}

/* Every tool over a file that ends there. */
static unsigned
file_cut(struct span whole, size_t n, size_t turn)
{
	struct span cut = span_first(whole, n);
	unsigned bad = 0;

	for (size_t i = 0; i < tool_count; i++)
		if ((i + turn) % every(whole.n, 3) == 0)
			bad += !call(tools[i], "", cut);
	for (size_t i = 0; ask_questions[i].tool != NULL; i++)
		if ((i + turn) % every(whole.n, 5) == 0)
			bad += !call(tool_find(span_text(
					 ask_questions[i].tool)),
			    ask_questions[i].arguments, cut);
	return bad;
}

static void
fixture_cut(const char *path, const char *name)
{
	struct span whole = ask_read(path);
	size_t step = everything ? 1 : 1 + whole.n / CUTS;
	unsigned bad = 0;
	size_t turn = 0;

	packets_cut(whole);
	for (size_t n = (uint8_t)name[0] % 7; n <= whole.n; n += step)
		bad += file_cut(whole, n, turn++);
	if (!ok(bad == 0))
		(void)printf("# %s\n", name);
	free((void *)whole.p);
}

int
main(void)
{
	DIR *folder = opendir(FIXTURES);
	struct dirent *entry;
	const char *torture = getenv("TORTURE");
	char path[4096];

	everything = torture != NULL;
	all_tools = torture != NULL && strcmp(torture, "tools") == 0;
	hash_key_init();
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", FIXTURES,
		    entry->d_name);
		fixture_cut(path, entry->d_name);
	}
	if (folder != NULL)
		closedir(folder);
	(void)printf("# %u calls, %u packets\n", n_calls, n_walks);
	ok(n_calls > 500 && n_walks > 5000);
	return tap_done();
}
