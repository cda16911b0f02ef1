#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
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

int
ask_file(struct span bytes)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n <= 0) {
			close(fd);
			return -1;
		}
		bytes = span_after(bytes, (size_t)n);
	}
	(void)lseek(fd, 0, SEEK_SET);
	return fd;
}

struct span
ask_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buf b;

	buf_init(&b, SIZE_MAX);
	while (file != NULL && !feof(file) && !ferror(file)) {
		uint8_t *room = buf_room(&b, 65536);

		if (room == NULL)
			break;
		b.n += fread(room, 1, 65536, file);
	}
	if (file != NULL)
		(void)fclose(file);
	/* The owner frees `p`; it is the buffer's. */
	return b.p == NULL ? span_of(calloc(1, 1), 0) : span_of(b.p, b.n);
}

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
    struct span capture)
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
		.file_size = capture.n,
	};
	int fd = ask_file(capture);

	if (fd < 0)
		buf_text(&a->error, "no file");
	return fd >= 0 && call_run(&c, fd, &a->error);
}

void
ask_bytes(struct asked *a, const struct tool *tool, const char *arguments,
    struct span capture)
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
	} else {
		a->good = args_read_json(&args, tool, object, &arena,
			      &a->error) &&
		    call(a, tool, &args, capture);
		args_free(&args);
	}
	arena_free(&arena);
	buf_free(&text);
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

#define WALL_ROOM ((size_t)512 << 10)

struct span
ask_wall(struct span s)
{
	static uint8_t *wall;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (s.n > WALL_ROOM)
		return s;
	if (wall == NULL) {
		wall = mmap(NULL, WALL_ROOM + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (wall == MAP_FAILED ||
		    mprotect(wall + WALL_ROOM, page, PROT_NONE) != 0)
			abort();
	}
	memmove(wall + WALL_ROOM - s.n, s.p, s.n);
	return span_of(wall + WALL_ROOM - s.n, s.n);
}
