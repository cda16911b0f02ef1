#ifndef NET_FLOW_H
#define NET_FLOW_H

#include "net/packet.h"

/*
 * Flows: TCP, UDP, SCTP, UDP-Lite by addresses and ports, numbered as
 * Wireshark numbers tcp.stream and udp.stream (each protocol from 0, in the
 * order of the first packet; a SYN that reuses the ports of a TCP connection
 * with another sequence number opens a new one; UDP-Lite counts as UDP).
 * Side a is the client: the sender of the SYN, or the receiver of the
 * SYN-ACK; without either the sender of the first packet, unless its port is
 * the well-known one (< 1024) and the other is not, or in TCP the other alone
 * is among those that systems give to clients.  flow->guessed tells.
 *
 * Flow records never move while the table lives.  At the cap nothing new is
 * added and flow_counts()->refused counts packets.
 */
enum flow_handshake {
	HANDSHAKE_NONE,       /* the capture starts in the middle */
	HANDSHAKE_SYN,        /* SYN alone */
	HANDSHAKE_SYN_ACK,    /* answered, the client's ACK not seen */
	HANDSHAKE_COMPLETE,
	HANDSHAKE_REFUSED,    /* RST answered the SYN */
};

/* What a flow's first packet said, when it was a TCP one without payload. */
struct flow_opening {
	uint32_t seq, ack;
	uint16_t window, flags, mss;
	uint8_t window_scale;
	uint8_t options; /* TCP_OPT_* */
};

/* The same of a SYN, and when it came, where that is not long after the first
 * of its part of the table, in seconds and frames: most have no more to tell.
 * See flow_start.h. */
struct flow_brief {
	uint32_t seq;
	uint16_t window, mss;
	uint64_t seconds : 10, frame : 17;
	uint64_t nanoseconds : 30;
	uint64_t window_scale : 4, options : 3;
};

/* Packets with payload, in numbers that are not large, the last of them at a
 * time that is not either: most flows of UDP. */
struct flow_talk {
	uint32_t bytes[2];         /* by sides a, b */
	uint16_t packets[2];
	uint32_t last_frame;
};

struct flow_when {
	uint32_t seconds, nanoseconds;
};

/*
 * Half a cache line, which is all that a SYN has as long as nothing follows:
 * millions of such flows cost no more than this and the index.  Others have a
 * flow_start, and of what is not TCP both are in one line.  Counts are in
 * flow_body from the second packet on, but for a talk; what TCP tells
 * beyond them is in flow_detail().  Read what is not plain here by the
 * functions below.
 */
struct flow {
	union {
		uint8_t ipv4[2][4];     /* flow_addr() */
		struct flow_more *wide_more;
	};
	uint16_t a_port, b_port;   /* client, server */
	uint8_t protocol;
	uint8_t handshake : 3;     /* enum flow_handshake */
	bool wide : 1;             /* not between IPv4: `wide_more` */
	bool talks : 1;            /* not TCP: `talk` */
	bool reset : 1;            /* TCP with a state: a RST was seen */
	bool guessed : 1;          /* roles by rule, not by SYN */
	bool swapped : 1;          /* side a is not the first sender */
	bool superseded : 1;       /* a later flow has the same ends */
	bool reuses : 1;           /* an earlier flow had them */
	/* The tracker's own. */
	bool lone : 1;             /* one packet; of TCP without payload */
	bool counted : 1;          /* flow_body, and the state */
	bool held : 1;             /* `opening`; or `state.rest` */
	bool from_b : 1;           /* that packet */
	bool next_number : 1;      /* UDP: goes on with another number */
	bool first_known : 1;      /* flow_first() */
	bool classed : 1;          /* flow_classes() */
	bool resting : 1;          /* the latter */
	bool apart : 1;            /* there is flow_more() */
	bool is_brief : 1;         /* held: `brief` */
	uint8_t first_digits : 4;
	union {
		struct flow_opening opening;
		struct flow_brief brief;
		uint64_t lone_bytes; /* not TCP: payload of that packet */
		struct {
			union {
				struct tcp_state *tcp;
				struct tcp_rest *rest;
			};
			void *app;
		} state; /* TCP that holds no packet: flow_tcp() */
		struct flow_talk talk;
		struct flow_body *body; /* not TCP, counted: flow_body() */
	};
};

/* What most packets do not ask for. */
struct flow_start {
	int64_t seconds;           /* flow_first() */
	uint64_t frame;            /* flow_first_frame() */
	uint32_t nanoseconds;
	uint32_t stream;           /* flow_stream(), but for TCP */
	union {
		struct flow_more *more; /* of one that is not wide */
		struct flow_when last; /* of a talk: flow_when() */
	};
};

