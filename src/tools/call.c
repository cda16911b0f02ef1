#include "tools/call.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/text.h"
#include "base/word.h"
#include "tools/args.h"

#define ANSWER_MAX ((size_t)640 << 20)
#define MARK_BYTES 4096

/* Some bytes of the file: a copy of it is the same file. */
static void
mark_add(struct digest *d, int fd, uint64_t at)
{
	uint8_t bytes[MARK_BYTES];
	ssize_t n;

	do
		n = pread(fd, bytes, sizeof(bytes), (off_t)at);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		digest_add(d, span_of(bytes, (size_t)n));
}

static uint64_t
mark_end(struct digest *d)
{
	uint8_t bytes[DIGEST_MAX];

	(void)digest_end(d, bytes);
	return word_le64(bytes);
}

void
call_identify(struct call *c, int fd)
{
	struct digest d;
	struct stat st;

	c->file_size = c->file_mark = 0;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	c->file_size = (uint64_t)st.st_size;
	digest_init(&d, DIGEST_SHA256);
	mark_add(&d, fd, 0);
	if (c->file_size > MARK_BYTES)
		mark_add(&d, fd, c->file_size - MARK_BYTES);
	c->file_mark = mark_end(&d);
}

/* In one order of bytes, whatever the machine's is. */
static void
seal_number(struct digest *d, uint64_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++, n >>= 8)
		bytes[i] = (uint8_t)n;
	digest_add(d, span_of(bytes, sizeof(bytes)));
}

static void
seal_add(struct digest *d, struct span s)
{
	seal_number(d, s.n);
	digest_add(d, s);
}

static bool
is_paging(const struct param *p)
{
	return p->type == PARAM_CURSOR || strcmp(p->name, "limit") == 0 ||
	    strcmp(p->name, "max_bytes") == 0;
}

/* The same capture, tool and question give the same seal in every process:
 * a cursor outlives the one that made it. */
static uint64_t
call_seal(const struct call *c)
{
	struct digest d;
	uint64_t real;

	digest_init(&d, DIGEST_SHA256);
	seal_number(&d, c->file_size);
	seal_number(&d, c->file_mark);
	seal_add(&d, span_text(c->tool->name));
	for (size_t i = 0; i < c->args->n; i++) {
		const struct arg *a = &c->args->arg[i];

		if (!a->given || is_paging(a->param) ||
		    a->param->type == PARAM_CAPTURE)
			continue;
		seal_add(&d, span_text(a->param->name));
		seal_add(&d, a->text);
		seal_number(&d, a->number);
		memcpy(&real, &a->real, sizeof(real));
		seal_number(&d, real);
		digest_add(&d, span_of(&a->addr, sizeof(a->addr)));
		for (size_t k = 0; k < a->n; k++)
			seal_add(&d, a->list[k]);
	}
	return mark_end(&d);
}

/* What bounds the rows of a tool that lists; NULL: it does not list. */
static const struct arg *
limit_of(const struct call *c)
{
	const struct arg *limit = args_find(c->args, "limit");

	return limit != NULL ? limit : args_find(c->args, "top");
}

/* Limits of the listing from the arguments; false: a wrong cursor.  Where
 * rows are only a part of what is said, they stay in the answer. */
static bool
call_rows(const struct call *c, struct rows *r, uint64_t seal,
    struct buf *error)
{
	const struct arg *limit = limit_of(c);
	const struct arg *bytes = args_find(c->args, "max_bytes");
	const struct arg *cursor = args_find(c->args, "cursor");

	r->format = limit != NULL ? c->format : ROWS_JSON;
	r->prefix = c->prefix;
	r->sink = c->write;
	r->context = c->context;
	r->limit = UINT64_MAX;
	if (limit != NULL && limit->given &&
	    (!c->all || !limit->defaulted))
		r->limit = limit->number;
	if (bytes != NULL && bytes->given && !c->all)
		r->max_bytes = (size_t)bytes->number;
	if (cursor == NULL || !cursor->given ||
	    rows_cursor_read(cursor->text, seal, &r->skip))
		return true;
	buf_text(error, "cursor: it does not belong to this question; use "
	    "next_cursor of the answer before, with the same capture and "
	    "arguments, or leave it out to begin again");
	return false;
}

