#ifndef PROTO_DISPATCH_H
#define PROTO_DISPATCH_H

#include "base/buf.h"
#include "base/table.h"
#include "net/plain.h"
#include "proto/proto.h"

/*
 * What the files of dispatch share; the contract for everybody else is in
 * proto.h.
 */
enum port_space {
	SPACE_TCP,
	SPACE_UDP,
	SPACE_SCTP,
	SPACES,
};

/*
 * Bytes of one direction of a TCP connection that wait: the beginning of a
 * message, or a segment behind a hole that may turn out to be its end.
 */
struct run {
	struct run *next;
	uint32_t seq;
	bool is_start;      /* a message begins here */
	bool after_hole;    /* or so it looks: bytes before it were missing */
	unsigned tries;     /* frame() said: more */
	size_t try_at;      /* not again before so many bytes are there */
	uint32_t first_frame;
	struct buf bytes;
};

#define HOLES_MAX 4

/* flow_app() of a TCP connection that speaks one of our protocols. */
struct tcp_app {
	struct tcp_app *next;
	const struct proto *proto;
	bool odd_port;
	struct tcp_app_side {
		struct run *runs; /* at most RUNS_MAX */
		uint32_t end;     /* of the farthest segment */
		uint32_t sure;    /* from here on no hole was forgotten */
		bool known;       /* both are */
		uint8_t n_holes;
		struct seq_hole { /* before `end`; the oldest is forgotten */
			uint32_t from, to;
		} holes[HOLES_MAX];
	} side[2];
};

struct dispatch {
	struct dispatch_limits limits;
	uint8_t ports[SPACES][65536]; /* 1 + index in protos[]; 0 nobody */
	uint64_t known[SPACES][1024]; /* a bit a port: there is somebody */
	/* What the large tables say, rougher and in a few lines of the cache:
	 * ports with the same dispatch_near_at() share a byte.  Its bits: by
	 * space whether one of them is known, then whether one is heeded. */
	uint8_t near[PORTS_NEAR];
	uint64_t wanted_of[SPACES][1024]; /* somebody that is wanted */
	/* Those that the caller needs: see dispatch_heed(). */
	uint64_t heeded;
	uint64_t heeded_of[SPACES][1024];
	uint8_t content_first[256];   /* first bytes: NEAR_* */
	/* Those that know their messages by content, a bit each: the last one
	 * is for all beyond the seventh. */
	struct glance_looks looks;
	uint8_t zeroed; /* of these: who says in looks_zero what must be 0 */
	uint64_t wanted;              /* a bit a number in protos[] */
	/* Those that know their messages by content, and may over TCP. */
	const struct proto **by_content;
	size_t n_by_content;
	bool content_in_streams;
	bool late_flows;              /* see dispatch_begins_late() */
	struct table expected;        /* address and port to protocol */
	uint64_t expected_ports[1024]; /* a bit a port of these */
	bool expects_streams;         /* one of them may come over TCP */
	struct arena arena;           /* struct tcp_app */
	struct tcp_app *apps;
	size_t waiting;               /* bytes in all runs */
	struct stream_counts counts;
	struct unfinished unfinished[64]; /* by index in protos[] */
	struct streams *streams;      /* when somebody listens */
	/* Of DNS; NULL when only some protocols are decoded, or nobody asks. */
	struct dns_partners *partners;
};

/* Bytes that are to be decoded as one message. */
struct found {
	const struct proto *proto;
	struct span bytes;
	size_t claimed;
	uint32_t first_frame;
	bool over_stream;
	bool odd_port;
};

#define DISPATCH_HEEDED SPACES /* in `near`: the first bit for the heeded */

/* Most of what clients choose is far from all servers' ports. */
static inline unsigned
dispatch_near_at(uint16_t port)
{
	return (port & 0xffU) << 2 | port >> 14;
}

/* Whether a port of it may be one for which the bit of `near` stands. */
static inline bool
dispatch_is_near(const struct dispatch *d, unsigned bit, uint16_t sport,
    uint16_t dport)
{
	return ((d->near[dispatch_near_at(sport)] |
	    d->near[dispatch_near_at(dport)]) >> bit & 1) != 0;
}

/* Announced by another message (SDP), or NULL. */
const struct proto *dispatch_announced(const struct dispatch *d,
    const struct transport *t);
/* The wanted protocols of the two ports in the order to be tried, NULL for
 * none. */
void dispatch_ports(const struct dispatch *d, const struct transport *t,
    const struct proto *by_port[2]);
/* One of those that the caller needs. */
bool dispatch_heeds(const struct dispatch *d, const struct proto *proto);
const struct proto *dispatch_by_content(const struct dispatch *d,
    const struct transport *t);
/* Decodes and hangs the message into p->messages; false: not this one. */
bool dispatch_decode(struct dispatch *d, struct packet *p,
    const struct transport *t, const struct found *found);

/* dispatch_tcp.c: one segment with payload. */
void dispatch_segment(struct dispatch *d, struct packet *p,
    const struct transport *t);
/* dispatch_rest.c: a run of which no more will come; all that still wait;
 * they are given back. */
void dispatch_unfinished_add(struct dispatch *d, const struct proto *proto,
    const struct run *r);
void dispatch_segments_finish(struct dispatch *d);
void dispatch_segments_free(struct dispatch *d);

#endif