/* Of flows that are not plain IPv4. */
struct flow_more {
	struct addr addr[2];       /* client, server */
	uint16_t path;             /* of the first packet: flow_path() */
	uint16_t vlans[2];         /* on the path */
	uint32_t tunnel_id;        /* of the innermost tunnel */
	struct flow_when last;
};

/* By sides a, b.  Numbers of packets stay at UINT32_MAX.  Of TCP most are not
 * here, but in its state, and the last packet may be, too. */
struct flow_body {
	uint64_t bytes[2];         /* of payload, as claimed */
	uint32_t packets[2];
	uint32_t data_packets[2];  /* with payload */
	uint64_t last_frame;
	struct timestamp last;     /* flow_last() */
	void *stream_state;        /* reassembly's own, or NULL */
};

/*
 * A part of the table: its flows, a huge page of them, and of TCP the starts
 * of these, their bodies, and what all have in common.  Of others each has its
 * start behind it.
 */
#define FLOW_LINE 64
#define FLOW_UNIT 32
#define FLOW_PART_BITS 16
#define FLOW_PART ((size_t)FLOW_UNIT << FLOW_PART_BITS)

inline __attribute__((always_inline)) struct flow_start *
flow_start(const struct flow *f)
{
	size_t at = f->protocol == 6 ? FLOW_PART : FLOW_UNIT;

	return (struct flow_start *)(void *)((char *)f + at);
}

/* Of those that are apart. */
inline __attribute__((always_inline)) struct flow_more *
flow_more(const struct flow *f)
{
	return f->wide ? f->wide_more : flow_start(f)->more;
}

inline __attribute__((always_inline)) struct flow_body *
flow_tcp_body(const struct flow *f)
{
	size_t within = (uintptr_t)f % FLOW_PART;

	return (struct flow_body *)(void *)((char *)f + 2 * FLOW_PART +
	    within);
}

inline __attribute__((always_inline)) struct flow_body *
flow_body(const struct flow *f)
{
	if (f->protocol != 6)
		return f->body;
	return flow_tcp_body(f);
}

inline struct addr
flow_addr(const struct flow *f, unsigned side)
{
	struct addr a = { .kind = ADDR_IPV4 };

	if (f->apart)
		return flow_more(f)->addr[side];
	memcpy(a.bytes, f->ipv4[side], sizeof(f->ipv4[side]));
	return a;
}

uint32_t flow_packets(const struct flow *f, unsigned side);

/* Of one that holds its first packet. */
static inline unsigned
flow_opening_flags(const struct flow *f)
{
	return f->is_brief ? TCP_SYN : f->opening.flags;
}

/* A SYN without an answer, and nothing else: scans and floods are made of
 * these. */
static inline bool
flow_is_lone_syn(const struct flow *f)
{
	return f->lone && f->held && f->handshake == HANDSHAKE_SYN &&
	    (flow_opening_flags(f) & (TCP_SYN | TCP_FIN | TCP_RST |
	    TCP_ACK)) == TCP_SYN;
}

/* None of it: it is known from a quotation alone. */
static inline bool
flow_is_silent(const struct flow *f)
{
	return !f->lone && !f->counted && !f->talks;
}

/* Is its traffic in both directions; in one of them only? */
bool flow_is_two_way(const struct flow *f);
bool flow_is_one_way(const struct flow *f);

uint64_t flow_bytes(const struct flow *f, unsigned side);
uint32_t flow_data_packets(const struct flow *f, unsigned side);

/* Its number, and its first packet: 0 there is none. */
uint32_t flow_stream(const struct flow *f);
uint64_t flow_first_frame(const struct flow *f);
struct timestamp flow_first(const struct flow *f);

static inline struct flow_when *
flow_when(const struct flow *f)
{
	struct flow_start *start = flow_start(f);

	return f->apart && !f->wide ? &start->more->last : &start->last;
}

/* Its last packet, and when that was. */
uint64_t flow_end(const struct flow *f, struct timestamp *last);

static inline struct timestamp
flow_last(const struct flow *f)
{
	struct timestamp last;

	(void)flow_end(f, &last);
	return last;
}

static inline uint64_t
flow_last_frame(const struct flow *f)
{
	struct timestamp last;

	return flow_end(f, &last);
}

/* The analysis, or NULL: not TCP, a first packet alone, no memory, or put to
 * rest. */
