#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "analysis/rows.h"
#include "base/buf.h"

/* Answers on stdout in the form that was asked for, progress on stderr. */
enum show_format {
	SHOW_TEXT,
	SHOW_JSON,
	SHOW_NDJSON,
	SHOW_TSV,
};

struct show {
	enum show_format format;
	bool colour, progress;
	unsigned width;  /* of the terminal */
	uint64_t shown;  /* answers so far */
};

struct show_answer {
	struct show *show;
	struct buf bytes;    /* text and JSON: the whole answer; else what is
			      * no whole line yet */
	const char *problem; /* why nothing more is shown, or NULL */
	bool progress_shown;
	int64_t started;
};

/* Looks at what stdout and stderr are. */
void show_init(struct show *s);
bool show_format_read(const char *text, enum show_format *format);
enum rows_format show_rows(enum show_format format);

void show_begin(struct show_answer *a, struct show *s);
/* A piece of the answer, which need not be one that we would write: nothing
 * of it reaches stdout unseen.  False: `problem` says why no more is shown. */
bool show_bytes(struct show_answer *a, struct span bytes);
/* The answer is whole: prints what was not printed yet.  False as above. */
bool show_end(struct show_answer *a);
void show_free(struct show_answer *a);
void show_progress(struct show_answer *a, const char *name, uint64_t done,
    uint64_t total);
void show_progress_end(struct show_answer *a);
/* What went wrong, on stderr, with the capture's name or without (NULL).  The
 * text may be that of a worker who is an enemy. */
void show_error(const char *name, struct span text);
/* Writes all of it to stdout. */
bool show_write(struct span bytes);

#endif
