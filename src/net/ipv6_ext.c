#include "net/ip.h"
#include "net/ipv6.h"

/*
 * Extension headers, RFC 8200 section 4.  All but the fragment header begin
 * with the next protocol and a length in units of 8 bytes beyond the first.
 */
enum {
	EXT_HOP = 0,
	EXT_ROUTING = 43,
	EXT_FRAGMENT = 44,
	EXT_NONE = 59,
	EXT_DESTINATION = 60,
};

enum {
	OPT_PAD1 = 0x00,
	OPT_PADN = 0x01,
	OPT_TUNNEL_LIMIT = 0x04,
	OPT_ROUTER_ALERT = 0x05,
	OPT_EXPERIMENT = 0x1e,
	OPT_RPL_OLD = 0x63,
	OPT_RPL = 0x23,
	OPT_JUMBO = 0xc2,
	OPT_HOME_ADDRESS = 0xc9,
};

static size_t
ext_enter(struct step *s, const struct field *row, uint8_t kind)
{
	size_t entered = step_enter(s, LAYER_IPV6_EXT, row);

	if (s->p->n_stack > 0)
		s->p->stack[s->p->n_stack - 1].kind = kind;
	return entered;
}

/* The next protocol and the length, whose rows stand behind `row`; returns
 * the bytes that the length tells, these two included. */
static unsigned
head_read(struct step *s, enum ipv6_row row, uint8_t *next)
{
	struct span at = span_of(s->c.base + s->c.pos + 1, 1);
	unsigned n;

	*next = read_u8(&s->c, s->l, &ipv6_rows[row + 1]);
	n = read_u8(&s->c, s->l, &ipv6_rows[row + 2]) * 8U + 8;
	if (cur_ok(&s->c))
		field_number(s->l, &ipv6_rows[row + 3], at, n);
	return n;
}

static void
ext_leave(struct step *s, size_t entered, uint8_t next)
{
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
		return;
	}
	s->ip->protocol = next;
	step_to(s, NEXT_PROTOCOL, next);
}

static void
option_value(struct step *s, struct cursor *c, uint8_t type)
{
	struct field_list *l = s->l;
	size_t n = cur_left(c);

	if (type == OPT_PADN) {
		read_bytes(c, n, l, &ipv6_rows[IPV6_ROW_OPT_PADN]);
	} else if (type == OPT_ROUTER_ALERT && n == 2) {
		read_be16(c, l, &ipv6_rows[IPV6_ROW_OPT_ROUTER_ALERT]);
	} else if (type == OPT_TUNNEL_LIMIT && n == 1) {
		read_u8(c, l, &ipv6_rows[IPV6_ROW_OPT_TEL]);
	} else if (type == OPT_JUMBO && n == 4) {
		read_be32(c, l, &ipv6_rows[IPV6_ROW_OPT_JUMBO]);
	} else if (type == OPT_HOME_ADDRESS && n == 16) {
		/* RFC 6275: who sent what follows. */
		step_addr(s->src, ADDR_IPV6, c->base + c->pos, 16);
		read_bytes(c, 16, l, &ipv6_rows[IPV6_ROW_OPT_HOME_ADDRESS]);
	} else if ((type == OPT_RPL || type == OPT_RPL_OLD) && n >= 4) {
		read_u8(c, l, &ipv6_rows[IPV6_ROW_OPT_RPL_FLAG]);
		read_u8(c, l, &ipv6_rows[IPV6_ROW_OPT_RPL_INSTANCE]);
		read_be16(c, l, &ipv6_rows[IPV6_ROW_OPT_RPL_RANK]);
	} else if ((type & 0x1f) == OPT_EXPERIMENT) {
		read_bytes(c, n, l, &ipv6_rows[IPV6_ROW_OPT_EXPERIMENTAL]);
	} else {
		read_bytes(c, n, l, &ipv6_rows[IPV6_ROW_OPT_UNKNOWN]);
	}
}

static void
type_fields(struct field_list *l, struct span at, uint8_t type)
{
	size_t entered = field_enter_number(l, &ipv6_rows[IPV6_ROW_OPT_TYPE],
	    at, type);

	field_bits(l, &ipv6_rows[IPV6_ROW_OPT_ACTION], at, type, 0xc0);
	field_bits(l, &ipv6_rows[IPV6_ROW_OPT_CHANGE], at, type, 0x20);
	field_bits(l, &ipv6_rows[IPV6_ROW_OPT_REST], at, type, 0x1f);
	field_leave(l, entered, NULL);
}

