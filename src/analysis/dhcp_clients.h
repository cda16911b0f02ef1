#ifndef ANALYSIS_DHCP_CLIENTS_H
#define ANALYSIS_DHCP_CLIENTS_H

#include "analysis/ranked.h"
#include "proto/dhcp.h"
#include "proto/dhcpv6.h"

/* Who asked, who answered, and who has which address from whom. */
struct dhcp_client {
	bool v6;
	bool acked;                /* was ever given something */
	bool local;                /* locally administered MAC */
	struct span mac;           /* or DUID without one: empty */
	struct span host_name, vendor_class;
	struct span asked_for;     /* option 55, or 6 of version 6 */
	uint64_t discovers, requests;
	uint64_t first_frame, last_frame;
};

struct dhcp_server {
	bool v6;
	struct addr source;        /* whom its messages came from, first */
	bool several_sources;
	uint64_t offers, acks, naks;
	uint64_t first_frame, last_frame;
};

enum dhcp_lease_state {
	DHCP_LEASE_BOUND,
	DHCP_LEASE_RELEASED,
	DHCP_LEASE_DECLINED,
};

struct dhcp_lease {
	uint32_t client, server;   /* entries + 1; 0 none */
	struct addr address;
	uint8_t prefix;            /* of a delegated prefix; 0: an address */
	uint8_t state;             /* enum dhcp_lease_state */
	uint32_t seconds;          /* 0: nobody said */
	uint64_t acks;
	uint64_t first_frame, last_frame;
	struct timestamp last;
};

struct dhcp_clients {
	struct table clients;      /* struct dhcp_client */
	uint32_t last;             /* the one before + 1; 0 none */
	struct table servers;      /* struct dhcp_server */
	struct table leases;       /* struct dhcp_lease */
	struct arena texts;
};

void dhcp_clients_init(struct dhcp_clients *c);
void dhcp_clients_free(struct dhcp_clients *c);
/* Entry + 1 of the client, new if need be; 0 when there is no more room. */
uint32_t dhcp_client_note(struct dhcp_clients *c, const struct dhcp_message *m,
    struct arena *arena, uint64_t frame);
uint32_t dhcp_client_note_v6(struct dhcp_clients *c,
    const struct dhcpv6_message *m, uint64_t frame);
/* By server identifier, DUID or source address; `source` is NULL when it is
 * only named. */
uint32_t dhcp_server_note(struct dhcp_clients *c, struct span id, bool v6,
    const struct addr *source, uint64_t frame);
struct dhcp_client *dhcp_client_at(const struct dhcp_clients *c, uint32_t n);
struct dhcp_server *dhcp_server_at(const struct dhcp_clients *c, uint32_t n);
/* NULL when there is no more room. */
struct dhcp_lease *dhcp_lease_of(struct dhcp_clients *c, uint32_t client,
    const struct addr *address, uint8_t prefix);

void dhcp_clients_report(const struct dhcp_clients *c, struct json *j,
    size_t clients_bytes, size_t servers_bytes);
void dhcp_leases_report(const struct dhcp_clients *c, struct json *j,
    size_t max_bytes);
/* The MAC address, else the identifier, as a value of a row. */
void dhcp_client_write(const struct dhcp_clients *c, struct json *j,
    uint32_t n);
void dhcp_server_write(const struct dhcp_clients *c, struct json *j,
    uint32_t n);

#endif
