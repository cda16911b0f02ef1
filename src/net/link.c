#include "net/link.h"

#include "net/step.h"

/* Where the record's LINKTYPE_ leads, and the short headers of some. */
#define AF_INET_BSD 2
#define AF_INET6_BSD 24
#define AF_INET6_FREEBSD 28
#define AF_INET6_DARWIN 30
#define LENGTH_MAX 1500 /* beyond: an ethertype */

enum null_row {
	NULL_NULL,
	NULL_TYPE,
	NULL_FAMILY,
	NULL_ROWS
};

enum pflog_row {
	PFLOG_PFLOG,
	PFLOG_LENGTH,
	PFLOG_FAMILY,
	PFLOG_ACTION,
	PFLOG_REASON,
	PFLOG_IFNAME,
	PFLOG_RULESET,
	PFLOG_RULENR,
	PFLOG_SUBRULENR,
	PFLOG_UID,
	PFLOG_PID,
	PFLOG_RULE_UID,
	PFLOG_RULE_PID,
	PFLOG_DIR,
	PFLOG_ROWS
};

enum nflog_row {
	NFLOG_NFLOG,
	NFLOG_FAMILY,
	NFLOG_VERSION,
	NFLOG_RES_ID,
	NFLOG_TLV_LENGTH,
	NFLOG_TLV_TYPE,
	NFLOG_PREFIX,
	NFLOG_ROWS
};

enum fr_row {
	FR_FR,
	FR_DLCI,
	FR_CONTROL,
	FR_NLPID,
	FR_OUI,
	FR_PID,
	FR_SNAPTYPE,
	FR_CHDLCTYPE,
	FR_ROWS
};

static const struct value_name families[] = {
	{ AF_INET_BSD, "IP" },
	{ 7, "OSI" },
	{ 16, "AppleTalk" },
	{ 23, "IPX" },
	{ AF_INET6_BSD, "IPv6 (NetBSD, OpenBSD, BSD/OS)" },
	{ AF_INET6_FREEBSD, "IPv6 (FreeBSD)" },
	{ AF_INET6_DARWIN, "IPv6 (macOS)" },
	{ 0, NULL }
};

static const struct value_name actions[] = {
	{ 0, "pass" },
	{ 1, "block" },
	{ 2, "scrub" },
	{ 3, "noscrub" },
	{ 4, "nat" },
	{ 5, "nonat" },
	{ 6, "binat" },
	{ 7, "nobinat" },
	{ 8, "rdr" },
	{ 9, "nordr" },
	{ 0, NULL }
};

static const struct value_name ways[] = {
	{ 0, "in or out" },
	{ 1, "in" },
	{ 2, "out" },
	{ 0, NULL }
};

