/*
 * Time and memory grow with the input, not with its square.  Each shape is
 * made at n, 2n, 4n and 8n; eight times the work may take twelve times as
 * long, for caches and logarithms, which is far from the 64 times of a
 * square.  The least of several runs counts, and a shape that fails is
 * measured anew before it is believed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "base/table.h"
#include "tap.h"
#include "tools/registry.h"
#include "worker/sandbox.h"

#define RATIO 12.0  /* of the times at 8n and n */
#define ENOUGH 0.02 /* seconds at 8n: less says nothing, and harms nobody */
#define MEMORY (64L << 10) /* KiB at 8n, the same */
#define NEVER 1e9
#define RUNS 3

/* ---- Packets ------------------------------------------------------------ */

struct out {
	struct buf b;
	uint32_t packets;
};

static void
le32(struct buf *b, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_byte(b, (uint8_t)(v >> (8 * i)));
}

static void
be16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
be32(uint8_t *p, uint32_t v)
{
	be16(p, v >> 16);
	be16(p + 2, v & 0xffff);
}

static void
begin(struct out *o, unsigned link)
{
	buf_init(&o->b, SIZE_MAX);
	o->packets = 0;
	le32(&o->b, 0xa1b2c3d4);
	le32(&o->b, 2 | 4 << 16);
	le32(&o->b, 0);
	le32(&o->b, 0);
	le32(&o->b, 262144);
	le32(&o->b, link);
}

static void
packet(struct out *o, struct span head, struct span body)
{
	le32(&o->b, o->packets / 1000);
	le32(&o->b, o->packets % 1000);
	le32(&o->b, (uint32_t)(head.n + body.n));
	le32(&o->b, (uint32_t)(head.n + body.n));
	buf_span(&o->b, head);
	buf_span(&o->b, body);
	o->packets++;
}

static void
ip_head(uint8_t *p, unsigned protocol, size_t payload)
{
	static const uint8_t head[20] = { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 0, 0,
		0, 10, 0, 0, 1, 10, 0, 0, 2 };

	memcpy(p, head, sizeof(head));
	be16(p + 2, 20 + payload);
	p[9] = (uint8_t)protocol;
}

static void
udp(struct out *o, unsigned sport, unsigned dport, struct span body)
{
	uint8_t head[28] = { 0 };

	ip_head(head, 17, 8 + body.n);
	be16(head + 20, sport);
	be16(head + 22, dport);
	be16(head + 24, 8 + body.n);
	packet(o, span_of(head, sizeof(head)), body);
}

static void
tcp(struct out *o, unsigned sport, unsigned dport, uint32_t seq,
    unsigned flags, struct span body)
{
	uint8_t head[40] = { 0 };

	ip_head(head, 6, 20 + body.n);
	be16(head + 20, sport);
	be16(head + 22, dport);
	be32(head + 24, seq);
	head[32] = 0x50;
	head[33] = (uint8_t)flags;
	be16(head + 34, 65535);
	packet(o, span_of(head, sizeof(head)), body);
}

/* ---- Shapes ------------------------------------------------------------- */

static void
sip_headers(struct out *o, size_t n, const char *line)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_text(&b, "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: x\r\n"
	    "CSeq: 1 OPTIONS\r\nSubject: s\r\n");
	for (size_t i = 0; i < n; i++)
		buf_text(&b, line);
	buf_text(&b, "\r\n");
	begin(o, 101);
	for (int i = 0; i < 40; i++)
		udp(o, 5060, 5060, span_first(buf_bytes(&b), 65000));
	buf_free(&b);
}

static void
many_headers(struct out *o, size_t n)
{
	sip_headers(o, n, "X-a: b\r\n");
}

static void
folded_headers(struct out *o, size_t n)
{
	sip_headers(o, n, " b\r\n");
}

/* Bytes of a DNS message over TCP that come last first. */
static void
reverse_segments(struct out *o, size_t n)
{
	begin(o, 101);
	tcp(o, 4000, 53, 0, 2, span_empty());
	for (size_t i = n; i > 0; i--)
		tcp(o, 4000, 53, (uint32_t)i, 0x10, span_text("a"));
}

