#ifndef NET_PACKET_H
#define NET_PACKET_H

#include "capture/capture.h"
#include "net/field.h"

/*
 * What the layer walk finds in one record.  Filled front to back; nothing in
 * it is valid beyond the counts and bits that say so, so that a new packet
 * costs a few stores and not a memset.  All numbers are host order.
 */
enum layer {
	LAYER_FRAME,
	LAYER_ETH, LAYER_LLC, LAYER_SNAP, LAYER_VLAN, LAYER_MPLS,
	LAYER_SLL, LAYER_SLL2, LAYER_NULL, LAYER_PPP, LAYER_PPPOE, LAYER_CHDLC,
	LAYER_WLAN, LAYER_RADIOTAP, LAYER_PPI, LAYER_PRISM, LAYER_AVS,
	LAYER_PFLOG, LAYER_ARP,
	LAYER_IP, LAYER_IPV6, LAYER_IPV6_EXT, LAYER_AH, LAYER_ESP,
	LAYER_GRE, LAYER_ERSPAN, LAYER_VXLAN, LAYER_GENEVE, LAYER_GTP,
	LAYER_TEREDO, LAYER_L2TP,
	LAYER_TCP, LAYER_UDP, LAYER_UDPLITE, LAYER_SCTP,
	LAYER_ICMP, LAYER_ICMPV6, LAYER_IGMP,
	LAYER_DATA, /* bytes that nothing of ours decodes */
	LAYER_COUNT /* <= 64 */
};

/* "ip", "tcp": the word in frame.protocols. */
const char *layer_name(enum layer layer);

#define PACKET_STACK 40      /* layers noted; more are counted only */
#define PACKET_TRANSPORTS 6
#define PACKET_TUNNELS 16    /* nesting of tunnels, and no more */

struct layer_at {
	uint8_t layer;
	uint8_t source;   /* 0 the frame, else reassembled data */
	bool ethertype;   /* what follows was found by an ethertype */
	/* LAYER_IPV6_EXT: its protocol number; LAYER_VLAN: 1 for 802.1ad;
	 * LAYER_PPPOE: 1 for a session. */
	uint8_t kind;
	uint32_t offset;  /* of its header */
};

/* Innermost IP header that is not quoted in an ICMP error. */
struct ip_header {
	uint8_t version;      /* 4 or 6 */
	uint8_t ttl;          /* hop limit */
	uint8_t protocol;     /* upper layer, after extension headers */
	uint8_t dsfield;
	uint16_t id;          /* v4; v6: low half of the fragment's */
	uint16_t checksum;
	bool fragment;        /* offset != 0 or more to come */
	bool more_fragments, dont_fragment;
	bool reassembled;     /* this frame completed the datagram */
	uint16_t fragment_offset; /* bytes */
	uint32_t total_length;  /* header and payload as claimed */
	uint32_t header_length;
};

struct tcp_header {
	uint32_t seq, ack;
	uint16_t window, checksum, urgent;
	uint16_t flags;       /* TCP_*; 9 bits and the 3 reserved above */
	uint8_t header_length; /* below TCP_HEADER_MIN: not to be believed */
	uint32_t length;      /* payload as claimed by IP (tcp.len) */
	/* Options; has_* bits in `options`. */
	uint16_t options;     /* TCP_OPT_* */
	uint16_t mss;
	uint8_t window_scale;
	uint8_t n_sack;       /* blocks, at most 4 */
	uint32_t ts_value, ts_echo;
	uint32_t sack[4][2];
};

#define TCP_HEADER_MIN 20

#define TCP_FIN 0x001
#define TCP_SYN 0x002
#define TCP_RST 0x004
#define TCP_PSH 0x008
#define TCP_ACK 0x010
#define TCP_URG 0x020
#define TCP_ECE 0x040
#define TCP_CWR 0x080
#define TCP_AE 0x100

#define TCP_OPT_MSS 1
#define TCP_OPT_WSCALE 2
#define TCP_OPT_SACK_PERMITTED 4
#define TCP_OPT_SACK 8
#define TCP_OPT_TIMESTAMP 16
#define TCP_OPT_BEYOND 0x8000 /* none: IP ends before the header */

/* Findings of the flow tracker about one segment: Wireshark's classes. */
#define TCP_A_RETRANSMISSION 0x0001
#define TCP_A_FAST_RETRANSMISSION 0x0002
#define TCP_A_SPURIOUS_RETRANSMISSION 0x0004
#define TCP_A_OUT_OF_ORDER 0x0008
#define TCP_A_LOST_SEGMENT 0x0010
#define TCP_A_ACK_LOST_SEGMENT 0x0020
#define TCP_A_DUPLICATE_ACK 0x0040
#define TCP_A_KEEP_ALIVE 0x0080
#define TCP_A_KEEP_ALIVE_ACK 0x0100
#define TCP_A_ZERO_WINDOW 0x0200
#define TCP_A_ZERO_WINDOW_PROBE 0x0400
#define TCP_A_ZERO_WINDOW_PROBE_ACK 0x0800
#define TCP_A_WINDOW_FULL 0x1000
#define TCP_A_WINDOW_UPDATE 0x2000
#define TCP_A_REUSED_PORTS 0x4000

