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

/* Read it by the functions below. */
struct flow_name {
	const uint8_t *texts;      /* different ones, in order, without a gap */
	uint8_t sizes[FLOW_NAMES_EACH];
	uint8_t app;               /* 1 + number in protos[]; 0: no message */
	uint8_t n_names;
	bool more_names;           /* than these */
	bool odd_port;             /* of the first message */
};

/* Streams are counted from 0 for each protocol: the names stand by number. */
struct flow_names {
	struct arena arena;        /* of the names' bytes */
	struct arena entries;
	struct flow_name **parts[4]; /* of TCP, UDP, SCTP, UDP-Lite */
	size_t n_parts[4];
	size_t n;
	uint64_t refused;          /* messages of flows beyond the cap */
};

void flow_names_init(struct flow_names *n);
void flow_names_free(struct flow_names *n);
void flow_names_add(struct flow_names *n, const struct message *m);
/* NULL: no message was met. */
const struct flow_name *flow_names_find(const struct flow_names *n,
    uint8_t protocol, uint32_t stream);

/* Of the first message. */
static inline const struct proto *
flow_name_proto(const struct flow_name *f)
{
	return protos[f->app - 1];
}

/* At most 128 bytes of the i-th. */
struct span flow_name_text(const struct flow_name *f, unsigned i);

#endif
