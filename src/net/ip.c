#include "net/ip.h"

#define FLAG_DF 0x4000
#define FLAG_MF 0x2000
#define OFFSET_MASK 0x1fff

/* The 20 bytes that every header has. */
struct fixed {
	uint8_t version, words, dsfield, ttl, protocol;
	uint16_t length, id, flags, checksum;
	struct span src, dst;
};

static void
dsfield_fields(struct field_list *l, struct span where, uint8_t v)
{
	size_t entered = field_enter_number(l, &ip_rows[IP_ROW_DSFIELD],
	    where, v);

	field_bits(l, &ip_rows[IP_ROW_DSCP], where, v, 0xfc);
	field_bits(l, &ip_rows[IP_ROW_ECN], where, v, 0x03);
	field_leave(l, entered, NULL);
}

static void
flags_fields(struct field_list *l, struct span where, uint16_t v)
{
	struct span one = span_first(where, 1);
	size_t entered = field_enter_number(l, &ip_rows[IP_ROW_FLAGS],
	    one, v >> 13);

	field_bits(l, &ip_rows[IP_ROW_FLAGS_RB], one, v, 0x8000);
	field_bits(l, &ip_rows[IP_ROW_FLAGS_DF], one, v, FLAG_DF);
	field_bits(l, &ip_rows[IP_ROW_FLAGS_MF], one, v, FLAG_MF);
	field_leave(l, entered, NULL);
	field_bits(l, &ip_rows[IP_ROW_FRAG_OFFSET], where, v, OFFSET_MASK);
}

void
ip_host(struct field_list *l, const struct field *row, struct span addr)
{
	char text[ADDR_TEXT];
	size_t n;

	if (l->wants != NULL && !field_wants_has(l->wants, row))
		return;
	if (addr.n == 4)
		n = addr_write_ipv4(text, addr.p);
	else if (addr.n == 16)
		n = addr_write_ipv6(text, addr.p);
	else
		return;
	field_put_bytes(l, row, addr, arena_copy(l->arena,
	    span_of(text, n)));
}

/* The lengths first: listeners want to know of padding before the rest.
 * Zero is what a network card that cuts segments itself leaves there. */
static void
confine(struct step *s)
{
	struct cursor c = s->c;
	unsigned words = cur_u8(&c) & 0xf;
	uint16_t n;

	cur_skip(&c, 1);
	n = cur_be16(&c);
	if (!cur_ok(&c) || words < 5 || n < words * 4) {
		s->trailer = NULL;
		return;
	}
	step_confine(s, n);
}

/*
 * Straight down the header.  Inlined twice: for all who only want the
 * numbers of a whole header, and for listeners and cut headers.
 */
static inline __attribute__((always_inline)) bool
fixed_read(struct cursor *c, struct field_list *l, size_t all,
    struct fixed *h)
{
	struct span at = span_of(c->base + c->pos, 1), two;
	uint8_t first = cur_u8(c);

	h->version = first >> 4;
	h->words = first & 0xf;
	if (!cur_ok(c))
		return false;
	if (l != NULL) {
		field_put_number(l, &ip_rows[IP_ROW_VERSION], at, h->version);
		if (h->version == 4)
			field_put_number(l, &ip_rows[IP_ROW_HDR_LEN], at,
			    h->words * 4U);
	}
	if (h->version != 4 || h->words < 5)
		return false;
	at = span_of(c->base + c->pos, 1);
	h->dsfield = cur_u8(c);
	if (l != NULL && cur_ok(c))
		dsfield_fields(l, at, h->dsfield);
	two = span_of(c->base + c->pos, 2);
	h->length = cur_be16(c);
	if (l != NULL && cur_ok(c))
		field_put_number(l, &ip_rows[IP_ROW_LEN], two,
		    h->length == 0 ? all : h->length);
	if (h->length != 0 && h->length < h->words * 4)
		return false;
	h->id = read_be16(c, l, &ip_rows[IP_ROW_ID]);
	two = span_of(c->base + c->pos, 2);
	h->flags = cur_be16(c);
	if (l != NULL && cur_ok(c))
		flags_fields(l, two, h->flags);
	h->ttl = read_u8(c, l, &ip_rows[IP_ROW_TTL]);
	h->protocol = read_u8(c, l, &ip_rows[IP_ROW_PROTO]);
	h->checksum = read_be16(c, l, &ip_rows[IP_ROW_CHECKSUM]);
	if (l != NULL && cur_ok(c))
		field_put_number(l, &ip_rows[IP_ROW_CHECKSUM_STATUS],
		    span_empty(), 2);
	h->src = read_bytes(c, 4, l, &ip_rows[IP_ROW_SRC]);
	if (l != NULL && cur_ok(c))
		ip_host(l, &ip_rows[IP_ROW_SRC_HOST], h->src);
	h->dst = cur_take(c, 4);
	return cur_ok(c);
}

