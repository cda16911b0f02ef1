#ifndef ANALYSIS_DHCP_H
#define ANALYSIS_DHCP_H

#include "analysis/analyzer.h"
#include "analysis/dhcp_clients.h"
#include "analysis/latency.h"
#include "analysis/listing.h"
#include "analysis/rows.h"
#include "proto/dhcp.h"
#include "proto/dhcpv6.h"

/*
 * DHCP and DHCPv6: mcpcap's list of messages and beyond it leases, servers,
 * refusals, and measurements of starvation.
 */

#define DHCP_TRANSACTION_STEPS 6 /* noted of each; more are counted */
#define DHCP_REFUSALS 200

struct dhcp_step {
	uint64_t frame;
	struct timestamp time;
	uint16_t type;
};

/* The messages of one transaction ID. */
struct dhcp_transaction {
	bool v6;
	bool several_servers;       /* offers of more than one */
	bool unclear;               /* an answer, of a type that was cut off */
	uint32_t steps_n;           /* all of them */
	uint32_t server;            /* entry of the first that offered + 1 */
	uint32_t types;             /* a bit a message type below 32 */
	struct timestamp asked;     /* last DISCOVER or REQUEST, SOLICIT ... */
	struct dhcp_step steps[DHCP_TRANSACTION_STEPS];
};

/* NAK, DECLINE and their like. */
struct dhcp_refusal {
	uint64_t frame;
	bool v6;
	uint8_t type;
	uint32_t client, server;    /* entries + 1; 0 none */
	struct addr address;
	uint16_t status;            /* DHCPv6 */
};

struct dhcp_state {
	struct listing listing;
	uint64_t v4, v6, relayed, malformed, cut;
	uint64_t types[DHCP_UNKNOWN + 1], types_v6[256];
	uint64_t port_67, port_547; /* packets */
	struct table transactions;
	struct dhcp_transaction *last; /* the one before, and its key */
	uint64_t last_word;
	struct dhcp_clients clients;
	struct latency offer, ack;  /* time to the answer */
	uint64_t refusals_n;
	struct dhcp_refusal *refusals; /* DHCP_REFUSALS, from malloc */
	/* Tens of seconds: what came in the one that is open, and the most. */
	int64_t window;
	uint64_t window_clients, window_discovers;
	uint64_t most_clients, most_discovers;
	uint64_t most_clients_frame, most_discovers_frame;
};

extern const struct analyzer analyzer_dhcp;

void dhcp_statistics_report(void *state, struct json *j,
    size_t max_bytes);

/* One message as a row of "packets" (dhcp_row.c, dhcpv6_row.c). */
void dhcp_row_write(const struct packet *p, const struct message *m,
    struct json *j);
void dhcpv6_row_write(const struct packet *p, const struct message *m,
    struct json *j);
/* What both begin and end with. */
void dhcp_row_head(const struct packet *p, const struct message *m,
    struct json *j);
void dhcp_row_tail(const struct message *m, struct json *j);
/* "ACK"; without a name "UNKNOWN_77", in `room`; of version 4 also "BOOTP", and
 * "UNKNOWN" where the type was cut off. */
#define DHCP_TYPE_ROOM 24
const char *dhcp_type_name(char room[DHCP_TYPE_ROOM], bool v6, unsigned type);
/* Printable bytes as text, others as hex with colons. */
void dhcp_bytes_write(struct json *j, const char *name, struct span s);
void dhcp_colons_write(struct json *j, const char *name, struct span s);

#endif