static inline __attribute__((always_inline)) struct tcp_state *
flow_tcp(const struct flow *f)
{
	return f->protocol == 6 && !f->held ? f->state.tcp : NULL;
}

/* Floor proto's own; set it after a packet with payload, false: there is no
 * place for it. */
static inline void *
flow_app(const struct flow *f)
{
	return f->protocol == 6 && (!f->held || f->resting) ?
	    f->state.app : NULL;
}

static inline bool
flow_app_set(struct flow *f, void *app)
{
	if (f->protocol != 6 || f->held)
		return false;
	f->state.app = app;
	return true;
}

/* Segments of one direction by Wireshark's classes. */
struct flow_classes {
	uint32_t retransmissions, fast, spurious, out_of_order;
	uint32_t lost, ack_lost, duplicate_acks, keep_alives;
	uint32_t zero_windows, window_full, window_updates;
	uint32_t zero_window_probes;
};

/* Packets with the flag, of one direction. */
struct flow_flags {
	uint32_t syn, syn_ack, ack, fin, rst;
	/* ack: pure ACKs only, neither payload nor SYN, FIN, RST. */
	bool reset_late; /* the first RST came after both FINs */
};

/* What TCP tells of one direction, beyond these. */
struct flow_tcp_side {
	int64_t rtt_min, rtt_max, rtt_sum; /* data to ACK, ns */
	uint32_t rtt_count; /* samples; none of retransmitted data */
	uint16_t mss;       /* 0: none seen */
	uint8_t window_scale; /* 255: none seen */
	bool sack_permitted;
};

#define FLOW_HISTORY 24

struct flow_detail {
	int64_t handshake_rtt;   /* SYN to the client's ACK, ns; -1 */
	int64_t syn_rtt;         /* SYN to SYN-ACK; -1 */
	uint8_t completeness;    /* tcp.completeness */
	bool reused_ports;       /* an earlier flow had the same ports */
	char history[FLOW_HISTORY]; /* Zeek's letters, NUL-ended */
	/* a, b; zeros unless TCP */
	struct flow_tcp_side side[2];
	struct flow_flags flags[2];
	struct flow_classes classes[2];
};

/* The tags and tunnels around a flow, outermost first: enum layer, with
 * LAYER_IP and LAYER_IPV6 for IP in IP.  Returns how many; what is beyond
 * FLOW_PATH_MAX is left out. */
#define FLOW_PATH_MAX 4
size_t flow_path(const struct flow *f, uint8_t layers[FLOW_PATH_MAX]);
void flow_detail(const struct flow *f, struct flow_detail *detail);
/* What it tells of both sides, in sums; of it nothing else is looked at. */
struct flow_losses {
	uint64_t rst, retransmissions, lost, zero_windows;
};

void flow_losses_add(const struct flow *f, struct flow_losses *sum);
/* Zeek's conn_state: S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH */
const char *flow_conn_state(const struct flow *f);
/* As surface.md section 3. */
enum flow_close {
	FLOW_CLOSE_RESET,
	FLOW_CLOSE_NORMAL,
	FLOW_CLOSE_ACTIVE,
	FLOW_CLOSE_UNKNOWN,
};

/* A part of flow_detail(), for whoever asks it of all flows. */
void flow_flags(const struct flow *f, struct flow_flags side[2]);
enum flow_close flow_close(const struct flow *f,
    const struct flow_flags side[2]);
/* "reset", "normal", "active" or "unknown". */
const char *flow_close_reason(const struct flow *f);
/* False when all of them are 0, and nothing is written. */
bool flow_classes(const struct flow *f, struct flow_classes side[2]);

struct flow_limits {
	size_t max_flows;  /* default 4 million */
	size_t max_bytes;  /* default 1 GiB */
};

struct flow_counts {
	uint64_t refused;   /* packets of flows beyond the cap */
	uint64_t untracked; /* TCP packets without analysis: no memory left */
	uint64_t unacked;   /* segments beyond the 10000 noted a direction */
	uint64_t quoted;    /* flows known only from ICMP errors */
	uint64_t foretold;  /* and those that had packets later */
	size_t bytes;       /* memory held */
};

struct flows;

struct flows *flows_new(const struct flow_limits *limits);
void flows_free(struct flows *t);
/* Nobody asks for the others: their packets have no flow. */
void flows_only(struct flows *t, uint8_t protocol);
/*
 * Finds or opens the flow of `t`, updates it and fills the tracker's part of
 * `t`; with `fields` hands out tcp.stream, tcp.analysis.*, tcp.time_* and
 * udp.stream.  Never fails: t->flow is NULL when the table is full.
 * A transport quoted in an ICMP error is looked up but never counted; where
 * it is the first that is heard of a flow, the flow has no packets yet.
 */
