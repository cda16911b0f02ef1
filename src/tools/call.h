#ifndef TOOLS_CALL_H
#define TOOLS_CALL_H

#include "tools/tool.h"

/* What a listing has told, for whoever printed its rows alone. */
struct call_counts {
	bool lists; /* the tool gives rows */
	bool truncated;
	uint64_t matched, returned;
};

/*
 * One call, put together by whoever took the question and run where the
 * capture may do no harm (a worker).  call_run() opens nothing: it is given
 * the capture's descriptor.
 */
struct call {
	const struct tool *tool;
	const struct args *args; /* checked */
	const char *name;        /* of the capture, as the caller gave it */
	bool any_file;           /* a pipe will do (standard input) */
	uint64_t max_packets;    /* --max-packets; 0: no limit */
	uint64_t tools_off;      /* see tool.h */
	struct timestamp now;
	/* How rows leave.  With `all` there is no budget; NDJSON and TSV then
	 * stream.  Tools without rows always give their one object. */
	enum rows_format format;
	bool all;
	struct span prefix;      /* NDJSON: see rows.h */
	struct call_counts *counts; /* NULL: nobody asks */
	struct ahead *ahead;     /* see analysis/ahead.h; NULL: one thread */
	bool reads_ahead;        /* this is the assistant's call */
	bool last;               /* the process ends: nothing is given back */
	/* False: nobody wants the answer any more.  `progress` may be NULL. */
	bool (*progress)(void *context, uint64_t done, uint64_t total);
	/* The answer, in one or several pieces. */
	bool (*write)(void *context, struct span bytes);
	void *context;
	/* Set by call_identify(). */
	uint64_t file_size, file_mark;
};

/* Reads size and identity of the file: before the sandbox is closed. */
void call_identify(struct call *c, int fd);
/* Takes `fd` over; -1: the tool was asked without a capture, which only one
 * whose pcap_file is not required has to expect.  False: `error` says in plain
 * words why there is no answer. */
bool call_run(struct call *c, int fd, struct buf *error);

#endif