/* Options that do not fit end here; the header's own length leads on. */
static void
options_read(struct step *s, struct cursor *c)
{
	struct field_list *l = s->l;
	struct cursor value;
	struct span at;
	size_t entered;
	uint8_t type;

	while (cur_left(c) > 0) {
		at = span_of(c->base + c->pos, 1);
		type = cur_u8(c);
		entered = field_enter(l, &ipv6_rows[IPV6_ROW_OPT], at);
		if (type == OPT_PAD1) {
			field_number(l, &ipv6_rows[IPV6_ROW_OPT_TYPE], at,
			    type);
			field_mark(l, &ipv6_rows[IPV6_ROW_OPT_PAD1], at);
		} else {
			type_fields(l, at, type);
			value = cur_sub(c, read_u8(c, l,
			    &ipv6_rows[IPV6_ROW_OPT_LENGTH]));
			if (cur_ok(&value))
				option_value(s, &value, type);
		}
		field_leave(l, entered, c->base + c->pos);
	}
}

void
ipv6_options_read(struct step *s)
{
	bool hop = s->number == EXT_HOP;
	enum ipv6_row row = hop ? IPV6_ROW_HOPOPTS : IPV6_ROW_DSTOPTS;
	size_t entered = ext_enter(s, &ipv6_rows[row], (uint8_t)s->number);
	struct cursor options;
	uint8_t next;
	unsigned n = head_read(s, row, &next);

	options = cur_sub(&s->c, n - 2);
	if (cur_ok(&options)) {
		options_read(s, &options);
		s->p->malformed |= options.bad && !options.cut &&
		    !s->in_error;
	}
	ext_leave(s, entered, next);
}

/* Addresses of types 0 and 2 lead on, the last is the destination, when it
 * was captured; those of segment routing (4) are listed backwards. */
static void
segments_read(struct step *s, struct cursor *c, uint8_t type, unsigned left)
{
	enum ipv6_row row = type == 0 ? IPV6_ROW_ROUTING_ADDRESS :
	    type == 2 ? IPV6_ROW_ROUTING_HOME_ADDRESS :
	    IPV6_ROW_ROUTING_SRH_ADDR;
	struct span addr, last = span_empty();
	unsigned n = 0;

	if (type == 4) {
		n = 1U + read_u8(c, s->l,
		    &ipv6_rows[IPV6_ROW_ROUTING_LAST_ENTRY]);
		read_u8(c, s->l, &ipv6_rows[IPV6_ROW_ROUTING_SRH_FLAGS]);
		read_bytes(c, 2, s->l, &ipv6_rows[IPV6_ROW_ROUTING_SRH_TAG]);
	} else {
		n = (unsigned)(cur_left(c) / 16);
		read_bytes(c, 4, type == 0 ? s->l : NULL,
		    &ipv6_rows[IPV6_ROW_ROUTING_RESERVED]);
	}
	for (; n > 0 && cur_left(c) >= 16; n--) {
		addr = read_bytes(c, 16, s->l, &ipv6_rows[row]);
		if (type != 4 || last.n == 0)
			last = addr;
	}
	if (left > 0 && last.n == 16 && (type == 4 || cur_ok(&s->c)))
		step_addr(s->dst, ADDR_IPV6, last.p, 16);
}

void
ipv6_routing_read(struct step *s)
{
	size_t entered = ext_enter(s, &ipv6_rows[IPV6_ROW_ROUTING],
	    EXT_ROUTING);
	uint8_t next, type, left;
	unsigned n = head_read(s, IPV6_ROW_ROUTING, &next);
	struct cursor body;

	type = read_u8(&s->c, s->l, &ipv6_rows[IPV6_ROW_ROUTING_TYPE]);
	left = read_u8(&s->c, s->l, &ipv6_rows[IPV6_ROW_ROUTING_SEGLEFT]);
	body = cur_sub(&s->c, n - 4);
	if (type == 0 || type == 2 || type == 4)
		segments_read(s, &body, type, left);
	else if (cur_ok(&body))
		read_bytes(&body, cur_left(&body), s->l,
		    &ipv6_rows[IPV6_ROW_ROUTING_UNKNOWN]);
	ext_leave(s, entered, next);
}

/*
 * A piece that does not complete its datagram is not looked into, not even
 * the first one, unless nobody puts datagrams together or it is a quote.
 */
