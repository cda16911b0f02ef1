#include "net/link.h"

#include "net/shim.h"
#include "net/step.h"

/* IEEE 802.3 with its tags (802.1Q, 802.1ad) and what ends a frame. */
#define MINIMUM 60 /* without the check sequence */
#define TAGS_MAX 20

enum row {
	ETH_ETH,
	ETH_DST,
	ETH_DST_LG,
	ETH_DST_IG,
	ETH_SRC,
	ETH_SRC_LG,
	ETH_SRC_IG,
	ETH_TYPE,
	ETH_LEN,
	ETH_INVALID,
	ETH_LEN_PAST_END,
	ETH_PADDING,
	ETH_TRAILER,
	ETH_FCS,
	ETH_FCS_STATUS,
	ETH_ROWS
};

enum vlan_row {
	VLAN_VLAN,
	VLAN_PRIORITY,
	VLAN_DEI,
	VLAN_ID,
	VLAN_ETYPE,
	VLAN_LEN,
	VLAN_TRAILER,
	VLAN_TOO_MANY,
	VLAN_LEN_PAST_END,
	VLAN_ROWS
};

enum ad_row {
	AD_AD,
	AD_PRIORITY,
	AD_DEI,
	AD_ID,
	AD_ROWS
};

const struct value_name ethertype_names[] = {
	{ 0x0800, "IPv4" },
	{ 0x0806, "ARP" },
	{ 0x0842, "Wake on LAN" },
	{ 0x22f3, "TRILL" },
	{ 0x6003, "DECnet" },
	{ 0x6558, "Transparent Ethernet bridging" },
	{ 0x8035, "RARP" },
	{ 0x809b, "AppleTalk" },
	{ 0x80f3, "AppleTalk ARP" },
	{ 0x8100, "802.1Q Virtual LAN" },
	{ 0x8137, "Netware IPX/SPX" },
	{ 0x86dd, "IPv6" },
	{ 0x8808, "MAC Control" },
	{ 0x8809, "Slow Protocols" },
	{ 0x880b, "PPP" },
	{ 0x8847, "MPLS label switched packet" },
	{ 0x8848, "MPLS with upstream-assigned label" },
	{ 0x8863, "PPPoE Discovery" },
	{ 0x8864, "PPPoE Session" },
	{ 0x888e, "802.1X Authentication" },
	{ 0x8892, "PROFINET" },
	{ 0x889a, "HyperSCSI" },
	{ 0x88a2, "ATA over Ethernet" },
	{ 0x88a4, "EtherCAT" },
	{ 0x88a8, "802.1ad Provider Bridge" },
	{ 0x88b8, "GOOSE" },
	{ 0x88ba, "IEC61850 Sampled Values" },
	{ 0x88c7, "802.11i Pre-Authentication" },
	{ 0x88cc, "Link Layer Discovery Protocol" },
	{ 0x88e1, "HomePlug AV" },
	{ 0x88e5, "802.1AE (MACsec)" },
	{ 0x88e7, "802.1ah Provider Backbone Bridge" },
	{ 0x88f7, "Precision Time Protocol" },
	{ 0x88fb, "PRP and HSR supervision" },
	{ 0x8902, "Connectivity Fault Management" },
	{ 0x8906, "Fibre Channel over Ethernet" },
	{ 0x892f, "HSR" },
	{ 0x894f, "Network Service Header" },
	{ 0x9000, "Loopback" },
	{ 0x9100, "802.1Q Virtual LAN, old number" },
	{ 0, NULL }
};

