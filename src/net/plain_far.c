#include "net/plain.h"

#include "base/bytes.h"
#include "base/word.h"
#include "net/transport.h"

/*
 * A look at every packet of a capture: as few instructions as can be, in
 * which mostly what one word has decides.  Whatever is not as expected is not
 * far, and others look again.
 */
#define ETH 14
#define TAG 4
#define IPV4 20
#define IPV6 40
#define TCP 20
#define UDP 8
#define ARP 28
#define TYPE_AT 12
#define LEAST (ETH + IPV4 + TCP)

/* The type of Ethernet and the first byte of the network header as one number,
 * in little-endian order: IPv4 without options, and IPv6. */
#define TYPE_TAG 0x0081
#define TYPE_IPV4 0x450008
#define TYPE_IPV6 0x60dd86
#define MASK_TAG 0xffff
#define MASK_IPV4 0xffffff
#define MASK_IPV6 0xf0ffff

/* What is behind a network header: where it is, how many bytes of it are
 * there and how many there should be, protocol and hops as one number. */
struct behind {
	const uint8_t *p;
	size_t end, all;
	unsigned next, kind;
};

/* A protocol with more than few hops left. */
static inline bool
is_next(unsigned next, unsigned protocol)
{
	return next - (protocol << 8 | (PLAIN_FEW_HOPS + 1)) <
	    0xff - PLAIN_FEW_HOPS;
}

static inline uint16_t
word_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

/* Among the near ones, of two bytes as they stand in a packet: most servers'
 * ports are then none of what clients choose. */
static inline unsigned
port_near(const uint8_t *p)
{
	return (unsigned)(p[0] | p[1] << 8) >> 6;
}

/* What is asked of hardly any capture. */
static __attribute__((noinline)) bool
is_rarely_near(const uint64_t *bits, bool udp, const uint8_t *ports)
{
	uint16_t sport = word_be16(ports), dport = word_be16(ports + 2);
	uint16_t sum = ports_sum(sport, dport);

	return udp ? ports_have(bits, sport, dport) :
	    (bits[sum / 64] >> sum % 64 & 1) != 0;
}

/* Whose id and number are there. */
static __attribute__((cold, noinline)) bool
echo_is_far(const struct glance_near *near, const uint8_t *p, unsigned next,
    unsigned kind, struct glance *g)
{
	bool ipv6 = (kind & PLAIN_IPV6) != 0;

	g->kind = (uint8_t)(kind | PLAIN_ECHO);
	return !near->others && is_next(next, ipv6 ? 58 : 1) &&
	    (ipv6 ? (*p | 1) == 129 : (*p | 8) == 8);
}

/* All four addresses, of Ethernet and IPv4. */
static __attribute__((cold, noinline)) bool
arp_is_far(const struct glance_near *near, const struct record *r,
    struct glance *g)
{
	const uint8_t *p = r->bytes.p;

	if (near->others || r->link != 1 || r->bytes.n < ETH + TAG + ARP)
		return false;
	g->kind = PLAIN_ARP;
	if (word_be16(p + 12) == 0x8100) {
		g->kind |= PLAIN_VLAN;
		p += TAG;
	}
	return word_be16(p + 12) == 0x0806 && p[ETH + 4] == 6 &&
	    p[ETH + 5] == 4;
}

/* Of `all` claimed bytes behind the network header, which ends at `p`, those
 * that were captured.  More than were is one comparison, and less than nothing
 * as well. */
static inline __attribute__((always_inline)) bool
behind_set(const struct record *r, const uint8_t *p, size_t captured,
    size_t all, struct behind *b)
{
	b->p = p;
	b->end = b->all = all;
	if (__builtin_expect(all > captured, 0)) {
		if (all > UINT16_MAX ||
		    (uint64_t)(p - r->bytes.p) + all > r->len)
			return false;
		b->end = captured;
	}
	return true;
}

/* At `p` Ethernet's type, and `n` bytes from there on. */
static inline __attribute__((always_inline)) bool
network_see(const struct record *r, const uint8_t *p, size_t n, uint32_t type,
    struct behind *b)
{
	if ((type & MASK_IPV4) == TYPE_IPV4) {
		b->next = word_le16(p + 10);
		return (word_le16(p + 8) & 0xff3f) == 0 &&
		    behind_set(r, p + 2 + IPV4, n - 2 - IPV4,
		    (size_t)word_be16(p + 4) - IPV4, b);
	}
	b->next = word_be16(p + 8);
	b->kind |= PLAIN_IPV6;
	return n >= 2 + IPV6 + TCP &&
	    behind_set(r, p + 2 + IPV6, n - 2 - IPV6, word_be16(p + 6), b);
}

