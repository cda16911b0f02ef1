#ifndef ANALYSIS_SUMMARY_H
#define ANALYSIS_SUMMARY_H

#include "analysis/analyzer.h"
#include "analysis/flow_apps.h"
#include "analysis/summary_flows.h"
#include "analysis/summary_hosts.h"
#include "analysis/summary_names.h"
#include "net/plain.h"

/*
 * The first look at a capture: shares of protocols as paths of layers, the
 * hosts with what they sent and received and the names that the capture
 * gives them.  Runs beside the analyser of flows in one pass.
 */
#define SUMMARY_PATHS_MAX 1000

/* Deeper layers are not told apart; of a protocol's name the beginning. */
#define SUMMARY_PATH_LAYERS 16
#define SUMMARY_PATH_APP 32
#define SUMMARY_PATH_UNDECODED 0x80

struct summary_path {
	uint64_t packets, bytes;
};

/* Plain packets of a kind, without or with data or with messages of a
 * protocol, and their path, which they are added to in the end. */
struct summary_plain {
	uint64_t packets, bytes;
	struct summary_path *path;
};

/* What makes a path, and the one found last time. */
struct summary_step {
	uint64_t way; /* layers of six bits, the frame's are 0; two flags */
	const struct proto *proto;
	struct summary_path *path;
};

#define SUMMARY_PROTOS 31
#define SUMMARY_WHAT (2 * (1 + SUMMARY_PROTOS)) /* a power of two */
#define SUMMARY_STEPS 256 /* by eight bits of a hash */
#define SUMMARY_STEPS_NEAR 4
#define SUMMARY_STEP_LAYERS 10 /* at most, of six bits */

struct summary {
	struct scan *scan;
	struct summary_hosts hosts;
	struct summary_names names;
	struct flow_apps apps;
	struct summary_flows flows; /* after summary_read() */
	struct table paths;   /* by path_key() */
	uint64_t undecoded, undecoded_bytes; /* bytes nobody decodes */
	uint64_t broadcast, multicast, fragments, nxdomain;
	uint64_t tunnelled; /* packets in tunnels */
	struct summary_step steps[SUMMARY_STEPS + SUMMARY_STEPS_NEAR];
	/* By kind, then without messages or twice 1 + the first one's number
	 * in protos[], and 1 with data. */
	struct summary_plain plain[PLAIN_KINDS * SUMMARY_WHAT];
	struct record previous; /* the last one with a time */
	int64_t longest_silence;
	uint64_t silence_after;
};

extern const struct analyzer analyzer_summary;

/* After the pass: also of the flows.  Then the members from "protocols" to
 * "outliers". */
void summary_read(struct summary *s, const struct flow_list *flows);
void summary_report(const struct summary *s, struct json *j);

#endif
