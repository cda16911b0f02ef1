#include "net/step.h"
#include "net/tunnel.h"

/* VXLAN (RFC 7348) with group policy, and VXLAN-GPE. */
#define GPE_NEXT 0x04 /* a next protocol is named */

enum row {
	VXLAN_VXLAN,
	VXLAN_FLAGS,
	VXLAN_FLAG_G,
	VXLAN_FLAG_I,
	VXLAN_FLAG_D,
	VXLAN_FLAG_A,
	VXLAN_GBP,
	VXLAN_VNI,
	VXLAN_RESERVED,
	VXLAN_NEXT,
	VXLAN_GPE_FLAGS,
	VXLAN_ROWS
};

static const struct field rows[VXLAN_ROWS] = {
	[VXLAN_VXLAN] = { "vxlan", FIELD_PROTOCOL,
	    .help = "Virtual eXtensible Local Area Network" },
	[VXLAN_FLAGS] = { "vxlan.flags", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Flags" },
	[VXLAN_FLAG_G] = { "vxlan.flag_g", FIELD_BOOL, 16,
	    .help = "A group policy is there" },
	[VXLAN_FLAG_I] = { "vxlan.flag_i", FIELD_BOOL, 16,
	    .help = "The network identifier is valid" },
	[VXLAN_FLAG_D] = { "vxlan.flag_d", FIELD_BOOL, 16,
	    .help = "The receiver must not learn" },
	[VXLAN_FLAG_A] = { "vxlan.flag_a", FIELD_BOOL, 16,
	    .help = "The policy was applied" },
	[VXLAN_GBP] = { "vxlan.gbp", FIELD_UINT, 16,
	    .help = "Group policy" },
	[VXLAN_VNI] = { "vxlan.vni", FIELD_UINT, 24,
	    .help = "Network identifier" },
	[VXLAN_RESERVED] = { "vxlan.reserved8", FIELD_UINT, 8,
	    .help = "Reserved" },
	[VXLAN_NEXT] = { "vxlan.next_proto", FIELD_UINT, 8,
	    .help = "Protocol of the payload (GPE)" },
	[VXLAN_GPE_FLAGS] = { "vxlan.flags", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Flags (GPE)" },
};

const struct field_table vxlan_table = {
	"Virtual eXtensible Local Area Network", rows, VXLAN_ROWS
};

static void
identifier_read(struct step *s)
{
	s->p->tunnel_id = read_be24(&s->c, s->l, &rows[VXLAN_VNI]);
	(void)read_u8(&s->c, s->l, &rows[VXLAN_RESERVED]);
}

void
vxlan_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_VXLAN, &rows[VXLAN_VXLAN]);
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t flags = read_be16(&s->c, s->l, &rows[VXLAN_FLAGS]);

	if (cur_ok(&s->c)) {
		field_bits(s->l, &rows[VXLAN_FLAG_G], at, flags, 0x8000);
		field_bits(s->l, &rows[VXLAN_FLAG_I], at, flags, 0x0800);
		field_bits(s->l, &rows[VXLAN_FLAG_D], at, flags, 0x0040);
		field_bits(s->l, &rows[VXLAN_FLAG_A], at, flags, 0x0008);
	}
	(void)read_be16(&s->c, s->l, &rows[VXLAN_GBP]);
	identifier_read(s);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (step_tunnel(s))
		step_to(s, NEXT_ETH, 0);
}

void
vxlan_gpe_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_VXLAN, &rows[VXLAN_VXLAN]);
	uint8_t flags = read_u8(&s->c, s->l, &rows[VXLAN_GPE_FLAGS]), next;

	cur_skip(&s->c, 2);
	next = read_u8(&s->c, s->l, &rows[VXLAN_NEXT]);
	identifier_read(s);
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
		return;
	}
	if (next == 0 && (flags & GPE_NEXT) == 0) /* plain VXLAN */
		next = 3;
	switch (next) {
	case 1:
		step_to(s, NEXT_IP, 0);
		break;
	case 2:
		step_to(s, NEXT_IPV6, 0);
		break;
	case 3:
		step_to(s, NEXT_ETH, 0);
		break;
	case 4:
		step_to(s, NEXT_NSH, 0);
		break;
	case 5:
		step_to(s, NEXT_MPLS, 0);
		break;
	default:
		step_undecoded(s, "vxlan.next_proto", next);
		return;
	}
	(void)step_tunnel(s);
}
