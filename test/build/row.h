#ifndef TEST_BUILD_ROW_H
#define TEST_BUILD_ROW_H

#include "build/fixture.h"

/* Where the number of the next layer is looked up. */
enum space {
	ETHER = 1, /* ether types */
	PROTO,     /* IP protocol numbers */
	PPP,
	SPACES,
};

enum sum {
	SUM_NONE,
	SUM_HEADER, /* over the header: IPv4 */
	SUM_ALL,    /* over all: ICMP, IGMP */
	SUM_PSEUDO, /* with the pseudo header: TCP, UDP, ICMPv6 */
	SUM_CRC32C, /* SCTP */
};

enum kind {
	HEADER,
	TEXT,
	HEX,
	NUMBER,
	FILL,
	NAME,
	GROUP,
	CLOSE,
};

/*
 * A header is drawn as its fields: name:type=default.  The type is a number
 * of bits, with "le" when little endian, or mac, ip, ip6, bytesN (hex, any
 * length, padded to a multiple of N).  What a default of @... means is in
 * computed().
 */
struct row {
	const char *name;
	const char *fields;
	enum space space;
	uint16_t number[SPACES];
	enum sum sum;
	enum kind kind;
	size_t width; /* bytes of a NUMBER or of a GROUP's length */
	bool little;
};

/* NULL when there is no layer of that name. */
const struct row *row_find(const char *name);

/* Header number `at` of the layers, with `rest` behind it. */
struct bytes header_build(
    const struct layers *l, size_t at, const struct bytes *rest);

#endif
