#ifndef NET_STREAM_SIDE_H
#define NET_STREAM_SIDE_H

#include "net/flow.h"
#include "net/stream_pieces.h"

/*
 * One direction of a stream: what was delivered and what waits.  Offsets
 * count from its first byte.
 */
#define STREAM_SIDE_RECENT 4

struct stream_side {
	uint32_t next;    /* sequence number of the byte at `offset` */
	bool started, ended;
	uint8_t patience; /* packets since the hole was acknowledged */
	uint8_t n_recent;
	uint64_t offset;  /* delivered up to here, gaps included */
	uint64_t acked;   /* by the other side, up to here */
	uint64_t fin;     /* offset of the FIN, or STREAM_SIDE_NO_FIN */
	struct timestamp hole_acked;
	struct stream_pieces *waiting;
	/* Delivered ones, to tell a retransmission that says other things. */
	struct stream_recent {
		uint64_t offset;
		uint32_t length, hash;
	} recent[STREAM_SIDE_RECENT];
};

#define STREAM_SIDE_NO_FIN UINT64_MAX

struct stream {
	struct stream_side side[2];
	struct flow *flow;
	struct stream *before, *after;
};

struct streams {
	struct stream_events events;
	size_t max_waiting, max_bytes, bytes;
	struct stream_counts counts;
	struct stream *first;
};

/* Where something is delivered to, and on the occasion of which packet. */
struct stream_feed {
	struct streams *s;
	struct stream *stream;
	struct stream_side *side;
	unsigned direction;
	struct packet *p; /* NULL at the end of the capture */
};

/* Bytes on their way. */
struct stream_bytes {
	uint64_t offset;
	struct span bytes;
	uint32_t missing; /* cut off by the snapshot length */
	uint64_t frame;
};

void stream_side_free(struct streams *s, struct stream_side *side);
/* Is a byte there one that the receiver could take? */
bool stream_side_holds(const struct stream_feed *x, uint64_t offset);
/* Bytes whose first has sequence number `seq`. */
void stream_side_add(const struct stream_feed *x, struct stream_bytes *g,
    uint32_t seq);
void stream_side_end(const struct stream_feed *x);
/* Gives up holes that the other side has acknowledged. */
void stream_side_settle(const struct stream_feed *x);
/* Gives up all holes, and ends. */
void stream_side_finish(const struct stream_feed *x);

#endif
