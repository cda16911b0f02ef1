#include "cli/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/table.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/remote.h"
#include "cli/show.h"
#include "cli/task.h"
#include "tools/args.h"
#include "tools/call.h"
#include "worker/source.h"
#include "worker/worker.h"

#define WORDS_MAX 64
#define ARGS_MEMORY ((size_t)16 << 20)
#define WORKER_MEMORY ((uint64_t)4 << 30)
#define TABLE_MARK " rows " /* in the output of tools that print columns */

struct question {
	const struct tool *tool;
	struct arg_word words[WORDS_MAX]; /* the first is pcap_file */
	size_t n_words;
	char **captures; /* argv, moved to its front */
	int n_captures;
	struct show show;
	bool all, help, no_sandbox;
	struct serve_options serve; /* of these the remote captures */
	uint64_t max_packets, jobs, max_memory;
	struct sandbox sandbox;
	struct call_counts *counts; /* shared with the worker */
	struct arena arena;
};

const struct ask_option ask_options[] = {
	{ "format", "text|json|ndjson|tsv", "default: text on a terminal, "
	    "else json; ndjson is a row an object a line", false },
	{ "all", NULL, "all rows, as they come", false },
	{ "max-packets", "N", "analyse at most the first N packets of the "
	    "protocol (analyze_dns_packets and its like)", true },
	{ "jobs", "N", "1: a large capture is read by one thread, not by two",
	    false },
	{ "max-memory", "BYTES", "as in 512M; default: 4G", false },
	{ "no-sandbox", NULL, "worker without seccomp and Landlock", false },
	{ "help", NULL, "this text", false },
	{ 0 },
};

bool
ask_option_of(const struct ask_option *o, const struct tool *tool)
{
	return tool->obeys_max_packets || !o->obeyed;
}

/* ---- The command line -------------------------------------------------- */

static bool
refuse_value(struct buf *error, const char *name, const char *value,
    const char *form)
{
	if (value == NULL)
		buf_printf(error, "--%s needs a value: %s", name, form);
	else
		buf_printf(error, "--%s: give %s", name, form);
	return false;
}

/* An option of ask_options; *taken tells whether it was one. */
static bool
common_option(struct question *q, int argc, char **argv, int *i, bool *taken,
    struct buf *error)
{
	const char *word = argv[*i];
	char *value = NULL;

	*taken = true;
	if (option_value("format", argc, argv, i, &value)) {
		if (value == NULL || !show_format_read(value, &q->show.format))
			return refuse_value(error, "format", value,
			    "text, json, ndjson or tsv");
	} else if (q->tool->obeys_max_packets &&
	    option_value("max-packets", argc, argv, i, &value)) {
		if (value == NULL || !options_size(value, &q->max_packets))
			return refuse_value(error, "max-packets", value,
			    "a whole number");
	} else if (option_value("jobs", argc, argv, i, &value)) {
		if (value == NULL || !options_size(value, &q->jobs) ||
		    q->jobs == 0)
			return refuse_value(error, "jobs", value,
			    "a whole number from 1");
	} else if (option_value("max-memory", argc, argv, i, &value)) {
		if (value == NULL || !options_size(value, &q->max_memory))
			return refuse_value(error, "max-memory", value,
			    "bytes, as in 512M");
	} else if (strcmp(word, "--all") == 0) {
		q->all = true;
	} else if (strcmp(word, "--no-sandbox") == 0) {
		q->no_sandbox = true;
	} else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		q->help = true;
	} else {
		return options_take(&q->serve, OPTIONS_REMOTE, argc, argv, i,
		    taken, error);
	}
	return true;
}

/* "server-ip" as the parameter's row has it. */
static struct span
name_of(struct question *q, struct span option)
{
	char *copy = arena_alloc(&q->arena, option.n + 1, 1);

	if (copy == NULL)
		return option;
	for (size_t i = 0; i < option.n; i++)
		copy[i] = option.p[i] == '-' ? '_' : (char)option.p[i];
	return span_of(copy, option.n);
}

/* --detailed, --no-detailed, --limit 5, --limit=5 */
static bool
own_option(struct question *q, int argc, char **argv, int *i,
    struct buf *error)
{
	struct span word = span_text(argv[*i] + 2);
	size_t equals = span_find_byte(word, '=');
	struct span name = name_of(q, span_first(word, equals));
	struct span value = span_after(word, equals + 1);
	const struct param *p = param_find(q->tool, name);

	if (q->n_words == WORDS_MAX) {
		buf_text(error, "too many options");
		return false;
	}
	if (p == NULL && span_starts(name, "no_")) {
		p = param_find(q->tool, span_after(name, 3));
		if (p != NULL && p->type == PARAM_BOOL) {
			name = span_after(name, 3);
			value = span_text("false");
		}
	} else if (equals == word.n && p != NULL && p->type == PARAM_BOOL) {
		value = span_text("true");
	} else if (equals == word.n && p != NULL) {
		if (*i + 1 == argc)
			return refuse_value(error, argv[*i] + 2, NULL,
			    p->help);
		value = span_text(argv[++*i]);
	}
	q->words[q->n_words++] = (struct arg_word){ name, value };
	return true;
}

