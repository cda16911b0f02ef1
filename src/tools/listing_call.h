#ifndef TOOLS_LISTING_CALL_H
#define TOOLS_LISTING_CALL_H

#include "analysis/listing.h"
#include "tools/tool.h"

/* What the tools share that list the packets of one protocol, with their
 * statistics: parameters, the pass, and the order of the answer. */
struct listing_call {
	const struct analyzer *analyzer; /* its state begins with a listing */
	const char *name;      /* "dns", of "dns_packets_found" */
	const char *total;     /* mcpcap's name of the packets in the capture */
	bool timed;            /* an answer with packets tells when it was made */
	/* There are none: members that say what was looked at. */
	void (*none)(const struct tool_call *call, const void *state);
	void (*statistics)(void *state, struct json *j, size_t max_bytes);
};

extern const struct param listing_params[];

bool listing_call_run(struct tool_call *call, const struct listing_call *l);

#endif