static void
refuse_capture(const struct call *c, enum capture_error error,
    struct buf *out)
{
	text_escape(out, span_text(c->name), TEXT_MAX);
	buf_printf(out, ": %s", capture_error_text(error));
}

static bool
call_answer(struct tool_call *t, struct call *c, struct buf *answer)
{
	bool lists = limit_of(c) != NULL;

	if (!c->tool->run(t))
		return false;
	while (t->json->depth > 0)
		json_end(t->json);
	if (c->counts != NULL)
		*c->counts = (struct call_counts){
			.lists = lists,
			.truncated = t->rows->truncated,
			.matched = t->rows->matched,
			.returned = t->rows->returned,
		};
	if (lists && c->format != ROWS_JSON)
		return rows_flush(t->rows);
	if (answer->full) {
		buf_text(t->error, "the answer is too large, for this server "
		    "or for --max-memory; ask for less, for example with a "
		    "filter");
		return false;
	}
	return c->write(c->context, buf_bytes(answer));
}

static bool
call_ask(struct call *c, struct capture *capture, int fd, struct buf *error)
{
	struct buf answer;
	struct json json;
	struct scan scan;
	struct rows rows;
	struct tool_call t = {
		.tool = c->tool,
		.args = c->args,
		.name = c->name,
		.capture = capture,
		.fd = fd,
		.scan = &scan,
		.rows = &rows,
		.seal = call_seal(c),
		.max_packets = c->max_packets,
		.tools_off = c->tools_off,
		.file_size = c->file_size,
		.now = c->now,
		.json = &json,
		.error = error,
	};
	const struct arg *filter = args_find(c->args, "filter");
	bool good;

	buf_init(&answer, ANSWER_MAX);
	json_init(&json, &answer);
	rows_init(&rows);
	scan_init(&scan, capture);
	scan.progress = c->progress;
	scan.progress_context = c->context;
	scan.ahead = c->ahead;
	scan.reads_ahead = c->reads_ahead;
	if (filter != NULL && filter->given)
		scan.filter = filter->filter;
	good = call_rows(c, &rows, t.seal, error) &&
	    call_answer(&t, c, &answer);
	if (c->last)
		return good;
	scan_free(&scan);
	if (t.again != NULL)
		capture_close(t.again);
	rows_free(&rows);
	buf_free(&answer);
	return good;
}

bool
call_run(struct call *c, int fd, struct buf *error)
{
	enum capture_error why = CAPTURE_OK;
	struct capture *capture = NULL;
	bool good;

	if (fd >= 0) {
		capture = capture_open(fd, c->any_file, NULL, &why);
		if (capture == NULL) {
			refuse_capture(c, why, error);
			return false;
		}
	}
	good = call_ask(c, capture, fd, error);
	if (capture != NULL && !c->last)
		capture_close(capture);
	if (!good && error->n == 0)
		buf_text(error, "the call was given up");
	return good;
}

void
tool_begin(struct tool_call *call, bool timestamp)
{
	struct timestamp now = call->now;

	if (call->json->depth == 0)
		json_object(call->json, NULL);
	json_foreign_max(call->json, "file", span_text(call->name), 4096);
	if (!timestamp)
		return;
	now.digits = 0;
	json_time(call->json, "analysis_timestamp", now);
}

bool
tool_scan(struct tool_call *call, struct scan_request *requests, size_t n)
{
	if (scan_run(call->scan, requests, n))
		return true;
	if (call->error->n != 0)
		return false;
	if (call->scan->cancelled)
		buf_text(call->error, "cancelled");
	else
		buf_text(call->error, "out of memory (--max-memory); ask for "
		    "less, for example with a filter");
	return false;
}

bool
tool_again(struct tool_call *call)
{
	struct scan *s = call->scan, before = *s;
	enum capture_error why;

	call->again = capture_again(call->capture, &why);
	if (call->again == NULL && why == CAPTURE_NOT_REGULAR) {
		buf_text(call->error, "this question reads the capture twice, "
		    "and standard input can be read once; store it in a "
		    "file first");
		return false;
	}
	if (call->again == NULL) {
		buf_text(call->error, capture_error_text(why));
		return false;
	}
	scan_free(s);
	scan_init(s, call->again);
	s->filter = before.filter;
	s->progress = before.progress;
	s->progress_context = before.progress_context;
	return true;
}
