#include "net/walk.h"

#include "net/frame.h"
#include "net/plain.h"
#include "net/step.h"

/* Nothing real comes near; VLAN tags alone could make thousands. */
#define LAYERS_MAX 500

static void (*const readers[NEXT_COUNT])(struct step *) = {
	[NEXT_LINK] = link_read,
	[NEXT_ETH] = eth_read,
	[NEXT_ETHERTYPE] = ethertype_read,
	[NEXT_LLC] = llc_read,
	[NEXT_VLAN] = vlan_read,
	[NEXT_MPLS] = mpls_read,
	[NEXT_SLL] = sll_read,
	[NEXT_SLL2] = sll2_read,
	[NEXT_NULL] = null_read,
	[NEXT_LOOP] = loop_read,
	[NEXT_RAW] = raw_read,
	[NEXT_PFLOG] = pflog_read,
	[NEXT_FDDI] = fddi_read,
	[NEXT_ARCNET] = arcnet_read,
	[NEXT_IPOIB] = ipoib_read,
	[NEXT_IPNET] = ipnet_read,
	[NEXT_JUNIPER] = juniper_read,
	[NEXT_AVSP] = avsp_read,
	[NEXT_NETLINK] = netlink_read,
	[NEXT_NETLINK_MESSAGE] = netlink_message_read,
	[NEXT_PKTAP] = pktap_read,
	[NEXT_CMD] = cmd_read,
	[NEXT_VNTAG] = vntag_read,
	[NEXT_8021AH] = ieee8021ah_read,
	[NEXT_NSH] = nsh_read,
	[NEXT_MACSEC] = macsec_read,
	[NEXT_NFLOG] = nflog_read,
	[NEXT_PPP] = ppp_read,
	[NEXT_PPP_HDLC] = ppp_hdlc_read,
	[NEXT_PPPOE_DISCOVERY] = pppoe_discovery_read,
	[NEXT_PPPOE_SESSION] = pppoe_session_read,
	[NEXT_CHDLC] = chdlc_read,
	[NEXT_FRAME_RELAY] = frame_relay_read,
	[NEXT_WLAN] = wlan_read,
	[NEXT_AMSDU] = amsdu_read,
	[NEXT_RADIOTAP] = radiotap_read,
	[NEXT_PPI] = ppi_read,
	[NEXT_PRISM] = prism_read,
	[NEXT_AVS] = avs_read,
	[NEXT_ARP] = arp_read,
	[NEXT_IP] = ip_read,
	[NEXT_IPV6] = ipv6_read,
	[NEXT_PROTOCOL] = protocol_read,
	[NEXT_IPV6_OPTIONS] = ipv6_options_read,
	[NEXT_IPV6_ROUTING] = ipv6_routing_read,
	[NEXT_IPV6_FRAGMENT] = ipv6_fragment_read,
	[NEXT_IPV6_SHIM] = ipv6_shim_read,
	[NEXT_AH] = ah_read,
	[NEXT_ESP] = esp_read,
	[NEXT_ETHERIP] = etherip_read,
	[NEXT_GRE] = gre_read,
	[NEXT_ERSPAN] = erspan_read,
	[NEXT_VXLAN] = vxlan_read,
	[NEXT_VXLAN_GPE] = vxlan_gpe_read,
	[NEXT_GENEVE] = geneve_read,
	[NEXT_GTP] = gtp_read,
	[NEXT_TEREDO] = teredo_read,
	[NEXT_L2TP] = l2tp_read,
	[NEXT_L2TP_V3] = l2tp_v3_read,
	[NEXT_AYIYA] = ayiya_read,
	[NEXT_LISP] = lisp_read,
	[NEXT_PIM] = pim_read,
	[NEXT_TCP] = tcp_read,
	[NEXT_UDP] = udp_read,
	[NEXT_UDPLITE] = udplite_read,
	[NEXT_SCTP] = sctp_read,
	[NEXT_ICMP] = icmp_read,
	[NEXT_ICMPV6] = icmpv6_read,
	[NEXT_IGMP] = igmp_read,
};

void
step_fail(struct step *s)
{
	struct packet *p = s->p;

	s->next = NEXT_END;
	/* Of a header that was not read there is nothing from another packet. */
	if (s->ip->version == 0)
		*s->ip = (struct ip_header){ 0 };
	if (s->in_error || s->first_fragment)
		return;
	if (s->c.cut)
		p->cut = true;
	else
		p->malformed = true;
}

void
step_undecoded(struct step *s, const char *what, uint32_t number)
{
	s->next = NEXT_END;
	if (cur_claimed_left(&s->c) != 0)
		s->p->layers |= (uint64_t)1 << LAYER_DATA;
	if (s->in_error)
		return;
	s->p->undecoded = what;
	s->p->undecoded_number = number;
}