static const struct field rows[ETH_ROWS] = {
	[ETH_ETH] = { "eth", FIELD_PROTOCOL, .help = "Ethernet" },
	[ETH_DST] = { "eth.dst", FIELD_ETHER, .also = "eth.addr",
	    .help = "Destination address" },
	[ETH_DST_LG] = { "eth.dst.lg", FIELD_BOOL, 24, .also = "eth.lg",
	    .help = "Destination is locally administered" },
	[ETH_DST_IG] = { "eth.dst.ig", FIELD_BOOL, 24, .also = "eth.ig",
	    .help = "Destination is a group" },
	[ETH_SRC] = { "eth.src", FIELD_ETHER, .also = "eth.addr",
	    .help = "Source address" },
	[ETH_SRC_LG] = { "eth.src.lg", FIELD_BOOL, 24, .also = "eth.lg",
	    .help = "Source is locally administered" },
	[ETH_SRC_IG] = { "eth.src.ig", FIELD_BOOL, 24, .also = "eth.ig",
	    .help = "Source is a group, which must not be" },
	[ETH_TYPE] = { "eth.type", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
	[ETH_LEN] = { "eth.len", FIELD_UINT, 16,
	    .help = "Bytes of payload (802.3)" },
	[ETH_INVALID] = { "eth.invalid_lentype", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Neither a length nor a type: 1501 to 1535" },
	[ETH_LEN_PAST_END] = { "eth.len.past_end", FIELD_NONE,
	    .help = "eth.len goes beyond the frame" },
	[ETH_PADDING] = { "eth.padding", FIELD_BYTES,
	    .help = "Zeros that fill the frame up to 60 bytes" },
	[ETH_TRAILER] = { "eth.trailer", FIELD_BYTES,
	    .help = "Bytes behind the payload that are no padding" },
	[ETH_FCS] = { "eth.fcs", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Frame check sequence, where there seems to be one" },
	[ETH_FCS_STATUS] = { "eth.fcs.status", FIELD_UINT, 8,
	    .help = "Whether the check sequence is right; 2: not looked at" },
};

static const struct field vlan_rows[VLAN_ROWS] = {
	[VLAN_VLAN] = { "vlan", FIELD_PROTOCOL,
	    .help = "802.1Q Virtual LAN" },
	[VLAN_PRIORITY] = { "vlan.priority", FIELD_UINT, 16,
	    .help = "Priority, 0 to 7" },
	[VLAN_DEI] = { "vlan.dei", FIELD_BOOL, 16,
	    .help = "Drop eligible indicator" },
	[VLAN_ID] = { "vlan.id", FIELD_UINT, 16,
	    .help = "Number of the virtual LAN" },
	[VLAN_ETYPE] = { "vlan.etype", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
	[VLAN_LEN] = { "vlan.len", FIELD_UINT, 16,
	    .help = "Bytes of payload (802.3)" },
	[VLAN_TRAILER] = { "vlan.trailer", FIELD_BYTES,
	    .help = "Bytes behind the payload that are no padding" },
	[VLAN_TOO_MANY] = { "vlan.too_many_tags", FIELD_NONE,
	    .help = "More than 20 tags; the rest is not read" },
	[VLAN_LEN_PAST_END] = { "vlan.len.past_end", FIELD_NONE,
	    .help = "vlan.len goes beyond the frame" },
};

static const struct field ad_rows[AD_ROWS] = {
	[AD_AD] = { "ieee8021ad", FIELD_PROTOCOL, .help = "IEEE 802.1ad" },
	[AD_PRIORITY] = { "ieee8021ad.priority", FIELD_UINT, 16,
	    .help = "Priority, 0 to 7" },
	[AD_DEI] = { "ieee8021ad.dei", FIELD_UINT, 16,
	    .help = "Drop eligible indicator" },
	[AD_ID] = { "ieee8021ad.id", FIELD_UINT, 16,
	    .help = "Number of the provider's virtual LAN" },
};

const struct field_table eth_table = { "Ethernet", rows, ETH_ROWS };
const struct field_table vlan_table = {
	"802.1Q Virtual LAN", vlan_rows, VLAN_ROWS
};
const struct field_table ieee8021ad_table = {
	"IEEE 802.1ad", ad_rows, AD_ROWS
};

static bool
all_zero(struct span s)
{
	struct cursor c = cur_open(s);
	uint8_t any = 0;

	while (cur_left(&c) > 0)
		any |= cur_u8(&c);
	return any == 0;
}

/*
 * What is behind the payload: zeros up to 60 bytes are padding; the last four
 * bytes of a frame of 64 or more are a check sequence, or seem to be one.
 */
static void
trailer_fields(struct step *s, struct span rest)
{
	struct field_list *l = s->l;
	size_t frame = s->p->record->len, need = 0, fcs = 0;
	bool is_eth = s->trailer == &rows[ETH_TRAILER];
	uint16_t depth = l->depth;
	struct cursor c;

	l->depth = 1; /* inside the layer that was left last */
	if (frame >= MINIMUM && frame - rest.n < MINIMUM)
		need = MINIMUM - (frame - rest.n);
	if (need > 0 && all_zero(span_first(rest, need))) {
		field_bytes(l, &rows[ETH_PADDING], span_first(rest, need));
		rest = span_after(rest, need);
	}
	if (is_eth && rest.n >= 4 && (s->fcs == 4 || s->link_length >= 64))
		fcs = 4;
	if (rest.n > fcs)
		field_bytes(l, s->trailer, span_first(rest, rest.n - fcs));
	if (fcs != 0) {
		c = cur_open(span_after(rest, rest.n - fcs));
		read_be32(&c, l, &rows[ETH_FCS]);
		field_number(l, &rows[ETH_FCS_STATUS], span_empty(), 2);
	}
	l->depth = depth;
}

void
step_trailer(struct step *s, size_t n)
{
	size_t claimed = cur_claimed_left(&s->c);

	if (s->trailer != NULL && n < claimed && cur_left(&s->c) == claimed)
		trailer_fields(s, span_of(s->c.base + s->c.pos + n,
		    claimed - n));
}

static void
address_fields(struct field_list *l, enum row row, struct span a)
{
	size_t entered = field_enter(l, &rows[row], a);
	struct span oui = span_first(a, 3);
	struct cursor c = cur_open(oui);
	uint32_t bits = cur_be24(&c);

	if (entered < l->n)
		l->values[entered].bytes = a;
	field_bits(l, &rows[row + 1], oui, bits, 0x20000);
	field_bits(l, &rows[row + 2], oui, bits, 0x10000);
	field_leave(l, entered, NULL);
}

/* A number of up to 1500 is a length, what follows then is 802.2. */
static void
length_read(struct step *s, uint16_t n, const struct field *past_end)
{
	struct cursor c = s->c;
	bool ipx = cur_be16(&c) == 0xffff && cur_ok(&c);

	if (n > cur_claimed_left(&s->c) && s->l != NULL)
		field_mark(s->l, past_end, step_here(s));
	step_confine(s, n);
	if (ipx)
		step_undecoded(s, "ipx", 0xffff);
	else
		step_to(s, NEXT_LLC, 0);
}

static inline __attribute__((always_inline)) uint16_t
header_read(struct packet *p, struct cursor *c, struct field_list *l)
{
	struct span dst = cur_take(c, 6), src;

	if (l != NULL)
		address_fields(l, ETH_DST, dst);
	src = cur_take(c, 6);
	if (l != NULL)
		address_fields(l, ETH_SRC, src);
	step_addr(&p->mac_dst, ADDR_MAC, dst.p, 6);
	step_addr(&p->mac_src, ADDR_MAC, src.p, 6);
	return cur_be16(c);
}

static void
type_field(struct field_list *l, struct span at, uint16_t type)
{
	field_put_number(l, type == 0 || type > 1535 ? &rows[ETH_TYPE] :
	    type <= 1500 ? &rows[ETH_LEN] : &rows[ETH_INVALID], at, type);
}

/* All of the header or nothing of it, as Wireshark. */
static void
short_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_ETH, &rows[ETH_ETH]);

	cur_skip(&s->c, 14);
	step_leave(s, entered);
	step_fail(s);
}

void
eth_read(struct step *s)
{
	struct cursor c = cur_open(span_of(s->c.base + s->c.pos, 14));
	size_t entered;
	uint16_t type;

	if (cur_left(&s->c) < 14) {
		short_read(s);
		return;
	}
	cur_seek(&c, 12);
	type = cur_be16(&c);
	cur_seek(&c, 0);
	s->link_length = (uint32_t)cur_claimed_left(&s->c);
	if ((type <= 1500 || type == 0x8903) && shim_before_eth(s))
		return;
	entered = step_enter(s, LAYER_ETH, &rows[ETH_ETH]);
	if (s->l == NULL) {
		(void)header_read(s->p, &c, NULL);
	} else {
		(void)header_read(s->p, &c, s->l);
		type_field(s->l, span_of(c.base + 12, 2), type);
	}
	cur_skip(&s->c, 14);
	step_leave(s, entered);
	s->trailer = &rows[ETH_TRAILER];
	if (type != 0 && type <= 1500) {
		length_read(s, type, &rows[ETH_LEN_PAST_END]);
		return;
	}
	s->p->ethertype = type;
	if (type == 0 || type > 1535)
		step_by_ethertype(s, type);
	else
		step_undecoded(s, "ethertype", type);
}

static void
tag_note(struct packet *p, uint16_t tag)
{
	if (p->n_vlans < LENGTH(p->vlans))
		p->vlans[p->n_vlans] = tag & 0xfff;
	if (p->n_vlans < UINT16_MAX)
		p->n_vlans++;
}

static void
tag_fields(struct field_list *l, struct span at, uint16_t tag, bool provider)
{
	const struct field *first = provider ? &ad_rows[AD_PRIORITY] :
	    &vlan_rows[VLAN_PRIORITY];

	field_bits(l, first, at, tag, 0xe000);
	field_bits(l, first + 1, at, tag, 0x1000);
	field_bits(l, first + 2, at, tag, 0x0fff);
}

void
vlan_read(struct step *s)
{
	bool provider = s->number == 0x88a8;
	size_t entered = step_enter(s, LAYER_VLAN, provider ?
	    &ad_rows[AD_AD] : &vlan_rows[VLAN_VLAN]);
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t tag = cur_be16(&s->c), type;
	bool tagged = cur_ok(&s->c);

	s->p->stack[s->p->n_stack - 1].kind = provider;
	if (tagged) {
		tag_note(s->p, tag);
		tag_fields(s->l, at, tag, provider);
	}
	at = span_of(s->c.base + s->c.pos, 2);
	type = cur_be16(&s->c);
	if (cur_ok(&s->c) && !provider && s->l != NULL)
		field_put_number(s->l, &vlan_rows[type <= 1500 ? VLAN_LEN :
		    VLAN_ETYPE], at, type);
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
		return;
	}
	if (s->trailer != NULL)
		s->trailer = &vlan_rows[VLAN_TRAILER];
	if (type <= 1500 && !provider) {
		length_read(s, type, &vlan_rows[VLAN_LEN_PAST_END]);
	} else if (s->p->n_vlans >= TAGS_MAX &&
	    (type == 0x8100 || type == 0x88a8 || type == 0x9100)) {
		if (s->l != NULL)
			field_mark(s->l, &vlan_rows[VLAN_TOO_MANY],
			    step_here(s));
		step_undecoded(s, "vlan tags", TAGS_MAX);
	} else {
		s->p->ethertype = type;
		step_by_ethertype(s, type);
	}
}

/* Where the payload of an ethertype is read. */
void
ethertype_read(struct step *s)
{
	uint16_t type = (uint16_t)s->number;
	enum next next;

	switch (type) {
	case 0x0800:
		next = NEXT_IP;
		break;
	case 0x0806:
	case 0x8035:
		next = NEXT_ARP;
		break;
	case 0x8100:
	case 0x88a8:
	case 0x9100:
		next = NEXT_VLAN;
		break;
	case 0x86dd:
		next = NEXT_IPV6;
		break;
	case 0x8847:
	case 0x8848:
		next = NEXT_MPLS;
		break;
	case 0x8863:
		next = NEXT_PPPOE_DISCOVERY;
		break;
	case 0x8864:
		next = NEXT_PPPOE_SESSION;
		break;
	case 0x6558:
		if (!step_tunnel(s))
			return;
		next = NEXT_ETH;
		break;
	case 0x8909:
		next = NEXT_CMD;
		break;
	case 0xd28b:
		next = NEXT_AVSP;
		break;
	case 0x8926:
		next = NEXT_VNTAG;
		break;
	case 0x88e5:
		next = NEXT_MACSEC;
		break;
	case 0x88e7:
		next = NEXT_8021AH;
		break;
	case 0x894f:
		next = NEXT_NSH;
		break;
	default:
		step_undecoded(s, "ethertype", type);
		return;
	}
	step_to(s, next, type);
}
