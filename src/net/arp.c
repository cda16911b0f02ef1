#include "net/arp.h"

#include "net/link.h"
#include "net/step.h"

/* ARP (RFC 826), RARP (RFC 903), InARP (RFC 2390). */
enum row {
	ARP_ARP,
	ARP_HW_TYPE,
	ARP_PROTO_TYPE,
	ARP_HW_SIZE,
	ARP_PROTO_SIZE,
	ARP_OPCODE,
	ARP_GRATUITOUS,
	ARP_PROBE,
	ARP_ANNOUNCEMENT,
	ARP_SRC_HW,
	ARP_SRC_HW_MAC,
	ARP_SRC_PROTO,
	ARP_SRC_PROTO_IPV4,
	ARP_DST_HW,
	ARP_DST_HW_MAC,
	ARP_DST_PROTO,
	ARP_DST_PROTO_IPV4,
	ARP_ROWS
};

static const struct value_name hardware[] = {
	{ 1, "Ethernet" },
	{ 6, "IEEE 802" },
	{ 7, "ARCNET" },
	{ 15, "Frame Relay DLCI" },
	{ 16, "ATM" },
	{ 17, "HDLC" },
	{ 18, "Fibre Channel" },
	{ 24, "IEEE 1394.1995" },
	{ 32, "InfiniBand" },
	{ 0, NULL }
};

const struct value_name arp_opcode_names[] = {
	{ 1, "request" },
	{ 2, "reply" },
	{ 3, "reverse request" },
	{ 4, "reverse reply" },
	{ 5, "drarp request" },
	{ 6, "drarp reply" },
	{ 7, "drarp error" },
	{ 8, "inarp request" },
	{ 9, "inarp reply" },
	{ 10, "arp nak" },
	{ 0, NULL }
};

static const struct field rows[ARP_ROWS] = {
	[ARP_ARP] = { "arp", FIELD_PROTOCOL,
	    .help = "Address Resolution Protocol" },
	[ARP_HW_TYPE] = { "arp.hw.type", FIELD_UINT, 16, .names = hardware,
	    .help = "Kind of hardware address" },
	[ARP_PROTO_TYPE] = { "arp.proto.type", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Kind of protocol address" },
	[ARP_HW_SIZE] = { "arp.hw.size", FIELD_UINT, 8,
	    .help = "Bytes of a hardware address" },
	[ARP_PROTO_SIZE] = { "arp.proto.size", FIELD_UINT, 8,
	    .help = "Bytes of a protocol address" },
	[ARP_OPCODE] = { "arp.opcode", FIELD_UINT, 16,
	    .names = arp_opcode_names, .help = "Request, reply ..." },
	[ARP_GRATUITOUS] = { "arp.isgratuitous", FIELD_BOOL,
	    .help = "Asks for or answers with the sender's own address" },
	[ARP_PROBE] = { "arp.isprobe", FIELD_BOOL,
	    .help = "Asks whether an address is free (RFC 5227)" },
	[ARP_ANNOUNCEMENT] = { "arp.isannouncement", FIELD_BOOL,
	    .help = "Announces an address (RFC 5227)" },
	[ARP_SRC_HW] = { "arp.src.hw", FIELD_BYTES,
	    .help = "Hardware address of the sender, not a MAC" },
	[ARP_SRC_HW_MAC] = { "arp.src.hw_mac", FIELD_ETHER,
	    .help = "MAC address of the sender" },
	[ARP_SRC_PROTO] = { "arp.src.proto", FIELD_BYTES,
	    .help = "Protocol address of the sender, not IPv4" },
	[ARP_SRC_PROTO_IPV4] = { "arp.src.proto_ipv4", FIELD_IPV4,
	    .help = "IPv4 address of the sender" },
	[ARP_DST_HW] = { "arp.dst.hw", FIELD_BYTES,
	    .help = "Hardware address of the target, not a MAC" },
	[ARP_DST_HW_MAC] = { "arp.dst.hw_mac", FIELD_ETHER,
	    .help = "MAC address of the target" },
	[ARP_DST_PROTO] = { "arp.dst.proto", FIELD_BYTES,
	    .help = "Protocol address of the target, not IPv4" },
	[ARP_DST_PROTO_IPV4] = { "arp.dst.proto_ipv4", FIELD_IPV4,
	    .help = "IPv4 address of the target" },
};

const struct field_table arp_table = {
	"Address Resolution Protocol", rows, ARP_ROWS
};

static void
confine(struct step *s)
{
	struct cursor c = s->c;
	size_t n;

	cur_skip(&c, 4);
	n = cur_u8(&c);
	n += cur_u8(&c);
	if (cur_ok(&c))
		step_confine(s, 8 + 2 * n);
}

static bool
is_zero(struct span s)
{
	struct cursor c = cur_open(s);

	while (cur_left(&c) > 0) {
		if (cur_u8(&c) != 0)
			return false;
	}
	return true;
}

/* What kind of question it is, where addresses are IPv4. */
static void
kind_fields(struct step *s, const struct arp_header *h)
{
	struct span none = span_empty();
	bool request = h->opcode == 1;

	if (h->opcode != 1 && h->opcode != 2)
		return;
	if (h->protocol != 0x0800 || h->protocol_size != 4)
		return;
	if (span_equal(h->sender_ip, h->target_ip)) {
		field_number(s->l, &rows[ARP_GRATUITOUS], none, 1);
		if (request && is_zero(h->target_mac))
			field_number(s->l, &rows[ARP_ANNOUNCEMENT], none, 1);
	} else if (request && is_zero(h->sender_ip)) {
		field_number(s->l, &rows[ARP_PROBE], none, 1);
	}
}

static void
address_fields(struct step *s, const struct arp_header *h)
{
	size_t mac = h->hardware_size == 6 &&
	    (h->hardware == 1 || h->hardware == 6);
	size_t ipv4 = h->protocol_size == 4 && h->protocol == 0x0800;

	kind_fields(s, h);
	if (h->hardware_size != 0)
		field_bytes(s->l, &rows[ARP_SRC_HW + mac], h->sender_mac);
	if (h->protocol_size != 0)
		field_bytes(s->l, &rows[ARP_SRC_PROTO + ipv4], h->sender_ip);
	if (h->hardware_size != 0)
		field_bytes(s->l, &rows[ARP_DST_HW + mac], h->target_mac);
	if (h->protocol_size != 0)
		field_bytes(s->l, &rows[ARP_DST_PROTO + ipv4], h->target_ip);
}

void
arp_read(struct step *s)
{
	struct arp_header *h = &s->p->arp;
	struct cursor *c = &s->c;
	struct field_list *l = s->l;
	size_t entered;

	confine(s);
	entered = step_enter(s, LAYER_ARP, &rows[ARP_ARP]);
	h->hardware = read_be16(c, l, &rows[ARP_HW_TYPE]);
	h->protocol = read_be16(c, l, &rows[ARP_PROTO_TYPE]);
	h->hardware_size = read_u8(c, l, &rows[ARP_HW_SIZE]);
	h->protocol_size = read_u8(c, l, &rows[ARP_PROTO_SIZE]);
	h->opcode = read_be16(c, l, &rows[ARP_OPCODE]);
	h->sender_mac = cur_take(c, h->hardware_size);
	h->sender_ip = cur_take(c, h->protocol_size);
	h->target_mac = cur_take(c, h->hardware_size);
	h->target_ip = cur_take(c, h->protocol_size);
	if (l != NULL && cur_ok(c))
		address_fields(s, h);
	step_leave(s, entered);
	s->next = NEXT_END;
	if (!cur_ok(c))
		step_fail(s);
}
