#include "net/shim.h"

#include "net/link.h"
#include "net/step.h"

/*
 * What switches put between Ethernet and its payload, or before it: Cisco
 * metadata, VN-Tag, provider backbone bridges (802.1ah), network service
 * headers (RFC 8300), MACsec without encryption, ISL and FabricPath.
 */
enum cmd_row {
	CMD_CMD,
	CMD_VERSION,
	CMD_LENGTH,
	CMD_OPTIONS,
	CMD_SGT,
	CMD_TYPE,
	CMD_ROWS
};

enum vntag_row {
	VNTAG_VNTAG,
	VNTAG_DIR,
	VNTAG_PTR,
	VNTAG_DST,
	VNTAG_LOOPED,
	VNTAG_VERSION,
	VNTAG_SRC,
	VNTAG_ETYPE,
	VNTAG_ROWS
};

enum ah_row {
	AH_AH,
	AH_PRIORITY,
	AH_ISID,
	AH_CDST,
	AH_CSRC,
	AH_ETYPE,
	AH_ROWS
};

enum nsh_row {
	NSH_NSH,
	NSH_VERSION,
	NSH_TTL,
	NSH_LENGTH,
	NSH_MDTYPE,
	NSH_NEXTPROTO,
	NSH_SPI,
	NSH_SI,
	NSH_ROWS
};

enum macsec_row {
	MACSEC_MACSEC,
	MACSEC_ES,
	MACSEC_SC,
	MACSEC_SCB,
	MACSEC_E,
	MACSEC_C,
	MACSEC_AN,
	MACSEC_SL,
	MACSEC_PN,
	MACSEC_SYSTEM,
	MACSEC_PORT,
	MACSEC_ICV,
	MACSEC_ROWS
};

enum isl_row {
	ISL_ISL,
	ISL_VLAN_ID,
	ISL_ROWS
};

