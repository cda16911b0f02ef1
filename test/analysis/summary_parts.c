/* What summarize_capture counts of hosts, names and flows, against plain
 * counting. */
#include <stdio.h>
#include <sys/resource.h>

#include "analysis/summary.h"
#include "analysis/summary_peers.h"
#include "proto/dns.h"
#include "proto/sip.h"
#include "tap.h"

#define FEW 3000

static struct addr
address(size_t i)
{
	const uint8_t bytes[4] = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
		(uint8_t)i };

	return addr_of(ADDR_IPV4, bytes);
}

static void
packet_between(struct summary_hosts *h, size_t from, size_t to, size_t frame)
{
	const struct record r = { .number = frame, .len = (uint32_t)(60 +
	    frame % 7) };
	const struct packet p = { .record = &r, .src = address(from),
		.dst = address(to) };

	summary_hosts_add(h, &p);
}

static void
test_hosts(void)
{
	static struct summary_hosts h;
	static struct summary_host plain[FEW];
	bool same = true;
	size_t n = 0, itself = 0;

	summary_hosts_init(&h);
	for (size_t i = 0; i < 10 * FEW; i++) {
		size_t from = i * 7 % FEW, to = i * i % FEW;
		uint64_t frame = i + 1, len = 60 + frame % 7;

		packet_between(&h, from, to, frame);
		if (plain[from].packets++ == 0)
			plain[from].first_frame = frame;
		plain[from].bytes[0] += len;
		plain[from].last_frame = frame;
		/* Once, when it went to its sender. */
		if (plain[to].packets == 0)
			plain[to].first_frame = frame;
		plain[to].packets += to != from;
		itself += to == from;
		plain[to].bytes[1] += len;
		plain[to].last_frame = frame;
	}
	summary_hosts_settle(&h);
	ok_int(h.n, FEW);
	for (size_t i = 0; i < h.n; i++) {
		const struct summary_host *host = summary_host_at(&h, i);
		struct summary_host *p = &plain[host->addr.bytes[2] << 8 |
		    host->addr.bytes[3]];

		p->addr = host->addr;
		same &= host->packets == p->packets &&
		    host->bytes[0] == p->bytes[0] &&
		    host->bytes[1] == p->bytes[1] &&
		    host->first_frame == p->first_frame &&
		    host->last_frame == p->last_frame;
		n += host->packets;
	}
	ok(same);
	ok(itself > 0);
	ok_int(n, 2 * 10 * FEW - itself);
	/* By their first packet: its sender, then its receiver. */
	ok_int(summary_host_at(&h, 0)->first_frame, 1);
	ok(addr_equal(&summary_host_at(&h, 1)->addr, &plain[7].addr));
	ok_int(h.refused, 0);
	summary_hosts_free(&h);
}

static void
test_hosts_cap(void)
{
	static struct summary_hosts h;
	size_t i;

	summary_hosts_init(&h);
	for (i = 0; i < SUMMARY_HOSTS_MAX + 100; i++)
		packet_between(&h, 0, i + 1, i + 1);
	summary_hosts_settle(&h);
	ok_int(h.n, SUMMARY_HOSTS_MAX);
	/* One is the sender of all. */
	ok_int(h.refused, 101);
	ok_int(summary_host_at(&h, 0)->packets, SUMMARY_HOSTS_MAX + 100);
	ok_int(summary_host_at(&h, SUMMARY_HOSTS_MAX - 1)->packets, 1);
	summary_hosts_free(&h);
}

/* With room for some thousands there are some thousands. */
static void
test_hosts_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
	static struct summary_hosts h;
	struct rlimit before, few;
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL || fscanf(f, "%lu", &pages) != 1 ||
	    getrlimit(RLIMIT_AS, &before) != 0) {
		if (f != NULL)
			(void)fclose(f);
		return;
	}
	(void)fclose(f);
	few = before;
	few.rlim_cur = pages * 4096 + 3 * 1024 * 1024;
	summary_hosts_init(&h);
	ok(setrlimit(RLIMIT_AS, &few) == 0);
	for (size_t i = 0; i < 50000; i++)
		packet_between(&h, 0, i + 1, i + 1);
	summary_hosts_settle(&h);
	ok(setrlimit(RLIMIT_AS, &before) == 0);
	ok(h.n >= 10000);
	ok(h.n < 50000);
	ok_int(h.n + h.refused, 50001);
	summary_hosts_free(&h);
#endif
}

