#include "net/rare.h"

#include "net/ip.h"
#include "net/link.h"
#include "net/step.h"

/* Link types that few have, and what else can hold a packet: FDDI, ARCNET
 * (RFC 1051, RFC 1201), IP over InfiniBand, Solaris ipnet, Apple's pktap,
 * AYIYA, LISP, PIM registers. */
enum row {
	RARE_PIM,
	RARE_PIM_VERSION,
	RARE_PIM_TYPE,
	RARE_PIM_CHECKSUM,
	RARE_ROWS
};

enum fddi_row {
	FDDI_FDDI,
	FDDI_FC,
	FDDI_DST,
	FDDI_SRC,
	FDDI_ROWS
};

#define PKTAP_LEAST 108 /* bytes of Apple's header */

enum pktap_row {
	PKTAP_PKTAP,
	PKTAP_HDRLEN,
	PKTAP_DLT,
	PKTAP_IFNAME,
	PKTAP_ROWS
};

static const struct value_name types[] = {
	{ 0, "Hello" },
	{ 1, "Register" },
	{ 2, "Register-stop" },
	{ 3, "Join/Prune" },
	{ 4, "Bootstrap" },
	{ 5, "Assert" },
	{ 6, "Graft" },
	{ 7, "Graft-Ack" },
	{ 8, "Candidate-RP-Advertisement" },
	{ 9, "State-Refresh" },
	{ 10, "DF election" },
	{ 0, NULL }
};

