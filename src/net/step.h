#ifndef NET_STEP_H
#define NET_STEP_H

#include "net/walk.h"

/*
 * What packet_walk() and the readers of the layers share: where the walk
 * stands and what comes next.  A reader takes its header off `c`, notes its
 * layer, hands out its fields and names the next reader; the loop in walk.c
 * calls it.  No reader calls another.
 */
enum next {
	NEXT_END,
	NEXT_LINK,      /* number: LINKTYPE_ */
	NEXT_ETH,
	NEXT_ETHERTYPE, /* number: an ethertype */
	NEXT_LLC,
	NEXT_VLAN,
	NEXT_MPLS,
	NEXT_SLL,
	NEXT_SLL2,
	NEXT_NULL,
	NEXT_LOOP,
	NEXT_RAW,
	NEXT_PFLOG,
	NEXT_FDDI,
	NEXT_ARCNET,
	NEXT_IPOIB,
	NEXT_IPNET,
	NEXT_PKTAP,
	NEXT_NETLINK,   /* cooked, its header not yet taken off */
	NEXT_NETLINK_MESSAGE,
	NEXT_JUNIPER,   /* LINKTYPE_JUNIPER_ETHER */
	NEXT_AVSP,
	NEXT_CMD,
	NEXT_VNTAG,
	NEXT_8021AH,
	NEXT_NSH,
	NEXT_MACSEC,
	NEXT_NFLOG,
	NEXT_PPP,       /* protocol number first */
	NEXT_PPP_HDLC,  /* perhaps address and control before it */
	NEXT_PPPOE_DISCOVERY,
	NEXT_PPPOE_SESSION,
	NEXT_CHDLC,
	NEXT_FRAME_RELAY,
	NEXT_WLAN,
	NEXT_AMSDU,
	NEXT_RADIOTAP,
	NEXT_PPI,
	NEXT_PRISM,
	NEXT_AVS,
	NEXT_ARP,
	NEXT_IP,
	NEXT_IPV6,
	NEXT_PROTOCOL,  /* number: of IP */
	NEXT_IPV6_OPTIONS, /* number: 0 hop by hop, 60 destination */
	NEXT_IPV6_ROUTING,
	NEXT_IPV6_FRAGMENT,
	NEXT_IPV6_SHIM, /* number: 135 mobility, 139 HIP, 140 shim6 */
	NEXT_AH,
	NEXT_ESP,
	NEXT_ETHERIP,
	NEXT_GRE,
	NEXT_ERSPAN,    /* number: the GRE protocol */
	NEXT_VXLAN,
	NEXT_VXLAN_GPE,
	NEXT_GENEVE,
	NEXT_GTP,
	NEXT_TEREDO,
	NEXT_L2TP,
	NEXT_L2TP_V3,
	NEXT_AYIYA,
	NEXT_LISP,
	NEXT_PIM,
	NEXT_TCP,
	NEXT_UDP,
	NEXT_UDPLITE,
	NEXT_SCTP,
	NEXT_ICMP,
	NEXT_ICMPV6,
	NEXT_IGMP,
	NEXT_COUNT
};

/* Where the cursor can be put again, whatever it reads in between. */
struct place {
	const uint8_t *base;
	uint32_t pos, end, claimed;
};

struct step {
	const struct walk *walk;
	struct packet *p;
	struct field_list *l;  /* NULL: nobody listens */
	struct arena *arena;
	struct cursor c;       /* over all of the source; pos is absolute */
	uint32_t number;       /* what `next` wants to know */
	uint8_t next;          /* enum next */
	uint8_t source;        /* 0 the frame, else reassembled data */
	uint8_t fcs;           /* bytes of FCS known to end the frame */
	uint32_t link_length;  /* of the Ethernet frame that we are in */
	/* Row for bytes behind the payload, while the link layer does not
	 * know yet how long its payload is; else NULL. */
	const struct field *trailer;
	bool in_error;         /* inside the quote of an ICMP error */
	bool first_fragment;   /* of a datagram that is not whole here */
	bool wlan_padded;      /* the 802.11 header is padded to 4 bytes */
	uint8_t fragment_number; /* of 802.11 */
	bool has_quote;        /* in `quote`: of an ICMPv6 redirect */
	uint8_t more;          /* enum next: another packet is in `rest` */
	struct place quote, rest;
	/* Of the IP header that we are in, quoted or not. */
	struct ip_header *ip;
	struct addr *src, *dst;
};

