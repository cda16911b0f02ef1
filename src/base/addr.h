#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/span.h"

/* A network address in network byte order. */
enum addr_kind {
	ADDR_NONE = 0,
	ADDR_IPV4 = 4,
	ADDR_IPV6 = 6,
	ADDR_MAC = 1,
};

struct addr {
	uint8_t kind;      /* enum addr_kind */
	uint8_t bytes[16]; /* 4, 16 or 6 of them; the rest zero */
};

#define ADDR_TEXT 48

struct addr addr_of(enum addr_kind kind, const uint8_t *bytes);
size_t addr_size(enum addr_kind kind);
/* 192.0.2.1, RFC 5952 form for IPv6 (as inet_ntop: ::ffff:1.2.3.4 mixed),
 * 00:11:22:33:44:55.  Returns the length; no NUL is written. */
size_t addr_write(char *out, const struct addr *a);
size_t addr_write_ipv4(char *out, const uint8_t *bytes);
size_t addr_write_ipv6(char *out, const uint8_t *bytes);
size_t addr_write_mac(char *out, const uint8_t *bytes);
/* 192.0.2.1:53 and [2001:db8::1]:53 */
size_t addr_write_port(char *out, const struct addr *a, uint16_t port);
/* Dotted quad, IPv6 in any of its forms, or a MAC with : or -; the whole
 * span. */
bool addr_read(struct span text, struct addr *a);
/* "10.0.0.0/8", or an address alone; *prefix is then all its bits. */
bool addr_read_net(struct span text, struct addr *a, unsigned *prefix);
bool addr_in_net(const struct addr *a, const struct addr *net, unsigned prefix);

/* By words: memcmp() of some libraries goes byte by byte. */
static inline bool
addr_equal(const struct addr *a, const struct addr *b)
{
	uint64_t x[2], y[2];

	memcpy(x, a->bytes, sizeof(x));
	memcpy(y, b->bytes, sizeof(y));
	return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (uint64_t)(a->kind ^ b->kind))
	    == 0;
}

static inline int
addr_compare(const struct addr *a, const struct addr *b)
{
	return memcmp(a, b, sizeof(*a));
}

#endif
