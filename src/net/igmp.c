#include "net/igmp.h"

#include "net/step.h"

/* IGMP versions 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376). */
enum row {
	IGMP_IGMP,
	IGMP_VERSION,
	IGMP_TYPE,
	IGMP_MAX_RESP,
	IGMP_CHECKSUM,
	IGMP_MADDR,
	IGMP_S,
	IGMP_QRV,
	IGMP_QQIC,
	IGMP_NUM_SRC,
	IGMP_SADDR,
	IGMP_NUM_GRP_RECS,
	IGMP_RECORD_TYPE,
	IGMP_AUX_DATA_LEN,
	IGMP_AUX_DATA,
	IGMP_ROWS
};

static const struct value_name types[] = {
	{ 0x11, "Membership Query" },
	{ 0x12, "IGMPv1 Membership Report" },
	{ 0x13, "DVMRP Protocol" },
	{ 0x14, "PIMv1 Protocol" },
	{ 0x16, "IGMPv2 Membership Report" },
	{ 0x17, "IGMPv2 Leave Group" },
	{ 0x22, "IGMPv3 Membership Report" },
	{ 0x30, "Multicast Router Advertisement" },
	{ 0x31, "Multicast Router Solicitation" },
	{ 0x32, "Multicast Router Termination" },
	{ 0, NULL }
};

static const struct value_name records[] = {
	{ 1, "Mode Is Include" },
	{ 2, "Mode Is Exclude" },
	{ 3, "Change To Include Mode" },
	{ 4, "Change To Exclude Mode" },
	{ 5, "Allow New Sources" },
	{ 6, "Block Old Sources" },
	{ 0, NULL }
};

