#ifndef PROTO_DHCP_H
#define PROTO_DHCP_H

#include "proto/proto.h"

/* DHCP (RFC 2131, options RFC 2132 and later) and BOOTP (RFC 951). */
extern const struct proto proto_dhcp;

enum dhcp_type {
	DHCP_BOOTP = 0, /* no option 53 */
	DHCP_DISCOVER, DHCP_OFFER, DHCP_REQUEST, DHCP_DECLINE, DHCP_ACK,
	DHCP_NAK, DHCP_RELEASE, DHCP_INFORM,
	DHCP_UNKNOWN = 256, /* what may have told it was cut off, or broken */
};

/* What an option's value is made of. */
enum dhcp_kind {
	DHCP_HEX, /* anything */
	DHCP_IPV4, DHCP_IPV4S,
	DHCP_PAIRS,   /* of IPv4 addresses */
	DHCP_TEXT,
	DHCP_U8, DHCP_U8S, DHCP_U16, DHCP_U16S, DHCP_U32, DHCP_I32,
	DHCP_SECONDS, /* 32 bits */
	DHCP_TIME,    /* 32 bits, since 1970 */
	DHCP_BOOL,
	DHCP_MARK,    /* empty */
	DHCP_TYPE, DHCP_OVERLOAD,
	DHCP_DOMAINS, /* RFC 3397 */
	DHCP_ROUTES,  /* RFC 3442 */
	DHCP_CLIENT_ID, DHCP_UUID, DHCP_NETWORK_ID,
	DHCP_FQDN,    /* RFC 4702 */
	DHCP_RELAY,   /* RFC 3046 */
	DHCP_VENDOR,  /* as the vendor class says */
	DHCP_USER_CLASS, DHCP_VI_CLASS, DHCP_VI, DHCP_NWIP, DHCP_AUTH,
	DHCP_CIVIC, DHCP_SIP, DHCP_SLP_AGENT, DHCP_SLP_SCOPE, DHCP_RDNSS,
	DHCP_STATUS, DHCP_SIXRD,
};

struct dhcp_option_row {
	const char *name; /* "subnet_mask"; NULL: not known */
	uint8_t kind;     /* enum dhcp_kind */
	uint16_t row;     /* of its first field; 0: none of its own */
};

/* Never NULL; the name of an unknown option is. */
const struct dhcp_option_row *dhcp_option_row(uint8_t code);

/* One option, all of its pieces together (RFC 3396). */
struct dhcp_option {
	uint8_t code;
	uint8_t area; /* of the first; see dhcp_pieces.c */
	struct span data;
};

struct dhcp_message {
	uint8_t op, htype, hlen, hops;
	uint16_t type;         /* enum dhcp_type, or what else a byte says */
	uint32_t xid;
	uint16_t secs, flags;
	struct addr client, your, server, relay;
	struct span hardware;  /* hlen bytes of the client's address */
	struct span server_name, file; /* empty when they hold options */
	bool cookie;           /* options follow */
	bool end;              /* their end was seen */
	bool whole;            /* nothing was cut off */
	uint8_t overload;
	size_t n_options;
	const struct dhcp_option *options; /* in the order of appearance */
};

/* NULL when the message has none of that number. */
const struct dhcp_option *dhcp_option(const struct dhcp_message *m,
    uint8_t code);
bool dhcp_option_ipv4(const struct dhcp_message *m, uint8_t code,
    struct addr *a);
bool dhcp_option_u32(const struct dhcp_message *m, uint8_t code,
    uint32_t *value);

/*
 * One route of options 121 and 249, at the cursor: 10.1.2.0/24 by a router.
 * False at the end and when it cannot be.
 */
bool dhcp_route_read(struct cursor *c, struct addr *net, uint8_t *prefix,
    struct addr *router);
/* The client's name of option 81 as text, however it is encoded; empty when
 * there is none. */
struct span dhcp_fqdn(const struct dhcp_message *m, struct arena *arena);

#endif