/* The same, every other byte, none of which completes anything. */
static void
holes(struct out *o, size_t n)
{
	begin(o, 101);
	tcp(o, 4000, 80, 0, 2, span_empty());
	for (size_t i = 0; i < n; i++)
		tcp(o, 4000, 80, (uint32_t)(i * 7919 % n * 2 + 2), 0x10,
		    span_text("a"));
}

static void
overlapping_fragments(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < n; i++) {
		uint8_t head[20];
		static const uint8_t body[64];

		ip_head(head, 17, sizeof(body));
		be16(head + 6, 0x2000 | (i * 5 % 8000 + 1));
		packet(o, span_of(head, 20), span_of(body, sizeof(body)));
	}
}

/* Datagrams that never become whole. */
static void
lonely_fragments(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < n; i++) {
		uint8_t head[20];

		ip_head(head, 17, 8);
		be32(head + 12, (uint32_t)(i >> 16) + 1);
		be16(head + 4, i & 0xffff);
		be16(head + 6, 0x2001);
		packet(o, span_of(head, 20), span_text("abcdefgh"));
	}
}

/* Records whose owner is a chain of pointers, each to the one before. */
static void
dns_names(struct out *o, size_t n)
{
	struct buf b;

	buf_init(&b, 65000);
	buf_add(&b, "\0\1\x80\0\0\0", 6);
	buf_byte(&b, (uint8_t)(n >> 8));
	buf_byte(&b, (uint8_t)n);
	buf_add(&b, "\0\0\0\0\1a\0", 7);
	buf_add(&b, "\0\1\0\1\0\0\0\0\0\4abcd", 14);
	for (size_t i = 1; i < n && b.n < 16000; i++) {
		size_t before = b.n - (i == 1 ? 17 : 18);

		buf_add(&b, "\1b", 2);
		buf_byte(&b, (uint8_t)(0xc0 | before >> 8));
		buf_byte(&b, (uint8_t)before);
		buf_add(&b, "\0\1\0\1\0\0\0\0\0\4abcd", 14);
	}
	begin(o, 101);
	for (int i = 0; i < 8; i++)
		udp(o, 53, 4000, buf_bytes(&b));
	buf_free(&b);
}

static void
different_names(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < n; i++) {
		uint8_t q[] = "\0\0\1\0\0\1\0\0\0\0\0\0\10aaaaaaaa\0\0\1\0\1";

		be16(q, i & 0xffff);
		for (int k = 0; k < 8; k++)
			q[13 + k] = (uint8_t)('a' + (i >> (3 * k) & 7));
		udp(o, 4000, 53, span_of(q, sizeof(q) - 1));
	}
}

static void
vlan_stacks(struct out *o, size_t n)
{
	static const uint8_t macs[12] = { 2 };
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < n && b.n < 200000; i++)
		buf_add(&b, "\x81\0\0\5", 4);
	buf_add(&b, "\x88\xb5", 2);
	begin(o, 1);
	for (int i = 0; i < 20; i++)
		packet(o, span_of(macs, sizeof(macs)), buf_bytes(&b));
	buf_free(&b);
}

/* Ends that differ only where a poor hash does not look. */
static void
similar_flows(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < n; i++) {
		uint8_t head[28] = { 0 };

		ip_head(head, 17, 8);
		be32(head + 12, (uint32_t)i);
		be32(head + 16, ~(uint32_t)i);
		be16(head + 20, 1000 + i / 60000);
		be16(head + 22, 1000 + i / 60000);
		be16(head + 24, 8);
		packet(o, span_of(head, sizeof(head)), span_empty());
	}
}

/* One connection opened and reset without end: reused ports. */
static void
reused_ports(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < n; i++)
		tcp(o, 4000, 80, (uint32_t)i * 100000, 2, span_empty());
}

/* Segments that nobody acknowledges. */
static void
unacked(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < n; i++)
		tcp(o, 4000, 80, (uint32_t)i * 10, 0x10,
		    span_text("abcdefghij"));
}

/* Calls that are never answered, each with a Call-ID of its own. */
static void
sip_calls(struct out *o, size_t n)
{
	char text[200];

	begin(o, 101);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(text, sizeof(text), "INVITE sip:b@c SIP/2.0\r\n"
		    "Call-ID: %zu\r\nCSeq: 1 INVITE\r\nFrom: <sip:%zu@d>"
		    "\r\nTo: <sip:b@c>\r\n\r\n", i, i);
		udp(o, 5060, 5060, span_text(text));
	}
}

