#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/args.h"
#include "tools/call.h"
#include "worker/result.h"

const struct ask_question ask_questions[] = {
	{ "aggregate_packets", "{\"group_by\":[\"frame.protocols\"],"
	    "\"metrics\":[\"count\"],\"filter\":\"frame.len > 60\","
	    "\"bucket_seconds\":1}" },
	{ "analyze_capinfos", "{\"duplicates\":true}" },
	{ "analyze_dns_packets", "{\"filter\":\"udp\",\"limit\":1000,"
	    "\"max_bytes\":65536}" },
	{ "follow_stream", "{\"protocol\":\"udp\",\"stream\":0,"
	    "\"view\":\"hex\"}" },
	{ "follow_stream", "{\"protocol\":\"tcp\",\"stream\":0}" },
	{ "list_fields", "{\"pcap_file\":\"x\",\"prefix\":\"ip.\"}" },
	{ "list_flows", "{\"limit\":3,\"group\":\"host\"}" },
	{ "list_packets", "{\"filter\":\"frame.protocols contains \\\"e\\\" "
	    "&& !(ip.ttl == 1) && frame.len in {1..1500}\"}" },
	{ "list_packets", "{\"fields\":[\"number\",\"info\",\"ip.src\","
	    "\"tcp.analysis.flags\",\"dns.qry.name\",\"protocol\"],"
	    "\"limit\":1000,\"max_bytes\":65536}" },
	{ "search_payload", "{\"pattern\":\"a.*[0-9]+e\","
	    "\"kind\":\"regex\"}" },
	{ "search_payload", "{\"pattern\":\"ab\",\"where\":\"packets\","
	    "\"encoding\":\"all\",\"ignore_case\":true}" },
	{ "summarize_capture", "{\"focus\":\"10.0.0.0/8\"}" },
	{ NULL, NULL },
};

/* What the tool requires, with the examples of its own rows. */
static void
arguments_make(struct buf *out, const struct tool *tool)
{
	buf_text(out, "{");
	for (const struct param *p = tool->params; p->name != NULL; p++) {
		if (!p->required)
			continue;
		if (out->n > 1)
			buf_text(out, ",");
		buf_printf(out, "\"%s\":", p->name);
		if (p->type == PARAM_UINT)
			buf_printf(out, "1");
		else if (p->type == PARAM_ENUM)
			buf_printf(out, "\"%s\"", param_example(p));
		else
			buf_text(out, param_example(p));
	}
	buf_text(out, "}");
}

/* `given`, with a pcap_file if there is none. */
static void
arguments_complete(struct buf *out, const struct tool *tool,
    const char *given)
{
	if (given[0] == '\0') {
		arguments_make(out, tool);
		return;
	}
	if (strstr(given, "\"pcap_file\"") == NULL)
		buf_printf(out, "{\"pcap_file\":\"x\",%s", given + 1);
	else
		buf_text(out, given);
	if (out->n > 2 && out->p[out->n - 2] == ',')
		out->p[out->n - 2] = ' ';
}

static bool
hear(void *context, struct span bytes)
{
	struct asked *a = context;

	buf_span(&a->answer, bytes);
	return !a->answer.full;
}

static bool
call(struct asked *a, const struct tool *tool, const struct args *args,
    int fd, uint64_t size)
{
	struct call c = {
		.tool = tool,
		.args = args,
		.name = "capture",
		.now = { 1700000000, 0, 0, true },
		.format = ROWS_JSON,
		.prefix = span_empty(),
		.write = hear,
		.context = a,
		.file_size = size,
	};

	if (fd < 0)
		buf_text(&a->error, "no file");
	return fd >= 0 && call_run(&c, fd, &a->error);
}

void
ask_open(struct asked *a, const struct tool *tool, const char *arguments,
    int fd, uint64_t size)
{
	const struct json_value *object;
	enum json_error error;
	struct arena arena;
	struct args args;
	struct buf text;
	size_t offset;

	buf_init(&a->answer, (size_t)640 << 20);
	buf_init(&a->error, 8192);
	buf_init(&text, 65536);
	arena_init(&arena, (size_t)1 << 20);
	a->good = false;
	arguments_complete(&text, tool, arguments);
	object = json_read(&arena, buf_bytes(&text), &error, &offset);
	if (object == NULL) {
		buf_text(&a->error, json_error_text(error));
	} else if (args_read_json(&args, tool, object, &arena, &a->error)) {
		a->good = call(a, tool, &args, fd, size);
		args_free(&args);
		fd = -1;
	} else {
		args_free(&args);
	}
	if (fd >= 0)
		(void)close(fd);
	arena_free(&arena);
	buf_free(&text);
}

void
ask_bytes(struct asked *a, const struct tool *tool, const char *arguments,
    struct span capture)
{
	ask_open(a, tool, arguments, ask_file(capture), capture.n);
}

void
ask_free(struct asked *a)
{
	buf_free(&a->answer);
	buf_free(&a->error);
}

bool
ask_is_sound(const struct asked *a)
{
	if (a->good)
		return result_is_object(buf_bytes(&a->answer));
	return a->error.n > 0 || a->error.full;
}