void flow_track(struct flows *flows, struct packet *p, struct transport *t,
    struct field_list *fields);
/* True when flow_track() would find the flow of `t` and not open it. */
bool flow_is_known(const struct flows *flows, const struct transport *t);
/* Brings near what flow_track() will need for a walked packet that stays
 * where it is until then; best in batches of 32, each after a start. */
void flow_expect_start(struct flows *flows);
void flow_expect(struct flows *flows, const struct packet *p);
/* Where the last of them shall not wait for its flow. */
void flow_expect_end(struct flows *flows);

/* In the order of the streams' numbers, for one IP protocol number. */
size_t flow_count(const struct flows *flows, uint8_t protocol);
struct flow *flow_at(const struct flows *flows, uint8_t protocol,
    uint32_t stream);
/* The same as the first of those up to `*end`, which stand behind each
 * other: flow_next(). */
const struct flow *flow_run(const struct flows *flows, uint8_t protocol,
    uint32_t stream, uint32_t *end);
static inline const struct flow *
flow_next(const struct flow *f, size_t n)
{
	return f + (f->protocol == 6 ? n : 2 * n);
}

/* Of `left` that stand behind each other some come near that follow `f`, and of
 * these what is asked of them. */
enum flow_asked {
	FLOW_ASKED_CLASSES, /* and packets */
	FLOW_ASKED_LOSSES,
	FLOW_ASKED_FLAGS,   /* the same, flow_flags(), flow_close() */
	FLOW_ASKED_DETAIL,
};

void flow_near(const struct flow *f, size_t left, enum flow_asked asked);

/* One after the other, which come near: the next one; begins with zeros, NULL
 * at the end. */
struct flow_walk {
	const struct flow *flow; /* stream `at` - 1 */
	uint32_t at, end;
};

const struct flow *flow_walk(const struct flows *flows, uint8_t protocol,
    struct flow_walk *w, enum flow_asked asked);
const struct flow_counts *flow_counts(struct flows *flows);

/*
 * TCP streams in order.  First bytes win where segments overlap; a gap is an
 * event.  Bytes beyond a hole wait until it is filled, until the other side
 * acknowledged it and a few packets more went by (then it is a gap: the
 * capture lost it), or until the caps.  What the snapshot length cut off is a
 * gap at once.  Offset 0 is the byte after the SYN, or the first byte seen.
 * A segment far outside of what the receiver could take, and which it never
 * acknowledged, is not believed.
 */
struct stream_events {
	/* In-order bytes of one direction, offset counted from its first
	 * byte.  `p` is the packet that made them deliverable (NULL at the
	 * end of the capture); `from` the frame that carried them. */
	void (*bytes)(void *context, struct packet *p, struct flow *f,
	    unsigned direction, uint64_t offset, struct span bytes,
	    uint64_t from);
	void (*gap)(void *context, struct packet *p, struct flow *f,
	    unsigned direction, uint64_t offset, uint64_t missing);
	/* Once a direction: its FIN, a RST that fits, or the end of the
	 * capture (p NULL).  A RST may be forged: bytes may still follow. */
	void (*end)(void *context, struct packet *p, struct flow *f,
	    unsigned direction);
	/* Whether anything of a flow is wanted, always the same; NULL: of
	 * all. */
	bool (*wants)(void *context, const struct flow *f);
	void *context;
};

struct stream_limits {
	size_t max_waiting;  /* bytes beyond holes a direction, def. 1 MiB */
	size_t max_bytes;    /* in all, default 64 MiB */
};

struct stream_counts {
	uint64_t bytes, gaps, gap_bytes;
	uint64_t overlaps;   /* segments that brought bytes again */
	uint64_t conflicts;  /* of these, other bytes than those before */
	uint64_t given_up;   /* bytes not waited for any longer: the caps */
	uint64_t outside;    /* segments not believed */
	uint64_t unfollowed; /* segments of flows without memory */
};

struct streams;

struct streams *streams_new(const struct stream_limits *limits,
    const struct stream_events *events);
void streams_free(struct streams *s);
/* After flow_track(). */
void stream_segment(struct streams *s, struct packet *p, struct transport *t);
/* At the end of the capture: what waits behind holes is delivered after gap
 * events. */
void streams_finish(struct streams *s, struct flows *flows);
const struct stream_counts *stream_counts(const struct streams *s);

/* The rows that flow_track() hands out are in net_tables' "tcp", "udp". */

#endif
