#include "net/community_id.h"

#include "base/digest.h"

#define ICMP 1
#define ICMPV6 58

/* Types that answer each other; all others go one way and keep their code. */
struct icmp_pair {
	uint8_t protocol;
	uint8_t one, other;
};

static const struct icmp_pair pairs[] = {
	{ ICMP, 8, 0 },
	{ ICMP, 13, 14 },
	{ ICMP, 15, 16 },
	{ ICMP, 17, 18 },
	{ ICMP, 10, 9 },
	{ ICMPV6, 128, 129 },
	{ ICMPV6, 130, 131 },
	{ ICMPV6, 133, 134 },
	{ ICMPV6, 135, 136 },
	{ ICMPV6, 139, 140 },
	{ ICMPV6, 144, 145 },
};

/* Puts the answering type in the place of the code; false: one way. */
static bool
icmp_ports(uint8_t protocol, uint16_t type, uint16_t *answer)
{
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		if (pairs[i].protocol != protocol)
			continue;
		if (pairs[i].one == type)
			*answer = pairs[i].other;
		else if (pairs[i].other == type)
			*answer = pairs[i].one;
		else
			continue;
		return true;
	}
	return false;
}

/* The smaller end stands first, by address bytes, then by port. */
static bool
is_ordered(const struct addr *src, uint16_t sport, const struct addr *dst,
    uint16_t dport)
{
	int order = memcmp(src->bytes, dst->bytes, addr_size(src->kind));

	return order < 0 || (order == 0 && sport <= dport);
}

static size_t
base64(char *out, const uint8_t *p, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t length = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t word = (uint32_t)p[i] << 16;

		if (i + 1 < n)
			word |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			word |= p[i + 2];
		out[length++] = letters[word >> 18];
		out[length++] = letters[word >> 12 & 63];
		out[length++] = i + 1 < n ? letters[word >> 6 & 63] : '=';
		out[length++] = i + 2 < n ? letters[word & 63] : '=';
	}
	return length;
}

size_t
community_id(char *out, uint8_t protocol, const struct addr *src,
    uint16_t sport, const struct addr *dst, uint16_t dport)
{
	static const uint8_t seed[2] = { 0, 0 };
	bool both_ways = true, swap;
	struct digest d;
	uint8_t hash[DIGEST_MAX], tail[6];
	size_t n;

	if (protocol == ICMP || protocol == ICMPV6)
		both_ways = icmp_ports(protocol, sport, &dport);
	swap = both_ways && !is_ordered(src, sport, dst, dport);
	tail[0] = protocol;
	tail[1] = 0;
	tail[2] = (uint8_t)((swap ? dport : sport) >> 8);
	tail[3] = (uint8_t)(swap ? dport : sport);
	tail[4] = (uint8_t)((swap ? sport : dport) >> 8);
	tail[5] = (uint8_t)(swap ? sport : dport);
	digest_init(&d, DIGEST_SHA1);
	digest_add(&d, span_of(seed, sizeof(seed)));
	digest_add(&d, span_of(swap ? dst->bytes : src->bytes,
	    addr_size(src->kind)));
	digest_add(&d, span_of(swap ? src->bytes : dst->bytes,
	    addr_size(dst->kind)));
	digest_add(&d, span_of(tail, sizeof(tail)));
	n = digest_end(&d, hash);
	out[0] = '1';
	out[1] = ':';
	return 2 + base64(out + 2, hash, n);
}
