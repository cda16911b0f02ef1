#ifndef NET_FLOW_PLAIN_H
#define NET_FLOW_PLAIN_H

#include "net/plain.h"
#include "net/tcp_analysis.h"

/*
 * The way of most packets through the flow table: plain ones (net/plain.h) of
 * flows that had packets before, and no SYN.  What it does to a flow is what
 * packet_walk() and flow_track() do; whatever else is to be thought of is
 * left to these.
 *
 * Memory is far away: several lots may be under way at once, each through the
 * steps below in their order, the last of them in the order of the packets.
 */
#define FLOW_LOT 32

struct flow_lot {
	const struct record *records;
	const struct glance *glances;
	struct glanced seen;
	uint32_t known, near;    /* bits */
	unsigned bits;           /* of the index, when these were found: */
	uint32_t slot[FLOW_LOT]; /* the flow's, or an empty one */
	struct flow *flow[FLOW_LOT];
	uint64_t hash[FLOW_LOT];
	/* Of TCP, as it was found: its state, or one that no flow has, a bit
	 * for those that go from side b to a, and flow_word() then. */
	struct tcp_state *tcp[FLOW_LOT];
	uint32_t back, word[FLOW_LOT];
	uint16_t analysis[FLOW_LOT]; /* TCP_A_* */
};

/* Brings near where the flows of `which` are noted, of protocols that are
 * tracked. */
void flow_plain_start(const struct flows *flows, struct flow_lot *lot,
    uint32_t which);
/* Some work later, for some of these: brings near the flows.  A bit for each
 * packet that flow_plain_track() may take. */
uint32_t flow_plain_expect(const struct flows *flows, struct flow_lot *lot,
    uint32_t which);
/* Some work later: the rest that these will need; and, later still, of those
 * whose ends are there, which way they go. */
void flow_plain_near(struct flows *flows, struct flow_lot *lot,
    uint32_t which);
void flow_plain_nearer(struct flows *flows, struct flow_lot *lot);
/* Adds these to their flows as far as they are such, one after the other;
 * returns those that were added, of which lot->flow and lot->analysis then
 * tell.  The first that is missing is to go through flow_plain_open(), or has
 * a payload that somebody reads, before any of the rest is tried again. */
uint32_t flow_plain_track(struct flows *flows, struct flow_lot *lot,
    uint32_t which);
/* What the tracker counts of packet `i`, of TCP: as Wireshark shows it. */
struct flow_numbers {
	bool any;                /* false: it has no flow */
	uint8_t completeness;
	struct tcp_numbers tcp;
	int64_t relative, delta; /* since the flow's first packet, and its last */
	struct timestamp before; /* that one */
};

/* To be asked right before it goes to its flow, and right after. */
void flow_plain_before(const struct flow_lot *lot, size_t i,
    struct flow_numbers *n);
void flow_plain_after(const struct flow_lot *lot, size_t i,
    struct flow_numbers *n);
/* Begins a flow with packet `i`, or goes on with one of UDP that began
 * since flow_plain_expect(); NULL: it may have another, or is no packet that
 * most begin with, or there is no place; nothing was done. */
struct flow *flow_plain_begin(struct flows *flows, struct flow_lot *lot,
    size_t i);
/* The second packet of a connection of which the first is held, where a flow
 * was found; false: it is none, or may belong to another connection, and
 * nothing was done. */
bool flow_plain_second(struct flows *flows, struct flow_lot *lot, size_t i);
/* Of one that was added: what decoders of datagrams, flow_index_match() and
 * counts of layers read is set in `p`. */
void flow_plain_packet(const struct flow_lot *lot, size_t i,
    struct packet *p);
/* Any of them that is not behind a tag: what packet_walk() would set for the
 * tracker, record, layers and the transport, is set in `p`, which goes through
 * flow_track(). */
void flow_plain_open(struct flows *flows, const struct record *r,
    const struct glance *g, struct packet *p);

#endif
