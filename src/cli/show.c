#include "cli/show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/page.h"

#define ANSWER_MAX ((size_t)1 << 30)
#define TREE_MAX ((size_t)256 << 20)
#define PAGE_WIDTH 100
#define PROGRESS_AFTER 400000000 /* ns: short work shows none */

static unsigned
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { 0 };
	uint64_t n;

	if (columns != NULL && span_read_uint(span_text(columns), 1000, &n) &&
	    n >= 40)
		return (unsigned)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= 40)
		return size.ws_col;
	return PAGE_WIDTH;
}

void
show_init(struct show *s)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	bool terminal = isatty(STDOUT_FILENO) == 1;

	*s = (struct show){
		.format = terminal ? SHOW_TEXT : SHOW_JSON,
		.colour = terminal && term != NULL &&
		    strcmp(term, "dumb") != 0 &&
		    (no_colour == NULL || *no_colour == '\0'),
		.progress = isatty(STDERR_FILENO) == 1,
		.width = terminal_width(),
	};
}

bool
show_format_read(const char *text, enum show_format *format)
{
	static const char *const names[] = {
		[SHOW_TEXT] = "text",
		[SHOW_JSON] = "json",
		[SHOW_NDJSON] = "ndjson",
		[SHOW_TSV] = "tsv",
	};

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strcmp(text, names[i]) != 0)
			continue;
		*format = (enum show_format)i;
		return true;
	}
	return false;
}

enum rows_format
show_rows(enum show_format format)
{
	switch (format) {
	case SHOW_NDJSON:
		return ROWS_NDJSON;
	case SHOW_TSV:
		return ROWS_TSV;
	default:
		return ROWS_JSON;
	}
}

bool
show_write(struct span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes.p, bytes.n);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			bytes = span_after(bytes, (size_t)n);
	}
	return true;
}

void
show_begin(struct show_answer *a, struct show *s)
{
	*a = (struct show_answer){ .show = s, .started = clock_monotonic() };
	buf_init(&a->bytes, ANSWER_MAX);
}

void
show_free(struct show_answer *a)
{
	buf_free(&a->bytes);
}

bool
show_bytes(struct show_answer *a, struct span bytes)
{
	if (a->show->format == SHOW_TEXT || a->show->format == SHOW_JSON) {
		buf_span(&a->bytes, bytes);
		return !a->bytes.full;
	}
	show_progress_end(a);
	a->line_end = bytes.n > 0 && bytes.p[bytes.n - 1] == '\n';
	a->began = true;
	return show_write(bytes);
}

/* False: the answer is too large for a page. */
static bool
show_page(struct show_answer *a)
{
	struct page page = { .width = a->show->width,
		.colour = a->show->colour };
	enum json_error error;
	struct arena arena;
	struct buf out;
	const struct json_value *answer;
	size_t offset;

	arena_init(&arena, TREE_MAX);
	buf_init(&out, ANSWER_MAX);
	page.out = &out;
	answer = json_read(&arena, buf_bytes(&a->bytes), &error, &offset);
	if (answer != NULL) {
		if (a->show->shown > 0)
			buf_byte(&out, '\n');
		page_write(&page, answer);
	}
	if (answer != NULL && !out.full)
		(void)show_write(buf_bytes(&out));
	else
		answer = NULL;
	buf_free(&out);
	arena_free(&arena);
	return answer != NULL;
}

bool
show_end(struct show_answer *a)
{
	struct show *s = a->show;
	bool good = true;

	if (s->format == SHOW_NDJSON || s->format == SHOW_TSV) {
		if (a->began && !a->line_end)
			good = show_write(span_text("\n"));
	} else if (s->format != SHOW_TEXT || !show_page(a)) {
		buf_byte(&a->bytes, '\n');
		good = show_write(buf_bytes(&a->bytes));
	}
	s->shown++;
	return good;
}

void
show_progress(struct show_answer *a, const char *name, uint64_t done,
    uint64_t total)
{
	double megabytes = (double)done / 1e6;

	if (!a->show->progress ||
	    clock_monotonic() - a->started < PROGRESS_AFTER)
		return;
	if (total > 0)
		(void)fprintf(stderr, "\r\033[K%s: %3.0f%% of %.0f MB", name,
		    100 * (double)done / (double)total, (double)total / 1e6);
	else
		(void)fprintf(stderr, "\r\033[K%s: %.0f MB", name, megabytes);
	a->progress_shown = true;
}

void
show_progress_end(struct show_answer *a)
{
	if (a->progress_shown)
		(void)fputs("\r\033[K", stderr);
	a->progress_shown = false;
}