static const struct field rows[IGMP_ROWS] = {
	[IGMP_IGMP] = { "igmp", FIELD_PROTOCOL,
	    .help = "Internet Group Management Protocol" },
	[IGMP_VERSION] = { "igmp.version", FIELD_UINT, 8,
	    .help = "Version of IGMP, by type and length" },
	[IGMP_TYPE] = { "igmp.type", FIELD_UINT, 8, FIELD_HEX,
	    .names = types, .help = "What the message is" },
	[IGMP_MAX_RESP] = { "igmp.max_resp", FIELD_UINT, 8,
	    .help = "How soon to answer, in tenths of a second" },
	[IGMP_CHECKSUM] = { "igmp.checksum", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Checksum, as it stands there" },
	[IGMP_MADDR] = { "igmp.maddr", FIELD_IPV4, .help = "Group" },
	[IGMP_S] = { "igmp.s", FIELD_BOOL, 8,
	    .help = "Routers shall not restart their timers" },
	[IGMP_QRV] = { "igmp.qrv", FIELD_UINT, 8,
	    .help = "Robustness of the querier" },
	[IGMP_QQIC] = { "igmp.qqic", FIELD_UINT, 8,
	    .help = "Seconds between queries, coded" },
	[IGMP_NUM_SRC] = { "igmp.num_src", FIELD_UINT, 16,
	    .help = "Number of sources" },
	[IGMP_SADDR] = { "igmp.saddr", FIELD_IPV4,
	    .help = "Source of the group's traffic" },
	[IGMP_NUM_GRP_RECS] = { "igmp.num_grp_recs", FIELD_UINT, 16,
	    .help = "Number of group records" },
	[IGMP_RECORD_TYPE] = { "igmp.record_type", FIELD_UINT, 8,
	    .names = records, .help = "What the record says" },
	[IGMP_AUX_DATA_LEN] = { "igmp.aux_data_len", FIELD_UINT, 8,
	    .help = "Length of the data behind the sources, in words" },
	[IGMP_AUX_DATA] = { "igmp.aux_data", FIELD_BYTES,
	    .help = "Data behind the sources" },
};

const struct field_table igmp_table = {
	"Internet Group Management Protocol", rows, IGMP_ROWS
};

static void
sources_read(struct cursor *c, struct field_list *l, unsigned n)
{
	for (; n > 0 && cur_left(c) >= 4; n--)
		read_bytes(c, 4, l, &rows[IGMP_SADDR]);
}

static void
report_read(struct cursor *c, struct field_list *l)
{
	unsigned n, sources, words;

	cur_skip(c, 1);
	read_be16(c, l, &rows[IGMP_CHECKSUM]);
	cur_skip(c, 2);
	n = read_be16(c, l, &rows[IGMP_NUM_GRP_RECS]);
	for (; n > 0 && cur_left(c) > 0; n--) {
		read_u8(c, l, &rows[IGMP_RECORD_TYPE]);
		words = read_u8(c, l, &rows[IGMP_AUX_DATA_LEN]);
		sources = read_be16(c, l, &rows[IGMP_NUM_SRC]);
		read_bytes(c, 4, l, &rows[IGMP_MADDR]);
		sources_read(c, l, sources);
		if (words > 0)
			read_bytes(c, words * 4, l, &rows[IGMP_AUX_DATA]);
	}
}

static void
query_read(struct cursor *c, struct field_list *l)
{
	unsigned response;
	struct span at;
	uint8_t flags;

	at = span_of(c->base + c->pos, 1);
	response = cur_u8(c);
	if (cur_claimed_left(c) >= 10 && response >= 128)
		response = ((response & 0x0f) | 0x10) <<
		    ((response >> 4 & 7) + 3);
	if (cur_ok(c) && response != 0) /* version 1 has none */
		field_number(l, &rows[IGMP_MAX_RESP], at, response);
	read_be16(c, l, &rows[IGMP_CHECKSUM]);
	read_bytes(c, 4, l, &rows[IGMP_MADDR]);
	if (cur_claimed_left(c) < 4)
		return;
	at = span_of(c->base + c->pos, 1);
	flags = cur_u8(c);
	if (cur_ok(c)) {
		field_bits(l, &rows[IGMP_S], at, flags, 0x08);
		field_bits(l, &rows[IGMP_QRV], at, flags, 0x07);
	}
	read_u8(c, l, &rows[IGMP_QQIC]);
	sources_read(c, l, read_be16(c, l, &rows[IGMP_NUM_SRC]));
}

/* A query tells its version by its length and its second byte. */
static unsigned
version_of(uint8_t type, uint8_t second, size_t length)
{
	if (type == 0x11)
		return length >= 12 ? 3 : second == 0 ? 1 : 2;
	return type == 0x12 ? 1 : type == 0x22 ? 3 : 2;
}

void
igmp_read(struct step *s)
{
	size_t length = cur_claimed_left(&s->c);
	size_t entered = step_enter(s, LAYER_IGMP, &rows[IGMP_IGMP]);
	struct cursor *c = &s->c, second = s->c;
	struct field_list *l = s->l;
	bool known;
	uint8_t type;

	type = cur_u8(&second);
	known = type == 0x11 || type == 0x12 || type == 0x16 ||
	    type == 0x17 || type == 0x22;
	if (known && cur_ok(&second))
		field_number(l, &rows[IGMP_VERSION], span_empty(),
		    version_of(type, cur_u8(&second), length));
	type = read_u8(c, known ? l : NULL, &rows[IGMP_TYPE]);
	if (type == 0x22) {
		report_read(c, l);
	} else if (type == 0x11) {
		query_read(c, l);
	} else if (known) {
		read_u8(c, type == 0x12 ? NULL : l, &rows[IGMP_MAX_RESP]);
		read_be16(c, l, &rows[IGMP_CHECKSUM]);
		read_bytes(c, 4, l, &rows[IGMP_MADDR]);
	}
	step_leave(s, entered);
	s->next = NEXT_END;
	if (!cur_ok(c))
		step_fail(s);
	else if (!known)
		step_undecoded(s, "igmp.type", type);
}
