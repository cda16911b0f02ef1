#include "net/icmp.h"

#include "net/step.h"

#define QUOTE_LEAST 128 /* bytes in front of extensions */

enum row {
	V6_ICMPV6,
	V6_TYPE,
	V6_CODE,
	V6_CHECKSUM,
	V6_LENGTH,
	V6_RESERVED,
	V6_MTU,
	V6_POINTER,
	V6_IDENTIFIER,
	V6_SEQUENCE,
	V6_RA_HOP_LIMIT,
	V6_RA_FLAG,
	V6_RA_FLAG_M,
	V6_RA_FLAG_O,
	V6_RA_FLAG_H,
	V6_RA_FLAG_PRF,
	V6_RA_LIFETIME,
	V6_RA_REACHABLE,
	V6_RA_RETRANS,
	V6_NS_TARGET,
	V6_NA_FLAG,
	V6_NA_FLAG_R,
	V6_NA_FLAG_S,
	V6_NA_FLAG_O,
	V6_NA_TARGET,
	V6_RD_TARGET,
	V6_RD_DESTINATION,
	V6_OPT,
	V6_OPT_TYPE,
	V6_OPT_LENGTH,
	V6_OPT_LINKADDR,
	V6_OPT_SRC_LINKADDR,
	V6_OPT_TARGET_LINKADDR,
	V6_PREFIX_LENGTH,
	V6_PREFIX_FLAG,
	V6_PREFIX_FLAG_L,
	V6_PREFIX_FLAG_A,
	V6_PREFIX_VALID,
	V6_PREFIX_PREFERRED,
	V6_PREFIX,
	V6_ROUTE_LIFETIME,
	V6_OPT_MTU,
	V6_RDNSS_LIFETIME,
	V6_RDNSS,
	V6_MLD_DELAY,
	V6_MLD_CODE,
	V6_MLD_ADDRESS,
	V6_MLD_FLAG,
	V6_MLD_FLAG_S,
	V6_MLD_FLAG_QRV,
	V6_MLD_QQI,
	V6_MLD_SOURCES,
	V6_MLD_SOURCE,
	V6_MLDR_RECORDS,
	V6_MLDR_TYPE,
	V6_MLDR_AUX_LEN,
	V6_MLDR_SOURCES,
	V6_MLDR_ADDRESS,
	V6_MLDR_SOURCE,
	V6_ROWS
};

/* RFC 4861, section 4.6, and IANA. */
static const struct value_name options[] = {
	{ 1, "Source link-layer address" },
	{ 2, "Target link-layer address" },
	{ 3, "Prefix information" },
	{ 4, "Redirected header" },
	{ 5, "MTU" },
	{ 14, "Nonce" },
	{ 24, "Route information" },
	{ 25, "Recursive DNS server" },
	{ 31, "DNS search list" },
	{ 0, NULL },
};