static const struct field cmd_rows[CMD_ROWS] = {
	[CMD_CMD] = { "cmd", FIELD_PROTOCOL, .help = "Cisco MetaData" },
	[CMD_VERSION] = { "cmd.version", FIELD_UINT, 8, .help = "Version" },
	[CMD_LENGTH] = { "cmd.length", FIELD_UINT, 8,
	    .help = "Number of options" },
	[CMD_OPTIONS] = { "cmd.options", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Kind and length of the option" },
	[CMD_SGT] = { "cmd.sgt", FIELD_UINT, 16,
	    .help = "Security group of the sender" },
	[CMD_TYPE] = { "cmd.type", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
};

static const struct field vntag_rows[VNTAG_ROWS] = {
	[VNTAG_VNTAG] = { "vntag", FIELD_PROTOCOL, .help = "VN-Tag" },
	[VNTAG_DIR] = { "vntag.dir", FIELD_BOOL, 32,
	    .help = "From the bridge" },
	[VNTAG_PTR] = { "vntag.ptr", FIELD_BOOL, 32,
	    .help = "The destination is a list" },
	[VNTAG_DST] = { "vntag.dst", FIELD_UINT, 32,
	    .help = "Destination interface" },
	[VNTAG_LOOPED] = { "vntag.looped", FIELD_BOOL, 32,
	    .help = "Sent back to where it came from" },
	[VNTAG_VERSION] = { "vntag.version", FIELD_UINT, 32,
	    .help = "Version" },
	[VNTAG_SRC] = { "vntag.src", FIELD_UINT, 32,
	    .help = "Source interface" },
	[VNTAG_ETYPE] = { "vntag.etype", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
};

static const struct field ah_rows[AH_ROWS] = {
	[AH_AH] = { "ieee8021ah", FIELD_PROTOCOL, .help = "IEEE 802.1ah" },
	[AH_PRIORITY] = { "ieee8021ah.priority", FIELD_UINT, 32,
	    .help = "Priority, 0 to 7" },
	[AH_ISID] = { "ieee8021ah.isid", FIELD_UINT, 32,
	    .help = "Service instance" },
	[AH_CDST] = { "ieee8021ah.cdst", FIELD_ETHER,
	    .help = "Destination of the customer's frame" },
	[AH_CSRC] = { "ieee8021ah.csrc", FIELD_ETHER,
	    .help = "Source of the customer's frame" },
	[AH_ETYPE] = { "ieee8021ah.etype", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
};

static const struct field nsh_rows[NSH_ROWS] = {
	[NSH_NSH] = { "nsh", FIELD_PROTOCOL,
	    .help = "Network Service Header" },
	[NSH_VERSION] = { "nsh.version", FIELD_UINT, 16, .help = "Version" },
	[NSH_TTL] = { "nsh.ttl", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Functions it may still pass" },
	[NSH_LENGTH] = { "nsh.length", FIELD_UINT, 16,
	    .help = "Length in words of 4 bytes" },
	[NSH_MDTYPE] = { "nsh.mdtype", FIELD_UINT, 8,
	    .help = "Kind of the metadata" },
	[NSH_NEXTPROTO] = { "nsh.nextproto", FIELD_UINT, 8,
	    .help = "Payload: 1 IPv4, 2 IPv6, 3 Ethernet, 5 MPLS" },
	[NSH_SPI] = { "nsh.spi", FIELD_UINT, 24, .help = "Service path" },
	[NSH_SI] = { "nsh.si", FIELD_UINT, 8,
	    .help = "Place in the service path" },
};

static const struct field macsec_rows[MACSEC_ROWS] = {
	[MACSEC_MACSEC] = { "macsec", FIELD_PROTOCOL,
	    .help = "802.1AE Security tag" },
	[MACSEC_ES] = { "macsec.TCI.ES", FIELD_BOOL, 8,
	    .help = "From an end station" },
	[MACSEC_SC] = { "macsec.TCI.SC", FIELD_BOOL, 8,
	    .help = "The channel is named" },
	[MACSEC_SCB] = { "macsec.TCI.SCB", FIELD_BOOL, 8,
	    .help = "Single copy broadcast" },
	[MACSEC_E] = { "macsec.TCI.E", FIELD_BOOL, 8,
	    .help = "The payload is encrypted" },
	[MACSEC_C] = { "macsec.TCI.C", FIELD_BOOL, 8,
	    .help = "The payload was changed" },
	[MACSEC_AN] = { "macsec.AN", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Association number" },
	[MACSEC_SL] = { "macsec.SL", FIELD_UINT, 8,
	    .help = "Bytes of a short payload, else 0" },
	[MACSEC_PN] = { "macsec.PN", FIELD_UINT, 32,
	    .help = "Packet number" },
	[MACSEC_SYSTEM] = { "macsec.SCI.system_identifier", FIELD_ETHER,
	    .help = "System that the channel starts at" },
	[MACSEC_PORT] = { "macsec.SCI.port_identifier", FIELD_UINT, 16,
	    .help = "Port that the channel starts at" },
	[MACSEC_ICV] = { "macsec.ICV", FIELD_BYTES,
	    .help = "Integrity check value" },
};

static const struct field isl_rows[ISL_ROWS] = {
	[ISL_ISL] = { "isl", FIELD_PROTOCOL, .help = "Cisco ISL" },
	[ISL_VLAN_ID] = { "isl.vlan_id", FIELD_UINT, 16,
	    .help = "Number of the virtual LAN" },
};

const struct field_table cmd_table = {
	"Cisco MetaData", cmd_rows, CMD_ROWS
};
const struct field_table vntag_table = {
	"VN-Tag", vntag_rows, VNTAG_ROWS
};
const struct field_table ieee8021ah_table = {
	"IEEE 802.1ah", ah_rows, AH_ROWS
};
const struct field_table nsh_table = {
	"Network Service Header", nsh_rows, NSH_ROWS
};
const struct field_table macsec_table = {
	"802.1AE Security tag", macsec_rows, MACSEC_ROWS
};
const struct field_table isl_table = { "Cisco ISL", isl_rows, ISL_ROWS };

/* The payload has an ethertype, which was the last thing that was read. */
static void
type_next(struct step *s, size_t entered, uint16_t type)
{
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
		return;
	}
	s->p->ethertype = type;
	step_to(s, NEXT_ETHERTYPE, type);
}

void
cmd_read(struct step *s)
{
	size_t entered = field_enter(s->l, &cmd_rows[CMD_CMD], step_here(s));
	bool type_first = s->number == 0; /* so it is in GRE */
	uint16_t type = 0;

	s->trailer = NULL;
	if (type_first)
		type = read_be16(&s->c, s->l, &cmd_rows[CMD_TYPE]);
	read_u8(&s->c, s->l, &cmd_rows[CMD_VERSION]);
	read_u8(&s->c, s->l, &cmd_rows[CMD_LENGTH]);
	read_be16(&s->c, s->l, &cmd_rows[CMD_OPTIONS]);
	read_be16(&s->c, s->l, &cmd_rows[CMD_SGT]);
	if (!type_first)
		type = read_be16(&s->c, s->l, &cmd_rows[CMD_TYPE]);
	type_next(s, entered, type);
}

void
vntag_read(struct step *s)
{
	static const uint32_t masks[] = {
		0x80000000, 0x40000000, 0x3fff0000, 0x8000, 0x3000, 0x0fff
	};
	size_t entered = field_enter(s->l, &vntag_rows[VNTAG_VNTAG],
	    step_here(s));
	struct span at = span_of(s->c.base + s->c.pos, 4);
	uint32_t word = cur_be32(&s->c);
	size_t i;

	s->trailer = NULL;
	if (cur_ok(&s->c)) {
		for (i = 0; i < LENGTH(masks); i++)
			field_bits(s->l, &vntag_rows[VNTAG_DIR + i], at, word,
			    masks[i]);
	}
	type_next(s, entered, read_be16(&s->c, s->l,
	    &vntag_rows[VNTAG_ETYPE]));
}

void
ieee8021ah_read(struct step *s)
{
	size_t entered = field_enter(s->l, &ah_rows[AH_AH], step_here(s));
	struct span at = span_of(s->c.base + s->c.pos, 4);
	uint32_t word = cur_be32(&s->c);

	s->trailer = NULL;
	if (cur_ok(&s->c)) {
		field_bits(s->l, &ah_rows[AH_PRIORITY], at, word,
		    0xe0000000);
		field_bits(s->l, &ah_rows[AH_ISID], at, word, 0x00ffffff);
		s->p->tunnel_id = word & 0x00ffffff;
	}
	read_bytes(&s->c, 6, s->l, &ah_rows[AH_CDST]);
	read_bytes(&s->c, 6, s->l, &ah_rows[AH_CSRC]);
	type_next(s, entered, read_be16(&s->c, s->l, &ah_rows[AH_ETYPE]));
}

static enum next
nsh_next(uint8_t protocol)
{
	switch (protocol) {
	case 1:
		return NEXT_IP;
	case 2:
		return NEXT_IPV6;
	case 3:
		return NEXT_ETH;
	case 5:
		return NEXT_MPLS;
	default:
		return NEXT_END;
	}
}

void
nsh_read(struct step *s)
{
	size_t entered = field_enter(s->l, &nsh_rows[NSH_NSH], step_here(s));
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t word = cur_be16(&s->c);
	uint8_t protocol;
	size_t words = word & 0x3f;

	s->trailer = NULL;
	if (cur_ok(&s->c)) {
		field_bits(s->l, &nsh_rows[NSH_VERSION], at, word, 0xc000);
		field_bits(s->l, &nsh_rows[NSH_TTL], at, word, 0x0fc0);
		field_bits(s->l, &nsh_rows[NSH_LENGTH], at, word, 0x003f);
	}
	read_u8(&s->c, s->l, &nsh_rows[NSH_MDTYPE]);
	protocol = read_u8(&s->c, s->l, &nsh_rows[NSH_NEXTPROTO]);
	read_be24(&s->c, s->l, &nsh_rows[NSH_SPI]);
	read_u8(&s->c, s->l, &nsh_rows[NSH_SI]);
	if (words < 2)
		cur_fail(&s->c);
	cur_skip(&s->c, words * 4 - 8);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (nsh_next(protocol) == NEXT_END)
		step_undecoded(s, "nsh.nextproto", protocol);
	else if (step_tunnel(s))
		step_to(s, nsh_next(protocol), 0);
}

static void
icv_read(struct step *s, uint8_t short_length)
{
	struct cursor c = s->c;
	size_t n = cur_claimed_left(&s->c);

	n = short_length != 0 && short_length <= n ? short_length :
	    n < 16 ? 0 : n - 16;
	cur_skip(&c, n);
	if (s->l != NULL && cur_left(&c) >= 16)
		read_bytes(&c, 16, s->l, &macsec_rows[MACSEC_ICV]);
	step_trim(s, n);
}

void
macsec_read(struct step *s)
{
	size_t entered = field_enter(s->l, &macsec_rows[MACSEC_MACSEC],
	    step_here(s));
	struct span at = span_of(s->c.base + s->c.pos, 1);
	uint8_t word = cur_u8(&s->c), length;
	unsigned i;

	s->trailer = NULL;
	for (i = 0; i < 5 && cur_ok(&s->c); i++)
		field_bits(s->l, &macsec_rows[MACSEC_ES + i], at, word,
		    0x40U >> i);
	if (cur_ok(&s->c))
		field_bits(s->l, &macsec_rows[MACSEC_AN], at, word, 3);
	length = read_u8(&s->c, s->l, &macsec_rows[MACSEC_SL]);
	read_be32(&s->c, s->l, &macsec_rows[MACSEC_PN]);
	if ((word & 0x20) != 0) {
		read_bytes(&s->c, 6, s->l, &macsec_rows[MACSEC_SYSTEM]);
		read_be16(&s->c, s->l, &macsec_rows[MACSEC_PORT]);
	}
	if (cur_ok(&s->c) && (word & 0x0c) == 0) {
		icv_read(s, length);
		type_next(s, entered, cur_be16(&s->c));
		return;
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_undecoded(s, "macsec", word >> 2 & 3);
}

/* 26 bytes before a frame with a check sequence of its own behind it. */
static void
isl_read(struct step *s)
{
	size_t entered = field_enter(s->l, &isl_rows[ISL_ISL], step_here(s));
	struct span at;
	uint16_t length, word;

	cur_skip(&s->c, 12);
	length = cur_be16(&s->c);
	if (length != 0)
		step_trim(s, length);
	cur_skip(&s->c, 6);
	at = span_of(s->c.base + s->c.pos, 2);
	word = cur_be16(&s->c);
	if (cur_ok(&s->c))
		field_bits(s->l, &isl_rows[ISL_VLAN_ID], at, word, 0xfffe);
	cur_skip(&s->c, 4);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_to(s, NEXT_ETH, 0);
	s->fcs = 4;
}

bool
shim_before_eth(struct step *s)
{
	struct cursor c = s->c;
	uint32_t first = cur_be24(&c), second = cur_be24(&c);
	uint16_t type;

	cur_skip(&c, 6);
	type = cur_be16(&c);
	if (!cur_ok(&c))
		return false;
	if (type == 0x8903) { /* FabricPath: 16 bytes, a frame, an FCS */
		cur_skip(&s->c, 16);
		if (cur_claimed_left(&s->c) >= 4)
			step_trim(s, cur_claimed_left(&s->c) - 4);
		step_to(s, cur_ok(&s->c) ? NEXT_ETH : NEXT_END, 0);
		return true;
	}
	if (type <= 1500 && second >> 8 == 0 &&
	    (first == 0x01000c || first == 0x03000c || first == 0x0c000c)) {
		isl_read(s);
		return true;
	}
	return false;
}