/* Whose may a payload be that begins so?  Without a branch on whether there
 * is one, which would often be guessed wrong: where there is none, the
 * header's last bytes stand for its first, and are not asked of. */
static inline __attribute__((always_inline)) unsigned
begins_whose(const struct glance_near *near, const struct behind *b,
    size_t header, unsigned whose)
{
	size_t two = b->end > header + 1;
	const uint8_t *p = b->p + header - 2 + 2 * two;

	if (b->end == header + 1)
		return near->first[p[2]] & whose;
	return near->first[p[0]] & near->second[p[1]] & whose &
	    (unsigned)(0 - two);
}

/* Whether nobody is near. */
static inline __attribute__((always_inline)) bool
transport_is_far(const struct glance_near *near, const struct behind *b,
    size_t header, unsigned over, uint32_t *look, uint32_t bit)
{
	unsigned found = (near->ports[port_near(b->p)] |
	    near->ports[port_near(b->p + 2)]) & over;
	unsigned whose = over == NEAR_UDP ? near->over_udp : near->over_tcp;
	const uint64_t *rare = over == NEAR_UDP ? near->more : near->sums;

	if (whose != 0)
		found |= begins_whose(near, b, header, whose);
	if (rare != NULL)
		found |= is_rarely_near(rare, over == NEAR_UDP, b->p);
	if (found == 0)
		return true;
	*look |= bit;
	return false;
}

static inline __attribute__((always_inline)) bool
is_far(const struct glance_near *near, const struct record *r,
    struct glance *g, uint32_t *look, uint32_t bit)
{
	const uint8_t *p = r->bytes.p + TYPE_AT;
	size_t n = r->bytes.n - TYPE_AT, header;
	struct behind b BYTES_UNSET;
	uint32_t type;

	if (r->link != 1 || r->bytes.n < LEAST)
		return arp_is_far(near, r, g);
	b.kind = 0;
	type = word_le32(p);
	if ((type & MASK_TAG) == TYPE_TAG) {
		b.kind = PLAIN_VLAN;
		p += TAG;
		n -= TAG;
		if (n < LEAST - TYPE_AT)
			return arp_is_far(near, r, g);
		type = word_le32(p);
	}
	if ((type & MASK_IPV4) != TYPE_IPV4 && (type & MASK_IPV6) != TYPE_IPV6)
		return arp_is_far(near, r, g);
	if (!network_see(r, p, n, type, &b))
		return false;
	if (is_next(b.next, 6)) {
		header = (b.p[12] & 0xf0U) >> 2;
		g->kind = (uint8_t)b.kind;
		return header >= TCP && header <= b.end &&
		    transport_is_far(near, &b, header, NEAR_TCP, look, bit);
	}
	if (b.end < UDP)
		return false;
	if (!is_next(b.next, 17))
		return echo_is_far(near, b.p, b.next, b.kind, g);
	g->kind = (uint8_t)(b.kind | PLAIN_UDP);
	return word_be16(b.p + 4) == b.all &&
	    transport_is_far(near, &b, UDP, NEAR_UDP, look, bit);
}

uint32_t
plain_far(const struct record *records, size_t n,
    const struct glance_near *near, struct glance *glances, uint32_t *look)
{
	uint32_t far = 0, bit = 1;

	*look = 0;
	for (size_t i = 0; i < n; i++, bit <<= 1)
		if (is_far(near, &records[i], &glances[i], look, bit))
			far |= bit;
	return far;
}

static __attribute__((cold)) void
port_set(struct glance_near *near, size_t port, unsigned over)
{
	const uint8_t bytes[2] = { (uint8_t)(port >> 8), (uint8_t)port };

	near->ports[port_near(bytes)] |= (uint8_t)over;
}

__attribute__((cold)) void
plain_near_begin(struct glance_near *near)
{
	for (unsigned port = TUNNELS_FIRST; port <= TUNNELS_LAST; port++)
		if (udp_tunnels((uint16_t)port))
			port_set(near, port, NEAR_UDP);
}

__attribute__((cold)) void
plain_near(struct glance_near *near, const uint64_t ports[1024],
    unsigned over)
{
	for (size_t i = 0; i < 1024; i++)
		for (uint64_t left = ports[i]; left != 0; left &= left - 1)
			port_set(near, i * 64 +
			    (size_t)__builtin_ctzll(left), over);
}
