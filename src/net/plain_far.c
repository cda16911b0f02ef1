#include "net/plain_far.h"

#include "net/transport.h"

#define ARP 28

/* What is asked of hardly any capture. */
bool
far_is_rare(const uint64_t *bits, bool udp, const uint8_t *ports)
{
	uint16_t sport = word_be16(ports), dport = word_be16(ports + 2);
	uint16_t sum = ports_sum(sport, dport);

	return udp ? ports_have(bits, sport, dport) :
	    (bits[sum / 64] >> sum % 64 & 1) != 0;
}

/* Whose id and number are there. */
__attribute__((cold)) unsigned
far_echo(const struct glance_near *near, const uint8_t *p, unsigned next,
    unsigned kind)
{
	bool ipv6 = (kind & PLAIN_IPV6) != 0;

	return !near->others && far_is_next(next, ipv6 ? 58 : 1) &&
	    (ipv6 ? (*p | 1) == 129 : (*p | 8) == 8) ? kind | PLAIN_ECHO :
	    FAR_NOT;
}

/* All four addresses, of Ethernet and IPv4. */
__attribute__((cold)) unsigned
far_arp(const struct glance_near *near, const uint8_t *p, size_t n)
{
	unsigned kind = PLAIN_ARP;

	if (near->others || n < FAR_ETH + FAR_TAG + ARP)
		return FAR_NOT;
	if (word_be16(p + 12) == 0x8100) {
		kind |= PLAIN_VLAN;
		p += FAR_TAG;
	}
	return word_be16(p + 12) == 0x0806 && p[FAR_ETH + 4] == 6 &&
	    p[FAR_ETH + 5] == 4 ? kind : FAR_NOT;
}

uint32_t
plain_far(const struct record *records, size_t n,
    const struct glance_near *near, struct glance *glances, uint32_t *look)
{
	uint32_t far = 0, bit = 1;

	*look = 0;
	for (size_t i = 0; i < n; i++, bit <<= 1) {
		const struct record *r = &records[i];
		unsigned seen = FAR_NOT;

		if (r->link == 1)
			seen = far_see(near, (struct far_packet){ r->bytes.p,
			    r->bytes.n, r->len });
		glances[i].kind = (uint8_t)seen;
		if (seen < PLAIN_KINDS)
			far |= bit;
		else if (seen == FAR_NEAR)
			*look |= bit;
	}
	return far;
}

bool
plain_here(const struct record *r, const struct glance_near *near,
    struct glance *g)
{
	const uint8_t *p = r->bytes.p + FAR_ETH;
	size_t n = r->bytes.n, all;
	unsigned kind = PLAIN_UDP;

	if (near->here == NULL)
		return false;
	if (word_be16(p - 2) == 0x8100) {
		kind |= PLAIN_VLAN;
		p += FAR_TAG;
	}
	if (word_be16(p - 2) == 0x86dd) {
		kind |= PLAIN_IPV6;
		g->protocol = p[6];
		g->hops = p[7];
		p += FAR_IPV6;
	} else {
		g->protocol = p[9];
		g->hops = p[8];
		p += FAR_IPV4;
	}
	g->sport = word_be16(p);
	g->dport = word_be16(p + 2);
	n -= (size_t)(p - r->bytes.p);
	all = word_be16(p + 4);
	/* The other port may be a tunnel's. */
	if (g->protocol != 17 || all == FAR_UDP || n == FAR_UDP ||
	    !ports_have_low(near->here, g->sport, g->dport) ||
	    udp_tunnels(g->sport) || udp_tunnels(g->dport))
		return false;
	g->payload = span_of(p + FAR_UDP, (n < all ? n : all) - FAR_UDP);
	g->claimed = (uint32_t)(all - FAR_UDP);
	g->kind = (uint8_t)kind;
	g->at = (uint8_t)(p - r->bytes.p);
	return true;
}

static __attribute__((cold)) void
port_set(struct glance_near *near, size_t port, unsigned over)
{
	const uint8_t bytes[2] = { (uint8_t)(port >> 8), (uint8_t)port };

	near->ports[far_port(bytes)] |= (uint8_t)over;
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
