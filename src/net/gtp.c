#include "net/step.h"
#include "net/tunnel.h"

/* GTP-U version 1 (3GPP TS 29.281). */
#define MESSAGE_T_PDU 255
#define KIND_MASK 0xf0 /* of the flags: version, and GTP or GTP' */
#define GTP_1 0x30

enum row {
	GTP_GTP,
	GTP_FLAGS,
	GTP_FLAGS_VERSION,
	GTP_FLAGS_PAYLOAD,
	GTP_FLAGS_E,
	GTP_FLAGS_S,
	GTP_FLAGS_PN,
	GTP_MESSAGE,
	GTP_LENGTH,
	GTP_TEID,
	GTP_SEQ_NUMBER,
	GTP_NPDU_NUMBER,
	GTP_NEXT,
	GTP_ROWS
};

static const struct value_name messages[] = {
	{ 1, "Echo request" },
	{ 2, "Echo response" },
	{ 26, "Error indication" },
	{ 31, "Supported extension headers notification" },
	{ 254, "End marker" },
	{ 255, "T-PDU" },
	{ 0, NULL },
};

static const struct field rows[GTP_ROWS] = {
	[GTP_GTP] = { "gtp", FIELD_PROTOCOL,
	    .help = "GPRS Tunneling Protocol" },
	[GTP_FLAGS] = { "gtp.flags", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Flags" },
	[GTP_FLAGS_VERSION] = { "gtp.flags.version", FIELD_UINT, 8,
	    .help = "Version" },
	[GTP_FLAGS_PAYLOAD] = { "gtp.flags.payload", FIELD_UINT, 8,
	    .help = "1: GTP, 0: GTP'" },
	[GTP_FLAGS_E] = { "gtp.flags.e", FIELD_BOOL, 8,
	    .help = "Extension headers are there" },
	[GTP_FLAGS_S] = { "gtp.flags.s", FIELD_BOOL, 8,
	    .help = "A sequence number is there" },
	[GTP_FLAGS_PN] = { "gtp.flags.pn", FIELD_BOOL, 8,
	    .help = "An N-PDU number is there" },
	[GTP_MESSAGE] = { "gtp.message", FIELD_UINT, 8, FIELD_HEX,
	    .names = messages, .help = "Type of message" },
	[GTP_LENGTH] = { "gtp.length", FIELD_UINT, 16,
	    .help = "Length without the first 8 octets" },
	[GTP_TEID] = { "gtp.teid", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Tunnel endpoint" },
	[GTP_SEQ_NUMBER] = { "gtp.seq_number", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Sequence number" },
	[GTP_NPDU_NUMBER] = { "gtp.npdu_number", FIELD_UINT, 8, FIELD_HEX,
	    .help = "N-PDU number" },
	[GTP_NEXT] = { "gtp.ext_hdr.next", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Type of the extension header that follows" },
};

const struct field_table gtp_table = {
	"GPRS Tunneling Protocol", rows, GTP_ROWS
};

/* The type of the first one; length in units of 4 octets, contents, type of
 * the next one. */
static void
extensions_read(struct step *s)
{
	uint8_t next = read_u8(&s->c, s->l, &rows[GTP_NEXT]);

	while (next != 0 && cur_left(&s->c) > 0) {
		uint8_t words = cur_u8(&s->c);

		if (words == 0) {
			cur_fail(&s->c);
			return;
		}
		cur_skip(&s->c, words * 4U - 2);
		next = read_u8(&s->c, s->l, &rows[GTP_NEXT]);
	}
}

static void
options_read(struct step *s, uint8_t flags)
{
	if ((flags & 7) == 0)
		return;
	if (flags & 2)
		(void)read_be16(&s->c, s->l, &rows[GTP_SEQ_NUMBER]);
	else
		cur_skip(&s->c, 2);
	if (flags & 1)
		(void)read_u8(&s->c, s->l, &rows[GTP_NPDU_NUMBER]);
	else
		cur_skip(&s->c, 1);
	if (flags & 4)
		extensions_read(s);
	else
		cur_skip(&s->c, 1);
}

/* GTP of release 97 and 98: twenty bytes, no options.  GTP' (TS 32.295), for
 * charging, has six of them only, if its first version does not say else. */
static void
old_read(struct step *s, uint8_t flags)
{
	(void)read_be16(&s->c, s->l, &rows[GTP_SEQ_NUMBER]);
	if (flags >> 5 == 0 && (flags & 0x11) != 1)
		cur_skip(&s->c, 14);
}

static void
payload_next(struct step *s)
{
	struct cursor c = s->c;
	uint8_t version = cur_u8(&c) >> 4;

	if (cur_claimed_left(&s->c) == 0) {
		s->next = NEXT_END;
	} else if (!cur_ok(&c)) {
		s->c = c;
		step_fail(s);
	} else if (version == 4 || version == 6) {
		step_to(s, version == 4 ? NEXT_IP : NEXT_IPV6, 0);
		(void)step_tunnel(s);
	} else {
		step_undecoded(s, "gtp payload", version);
	}
}

void
gtp_read(struct step *s)
{
	struct span at = span_of(s->c.base + s->c.pos, 1);
	struct cursor first = s->c;
	uint8_t version = cur_u8(&first) >> 5, flags, message;
	size_t entered;
	uint16_t length;
	unsigned i;

	if (cur_ok(&first) && version > 1) { /* other headers, other fields */
		step_undecoded(s, "gtp.flags.version", version);
		return;
	}
	entered = step_enter(s, LAYER_GTP, &rows[GTP_GTP]);
	flags = read_u8(&s->c, s->l, &rows[GTP_FLAGS]);
	if (cur_ok(&s->c)) {
		field_bits(s->l, &rows[GTP_FLAGS_VERSION], at, flags, 0xe0);
		field_bits(s->l, &rows[GTP_FLAGS_PAYLOAD], at, flags, 0x10);
		if ((flags & KIND_MASK) == GTP_1) {
			for (i = 0; i < 3; i++)
				field_bits(s->l, &rows[GTP_FLAGS_E + i], at,
				    flags, 4U >> i);
		}
	}
	message = read_u8(&s->c, s->l, &rows[GTP_MESSAGE]);
	length = read_be16(&s->c, s->l, &rows[GTP_LENGTH]);
	if ((flags & KIND_MASK) != GTP_1)
		old_read(s, flags);
	else
		s->p->tunnel_id = read_be32(&s->c, s->l, &rows[GTP_TEID]);
	if (cur_ok(&s->c))
		step_trim(s, length);
	if (cur_ok(&s->c) && (flags & KIND_MASK) == GTP_1)
		options_read(s, flags);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if ((flags & 0x10) == 0) /* GTP', for charging */
		step_undecoded(s, "gtp.flags", flags);
	else if (message != MESSAGE_T_PDU)
		step_undecoded(s, "gtp.message", message);
	else
		payload_next(s);
}
