#ifndef NET_WALK_H
#define NET_WALK_H

#include "net/packet.h"

/*
 * The layer walk: link type to transport header, tunnels to depth
 * PACKET_TUNNELS without recursion, one pass.  It fills `p` and, when
 * w->fields is set, hands out the named fields of every layer it reads.
 *
 * With no hook set it keeps no state at all and may run over a whole batch
 * of records before the tracker sees the first of them.
 */
struct defrag;
struct frame_facts;

/* Tables of which no row is wanted: their readers need not listen. */
#define WALK_DEAF_FRAME 1
#define WALK_DEAF_ETH 2
#define WALK_DEAF_TCP 4
#define WALK_DEAF_UDP 8 /* and UDP-Lite */

struct walk {
	struct field_list *fields; /* NULL: nobody listens */
	unsigned deaf;             /* WALK_DEAF_* */
	struct defrag *defrag;     /* NULL: fragments stay fragments */
	/* Each transport header when it was read, before its payload: the
	 * place for flow tracking and for fields such as tcp.stream. */
	void (*transport)(void *context, struct packet *p,
	    struct transport *t);
	/* Its payload, when no tunnel of ours claims it. */
	void (*payload)(void *context, struct packet *p, struct transport *t);
	void *context;
	/* What only the reader of the capture knows of this record (see
	 * frame.h); NULL: the rows that need it are left out. */
	const struct frame_facts *frame;
};

void packet_walk(const struct walk *w, const struct record *r,
    struct arena *arena, struct packet *p);

/* What may be deaf where these rows are wanted. */
unsigned walk_deaf(const struct field_wants *wants);

/* The rows of all layers of this floor, for the registry of fields. */
extern const struct field_table *const net_tables[];
extern const size_t net_table_count;

/*
 * IP defragmentation.  Pieces are kept until the datagram is whole, a
 * timeout of 60 s of capture time or the cap; what was given up is counted.
 * Overlaps: the first bytes win, and are told.
 */
struct defrag_key {
	struct addr src, dst;
	uint64_t vlans; /* ids of 12 bits: in each there may be other hosts */
	uint32_t id;
	uint8_t protocol;
};

struct defrag_limits {
	size_t max_bytes;     /* in all, default 16 MiB */
	uint32_t max_datagrams; /* default 4096 */
};

struct defrag_counts {
	uint64_t fragments, completed, overlaps, conflicts, given_up, expired;
	uint64_t too_large;   /* beyond 65535 bytes: ping of death */
	uint64_t open;        /* still incomplete */
};

struct defrag *defrag_new(const struct defrag_limits *limits);
void defrag_free(struct defrag *d);
/*
 * Adds one fragment; `offset` in bytes.  True when it completed the datagram:
 * *whole is its payload, in `arena`.
 */
bool defrag_add(struct defrag *d, const struct defrag_key *key,
    const struct record *r, uint32_t offset, bool more, struct span bytes,
    size_t claimed, struct arena *arena, struct span *whole);
const struct defrag_counts *defrag_counts(const struct defrag *d);

/* The fragments of the datagram that was completed last, by offset; good
 * until the next defrag_add(). */
struct defrag_piece {
	uint64_t frame;
	uint32_t offset, length;
	bool overlap, conflict; /* with those before it in this order */
};

struct defrag_whole {
	const struct defrag_piece *pieces;
	size_t n;           /* of `pieces`; at most 2048 are noted */
	uint32_t fragments; /* all of them */
};

struct defrag_whole defrag_whole(const struct defrag *d);

#endif