static bool
words_read(struct question *q, int argc, char **argv, struct buf *error)
{
	bool options = true, taken;

	q->captures = argv;
	for (int i = 2; i < argc; i++) {
		const char *word = argv[i];

		if (options && strcmp(word, "--") == 0) {
			options = false;
			continue;
		}
		if (!options || word[0] != '-' || word[1] == '\0') {
			q->captures[q->n_captures++] = argv[i];
			continue;
		}
		if (!common_option(q, argc, argv, &i, &taken, error))
			return false;
		if (taken)
			continue;
		if (word[1] != '-') {
			buf_printf(error, "unknown option \"%s\"", word);
			return false;
		}
		if (!own_option(q, argc, argv, &i, error))
			return false;
	}
	return true;
}

/* ---- One capture ------------------------------------------------------- */

struct listener {
	struct question *q;
	struct show_answer answer;
	const char *name;
};

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

struct work {
	struct call call;
	struct ahead ahead;
};

/* In the worker. */
static bool
call_work(void *context, int input, struct worker_out *out, struct buf *error)
{
	struct work *work = context;
	struct call call = work->call;

	call.progress = tell_progress;
	call.write = tell_answer;
	call.context = out;
	call.last = true;
	if (worker_assisted(out))
		call.ahead = &work->ahead;
	return call_run(&call, input, error);
}

/* The same in its second thread. */
static void
call_assist(void *context, int input)
{
	struct work *work = context;

	task_assist(&work->call, &work->ahead, input);
}

static void
hear_progress(void *context, uint64_t done, uint64_t total)
{
	struct listener *l = context;

	show_progress(&l->answer, l->name, done, total);
}

static bool
hear_answer(void *context, struct span bytes)
{
	struct listener *l = context;

	return show_bytes(&l->answer, bytes);
}

/* Rows that were left out, when nothing on stdout says so. */
static void
tell_left_out(const struct question *q, const char *name)
{
	const struct call_counts *c = q->counts;
	struct buf text;

	if (q->show.format != SHOW_NDJSON && q->show.format != SHOW_TSV)
		return;
	if (!c->lists || !c->truncated)
		return;
	buf_init(&text, 256);
	buf_printf(&text, "%llu of %llu rows; --all gives all of them",
	    (unsigned long long)c->returned, (unsigned long long)c->matched);
	show_error(name, buf_bytes(&text));
	buf_free(&text);
}

/* The answer of a worker that reads `fd`; false: it has none. */
static bool
ask_worker(struct question *q, struct call *call, int fd)
{
	struct work work = { .call = *call };
	struct listener listener = { .q = q, .name = call->name };
	struct worker_job job = {
		.input = fd,
		.run = call_work,
		.assist = q->jobs == 1 ? NULL : call_assist,
		.context = &work,
		.sandbox = q->no_sandbox ? NULL : &q->sandbox,
		.max_memory = q->max_memory,
		.progress = hear_progress,
		.chunk = hear_answer,
		.listener = &listener,
	};
	struct worker worker;
	bool good = false;

	(void)ahead_init(&work.ahead);
	show_begin(&listener.answer, &q->show);
	(void)worker_start(&worker, &job);
	worker_wait(&worker);
	show_progress_end(&listener.answer);
	if (worker.outcome == WORKER_ANSWERED)
		good = show_end(&listener.answer);
	if (listener.answer.problem != NULL)
		show_error(call->name, span_text(listener.answer.problem));
	else if (good)
		tell_left_out(q, call->name);
	else if (worker.outcome == WORKER_REFUSED)
		show_error(NULL, worker_text(&worker));
	else
		show_error(call->name, worker_text(&worker));
	worker_free(&worker);
	show_free(&listener.answer);
	return good;
}

/* NDJSON of several captures: each row says whose it is. */
static struct span
prefix_make(struct question *q, const char *name)
{
	struct buf text;
	struct json json;
	struct span prefix;

	if (q->n_captures < 2)
		return span_empty();
	buf_init(&text, 65536);
	json_init(&json, &text);
	json_object(&json, NULL);
	json_foreign_max(&json, "pcap_file", span_text(name), 4096);
	buf_byte(&text, ',');
	prefix = arena_copy(&q->arena, span_after(buf_bytes(&text), 1));
	buf_free(&text);
	return prefix;
}

