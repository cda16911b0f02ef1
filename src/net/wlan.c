#include "net/link.h"
#include "net/step.h"

/*
 * IEEE 802.11: the MAC header of all frames, the payload of data frames that
 * are neither encrypted nor fragments.
 */
enum {
	TYPE_MANAGEMENT,
	TYPE_CONTROL,
	TYPE_DATA,
};

enum {
	FLAG_TO_DS = 0x01,
	FLAG_FROM_DS = 0x02,
	FLAG_MORE_FRAGMENTS = 0x04,
	FLAG_PROTECTED = 0x40,
	FLAG_ORDER = 0x80,
};

/* The rows of an address come twice: whatever an address is called, it
 * answers to wlan.addr once. */
enum row {
	WLAN_WLAN,
	WLAN_FC_TYPE_SUBTYPE,
	WLAN_FC,
	WLAN_FC_VERSION,
	WLAN_FC_TYPE,
	WLAN_FC_SUBTYPE,
	WLAN_FLAGS,
	WLAN_FC_DS,
	WLAN_FC_TODS,
	WLAN_FC_FROMDS,
	WLAN_FC_FRAG,
	WLAN_FC_RETRY,
	WLAN_FC_PWRMGT,
	WLAN_FC_MOREDATA,
	WLAN_FC_PROTECTED,
	WLAN_FC_ORDER,
	WLAN_DURATION,
	WLAN_AID,
	WLAN_RA,
	WLAN_TA,
	WLAN_DA,
	WLAN_DA_FIRST,
	WLAN_SA,
	WLAN_SA_FIRST,
	WLAN_BSSID,
	WLAN_BSSID_FIRST,
	WLAN_STAA,
	WLAN_FRAG,
	WLAN_SEQ,
	WLAN_QOS,
	WLAN_QOS_TID,
	WLAN_QOS_AMSDU,
	WLAN_FCS,
	WLAN_FCS_STATUS,
	WLAN_ROWS
};

static const struct value_name types[] = {
	{ TYPE_MANAGEMENT, "Management frame" },
	{ TYPE_CONTROL, "Control frame" },
	{ TYPE_DATA, "Data frame" },
	{ 3, "Extension frame" },
	{ 0, NULL }
};

static const struct value_name subtypes[] = {
	{ 0x00, "Association Request" },
	{ 0x01, "Association Response" },
	{ 0x02, "Reassociation Request" },
	{ 0x03, "Reassociation Response" },
	{ 0x04, "Probe Request" },
	{ 0x05, "Probe Response" },
	{ 0x08, "Beacon frame" },
	{ 0x09, "ATIM" },
	{ 0x0a, "Disassociate" },
	{ 0x0b, "Authentication" },
	{ 0x0c, "Deauthentication" },
	{ 0x0d, "Action" },
	{ 0x18, "802.11 Block Ack Req" },
	{ 0x19, "802.11 Block Ack" },
	{ 0x1a, "Power-Save poll" },
	{ 0x1b, "Request-to-send" },
	{ 0x1c, "Clear-to-send" },
	{ 0x1d, "Acknowledgement" },
	{ 0x1e, "CF-End" },
	{ 0x20, "Data" },
	{ 0x24, "Null function (No data)" },
	{ 0x28, "QoS Data" },
	{ 0x2c, "QoS Null function (No data)" },
	{ 0, NULL }
};

/* NOLINTBEGIN(bugprone-macro-parentheses): initialisers */
#define ADDR_ROW(n, text) { n, FIELD_ETHER, .help = text }
#define ADDR_FIRST(n, text) \
	{ n, FIELD_ETHER, .also = "wlan.addr", .help = text }
/* NOLINTEND(bugprone-macro-parentheses) */