/* The header could not be read: says why and ends the walk. */
void step_fail(struct step *s);
/* What follows is not decoded: its name space and number. */
void step_undecoded(struct step *s, const char *what, uint32_t number);
/* For step_confine(): hands out what is behind the next `n` bytes. */
void step_trailer(struct step *s, size_t n);
/* One more tunnel; false and the walk is over when it is one too many. */
bool step_tunnel(struct step *s);

inline struct span
step_here(const struct step *s)
{
	return span_of(s->c.base + s->c.pos, 0);
}

inline struct span
step_since(const struct step *s, size_t from)
{
	return span_of(s->c.base + from, s->c.pos - from);
}

inline size_t
step_enter(struct step *s, enum layer layer, const struct field *row)
{
	struct packet *p = s->p;

	p->layers |= (uint64_t)1 << layer;
	if (p->n_stack < PACKET_STACK)
		p->stack[p->n_stack++] = (struct layer_at){
			.layer = (uint8_t)layer, .source = s->source,
			.offset = (uint32_t)s->c.pos
		};
	if (s->l == NULL)
		return 0;
	return field_enter(s->l, row, step_here(s));
}

inline void
step_leave(struct step *s, size_t entered)
{
	if (s->l != NULL)
		field_leave(s->l, entered, s->c.base + s->c.pos);
}

inline void
step_to(struct step *s, enum next next, uint32_t number)
{
	s->next = (uint8_t)next;
	s->number = number;
}

/* The last layer noted names what follows by an ethertype. */
inline void
step_by_ethertype(struct step *s, uint16_t type)
{
	struct packet *p = s->p;

	if (p->n_stack > 0)
		p->stack[p->n_stack - 1].ethertype = true;
	step_to(s, type == 0x0800 ? NEXT_IP : NEXT_ETHERTYPE, type);
}

/* No more than `n` bytes from here, header and payload. */
inline void
step_trim(struct step *s, size_t n)
{
	if (n < s->c.claimed - s->c.pos) {
		s->c.claimed = s->c.pos + n;
		if (s->c.end > s->c.claimed)
			s->c.end = s->c.claimed;
	}
}

/*
 * The next header says that it and its payload have `n` bytes in all: what
 * is beyond them is padding of the link layer, handed out there.
 */
inline void
step_confine(struct step *s, size_t n)
{
	const struct field *trailer = s->trailer;

	if (s->l != NULL)
		step_trailer(s, n);
	s->trailer = NULL;
	step_trim(s, n);
	if (trailer != NULL && s->source == 0 && s->p->n_tunnels == 0)
		s->p->bytes.n = s->c.end;
}

inline struct place
step_place(const struct cursor *c)
{
	return (struct place){
		c->base, (uint32_t)c->pos, (uint32_t)c->end, (uint32_t)c->claimed
	};
}

inline void
step_return(struct step *s, struct place place)
{
	s->c.base = place.base;
	s->c.pos = place.pos;
	s->c.end = place.end;
	s->c.claimed = place.claimed;
	s->c.bad = false;
	s->c.cut = false;
}

inline void
step_addr(struct addr *a, enum addr_kind kind, const uint8_t *bytes, size_t n)
{
	memset(a, 0, sizeof(*a));
	a->kind = (uint8_t)kind;
	memcpy(a->bytes, bytes, n);
}

