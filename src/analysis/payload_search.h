#ifndef ANALYSIS_PAYLOAD_SEARCH_H
#define ANALYSIS_PAYLOAD_SEARCH_H

#include "analysis/analyzer.h"
#include "analysis/rows.h"
#include "base/table.h"
#include "filter/regex.h"

/*
 * Hits of one expression in payloads: packet by packet, or in TCP streams
 * across the borders of segments (datagrams stay one by one).  Hits do not
 * overlap.  A stream is searched in order; a gap ends a match.
 */
#define SEARCH_CONTEXT 40      /* bytes shown on each side */
#define SEARCH_TAIL 256        /* bytes kept of each direction */
#define SEARCH_STREAMS_MAX 100000

struct payload_search_options {
	struct rows *rows;
	struct regex *regex;
	bool streams;
};

struct payload_search {
	const struct payload_search_options *options;
	struct table streams;      /* struct search_side and the automaton */
	uint64_t hits, packets_with_hits, streams_with_hits;
	uint64_t searched_packets, searched_bytes;
	uint64_t last_hit_frame;
	bool no_memory;
	void *state;               /* the automaton over one packet */
};

/* The analyser for packets, or for streams. */
const struct analyzer *payload_search_analyzer(bool streams);
void payload_search_report(const struct payload_search *s, struct json *j,
    uint64_t seal);

#endif
