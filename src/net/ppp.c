#include "net/link.h"
#include "net/step.h"

/*
 * PPP (RFC 1661) bare and in HDLC-like framing (RFC 1662, octets already
 * unstuffed), PPP over Ethernet (RFC 2516), Cisco HDLC.
 */
enum row {
	PPP_PPP,
	PPP_ADDRESS,
	PPP_CONTROL,
	PPP_PROTOCOL,
	PPP_ROWS
};

enum pppoe_row {
	PPPOE_PPPOE,
	PPPOE_VERSION,
	PPPOE_TYPE,
	PPPOE_CODE,
	PPPOE_SESSION_ID,
	PPPOE_LENGTH,
	PPPOE_ROWS
};

enum pppoed_row {
	PPPOED_PPPOED,
	PPPOED_TAGS,
	PPPOED_SERVICE_NAME,
	PPPOED_AC_NAME,
	PPPOED_HOST_UNIQ,
	PPPOED_AC_COOKIE,
	PPPOED_RELAY_SESSION_ID,
	PPPOED_SERVICE_NAME_ERROR,
	PPPOED_AC_SYSTEM_ERROR,
	PPPOED_GENERIC_ERROR,
	PPPOED_UNKNOWN,
	PPPOED_ROWS
};

enum chdlc_row {
	CHDLC_CHDLC,
	CHDLC_ADDRESS,
	CHDLC_CONTROL,
	CHDLC_PROTOCOL,
	CHDLC_ROWS
};

static const struct value_name protocols[] = {
	{ 0x0021, "Internet Protocol version 4" },
	{ 0x0023, "OSI Network Layer" },
	{ 0x002d, "Van Jacobson Compressed TCP/IP" },
	{ 0x002f, "Van Jacobson Uncompressed TCP/IP" },
	{ 0x0031, "Bridging PDU" },
	{ 0x003d, "Multilink" },
	{ 0x0057, "Internet Protocol version 6" },
	{ 0x00fd, "Compressed datagram" },
	{ 0x0281, "MPLS Unicast" },
	{ 0x0283, "MPLS Multicast" },
	{ 0x8021, "Internet Protocol Control Protocol" },
	{ 0x8057, "IPv6 Control Protocol" },
	{ 0x80fd, "Compression Control Protocol" },
	{ 0x8281, "MPLS Control Protocol" },
	{ 0xc021, "Link Control Protocol" },
	{ 0xc023, "Password Authentication Protocol" },
	{ 0xc025, "Link Quality Report" },
	{ 0xc223, "Challenge Handshake Authentication Protocol" },
	{ 0xc227, "Extensible Authentication Protocol" },
	{ 0, NULL }
};

static const struct value_name codes[] = {
	{ 0x00, "Session Data" },
	{ 0x07, "Active Discovery Offer (PADO)" },
	{ 0x09, "Active Discovery Initiation (PADI)" },
	{ 0x19, "Active Discovery Request (PADR)" },
	{ 0x65, "Active Discovery Session-confirmation (PADS)" },
	{ 0xa7, "Active Discovery Terminate (PADT)" },
	{ 0, NULL }
};

