#include <stdlib.h>

#include "ask.h"
#include "base/text.h"
#include "cli/options.h"
#include "fuzz/target.h"
#include "tools/args.h"
#include "tools/registry.h"

static void
run_tool(const struct tool *tool, const char *arguments, struct span in)
{
	struct asked a;

	ask_bytes(&a, tool, arguments, in);
	fuzz_check(ask_is_sound(&a));
	ask_free(&a);
}

/* The whole tool over a file; which one, the last byte says. */
static void
run_file(struct span in)
{
	size_t n = 0, k = in.n == 0 ? 0 : in.p[in.n - 1];

	while (ask_questions[n].tool != NULL)
		n++;
	k %= tool_count + n;
	if (k < tool_count)
		run_tool(tools[k], "", in);
	else if (tool_find(span_text(ask_questions[k - tool_count].tool)) !=
	    NULL)
		run_tool(tool_find(span_text(
			     ask_questions[k - tool_count].tool)),
		    ask_questions[k - tool_count].arguments, in);
}

/* A tool's number, then its arguments as JSON. */
static void
run_arguments(struct span in)
{
	const struct json_value *object;
	enum json_error json;
	struct arena arena;
	struct args args;
	struct buf error;
	size_t offset;

	if (in.n == 0)
		return;
	arena_init(&arena, (size_t)16 << 20);
	buf_init(&error, 8192);
	object = json_read(&arena, span_after(in, 1), &json, &offset);
	if (object != NULL && object->kind == JSON_OBJECT) {
		if (!args_read_json(&args, tools[in.p[0] % tool_count],
			object, &arena, &error))
			fuzz_check(error.n > 0 &&
			    (error.full || text_is_utf8(buf_bytes(&error))));
		args_free(&args);
	}
	buf_free(&error);
	arena_free(&arena);
}

#define WORDS 40

/* Words of a command line with NUL between. */
static void
run_options(struct span in)
{
	char *copy = malloc(in.n + 1), *words[WORDS + 1] = { (char *)"mcpcap" };
	struct serve_options options;
	struct buf error;
	int n = 1;

	if (copy == NULL)
		return;
	memcpy(copy, in.p, in.n);
	copy[in.n] = '\0';
	for (size_t at = 0; at < in.n && n < WORDS;
	     at += strlen(copy + at) + 1)
		words[n++] = copy + at;
	buf_init(&error, 8192);
	if (!options_read(&options, n, words, &error))
		fuzz_check(error.n > 0 && text_is_utf8(buf_bytes(&error)));
	buf_free(&error);
	free(copy);
}

/* A tool's number, then `name value` pairs with NUL between. */
static void
run_words(struct span in)
{
	struct arg_word words[WORDS];
	struct arena arena;
	struct args args;
	struct buf error;
	size_t n = 0;
	const struct tool *tool;

	if (in.n == 0)
		return;
	tool = tools[in.p[0] % tool_count];
	in = span_after(in, 1);
	while (in.n > 0 && n < WORDS) {
		size_t at = span_find_byte(in, '\0');
		struct span name = span_first(in, at);

		in = span_after(in, at + 1);
		at = span_find_byte(in, '\0');
		words[n++] = (struct arg_word){ name, span_first(in, at) };
		in = span_after(in, at + 1);
	}
	arena_init(&arena, (size_t)16 << 20);
	buf_init(&error, 8192);
	if (!args_read_words(&args, tool, words, n, &arena, &error))
		fuzz_check(error.n > 0);
	args_free(&args);
	buf_free(&error);
	arena_free(&arena);
}

const struct fuzz_target fuzz_tools[] = {
	{ "file", SEED_CAPTURE, run_file },
	{ "arguments", SEED_TEXT, run_arguments },
	{ "options", SEED_TEXT, run_options },
	{ "words", SEED_TEXT, run_words },
	{ NULL, SEED_BYTES, NULL },
};
