/*
 * Every call that summarize_capture proposes can be made as it stands: for
 * all fixtures that it accepts, and with a focus.  And it stays small.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "base/json_read.h"
#include "tap.h"
#include "tools/registry.h"

extern const struct tool tool_summarize_capture;

#define SUMMARY_MAX 10240

static void
call_check(const char *file, const struct json_value *call, struct span bytes)
{
	const struct tool *tool = tool_find(json_get_text(call, "tool"));
	const struct json_value *arguments = json_get(call, "arguments");
	struct asked a;
	struct buf text;

	if (!ok(tool != NULL && arguments != NULL))
		return;
	buf_init(&text, 65536);
	buf_span(&text, arguments->raw);
	buf_byte(&text, '\0');
	ask_bytes(&a, tool, (const char *)text.p, bytes);
	if (!ok(a.good && ask_is_sound(&a)))
		printf("# %s: %s %s: %.*s\n", file, tool->name,
		    (const char *)text.p, (int)a.error.n,
		    (const char *)a.error.p);
	ask_free(&a);
	buf_free(&text);
}

static unsigned
summary_check(const char *file, const char *arguments, struct span bytes)
{
	const struct json_value *answer, *calls, *call;
	enum json_error error;
	struct arena arena;
	struct asked a;
	unsigned n = 0;
	size_t at;

	ask_bytes(&a, &tool_summarize_capture, arguments, bytes);
	arena_init(&arena, (size_t)8 << 20);
	answer = !a.good ? NULL :
	    json_read(&arena, buf_bytes(&a.answer), &error, &at);
	if (answer != NULL) {
		if (!ok(a.answer.n <= SUMMARY_MAX))
			printf("# %s: %zu bytes\n", file, a.answer.n);
		calls = json_get(answer, "next_calls");
		if (!ok(calls != NULL && calls->n >= 3 && calls->n <= 6))
			printf("# %s\n", file);
		for (call = calls == NULL ? NULL : calls->first; call != NULL;
		    call = call->next, n++)
			call_check(file, call, bytes);
	}
	arena_free(&arena);
	ask_free(&a);
	return n;
}

int
main(void)
{
	DIR *folder = opendir(FIXTURES);
	struct dirent *entry;
	unsigned calls = 0;
	char path[1024];

	ok(folder != NULL);
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		struct span bytes;

		(void)snprintf(path, sizeof(path), "%s/%s", FIXTURES,
		    entry->d_name);
		if (entry->d_name[0] == '.')
			continue;
		bytes = ask_read(path);
		calls += summary_check(entry->d_name, "", bytes);
		calls += summary_check(entry->d_name,
		    "{\"focus\":\"10.0.0.0/8\"}", bytes);
		free((void *)(uintptr_t)bytes.p);
	}
	if (folder != NULL)
		(void)closedir(folder);
	ok(calls > 100);
	return tap_done();
}
