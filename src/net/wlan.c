#include "net/link.h"
#include "net/step.h"

/* IEEE 802.11, as far as the packets inside data frames need it. */
#define TYPE_MANAGEMENT 0
#define TYPE_DATA 2

#define FLAG_TO_DS 0x01
#define FLAG_FROM_DS 0x02
#define FLAG_MORE_FRAGMENTS 0x04
#define FLAG_RETRY 0x08
#define FLAG_POWER 0x10
#define FLAG_MORE_DATA 0x20
#define FLAG_PROTECTED 0x40
#define FLAG_ORDER 0x80

#define SUBTYPE_NULL 0x4 /* of data: nothing inside */
#define SUBTYPE_QOS 0x8
#define QOS_AMSDU 0x0080

enum row {
	WLAN_WLAN,
	WLAN_TYPE,
	WLAN_SUBTYPE,
	WLAN_TYPE_SUBTYPE,
	WLAN_FLAGS,
	WLAN_TODS,
	WLAN_FROMDS,
	WLAN_FRAG,
	WLAN_RETRY,
	WLAN_PWRMGT,
	WLAN_MOREDATA,
	WLAN_PROTECTED,
	WLAN_ORDER,
	WLAN_DURATION,
	WLAN_RA,
	WLAN_TA,
	WLAN_DA,
	WLAN_SA,
	WLAN_BSSID,
	WLAN_FRAGMENT,
	WLAN_SEQ,
	WLAN_QOS,
	WLAN_QOS_TID,
	WLAN_QOS_AMSDU,
	WLAN_SSID,
	WLAN_ROWS
};

static const struct value_name types[] = {
	{ 0, "Management frame" },
	{ 1, "Control frame" },
	{ 2, "Data frame" },
	{ 3, "Extension frame" },
	{ 0, NULL },
};

static const struct value_name subtypes[] = {
	{ 0x00, "Association request" },
	{ 0x01, "Association response" },
	{ 0x02, "Reassociation request" },
	{ 0x03, "Reassociation response" },
	{ 0x04, "Probe request" },
	{ 0x05, "Probe response" },
	{ 0x08, "Beacon" },
	{ 0x0a, "Disassociation" },
	{ 0x0b, "Authentication" },
	{ 0x0c, "Deauthentication" },
	{ 0x0d, "Action" },
	{ 0x18, "Block acknowledgement request" },
	{ 0x19, "Block acknowledgement" },
	{ 0x1a, "Power save poll" },
	{ 0x1b, "Request to send" },
	{ 0x1c, "Clear to send" },
	{ 0x1d, "Acknowledgement" },
	{ 0x20, "Data" },
	{ 0x24, "Null" },
	{ 0x28, "QoS data" },
	{ 0x2c, "QoS null" },
	{ 0, NULL },
};

#define MAC_ROW(row, text, words) \
	[row] = { (text), FIELD_ETHER, .also = "wlan.addr", .help = (words) }
#define FLAG_ROW(row, text, words) \
	[row] = { (text), FIELD_BOOL, 8, .help = (words) }