static const struct field rows[RARE_ROWS] = {
	[RARE_PIM] = { "pim", FIELD_PROTOCOL,
	    .help = "Protocol Independent Multicast" },
	[RARE_PIM_VERSION] = { "pim.version", FIELD_UINT, 8,
	    .help = "Version" },
	[RARE_PIM_TYPE] = { "pim.type", FIELD_UINT, 8, .names = types,
	    .help = "What the message is" },
	[RARE_PIM_CHECKSUM] = { "pim.cksum", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Checksum, as it stands there" },
};

static const struct field fddi_rows[FDDI_ROWS] = {
	[FDDI_FDDI] = { "fddi", FIELD_PROTOCOL,
	    .help = "Fiber Distributed Data Interface" },
	[FDDI_FC] = { "fddi.fc", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Frame control" },
	[FDDI_DST] = { "fddi.dst", FIELD_ETHER, .also = "fddi.addr",
	    .help = "Destination address" },
	[FDDI_SRC] = { "fddi.src", FIELD_ETHER, .also = "fddi.addr",
	    .help = "Source address" },
};

static const struct field pktap_rows[PKTAP_ROWS] = {
	[PKTAP_PKTAP] = { "pktap", FIELD_PROTOCOL,
	    .help = "PKTAP packet header" },
	[PKTAP_HDRLEN] = { "pktap.hdrlen", FIELD_UINT, 32,
	    .help = "Bytes of the header" },
	[PKTAP_DLT] = { "pktap.dlt", FIELD_UINT, 32,
	    .help = "Link type of what follows" },
	[PKTAP_IFNAME] = { "pktap.ifname", FIELD_STRING,
	    .help = "Name of the interface" },
};

const struct field_table pim_table = {
	"Protocol Independent Multicast", rows, RARE_ROWS
};
const struct field_table fddi_table = {
	"Fiber Distributed Data Interface", fddi_rows, FDDI_ROWS
};
const struct field_table pktap_table = {
	"PKTAP packet header", pktap_rows, PKTAP_ROWS
};

/* The bits of a byte the other way round, as FDDI sends addresses. */
static uint8_t
reversed(uint8_t byte)
{
	unsigned v = byte;

	v = (v & 0x0f) << 4 | (v & 0xf0) >> 4;
	v = (v & 0x33) << 2 | (v & 0xcc) >> 2;
	v = (v & 0x55) << 1 | (v & 0xaa) >> 1;
	return (uint8_t)v;
}

static void
fddi_address(struct step *s, enum fddi_row row, struct addr *a)
{
	struct span at = cur_take(&s->c, 6);
	struct cursor c = cur_open(at);
	uint8_t bytes[6];
	size_t i;

	if (!cur_ok(&s->c))
		return;
	for (i = 0; i < 6; i++)
		bytes[i] = reversed(cur_u8(&c));
	step_addr(a, ADDR_MAC, bytes, 6);
	if (s->l != NULL)
		field_put_bytes(s->l, &fddi_rows[row], at,
		    arena_copy(s->arena, span_of(bytes, 6)));
}

void
fddi_read(struct step *s)
{
	size_t entered = field_enter(s->l, &fddi_rows[FDDI_FDDI],
	    step_here(s));
	uint8_t control = read_u8(&s->c, s->l, &fddi_rows[FDDI_FC]);

	fddi_address(s, FDDI_DST, &s->p->mac_dst);
	fddi_address(s, FDDI_SRC, &s->p->mac_src);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if ((control & 0xf0) != 0x50)
		step_undecoded(s, "fddi.fc", control);
	else
		step_to(s, NEXT_LLC, 0);
}

/* RFC 1201 has a flag and a sequence number behind the type; fragments are
 * not put together. */
void
arcnet_read(struct step *s)
{
	uint8_t type, split = 0;

	cur_skip(&s->c, 4);
	type = cur_u8(&s->c);
	if (type == 212 || type == 213 || type == 196) {
		split = cur_u8(&s->c);
		cur_skip(&s->c, 2);
		if (split == 0xff) {
			cur_skip(&s->c, 1);
			split = cur_u8(&s->c);
			cur_skip(&s->c, 2);
		}
	}
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (split != 0)
		step_undecoded(s, "arcnet.split_flag", split);
	else if (type == 212 || type == 240)
		step_to(s, NEXT_IP, 0);
	else if (type == 213 || type == 241)
		step_to(s, NEXT_ARP, 0);
	else if (type == 196)
		step_to(s, NEXT_IPV6, 0);
	else
		step_undecoded(s, "arcnet.protID", type);
}

void
ipoib_read(struct step *s)
{
	uint16_t type;

	cur_skip(&s->c, 40);
	type = cur_be16(&s->c);
	cur_skip(&s->c, 2);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_to(s, NEXT_ETHERTYPE, type);
}

void
ipnet_read(struct step *s)
{
	uint8_t family;

	cur_skip(&s->c, 1);
	family = cur_u8(&s->c);
	cur_skip(&s->c, 22);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (family == 2)
		step_to(s, NEXT_IP, 0);
	else if (family == 26)
		step_to(s, NEXT_IPV6, 0);
	else
		step_undecoded(s, "ipnet.family", family);
}

/* Only what holds Ethernet: a magic, flags, extensions if bit 7 is set. */
void
juniper_read(struct step *s)
{
	uint32_t magic = cur_be24(&s->c);
	uint8_t flags = cur_u8(&s->c);

	if ((flags & 0x80) != 0)
		cur_skip(&s->c, cur_be16(&s->c));
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (magic != 0x4d4743 || (flags & 0x02) != 0)
		step_undecoded(s, "juniper.flags", flags);
	else
		step_to(s, NEXT_ETH, 0);
}

/* Arista's time stamp between Ethernet and its payload. */
void
avsp_read(struct step *s)
{
	uint16_t kind = cur_be16(&s->c), version = cur_be16(&s->c), type;

	cur_skip(&s->c, (version & 0xff) == 0x20 ? 6 : 8);
	type = cur_be16(&s->c);
	s->trailer = NULL;
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (kind != 1 || (version & 0xf) != 0)
		step_undecoded(s, "avsp.sub_type", kind);
	else
		step_to(s, NEXT_ETHERTYPE, type);
}

void
pktap_read(struct step *s)
{
	size_t entered = field_enter(s->l, &pktap_rows[PKTAP_PKTAP],
	    step_here(s));
	struct span at = span_of(s->c.base + s->c.pos, 12);
	uint32_t length = cur_le32(&s->c), link;

	cur_skip(&s->c, 4);
	link = cur_le32(&s->c);
	if (cur_ok(&s->c)) {
		field_number(s->l, &pktap_rows[PKTAP_HDRLEN],
		    span_first(at, 4), length);
		field_number(s->l, &pktap_rows[PKTAP_DLT],
		    span_after(at, 8), link);
	}
	read_stringz(&s->c, 24, s->l, &pktap_rows[PKTAP_IFNAME]);
	if (length < PKTAP_LEAST)
		cur_fail(&s->c);
	cur_skip(&s->c, length - 36U);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (link == 149 || link == 258)
		step_undecoded(s, "link", link);
	else
		step_to(s, NEXT_LINK, link);
}

/* draft-massar-v6ops-ayiya: identity and signature in front of a packet. */
void
ayiya_read(struct step *s)
{
	uint8_t id = cur_u8(&s->c), signature = cur_u8(&s->c), next, code;

	code = cur_u8(&s->c) & 0x0f;
	next = cur_u8(&s->c);
	cur_skip(&s->c, 4);
	cur_skip(&s->c, (size_t)1 << (id >> 4));
	cur_skip(&s->c, (signature >> 4) * 4U);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (code != 1)
		s->next = NEXT_END;
	else
		step_to(s, NEXT_PROTOCOL, next);
}

static void
packet_next(struct step *s)
{
	struct cursor c = s->c;
	uint8_t version = cur_u8(&c) >> 4;

	if (!step_tunnel(s))
		return;
	if (version == 4)
		step_to(s, NEXT_IP, 0);
	else if (version == 6)
		step_to(s, NEXT_IPV6, 0);
	else
		step_undecoded(s, "ip.version", version);
}

/* RFC 9300: data has eight bytes, an encapsulated control message four. */
void
lisp_read(struct step *s)
{
	bool data = s->number == 4341;
	uint8_t first = cur_u8(&s->c);

	cur_skip(&s->c, data ? 7 : 3);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (!data && first >> 4 != 8)
		step_undecoded(s, "lisp.type", first >> 4);
	else
		packet_next(s);
}

void
pim_read(struct step *s)
{
	size_t entered = field_enter(s->l, &rows[RARE_PIM], step_here(s));
	struct span at = span_of(s->c.base + s->c.pos, 1);
	uint8_t word = cur_u8(&s->c);
	bool packet = (word & 0x0f) == 1 && word >> 4 == 2;

	if (cur_ok(&s->c)) {
		field_bits(s->l, &rows[RARE_PIM_VERSION], at, word, 0xf0);
		field_bits(s->l, &rows[RARE_PIM_TYPE], at, word, 0x0f);
	}
	cur_skip(&s->c, 1);
	read_be16(&s->c, s->l, &rows[RARE_PIM_CHECKSUM]);
	if (packet)
		cur_skip(&s->c, 4);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (packet && cur_claimed_left(&s->c) != 0)
		packet_next(s);
	else
		step_undecoded(s, "pim.type", word & 0x0f);
}