/* A transport header of the packet, its fields set to "nothing known". */
inline struct transport *
step_transport(struct step *s, uint8_t protocol)
{
	struct packet *p = s->p;
	struct transport *t;

	/* Deeper ones take the place of the last. */
	if (p->n_transports < PACKET_TRANSPORTS)
		p->n_transports++;
	t = &p->transports[p->n_transports - 1];
	t->protocol = protocol;
	t->in_error = s->in_error;
	t->cut = false;
	t->depth = p->n_tunnels;
	t->sport = 0;
	t->dport = 0;
	t->length = 0;
	t->checksum = 0;
	t->src = *s->src;
	t->dst = *s->dst;
	t->payload = span_empty();
	t->payload_claimed = 0;
	t->stream = STREAM_NONE;
	t->direction = 0;
	t->analysis = 0;
	t->duplicate_ack = 0;
	t->duplicate_of = 0;
	t->retransmission_of = 0;
	t->ack_rtt = -1;
	t->acks_frame = 0;
	t->has_bases = false;
	t->flow = NULL;
	return t;
}

/* The ports of a quote are the first ones in it. */
void step_quote_ports(struct step *s, const struct transport *t);

/* Call the hooks: the header is read; its payload is nobody's tunnel. */
inline void
step_transport_known(struct step *s, struct transport *t)
{
	const struct walk *w = s->walk;

	if (s->in_error)
		step_quote_ports(s, t);
	if (w->transport != NULL)
		w->transport(w->context, s->p, t);
}

inline void
step_payload(struct step *s, struct transport *t)
{
	const struct walk *w = s->walk;

	s->next = NEXT_END;
	if (w->payload != NULL && t->payload_claimed != 0)
		w->payload(w->context, s->p, t);
}

void link_read(struct step *s);
void eth_read(struct step *s);
void ethertype_read(struct step *s);
void llc_read(struct step *s);
void vlan_read(struct step *s);
void mpls_read(struct step *s);
void sll_read(struct step *s);
void sll2_read(struct step *s);
void null_read(struct step *s);
void loop_read(struct step *s);
void raw_read(struct step *s);
void pflog_read(struct step *s);
void fddi_read(struct step *s);
void arcnet_read(struct step *s);
void ipoib_read(struct step *s);
void ipnet_read(struct step *s);
void juniper_read(struct step *s);
void avsp_read(struct step *s);
void netlink_read(struct step *s);
void netlink_message_read(struct step *s);
void pktap_read(struct step *s);
void cmd_read(struct step *s);
void vntag_read(struct step *s);
void ieee8021ah_read(struct step *s);
void nsh_read(struct step *s);
void macsec_read(struct step *s);
void nflog_read(struct step *s);
void ppp_read(struct step *s);
void ppp_hdlc_read(struct step *s);
void pppoe_discovery_read(struct step *s);
void pppoe_session_read(struct step *s);
void chdlc_read(struct step *s);
void frame_relay_read(struct step *s);
void wlan_read(struct step *s);
void amsdu_read(struct step *s);
void radiotap_read(struct step *s);
void ppi_read(struct step *s);
void prism_read(struct step *s);
void avs_read(struct step *s);
void arp_read(struct step *s);
void ip_read(struct step *s);
void ipv6_read(struct step *s);
void protocol_read(struct step *s);
void ipv6_options_read(struct step *s);
void ipv6_routing_read(struct step *s);
void ipv6_fragment_read(struct step *s);
void ipv6_shim_read(struct step *s);
void ah_read(struct step *s);
void esp_read(struct step *s);
void etherip_read(struct step *s);
void gre_read(struct step *s);
void erspan_read(struct step *s);
void vxlan_read(struct step *s);
void vxlan_gpe_read(struct step *s);
void geneve_read(struct step *s);
void gtp_read(struct step *s);
void teredo_read(struct step *s);
void l2tp_read(struct step *s);
void l2tp_v3_read(struct step *s);
void ayiya_read(struct step *s);
void lisp_read(struct step *s);
void pim_read(struct step *s);
void tcp_read(struct step *s);
void udp_read(struct step *s);
void udplite_read(struct step *s);
void sctp_read(struct step *s);
void icmp_read(struct step *s);
void icmpv6_read(struct step *s);
/* The packet that an error is about is walked next, in its own place; a quote
 * in a quote is not: `what` is not decoded. */
void icmp_quote(struct step *s, struct icmp_header *h, const char *what,
    enum next next);
void igmp_read(struct step *s);

#endif