static bool
fragment(struct step *s, uint32_t id, uint32_t offset, bool more)
{
	if (s->walk->defrag == NULL || s->in_error) {
		s->first_fragment = true;
		return offset == 0;
	}
	if (cur_left(&s->c) == 0) {
		s->first_fragment = true;
		return true;
	}
	if (cur_left(&s->c) != cur_claimed_left(&s->c))
		return false;
	return ip_defragment(s, id, 0, offset, more);
}

void
ipv6_fragment_read(struct step *s)
{
	struct field_list *l = s->l;
	size_t entered = ext_enter(s, &ipv6_rows[IPV6_ROW_FRAGHDR],
	    EXT_FRAGMENT);
	const uint8_t *end;
	struct span at;
	uint16_t word;
	uint8_t next;
	uint32_t id;

	next = read_u8(&s->c, l, &ipv6_rows[IPV6_ROW_FRAGHDR_NXT]);
	read_u8(&s->c, l, &ipv6_rows[IPV6_ROW_FRAGHDR_RESERVED]);
	at = span_of(s->c.base + s->c.pos, 2);
	word = cur_be16(&s->c);
	if (cur_ok(&s->c)) {
		field_bits(l, &ipv6_rows[IPV6_ROW_FRAGHDR_OFFSET], at, word,
		    0xfff8);
		field_bits(l, &ipv6_rows[IPV6_ROW_FRAGHDR_BITS], at, word, 6);
		field_bits(l, &ipv6_rows[IPV6_ROW_FRAGHDR_MORE], at, word, 1);
	}
	id = read_be32(&s->c, l, &ipv6_rows[IPV6_ROW_FRAGHDR_IDENT]);
	end = s->c.base + s->c.pos;
	if (!cur_ok(&s->c) || (word & 0xfff9) == 0) {
		ext_leave(s, entered, next);
		return;
	}
	s->ip->fragment = true;
	s->p->has_fragment |= !s->in_error;
	s->ip->more_fragments = (word & 1) != 0;
	s->ip->fragment_offset = word & 0xfff8;
	s->ip->id = (uint16_t)id;
	s->ip->protocol = next;
	if (fragment(s, id, word & 0xfff8, (word & 1) != 0))
		step_to(s, NEXT_PROTOCOL, next);
	else
		step_undecoded(s, "ip.fragment", next);
	field_leave(l, entered, end);
}

/* Mobility, HIP and shim6 have the same two first bytes; the rest of them is
 * not decoded. */
void
ipv6_shim_read(struct step *s)
{
	uint8_t kind = (uint8_t)s->number, next;
	size_t entered;

	s->l = NULL; /* nor has it a row */
	entered = ext_enter(s, NULL, kind);
	next = cur_u8(&s->c);
	cur_skip(&s->c, cur_u8(&s->c) * 8U + 6);
	ext_leave(s, entered, next);
	if (cur_ok(&s->c))
		step_undecoded(s, "ip.proto", kind);
}

void
protocol_read(struct step *s)
{
	static const uint8_t nexts[256] = {
		[EXT_HOP] = NEXT_IPV6_OPTIONS, [1] = NEXT_ICMP,
		[2] = NEXT_IGMP, [6] = NEXT_TCP, [17] = NEXT_UDP,
		[EXT_ROUTING] = NEXT_IPV6_ROUTING,
		[EXT_FRAGMENT] = NEXT_IPV6_FRAGMENT, [47] = NEXT_GRE,
		[50] = NEXT_ESP, [51] = NEXT_AH, [58] = NEXT_ICMPV6,
		[EXT_DESTINATION] = NEXT_IPV6_OPTIONS,
		[103] = NEXT_PIM, [115] = NEXT_L2TP_V3, [132] = NEXT_SCTP,
		[135] = NEXT_IPV6_SHIM, [136] = NEXT_UDPLITE,
		[139] = NEXT_IPV6_SHIM, [140] = NEXT_IPV6_SHIM,
		/* tunnels */
		[4] = NEXT_IP, [41] = NEXT_IPV6, [97] = NEXT_ETHERIP,
		[137] = NEXT_MPLS, [143] = NEXT_ETH,
	};
	uint8_t protocol = (uint8_t)s->number;
	enum next next = (enum next)nexts[protocol];

	if (protocol == EXT_NONE) {
		s->next = NEXT_END;
		return;
	}
	if (next == NEXT_END) {
		step_undecoded(s, "ip.proto", protocol);
		return;
	}
	if ((next == NEXT_IP || next == NEXT_IPV6 || next == NEXT_ETHERIP ||
	    next == NEXT_MPLS || next == NEXT_ETH) && !step_tunnel(s))
		return;
	step_to(s, next, protocol);
}