/* Extension headers, one behind the other. */
static void
extension_headers(struct out *o, size_t n)
{
	static const uint8_t head[40] = { 0x60, 0, 0, 0, 0, 0, 60, 64, 0xfe,
		0x80, [24] = 0xfe, 0x80, [39] = 1 };
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add(&b, head, sizeof(head));
	for (size_t i = 0; i < n && b.n < 60000; i++)
		buf_add(&b, "\74\0\1\4\0\0\0\0", 8);
	begin(o, 101);
	for (int i = 0; i < 200; i++)
		packet(o, span_first(buf_bytes(&b), 65000), span_empty());
	buf_free(&b);
}

/* Tunnels in tunnels: IPv4 in IPv4. */
static void
tunnels(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < 40; i++) {
		struct buf b;
		uint8_t head[20];

		buf_init(&b, SIZE_MAX);
		for (size_t k = 0; k < n && b.n < 60000; k++) {
			ip_head(head, 4, 60000 - b.n);
			buf_add(&b, head, sizeof(head));
		}
		packet(o, buf_bytes(&b), span_empty());
		buf_free(&b);
	}
}

/* Echo requests without a reply. */
static void
echo_requests(struct out *o, size_t n)
{
	begin(o, 101);
	for (size_t i = 0; i < n; i++) {
		uint8_t head[28] = { 0 };

		ip_head(head, 1, 8 + 4);
		head[20] = 8;
		be32(head + 24, (uint32_t)i);
		packet(o, span_of(head, sizeof(head)), span_text("abcd"));
	}
}

/* What a pattern that repeats itself likes least. */
static void
long_payloads(struct out *o, size_t n)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < 1000; i++)
		buf_text(&b, "a");
	begin(o, 101);
	for (size_t i = 0; i < n; i++)
		udp(o, 4000, 4001, buf_bytes(&b));
	buf_free(&b);
}

/* Interfaces, each with a packet. */
static void
interfaces(struct out *o, size_t n)
{
	buf_init(&o->b, SIZE_MAX);
	buf_add(&o->b, "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0"
	    "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0", 28);
	for (uint32_t i = 0; i < n; i++) {
		buf_add(&o->b, "\1\0\0\0\x14\0\0\0\x65\0\0\0\0\0\0\0\x14\0\0\0",
		    20);
		buf_add(&o->b, "\6\0\0\0\x24\0\0\0", 8);
		le32(&o->b, i);
		buf_add(&o->b, "\0\0\0\0\0\0\0\0\4\0\0\0\4\0\0\0abcd"
		    "\x24\0\0\0", 24);
	}
}

static const struct shape {
	const char *name;
	void (*make)(struct out *o, size_t n);
	size_t n;
	const char *tool, *arguments;
} shapes[] = {
	{ "many headers", many_headers, 900, "analyze_sip_packets", "" },
	{ "folded headers", folded_headers, 1800, "list_packets",
	    "{\"fields\":[\"sip.Subject\"]}" },
	{ "reverse segments", reverse_segments, 20000, "analyze_dns_packets",
	    "" },
	{ "holes", holes, 20000, "search_payload", "{\"pattern\":\"zz\"}" },
	{ "holes, followed", holes, 20000, "follow_stream",
	    "{\"protocol\":\"tcp\",\"stream\":0}" },
	{ "overlapping fragments", overlapping_fragments, 4000,
	    "summarize_capture", "" },
	{ "lonely fragments", lonely_fragments, 8000, "summarize_capture",
	    "" },
	{ "DNS names", dns_names, 110, "analyze_dns_packets", "" },
	{ "different DNS names", different_names, 3000, "analyze_dns_packets",
	    "" },
	{ "VLAN stacks", vlan_stacks, 5000, "list_packets",
	    "{\"fields\":[\"vlan.id\"],\"limit\":1}" },
	{ "similar flows", similar_flows, 10000, "list_flows", "" },
	{ "reused ports", reused_ports, 8000, "analyze_tcp_connections", "" },
	{ "unacked segments", unacked, 8000, "analyze_tcp_retransmissions",
	    "" },
	{ "SIP calls", sip_calls, 3000, "analyze_sip_packets", "" },
	{ "extension headers", extension_headers, 800, "list_packets",
	    "{\"fields\":[\"ipv6.dstopts\"],\"limit\":1}" },
	{ "tunnels", tunnels, 300, "summarize_capture", "" },
	{ "echo requests", echo_requests, 5000, "analyze_icmp_packets", "" },
	{ "long payloads", long_payloads, 40, "search_payload",
	    "{\"pattern\":\"(a*)*a*(a|aa)+b\",\"kind\":\"regex\"}" },
	{ "interfaces", interfaces, 4000, "summarize_capture", "" },
	{ "interfaces, fields", interfaces, 4000, "list_packets",
	    "{\"fields\":[\"frame.interface_id\"]}" },
};