static void
test_names(void)
{
	static struct summary_names names;
	struct addr a = address(1);
	char text[300];

	summary_names_init(&names);
	summary_names_add(&names, &a, span_text("first.test"));
	summary_names_add(&names, &a, span_text("second.test"));
	memset(text, 'x', sizeof(text));
	a = address(2);
	summary_names_add(&names, &a, span_of(text, sizeof(text)));
	summary_names_settle(&names);
	a = address(1);
	ok(span_is(*summary_names_find(&names, &a), "first.test"));
	a = address(2);
	ok_int(summary_names_find(&names, &a)->n, SUMMARY_NAME);
	for (size_t i = 3; i <= SUMMARY_NAMES_MAX + 1; i++) {
		a = address(i);
		summary_names_add(&names, &a, span_text("more.test"));
	}
	summary_names_settle(&names);
	ok_int(names.table.n, SUMMARY_NAMES_MAX);
	a = address(SUMMARY_NAMES_MAX);
	ok(span_is(*summary_names_find(&names, &a), "more.test"));
	a = address(SUMMARY_NAMES_MAX + 1);
	ok(summary_names_find(&names, &a) == NULL);
	summary_names_free(&names);
}

/* What keeps the addresses does not matter, nor how often a pair comes. */
#define PEERS 700

/* As those that are not of TCP. */
struct started {
	struct flow flow;
	struct flow_start start;
};

static void
flow_between(struct started *s, struct flow_more *more, size_t client,
    size_t server, unsigned way)
{
	const struct addr a = address(client), b = address(server);
	struct flow *f = &s->flow;

	*f = (struct flow){ .protocol = 17 };
	if (way == 0) {
		memcpy(f->ipv4[0], a.bytes, sizeof(f->ipv4[0]));
		memcpy(f->ipv4[1], b.bytes, sizeof(f->ipv4[1]));
		return;
	}
	*more = (struct flow_more){ .addr = { a, b } };
	f->apart = true;
	f->wide = way == 2;
	if (f->wide) {
		more->addr[0].kind = more->addr[1].kind = ADDR_IPV6;
		f->wide_more = more;
	} else {
		s->start.more = more;
	}
}

static void
test_peers(void)
{
	static struct summary_peers peers;
	static struct started flows[3 * PEERS], others[37];
	static struct flow_more more[3 * PEERS], others_more[37];
	static struct icmp_flow icmp[PEERS];

	summary_peers_init(&peers);
	for (size_t i = 0; i < 3 * PEERS; i++) {
		size_t client = i % 40 + 1, server = 1000 + i % PEERS;

		/* The same ends of IPv4, with and without a tag. */
		flow_between(&flows[i], &more[i], client, server,
		    (unsigned)(i % 2));
		summary_peers_add(&peers, &flows[i].flow);
	}
	summary_peers_settle(&peers);
	/* 40 and 700 have 1400 in common, 40 and 2100 are multiples. */
	ok_int(peers.most, 35);
	ok(peers.host.bytes[3] == 1);
	/* Addresses of other kinds are others, with the same bytes. */
	for (size_t i = 0; i < LENGTH(others); i++) {
		flow_between(&others[i], &others_more[i], 2, 1001 + 40 * i,
		    2);
		summary_peers_add(&peers, &others[i].flow);
	}
	summary_peers_settle(&peers);
	ok_int(peers.most, 37);
	ok_int(peers.host.kind, ADDR_IPV6);
	for (size_t i = 0; i < PEERS; i++) {
		icmp[i] = (struct icmp_flow){ .a = address(3),
			.b = address(i % 60 < 40 ? 5000 + i % 60 :
			    1002 + i % 60 * 40) };
		summary_peers_add_icmp(&peers, &icmp[i]);
	}
	summary_peers_settle(&peers);
	ok_int(peers.most, 95);
	ok(addr_equal(&peers.host, &icmp[0].a));
	ok_int(peers.refused, 0);
	summary_peers_free(&peers);
}

static void
message_on(struct flow_apps *apps, uint8_t protocol, uint32_t stream,
    const struct proto *proto)
{
	const struct transport t = { .protocol = protocol, .stream = stream };
	const struct message m = { .proto = proto, .transport = &t };

	flow_apps_add(apps, &m);
}

static void
test_apps(void)
{
	struct flow_apps apps = { .size = { 0 } };
	const struct message bare = { .proto = &proto_dns };

	message_on(&apps, 17, 3, &proto_dns);
	message_on(&apps, 17, 3, &proto_sip);
	message_on(&apps, 17, 100000, &proto_sip);
	message_on(&apps, 6, 3, &proto_sip);
	message_on(&apps, 1, 5, &proto_sip);
	message_on(&apps, 17, STREAM_NONE, &proto_sip);
	flow_apps_add(&apps, &bare);
	ok(flow_apps_find(&apps, 17, 3) == &proto_dns);
	ok(flow_apps_find(&apps, 17, 100000) == &proto_sip);
	ok(flow_apps_find(&apps, 6, 3) == &proto_sip);
	ok(flow_apps_find(&apps, 17, 4) == NULL);
	ok(flow_apps_find(&apps, 17, 4000000) == NULL);
	ok(flow_apps_find(&apps, 1, 5) == NULL);
	ok(flow_apps_find(&apps, 17, STREAM_NONE) == NULL);
	flow_apps_free(&apps);
}

int
main(void)
{
	test_hosts();
	ok(proto_count <= SUMMARY_PROTOS);
	test_hosts_cap();
	test_hosts_memory();
	test_names();
	test_peers();
	test_apps();
	return tap_done();
}
