#include "fetch/address.h"

#include <netinet/in.h>
#include <sys/socket.h>

struct net {
	uint8_t bytes[4];
	unsigned prefix;
};

/* RFC 6890 and its registry: not reachable from everywhere. */
static const struct net closed_ipv4[] = {
	{ { 0 }, 8 },              /* this network */
	{ { 10 }, 8 },             /* private */
	{ { 100, 64 }, 10 },       /* carrier-grade NAT */
	{ { 127 }, 8 },            /* loopback */
	{ { 169, 254 }, 16 },      /* link-local, cloud metadata */
	{ { 172, 16 }, 12 },       /* private */
	{ { 192, 0, 0 }, 24 },     /* protocol assignments */
	{ { 192, 0, 2 }, 24 },     /* documentation */
	{ { 192, 88, 99 }, 24 },   /* 6to4 relays */
	{ { 192, 168 }, 16 },      /* private */
	{ { 198, 18 }, 15 },       /* benchmarks */
	{ { 198, 51, 100 }, 24 },  /* documentation */
	{ { 203, 0, 113 }, 24 },   /* documentation */
	{ { 224 }, 4 },            /* multicast */
	{ { 240 }, 4 },            /* reserved, broadcast */
};

/* Inside 2000::/3, which alone is open. */
static const struct net closed_ipv6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },       /* assignments, Teredo, ORCHID */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x3f, 0xff }, 20 },             /* documentation */
};

static bool
is_in(const struct addr *a, const struct net *nets, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct addr net = { .kind = a->kind };

		memcpy(net.bytes, nets[i].bytes, sizeof(nets[i].bytes));
		if (addr_in_net(a, &net, nets[i].prefix))
			return true;
	}
	return false;
}

/* The IPv4 address that an IPv6 one carries; false: none. */
static bool
unwrap(const struct addr *a, struct addr *inner)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(a->bytes, mapped, 12) == 0 ||
	    memcmp(a->bytes, nat64, 12) == 0)
		*inner = addr_of(ADDR_IPV4, a->bytes + 12);
	else if (a->bytes[0] == 0x20 && a->bytes[1] == 0x02)
		*inner = addr_of(ADDR_IPV4, a->bytes + 2);
	else
		return false;
	return true;
}

bool
address_is_public(const struct addr *a)
{
	struct addr inner;

	if (a->kind == ADDR_IPV6 && !unwrap(a, &inner))
		return a->bytes[0] >> 5 == 1 &&
		    !is_in(a, closed_ipv6, LENGTH(closed_ipv6));
	if (a->kind == ADDR_IPV4)
		inner = *a;
	else if (a->kind != ADDR_IPV6)
		return false;
	return !is_in(&inner, closed_ipv4, LENGTH(closed_ipv4));
}

struct addr
address_of(const struct sockaddr *sa)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	uint8_t bytes[16];

	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		memcpy(bytes, &v4.sin_addr, 4);
		return addr_of(ADDR_IPV4, bytes);
	}
	if (sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof(v6));
		memcpy(bytes, &v6.sin6_addr, 16);
		if (v6.sin6_scope_id == 0)
			return addr_of(ADDR_IPV6, bytes);
	}
	return (struct addr){ .kind = ADDR_NONE };
}