/* ---- Measuring ---------------------------------------------------------- */

struct cost {
	double seconds;
	long kib; /* the most that the process had */
};

static double
cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
ask_once(const struct shape *s, struct span capture)
{
	const struct tool *tool = tool_find(span_text(s->tool));
	double started = cpu(), took;
	struct asked a;

	ask_bytes(&a, tool, s->arguments, capture);
	took = cpu() - started;
	if (!ask_is_sound(&a))
		took = NEVER;
	ask_free(&a);
	return took;
}

/* In a child: what it takes is its own, and nobody's left-overs help it. */
static void
child(const struct shape *s, struct span capture, int pipe)
{
	struct cost cost = { .seconds = NEVER };
	struct rusage usage;

	for (int i = 0; i < RUNS; i++) {
		double took = ask_once(s, capture);

		if (took < cost.seconds)
			cost.seconds = took;
		if (took > 0.3)
			break;
	}
	getrusage(RUSAGE_SELF, &usage);
	cost.kib = usage.ru_maxrss;
	_exit(write(pipe, &cost, sizeof(cost)) != sizeof(cost));
}

static struct cost
measure(const struct shape *s, size_t n)
{
	struct cost cost = { NEVER, 0 };
	int ends[2];
	struct out o;
	pid_t pid;

	s->make(&o, n);
	if (pipe(ends) != 0)
		return cost;
	(void)fflush(stdout);
	pid = fork();
	if (pid == 0)
		child(s, buf_bytes(&o.b), ends[1]);
	close(ends[1]);
	if (read(ends[0], &cost, sizeof(cost)) != sizeof(cost))
		cost.seconds = NEVER;
	close(ends[0]);
	(void)waitpid(pid, NULL, 0);
	/* The copy that was made here is there as well. */
	cost.kib -= (long)(o.b.n >> 10);
	buf_free(&o.b);
	return cost;
}

static bool
is_linear(const struct shape *s)
{
	struct cost at[4];
	double times;
	long more;

	(void)printf("# %s:", s->name);
	for (size_t i = 0; i < LENGTH(at); i++) {
		at[i] = measure(s, s->n << i);
		(void)printf(" %.4f s %ld MiB,", at[i].seconds,
		    at[i].kib >> 10);
	}
	times = at[3].seconds / at[0].seconds;
	/* Against 4n and 2n: what is there at the start does not count. */
	more = at[2].kib - at[1].kib;
	(void)printf(" %.1f times\n", times);
	if (at[3].seconds >= NEVER)
		return false;
	if (!sandbox_is_instrumented() && at[3].kib > MEMORY &&
	    at[3].kib - at[2].kib > 3 * more)
		return false;
	return at[3].seconds < ENOUGH || times < RATIO;
}

int
main(void)
{
	static char lines[BUFSIZ];

	(void)setvbuf(stdout, lines, _IOLBF, sizeof(lines));
	if (sandbox_is_instrumented())
		(void)printf("# memory is a sanitizer's here: not judged\n");
	hash_key_init();
	for (size_t i = 0; i < LENGTH(shapes); i++) {
		bool good = tool_find(span_text(shapes[i].tool)) != NULL;

		ok(good);
		for (int k = 0; k < 5; k++) {
			good = is_linear(&shapes[i]);
			if (good)
				break;
		}
		if (!ok(good))
			(void)printf("# %s\n", shapes[i].name);
	}
	return tap_done();
}
