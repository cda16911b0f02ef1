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
 * the well-known one (< 1024) and the other is not.  flow->guessed tells.
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

/* One direction.  Numbers of packets stay at UINT32_MAX. */
struct flow_side {
	uint64_t bytes;        /* of payload, as claimed */
	uint32_t packets;
	uint32_t data_packets; /* with payload */
};

/*
 * Three cache lines, of which an update touches the first two; a million
 * SYN-only flows cost no more than this and the index.  What TCP tells
 * beyond it is in flow_detail().
 */
struct flow {
	struct addr a, b;          /* client, server */
	uint16_t a_port, b_port;
	uint8_t protocol;
	uint8_t handshake;         /* enum flow_handshake */
	bool guessed;              /* roles by rule, not by SYN */
	bool swapped;              /* side a is not the first sender */
	bool superseded;           /* a later flow has the same ends */
	uint16_t path;             /* of the first packet: flow_path() */
	uint32_t stream;
	uint16_t vlans[2];         /* on the path */
	uint32_t tunnel_id;        /* of the innermost tunnel */
	struct tcp_state *tcp;     /* the tracker's own */

	struct flow_side side[2];  /* a, b */
	struct timestamp last;
	uint64_t last_frame;
	void *stream_state;        /* reassembly's own, or NULL */

	struct timestamp first;
	uint64_t first_frame;
	void *app;                 /* floor proto's own, or NULL */
	/* The tracker's own: what a first packet without payload said. */
	struct flow_opening {
		uint32_t seq, ack;
		uint16_t window, flags, mss;
		uint8_t window_scale;
		uint8_t options; /* TCP_OPT_*; OPENING_* above */
	} opening;
	uint32_t earlier; /* stream with the same ports before, or none */
};

/* What TCP tells of one direction. */
struct flow_tcp_side {
	uint32_t syn, syn_ack, ack, fin, rst; /* packets with the flag */
	/* ack: pure ACKs only, neither payload nor SYN, FIN, RST. */
	uint32_t retransmissions, fast, spurious, out_of_order;
	uint32_t lost, ack_lost;
	uint32_t duplicate_acks, keep_alives, zero_windows, window_full;
	uint32_t window_updates, zero_window_probes;
	uint64_t first_fin, first_rst; /* frame numbers, 0 none */
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
	struct flow_tcp_side side[2]; /* a, b; zeros unless TCP */
};

/* The tags and tunnels around a flow, outermost first: enum layer, with
 * LAYER_IP and LAYER_IPV6 for IP in IP.  Returns how many; what is beyond
 * FLOW_PATH_MAX is left out. */
#define FLOW_PATH_MAX 4
size_t flow_path(const struct flow *f, uint8_t layers[FLOW_PATH_MAX]);
void flow_detail(const struct flow *f, struct flow_detail *detail);
/* Zeek's conn_state: S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH */
const char *flow_conn_state(const struct flow *f);
/* "reset", "normal", "active" or "unknown", as surface.md section 3. */
const char *flow_close_reason(const struct flow *f);

struct flow_limits {
	size_t max_flows;  /* default 4 million */
	size_t max_bytes;  /* default 1 GiB */
};

struct flow_counts {
	uint64_t refused;   /* packets of flows beyond the cap */
	uint64_t untracked; /* TCP packets without analysis: no memory left */
	uint64_t unacked;   /* segments beyond the 10000 noted a direction */
	uint64_t quoted;    /* flows known only from ICMP errors */
	size_t bytes;       /* memory held */
};

struct flows;

struct flows *flows_new(const struct flow_limits *limits);
void flows_free(struct flows *t);
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
/* Brings near what flow_track() will need for `n` walked packets that stay
 * where they are until then; best in batches of 32. */
void flow_prefetch(struct flows *flows, const struct packet *packets,
    size_t n);

/* In the order of the streams' numbers, for one IP protocol number. */
size_t flow_count(const struct flows *flows, uint8_t protocol);
struct flow *flow_at(const struct flows *flows, uint8_t protocol,
    uint32_t stream);
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
