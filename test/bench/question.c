/*
 * One question in this very process, for callgrind:
 *
 *	question TOOL ARGUMENTS CAPTURE [all]
 *
 * ARGUMENTS is a JSON object, with pcap_file; `all` streams NDJSON.  The
 * answer goes nowhere; its size is told.
 */
#include <fcntl.h>
#include <stdio.h>

#include "base/table.h"
#include "tools/args.h"
#include "tools/call.h"
#include "tools/registry.h"

static bool
count(void *context, struct span bytes)
{
	uint64_t *n = context;

	*n += bytes.n;
	return true;
}

static bool
answer(const struct tool *tool, char **argv, bool all, struct buf *error)
{
	const struct json_value *object;
	enum json_error what;
	struct arena arena;
	struct args args;
	size_t offset;
	uint64_t n = 0;
	bool good;
	struct call c = {
		.tool = tool,
		.args = &args,
		.name = "capture",
		.now = { 1700000000, 0, 0, true },
		.format = all ? ROWS_NDJSON : ROWS_JSON,
		.all = all,
		.prefix = span_empty(),
		.write = count,
		.context = &n,
	};
	int fd = open(argv[3], O_RDONLY | O_CLOEXEC);

	arena_init(&arena, (size_t)1 << 20);
	object = json_read(&arena, span_text(argv[2]), &what, &offset);
	good = fd >= 0 && object != NULL &&
	    args_read_json(&args, tool, object, &arena, error);
	if (good) {
		call_identify(&c, fd);
		good = call_run(&c, fd, error);
		args_free(&args);
	}
	arena_free(&arena);
	printf("%llu bytes\n", (unsigned long long)n);
	return good;
}

int
main(int argc, char **argv)
{
	const struct tool *tool = argc < 4 ? NULL : tool_find(span_text(argv[1]));
	struct buf error;
	bool good;

	if (tool == NULL) {
		fprintf(stderr, "question TOOL ARGUMENTS CAPTURE [all]\n");
		return 2;
	}
	hash_key_init();
	buf_init(&error, 8192);
	good = answer(tool, argv, argc > 4, &error);
	if (!good)
		fprintf(stderr, "%.*s\n", (int)error.n, (char *)error.p);
	buf_free(&error);
	return good ? 0 : 1;
}
