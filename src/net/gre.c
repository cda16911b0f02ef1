#include "net/step.h"
#include "net/tunnel.h"

/* GRE (RFC 2784, RFC 2890), PPTP's version 1 (RFC 2637), NVGRE (RFC 7637:
 * plain GRE with a key), ERSPAN (draft-foschiano-erspan). */
#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING 0x4000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_ACK 0x0080
#define GRE_VERSION 0x0007

#define TYPE_BRIDGE 0x6558
#define TYPE_PPP 0x880b
#define TYPE_ERSPAN 0x88be
#define TYPE_ERSPAN3 0x22eb

enum row {
	GRE_ROW_GRE,
	GRE_ROW_FLAGS,
	GRE_ROW_FLAG_CHECKSUM,
	GRE_ROW_FLAG_ROUTING,
	GRE_ROW_FLAG_KEY,
	GRE_ROW_FLAG_SEQUENCE,
	GRE_ROW_FLAG_ACK,
	GRE_ROW_VERSION,
	GRE_ROW_PROTO,
	GRE_ROW_CHECKSUM,
	GRE_ROW_OFFSET,
	GRE_ROW_KEY,
	GRE_ROW_KEY_LENGTH,
	GRE_ROW_KEY_CALL,
	GRE_ROW_SEQUENCE,
	GRE_ROW_ACK,
	GRE_ROWS
};

enum erspan_row {
	ERSPAN_ROW_ERSPAN,
	ERSPAN_ROW_VERSION,
	ERSPAN_ROW_VLAN,
	ERSPAN_ROW_COS,
	ERSPAN_ROW_TRUNCATED,
	ERSPAN_ROW_SPANID,
	ERSPAN_ROW_INDEX,
	ERSPAN_ROW_TIMESTAMP,
	ERSPAN_ROWS
};

