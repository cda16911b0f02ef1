#include "net/link.h"
#include "net/step.h"

/* Linux cooked capture, versions 1 and 2: LINKTYPE_LINUX_SLL and _SLL2. */
#define HARDWARE_FRAME_RELAY 770
#define HARDWARE_GRE 778
#define HARDWARE_RADIOTAP 803
#define HARDWARE_NETLINK 824
#define TYPE_MAX 1536 /* lower ones are Linux's own */

enum row {
	SLL_SLL,
	SLL_PKTTYPE,
	SLL_HATYPE,
	SLL_HALEN,
	SLL_SRC_ETH,
	SLL_SRC_IPV4,
	SLL_SRC_OTHER,
	SLL_UNUSED,
	SLL_ETYPE,
	SLL_LTYPE,
	SLL_GRETYPE,
	SLL_IFINDEX,
	SLL_TRAILER,
	SLL_ROWS
};

static const struct value_name packet_types[] = {
	{ 0, "Unicast to us" },
	{ 1, "Broadcast" },
	{ 2, "Multicast" },
	{ 3, "Unicast to another host" },
	{ 4, "Sent by us" },
	{ 0, NULL }
};

static const struct value_name hardware[] = {
	{ 1, "Ethernet" },
	{ 512, "PPP" },
	{ 768, "IPIP tunnel" },
	{ 772, "Loopback" },
	{ 776, "6in4 tunnel" },
	{ 778, "GRE tunnel over IPv4" },
	{ 801, "IEEE 802.11" },
	{ 803, "IEEE 802.11 with radiotap" },
	{ 824, "Netlink" },
	{ 65534, "No hardware address" },
	{ 0, NULL }
};

static const struct value_name types[] = {
	{ 1, "Novell 802.3 raw" },
	{ 3, "Ethernet" },
	{ 4, "802.2 LLC" },
	{ 7, "PPP" },
	{ 12, "CAN" },
	{ 13, "CAN FD" },
	{ 0, NULL }
};

static const struct field rows[SLL_ROWS] = {
	[SLL_SLL] = { "sll", FIELD_PROTOCOL,
	    .help = "Linux cooked capture" },
	[SLL_PKTTYPE] = { "sll.pkttype", FIELD_UINT, 16,
	    .names = packet_types, .help = "To whom the packet went" },
	[SLL_HATYPE] = { "sll.hatype", FIELD_UINT, 16, .names = hardware,
	    .help = "Kind of device" },
	[SLL_HALEN] = { "sll.halen", FIELD_UINT, 16,
	    .help = "Bytes of the sender's address" },
	[SLL_SRC_ETH] = { "sll.src.eth", FIELD_ETHER,
	    .help = "Address of the sender" },
	[SLL_SRC_IPV4] = { "sll.src.ipv4", FIELD_IPV4,
	    .help = "Address of the sender, a tunnel's end" },
	[SLL_SRC_OTHER] = { "sll.src.other", FIELD_BYTES,
	    .help = "Address of the sender of another kind" },
	[SLL_UNUSED] = { "sll.unused", FIELD_BYTES,
	    .help = "Rest of the eight bytes for an address" },
	[SLL_ETYPE] = { "sll.etype", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
	[SLL_LTYPE] = { "sll.ltype", FIELD_UINT, 16, FIELD_HEX,
	    .names = types, .help = "Type of the payload, Linux's own" },
	[SLL_GRETYPE] = { "sll.gretype", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload of GRE" },
	[SLL_IFINDEX] = { "sll.ifindex", FIELD_UINT, 32,
	    .help = "Index of the interface (version 2)" },
	[SLL_TRAILER] = { "sll.trailer", FIELD_BYTES,
	    .help = "Bytes behind the payload" },
};

const struct field_table sll_table = {
	"Linux cooked capture", rows, SLL_ROWS
};

/* The address and the unused rest of its eight bytes. */
static void
address_read(struct step *s, unsigned n, uint16_t kind)
{
	enum row row = n == 6 ? SLL_SRC_ETH : n == 4 ? SLL_SRC_IPV4 :
	    SLL_SRC_OTHER;
	struct span a;

	if (n > 8)
		n = 8;
	if (n > 0) {
		a = read_bytes(&s->c, n, s->l, &rows[row]);
		if (n == 6 && a.n == 6 && kind != HARDWARE_GRE)
			step_addr(&s->p->mac_src, ADDR_MAC, a.p, 6);
	}
	if (n < 8)
		read_bytes(&s->c, 8 - n, s->l, &rows[SLL_UNUSED]);
}

static void
linux_next(struct step *s, uint16_t type)
{
	switch (type) {
	case 3:
		step_to(s, NEXT_ETH, 0);
		break;
	case 4:
		step_to(s, NEXT_LLC, 0);
		break;
	case 7:
		step_to(s, NEXT_PPP_HDLC, 0);
		break;
	default:
		step_undecoded(s, "sll.ltype", type);
	}
}

/* The number of the payload was read: hands it out and goes on. */
static void
payload_next(struct step *s, struct span at, uint16_t kind, uint16_t type,
    size_t entered)
{
	bool own = type <= TYPE_MAX && kind != HARDWARE_GRE;

	if (cur_ok(&s->c))
		field_number(s->l, &rows[kind == HARDWARE_GRE ? SLL_GRETYPE :
		    own ? SLL_LTYPE : SLL_ETYPE], at, type);
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
	} else if (kind == HARDWARE_FRAME_RELAY) {
		step_undecoded(s, "sll.hatype", kind);
	} else if (kind == HARDWARE_RADIOTAP) {
		step_to(s, NEXT_RADIOTAP, 0);
	} else if (kind == HARDWARE_GRE) {
		step_to(s, NEXT_ETHERTYPE, type);
	} else if (own) {
		linux_next(s, type);
	} else {
		s->p->ethertype = type;
		s->trailer = &rows[SLL_TRAILER];
		step_by_ethertype(s, type);
	}
}

void
sll_read(struct step *s)
{
	struct cursor peek = s->c;
	uint16_t kind, type, n;
	size_t entered;
	struct span at;

	cur_skip(&peek, 2);
	if (cur_be16(&peek) == HARDWARE_NETLINK) {
		step_to(s, NEXT_NETLINK, 0);
		return;
	}
	entered = step_enter(s, LAYER_SLL, &rows[SLL_SLL]);
	read_be16(&s->c, s->l, &rows[SLL_PKTTYPE]);
	kind = read_be16(&s->c, s->l, &rows[SLL_HATYPE]);
	n = read_be16(&s->c, s->l, &rows[SLL_HALEN]);
	address_read(s, n, kind);
	at = span_of(s->c.base + s->c.pos, 2);
	type = cur_be16(&s->c);
	payload_next(s, at, kind, type, entered);
}

void
sll2_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_SLL2, &rows[SLL_SLL]);
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t type = cur_be16(&s->c), kind;
	uint8_t n;

	cur_skip(&s->c, 2);
	read_be32(&s->c, s->l, &rows[SLL_IFINDEX]);
	kind = read_be16(&s->c, s->l, &rows[SLL_HATYPE]);
	read_u8(&s->c, s->l, &rows[SLL_PKTTYPE]);
	n = read_u8(&s->c, s->l, &rows[SLL_HALEN]);
	address_read(s, n, kind);
	payload_next(s, at, kind, type, entered);
}