static const struct field rows[PPP_ROWS] = {
	[PPP_PPP] = { "ppp", FIELD_PROTOCOL,
	    .help = "Point-to-Point Protocol" },
	[PPP_ADDRESS] = { "ppp.address", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Address; always 0xff" },
	[PPP_CONTROL] = { "ppp.control", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Control; 3 for plain frames" },
	[PPP_PROTOCOL] = { "ppp.protocol", FIELD_UINT, 16, FIELD_HEX,
	    .names = protocols, .help = "Protocol of the payload" },
};

static const struct field pppoe_rows[PPPOE_ROWS] = {
	[PPPOE_PPPOE] = { "pppoes", FIELD_PROTOCOL, .also = "pppoe",
	    .help = "PPP-over-Ethernet Session" },
	[PPPOE_VERSION] = { "pppoe.version", FIELD_UINT, 8,
	    .help = "Version; always 1" },
	[PPPOE_TYPE] = { "pppoe.type", FIELD_UINT, 8,
	    .help = "Type; always 1" },
	[PPPOE_CODE] = { "pppoe.code", FIELD_UINT, 8, FIELD_HEX,
	    .names = codes, .help = "What the packet is" },
	[PPPOE_SESSION_ID] = { "pppoe.session_id", FIELD_UINT, 16,
	    FIELD_HEX, .help = "Session, 0 before there is one" },
	[PPPOE_LENGTH] = { "pppoe.payload_length", FIELD_UINT, 16,
	    .help = "Bytes behind the header" },
};

static const struct field pppoed_rows[PPPOED_ROWS] = {
	[PPPOED_PPPOED] = { "pppoed", FIELD_PROTOCOL, .also = "pppoe",
	    .help = "PPP-over-Ethernet Discovery" },
	[PPPOED_TAGS] = { "pppoed.tags", FIELD_NONE, .help = "The tags" },
	[PPPOED_SERVICE_NAME] = { "pppoed.tags.service_name", FIELD_STRING,
	    .help = "Service that is asked for or offered" },
	[PPPOED_AC_NAME] = { "pppoed.tags.ac_name", FIELD_STRING,
	    .help = "Name of the access concentrator" },
	[PPPOED_HOST_UNIQ] = { "pppoed.tags.host_uniq", FIELD_BYTES,
	    .help = "What the host knows its request by" },
	[PPPOED_AC_COOKIE] = { "pppoed.tags.ac_cookie", FIELD_BYTES,
	    .help = "Cookie of the access concentrator" },
	[PPPOED_RELAY_SESSION_ID] = { "pppoed.tags.relay_session_id",
	    FIELD_BYTES, .help = "Session of a relay" },
	[PPPOED_SERVICE_NAME_ERROR] = { "pppoed.tags.service_name_error",
	    FIELD_STRING, .help = "Why the service was refused" },
	[PPPOED_AC_SYSTEM_ERROR] = { "pppoed.tags.ac_system_error",
	    FIELD_STRING, .help = "What went wrong in the concentrator" },
	[PPPOED_GENERIC_ERROR] = { "pppoed.tags.generic_error",
	    FIELD_STRING, .help = "What went wrong" },
	[PPPOED_UNKNOWN] = { "pppoed.tag.unknown_data", FIELD_BYTES,
	    .help = "Value of a tag that is not decoded" },
};

static const struct field chdlc_rows[CHDLC_ROWS] = {
	[CHDLC_CHDLC] = { "chdlc", FIELD_PROTOCOL, .help = "Cisco HDLC" },
	[CHDLC_ADDRESS] = { "chdlc.address", FIELD_UINT, 8, FIELD_HEX,
	    .help = "0x0f to one, 0x8f to all" },
	[CHDLC_CONTROL] = { "chdlc.control", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Control; always 0" },
	[CHDLC_PROTOCOL] = { "chdlc.protocol", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
};

const struct field_table ppp_table = {
	"Point-to-Point Protocol", rows, PPP_ROWS
};
const struct field_table pppoe_table = {
	"PPP-over-Ethernet Session", pppoe_rows, PPPOE_ROWS
};
const struct field_table pppoed_table = {
	"PPP-over-Ethernet Discovery", pppoed_rows, PPPOED_ROWS
};
const struct field_table chdlc_table = {
	"Cisco HDLC", chdlc_rows, CHDLC_ROWS
};

static void
protocol_next(struct step *s, uint16_t protocol)
{
	switch (protocol) {
	case 0x0021:
	case 0x0800:
		step_to(s, NEXT_IP, 0);
		break;
	case 0x0057:
	case 0x86dd:
		step_to(s, NEXT_IPV6, 0);
		break;
	case 0x0281:
	case 0x0283:
		step_to(s, NEXT_MPLS, 0);
		break;
	default:
		step_undecoded(s, "ppp.protocol", protocol);
	}
}

/* One byte when it is odd: RFC 1661, section 6.5. */
static void
protocol_read_and_go(struct step *s, size_t entered)
{
	const uint8_t *p = s->c.base + s->c.pos;
	uint16_t protocol = cur_u8(&s->c);
	size_t n = 1;

	if ((protocol & 1) == 0) {
		protocol = (uint16_t)(protocol << 8 | cur_u8(&s->c));
		n = 2;
	}
	if (cur_ok(&s->c))
		field_number(s->l, &rows[PPP_PROTOCOL], span_of(p, n),
		    protocol);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		protocol_next(s, protocol);
}

static uint8_t
first_byte(const struct step *s)
{
	struct cursor c = s->c;

	return cur_u8(&c);
}

void
ppp_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_PPP, &rows[PPP_PPP]);

	s->trailer = NULL;
	protocol_read_and_go(s, entered);
}

void
ppp_hdlc_read(struct step *s)
{
	uint8_t first = first_byte(s);
	size_t entered;

	s->trailer = NULL;
	if (first == 0x0f || first == 0x8f) {
		step_to(s, NEXT_CHDLC, 0);
		return;
	}
	entered = step_enter(s, LAYER_PPP, &rows[PPP_PPP]);
	if (first == 0xff) {
		read_u8(&s->c, s->l, &rows[PPP_ADDRESS]);
		read_u8(&s->c, s->l, &rows[PPP_CONTROL]);
	}
	protocol_read_and_go(s, entered);
}

void
chdlc_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_CHDLC, &chdlc_rows[CHDLC_CHDLC]);
	uint16_t type;

	read_u8(&s->c, s->l, &chdlc_rows[CHDLC_ADDRESS]);
	read_u8(&s->c, s->l, &chdlc_rows[CHDLC_CONTROL]);
	type = read_be16(&s->c, s->l, &chdlc_rows[CHDLC_PROTOCOL]);
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
	} else if (type == 0x0800 || type == 0x86dd || type == 0x8847 ||
	    type == 0x8848 || type == 0x6558) {
		s->p->ethertype = type;
		step_to(s, NEXT_ETHERTYPE, type);
	} else {
		step_undecoded(s, "chdlc.protocol", type);
	}
}

