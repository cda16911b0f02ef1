#ifndef NET_FLOW_START_H
#define NET_FLOW_START_H

#include "net/flow.h"

/* When a flow began, which of a SYN alone is in the flow. */

/* What the flows of TCP of a part have in common. */
struct flow_part {
	uint32_t stream; /* of the first */
	/* Brief ones count from here; frame 0: there are none. */
	int64_t seconds;
	uint64_t frame;
};

#define FLOW_PART_AT (4 * FLOW_PART) /* from its first flow */

/* A new flow of TCP begins with a SYN alone, from side a. */
void flow_brief_begin(struct flow *f, const struct record *r,
    const struct tcp_header *h);
/* It goes on: what was in brief is as of others. */
void flow_brief_end(struct flow *f);
/* What a held packet said. */
struct flow_opening flow_opening(const struct flow *f);

#endif
