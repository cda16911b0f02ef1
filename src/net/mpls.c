#include "net/link.h"
#include "net/step.h"

/* RFC 3032; pseudowires RFC 4385 and RFC 4448. */
#define CHANNEL_IPV4 0x0021
#define CHANNEL_IPV6 0x0057

enum row {
	MPLS_MPLS,
	MPLS_LABEL,
	MPLS_EXP,
	MPLS_BOTTOM,
	MPLS_TTL,
	MPLS_CHANNEL,
	MPLS_ROWS
};

static const struct value_name labels[] = {
	{ 0, "IPv4 Explicit-Null" },
	{ 1, "Router Alert" },
	{ 2, "IPv6 Explicit-Null" },
	{ 3, "Implicit-Null" },
	{ 7, "Entropy Label Indicator" },
	{ 13, "Generic Associated Channel Label" },
	{ 14, "OAM Alert" },
	{ 0, NULL }
};

static const struct field rows[MPLS_ROWS] = {
	[MPLS_MPLS] = { "mpls", FIELD_PROTOCOL,
	    .help = "MultiProtocol Label Switching Header" },
	[MPLS_LABEL] = { "mpls.label", FIELD_UINT, 32, .names = labels,
	    .help = "Label, outermost first" },
	[MPLS_EXP] = { "mpls.exp", FIELD_UINT, 32,
	    .help = "Traffic class, once called experimental" },
	[MPLS_BOTTOM] = { "mpls.bottom", FIELD_UINT, 32,
	    .help = "1: the last label of the stack" },
	[MPLS_TTL] = { "mpls.ttl", FIELD_UINT, 32,
	    .help = "Routers it may still pass" },
	[MPLS_CHANNEL] = { "pwach.channel_type", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Channel associated with a pseudowire" },
};

const struct field_table mpls_table = {
	"MultiProtocol Label Switching Header", rows, MPLS_ROWS
};

/* One label; true for the last one. */
static bool
label_read(struct step *s, uint32_t *label)
{
	struct span at = span_of(s->c.base + s->c.pos, 4);
	uint32_t word = cur_be32(&s->c);

	if (!cur_ok(&s->c))
		return true;
	field_bits(s->l, &rows[MPLS_LABEL], at, word, 0xfffff000);
	field_bits(s->l, &rows[MPLS_EXP], at, word, 0xe00);
	field_bits(s->l, &rows[MPLS_BOTTOM], at, word, 0x100);
	field_bits(s->l, &rows[MPLS_TTL], at, word, 0xff);
	*label = word >> 12;
	return (word & 0x100) != 0;
}

static bool
is_known_type(uint16_t type)
{
	return type == 0x0800 || type == 0x0806 || type == 0x86dd ||
	    type == 0x8100 || type == 0x88a8 || type == 0x8847 ||
	    type == 0x8863 || type == 0x8864;
}

/*
 * A first nibble of 0 is a control word or the start of an address.  Nothing
 * in the packet says which: a known type behind one of the two readings
 * decides, else it is a control word, as RFC 4928 would have it.
 */
static bool
has_control_word(const struct step *s)
{
	struct cursor c = s->c;
	uint16_t near, far;

	cur_skip(&c, 12);
	near = cur_be16(&c);
	cur_skip(&c, 2);
	far = cur_be16(&c);
	if (is_known_type(far))
		return true;
	return !is_known_type(near);
}

static void
pseudowire_read(struct step *s)
{
	struct cursor c;

	s->trailer = NULL;
	if (has_control_word(s))
		cur_skip(&s->c, 4);
	c = s->c;
	cur_skip(&c, 14);
	if (!cur_ok(&c))
		step_undecoded(s, "mpls", 0);
	else if (step_tunnel(s))
		step_to(s, NEXT_ETH, 0);
}

static void
channel_read(struct step *s)
{
	uint16_t type;

	cur_skip(&s->c, 2);
	type = read_be16(&s->c, s->l, &rows[MPLS_CHANNEL]);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (type == CHANNEL_IPV4)
		step_to(s, NEXT_IP, 0);
	else if (type == CHANNEL_IPV6)
		step_to(s, NEXT_IPV6, 0);
	else
		step_undecoded(s, "pwach.channel_type", type);
}

static void
payload_next(struct step *s, uint32_t label)
{
	struct cursor c = s->c;
	uint8_t nibble = cur_u8(&c) >> 4;

	if (!cur_ok(&c)) {
		s->c = c;
		step_fail(s);
	} else if (nibble == 4) {
		step_to(s, NEXT_IP, 0);
	} else if (nibble == 6) {
		step_to(s, NEXT_IPV6, 0);
	} else if (nibble == 1) {
		channel_read(s);
	} else if (nibble == 0) {
		pseudowire_read(s);
	} else {
		step_undecoded(s, "mpls.label", label);
	}
}

void
mpls_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_MPLS, &rows[MPLS_MPLS]);
	uint32_t label = 0;

	while (!label_read(s, &label)) {
		step_leave(s, entered);
		entered = field_enter(s->l, &rows[MPLS_MPLS], step_here(s));
	}
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		payload_next(s, label);
}