/* The six bytes that both kinds begin with; confines to the payload. */
static uint8_t
pppoe_header(struct step *s)
{
	struct span at = span_of(s->c.base + s->c.pos, 1);
	uint8_t word = cur_u8(&s->c), code;
	uint16_t length;

	if (cur_ok(&s->c)) {
		field_bits(s->l, &pppoe_rows[PPPOE_VERSION], at, word, 0xf0);
		field_bits(s->l, &pppoe_rows[PPPOE_TYPE], at, word, 0x0f);
	}
	code = read_u8(&s->c, s->l, &pppoe_rows[PPPOE_CODE]);
	read_be16(&s->c, s->l, &pppoe_rows[PPPOE_SESSION_ID]);
	length = read_be16(&s->c, s->l, &pppoe_rows[PPPOE_LENGTH]);
	if (cur_ok(&s->c))
		step_trim(s, length);
	s->trailer = NULL;
	return code;
}

static const struct field *
tag_row(uint16_t tag)
{
	switch (tag) {
	case 0x0101:
		return &pppoed_rows[PPPOED_SERVICE_NAME];
	case 0x0102:
		return &pppoed_rows[PPPOED_AC_NAME];
	case 0x0103:
		return &pppoed_rows[PPPOED_HOST_UNIQ];
	case 0x0104:
		return &pppoed_rows[PPPOED_AC_COOKIE];
	case 0x0110:
		return &pppoed_rows[PPPOED_RELAY_SESSION_ID];
	case 0x0201:
		return &pppoed_rows[PPPOED_SERVICE_NAME_ERROR];
	case 0x0202:
		return &pppoed_rows[PPPOED_AC_SYSTEM_ERROR];
	case 0x0203:
		return &pppoed_rows[PPPOED_GENERIC_ERROR];
	default:
		return &pppoed_rows[PPPOED_UNKNOWN];
	}
}

/* Read whether or not somebody listens: a tag too long is malformed. */
static void
tags_read(struct step *s)
{
	size_t entered = field_enter(s->l, &pppoed_rows[PPPOED_TAGS],
	    step_here(s));
	uint16_t tag, length;

	while (cur_left(&s->c) > 0) {
		tag = cur_be16(&s->c);
		length = cur_be16(&s->c);
		if (tag == 0)
			break;
		if (length > 0)
			read_bytes(&s->c, length, s->l, tag_row(tag));
	}
	step_leave(s, entered);
}

void
pppoe_discovery_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_PPPOE,
	    &pppoed_rows[PPPOED_PPPOED]);

	pppoe_header(s);
	if (cur_left(&s->c) > 0)
		tags_read(s);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	s->next = NEXT_END;
}

void
pppoe_session_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_PPPOE,
	    &pppoe_rows[PPPOE_PPPOE]);

	s->p->stack[s->p->n_stack - 1].kind = 1;
	(void)pppoe_header(s);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_to(s, NEXT_PPP, 0);
}
