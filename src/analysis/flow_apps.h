#ifndef ANALYSIS_FLOW_APPS_H
#define ANALYSIS_FLOW_APPS_H

#include "proto/proto.h"

/*
 * The application of each flow, as its first message tells: a byte a flow.
 * Streams are counted from 0 for each protocol.
 */
struct flow_apps {
	uint8_t *at[4]; /* of TCP, UDP, SCTP, UDP-Lite: 1 + number in
	                 * protos[] */
	size_t size[4];
};

void flow_apps_free(struct flow_apps *a);
void flow_apps_add(struct flow_apps *a, const struct message *m);
/* NULL: no message was met. */
const struct proto *flow_apps_find(const struct flow_apps *a,
    uint8_t protocol, uint32_t stream);
/* Where a protocol stands in tables of four; 4: it has no flows. */
size_t flow_apps_kind(uint8_t protocol);

#endif