static const struct field rows[GRE_ROWS] = {
	[GRE_ROW_GRE] = { "gre", FIELD_PROTOCOL,
	    .help = "Generic Routing Encapsulation" },
	[GRE_ROW_FLAGS] = { "gre.flags_and_version", FIELD_UINT, 16,
	    FIELD_HEX, .help = "Flags and version" },
	[GRE_ROW_FLAG_CHECKSUM] = { "gre.flags.checksum", FIELD_BOOL, 16,
	    .help = "A checksum is there" },
	[GRE_ROW_FLAG_ROUTING] = { "gre.flags.routing", FIELD_BOOL, 16,
	    .help = "Routing is there" },
	[GRE_ROW_FLAG_KEY] = { "gre.flags.key", FIELD_BOOL, 16,
	    .help = "A key is there" },
	[GRE_ROW_FLAG_SEQUENCE] = { "gre.flags.sequence_number", FIELD_BOOL,
	    16, .help = "A sequence number is there" },
	[GRE_ROW_FLAG_ACK] = { "gre.flags.ack", FIELD_BOOL, 16,
	    .help = "An acknowledgement is there" },
	[GRE_ROW_VERSION] = { "gre.flags.version", FIELD_UINT, 16,
	    .help = "Version" },
	[GRE_ROW_PROTO] = { "gre.proto", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Protocol type of the payload" },
	[GRE_ROW_CHECKSUM] = { "gre.checksum", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Checksum as it stands in the packet" },
	[GRE_ROW_OFFSET] = { "gre.offset", FIELD_UINT, 16,
	    .help = "Offset of the active route" },
	[GRE_ROW_KEY] = { "gre.key", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Key" },
	[GRE_ROW_KEY_LENGTH] = { "gre.key.payload_length", FIELD_UINT, 16,
	    .help = "Length of the payload (version 1)" },
	[GRE_ROW_KEY_CALL] = { "gre.key.call_id", FIELD_UINT, 16,
	    .help = "Call (version 1)" },
	[GRE_ROW_SEQUENCE] = { "gre.sequence_number", FIELD_UINT, 32,
	    .help = "Sequence number" },
	[GRE_ROW_ACK] = { "gre.ack_number", FIELD_UINT, 32,
	    .help = "Sequence number acknowledged" },
};

const struct field_table gre_table = {
	"Generic Routing Encapsulation", rows, GRE_ROWS
};

static const struct field erspan_rows[ERSPAN_ROWS] = {
	[ERSPAN_ROW_ERSPAN] = { "erspan", FIELD_PROTOCOL,
	    .help = "Encapsulated Remote Switch Packet Analysis" },
	[ERSPAN_ROW_VERSION] = { "erspan.version", FIELD_UINT, 16,
	    .help = "Version: 1 is type II, 2 is type III" },
	[ERSPAN_ROW_VLAN] = { "erspan.vlan", FIELD_UINT, 16,
	    .help = "VLAN that was mirrored" },
	[ERSPAN_ROW_COS] = { "erspan.cos", FIELD_UINT, 16,
	    .help = "Class of service" },
	[ERSPAN_ROW_TRUNCATED] = { "erspan.truncated", FIELD_UINT, 16,
	    .help = "The frame was cut by the switch" },
	[ERSPAN_ROW_SPANID] = { "erspan.spanid", FIELD_UINT, 16,
	    .help = "Session of the mirror" },
	[ERSPAN_ROW_INDEX] = { "erspan.index", FIELD_UINT, 32,
	    .help = "Port and direction" },
	[ERSPAN_ROW_TIMESTAMP] = { "erspan.timestamp", FIELD_UINT, 32,
	    .help = "Time of the switch" },
};

const struct field_table erspan_table = {
	"Encapsulated Remote Switch Packet Analysis", erspan_rows,
	ERSPAN_ROWS
};

static void
flag_fields(struct field_list *l, struct span at, uint16_t flags,
    uint16_t type)
{
	unsigned i;

	if (l == NULL)
		return;
	for (i = 0; i < 4; i++)
		field_bits(l, &rows[GRE_ROW_FLAG_CHECKSUM + i], at, flags,
		    (unsigned)GRE_CHECKSUM >> i);
	if ((flags & GRE_VERSION) == 1 && type == TYPE_PPP)
		field_bits(l, &rows[GRE_ROW_FLAG_ACK], at, flags, GRE_ACK);
	field_bits(l, &rows[GRE_ROW_VERSION], at, flags, GRE_VERSION);
}

static void
key_read(struct step *s, uint16_t flags, uint16_t type)
{
	if ((flags & GRE_VERSION) == 1 && type == TYPE_PPP) {
		(void)read_be16(&s->c, s->l, &rows[GRE_ROW_KEY_LENGTH]);
		s->p->tunnel_id = read_be16(&s->c, s->l,
		    &rows[GRE_ROW_KEY_CALL]);
		return;
	}
	s->p->tunnel_id = read_be32(&s->c, s->l, &rows[GRE_ROW_KEY]);
}

/* Source routes (RFC 1701): skipped by their lengths; 0 is of the last one. */
static void
routes_skip(struct step *s)
{
	uint8_t length;

	do {
		cur_skip(&s->c, 3); /* address family, offset */
		length = cur_u8(&s->c);
		cur_skip(&s->c, length);
	} while (length != 0);
}

static void
options_read(struct step *s, uint16_t flags, uint16_t type)
{
	if (flags & (GRE_CHECKSUM | GRE_ROUTING)) {
		(void)read_be16(&s->c, s->l, &rows[GRE_ROW_CHECKSUM]);
		(void)read_be16(&s->c, s->l, &rows[GRE_ROW_OFFSET]);
	}
	if (flags & GRE_KEY)
		key_read(s, flags, type);
	if (flags & GRE_SEQUENCE)
		(void)read_be32(&s->c, s->l, &rows[GRE_ROW_SEQUENCE]);
	if ((flags & GRE_VERSION) == 1 && (flags & GRE_ACK))
		(void)read_be32(&s->c, s->l, &rows[GRE_ROW_ACK]);
	if (flags & GRE_ROUTING)
		routes_skip(s);
}

static void
payload_next(struct step *s, uint16_t flags, uint16_t type)
{
	if (cur_claimed_left(&s->c) == 0) {
		s->next = NEXT_END;
		return;
	}
	/* Aruba numbers its tunnels of 802.11 by priority. */
	if (type >= 0x8200 && type <= 0x8370 && (type & 0xf) == 0) {
		s->fcs = 0;
		step_to(s, NEXT_WLAN, 0);
		(void)step_tunnel(s);
		return;
	}
	switch (type) {
	case 0x0800:
		step_to(s, NEXT_IP, 0);
		break;
	case 0x86dd:
		step_to(s, NEXT_IPV6, 0);
		break;
	case TYPE_BRIDGE:
		step_to(s, NEXT_ETH, 0);
		break;
	case 0x6400: /* EoIP of MikroTik */
		step_to(s, NEXT_ETH, 0);
		break;
	case 0x883e: /* WCCP: a redirect header first */
		cur_skip(&s->c, 4);
		step_to(s, NEXT_IP, 0);
		if (!cur_ok(&s->c))
			step_fail(s);
		break;
	case 0x8909: /* Cisco's metadata: there the type comes first */
		step_to(s, NEXT_CMD, 0);
		break;
	case 0x894f:
		step_to(s, NEXT_ETHERTYPE, type);
		break;
	case TYPE_PPP:
		step_to(s, NEXT_PPP_HDLC, 0);
		break;
	case 0x8847: case 0x8848:
		step_to(s, NEXT_MPLS, 0);
		break;
	case TYPE_ERSPAN:
		/* Type I has no header of its own, nor a sequence number. */
		step_to(s, flags & GRE_SEQUENCE ? NEXT_ERSPAN : NEXT_ETH,
		    type);
		break;
	case TYPE_ERSPAN3:
		step_to(s, NEXT_ERSPAN, type);
		break;
	default:
		step_undecoded(s, "gre.proto", type);
		return;
	}
	(void)step_tunnel(s);
}

void
gre_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_GRE, &rows[GRE_ROW_GRE]);
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t flags = read_be16(&s->c, s->l, &rows[GRE_ROW_FLAGS]);
	uint16_t type;

	type = read_be16(&s->c, s->l, &rows[GRE_ROW_PROTO]);
	if (cur_ok(&s->c))
		flag_fields(s->l, at, flags, type);
	if ((flags & GRE_VERSION) > 1) {
		step_leave(s, entered);
		step_undecoded(s, "gre.flags.version", flags & GRE_VERSION);
		return;
	}
	options_read(s, flags, type);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		payload_next(s, flags, type);
}

/* Returns the type of the frame: 0 is Ethernet. */
static unsigned
third_read(struct step *s)
{
	struct field_list *l = s->l;
	uint16_t last;

	(void)read_be32(&s->c, l, &erspan_rows[ERSPAN_ROW_TIMESTAMP]);
	cur_skip(&s->c, 2);
	last = cur_be16(&s->c);
	if (last & 1)
		cur_skip(&s->c, 8);
	return last >> 10 & 0x1f;
}

void
erspan_read(struct step *s)
{
	static const uint32_t masks[] = { 0x0fff0000, 0xe000, 0x0400, 0x03ff };
	size_t entered = step_enter(s, LAYER_ERSPAN,
	    &erspan_rows[ERSPAN_ROW_ERSPAN]);
	struct field_list *l = s->l;
	struct span at = span_of(s->c.base + s->c.pos, 4);
	uint32_t word = cur_be32(&s->c);
	unsigned type = 0;
	size_t i;

	if (cur_ok(&s->c))
		field_bits(l, &erspan_rows[ERSPAN_ROW_VERSION], at, word,
		    0xf0000000);
	if (cur_ok(&s->c) && (word >> 28 == 1 || word >> 28 == 2)) {
		for (i = 0; i < LENGTH(masks); i++)
			field_bits(l, &erspan_rows[ERSPAN_ROW_VLAN + i], at,
			    word, masks[i]);
		s->p->tunnel_id = word & 0x3ff;
	}
	if (word >> 28 == 2) {
		type = third_read(s);
	} else if (word >> 28 == 1) {
		at = span_of(s->c.base + s->c.pos, 4);
		word = cur_be32(&s->c);
		if (cur_ok(&s->c))
			field_bits(l, &erspan_rows[ERSPAN_ROW_INDEX], at,
			    word, 0xfffff);
	} else if (cur_ok(&s->c)) {
		step_leave(s, entered);
		step_undecoded(s, "erspan.version", word >> 28);
		return;
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (type != 0)
		step_undecoded(s, "erspan.ft", type);
	else
		step_to(s, NEXT_ETH, 0);
}