static __attribute__((cold)) bool
fixed_listen(struct step *s, size_t all, struct fixed *h)
{
	return fixed_read(&s->c, s->l, all, h);
}

/* A header that could not be read to its end. */
static void
fixed_failed(struct step *s, const struct fixed *h)
{
	enum ip_row why;

	step_fail(s);
	if (!cur_ok(&s->c) || s->l == NULL)
		return;
	why = h->version != 4 ? IP_ROW_BOGUS_VERSION :
	    h->words < 5 ? IP_ROW_BOGUS_HEADER_LENGTH :
	    IP_ROW_BOGUS_LENGTH;
	field_mark(s->l, &ip_rows[why], step_here(s));
}

static void
header_set(struct step *s, const struct fixed *h, size_t all)
{
	struct ip_header *ip = s->ip;

	ip->version = 4;
	ip->ttl = h->ttl;
	ip->protocol = h->protocol;
	ip->dsfield = h->dsfield;
	ip->id = h->id;
	ip->checksum = h->checksum;
	ip->fragment = (h->flags & (FLAG_MF | OFFSET_MASK)) != 0;
	s->p->has_fragment |= ip->fragment && !s->in_error;
	ip->more_fragments = (h->flags & FLAG_MF) != 0;
	ip->dont_fragment = (h->flags & FLAG_DF) != 0;
	ip->reassembled = false;
	ip->fragment_offset = (uint16_t)((h->flags & OFFSET_MASK) << 3);
	ip->total_length = h->length == 0 ? (uint32_t)all : h->length;
	ip->header_length = h->words * 4U;
}

static void
destination(struct step *s, struct span header_dst, struct span dst)
{
	struct field_list *l = s->l;

	step_addr(s->dst, ADDR_IPV4, dst.p, 4);
	if (l == NULL)
		return;
	if (dst.p != header_dst.p) {
		field_put_bytes(l, &ip_rows[IP_ROW_CUR_RT], header_dst,
		    header_dst);
		ip_host(l, &ip_rows[IP_ROW_CUR_RT_HOST], header_dst);
	}
	field_put_bytes(l, &ip_rows[IP_ROW_DST], dst, dst);
	ip_host(l, &ip_rows[IP_ROW_DST_HOST], dst);
}

static bool
payload_is_whole(const struct step *s)
{
	return cur_left(&s->c) != 0 && s->ip->total_length ==
	    s->ip->header_length + cur_left(&s->c);
}

/*
 * A fragment: false when there is nothing more to read in it.  The first one
 * of a datagram that will not be put together is read like any other packet;
 * so is one that an ICMP error quotes: nobody sent it there.
 */
static bool
fragment(struct step *s)
{
	const struct ip_header *ip = s->ip;

	if (s->walk->defrag != NULL && !s->in_error && payload_is_whole(s)) {
		if (ip_defragment(s, ip->id, ip->protocol,
		    ip->fragment_offset, ip->more_fragments))
			return true;
		step_undecoded(s, "ip.fragment", ip->protocol);
		return false;
	}
	if (ip->fragment_offset != 0) {
		step_undecoded(s, "ip.fragment", ip->protocol);
		return false;
	}
	s->first_fragment = true;
	return true;
}

static void
protocol_next(struct step *s, uint8_t protocol)
{
	step_to(s, protocol == 6 ? NEXT_TCP :
	    protocol == 17 ? NEXT_UDP : NEXT_PROTOCOL, protocol);
}

