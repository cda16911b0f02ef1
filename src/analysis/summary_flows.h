#ifndef ANALYSIS_SUMMARY_FLOWS_H
#define ANALYSIS_SUMMARY_FLOWS_H

#include "analysis/summary_peers.h"

/*
 * What the flows of a capture tell in sum: the largest, their services, and
 * what is unusual.  They are read once, after the pass, and none is kept but
 * the largest.
 */
#define SUMMARY_LARGEST 6
#define SUMMARY_SERVICES_RECENT 64

struct summary_service {
	uint64_t flows, bytes;
	uint16_t port;
	uint8_t protocol;
};

struct summary_flows {
	uint64_t total;
	size_t n_largest;
	struct flow_row largest[SUMMARY_LARGEST]; /* by bytes */
	bool has_tcp;                /* with bytes; the largest: */
	uint64_t tcp_bytes;
	uint32_t tcp_stream;
	struct table services;       /* by the server's port */
	struct summary_service *recent[SUMMARY_SERVICES_RECENT];
	struct flow_losses losses;
	uint64_t unanswered, refused, half_open, one_way;
	struct summary_peers peers;
};

/* From zeroes, after the pass. */
void summary_flows_read(struct summary_flows *f, const struct flow_list *list);
void summary_flows_free(struct summary_flows *f);

#endif
