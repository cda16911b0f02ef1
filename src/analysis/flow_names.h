#ifndef ANALYSIS_FLOW_NAMES_H
#define ANALYSIS_FLOW_NAMES_H

#include "base/table.h"
#include "proto/proto.h"

/*
 * What the messages of a flow say of it: the application, by content, and
 * the names seen in it (DNS queries, SIP Call-IDs).  Each protocol adds
 * theirs by proto->subject.
 */
#define FLOW_NAMES_MAX 200000

#define FLOW_NAMES_EACH 4

struct flow_name {
	const struct proto *proto; /* of the first message */
	struct span names[FLOW_NAMES_EACH]; /* at most 128 bytes each */
	uint32_t messages;
	uint8_t n_names;           /* different ones, in order */
	bool more_names;           /* than these */
	bool odd_port;
};

/* Streams are counted from 0 for each protocol: the names stand by number. */
struct flow_names {
	struct arena arena;        /* of the names' bytes */
	struct arena entries;
	struct flow_name **at[4];  /* of TCP, UDP, SCTP, UDP-Lite */
	size_t size[4];
	size_t n;
	uint64_t refused;          /* messages of flows beyond the cap */
};

void flow_names_init(struct flow_names *n);
void flow_names_free(struct flow_names *n);
void flow_names_add(struct flow_names *n, const struct message *m);
const struct flow_name *flow_names_find(const struct flow_names *n,
    uint8_t protocol, uint32_t stream);

#endif
