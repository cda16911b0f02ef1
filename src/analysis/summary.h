#ifndef ANALYSIS_SUMMARY_H
#define ANALYSIS_SUMMARY_H

#include "analysis/analyzer.h"
#include "analysis/flow_list.h"

/*
 * The first look at a capture: shares of protocols as paths of layers, the
 * hosts with what they sent and received and the names that the capture
 * gives them.  Runs beside the analyser of flows in one pass.
 */
#define SUMMARY_HOSTS_MAX 100000
#define SUMMARY_NAMES_MAX 20000
#define SUMMARY_PATHS_MAX 1000

struct summary_host {
	struct addr addr;
	uint64_t packets_out, packets_in, bytes_out, bytes_in;
	uint64_t first_frame, last_frame;
};

struct summary_name {
	struct span name;
	const char *source;   /* "dns", "dhcp", "capture" */
};

/* Deeper layers are not told apart; of a protocol's name the beginning. */
#define SUMMARY_PATH_LAYERS 16
#define SUMMARY_PATH_APP 32
#define SUMMARY_PATH_UNDECODED 0x80

struct summary_path {
	uint64_t packets, bytes;
};

/* One end of a packet, of which a few are looked up together: their hosts'
 * memory is on its way meanwhile. */
#define SUMMARY_ENDS 32
#define SUMMARY_CACHE 8192 /* a power of two */

struct summary_end {
	struct addr addr;
	bool in;
	uint32_t len;
	uint64_t frame;
};

/* What makes a path, and the one found last time. */
struct summary_step {
	uint64_t layers; /* six bits each, the frame's are 0 */
	const struct proto *proto;
	bool data, unknown;
	struct summary_path *path;
};

#define SUMMARY_STEPS 256 /* by eight bits of a hash */

struct summary {
	struct scan *scan;
	struct arena arena;
	struct table hosts;   /* by struct addr */
	struct table names;   /* by struct addr */
	struct table paths;   /* by path_key() */
	uint64_t undecoded, undecoded_bytes; /* bytes nobody decodes */
	uint64_t ethernet, broadcast, multicast, fragments, nxdomain;
	size_t n_ends;
	struct summary_end ends[SUMMARY_ENDS];
	struct summary_host *recent[SUMMARY_CACHE]; /* by address */
	struct summary_step steps[SUMMARY_STEPS];
	struct timestamp previous;
	int64_t longest_silence;
	uint64_t silence_after;
};

extern const struct analyzer analyzer_summary;

void summary_release(struct summary *s);
/* Members from "protocols" to "outliers"; `f` is the flows' state. */
bool summary_report(struct summary *s, const struct flow_list *f,
    const struct flow_set *flows, struct json *j);

#endif
