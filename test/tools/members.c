/*
 * The manual names every member of an answer: what the tools say of all
 * fixtures has no other.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "base/json_read.h"
#include "captures.h"
#include "tap.h"
#include "tools/registry.h"

static bool
is_named(const struct tool *tool, struct span member)
{
	struct span left = span_text(tool->output), word;

	while (left.n > 0) {
		word = span_first(left, span_find_byte(left, ' '));
		if (span_equal(word, member))
			return true;
		left = span_after(left, word.n + 1);
	}
	return false;
}

static void
answer_check(const struct tool *tool, const char *arguments, struct span bytes)
{
	const struct json_value *answer = NULL, *v;
	enum json_error error;
	struct arena arena;
	struct asked a;
	size_t at;

	ask_bytes(&a, tool, arguments, bytes);
	arena_init(&arena, (size_t)64 << 20);
	if (a.good)
		answer = json_read(&arena, buf_bytes(&a.answer), &error, &at);
	ok(a.good == (answer != NULL));
	for (v = answer == NULL ? NULL : answer->first; v != NULL; v = v->next)
		if (!is_named(tool, v->name) && !ok(false))
			printf("# %s: %.*s\n", tool->name, (int)v->name.n,
			    (const char *)v->name.p);
	arena_free(&arena);
	ask_free(&a);
}

static void
capture_check(const char *path)
{
	struct span bytes = ask_read(path);

	for (size_t i = 0; i < tool_count; i++)
		answer_check(tools[i], "", bytes);
	for (const struct ask_question *q = ask_questions; q->tool != NULL; q++)
		answer_check(tool_find(span_text(q->tool)), q->arguments,
		    bytes);
	free((void *)bytes.p);
}

int
main(int argc, char **argv)
{
	captures_each(argc, argv, capture_check);
	return tap_done();
}