bool
step_tunnel(struct step *s)
{
	if (s->p->n_tunnels < PACKET_TUNNELS) {
		s->p->n_tunnels++;
		return true;
	}
	step_undecoded(s, "tunnel depth", PACKET_TUNNELS);
	return false;
}

/* Written out, not zeroed: this is done for every packet. */
static inline void
packet_start(struct packet *p, const struct walk *w, const struct record *r,
    struct arena *arena)
{
	p->record = r;
	p->bytes = r->bytes;
	p->layers = (uint64_t)1 << LAYER_FRAME;
	p->n_stack = 0;
	p->n_transports = 0;
	p->n_tunnels = 0;
	p->cut = false;
	p->malformed = false;
	p->has_fragment = false;
	p->mac_src.kind = ADDR_NONE;
	p->mac_dst.kind = ADDR_NONE;
	p->src.kind = ADDR_NONE;
	p->dst.kind = ADDR_NONE;
	p->ethertype = 0;
	p->n_vlans = 0;
	p->tunnel_id = 0;
	p->ip.version = 0;
	p->undecoded = "";
	p->undecoded_number = 0;
	p->arena = arena;
	p->fields = w->fields;
}

static inline void
step_start(struct step *s, struct packet *p, const struct walk *w,
    const struct record *r, struct arena *arena)
{
	s->walk = w;
	s->p = p;
	s->l = w->fields;
	s->arena = arena;
	s->c = cur_open_cut(r->bytes, r->len);
	s->number = r->link;
	s->next = r->link == 1 ? NEXT_ETH : NEXT_LINK;
	s->source = 0;
	s->fcs = r->fcs_len;
	s->link_length = 0;
	s->trailer = NULL;
	s->in_error = false;
	s->first_fragment = false;
	s->wlan_padded = false;
	s->fragment_number = 0;
	s->has_quote = false;
	s->more = NEXT_END;
	s->ip = &p->ip;
	s->src = &p->src;
	s->dst = &p->dst;
}

static struct field_list *
listener(const struct walk *w, uint8_t next)
{
	unsigned deaf = next == NEXT_ETH ? WALK_DEAF_ETH :
	    next == NEXT_TCP ? WALK_DEAF_TCP :
	    next == NEXT_UDP || next == NEXT_UDPLITE ? WALK_DEAF_UDP : 0;

	return (w->deaf & deaf) != 0 ? NULL : w->fields;
}

/* The packet that was read was one of several in an aggregate. */
static void
subframe_next(struct step *s)
{
	step_to(s, (enum next)s->more, 0);
	s->more = NEXT_END;
	step_return(s, s->rest);
	s->source = 0;
	s->in_error = false;
	s->first_fragment = false;
	s->ip = &s->p->ip;
	s->src = &s->p->src;
	s->dst = &s->p->dst;
	(void)field_source_set(s->l, 0);
}

/* From reader to reader. */
static void __attribute__((noinline))
readers_walk(const struct walk *w, const struct record *r,
    struct arena *arena, struct packet *p)
{
	unsigned left = LAYERS_MAX;
	struct step s;

	packet_start(p, w, r, arena);
	step_start(&s, p, w, r, arena);
	if (s.l != NULL && (w->deaf & WALK_DEAF_FRAME) == 0)
		frame_fields(p, w->frame);
	while (left-- > 0) {
		s.l = listener(w, s.next);
		if (s.next != NEXT_END)
			readers[s.next](&s);
		else if (s.more != NEXT_END)
			subframe_next(&s);
		else
			break;
	}
	if (s.next != NEXT_END)
		step_undecoded(&s, "layers", LAYERS_MAX);
	if (w->fields != NULL && (w->deaf & WALK_DEAF_FRAME) == 0)
		frame_protocols(p, NULL, 0);
}

void
packet_walk(const struct walk *w, const struct record *r,
    struct arena *arena, struct packet *p)
{
	if (w->fields == NULL) {
		packet_start(p, w, r, arena);
		if (plain_walk(w, r, p))
			return;
	}
	readers_walk(w, r, arena, p);
}

/* Where the compiler does not inline, one copy serves all files. */
extern inline struct span step_here(const struct step *s);
extern inline struct span step_since(const struct step *s, size_t from);
extern inline size_t step_enter(struct step *s, enum layer layer,
    const struct field *row);
extern inline void step_leave(struct step *s, size_t entered);
extern inline void step_to(struct step *s, enum next next, uint32_t number);
extern inline void step_by_ethertype(struct step *s, uint16_t type);
extern inline void step_trim(struct step *s, size_t n);
extern inline void step_confine(struct step *s, size_t n);
extern inline struct place step_place(const struct cursor *c);
extern inline void step_return(struct step *s, struct place place);
extern inline void step_addr(struct addr *a, enum addr_kind kind,
    const uint8_t *bytes, size_t n);
