#ifndef NET_FLOW_H
#define NET_FLOW_H

#include "net/packet.h"

/*
 * Flows: TCP, UDP, SCTP, UDP-Lite by addresses and ports, numbered as
 * Wireshark numbers tcp.stream and udp.stream (each protocol from 0, in the
 * order of the first packet; a SYN that reuses the ports of an ended TCP
 * connection opens a new one).  Side a is the client: the sender of the SYN,
 * or the receiver of the SYN-ACK; without either the sender of the first
 * packet, unless its port is the well-known one (< 1024) and the other is
 * not.  flow->guessed tells.
 *
 * Flow records never move while the table lives.  At the cap nothing new is
 * added and `refused` counts packets.
 */
struct flow_side {
	uint64_t packets, bytes;    /* frames; payload bytes as claimed */
	uint64_t data_packets;
	uint32_t syn, syn_ack, ack, fin, rst; /* packets with the flag */
	uint32_t retransmissions, fast, spurious, out_of_order, lost;
	uint32_t duplicate_acks, keep_alives, zero_windows, window_full;
	uint32_t window_updates, zero_window_probes;
	uint64_t first_fin, first_rst; /* frame numbers, 0 none */
	int64_t rtt_min, rtt_max, rtt_sum; /* data to ACK, ns */
	uint32_t rtt_count;
	uint16_t mss;
	uint8_t window_scale;       /* 255: none seen */
	bool sack_permitted;
};

enum flow_handshake {
	HANDSHAKE_NONE,       /* the capture starts in the middle */
	HANDSHAKE_SYN,        /* SYN alone */
	HANDSHAKE_SYN_ACK,    /* answered, the client's ACK not seen */
	HANDSHAKE_COMPLETE,
	HANDSHAKE_REFUSED,    /* RST answered the SYN */
};

struct flow {
	struct addr a, b;          /* client, server */
	uint16_t a_port, b_port;
	uint8_t protocol;
	bool guessed;              /* roles by rule, not by SYN */
	bool swapped;              /* side a is not the first sender */
	uint8_t handshake;         /* enum flow_handshake */
	uint32_t stream;
	uint32_t vlan;             /* of the first packet, UINT32_MAX none */
	uint32_t tunnel_id;
	uint8_t tunnel_layer;      /* enum layer, 0 none */
	uint64_t first_frame, last_frame;
	struct timestamp first, last;
	int64_t handshake_rtt;     /* SYN to the client's ACK, ns; -1 */
	int64_t syn_rtt;           /* SYN to SYN-ACK; -1 */
	struct flow_side side[2];  /* a, b */
	char history[24];          /* Zeek's letters, NUL-ended */
	struct tcp_state *tcp;     /* the tracker's own */
	void *stream_state;        /* reassembly's own, or NULL */
	void *app;                 /* floor proto's own, or NULL */
};

/* Zeek's conn_state: S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH */
const char *flow_conn_state(const struct flow *f);
/* "reset", "normal", "active" or "unknown", as surface.md section 3. */
const char *flow_close_reason(const struct flow *f);

struct flow_limits {
	size_t max_flows;  /* default 4 million */
	size_t max_bytes;  /* default 1 GiB */
};

struct flows;

struct flows *flows_new(const struct flow_limits *limits);
void flows_free(struct flows *t);
/*
 * Finds or opens the flow of `t`, updates it and fills the tracker's part of
 * `t`; with `fields` hands out tcp.stream, tcp.analysis.*, tcp.time_* and
 * udp.stream.  Never fails: t->flow is NULL when the table is full.
 * A transport quoted in an ICMP error is looked up but never counted.
 */
void flow_track(struct flows *flows, struct packet *p, struct transport *t,
    struct field_list *fields);
/* Brings the flow's memory near; for batches. */
void flow_prefetch(const struct flows *flows, const struct transport *t);

/* In the order of the streams' numbers, for one IP protocol number. */
size_t flow_count(const struct flows *flows, uint8_t protocol);
struct flow *flow_at(const struct flows *flows, uint8_t protocol,
    uint32_t stream);
uint64_t flow_refused(const struct flows *flows);

/*
 * TCP streams in order.  First bytes win where segments overlap; a gap is an
 * event.  Bytes beyond a hole wait until it is filled, until the other side
 * acknowledged it (then it is a gap: the capture lost it), or until the caps.
 */
struct stream_events {
	/* In-order bytes of one direction, offset counted from its first
	 * byte.  `p` is the packet that made them deliverable; `from` the
	 * frame that carried them. */
	void (*bytes)(void *context, struct packet *p, struct flow *f,
	    unsigned direction, uint64_t offset, struct span bytes,
	    uint64_t from);
	void (*gap)(void *context, struct packet *p, struct flow *f,
	    unsigned direction, uint64_t offset, uint64_t missing);
	/* FIN, RST or the end of the capture (p NULL). */
	void (*end)(void *context, struct packet *p, struct flow *f,
	    unsigned direction);
	void *context;
};

struct stream_limits {
	size_t max_waiting;  /* bytes beyond holes a direction, def. 1 MiB */
	size_t max_bytes;    /* in all, default 64 MiB */
};

struct stream_counts {
	uint64_t bytes, gaps, gap_bytes, overlaps, conflicts, given_up;
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
