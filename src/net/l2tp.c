#include "net/step.h"
#include "net/tunnel.h"

/* L2TP version 2 (RFC 2661) and 3 (RFC 3931). */
#define L2TP_CONTROL 0x8000
#define L2TP_LENGTH 0x4000
#define L2TP_SEQUENCE 0x0800
#define L2TP_OFFSET 0x0200
#define L2TP_PRIORITY 0x0100
#define L2TP_VERSION_MASK 0x000f

enum row {
	L2TP_L2TP,
	L2TP_FLAGS,
	L2TP_TYPE,
	L2TP_LENGTH_BIT,
	L2TP_SEQ_BIT,
	L2TP_OFFSET_BIT,
	L2TP_PRIORITY_BIT,
	L2TP_VERSION,
	L2TP_ROW_LENGTH,
	L2TP_TUNNEL,
	L2TP_SESSION,
	L2TP_NS,
	L2TP_NR,
	L2TP_ROW_OFFSET,
	L2TP_CCID,
	L2TP_SID,
	L2TP_ROWS
};

static const struct field rows[L2TP_ROWS] = {
	[L2TP_L2TP] = { "l2tp", FIELD_PROTOCOL,
	    .help = "Layer 2 Tunneling Protocol" },
	[L2TP_FLAGS] = { "l2tp.flags", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Flags and version" },
	[L2TP_TYPE] = { "l2tp.type", FIELD_UINT, 16,
	    .help = "0 data, 1 control" },
	[L2TP_LENGTH_BIT] = { "l2tp.length_bit", FIELD_BOOL, 16,
	    .help = "A length is there" },
	[L2TP_SEQ_BIT] = { "l2tp.seq_bit", FIELD_BOOL, 16,
	    .help = "Sequence numbers are there" },
	[L2TP_OFFSET_BIT] = { "l2tp.offset_bit", FIELD_BOOL, 16,
	    .help = "An offset is there" },
	[L2TP_PRIORITY_BIT] = { "l2tp.priority", FIELD_BOOL, 16,
	    .help = "To be treated first" },
	[L2TP_VERSION] = { "l2tp.version", FIELD_UINT, 16,
	    .help = "Version" },
	[L2TP_ROW_LENGTH] = { "l2tp.length", FIELD_UINT, 16,
	    .help = "Length of the message" },
	[L2TP_TUNNEL] = { "l2tp.tunnel", FIELD_UINT, 16,
	    .help = "Tunnel" },
	[L2TP_SESSION] = { "l2tp.session", FIELD_UINT, 16,
	    .help = "Session" },
	[L2TP_NS] = { "l2tp.Ns", FIELD_UINT, 16,
	    .help = "Sequence number" },
	[L2TP_NR] = { "l2tp.Nr", FIELD_UINT, 16,
	    .help = "Sequence number expected" },
	[L2TP_ROW_OFFSET] = { "l2tp.offset", FIELD_UINT, 16,
	    .help = "Octets before the payload" },
	[L2TP_CCID] = { "l2tp.ccid", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Control connection (version 3)" },
	[L2TP_SID] = { "l2tp.sid", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Session (version 3)" },
};

const struct field_table l2tp_table = {
	"Layer 2 Tunneling Protocol", rows, L2TP_ROWS
};

static void
flag_fields(struct field_list *l, struct span at, uint16_t flags)
{
	if (l == NULL)
		return;
	field_put_number(l, &rows[L2TP_FLAGS], at, flags);
	field_bits(l, &rows[L2TP_TYPE], at, flags, L2TP_CONTROL);
	field_bits(l, &rows[L2TP_LENGTH_BIT], at, flags, L2TP_LENGTH);
	field_bits(l, &rows[L2TP_SEQ_BIT], at, flags, L2TP_SEQUENCE);
	if ((flags & L2TP_VERSION_MASK) == 2) {
		field_bits(l, &rows[L2TP_OFFSET_BIT], at, flags, L2TP_OFFSET);
		field_bits(l, &rows[L2TP_PRIORITY_BIT], at, flags,
		    L2TP_PRIORITY);
	}
	field_bits(l, &rows[L2TP_VERSION], at, flags, L2TP_VERSION_MASK);
}

static void
second_read(struct step *s, uint16_t flags)
{
	uint16_t tunnel, session;

	tunnel = read_be16(&s->c, s->l, &rows[L2TP_TUNNEL]);
	session = read_be16(&s->c, s->l, &rows[L2TP_SESSION]);
	s->p->tunnel_id = (uint32_t)tunnel << 16 | session;
	if (flags & L2TP_SEQUENCE) {
		(void)read_be16(&s->c, s->l, &rows[L2TP_NS]);
		(void)read_be16(&s->c, s->l, &rows[L2TP_NR]);
	}
	if (flags & L2TP_OFFSET)
		cur_skip(&s->c, read_be16(&s->c, s->l,
		    &rows[L2TP_ROW_OFFSET]));
}

/* Over UDP: both versions begin with the flags. */
void
l2tp_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_L2TP, &rows[L2TP_L2TP]);
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t flags = cur_be16(&s->c);
	unsigned version = flags & L2TP_VERSION_MASK;

	if (cur_ok(&s->c))
		flag_fields(s->l, at, flags);
	if (flags & L2TP_LENGTH)
		(void)read_be16(&s->c, s->l, &rows[L2TP_ROW_LENGTH]);
	if (version == 2) {
		second_read(s, flags);
	} else if (version == 3 && !(flags & L2TP_CONTROL)) {
		cur_skip(&s->c, 2);
		s->p->tunnel_id = read_be32(&s->c, s->l, &rows[L2TP_SID]);
	} else if (version == 3) {
		s->p->tunnel_id = read_be32(&s->c, s->l, &rows[L2TP_CCID]);
		(void)read_be16(&s->c, s->l, &rows[L2TP_NS]);
		(void)read_be16(&s->c, s->l, &rows[L2TP_NR]);
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (flags & L2TP_CONTROL)
		s->next = NEXT_END;
	else if (version != 2)
		/* What a session of version 3 carries was negotiated. */
		step_undecoded(s, "l2tp.version", version);
	else if (cur_claimed_left(&s->c) == 0)
		s->next = NEXT_END;
	else if (step_tunnel(s))
		step_to(s, NEXT_PPP_HDLC, 0);
}

/* Straight over IP: a session of 0 is a control message. */
void
l2tp_v3_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_L2TP, &rows[L2TP_L2TP]);
	uint32_t session = read_be32(&s->c, s->l, &rows[L2TP_SID]);

	s->p->tunnel_id = session;
	if (session == 0)
		cur_skip(&s->c, 12);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (session == 0)
		s->next = NEXT_END;
	else
		step_undecoded(s, "l2tp.sid", session);
}