/* Fetched first, by a worker that can do nothing else. */
static int
fetch_input(struct question *q, const char *name, struct buf *error)
{
	struct listener listener = { .q = q, .name = name };
	struct remote remote = { .options = &q->serve.remote,
		.url = span_text(name),
		.max_bytes = q->serve.remote.max_download };
	struct worker_job job;
	struct worker worker;
	int fd;

	if (!remote_open(&remote, &job, error))
		return -1;
	job.sandbox = q->no_sandbox ? NULL : &q->sandbox;
	job.max_memory = q->max_memory;
	job.progress = hear_progress;
	job.listener = &listener;
	show_begin(&listener.answer, &q->show);
	(void)worker_start(&worker, &job);
	worker_wait(&worker);
	show_progress_end(&listener.answer);
	fd = remote_take(&remote, &worker, error);
	remote_close(&remote);
	worker_free(&worker);
	show_free(&listener.answer);
	return fd;
}

static int
input_of(struct question *q, const char *name, struct buf *error)
{
	struct source_roots roots = { .n = 0 };
	enum source_error why = SOURCE_OK;
	uint64_t size;
	int fd;

	if (strcmp(name, "-") == 0)
		return dup(STDIN_FILENO);
	if (remote_is(span_text(name)))
		return fetch_input(q, name, error);
	fd = source_open(&roots, span_text(name), &size, &why);
	if (fd < 0)
		buf_text(error, source_error_text(why));
	return fd;
}

static bool
ask_capture(struct question *q, const struct args *args, const char *name)
{
	struct call call = {
		.tool = q->tool,
		.args = args,
		.name = name,
		.any_file = strcmp(name, "-") == 0,
		.max_packets = q->max_packets,
		.now = clock_now(),
		.format = show_rows(q->show.format),
		.all = q->all,
		.prefix = prefix_make(q, name),
		.counts = q->counts,
	};
	struct buf error;
	bool good = false;
	int fd = -1;

	buf_init(&error, 4096);
	if (name[0] != '\0')
		fd = input_of(q, name, &error);
	if (fd >= 0)
		call_identify(&call, fd);
	if (fd >= 0 || name[0] == '\0')
		good = ask_worker(q, &call, fd);
	else
		show_error(remote_is(span_text(name)) ? NULL : name,
		    buf_bytes(&error));
	if (fd >= 0)
		close(fd);
	buf_free(&error);
	return good;
}

/* ---- All of them ------------------------------------------------------- */

static int
usage(const struct question *q, const struct buf *error)
{
	show_error(NULL, buf_bytes(error));
	(void)fprintf(stderr, "Try: mcpcap %s --help\n", q->tool->name);
	return 2;
}

static bool
question_check(const struct question *q, struct buf *error)
{
	if (q->show.format == SHOW_TSV &&
	    strstr(q->tool->output, TABLE_MARK) == NULL)
		buf_printf(error, "%s gives no table; use --format ndjson",
		    q->tool->name);
	else if (q->n_captures == 0 && q->tool->params[0].required)
		buf_printf(error, "no capture is given, for example: mcpcap "
		    "%s capture.pcap", q->tool->name);
	return error->n == 0;
}

/* Arguments are checked anew for each capture: its name is one of them. */
static int
ask_each(struct question *q, struct buf *error)
{
	int n = q->n_captures == 0 ? 1 : q->n_captures;
	int status = 0;

	for (int i = 0; i < n; i++) {
		const char *name = q->n_captures == 0 ? "" : q->captures[i];
		struct args args;

		q->words[0] = (struct arg_word){ span_text("pcap_file"),
			span_text(name) };
		if (!args_read_words(&args, q->tool, q->words, q->n_words,
		    &q->arena, error))
			status = usage(q, error);
		else if (!ask_capture(q, &args, name))
			status = 1;
		args_free(&args);
		if (status == 2)
			break;
	}
	return status;
}

static struct call_counts *
counts_new(void)
{
	void *p = mmap(NULL, sizeof(struct call_counts),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

int
ask(const struct tool *tool, int argc, char **argv)
{
	struct question q = { .tool = tool, .n_words = 1,
		.max_memory = WORKER_MEMORY, .serve.remote = REMOTE_OPTIONS };
	struct buf error;
	int status;

	hash_key_init();
	arena_init(&q.arena, ARGS_MEMORY);
	buf_init(&error, 8192);
	show_init(&q.show);
	sandbox_probe(&q.sandbox);
	q.counts = counts_new();
	if (q.counts == NULL) {
		buf_text(&error, "out of memory");
		show_error(NULL, buf_bytes(&error));
		status = 1;
	} else if (!words_read(&q, argc, argv, &error)) {
		status = usage(&q, &error);
	} else if (q.help) {
		help_tool(tool);
		status = 0;
	} else if (!question_check(&q, &error)) {
		status = usage(&q, &error);
	} else {
		status = ask_each(&q, &error);
	}
	buf_free(&error);
	arena_free(&q.arena);
	return status;
}
