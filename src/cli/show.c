#include "cli/show.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/page.h"
#include "worker/result.h"

#define ANSWER_MAX ((size_t)1 << 30)
#define TREE_MAX ((size_t)256 << 20)
#define READ_MAX ((size_t)16 << 20)
#define PAGE_WIDTH 100
#define NOT_OURS "the analysis gave something that is no answer; the capture " \
	"may be built to attack its reader"
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
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	while (bytes.n > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes.p, bytes.n);

		/* Whoever shares it with us may have it wait for nobody. */
		if (n < 0 && errno == EAGAIN && poll(&out, 1, -1) > 0)
			continue;
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

static bool
give_up(struct show_answer *a, const char *problem)
{
	a->problem = problem;
	return false;
}

static bool
print(struct show_answer *a, struct span bytes)
{
	return show_write(bytes) || give_up(a, strerror(errno));
}

/*
 * How much at the start is printable ASCII, tabs and ends of lines, in steps
 * of eight bytes.  A byte with its highest bit set, less another without it,
 * keeps that bit where it was not less.
 */
static size_t
plain_rows(struct span s)
{
	const uint64_t each = UINT64_C(0x0101010101010101), high = each << 7;
	size_t n = 0;
	uint64_t word, set, good;

	for (; s.n - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, s.p + n, sizeof(word));
		set = word | high;
		good = (set - each * ' ') |
		    ((set - each * '\t') & ~(set - each * ('\n' + 1)));
		if (((~good | word | (word + each)) & high) != 0)
			break;
	}
	return n;
}

/* Printable text, tabs and ends of lines. */
static bool
is_rows(struct span s)
{
	uint32_t character;
	size_t n;

	while (s.n > 0) {
		s = span_after(s, plain_rows(s));
		n = text_utf8(s, &character);
		if (s.n > 0 && (n == 0 || (text_is_hidden(character) &&
		    character != '\\' && character != '\t' &&
		    character != '\n')))
			return false;
		s = span_after(s, n);
	}
	return true;
}

/* Prints the whole lines. */
static bool
print_rows(struct show_answer *a)
{
	size_t n = a->bytes.n;

	while (n > 0 && a->bytes.p[n - 1] != '\n')
		n--;
	if (!is_rows(span_of(a->bytes.p, n)))
		return give_up(a, NOT_OURS);
	if (!print(a, span_of(a->bytes.p, n)))
		return false;
	buf_drop(&a->bytes, n);
	return true;
}

bool
show_bytes(struct show_answer *a, struct span bytes)
{
	buf_span(&a->bytes, bytes);
	if (a->bytes.full)
		return give_up(a, "the answer is over 1 GB: ask for less, "
		    "or for --format ndjson");
	if (a->show->format == SHOW_TEXT || a->show->format == SHOW_JSON)
		return true;
	show_progress_end(a);
	return print_rows(a);
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

/* A long one that goes out as it came need not be read, but shall be text. */
static bool
is_answer(enum show_format format, struct span answer)
{
	if (format == SHOW_JSON && answer.n > READ_MAX)
		return is_rows(answer);
	return result_is_object(answer);
}

bool
show_end(struct show_answer *a)
{
	struct show *s = a->show;
	bool rows = s->format == SHOW_NDJSON || s->format == SHOW_TSV;

	if (rows && a->bytes.n == 0)
		return true;
	if (!rows && !is_answer(s->format, buf_bytes(&a->bytes)))
		return give_up(a, NOT_OURS);
	if (s->format == SHOW_TEXT && show_page(a)) {
		s->shown++;
		return true;
	}
	buf_byte(&a->bytes, '\n');
	return rows ? print_rows(a) : print(a, buf_bytes(&a->bytes));
}

/* Texts that escape nothing stay as they are, with their backslashes. */
static void
add_safe(struct buf *out, struct span text)
{
	if (text_is_showable(text))
		buf_span(out, text);
	else
		text_escape(out, text, text.n);
}

void
show_error(const char *name, struct span text)
{
	struct buf line;

	buf_init(&line, (size_t)1 << 20);
	if (name != NULL) {
		add_safe(&line, span_text(name));
		buf_text(&line, ": ");
	}
	add_safe(&line, text);
	(void)fprintf(stderr, "mcpcap: %.*s\n", (int)line.n,
	    (const char *)line.p);
	buf_free(&line);
}

void
show_progress(struct show_answer *a, const char *name, uint64_t done,
    uint64_t total)
{
	double megabytes = (double)done / 1e6;

	if (!a->show->progress ||
	    clock_monotonic() - a->started < PROGRESS_AFTER ||
	    !text_is_showable(span_text(name)))
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
