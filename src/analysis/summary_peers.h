#ifndef ANALYSIS_SUMMARY_PEERS_H
#define ANALYSIS_SUMMARY_PEERS_H

#include "analysis/flow_list.h"
#include "base/fold.h"
#include "base/slots.h"

/*
 * Which client talked to the most different ends, in the order of the flows.
 * Pairs and clients are known by the first flow of theirs.  They are looked
 * up a few at a time, so that their slots are on their way.
 */
#define SUMMARY_PAIRS_MAX ((size_t)1 << 20)
#define SUMMARY_PEERS_LATER 16

/* Each kind of ends once: by the first flow that has them, see
 * summary_peers.c. */
struct summary_ends_set {
	struct slots slots;
	uintptr_t *flows;
	size_t n, size;
};

struct summary_peers {
	struct fold_key key;
	struct summary_ends_set pairs, clients;
	uint32_t *counts;   /* of each client: its pairs */
	uint64_t refused;   /* flows of pairs beyond the cap */
	uint64_t most;      /* of one client */
	struct addr host;   /* this one */
	size_t n_later;
	struct summary_pair {
		uint64_t hash, client_hash;
		uintptr_t flow;
	} later[SUMMARY_PEERS_LATER];
};

/* From zeroes. */
void summary_peers_init(struct summary_peers *p);
void summary_peers_free(struct summary_peers *p);
/* What is told is complete after settle(). */
void summary_peers_add(struct summary_peers *p, const struct flow *f);
void summary_peers_add_icmp(struct summary_peers *p,
    const struct icmp_flow *f);
void summary_peers_settle(struct summary_peers *p);

#endif
