#ifndef ANALYSIS_PACKET_LIST_H
#define ANALYSIS_PACKET_LIST_H

#include "analysis/analyzer.h"
#include "analysis/columns.h"
#include "analysis/rows.h"

/*
 * The packets of a capture as rows, written while it is read.
 */
struct packet_list_options {
	struct columns *columns;
	struct rows *rows;
	/* Not 0: the `before` matches before frame `around`, it itself, and
	 * those after it until the rows' limit. */
	uint64_t around, before;
	/* Not 0: at most so many rows, evenly spread over all matches. */
	uint64_t sample;
};

#define PACKET_LIST_KEPT 1000 /* rows before a frame, and sampled rows */

/* The analyser that decodes no more than these columns need. */
const struct analyzer *packet_list_analyzer(const struct columns *c);
/*
 * Counts the matches, which costs no more than the filter does, and notes
 * those of a page: `n` from match `first` on, counted from 1.
 */
struct packet_choice_options {
	uint64_t first, n;
};

struct packet_choice {
	struct packet_choice_options o;
	uint64_t matched;
	uint64_t *frames;
	size_t n;
	uint64_t ports[1024]; /* scan->only_ports */
};

extern const struct analyzer packet_chooser;
/* Beside it: rows without fields, while scan->early lasts; after the scan,
 * whether these are all that are wanted. */
extern const struct analyzer packet_list_early;
bool packet_list_whole(const void *state);
/* After the scan: one of so many matches was taken; 0 without sampling. */
uint64_t packet_list_stride(const void *state);

#endif
