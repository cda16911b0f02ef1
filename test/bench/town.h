#ifndef BENCH_TOWN_H
#define BENCH_TOWN_H

#include "bench/wire.h"

/*
 * Who is on the wire, and the small talk: each function sends one packet of
 * a conversation that it keeps in mind.
 */
#define CLIENTS 4096
#define SERVERS 4096
#define PENDING 64

struct question {
	const struct host *from, *to;
	uint32_t name;
	unsigned type, id, port;
};

struct town {
	struct host clients[CLIENTS], servers[SERVERS];
	struct question questions[PENDING], echoes[PENDING];
	size_t n_questions, n_echoes;
	/* the lease and the call under way */
	unsigned lease_step, call_step;
	uint32_t lease, call;
	const struct host *lessee, *caller;
};

void town_build(struct town *t, struct wire *w);
const struct host *town_client(struct town *t, struct wire *w);
/* Of the family that `peer` has. */
const struct host *town_server(struct town *t, const struct host *peer,
    uint32_t which);

void town_dns(struct town *t, struct wire *w);
void town_icmp(struct town *t, struct wire *w);
void town_dhcp(struct town *t, struct wire *w);
void town_sip(struct town *t, struct wire *w);
/* QUIC, RTP, NTP and syslog */
void town_udp(struct town *t, struct wire *w);

#endif
