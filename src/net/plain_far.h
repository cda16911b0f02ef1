#ifndef NET_PLAIN_FAR_H
#define NET_PLAIN_FAR_H

#include "base/bytes.h"
#include "net/plain.h"

/*
 * A look at every packet of a capture, for a loop of the caller's own: as few
 * instructions as can be, in which mostly what one word has decides.  Whatever
 * is not as expected is not far, and others look again.
 *
 * Below PLAIN_KINDS it is far, and that is its kind.
 */
#define FAR_NEAR PLAIN_KINDS      /* plain_glances() may look */
#define FAR_NOT (PLAIN_KINDS + 1) /* no plain packet */

#define FAR_ETH 14
#define FAR_TAG 4
#define FAR_IPV4 20
#define FAR_IPV6 40
#define FAR_TCP 20
#define FAR_UDP 8
#define FAR_TYPE_AT 12
#define FAR_LEAST (FAR_ETH + FAR_IPV4 + FAR_TCP)

/* The type of Ethernet and the first byte of the network header as one number,
 * in little-endian order: IPv4 without options, and IPv6. */
#define FAR_TYPE_TAG 0x0081
#define FAR_TYPE_IPV4 0x450008
#define FAR_TYPE_IPV6 0x60dd86
#define FAR_MASK_TAG 0xffff
#define FAR_MASK_IPV4 0xffffff
#define FAR_MASK_IPV6 0xf0ffff

/* What is captured of a packet behind Ethernet, and its length. */
struct far_packet {
	const uint8_t *p;
	size_t n;
	uint32_t len;
};

/* What is behind a network header: where it is, how many bytes of it are
 * there and how many there should be, protocol and hops as one number. */
struct far_behind {
	const uint8_t *p;
	size_t end, all;
	unsigned next, kind;
};

/* What few packets are: whether a bit of theirs is set, an echo, and ARP. */
bool far_is_rare(const uint64_t *bits, bool udp, const uint8_t *ports);
unsigned far_echo(const struct glance_near *near, const uint8_t *p,
    unsigned next, unsigned kind);
unsigned far_arp(const struct glance_near *near, const uint8_t *p, size_t n);

/* A protocol with more than few hops left. */
static inline bool
far_is_next(unsigned next, unsigned protocol)
{
	return next - (protocol << 8 | (PLAIN_FEW_HOPS + 1)) <
	    0xff - PLAIN_FEW_HOPS;
}

static inline uint16_t
far_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

/* Among the near ones, of two bytes as they stand in a packet: most servers'
 * ports are then none of what clients choose. */
static inline unsigned
far_port(const uint8_t *p)
{
	return (unsigned)(p[0] | p[1] << 8) >> 6;
}

/* Of `all` claimed bytes behind the network header, which ends at `p`, those
 * that were captured.  More than were is one comparison, and less than nothing
 * as well. */
static inline __attribute__((always_inline)) bool
far_behind_set(const struct far_packet *r, const uint8_t *p, size_t captured,
    size_t all, struct far_behind *b)
{
	b->p = p;
	b->end = b->all = all;
	if (__builtin_expect(all > captured, 0)) {
		if (all > UINT16_MAX || (uint64_t)(p - r->p) + all > r->len)
			return false;
		b->end = captured;
	}
	return true;
}

/* At `p` Ethernet's type, and `n` bytes from there on. */
static inline __attribute__((always_inline)) bool
far_network(const struct far_packet *r, const uint8_t *p, size_t n,
    uint32_t type, struct far_behind *b)
{
	if ((type & FAR_MASK_IPV4) == FAR_TYPE_IPV4) {
		b->next = far_le16(p + 10);
		return (far_le16(p + 8) & 0xff3f) == 0 &&
		    far_behind_set(r, p + 2 + FAR_IPV4, n - 2 - FAR_IPV4,
		    (size_t)word_be16(p + 4) - FAR_IPV4, b);
	}
	b->next = word_be16(p + 8);
	b->kind |= PLAIN_IPV6;
	return n >= 2 + FAR_IPV6 + FAR_TCP &&
	    far_behind_set(r, p + 2 + FAR_IPV6, n - 2 - FAR_IPV6,
	    word_be16(p + 6), b);
}

/* Whose may a payload be that begins so?  Without a branch on whether there
 * is one, which would often be guessed wrong: where there is none, the
 * header's last bytes stand for its first, and are not asked of. */
static inline __attribute__((always_inline)) unsigned
far_begins(const struct glance_near *near, const struct far_behind *b,
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
static inline __attribute__((always_inline)) unsigned
far_transport(const struct glance_near *near, const struct far_behind *b,
    size_t header, unsigned over, unsigned kind)
{
	unsigned found = (near->ports[far_port(b->p)] |
	    near->ports[far_port(b->p + 2)]) & over;
	unsigned whose = over == NEAR_UDP ? near->over_udp : near->over_tcp;
	const uint64_t *rare = over == NEAR_UDP ? near->more : near->sums;

	if (whose != 0)
		found |= far_begins(near, b, header, whose);
	if (rare != NULL)
		found |= far_is_rare(rare, over == NEAR_UDP, b->p);
	return found == 0 ? kind : FAR_NEAR;
}

static inline __attribute__((always_inline)) unsigned
far_see(const struct glance_near *near, const struct far_packet r)
{
	const uint8_t *p = r.p + FAR_TYPE_AT;
	size_t n = r.n - FAR_TYPE_AT, header;
	struct far_behind b BYTES_UNSET;
	uint32_t type;

	if (r.n < FAR_LEAST)
		return far_arp(near, r.p, r.n);
	b.kind = 0;
	type = word_le32(p);
	if ((type & FAR_MASK_TAG) == FAR_TYPE_TAG) {
		b.kind = PLAIN_VLAN;
		p += FAR_TAG;
		n -= FAR_TAG;
		if (n < FAR_LEAST - FAR_TYPE_AT)
			return far_arp(near, r.p, r.n);
		type = word_le32(p);
	}
	if ((type & FAR_MASK_IPV4) != FAR_TYPE_IPV4 &&
	    (type & FAR_MASK_IPV6) != FAR_TYPE_IPV6)
		return far_arp(near, r.p, r.n);
	if (!far_network(&r, p, n, type, &b))
		return FAR_NOT;
	if (far_is_next(b.next, 6)) {
		header = (b.p[12] & 0xf0U) >> 2;
		return header < FAR_TCP || header > b.end ? FAR_NOT :
		    far_transport(near, &b, header, NEAR_TCP, b.kind);
	}
	if (b.end < FAR_UDP)
		return FAR_NOT;
	if (!far_is_next(b.next, 17))
		return far_echo(near, b.p, b.next, b.kind);
	return word_be16(b.p + 4) != b.all ? FAR_NOT :
	    far_transport(near, &b, FAR_UDP, NEAR_UDP, b.kind | PLAIN_UDP);
}

#endif
