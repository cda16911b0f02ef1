#ifndef ANALYSIS_ROWS_H
#define ANALYSIS_ROWS_H

#include "base/json.h"

/*
 * The rows of a listing answer within its budget (surface.md, rule 1): rows
 * are written while the capture is read, dropped whole when the budget is
 * spent, and everything is counted to the end.
 *
 *	struct json *j = rows_next(r);    count one match; NULL: not wanted
 *	if (j != NULL) {
 *		json_object(j, NULL); ... json_end(j);
 *		rows_done(r);
 *	}
 *
 * For ROWS_TSV rows_text() stands in place of rows_next(); the header line is
 * rows_head()'s.  A tool that prints columns asks r->format for the form.
 *
 * The first of rows_report() and rows_counts() settles how many rows stay, so
 * that the whole answer keeps to max_bytes: write what is large before it.
 */
enum rows_format {
	ROWS_JSON,   /* an array inside the answer */
	ROWS_NDJSON, /* one object a line, straight to the sink */
	ROWS_TSV,    /* one line a row, straight to the sink */
};

struct rows {
	enum rows_format format;
	uint64_t limit;      /* rows at most; 0: counts only */
	uint64_t skip;       /* matches before the cursor */
	size_t max_bytes;    /* of the whole answer; 0: no budget (--all) */
	uint64_t matched, returned;
	bool truncated;      /* a row was left out for limit or budget */
	uint64_t next;       /* ordinal of the first row left out */
	struct buf buf;
	struct json json;
	struct json_mark mark;
	struct buf ends;     /* size_t, where each row of `buf` ends */
	bool settled;
	/* NDJSON and TSV: rows leave in whole lines, as they come. */
	bool (*sink)(void *context, struct span bytes);
	void *context;
	/* NDJSON: members put into each row first ("\"a\":1,"); or empty. */
	struct span prefix;
	bool stopped;        /* the sink is gone: stop the scan */
};

void rows_init(struct rows *r);
void rows_free(struct rows *r);
/* True when rows_next() would give a writer: to spare the preparation. */
bool rows_wanted(const struct rows *r);
/* False when rows_next() would give none after `waiting` more calls of it. */
static inline bool
rows_wanted_after(const struct rows *r, uint64_t waiting)
{
	return !r->truncated && r->matched + waiting >= r->skip &&
	    r->returned < r->limit && !r->stopped;
}
struct json *rows_next(struct rows *r);
/* rows_next() in short where no row is wanted any more; false: ask it. */
static inline bool
rows_left_out(struct rows *r)
{
	r->matched += r->truncated;
	return r->truncated;
}
/* None was asked for yet, and `head` bytes were written. */
void rows_restart(struct rows *r, size_t head);
/* ROWS_TSV: where the next line goes, without its end; NULL: not wanted. */
struct buf *rows_text(struct rows *r);
void rows_done(struct rows *r);
/* So many matches there are in all: those that were not given to rows_next()
 * come behind what was, and none of them is wanted. */
void rows_more(struct rows *r, uint64_t matched);
/* ROWS_TSV: where the header line goes, with its end; else NULL. */
struct buf *rows_head(struct rows *r);
/* The array as member `name`, and nothing else; nothing at all when the rows
 * left through the sink. */
void rows_report(struct rows *r, struct json *j, const char *name);
/* matched, returned, truncated, next_cursor (opaque text made of `next` and
 * `seal`, see rows_cursor_read). */
void rows_counts(struct rows *r, struct json *j, uint64_t seal);
/* What a summary before the rows may take of the answer. */
size_t rows_statistics_bytes(const struct rows *r);
/* What still waits for the sink leaves; false: the sink is gone. */
bool rows_flush(struct rows *r);

/* A cursor is bound to capture, tool and arguments by `seal`; false when it
 * was made up or belongs to another question. */
bool rows_cursor_read(struct span text, uint64_t seal, uint64_t *next);

#endif
