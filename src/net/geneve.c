#include "net/step.h"
#include "net/tunnel.h"

/* Geneve (RFC 8926). */
enum row {
	GENEVE_GENEVE,
	GENEVE_VERSION,
	GENEVE_FLAGS,
	GENEVE_FLAG_OAM,
	GENEVE_FLAG_CRITICAL,
	GENEVE_PROTO,
	GENEVE_VNI,
	GENEVE_RESERVED,
	GENEVE_OPTION,
	GENEVE_OPTION_CLASS,
	GENEVE_OPTION_TYPE,
	GENEVE_OPTION_LENGTH,
	GENEVE_OPTION_DATA,
	GENEVE_ROWS
};

static const struct field rows[GENEVE_ROWS] = {
	[GENEVE_GENEVE] = { "geneve", FIELD_PROTOCOL,
	    .help = "Generic Network Virtualization Encapsulation" },
	[GENEVE_VERSION] = { "geneve.version", FIELD_UINT, 8,
	    .help = "Version" },
	[GENEVE_FLAGS] = { "geneve.flags", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Flags" },
	[GENEVE_FLAG_OAM] = { "geneve.flags.oam", FIELD_BOOL, 8,
	    .help = "Control packet" },
	[GENEVE_FLAG_CRITICAL] = { "geneve.flags.critical", FIELD_BOOL, 8,
	    .help = "Critical options are there" },
	[GENEVE_PROTO] = { "geneve.proto_type", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Protocol type of the payload" },
	[GENEVE_VNI] = { "geneve.vni", FIELD_UINT, 24, FIELD_HEX,
	    .help = "Network identifier" },
	[GENEVE_RESERVED] = { "geneve.reserved", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Reserved" },
	[GENEVE_OPTION] = { "geneve.option", FIELD_BYTES,
	    .help = "Option" },
	[GENEVE_OPTION_CLASS] = { "geneve.option.class", FIELD_UINT, 16,
	    FIELD_HEX, .help = "Class of an option" },
	[GENEVE_OPTION_TYPE] = { "geneve.option.type", FIELD_UINT, 8,
	    FIELD_HEX, .help = "Type of an option" },
	[GENEVE_OPTION_LENGTH] = { "geneve.option.length", FIELD_UINT, 8,
	    .help = "Length of an option, its head included" },
	[GENEVE_OPTION_DATA] = { "geneve.option.unknown.data", FIELD_BYTES,
	    .help = "Data of an option" },
};

const struct field_table geneve_table = {
	"Generic Network Virtualization Encapsulation", rows, GENEVE_ROWS
};

static void
options_read(struct cursor c, struct field_list *l)
{
	while (cur_left(&c) > 0) {
		struct cursor peek = c;
		struct span length, at;
		size_t entered;
		uint8_t words;

		cur_skip(&peek, 3);
		at = span_first(span_of(c.base + c.pos, cur_left(&c)),
		    (cur_u8(&peek) & 0x1f) * 4U + 4);
		entered = field_enter_bytes(l, &rows[GENEVE_OPTION], at);

		(void)read_be16(&c, l, &rows[GENEVE_OPTION_CLASS]);
		(void)read_u8(&c, l, &rows[GENEVE_OPTION_TYPE]);
		length = span_of(c.base + c.pos, 1);
		words = cur_u8(&c) & 0x1f;
		if (cur_ok(&c))
			field_number(l, &rows[GENEVE_OPTION_LENGTH], length,
			    words * 4U + 4);
		if (cur_ok(&c) && words > 0)
			(void)read_bytes(&c, words * 4U, l,
			    &rows[GENEVE_OPTION_DATA]);
		field_leave(l, entered, c.base + c.pos);
	}
}

static void
payload_next(struct step *s, uint16_t type)
{
	step_to(s, type == 0x6558 ? NEXT_ETH : NEXT_ETHERTYPE, type);
	(void)step_tunnel(s);
}

void
geneve_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_GENEVE, &rows[GENEVE_GENEVE]);
	struct span at = span_of(s->c.base + s->c.pos, 1);
	uint8_t first = cur_u8(&s->c), flags;
	struct cursor options;
	uint16_t type;

	if (cur_ok(&s->c)) {
		field_bits(s->l, &rows[GENEVE_VERSION], at, first, 0xc0);
		field_number(s->l, &rows[GENEVE_OPTION_LENGTH], at,
		    (first & 0x3fU) * 4);
	}
	at = span_of(s->c.base + s->c.pos, 1);
	flags = read_u8(&s->c, s->l, &rows[GENEVE_FLAGS]);
	if (cur_ok(&s->c)) {
		field_bits(s->l, &rows[GENEVE_FLAG_OAM], at, flags, 0x80);
		field_bits(s->l, &rows[GENEVE_FLAG_CRITICAL], at, flags,
		    0x40);
	}
	type = read_be16(&s->c, s->l, &rows[GENEVE_PROTO]);
	s->p->tunnel_id = read_be24(&s->c, s->l, &rows[GENEVE_VNI]);
	(void)read_u8(&s->c, s->l, &rows[GENEVE_RESERVED]);
	options = cur_sub(&s->c, (first & 0x3fU) * 4);
	if (s->l != NULL)
		options_read(options, s->l);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		payload_next(s, type);
}