static const struct field rows[V6_ROWS] = {
	[V6_ICMPV6] = { "icmpv6", FIELD_PROTOCOL,
	    .help = "Internet Control Message Protocol v6" },
	[V6_TYPE] = { "icmpv6.type", FIELD_UINT, 8, .names = icmpv6_types,
	    .help = "Type of message" },
	[V6_CODE] = { "icmpv6.code", FIELD_UINT, 8,
	    .help = "Code, within the type" },
	[V6_CHECKSUM] = { "icmpv6.checksum", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Checksum as it stands in the packet" },
	[V6_LENGTH] = { "icmpv6.length", FIELD_UINT, 8,
	    .help = "Length of the quoted packet, 8 octets each" },
	[V6_RESERVED] = { "icmpv6.reserved", FIELD_BYTES,
	    .help = "Bytes without a meaning" },
	[V6_MTU] = { "icmpv6.mtu", FIELD_UINT, 32,
	    .help = "MTU of the next hop" },
	[V6_POINTER] = { "icmpv6.pointer", FIELD_UINT, 32,
	    .help = "Octet of the quoted packet that was wrong" },
	[V6_IDENTIFIER] = { "icmpv6.echo.identifier", FIELD_UINT, 16,
	    FIELD_HEX, .help = "Identifier of an echo" },
	[V6_SEQUENCE] = { "icmpv6.echo.sequence_number", FIELD_UINT, 16,
	    .help = "Sequence number of an echo" },
	[V6_RA_HOP_LIMIT] = { "icmpv6.nd.ra.cur_hop_limit", FIELD_UINT, 8,
	    .help = "Hop limit that hosts should use" },
	[V6_RA_FLAG] = { "icmpv6.nd.ra.flag", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Flags of a router advertisement" },
	[V6_RA_FLAG_M] = { "icmpv6.nd.ra.flag.m", FIELD_BOOL, 8,
	    .help = "Addresses by DHCPv6" },
	[V6_RA_FLAG_O] = { "icmpv6.nd.ra.flag.o", FIELD_BOOL, 8,
	    .help = "Other configuration by DHCPv6" },
	[V6_RA_FLAG_H] = { "icmpv6.nd.ra.flag.h", FIELD_BOOL, 8,
	    .help = "The router is a home agent" },
	[V6_RA_FLAG_PRF] = { "icmpv6.nd.ra.flag.prf", FIELD_UINT, 8,
	    .help = "Preference of the router" },
	[V6_RA_LIFETIME] = { "icmpv6.nd.ra.router_lifetime", FIELD_UINT, 16,
	    .help = "Seconds as a default router; 0: none" },
	[V6_RA_REACHABLE] = { "icmpv6.nd.ra.reachable_time", FIELD_UINT, 32,
	    .help = "Milliseconds a neighbour counts as reachable" },
	[V6_RA_RETRANS] = { "icmpv6.nd.ra.retrans_timer", FIELD_UINT, 32,
	    .help = "Milliseconds between solicitations" },
	[V6_NS_TARGET] = { "icmpv6.nd.ns.target_address", FIELD_IPV6,
	    .help = "Address that is asked for" },
	[V6_NA_FLAG] = { "icmpv6.nd.na.flag", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Flags of a neighbour advertisement" },
	[V6_NA_FLAG_R] = { "icmpv6.nd.na.flag.r", FIELD_BOOL, 32,
	    .help = "The sender is a router" },
	[V6_NA_FLAG_S] = { "icmpv6.nd.na.flag.s", FIELD_BOOL, 32,
	    .help = "Sent because it was asked for" },
	[V6_NA_FLAG_O] = { "icmpv6.nd.na.flag.o", FIELD_BOOL, 32,
	    .help = "Overrides what was known" },
	[V6_NA_TARGET] = { "icmpv6.nd.na.target_address", FIELD_IPV6,
	    .help = "Address that is told of" },
	[V6_RD_TARGET] = { "icmpv6.nd.rd.target_address", FIELD_IPV6,
	    .help = "Better first hop" },
	[V6_RD_DESTINATION] = { "icmpv6.rd.na.destination_address",
	    FIELD_IPV6, .help = "Destination it is better for" },
	[V6_OPT] = { "icmpv6.opt", FIELD_NONE, .help = "Option" },
	[V6_OPT_TYPE] = { "icmpv6.opt.type", FIELD_UINT, 8,
	    .names = options, .help = "Type of option" },
	[V6_OPT_LENGTH] = { "icmpv6.opt.length", FIELD_UINT, 8,
	    .help = "Length of the option, 8 octets each" },
	[V6_OPT_LINKADDR] = { "icmpv6.opt.linkaddr", FIELD_BYTES,
	    .separator = ':', .help = "Link-layer address" },
	[V6_OPT_SRC_LINKADDR] = { "icmpv6.opt.src_linkaddr", FIELD_BYTES,
	    .separator = ':', .help = "Link-layer address of the sender" },
	[V6_OPT_TARGET_LINKADDR] = { "icmpv6.opt.target_linkaddr",
	    FIELD_BYTES, .separator = ':',
	    .help = "Link-layer address of the target" },
	[V6_PREFIX_LENGTH] = { "icmpv6.opt.prefix.length", FIELD_UINT, 8,
	    .help = "Bits of the prefix" },
	[V6_PREFIX_FLAG] = { "icmpv6.opt.prefix.flag", FIELD_UINT, 8,
	    FIELD_HEX, .help = "Flags of the prefix" },
	[V6_PREFIX_FLAG_L] = { "icmpv6.opt.prefix.flag.l", FIELD_BOOL, 8,
	    .help = "The prefix is on this link" },
	[V6_PREFIX_FLAG_A] = { "icmpv6.opt.prefix.flag.a", FIELD_BOOL, 8,
	    .help = "Hosts may make addresses of it" },
	[V6_PREFIX_VALID] = { "icmpv6.opt.prefix.valid_lifetime",
	    FIELD_UINT, 32, .help = "Seconds valid" },
	[V6_PREFIX_PREFERRED] = { "icmpv6.opt.prefix.preferred_lifetime",
	    FIELD_UINT, 32, .help = "Seconds preferred" },
	[V6_PREFIX] = { "icmpv6.opt.prefix", FIELD_IPV6,
	    .help = "Prefix" },
	[V6_ROUTE_LIFETIME] = { "icmpv6.opt.route_lifetime", FIELD_UINT, 32,
	    .help = "Seconds that the route holds" },
	[V6_OPT_MTU] = { "icmpv6.opt.mtu", FIELD_UINT, 32,
	    .help = "MTU of the link" },
	[V6_RDNSS_LIFETIME] = { "icmpv6.opt.rdnss.lifetime", FIELD_UINT, 32,
	    .help = "Seconds that the DNS servers may be used" },
	[V6_RDNSS] = { "icmpv6.opt.rdnss", FIELD_IPV6,
	    .help = "DNS server" },
	[V6_MLD_DELAY] = { "icmpv6.mld.maximum_response_delay", FIELD_UINT,
	    16, .help = "Milliseconds to answer within (MLDv1)" },
	[V6_MLD_CODE] = { "icmpv6.mld.maximum_response_code", FIELD_UINT, 16,
	    .help = "Code of the time to answer within (MLDv2)" },
	[V6_MLD_ADDRESS] = { "icmpv6.mld.multicast_address", FIELD_IPV6,
	    .help = "Group" },
	[V6_MLD_FLAG] = { "icmpv6.mld.flag", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Flags of a query" },
	[V6_MLD_FLAG_S] = { "icmpv6.mld.flag.s", FIELD_BOOL, 8,
	    .help = "Routers shall not update their timers" },
	[V6_MLD_FLAG_QRV] = { "icmpv6.mld.flag.qrv", FIELD_UINT, 8,
	    .help = "Robustness of the querier" },
	[V6_MLD_QQI] = { "icmpv6.mld.qqi", FIELD_UINT, 8,
	    .help = "Code of the query interval" },
	[V6_MLD_SOURCES] = { "icmpv6.mld.nb_sources", FIELD_UINT, 16,
	    .help = "Number of sources" },
	[V6_MLD_SOURCE] = { "icmpv6.mld.source_address", FIELD_IPV6,
	    .help = "Source" },
	[V6_MLDR_RECORDS] = { "icmpv6.mldr.nb_mcast_records", FIELD_UINT, 16,
	    .help = "Number of group records" },
	[V6_MLDR_TYPE] = { "icmpv6.mldr.mar.record_type", FIELD_UINT, 8,
	    .help = "Type of record" },
	[V6_MLDR_AUX_LEN] = { "icmpv6.mldr.mar.aux_data_len", FIELD_UINT, 8,
	    .help = "Auxiliary data, 32-bit words" },
	[V6_MLDR_SOURCES] = { "icmpv6.mldr.mar.nb_sources", FIELD_UINT, 16,
	    .help = "Number of sources of the record" },
	[V6_MLDR_ADDRESS] = { "icmpv6.mldr.mar.multicast_address",
	    FIELD_IPV6, .help = "Group of the record" },
	[V6_MLDR_SOURCE] = { "icmpv6.mldr.mar.source_address", FIELD_IPV6,
	    .help = "Source of the record" },
};

const struct field_table icmpv6_table = {
	"Internet Control Message Protocol v6", rows, V6_ROWS
};

static void
linkaddr_read(struct cursor *c, struct field_list *l, enum row row)
{
	struct span address = cur_rest(c);

	if (address.n == 0 || l == NULL)
		return;
	field_put_bytes(l, &rows[V6_OPT_LINKADDR], address, address);
	field_put_bytes(l, &rows[row], address, address);
}

/* RFC 4191: of the prefix only as much as it needs may be there. */
static void
route_read(struct cursor *c, struct field_list *l)
{
	uint8_t prefix[16] = { 0 };
	struct span at;

	(void)read_u8(c, l, &rows[V6_PREFIX_LENGTH]);
	cur_skip(c, 1);
	(void)read_be32(c, l, &rows[V6_ROUTE_LIFETIME]);
	at = span_first(cur_rest(c), sizeof(prefix));
	if (l == NULL || !cur_ok(c))
		return;
	memcpy(prefix, at.p, at.n);
	field_put_bytes(l, &rows[V6_PREFIX], at,
	    arena_copy(l->arena, span_of(prefix, sizeof(prefix))));
}

static void
prefix_read(struct cursor *c, struct field_list *l)
{
	struct span at;
	uint8_t flags;

	(void)read_u8(c, l, &rows[V6_PREFIX_LENGTH]);
	at = span_of(c->base + c->pos, 1);
	flags = read_u8(c, l, &rows[V6_PREFIX_FLAG]);
	if (cur_ok(c)) {
		field_bits(l, &rows[V6_PREFIX_FLAG_L], at, flags, 0x80);
		field_bits(l, &rows[V6_PREFIX_FLAG_A], at, flags, 0x40);
	}
	(void)read_be32(c, l, &rows[V6_PREFIX_VALID]);
	(void)read_be32(c, l, &rows[V6_PREFIX_PREFERRED]);
	cur_skip(c, 4);
	(void)read_bytes(c, 16, l, &rows[V6_PREFIX]);
}

static void
option_read(struct cursor *c, uint8_t type, struct field_list *l)
{
	switch (type) {
	case 1:
		linkaddr_read(c, l, V6_OPT_SRC_LINKADDR);
		break;
	case 2:
		linkaddr_read(c, l, V6_OPT_TARGET_LINKADDR);
		break;
	case 3:
		prefix_read(c, l);
		break;
	case 5:
		cur_skip(c, 2);
		(void)read_be32(c, l, &rows[V6_OPT_MTU]);
		break;
	case 24:
		route_read(c, l);
		break;
	case 25:
		cur_skip(c, 2);
		(void)read_be32(c, l, &rows[V6_RDNSS_LIFETIME]);
		while (cur_left(c) > 0)
			(void)read_bytes(c, 16, l, &rows[V6_RDNSS]);
		break;
	default:
		break;
	}
}

/* The packet that a redirect is about stands in an option, behind six
 * reserved bytes. */
static void
quote_note(struct step *s, size_t n)
{
	struct cursor c = s->c;

	if (n < c.claimed - c.pos) {
		c.claimed = c.pos + n;
		c.end = c.end < c.claimed ? c.end : c.claimed;
	}
	cur_skip(&c, 6);
	s->has_quote = cur_ok(&c) && cur_left(&c) > 0;
	s->quote = step_place(&c);
}

/* Type, length in units of 8 octets, value; a length of 0 ends all. */
static void
options_read(struct step *s)
{
	struct field_list *l = s->l;

	while (cur_left(&s->c) > 0) {
		struct span at = step_here(s);
		size_t entered = field_enter(l, &rows[V6_OPT], at);
		uint8_t type = read_u8(&s->c, l, &rows[V6_OPT_TYPE]);
		uint8_t words = read_u8(&s->c, l, &rows[V6_OPT_LENGTH]);
		struct cursor body;

		if (words == 0) {
			cur_fail(&s->c);
		} else {
			if (type == 4)
				quote_note(s, words * 8U - 2);
			body = cur_sub(&s->c, words * 8U - 2);
			option_read(&body, type, l);
		}
		field_leave(l, entered, s->c.base + s->c.pos);
	}
}

static void
advertisement_read(struct step *s)
{
	struct field_list *l = s->l;
	struct span at;
	uint8_t flags;
	unsigned i;

	(void)read_u8(&s->c, l, &rows[V6_RA_HOP_LIMIT]);
	at = span_of(s->c.base + s->c.pos, 1);
	flags = read_u8(&s->c, l, &rows[V6_RA_FLAG]);
	if (cur_ok(&s->c)) {
		for (i = 0; i < 3; i++)
			field_bits(l, &rows[V6_RA_FLAG_M + i], at, flags,
			    0x80U >> i);
		field_bits(l, &rows[V6_RA_FLAG_PRF], at, flags, 0x18);
	}
	(void)read_be16(&s->c, l, &rows[V6_RA_LIFETIME]);
	(void)read_be32(&s->c, l, &rows[V6_RA_REACHABLE]);
	(void)read_be32(&s->c, l, &rows[V6_RA_RETRANS]);
	options_read(s);
}

static void
target_read(struct step *s, struct icmp_header *h, enum row row)
{
	struct span target = read_bytes(&s->c, 16, s->l, &rows[row]);

	if (target.n == 16)
		step_addr(&h->target, ADDR_IPV6, target.p, 16);
}

static void
neighbour_read(struct step *s, struct icmp_header *h)
{
	struct span at = span_of(s->c.base + s->c.pos, 4);
	unsigned i;

	if (h->type == 136) {
		h->word = read_be32(&s->c, s->l, &rows[V6_NA_FLAG]);
		if (cur_ok(&s->c)) {
			for (i = 0; i < 3; i++)
				field_bits(s->l, &rows[V6_NA_FLAG_R + i], at,
				    h->word, 0x80000000 >> i);
		}
		target_read(s, h, V6_NA_TARGET);
	} else {
		(void)read_bytes(&s->c, 4, s->l, &rows[V6_RESERVED]);
		target_read(s, h, h->type == 135 ? V6_NS_TARGET :
		    V6_RD_TARGET);
	}
	if (h->type == 137)
		(void)read_bytes(&s->c, 16, s->l, &rows[V6_RD_DESTINATION]);
	options_read(s);
}

/* RFC 2710; a query longer than 24 octets is RFC 3810's. */
static void
listener_read(struct step *s, const struct icmp_header *h)
{
	bool second = h->type == 130 && h->body_claimed > 20;
	struct field_list *l = s->l;
	struct span at;
	uint8_t flags;
	unsigned n;

	(void)read_be16(&s->c, l,
	    &rows[second ? V6_MLD_CODE : V6_MLD_DELAY]);
	(void)read_bytes(&s->c, 2, l, &rows[V6_RESERVED]);
	(void)read_bytes(&s->c, 16, l, &rows[V6_MLD_ADDRESS]);
	if (!second)
		return;
	at = span_of(s->c.base + s->c.pos, 1);
	flags = read_u8(&s->c, l, &rows[V6_MLD_FLAG]);
	if (cur_ok(&s->c)) {
		field_bits(l, &rows[V6_MLD_FLAG_S], at, flags, 0x08);
		field_bits(l, &rows[V6_MLD_FLAG_QRV], at, flags, 0x07);
	}
	(void)read_u8(&s->c, l, &rows[V6_MLD_QQI]);
	n = read_be16(&s->c, l, &rows[V6_MLD_SOURCES]);
	while (n-- > 0 && cur_left(&s->c) > 0)
		(void)read_bytes(&s->c, 16, l, &rows[V6_MLD_SOURCE]);
}

static void
record_read(struct step *s)
{
	struct field_list *l = s->l;
	unsigned words, n;

	(void)read_u8(&s->c, l, &rows[V6_MLDR_TYPE]);
	words = read_u8(&s->c, l, &rows[V6_MLDR_AUX_LEN]);
	n = read_be16(&s->c, l, &rows[V6_MLDR_SOURCES]);
	(void)read_bytes(&s->c, 16, l, &rows[V6_MLDR_ADDRESS]);
	while (n-- > 0 && cur_left(&s->c) > 0)
		(void)read_bytes(&s->c, 16, l, &rows[V6_MLDR_SOURCE]);
	cur_skip(&s->c, words * 4U);
}

static void
report_read(struct step *s)
{
	unsigned n;

	(void)read_bytes(&s->c, 2, s->l, &rows[V6_RESERVED]);
	n = read_be16(&s->c, s->l, &rows[V6_MLDR_RECORDS]);
	while (n-- > 0 && cur_left(&s->c) > 0)
		record_read(s);
}

static void
echo_read(struct step *s, struct icmp_header *h)
{
	h->id = read_be16(&s->c, s->l, &rows[V6_IDENTIFIER]);
	h->seq = read_be16(&s->c, s->l, &rows[V6_SEQUENCE]);
	h->has_id = cur_ok(&s->c);
	h->word = (uint32_t)h->id << 16 | h->seq;
	if (s->in_error)
		s->p->icmp.quote_word = h->word;
}

/* RFC 4884: what is behind a length of the quote are extensions. */
static void
error_word_read(struct step *s, struct icmp_header *h)
{
	struct span at = span_of(s->c.base + s->c.pos, 4);
	size_t length;

	h->word = cur_be32(&s->c);
	length = h->word >> 24;
	if (!cur_ok(&s->c))
		return;
	if (h->type == 2) {
		field_number(s->l, &rows[V6_MTU], at, h->word);
	} else if (h->type == 4) {
		field_number(s->l, &rows[V6_POINTER], at, h->word);
	} else if (length == 0) {
		field_bytes(s->l, &rows[V6_RESERVED], at);
	} else {
		field_number(s->l, &rows[V6_LENGTH], span_first(at, 1),
		    length);
		field_bytes(s->l, &rows[V6_RESERVED], span_after(at, 1));
		if (length * 8 >= QUOTE_LEAST)
			step_trim(s, length * 8);
	}
}

static void
message_read(struct step *s, struct icmp_header *h)
{
	switch (h->type) {
	case 1: case 2: case 3: case 4:
		error_word_read(s, h);
		break;
	case 128: case 129:
		echo_read(s, h);
		break;
	case 160: case 161:
		h->id = read_be16(&s->c, s->l, &rows[V6_IDENTIFIER]);
		h->seq = cur_u8(&s->c);
		h->has_id = cur_ok(&s->c);
		break;
	case 130: case 131: case 132:
		listener_read(s, h);
		break;
	case 133:
		(void)read_bytes(&s->c, 4, s->l, &rows[V6_RESERVED]);
		options_read(s);
		break;
	case 134:
		advertisement_read(s);
		break;
	case 135: case 136: case 137:
		neighbour_read(s, h);
		break;
	case 143:
		report_read(s);
		break;
	default:
		break;
	}
}

void
icmpv6_read(struct step *s)
{
	struct icmp_header quoted, *h = &s->p->icmp;
	size_t entered = step_enter(s, LAYER_ICMPV6, &rows[V6_ICMPV6]);
	struct cursor body;

	if (s->in_error)
		h = &quoted;
	memset(h, 0, sizeof(*h));
	h->type = read_u8(&s->c, s->l, &rows[V6_TYPE]);
	h->code = read_u8(&s->c, s->l, &rows[V6_CODE]);
	h->checksum = read_be16(&s->c, s->l, &rows[V6_CHECKSUM]);
	h->version = cur_ok(&s->c) ? 6 : 0;
	body = s->c;
	h->body_claimed = cur_claimed_left(&body);
	h->body = cur_rest(&body);
	s->next = NEXT_END;
	message_read(s, h);
	step_leave(s, entered);
	if (!cur_ok(&s->c)) {
		step_fail(s);
		return;
	}
	if (h->type == 137 && s->has_quote) {
		step_return(s, s->quote);
		s->has_quote = false;
	} else if (h->type < 1 || h->type > 4 || cur_left(&s->c) == 0) {
		return;
	}
	icmp_quote(s, h, "icmpv6 quote", NEXT_IPV6);
}
