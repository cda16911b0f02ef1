#ifndef PROTO_DHCPV6_H
#define PROTO_DHCPV6_H

#include "proto/proto.h"

/* DHCPv6 (RFC 8415), relayed or not. */
extern const struct proto proto_dhcpv6;

enum dhcpv6_type {
	DHCPV6_SOLICIT = 1, DHCPV6_ADVERTISE, DHCPV6_REQUEST, DHCPV6_CONFIRM,
	DHCPV6_RENEW, DHCPV6_REBIND, DHCPV6_REPLY, DHCPV6_RELEASE,
	DHCPV6_DECLINE, DHCPV6_RECONFIGURE, DHCPV6_INFORMATION,
	DHCPV6_RELAY_FORW, DHCPV6_RELAY_REPL,
};

enum dhcpv6_lease_kind {
	DHCPV6_LEASE_NA = 3, /* numbers of the options */
	DHCPV6_LEASE_TA = 4,
	DHCPV6_LEASE_PD = 25,
};

/* An address or prefix with its association. */
struct dhcpv6_lease {
	uint8_t kind;       /* enum dhcpv6_lease_kind; 0: in no association */
	uint8_t prefix;     /* 128, or the length of the prefix */
	uint32_t iaid, t1, t2;
	struct addr address;
	uint32_t preferred, valid;
};

struct dhcpv6_option {
	uint16_t code;
	struct span data;
};

#define DHCPV6_RELAYS 16 /* nesting of relays, and no more */

struct dhcpv6_message {
	uint8_t type;       /* of the message inside all relays */
	uint8_t outer_type; /* as it is on the wire */
	uint8_t relays;
	uint32_t xid;
	bool has_xid;       /* not a relay without a message in it */
	struct addr link, peer; /* of the relay nearest to the client */
	struct span client_id, server_id; /* DUIDs */
	bool rapid_commit;
	bool has_status;    /* the message's own */
	uint16_t status;
	uint32_t associations; /* IA_NA, IA_TA and IA_PD */
	uint32_t iaid;      /* of the first of them */
	uint16_t iaid_kind; /* enum dhcpv6_lease_kind; 0 none */
	size_t n_leases;
	const struct dhcpv6_lease *leases;
	size_t n_options;   /* of the message inside all relays */
	const struct dhcpv6_option *options;
};

const struct dhcpv6_option *dhcpv6_option(const struct dhcpv6_message *m,
    uint16_t code);
/* The link-layer address in a DUID (kinds 1 and 3), else empty. */
struct span dhcpv6_duid_mac(struct span duid);

#endif