static const struct field rows[WLAN_ROWS] = {
	[WLAN_WLAN] = { "wlan", FIELD_PROTOCOL,
	    .help = "IEEE 802.11 wireless LAN" },
	[WLAN_TYPE] = { "wlan.fc.type", FIELD_UINT, 8, .names = types,
	    .help = "Type of frame" },
	[WLAN_SUBTYPE] = { "wlan.fc.subtype", FIELD_UINT, 8,
	    .help = "Subtype, within the type" },
	[WLAN_TYPE_SUBTYPE] = { "wlan.fc.type_subtype", FIELD_UINT, 16,
	    FIELD_HEX, .names = subtypes, .help = "Type and subtype" },
	[WLAN_FLAGS] = { "wlan.flags", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Flags" },
	FLAG_ROW(WLAN_TODS, "wlan.fc.tods", "To the distribution system"),
	FLAG_ROW(WLAN_FROMDS, "wlan.fc.fromds",
	    "From the distribution system"),
	FLAG_ROW(WLAN_FRAG, "wlan.fc.frag", "More fragments follow"),
	FLAG_ROW(WLAN_RETRY, "wlan.fc.retry", "Sent again"),
	FLAG_ROW(WLAN_PWRMGT, "wlan.fc.pwrmgt", "The station will sleep"),
	FLAG_ROW(WLAN_MOREDATA, "wlan.fc.moredata", "More is buffered"),
	FLAG_ROW(WLAN_PROTECTED, "wlan.fc.protected", "Encrypted"),
	FLAG_ROW(WLAN_ORDER, "wlan.fc.order", "Order, or HT control"),
	[WLAN_DURATION] = { "wlan.duration", FIELD_UINT, 16,
	    .help = "Microseconds that the medium is taken" },
	MAC_ROW(WLAN_RA, "wlan.ra", "Receiver"),
	MAC_ROW(WLAN_TA, "wlan.ta", "Transmitter"),
	MAC_ROW(WLAN_DA, "wlan.da", "Destination"),
	MAC_ROW(WLAN_SA, "wlan.sa", "Source"),
	[WLAN_BSSID] = { "wlan.bssid", FIELD_ETHER,
	    .help = "Basic service set" },
	[WLAN_FRAGMENT] = { "wlan.frag", FIELD_UINT, 16,
	    .help = "Number of the fragment" },
	[WLAN_SEQ] = { "wlan.seq", FIELD_UINT, 16,
	    .help = "Sequence number" },
	[WLAN_QOS] = { "wlan.qos", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Quality of service" },
	[WLAN_QOS_TID] = { "wlan.qos.tid", FIELD_UINT, 16,
	    .help = "Traffic class or stream" },
	[WLAN_QOS_AMSDU] = { "wlan.qos.amsdupresent", FIELD_BOOL, 16,
	    .help = "Several packets in one frame" },
	[WLAN_SSID] = { "wlan.ssid", FIELD_BYTES,
	    .help = "Name of the network" },
};

const struct field_table wlan_table = {
	"IEEE 802.11 wireless LAN", rows, WLAN_ROWS
};

struct header {
	uint8_t type, subtype, flags;
	struct span address[4];
	uint16_t sequence, qos;
};

static void
control_read(struct step *s, struct header *h)
{
	struct field_list *l = s->l;
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t word = cur_le16(&s->c);

	h->type = word >> 2 & 3;
	h->subtype = word >> 4 & 15;
	h->flags = (uint8_t)(word >> 8);
	if (l == NULL || !cur_ok(&s->c))
		return;
	field_put_number(l, &rows[WLAN_TYPE_SUBTYPE], at,
	    (uint64_t)h->type << 4 | h->subtype);
	field_put_number(l, &rows[WLAN_TYPE], span_first(at, 1), h->type);
	field_put_number(l, &rows[WLAN_SUBTYPE], span_first(at, 1),
	    h->subtype);
	at = span_after(at, 1);
	field_put_number(l, &rows[WLAN_FLAGS], at, h->flags);
	for (unsigned i = 0; i < 8; i++)
		field_bits(l, &rows[WLAN_TODS + i], at, h->flags, 1U << i);
}

static void
duration_read(struct step *s)
{
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t duration = cur_le16(&s->c);

	if (cur_ok(&s->c))
		field_number(s->l, &rows[WLAN_DURATION], at,
		    duration & 0x7fff);
}

static void
address_put(struct step *s, enum row row, struct span address)
{
	if (s->l != NULL && address.n == 6)
		field_put_bytes(s->l, &rows[row], address, address);
}

/* Which of the addresses is whose (IEEE 802.11, table 9-30). */
static void
addresses_use(struct step *s, const struct header *h)
{
	unsigned ds = h->type == TYPE_DATA ? h->flags & 3 : 0;
	struct span da = h->address[ds & FLAG_TO_DS ? 2 : 0];
	struct span sa = h->address[ds == 3 ? 3 : ds == 2 ? 2 : 1];
	struct span bssid = h->address[ds == 0 ? 2 : ds == 1 ? 0 : 1];

	address_put(s, WLAN_RA, h->address[0]);
	address_put(s, WLAN_TA, h->address[1]);
	address_put(s, WLAN_DA, da);
	address_put(s, WLAN_SA, sa);
	if (ds != 3)
		address_put(s, WLAN_BSSID, bssid);
	if (da.n == 6 && sa.n == 6) {
		step_addr(&s->p->mac_dst, ADDR_MAC, da.p, 6);
		step_addr(&s->p->mac_src, ADDR_MAC, sa.p, 6);
	}
}

static void
sequence_read(struct step *s, struct header *h)
{
	struct span at = span_of(s->c.base + s->c.pos, 2);

	h->sequence = cur_le16(&s->c);
	if (!cur_ok(&s->c))
		return;
	field_bits(s->l, &rows[WLAN_FRAGMENT], at, h->sequence, 0x000f);
	field_bits(s->l, &rows[WLAN_SEQ], at, h->sequence, 0xfff0);
}

static void
qos_read(struct step *s, struct header *h)
{
	struct span at = span_of(s->c.base + s->c.pos, 2);

	h->qos = cur_le16(&s->c);
	if (!cur_ok(&s->c))
		return;
	field_number(s->l, &rows[WLAN_QOS], at, h->qos);
	field_bits(s->l, &rows[WLAN_QOS_TID], at, h->qos, 0x000f);
	field_bits(s->l, &rows[WLAN_QOS_AMSDU], at, h->qos, QOS_AMSDU);
	if (h->flags & FLAG_ORDER)
		cur_skip(&s->c, 4);
}

/* Elements of management frames: the name of the network. */
static void
elements_read(struct step *s, const struct header *h)
{
	static const uint8_t fixed[16] = { 4, 6, 10, 6, 0, 12, 0, 0, 12 };

	if (h->subtype > 8 || (h->flags & FLAG_PROTECTED))
		return;
	cur_skip(&s->c, fixed[h->subtype]);
	while (cur_left(&s->c) >= 2) {
		uint8_t number = cur_u8(&s->c);
		struct span body = cur_take(&s->c, cur_u8(&s->c));

		if (number == 0 && cur_ok(&s->c))
			field_bytes(s->l, &rows[WLAN_SSID], body);
	}
}

static void
payload_next(struct step *s, const struct header *h)
{
	if (h->subtype & SUBTYPE_NULL)
		s->next = NEXT_END;
	else if (h->flags & FLAG_PROTECTED)
		step_undecoded(s, "wlan.fc.protected", 1);
	else if ((h->sequence & 15) != 0 ||
	    (h->flags & FLAG_MORE_FRAGMENTS))
		step_undecoded(s, "wlan.fragment", h->sequence & 15);
	else if ((h->subtype & SUBTYPE_QOS) && (h->qos & QOS_AMSDU))
		step_to(s, NEXT_AMSDU, 0);
	else
		step_to(s, NEXT_LLC, 0);
}

void
wlan_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_WLAN, &rows[WLAN_WLAN]);
	size_t start = s->c.pos;
	struct header h;
	unsigned n;

	memset(&h, 0, sizeof(h));
	for (unsigned i = 0; i < LENGTH(h.address); i++)
		h.address[i] = span_empty();
	control_read(s, &h);
	s->next = NEXT_END;
	duration_read(s);
	h.address[0] = cur_take(&s->c, 6);
	if (h.type != TYPE_DATA && h.type != TYPE_MANAGEMENT) {
		address_put(s, WLAN_RA, h.address[0]);
		step_leave(s, entered);
		return;
	}
	for (n = 1; n < 3; n++)
		h.address[n] = cur_take(&s->c, 6);
	sequence_read(s, &h);
	if (h.type == TYPE_DATA && (h.flags & 3) == 3)
		h.address[3] = cur_take(&s->c, 6);
	if (cur_ok(&s->c))
		addresses_use(s, &h);
	if (h.type == TYPE_DATA && (h.subtype & SUBTYPE_QOS))
		qos_read(s, &h);
	if (s->pad_header && (s->c.pos - start) % 4 != 0)
		cur_skip(&s->c, 4 - (s->c.pos - start) % 4);
	if (h.type == TYPE_MANAGEMENT)
		elements_read(s, &h);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s, LAYER_WLAN);
	else if (h.type == TYPE_DATA)
		payload_next(s, &h);
}

/* The first of the packets of an A-MSDU: destination, source, length, LLC.
 * The others would need a second road through the layers: not decoded. */
void
amsdu_read(struct step *s)
{
	uint16_t length;
	size_t left;

	cur_skip(&s->c, 12);
	length = cur_be16(&s->c);
	left = cur_claimed_left(&s->c);
	if (!cur_ok(&s->c) || length > left) {
		step_fail(s, LAYER_WLAN);
		return;
	}
	step_trim(s, length);
	step_to(s, NEXT_LLC, 0);
}
