#include "cli/task.h"

#include "base/text.h"
#include "tools/args.h"

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

static bool
tell_nobody(void *context, struct span bytes)
{
	(void)context;
	(void)bytes;
	return true;
}

void
task_assist(const struct call *call, struct ahead *ahead, int input)
{
	struct call mine = *call;
	struct buf error;

	mine.progress = NULL;
	mine.write = tell_nobody;
	mine.counts = NULL;
	mine.ahead = ahead;
	mine.reads_ahead = true;
	buf_init(&error, 8192);
	(void)call_run(&mine, input, &error);
	buf_free(&error);
}

/* The arguments of the call, anew for each thread; false: `error` says why
 * there is none. */
static bool
task_call(const struct task *t, struct call *call, struct args *args,
    struct arena *arena, struct buf *error)
{
	*call = (struct call){
		.tool = t->tool,
		.args = args,
		.max_packets = t->max_packets,
		.tools_off = t->tools_off,
		.now = clock_now(),
	};
	/* Nothing is given back: the process ends with the call. */
	arena_init(arena, ARGS_MEMORY);
	if (!args_read_json(args, t->tool, t->arguments, arena, error))
		return false;
	call->name = name_copy(t, arena);
	if (call->name == NULL)
		buf_text(error, "out of memory");
	return call->name != NULL;
}

void
task_run_ahead(void *context, int input)
{
	struct task *t = context;
	struct arena arena;
	struct args args;
	struct buf error;
	struct call call;

	buf_init(&error, 8192);
	if (task_call(t, &call, &args, &arena, &error))
		task_assist(&call, &t->ahead, input);
	buf_free(&error);
}

bool
task_run(void *context, int input, struct worker_out *out, struct buf *error)
{
	struct task *t = context;
	const struct arg *capture;
	struct arena arena;
	struct args args;
	struct call call;

	if (!task_call(t, &call, &args, &arena, error))
		return false;
	call.progress = tell_progress;
	call.write = tell_answer;
	call.context = out;
	call.last = true;
	capture = args_get(&args, "pcap_file");
	if (input < 0 && capture != NULL && capture->given) {
		buf_text(error, "pcap_file must be a string: the path of a "
		    "capture, for example \"captures/dns.pcap\"");
		return false;
	}
	if (worker_assisted(out))
		call.ahead = &t->ahead;
	if (input >= 0)
		call_identify(&call, input);
	return call_run(&call, input, error);
}