static const struct field null_rows[NULL_ROWS] = {
	[NULL_NULL] = { "null", FIELD_PROTOCOL, .help = "Null/Loopback" },
	[NULL_TYPE] = { "null.type", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
	[NULL_FAMILY] = { "null.family", FIELD_UINT, 32, .names = families,
	    .help = "Address family of the payload" },
};

static const struct field pflog_rows[PFLOG_ROWS] = {
	[PFLOG_PFLOG] = { "pflog", FIELD_PROTOCOL,
	    .help = "OpenBSD Packet Filter log file" },
	[PFLOG_LENGTH] = { "pflog.length", FIELD_UINT, 8,
	    .help = "Bytes of the header, without padding" },
	[PFLOG_FAMILY] = { "pflog.af", FIELD_UINT, 32, .names = families,
	    .help = "Address family of the payload" },
	[PFLOG_ACTION] = { "pflog.action", FIELD_UINT, 8, .names = actions,
	    .help = "What the filter did" },
	[PFLOG_REASON] = { "pflog.reason", FIELD_UINT, 8,
	    .help = "Why the packet was logged" },
	[PFLOG_IFNAME] = { "pflog.ifname", FIELD_STRING,
	    .help = "Interface" },
	[PFLOG_RULESET] = { "pflog.ruleset", FIELD_STRING,
	    .help = "Set of rules within an anchor" },
	[PFLOG_RULENR] = { "pflog.rulenr", FIELD_INT, 32,
	    .help = "Number of the rule" },
	[PFLOG_SUBRULENR] = { "pflog.subrulenr", FIELD_INT, 32,
	    .help = "Number of the rule within an anchor" },
	[PFLOG_UID] = { "pflog.uid", FIELD_INT, 32,
	    .help = "User of the socket" },
	[PFLOG_PID] = { "pflog.pid", FIELD_INT, 32,
	    .help = "Process of the socket" },
	[PFLOG_RULE_UID] = { "pflog.rule_uid", FIELD_INT, 32,
	    .help = "User that added the rule" },
	[PFLOG_RULE_PID] = { "pflog.rule_pid", FIELD_INT, 32,
	    .help = "Process that added the rule" },
	[PFLOG_DIR] = { "pflog.dir", FIELD_UINT, 8, .names = ways,
	    .help = "Into or out of the host" },
};

static const struct field nflog_rows[NFLOG_ROWS] = {
	[NFLOG_NFLOG] = { "nflog", FIELD_PROTOCOL,
	    .help = "Linux Netfilter NFLOG" },
	[NFLOG_FAMILY] = { "nflog.family", FIELD_UINT, 8,
	    .help = "Address family of the payload: 2 IPv4, 10 IPv6" },
	[NFLOG_VERSION] = { "nflog.version", FIELD_UINT, 8,
	    .help = "Version; always 0" },
	[NFLOG_RES_ID] = { "nflog.res_id", FIELD_UINT, 16,
	    .help = "Number of the log group" },
	[NFLOG_TLV_LENGTH] = { "nflog.tlv_length", FIELD_UINT, 16,
	    .help = "Bytes of an attribute with its header" },
	[NFLOG_TLV_TYPE] = { "nflog.tlv_type", FIELD_UINT, 16,
	    .help = "Type of an attribute; 9: the packet" },
	[NFLOG_PREFIX] = { "nflog.prefix", FIELD_STRING,
	    .help = "Text that the rule logs with" },
};

static const struct field fr_rows[FR_ROWS] = {
	[FR_FR] = { "fr", FIELD_PROTOCOL, .help = "Frame Relay" },
	[FR_DLCI] = { "fr.dlci", FIELD_UINT, 32,
	    .help = "Number of the connection" },
	[FR_CONTROL] = { "fr.control", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Control; 3 for plain frames" },
	[FR_NLPID] = { "fr.nlpid", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Protocol of the payload: 0xcc IPv4, 0x8e IPv6" },
	[FR_OUI] = { "fr.snap.oui", FIELD_UINT, 24,
	    .help = "Organization that numbers what follows" },
	[FR_PID] = { "fr.snap.pid", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Number within the organization" },
	[FR_SNAPTYPE] = { "fr.snaptype", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
	[FR_CHDLCTYPE] = { "fr.chdlctype", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Type of the payload" },
};

const struct field_table frame_relay_table = {
	"Frame Relay", fr_rows, FR_ROWS
};
const struct field_table null_table = {
	"Null/Loopback", null_rows, NULL_ROWS
};
const struct field_table pflog_table = {
	"OpenBSD Packet Filter log file", pflog_rows, PFLOG_ROWS
};
const struct field_table nflog_table = {
	"Linux Netfilter NFLOG", nflog_rows, NFLOG_ROWS
};

void
link_read(struct step *s)
{
	static const struct {
		uint16_t link;
		uint8_t next;
	} links[] = {
		{ 1, NEXT_ETH }, { 113, NEXT_SLL }, { 276, NEXT_SLL2 },
		{ 101, NEXT_RAW }, { 12, NEXT_RAW }, { 14, NEXT_RAW },
		{ 228, NEXT_IP }, { 229, NEXT_IPV6 }, { 106, NEXT_IP },
		{ 0, NEXT_NULL }, { 108, NEXT_LOOP },
		{ 127, NEXT_RADIOTAP }, { 105, NEXT_WLAN },
		{ 192, NEXT_PPI }, { 119, NEXT_PRISM }, { 163, NEXT_AVS },
		{ 9, NEXT_PPP_HDLC }, { 50, NEXT_PPP_HDLC },
		{ 51, NEXT_PPPOE_SESSION }, { 104, NEXT_CHDLC },
		{ 107, NEXT_FRAME_RELAY }, { 100, NEXT_LLC },
		{ 117, NEXT_PFLOG }, { 239, NEXT_NFLOG },
		{ 10, NEXT_FDDI }, { 129, NEXT_ARCNET },
		{ 242, NEXT_IPOIB }, { 226, NEXT_IPNET },
		{ 258, NEXT_PKTAP }, { 149, NEXT_PKTAP },
		{ 178, NEXT_JUNIPER }, { 253, NEXT_NETLINK },
	};
	size_t i;

	for (i = 0; i < LENGTH(links); i++) {
		if (links[i].link == s->number) {
			step_to(s, (enum next)links[i].next, 0);
			return;
		}
	}
	step_undecoded(s, "link", s->number);
}

void
read_stringz(struct cursor *c, size_t n, struct field_list *l,
    const struct field *f)
{
	struct span s = cur_take(c, n);

	if (l != NULL && cur_ok(c))
		field_put_bytes(l, f, s, span_first(s, span_find_byte(s, 0)));
}

static void
family_next(struct step *s, uint32_t family)
{
	if (family == AF_INET_BSD)
		step_to(s, NEXT_IP, 0);
	else if (family == AF_INET6_BSD || family == AF_INET6_FREEBSD ||
	    family == AF_INET6_DARWIN)
		step_to(s, NEXT_IPV6, 0);
	else
		step_undecoded(s, "null.family", family);
}

/*
 * The capturing host's byte order is not told, and some wrote only 16 bits:
 * families are small, so the reading that makes the number small is right.
 */
static uint32_t
family_order(uint32_t little)
{
	if ((little & 0xffff0000) == 0) {
		if ((little & 0xff) == 0 && (little & 0xff00) < 0x0600)
			return little >> 8;
		return little;
	}
	if ((little & 0xff000000) == 0 && (little & 0x00ff0000) < 0x00060000)
		return little >> 16;
	return little >> 24 | (little >> 8 & 0xff00) |
	    (little << 8 & 0xff0000) | little << 24;
}

void
null_read(struct step *s)
{
	struct cursor c = s->c;
	uint32_t family = cur_le32(&c);
	struct span at;
	size_t entered;

	if (cur_ok(&c) && (family & 0xffff) == 0x03ff) {
		step_to(s, NEXT_PPP_HDLC, 0);
		return;
	}
	entered = step_enter(s, LAYER_NULL, &null_rows[NULL_NULL]);
	at = cur_take(&s->c, 4);
	family = family_order(family);
	if (cur_ok(&s->c))
		field_number(s->l, &null_rows[family > LENGTH_MAX ?
		    NULL_TYPE : NULL_FAMILY], at, family);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (family > LENGTH_MAX)
		step_to(s, NEXT_ETHERTYPE, family & 0xffff);
	else
		family_next(s, family);
}

void
loop_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_NULL, &null_rows[NULL_NULL]);
	uint32_t family = read_be32(&s->c, s->l, &null_rows[NULL_FAMILY]);

	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		family_next(s, family);
}

/* "Raw IP" also comes with PPP's framing, or behind ten bytes of nothing. */
void
raw_read(struct step *s)
{
	struct cursor c = s->c;
	uint16_t first = cur_be16(&c);
	uint64_t zeros = first;
	uint8_t third;

	if (!cur_ok(&c)) {
		s->c = c;
		step_fail(s);
		return;
	}
	third = cur_u8(&c);
	zeros |= third | cur_u8(&c);
	zeros |= cur_be32(&c) | cur_be16(&c);
	if (first == 0xff03) {
		step_to(s, NEXT_PPP_HDLC, 0);
	} else if (first == 0x7eff && third == 3) {
		cur_skip(&s->c, 1);
		step_to(s, NEXT_PPP_HDLC, 0);
	} else if (first == 0x07ff && third == 3) {
		cur_skip(&s->c, 1);
		step_to(s, NEXT_PPP_HDLC, 0);
	} else if (cur_ok(&c) && zeros == 0) {
		cur_skip(&s->c, 10);
		step_to(s, NEXT_IP, 0);
	} else if (first >> 12 == 4) {
		step_to(s, NEXT_IP, 0);
	} else if (first >> 12 == 6) {
		step_to(s, NEXT_IPV6, 0);
	} else {
		step_undecoded(s, "ip.version", first >> 12);
	}
}

/* In the order of the capturing host: most are little-endian. */
static void
host32_read(struct cursor *c, struct field_list *l, const struct field *f)
{
	struct span at = span_of(c->base + c->pos, 4);
	uint32_t v = cur_le32(c);

	if (cur_ok(c))
		field_number(l, f, at, v);
}

void
pflog_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_PFLOG, &pflog_rows[PFLOG_PFLOG]);
	size_t start = s->c.pos;
	struct field_list *l = s->l;
	struct cursor *c = &s->c;
	uint8_t length = read_u8(c, l, &pflog_rows[PFLOG_LENGTH]), family;
	int i;

	family = read_u8(c, l, &pflog_rows[PFLOG_FAMILY]);
	read_u8(c, l, &pflog_rows[PFLOG_ACTION]);
	read_u8(c, l, &pflog_rows[PFLOG_REASON]);
	read_stringz(c, 16, l, &pflog_rows[PFLOG_IFNAME]);
	read_stringz(c, 16, l, &pflog_rows[PFLOG_RULESET]);
	read_be32(c, l, &pflog_rows[PFLOG_RULENR]);
	read_be32(c, l, &pflog_rows[PFLOG_SUBRULENR]);
	for (i = PFLOG_UID; i <= PFLOG_RULE_PID && length >= 61; i++)
		host32_read(c, l, &pflog_rows[i]);
	read_u8(c, l, &pflog_rows[PFLOG_DIR]);
	if (length < 48)
		cur_fail(c);
	cur_seek(c, start + (length + 3U) / 4 * 4);
	step_leave(s, entered);
	if (!cur_ok(c))
		step_fail(s);
	else
		family_next(s, family);
}

/* Attributes come in the order of the capturing host; little-endian unless
 * that cannot be. */
static bool
nflog_is_big(const struct step *s)
{
	struct cursor c = s->c;
	uint16_t length = cur_le16(&c), type = cur_le16(&c);

	return length < 4 || length > cur_claimed_left(&s->c) || type > 255;
}

static uint16_t
nflog_read16(struct step *s, enum nflog_row row, bool big)
{
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t v = big ? cur_be16(&s->c) : cur_le16(&s->c);

	if (cur_ok(&s->c))
		field_number(s->l, &nflog_rows[row], at, v);
	return v;
}

void
nflog_read(struct step *s)
{
	size_t entered = field_enter(s->l, &nflog_rows[NFLOG_NFLOG],
	    step_here(s));
	uint8_t family = read_u8(&s->c, s->l, &nflog_rows[NFLOG_FAMILY]);
	uint16_t length = 0, type = 0, hardware = 0;
	struct cursor value;
	bool big;

	read_u8(&s->c, s->l, &nflog_rows[NFLOG_VERSION]);
	read_be16(&s->c, s->l, &nflog_rows[NFLOG_RES_ID]);
	big = nflog_is_big(s);
	while (cur_left(&s->c) >= 4) {
		length = nflog_read16(s, NFLOG_TLV_LENGTH, big);
		type = nflog_read16(s, NFLOG_TLV_TYPE, big) & 0x7fff;
		if (length < 4)
			cur_fail(&s->c);
		if (type == 9)
			break;
		value = s->c;
		if (type == 1)
			hardware = cur_be16(&value);
		if (type == 10)
			read_stringz(&s->c, length - 4U, s->l,
			    &nflog_rows[NFLOG_PREFIX]);
		else
			cur_skip(&s->c, length - 4U);
		cur_skip(&s->c, (4U - length % 4) % 4);
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
	} else if (type != 9) {
		s->next = NEXT_END;
	} else {
		step_trim(s, length - 4U);
		step_to(s, family == 2 ? NEXT_IP : family == 10 ? NEXT_IPV6 :
		    NEXT_ETHERTYPE, hardware);
	}
}

/* Address of two to four bytes; the lowest bit of the last one is set. */
static void
dlci_read(struct step *s)
{
	const uint8_t *p = s->c.base + s->c.pos;
	uint32_t dlci = (uint32_t)cur_u8(&s->c) >> 2;
	uint8_t byte = cur_u8(&s->c);
	size_t n = 2;

	dlci = dlci << 4 | byte >> 4;
	for (; n < 4 && (byte & 1) == 0; n++) {
		byte = cur_u8(&s->c);
		dlci = (byte & 1) != 0 ? dlci << 6 | byte >> 2 :
		    dlci << 7 | byte >> 1;
	}
	if (cur_ok(&s->c))
		field_number(s->l, &fr_rows[FR_DLCI], span_of(p, n), dlci);
}

/* The ethertype that an NLPID stands for, else the NLPID. */
static uint16_t
nlpid_read(struct step *s)
{
	uint8_t nlpid = read_u8(&s->c, s->l, &fr_rows[FR_NLPID]);
	uint32_t oui;
	uint16_t pid;

	if (nlpid == 0)
		nlpid = read_u8(&s->c, s->l, &fr_rows[FR_NLPID]);
	if (nlpid == 0xcc)
		return 0x0800;
	if (nlpid == 0x8e)
		return 0x86dd;
	if (nlpid != 0x80)
		return nlpid;
	oui = read_be24(&s->c, s->l, &fr_rows[FR_OUI]);
	pid = read_be16(&s->c, s->l, &fr_rows[oui == 0 ? FR_SNAPTYPE :
	    FR_PID]);
	if (oui == 0x0080c2 && (pid == 1 || pid == 7)) {
		s->fcs = pid == 1 ? 4 : 0;
		return 0x6558;
	}
	return oui == 0 ? pid : nlpid;
}

/* RFC 2427; or, as Cisco has it, an ethertype right behind the address. */
void
frame_relay_read(struct step *s)
{
	size_t entered = field_enter(s->l, &fr_rows[FR_FR], step_here(s));
	struct cursor c;
	uint16_t type;

	dlci_read(s);
	c = s->c;
	if (cur_u8(&c) == 3) {
		read_u8(&s->c, s->l, &fr_rows[FR_CONTROL]);
		type = nlpid_read(s);
	} else {
		type = read_be16(&s->c, s->l, &fr_rows[FR_CHDLCTYPE]);
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (type <= 255)
		step_undecoded(s, "fr.nlpid", type);
	else
		step_to(s, NEXT_ETHERTYPE, type);
}
