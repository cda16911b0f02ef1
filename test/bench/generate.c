/*
 * Captures for the benchmark, the same bytes for the same arguments:
 *
 *	generate SHAPE PACKETS >FILE
 *
 *	mix     as a firm's uplink: TCP, DNS, ICMP, DHCP, SIP, QUIC, RTP, ARP
 *	dns     DNS over UDP alone
 *	small   64-byte frames of TCP and UDP in 100,000 flows
 *	syn     one SYN a flow, no two alike
 */
#include <stdlib.h>
#include <string.h>

#include "bench/sessions.h"

#define SEED 20260101
#define AT_ONCE 3000
#define SMALL_FLOWS 100000

static bool
make_mix(struct wire *w, struct town *t, uint64_t n)
{
	struct sessions *s = sessions_new(AT_ONCE);

	if (s == NULL)
		return false;
	while (w->packets < n) {
		uint32_t what = wire_pick(w, 1000);

		if (what < 780)
			sessions_step(s, t, w);
		else if (what < 912)
			town_dns(t, w);
		else if (what < 934)
			town_icmp(t, w);
		else if (what < 945)
			town_dhcp(t, w);
		else if (what < 956)
			town_sip(t, w);
		else if (what < 997)
			town_udp(t, w);
		else
			wire_arp(w, &t->clients[0], town_client(t, w));
	}
	sessions_free(s);
	return true;
}

static bool
make_dns(struct wire *w, struct town *t, uint64_t n)
{
	while (w->packets < n)
		town_dns(t, w);
	return true;
}

static bool
make_small(struct wire *w, struct town *t, uint64_t n)
{
	uint32_t *next = calloc(SMALL_FLOWS, sizeof(*next));

	if (next == NULL)
		return false;
	while (w->packets < n) {
		uint32_t flow = wire_pick(w, SMALL_FLOWS);
		struct host from = t->clients[0], to = t->servers[0];
		struct segment s = {
			.from = &from,
			.to = &to,
			.from_port = 1024 + flow % 60000,
			.to_port = flow % 4 < 2 ? 443 : 8080,
			.seq = next[flow],
			.ack = 1,
			.flags = FLAG_ACK | FLAG_PSH,
			.payload = wire_noise(w, 22),
			.n = 10,
		};

		put32(from.address, 0x0a000000 + flow % 251);
		put32(to.address, 0x2c000000 + flow % 509);
		if (flow % 2 == 0) {
			wire_udp(w, &from, s.from_port, &to, s.to_port,
			    s.payload, 22);
		} else {
			wire_tcp(w, &s);
			next[flow] += 10;
		}
	}
	free(next);
	return true;
}

static bool
make_syn(struct wire *w, struct town *t, uint64_t n)
{
	struct host from = t->clients[0];

	for (uint32_t i = 0; i < n; i++) {
		struct segment s = {
			.from = &from,
			.to = &t->servers[i % 64 * 2],
			.from_port = 1024 + i % 60000,
			.to_port = 443,
			.seq = wire_random(w),
			.flags = FLAG_SYN,
			.options = (const uint8_t *)"\2\4\5\264",
			.n_options = 4,
		};

		put32(from.address, 0x0a000000 + i / 60000 * 97);
		wire_tcp(w, &s);
	}
	return true;
}

static const struct shape {
	const char *name;
	bool (*make)(struct wire *w, struct town *t, uint64_t n);
} shapes[] = {
	{ "mix", make_mix },
	{ "dns", make_dns },
	{ "small", make_small },
	{ "syn", make_syn },
};

int
main(int argc, char **argv)
{
	static struct wire wire;
	static struct town town;
	size_t i = 0, n = sizeof(shapes) / sizeof(shapes[0]);
	bool made;

	while (argc == 3 && i < n && strcmp(argv[1], shapes[i].name) != 0)
		i++;
	if (argc != 3 || i == n) {
		fprintf(stderr, "generate SHAPE PACKETS >FILE\n");
		return 2;
	}
	wire_open(&wire, stdout, SEED);
	town_build(&town, &wire);
	made = shapes[i].make(&wire, &town, strtoull(argv[2], NULL, 10));
	return made && fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
