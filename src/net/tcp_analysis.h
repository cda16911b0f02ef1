#ifndef NET_TCP_ANALYSIS_H
#define NET_TCP_ANALYSIS_H

#include "net/flow.h"
#include "net/tcp_unacked.h"

/*
 * What a TCP sender did, segment by segment: Wireshark's classes, as tshark
 * 4.0 gives them in one pass.  Times are nanoseconds since the flow's first
 * packet.  An end is the sender of one direction.
 */
struct tcp_end {
	uint32_t base;       /* its ISN, or one before what was seen first */
	uint32_t next;       /* highest sequence number to come; 0 none yet */
	uint32_t contiguous; /* highest one without a hole before; 0 none */
	uint32_t ack;        /* last */
	uint32_t window;     /* last, not scaled */
	uint32_t duplicates; /* of that ACK */
	uint32_t push_bytes; /* since the last PSH */
	uint32_t sacked;     /* bytes in the blocks of its last segment */
	int64_t next_time, ack_time;
	uint64_t next_frame, ack_frame; /* the first with this ACK */
	uint16_t analysis;   /* TCP_A_* of its last segment */
	int8_t scale;        /* SCALE_* or the shift */
	uint8_t flags;       /* END_* */
	uint16_t mss;
	uint8_t window_scale; /* of its SYN; 255 */
	struct tcp_unacked unacked;
	/* Counts for flow_detail(). */
	uint32_t syn, syn_ack, acks, fin, rst;
	uint32_t rtt_count;
	int64_t rtt_min, rtt_max, rtt_sum;
	uint64_t first_fin, first_rst;
};

#define SCALE_UNKNOWN -1
#define SCALE_NONE -2

#define END_BASE 0x01        /* `base` is known */
#define END_IN_FLIGHT 0x04   /* bytes in flight can be told */
#define END_PUSHED 0x08      /* its last data had PSH */
#define END_SACK 0x10        /* SACK permitted */
#define END_ACKED 0x20       /* its last segment was not a SYN */
#define END_HEARD 0x40       /* `base` is by its own word */

struct tcp_tally; /* counts of classes; NULL until there is one */

struct tcp_state {
	struct tcp_end end[2]; /* sides a and b of the flow */
	struct tcp_tally *tally;
	int64_t syn_time;      /* of the last SYN; -1 none */
	int64_t syn_ack_time;
	int64_t first_rtt;     /* SYN to the client's ACK; -1 */
	int64_t syn_rtt;
	uint8_t completeness;  /* COMPLETE_* */
	uint8_t n_history;
	struct tcp_socks {
		uint16_t port;
		uint8_t step, client;
	} socks;               /* see flow_number.h */
	char history[FLOW_HISTORY];
};

#define COMPLETE_SYN 1
#define COMPLETE_SYN_ACK 2
#define COMPLETE_ACK 4
#define COMPLETE_DATA 8
#define COMPLETE_FIN 16
#define COMPLETE_RST 32

struct tcp_tally {
	struct tcp_counts {
		uint32_t retransmissions, fast, spurious, out_of_order;
		uint32_t lost, ack_lost, duplicate_acks, keep_alives;
		uint32_t zero_windows, window_full, window_updates;
		uint32_t zero_window_probes;
	} side[2];
};

/* One segment. */
struct tcp_input {
	const struct tcp_header *header;
	unsigned direction; /* 0: from side a */
	uint64_t frame;
	int64_t time;
	bool reuses; /* the first of a connection with the ports of another */
};

/* What came out for it. */
struct tcp_result {
	uint16_t analysis;    /* TCP_A_* */
	uint32_t duplicate_ack;
	uint64_t duplicate_of;
	uint64_t acks_frame;  /* 0 none */
	int64_t ack_rtt;
	uint64_t rto_frame;   /* 0 none */
	int64_t rto;
	uint32_t in_flight;   /* 0 none */
	uint32_t push_bytes;  /* 0 none */
	bool looked;          /* tshark shows its subtree, if only for iRTT */
	uint8_t completeness; /* before this segment, as tshark prints it */
	bool unnoted;         /* not among the unacknowledged: no room */
};

void tcp_state_init(struct tcp_state *s);
void tcp_state_near(const struct tcp_state *s);
/* Finds the classes of a segment and moves the state on. */
void tcp_analyse(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, struct tcp_result *out);

#endif
