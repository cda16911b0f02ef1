#include "net/link.h"
#include "net/step.h"

/* IEEE 802.2, with SNAP behind it. */
#define SAP_IP 0x06
#define SAP_SNAP 0xaa
#define OUI_ETHERNET 0x000000
#define OUI_CISCO 0x00000c
#define OUI_8021H 0x0000f8 /* ethertypes, too */
#define OUI_BRIDGED 0x0080c2 /* RFC 2684, RFC 2427 */

enum row {
	LLC_LLC,
	LLC_DSAP,
	LLC_DSAP_IG,
	LLC_SSAP,
	LLC_SSAP_CR,
	LLC_CONTROL,
	LLC_OUI,
	LLC_TYPE,
	LLC_PID,
	LLC_CISCO_PID,
	LLC_ROWS
};

static const struct value_name saps[] = {
	{ 0x00, "NULL LSAP" },
	{ 0x06, "TCP/IP" },
	{ 0x42, "Spanning Tree BPDU" },
	{ 0xaa, "SNAP" },
	{ 0xe0, "NetWare" },
	{ 0xf0, "NetBIOS" },
	{ 0xf8, "HP Extended LLC" },
	{ 0xfe, "ISO Network Layer" },
	{ 0xff, "Global DSAP" },
	{ 0, NULL }
};

static const struct value_name ouis[] = {
	{ OUI_ETHERNET, "Encapsulated Ethernet" },
	{ OUI_CISCO, "Cisco" },
	{ OUI_8021H, "Ethernet by 802.1H" },
	{ OUI_BRIDGED, "Frame Relay or ATM, IETF" },
	{ 0x080007, "Apple" },
	{ 0, NULL }
};

static const struct value_name cisco_pids[] = {
	{ 0x0104, "PAgP" },
	{ 0x0109, "PVSTP+" },
	{ 0x010b, "PVSTP+" },
	{ 0x0111, "UDLD" },
	{ 0x2000, "CDP" },
	{ 0x2001, "CGMP" },
	{ 0x2003, "VTP" },
	{ 0x2004, "DTP" },
	{ 0, NULL }
};

static const struct field rows[LLC_ROWS] = {
	[LLC_LLC] = { "llc", FIELD_PROTOCOL, .help = "Logical-Link Control" },
	[LLC_DSAP] = { "llc.dsap", FIELD_UINT, 8, FIELD_HEX, .names = saps,
	    .help = "Destination service access point" },
	[LLC_DSAP_IG] = { "llc.dsap.ig", FIELD_BOOL, 8,
	    .help = "Destination is a group" },
	[LLC_SSAP] = { "llc.ssap", FIELD_UINT, 8, FIELD_HEX, .names = saps,
	    .help = "Source service access point" },
	[LLC_SSAP_CR] = { "llc.ssap.cr", FIELD_BOOL, 8,
	    .help = "A response, not a command" },
	[LLC_CONTROL] = { "llc.control", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Control field" },
	[LLC_OUI] = { "llc.oui", FIELD_UINT, 24, .names = ouis,
	    .help = "Organization that numbers what follows (SNAP)" },
	[LLC_TYPE] = { "llc.type", FIELD_UINT, 16, FIELD_HEX,
	    .names = ethertype_names, .help = "Ethertype (SNAP)" },
	[LLC_PID] = { "llc.pid", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Number within the organization (SNAP)" },
	[LLC_CISCO_PID] = { "llc.cisco_pid", FIELD_UINT, 16, FIELD_HEX,
	    .names = cisco_pids, .help = "Protocol of Cisco (SNAP)" },
};

const struct field_table llc_table = {
	"Logical-Link Control", rows, LLC_ROWS
};

static void
sap_fields(struct field_list *l, enum row row, struct span at, uint8_t sap)
{
	size_t entered = field_enter_number(l, &rows[row],
	    at, sap);

	field_bits(l, &rows[row + 1], at, sap, 1);
	field_leave(l, entered, NULL);
}

static uint8_t
sap_read(struct step *s, enum row row)
{
	struct span at = span_of(s->c.base + s->c.pos, 1);
	uint8_t sap = cur_u8(&s->c);

	if (s->l != NULL && cur_ok(&s->c))
		sap_fields(s->l, row, at, sap);
	return sap;
}

/* One byte for unnumbered frames, else two, the low one first. */
static uint16_t
control_read(struct step *s)
{
	const uint8_t *p = s->c.base + s->c.pos;
	uint16_t control = cur_u8(&s->c);
	size_t n = 1;

	if ((control & 3) != 3 && cur_ok(&s->c)) {
		control = (uint16_t)(control | cur_u8(&s->c) << 8);
		n = 2;
	}
	if (cur_ok(&s->c))
		field_number(s->l, &rows[LLC_CONTROL], span_of(p, n),
		    control);
	return control;
}

static void
snap_next(struct step *s, uint32_t oui, uint16_t pid)
{
	bool frame = pid == 1 || pid == 7;

	if (oui == OUI_ETHERNET || oui == OUI_8021H) {
		s->p->ethertype = pid;
		step_to(s, NEXT_ETHERTYPE, pid);
	} else if (oui == OUI_BRIDGED && frame) {
		cur_skip(&s->c, 2); /* padding: RFC 2684, section 5.2 */
		s->fcs = pid == 1 ? 4 : 0;
		if (!cur_ok(&s->c))
			step_fail(s);
		else if (step_tunnel(s))
			step_to(s, NEXT_ETH, 0);
	} else {
		step_undecoded(s, oui == OUI_CISCO ? "llc.cisco_pid" :
		    "llc.pid", pid);
	}
}

/* Under which row the number stands; LLC_LLC: under one of its own, which
 * is not ours. */
static enum row
pid_row(uint32_t oui)
{
	static const uint32_t own[] = {
		0x000081, 0x00005e, 0x0001e8, 0x001090, 0x0017f2, 0x001958,
		0x00004c, 0x004096, 0x00e02b, 0x00e052, 0x080007, 0x080009,
		0x506f9a
	};
	size_t i;

	if (oui == OUI_ETHERNET || oui == OUI_8021H)
		return LLC_TYPE;
	if (oui == OUI_CISCO)
		return LLC_CISCO_PID;
	for (i = 0; i < LENGTH(own); i++) {
		if (own[i] == oui)
			return LLC_LLC;
	}
	return LLC_PID;
}

static void
snap_read(struct step *s, size_t entered)
{
	uint32_t oui = read_be24(&s->c, s->l, &rows[LLC_OUI]);
	uint16_t pid = read_be16(&s->c, pid_row(oui) == LLC_LLC ? NULL : s->l,
	    &rows[pid_row(oui)]);

	s->p->layers |= (uint64_t)1 << LAYER_SNAP;
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		snap_next(s, oui, pid);
}

void
llc_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_LLC, &rows[LLC_LLC]);
	uint8_t dsap = sap_read(s, LLC_DSAP), ssap = sap_read(s, LLC_SSAP);
	uint16_t control = control_read(s);

	s->trailer = NULL;
	if (cur_ok(&s->c) && dsap == SAP_SNAP && ssap == SAP_SNAP) {
		snap_read(s, entered);
		return;
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (dsap == SAP_IP && (control & 1) == (control & 3) >> 1)
		step_to(s, NEXT_IP, 0);
	else
		step_undecoded(s, "llc.dsap", dsap);
}
