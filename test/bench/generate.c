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

/* Of IPv4, without a tag: no more than what the shape is about. */
static struct host
plain_host(uint32_t address)
{
	struct host h = { .mac = { 2 } };

	put32(h.address, address);
	put32(h.mac + 2, address);
	return h;
}

/* Each side sends, and acknowledges what the other sent. */
static bool
make_small(struct wire *w, struct town *t, uint64_t n)
{
	uint32_t (*next)[2] = calloc(SMALL_FLOWS, sizeof(*next));

	(void)t;
	if (next == NULL)
		return false;
	while (w->packets < n) {
		uint32_t flow = wire_pick(w, SMALL_FLOWS);
		uint32_t side = wire_pick(w, 2);
		struct host ends[2] = {
			plain_host(0x0a000000 + flow % 251),
			plain_host(0x2c000000 + flow % 509),
		};
		uint32_t ports[2] = { 1024 + flow % 60000,
			flow % 4 < 2 ? 443 : 8080 };
		struct segment s = {
			.from = &ends[side],
			.to = &ends[!side],
			.from_port = ports[side],
			.to_port = ports[!side],
			.seq = next[flow][side],
			.ack = next[flow][!side],
			.flags = FLAG_ACK | FLAG_PSH,
			.payload = wire_noise(w, 22),
			.n = 10,
		};

		if (flow % 2 == 0) {
			wire_udp(w, s.from, s.from_port, s.to, s.to_port,
			    s.payload, 22);
		} else {
			wire_tcp(w, &s);
			next[flow][side] += 10;
		}
	}
	free(next);
	return true;
}

/* As Linux sends them: MSS, SACK permitted, timestamps, window scale. */
static const uint8_t syn_options[] = { 2, 4, 5, 180, 4, 2, 8, 10, 0, 1, 226, 64,
	0, 0, 0, 0, 1, 3, 3, 7 };

static bool
make_syn(struct wire *w, struct town *t, uint64_t n)
{
	(void)t;
	for (uint32_t i = 0; i < n; i++) {
		struct host from = plain_host(0x0a000000 + i / 60000 * 97);
		struct host to = plain_host(0x2c000000 + i % 64 * 4078);
		struct segment s = {
			.from = &from,
			.to = &to,
			.from_port = 1024 + i % 60000,
			.to_port = 443,
			.seq = wire_random(w),
			.flags = FLAG_SYN,
			.options = syn_options,
			.n_options = sizeof(syn_options),
		};

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
