#include "cli/task.h"

#include "base/text.h"
#include "tools/args.h"
#include "tools/call.h"

#define ARGS_MEMORY (16 * 1024 * 1024)

struct span
task_capture(const struct task *t)
{
	const struct json_value *v = json_get(t->arguments, "pcap_file");

	return v != NULL && v->kind == JSON_STRING ? v->text : span_empty();
}

bool
task_open(struct task *t, const struct source_roots *roots, int *fd,
    struct buf *error)
{
	struct span name = task_capture(t);
	enum source_error why;

	*fd = -1;
	if (name.n == 0)
		return true;
	*fd = source_open(roots, name, &t->file_size, &why);
	if (*fd >= 0)
		return true;
	buf_text(error, "pcap_file ");
	text_escape(error, name, TEXT_MAX);
	buf_printf(error, ": %s", source_error_text(why));
	return false;
}

static bool
tell_progress(void *context, uint64_t done, uint64_t total)
{
	return worker_progress(context, done, total);
}

static bool
tell_answer(void *context, struct span bytes)
{
	return worker_write(context, bytes);
}

/* The capture's name as a C string; it has no NUL, or it was not opened. */
static const char *
name_copy(const struct task *t, struct arena *arena)
{
	struct span name = task_capture(t);
	char *copy = arena_alloc(arena, name.n + 1, 1);

	if (copy != NULL)
		memcpy(copy, name.p, name.n);
	return copy;
}

bool
task_run(void *context, int input, struct worker_out *out, struct buf *error)
{
	struct task *t = context;
	const struct arg *capture;
	struct arena arena;
	struct args args;
	struct call call = {
		.tool = t->tool,
		.args = &args,
		.max_packets = t->max_packets,
		.tools_off = t->tools_off,
		.now = clock_now(),
		.progress = tell_progress,
		.write = tell_answer,
		.context = out,
	};

	/* Nothing is given back: the process ends with the call. */
	arena_init(&arena, ARGS_MEMORY);
	if (!args_read_json(&args, t->tool, t->arguments, &arena, error))
		return false;
	call.name = name_copy(t, &arena);
	capture = args_get(&args, "pcap_file");
	if (input < 0 && capture != NULL && capture->given) {
		buf_text(error, "pcap_file must be a string: the path of a "
		    "capture, for example \"captures/dns.pcap\"");
		return false;
	}
	if (call.name == NULL) {
		buf_text(error, "out of memory");
		return false;
	}
	if (input >= 0)
		call_identify(&call, input);
	return call_run(&call, input, error);
}
