#ifndef ANALYSIS_FOLLOW_H
#define ANALYSIS_FOLLOW_H

#include "analysis/analyzer.h"
#include "analysis/rows.h"

/*
 * The bytes of one TCP stream in order, or of one UDP stream datagram by
 * datagram, with the gaps told.  `position` counts the bytes of the chosen
 * direction; with both directions it counts them as they came in turn.
 */
enum follow_direction {
	FOLLOW_BOTH,
	FOLLOW_CLIENT, /* from side a */
	FOLLOW_SERVER,
};

struct follow_options {
	struct rows *rows;
	uint8_t protocol;    /* 6 or 17 */
	uint32_t stream;
	enum follow_direction direction;
	bool hex;
	uint64_t offset, length; /* of the window, in positions */
	struct span search;  /* begin at its first occurrence at or after
	                      * `offset`; empty: no search */
};

/* Longest search text, and longest part of a piece in one row. */
#define FOLLOW_SEARCH_MAX 256
#define FOLLOW_ROW_MAX 1024

struct follow {
	const struct follow_options *options;
	struct scan *scan;
	const struct flow *flow;   /* NULL: the stream was not met */
	uint64_t position;
	uint64_t bytes[2], gaps, gap_bytes, pieces;
	uint64_t window_start, window_end; /* end: first position not told */
	uint64_t last_frame[2];    /* that carried bytes of a direction */
	bool found;
	uint64_t found_at, found_frame;
	uint8_t tail[2][FOLLOW_SEARCH_MAX]; /* for a match over a border */
	struct follow_at {
		uint64_t frame, position;
	} tail_at[2][FOLLOW_SEARCH_MAX]; /* of each byte of it */
	size_t n_tail[2];
	struct buf starts;         /* position of each row, uint64_t */
	bool cut;                  /* a piece was cut by the snaplen */
};

extern const struct analyzer analyzer_follow;

/* The answer's members. */
void follow_report(struct follow *f, struct json *j);

/* Which stream a frame belongs to: the same numbers as the packet list's. */
struct frame_stream {
	uint64_t frame;       /* in */
	bool met;             /* the frame is there */
	uint8_t protocol;     /* 0: no TCP or UDP in it */
	uint32_t stream;
};

extern const struct analyzer analyzer_frame_stream;

#endif