static const struct field rows[WLAN_ROWS] = {
	[WLAN_WLAN] = { "wlan", FIELD_PROTOCOL,
	    .help = "IEEE 802.11 wireless LAN" },
	[WLAN_FC_TYPE_SUBTYPE] = { "wlan.fc.type_subtype", FIELD_UINT, 16,
	    FIELD_HEX, .names = subtypes, .help = "Type and subtype" },
	[WLAN_FC] = { "wlan.fc", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Frame control, as its two bytes stand" },
	[WLAN_FC_VERSION] = { "wlan.fc.version", FIELD_UINT, 8,
	    .help = "Version of the MAC" },
	[WLAN_FC_TYPE] = { "wlan.fc.type", FIELD_UINT, 8, .names = types,
	    .help = "Type" },
	[WLAN_FC_SUBTYPE] = { "wlan.fc.subtype", FIELD_UINT, 8,
	    .help = "Subtype, within the type" },
	[WLAN_FLAGS] = { "wlan.flags", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Flags" },
	[WLAN_FC_DS] = { "wlan.fc.ds", FIELD_UINT, 8, FIELD_HEX,
	    .help = "To and from the distribution system" },
	[WLAN_FC_TODS] = { "wlan.fc.tods", FIELD_BOOL, 8,
	    .help = "To the distribution system" },
	[WLAN_FC_FROMDS] = { "wlan.fc.fromds", FIELD_BOOL, 8,
	    .help = "From the distribution system" },
	[WLAN_FC_FRAG] = { "wlan.fc.frag", FIELD_BOOL, 8,
	    .help = "More fragments follow" },
	[WLAN_FC_RETRY] = { "wlan.fc.retry", FIELD_BOOL, 8,
	    .help = "Sent again" },
	[WLAN_FC_PWRMGT] = { "wlan.fc.pwrmgt", FIELD_BOOL, 8,
	    .help = "The station will go to sleep" },
	[WLAN_FC_MOREDATA] = { "wlan.fc.moredata", FIELD_BOOL, 8,
	    .help = "More is waiting for the station" },
	[WLAN_FC_PROTECTED] = { "wlan.fc.protected", FIELD_BOOL, 8,
	    .help = "The payload is encrypted" },
	[WLAN_FC_ORDER] = { "wlan.fc.order", FIELD_BOOL, 8,
	    .help = "An HT control field follows, or strict order" },
	[WLAN_DURATION] = { "wlan.duration", FIELD_UINT, 16,
	    .help = "Microseconds that the medium is taken" },
	[WLAN_AID] = { "wlan.aid", FIELD_UINT, 16,
	    .help = "Association of the station" },
	[WLAN_RA] = ADDR_FIRST("wlan.ra", "Receiver of the frame"),
	[WLAN_TA] = ADDR_FIRST("wlan.ta", "Transmitter of the frame"),
	[WLAN_DA] = ADDR_ROW("wlan.da", "Destination"),
	[WLAN_DA_FIRST] = ADDR_FIRST("wlan.da", "Destination"),
	[WLAN_SA] = ADDR_ROW("wlan.sa", "Source"),
	[WLAN_SA_FIRST] = ADDR_FIRST("wlan.sa", "Source"),
	[WLAN_BSSID] = ADDR_ROW("wlan.bssid", "Basic service set"),
	[WLAN_BSSID_FIRST] = ADDR_FIRST("wlan.bssid", "Basic service set"),
	[WLAN_STAA] = ADDR_ROW("wlan.staa", "Station"),
	[WLAN_FRAG] = { "wlan.frag", FIELD_UINT, 16,
	    .help = "Number of the fragment" },
	[WLAN_SEQ] = { "wlan.seq", FIELD_UINT, 16,
	    .help = "Sequence number" },
	[WLAN_QOS] = { "wlan.qos", FIELD_UINT, 16, FIELD_HEX,
	    .help = "QoS control" },
	[WLAN_QOS_TID] = { "wlan.qos.tid", FIELD_UINT, 16,
	    .help = "Traffic identifier" },
	[WLAN_QOS_AMSDU] = { "wlan.qos.amsdupresent", FIELD_BOOL, 16,
	    .help = "The payload is an aggregate" },
	[WLAN_FCS] = { "wlan.fcs", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Frame check sequence" },
	[WLAN_FCS_STATUS] = { "wlan.fcs.status", FIELD_UINT, 8,
	    .help = "Whether the check sequence is right; 2: not looked at" },
};

const struct field_table wlan_table = {
	"IEEE 802.11 wireless LAN", rows, WLAN_ROWS
};

static void
flags_fields(struct field_list *l, struct span at, uint8_t flags)
{
	size_t entered = field_enter_number(l, &rows[WLAN_FLAGS], at, flags);
	unsigned i;

	field_put_number(l, &rows[WLAN_FC_DS], at, flags & 3);
	for (i = 0; i < 8; i++)
		field_put_number(l, &rows[WLAN_FC_TODS + i], at,
		    flags >> i & 1);
	field_leave(l, entered, NULL);
}

static void
control_fields(struct field_list *l, struct span at, uint8_t control,
    uint8_t flags)
{
	struct span first = span_first(at, 1);
	unsigned type = control >> 2 & 3, subtype = control >> 4;
	size_t entered;

	field_put_number(l, &rows[WLAN_FC_TYPE_SUBTYPE], at,
	    type << 4 | subtype);
	entered = field_enter_number(l, &rows[WLAN_FC], at,
	    (unsigned)control << 8 | flags);
	field_put_number(l, &rows[WLAN_FC_VERSION], first, control & 3);
	field_put_number(l, &rows[WLAN_FC_TYPE], first, type);
	field_put_number(l, &rows[WLAN_FC_SUBTYPE], first, subtype);
	flags_fields(l, span_after(at, 1), flags);
	field_leave(l, entered, NULL);
}

/* One address under up to three names. */
static struct span
address_read(struct step *s, enum row a, enum row b, enum row c)
{
	struct span addr = cur_take(&s->c, 6);

	if (s->l == NULL || !cur_ok(&s->c))
		return addr;
	field_bytes(s->l, &rows[a], addr);
	if (b != WLAN_WLAN)
		field_bytes(s->l, &rows[b], addr);
	if (c != WLAN_WLAN)
		field_bytes(s->l, &rows[c], addr);
	return addr;
}

static void
mac_set(struct step *s, struct span src, struct span dst)
{
	if (!cur_ok(&s->c))
		return;
	step_addr(&s->p->mac_src, ADDR_MAC, src.p, 6);
	step_addr(&s->p->mac_dst, ADDR_MAC, dst.p, 6);
}

static void
sequence_read(struct step *s)
{
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t word = cur_le16(&s->c);

	if (!cur_ok(&s->c))
		return;
	field_bits(s->l, &rows[WLAN_FRAG], at, word, 0x000f);
	field_bits(s->l, &rows[WLAN_SEQ], at, word, 0xfff0);
	s->fragment_number = word & 0x0f;
}

static void
management_read(struct step *s)
{
	struct span dst, src;

	dst = address_read(s, WLAN_RA, WLAN_DA, WLAN_WLAN);
	src = address_read(s, WLAN_TA, WLAN_SA, WLAN_WLAN);
	address_read(s, WLAN_BSSID_FIRST, WLAN_WLAN, WLAN_WLAN);
	mac_set(s, src, dst);
	sequence_read(s);
}

/* Clear-to-send (12) and acknowledgement (13) have one address; behind the
 * one of a wrapper (7) is the control field of what it carries. */
static void
control_read(struct step *s, unsigned subtype)
{
	enum row first = subtype == 10 ? WLAN_BSSID_FIRST : WLAN_RA;
	enum row second = subtype == 14 || subtype == 15 ?
	    WLAN_BSSID_FIRST : WLAN_TA;

	address_read(s, first, WLAN_WLAN, WLAN_WLAN);
	if (subtype != 7 && subtype != 12 && subtype != 13)
		address_read(s, second, WLAN_WLAN, WLAN_WLAN);
}

/* Which address is whose depends on the two directions. */
static void
addresses_read(struct step *s, uint8_t flags)
{
	struct span src, dst;

	switch (flags & (FLAG_TO_DS | FLAG_FROM_DS)) {
	case 0:
		dst = address_read(s, WLAN_RA, WLAN_DA, WLAN_WLAN);
		src = address_read(s, WLAN_TA, WLAN_SA, WLAN_WLAN);
		address_read(s, WLAN_BSSID_FIRST, WLAN_WLAN, WLAN_WLAN);
		break;
	case FLAG_TO_DS:
		address_read(s, WLAN_RA, WLAN_BSSID, WLAN_WLAN);
		src = address_read(s, WLAN_TA, WLAN_SA, WLAN_STAA);
		dst = address_read(s, WLAN_DA_FIRST, WLAN_WLAN, WLAN_WLAN);
		break;
	case FLAG_FROM_DS:
		dst = address_read(s, WLAN_RA, WLAN_DA, WLAN_STAA);
		address_read(s, WLAN_TA, WLAN_BSSID, WLAN_WLAN);
		src = address_read(s, WLAN_SA_FIRST, WLAN_WLAN, WLAN_WLAN);
		break;
	default:
		address_read(s, WLAN_RA, WLAN_WLAN, WLAN_WLAN);
		address_read(s, WLAN_TA, WLAN_WLAN, WLAN_WLAN);
		dst = address_read(s, WLAN_DA_FIRST, WLAN_WLAN, WLAN_WLAN);
		sequence_read(s);
		src = address_read(s, WLAN_SA_FIRST, WLAN_WLAN, WLAN_WLAN);
		mac_set(s, src, dst);
		return;
	}
	mac_set(s, src, dst);
	sequence_read(s);
}

/* True when the payload is an aggregate. */
static bool
qos_read(struct step *s, bool data)
{
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t word = cur_le16(&s->c);
	size_t entered;

	if (!cur_ok(&s->c))
		return false;
	entered = field_enter_number(s->l, &rows[WLAN_QOS], at, word);
	field_bits(s->l, &rows[WLAN_QOS_TID], at, word, 0x000f);
	if (data)
		field_bits(s->l, &rows[WLAN_QOS_AMSDU], at, word, 0x0080);
	if (s->l != NULL)
		field_leave(s->l, entered, NULL);
	return data && (word & 0x0080) != 0;
}

/* The last four bytes, when the capture says that it kept them. */
static void
fcs_read(struct step *s)
{
	struct cursor c = s->c;

	if (s->fcs != 4 || cur_claimed_left(&s->c) < 4)
		return;
	if (cur_left(&c) == cur_claimed_left(&c)) {
		cur_skip(&c, cur_left(&c) - 4);
		if (s->l != NULL) {
			struct span at = span_of(c.base + c.pos, 4);

			field_put_number(s->l, &rows[WLAN_FCS], at,
			    cur_le32(&c));
			field_put_number(s->l, &rows[WLAN_FCS_STATUS],
			    span_empty(), 2);
		}
	}
	step_trim(s, cur_claimed_left(&s->c) - 4);
}

static void
payload_next(struct step *s, unsigned subtype, uint8_t flags, bool amsdu)
{
	if ((subtype & 4) != 0)
		s->next = NEXT_END; /* no data */
	else if ((flags & FLAG_PROTECTED) != 0)
		step_undecoded(s, "wlan.fc.protected", 1);
	else if ((flags & FLAG_MORE_FRAGMENTS) != 0 ||
	    s->fragment_number != 0)
		step_undecoded(s, "wlan.frag", s->fragment_number);
	else
		step_to(s, amsdu ? NEXT_AMSDU : NEXT_LLC, 0);
}

static void
header_read(struct step *s, uint8_t control, uint8_t flags)
{
	unsigned type = control >> 2 & 3, subtype = control >> 4;
	size_t start = s->c.pos - 2;
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t duration = cur_le16(&s->c);
	bool amsdu = false;

	if (cur_ok(&s->c) && s->l != NULL) {
		if (type == TYPE_CONTROL && subtype == 10)
			field_put_number(s->l, &rows[WLAN_AID], at,
			    duration & 0x3fff);
		else
			field_put_number(s->l, &rows[WLAN_DURATION], at,
			    duration);
	}
	s->next = NEXT_END;
	if (type == TYPE_MANAGEMENT) {
		management_read(s);
	} else if (type == TYPE_CONTROL) {
		control_read(s, subtype);
	} else if (type == TYPE_DATA) {
		addresses_read(s, flags);
		if ((subtype & 8) != 0)
			amsdu = qos_read(s, (subtype & 4) == 0);
		if ((subtype & 8) != 0 && (flags & FLAG_ORDER) != 0)
			cur_skip(&s->c, 4);
		if (s->wlan_padded)
			cur_skip(&s->c, (4 - (s->c.pos - start) % 4) % 4);
	}
	if (!cur_ok(&s->c))
		return;
	if (type == TYPE_DATA)
		payload_next(s, subtype, flags, amsdu);
	else if (cur_claimed_left(&s->c) != 0)
		step_undecoded(s, "wlan.fc.type_subtype", type << 4 |
		    subtype);
}

void
wlan_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_WLAN, &rows[WLAN_WLAN]);
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint8_t control, flags;

	fcs_read(s);
	control = cur_u8(&s->c);
	flags = cur_u8(&s->c);
	if (cur_ok(&s->c) && s->l != NULL && (control & 3) == 0)
		control_fields(s->l, at, control, flags);
	else if (cur_ok(&s->c))
		field_number(s->l, &rows[WLAN_FC_VERSION], span_first(at, 1),
		    control & 3);
	if (cur_ok(&s->c) && (control & 3) != 0)
		step_undecoded(s, "wlan.fc.version", control & 3);
	else if (cur_ok(&s->c))
		header_read(s, control, flags);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
}

/* Subframes one after the other, each padded to four bytes. */
void
amsdu_read(struct step *s)
{
	size_t start = s->c.pos, end;
	struct span dst, src;
	uint16_t length;

	dst = address_read(s, WLAN_DA_FIRST, WLAN_WLAN, WLAN_WLAN);
	src = address_read(s, WLAN_SA_FIRST, WLAN_WLAN, WLAN_WLAN);
	length = cur_be16(&s->c);
	if (!cur_ok(&s->c)) {
		step_fail(s);
		return;
	}
	mac_set(s, src, dst);
	end = start + (14U + length + 3U) / 4 * 4;
	if (end + 14 <= s->c.end)
		s->more = NEXT_AMSDU;
	s->rest = step_place(&s->c);
	s->rest.pos = (uint32_t)end;
	step_trim(s, length);
	step_to(s, NEXT_LLC, 0);
}