/* Version 6 behind a number that says 4: as Wireshark, read what it is. */
static void
other_version(struct step *s)
{
	struct cursor c = s->c;
	uint8_t first = cur_u8(&c);
	size_t entered;

	entered = field_enter(s->l, &ip_rows[IP_ROW_IP], step_here(s));
	field_number(s->l, &ip_rows[IP_ROW_VERSION],
	    span_of(s->c.base + s->c.pos, 1), first >> 4);
	field_leave(s->l, entered, NULL);
	step_to(s, NEXT_IPV6, 0);
}

static bool
is_version_6(const struct step *s)
{
	struct cursor c = s->c;

	return cur_left(&c) != 0 && cur_u8(&c) >> 4 == 6;
}

/* Whether a source route could stand in options that were cut: not when
 * they end before, and then the destination is the header's. */
static bool
options_end(struct cursor c, size_t all)
{
	size_t end = c.pos + all;
	uint8_t type, length;

	while (cur_left(&c) > 0) {
		type = cur_u8(&c);
		if (type == 0)
			return true;
		if (type == 1)
			continue;
		length = cur_u8(&c);
		if (!cur_ok(&c))
			return false;
		if (length < 2 || length - 2U > end - c.pos)
			return true;
		cur_skip(&c, length - 2U);
	}
	return false;
}

/* Options, destination and fragments; true when a payload follows. */
static bool
rest_read(struct step *s, const struct fixed *h)
{
	struct span options, dst = h->dst;
	struct cursor cut = s->c;

	if (h->words > 5) {
		options = cur_take(&s->c, h->words * 4U - 20);
		if (cur_ok(&s->c))
			ip_options(s, options, &dst);
	}
	if (!cur_ok(&s->c)) {
		if (options_end(cut, h->words * 4U - 20))
			destination(s, h->dst, dst);
		else
			step_addr(s->dst, ADDR_IPV4, dst.p, 4);
		step_fail(s);
		return false;
	}
	destination(s, h->dst, dst);
	return true;
}

/* A header without options that nobody listens to: nearly all of them. */
static bool
plain_read(struct step *s, struct fixed *h)
{
	struct cursor c = cur_open(span_of(s->c.base + s->c.pos, 20));

	if (!fixed_read(&c, NULL, 0, h) || h->words != 5 || h->length == 0)
		return false;
	step_confine(s, h->length);
	(void)step_enter(s, LAYER_IP, NULL);
	cur_skip(&s->c, 20);
	header_set(s, h, h->length);
	step_addr(s->src, ADDR_IPV4, h->src.p, 4);
	step_addr(s->dst, ADDR_IPV4, h->dst.p, 4);
	if (!s->ip->fragment || fragment(s))
		protocol_next(s, h->protocol);
	return true;
}

void
ip_read(struct step *s)
{
	size_t entered, all;
	const uint8_t *end;
	struct fixed h;
	bool good;

	if (s->l == NULL && cur_left(&s->c) >= 20 && plain_read(s, &h))
		return;
	if (s->trailer != NULL)
		confine(s);
	all = cur_claimed_left(&s->c);
	if (is_version_6(s)) {
		other_version(s);
		return;
	}
	entered = step_enter(s, LAYER_IP, &ip_rows[IP_ROW_IP]);
	good = fixed_listen(s, all, &h);
	if (!good) {
		fixed_failed(s, &h);
		step_leave(s, entered);
		return;
	}
	header_set(s, &h, all);
	if (s->l != NULL && h.length > all && !s->in_error)
		field_mark(s->l, &ip_rows[IP_ROW_BOGUS_LENGTH], step_here(s));
	step_addr(s->src, ADDR_IPV4, h.src.p, 4);
	if (h.length != 0)
		step_trim(s, h.length - 20U);
	good = rest_read(s, &h);
	end = s->c.base + s->c.pos;
	if (good && s->ip->fragment)
		good = fragment(s);
	field_leave(s->l, entered, end);
	if (good)
		protocol_next(s, h.protocol);
}
