#include "net/ipv6.h"

#include "net/ip.h"

#define HEADER 40
#define OPT_JUMBO 0xc2

struct fixed {
	uint32_t word; /* version, class, flow label */
	uint16_t length;
	uint8_t next, hops;
	struct span src, dst;
};

static void
word_fields(struct field_list *l, struct span where, uint32_t word)
{
	size_t entered = field_enter_number(l, &ipv6_rows[IPV6_ROW_TCLASS],
	    where, word >> 20 & 0xff);

	field_bits(l, &ipv6_rows[IPV6_ROW_DSCP], where, word, 0xfc00000);
	field_bits(l, &ipv6_rows[IPV6_ROW_ECN], where, word, 0x300000);
	field_leave(l, entered, NULL);
	field_bits(l, &ipv6_rows[IPV6_ROW_FLOW], where, word, 0xfffff);
}

static inline __attribute__((always_inline)) bool
fixed_read(struct cursor *c, struct field_list *l, struct fixed *h)
{
	struct span at = span_of(c->base + c->pos, 4);

	h->word = cur_be32(c);
	if (l != NULL && cur_ok(c))
		word_fields(l, at, h->word);
	at = span_of(c->base + c->pos, 2);
	h->length = cur_be16(c);
	h->next = cur_u8(c);
	if (l != NULL && cur_ok(c)) {
		field_put_number(l, &ipv6_rows[IPV6_ROW_PLEN], at, h->length);
		field_put_number(l, &ipv6_rows[IPV6_ROW_NXT],
		    span_of(at.p + 2, 1), h->next);
	}
	h->hops = read_u8(c, l, &ipv6_rows[IPV6_ROW_HLIM]);
	h->src = read_bytes(c, 16, l, &ipv6_rows[IPV6_ROW_SRC]);
	if (l != NULL && cur_ok(c))
		ip_host(l, &ipv6_rows[IPV6_ROW_SRC_HOST], h->src);
	h->dst = read_bytes(c, 16, l, &ipv6_rows[IPV6_ROW_DST]);
	if (l != NULL && cur_ok(c))
		ip_host(l, &ipv6_rows[IPV6_ROW_DST_HOST], h->dst);
	return cur_ok(c);
}

/* RFC 2675: `c` stands before the hop-by-hop options, and is bad after them
 * when they are cut. */
static size_t
jumbo_length(struct cursor *c)
{
	struct cursor options;
	uint32_t length;
	uint8_t type;

	cur_skip(c, 1);
	options = cur_sub(c, cur_u8(c) * 8U + 6);
	while (cur_left(&options) > 0) {
		type = cur_u8(&options);
		if (type == 0)
			continue;
		if (type != OPT_JUMBO) {
			cur_skip(&options, cur_u8(&options));
			continue;
		}
		cur_skip(&options, 1);
		length = cur_be32(&options);
		if (cur_ok(&options))
			return length > 65535 ? length : 0;
	}
	return 0;
}

/* The payload's length, before anything is handed out: see step_confine(). */
static void
confine(struct step *s)
{
	struct cursor c = s->c;
	size_t length;
	uint8_t next;

	cur_skip(&c, 4);
	length = cur_be16(&c);
	next = cur_u8(&c);
	cur_skip(&c, 33);
	if (length == 0 && next == 0)
		length = jumbo_length(&c);
	if (cur_ok(&c))
		step_confine(s, HEADER + length);
}

static bool
version_read(struct step *s)
{
	struct cursor c = s->c;
	struct span at = span_of(s->c.base + s->c.pos, 1);
	uint8_t version = cur_u8(&c) >> 4;

	if (!cur_ok(&c)) {
		cur_skip(&s->c, 1);
		return false;
	}
	field_number(s->l, &ipv6_rows[IPV6_ROW_VERSION], at, version);
	field_number(s->l, &ipv6_rows[IPV6_ROW_IP_VERSION], at, version);
	if (version == 6)
		return true;
	if (s->l != NULL)
		field_mark(s->l, &ipv6_rows[IPV6_ROW_BOGUS_VERSION], at);
	return false;
}

static void
header_set(struct ip_header *ip, const struct fixed *h, size_t left)
{
	ip->version = 6;
	ip->ttl = h->hops;
	ip->protocol = h->next;
	ip->dsfield = (uint8_t)(h->word >> 20);
	ip->id = 0;
	ip->checksum = 0;
	ip->fragment = false;
	ip->more_fragments = false;
	ip->dont_fragment = false;
	ip->reassembled = false;
	ip->fragment_offset = 0;
	ip->total_length = HEADER + (h->length != 0 ? h->length :
	    (uint32_t)left);
	ip->header_length = HEADER;
}

static void
addresses_set(struct step *s, const struct fixed *h)
{
	header_set(s->ip, h, cur_claimed_left(&s->c));
	step_addr(s->src, ADDR_IPV6, h->src.p, 16);
	step_addr(s->dst, ADDR_IPV6, h->dst.p, 16);
	step_to(s, h->next == 6 ? NEXT_TCP : h->next == 17 ? NEXT_UDP :
	    NEXT_PROTOCOL, h->next);
}

/* A whole header that nobody listens to, and no jumbogram. */
static bool
plain_read(struct step *s)
{
	struct cursor c = cur_open(span_of(s->c.base + s->c.pos, HEADER));
	struct fixed h;

	if (!fixed_read(&c, NULL, &h) || h.word >> 28 != 6 || h.length == 0)
		return false;
	step_confine(s, HEADER + (size_t)h.length);
	(void)step_enter(s, LAYER_IPV6, NULL);
	cur_skip(&s->c, HEADER);
	addresses_set(s, &h);
	return true;
}

/* Listeners and what is not plain. */
static __attribute__((cold)) void
header_listen(struct step *s)
{
	struct fixed h;
	size_t entered;
	bool good;

	confine(s);
	entered = step_enter(s, LAYER_IPV6, &ipv6_rows[IPV6_ROW_IPV6]);
	good = version_read(s) && fixed_read(&s->c, s->l, &h);
	step_leave(s, entered);
	if (good)
		addresses_set(s, &h);
	else
		step_fail(s);
}

void
ipv6_read(struct step *s)
{
	if (s->l != NULL || cur_left(&s->c) < HEADER || !plain_read(s))
		header_listen(s);
}