#define STREAM_NONE UINT32_MAX

/*
 * One transport header, outermost first; the last one that is not `in_error`
 * is the packet's own.  The tracker fills what stands after `payload`.
 */
struct transport {
	uint8_t protocol;   /* 6 TCP, 17 UDP, 132 SCTP, 136 UDP-Lite */
	bool in_error;      /* quoted in an ICMP error */
	bool cut;           /* header not captured in full: ports at most */
	uint8_t depth;      /* of tunnels around it */
	uint16_t sport, dport;
	uint16_t length;    /* UDP: the length field */
	uint16_t checksum;
	struct addr src, dst;
	struct span payload;    /* captured bytes of it */
	size_t payload_claimed; /* as the layers claim */

	uint32_t stream;        /* Wireshark's tcp.stream, udp.stream */
	uint8_t direction;      /* 0: from the flow's side a, 1: from b */
	uint16_t analysis;      /* TCP_A_* */
	uint32_t duplicate_ack; /* number of it; 0 none */
	uint64_t duplicate_of;  /* frame of the ACK it repeats */
	uint64_t retransmission_of; /* 0 unknown */
	int64_t ack_rtt;        /* ns; -1 none */
	uint64_t acks_frame;
	/* TCP, when the flow's state is known: the first numbers of this side
	 * and of the other, which relative numbers are counted from. */
	bool has_bases;
	uint32_t seq_base, ack_base;
	struct flow *flow;      /* NULL when untracked or the table is full */
};

struct arp_header {
	uint16_t hardware, protocol, opcode;
	uint8_t hardware_size, protocol_size;
	struct span sender_mac, sender_ip, target_mac, target_ip;
};

/* ICMP and ICMPv6 alike; more of each in net/icmp.h. */
struct icmp_header {
	uint8_t version;    /* 4 or 6; 0: its first 4 bytes are missing */
	uint8_t type, code;
	uint16_t checksum;
	uint16_t id, seq;   /* echo and the like */
	bool has_id;
	uint32_t word;      /* bytes 4 to 7: MTU, pointer, gateway */
	struct addr target; /* redirect gateway, ND target */
	bool has_quote;     /* an embedded datagram was read */
	struct ip_header quote_ip;
	struct addr quote_src, quote_dst;
	uint16_t quote_sport, quote_dport;
	uint32_t quote_word; /* bytes 4 to 7 of a quoted ICMP echo or the like */
	struct span body;   /* all after the 4-byte header */
	size_t body_claimed;
};

/* A message of a protocol of floor proto, found in this packet. */
struct message {
	const struct proto *proto;
	const void *data;       /* the protocol's own struct */
	const struct transport *transport; /* NULL: not over a transport */
	struct span bytes;      /* of the message */
	uint32_t first_frame;   /* where its first byte was, when reassembled */
	bool cut;               /* by the snapshot length */
	bool malformed;
	bool odd_port;          /* known by content, not by port */
	struct message *next;
};

struct packet {
	const struct record *record;
	struct span bytes;      /* record->bytes without FCS and padding */
	uint64_t layers;        /* 1 << enum layer for each layer met */
	uint8_t n_stack;
	uint8_t n_transports;
	uint8_t n_tunnels;
	bool cut;               /* something was missing for the snaplen */
	bool malformed;         /* a header that contradicts itself */
	bool has_fragment;      /* an IP header, at any depth, is of a piece */
	struct layer_at stack[PACKET_STACK];
	/* LAYER_ETH or LAYER_WLAN, LAYER_SLL (source only) */
	struct addr mac_src, mac_dst;
	uint16_t ethertype;     /* innermost that was read */
	uint16_t n_vlans;
	uint16_t vlans[4];      /* ids, outermost first */
	uint32_t tunnel_id;     /* VNI, TEID, GRE key of the innermost one */
	/* LAYER_IP or LAYER_IPV6 */
	struct addr src, dst;
	struct ip_header ip;
	struct tcp_header tcp;  /* of the packet's own transport */
	struct arp_header arp;  /* LAYER_ARP */
	struct icmp_header icmp; /* LAYER_ICMP, LAYER_ICMPV6 */
	struct transport transports[PACKET_TRANSPORTS];
	/* Name or number of what follows and is not decoded; "" none. */
	const char *undecoded;  /* "ethertype", "ip.proto", "link" ... */
	uint32_t undecoded_number;
	/* Filled by the scan, in order. */
	struct message *messages, *last_message;
	struct arena *arena;    /* lives until the next batch */
	struct field_list *fields; /* what was handed out; NULL: nobody asked */
};

static inline bool
packet_has(const struct packet *p, enum layer layer)
{
	return (p->layers >> layer & 1) != 0;
}

/* The packet's own transport (innermost, not quoted), or NULL. */
static inline const struct transport *
packet_transport(const struct packet *p)
{
	size_t i;

	for (i = p->n_transports; i > 0; i--) {
		if (!p->transports[i - 1].in_error)
			return &p->transports[i - 1];
	}
	return NULL;
}

/* The outermost one that an ICMP error quotes, or NULL. */
const struct transport *packet_quoted_transport(const struct packet *p);

#endif
