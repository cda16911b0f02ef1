#include "analysis/ahead.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"
#include "tools/args.h"
#include "tools/call.h"
#include "tools/registry.h"

#define CAPTURE_BYTES ((size_t)1500 << 10)
#define HEAD 24
#define START 1700000000

/* ---- Captures ---------------------------------------------------------- */

/* A record of a little-endian file; every 50th is 5 s too early. */
static void
record_add(struct buf *out, struct span bytes, uint32_t len)
{
	uint32_t n = (uint32_t)(out->n / 997);
	uint32_t head[4] = { START + n - (n % 50 == 7 ? 5 : 0), n % 1000000,
		(uint32_t)bytes.n, len };

	for (size_t i = 0; i < LENGTH(head); i++)
		for (unsigned shift = 0; shift < 32; shift += 8)
			buf_byte(out, (uint8_t)(head[i] >> shift));
	buf_span(out, bytes);
}

static uint32_t
u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/* The records of a fixture behind those that are there. */
static void
fixture_add(struct buf *out, const char *name)
{
	char path[256];
	struct span file, s;

	snprintf(path, sizeof(path), "%s/%s.pcap", FIXTURES, name);
	file = ask_read(path);
	s = span_after(file, HEAD);
	while (s.n >= 16 && u32(s.p + 8) <= s.n - 16) {
		uint32_t n = u32(s.p + 8);

		record_add(out, span_first(span_after(s, 16), n),
		    u32(s.p + 12));
		s = span_after(s, 16 + (size_t)n);
	}
	free((void *)(uintptr_t)file.p);
}

static void
capture_begin(struct buf *out)
{
	static const uint8_t head[HEAD] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4,
		0, [18] = 4, [20] = 1 };

	buf_init(out, (size_t)16 << 20);
	buf_add(out, head, sizeof(head));
}

/* All that has to be done in order: pairs, segments, fragments, tunnels. */
static void
make_mixed(struct buf *out)
{
	static const char *const names[] = { "dns-basic", "tcp-mixed",
		"dns-segments", "icmp-mixed", "tcp-options", "dhcp-basic",
		"builder-layers", "dns-hostile", "sip-call", "dhcp-hostile",
		"dns-records", "tcp-mixed", "tcp-mixed" };

	capture_begin(out);
	for (size_t i = 0; out->n < CAPTURE_BYTES; i++)
		fixture_add(out, names[i % LENGTH(names)]);
}

/* Ethernet, IPv4 and UDP of a large datagram that holds what looks like
 * records: a seam found in there is none. */
static void
make_nested(struct buf *out)
{
	static const uint8_t headers[42] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0,
		2, 8, 0, 0x45, 0, 0xc0, 0, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0,
		1, 10, 0, 0, 2, 0x27, 0x0f, 0x27, 0x10, 0xbf, 0xec };
	struct buf frame;

	capture_begin(out);
	buf_init(&frame, 65536);
	buf_add(&frame, headers, sizeof(headers));
	while (frame.n < 49000)
		record_add(&frame, span_of(headers, 42), 42);
	while (out->n < CAPTURE_BYTES)
		record_add(out, buf_bytes(&frame), (uint32_t)frame.n);
	buf_free(&frame);
}

/* ---- Questions --------------------------------------------------------- */

static bool
collect(void *context, struct span bytes)
{
	buf_span(context, bytes);
	return true;
}

struct question {
	const char *tool, *arguments;
	bool divides; /* two may answer it */
};

static const struct question questions[] = {
	{ "analyze_capinfos", "{\"pcap_file\":\"x\"}", true },
	{ "analyze_icmp_packets", "{\"pcap_file\":\"x\",\"limit\":5000}",
	    true },
	{ "analyze_dhcp_packets", "{\"pcap_file\":\"x\",\"limit\":5000}",
	    true },
	{ "analyze_dns_packets", "{\"pcap_file\":\"x\",\"limit\":5000}",
	    true },
	{ "analyze_capinfos", "{\"pcap_file\":\"x\",\"duplicates\":true}",
	    false },
	{ "analyze_dns_packets", "{\"pcap_file\":\"x\",\"filter\":\"udp\"}",
	    false },
	{ "analyze_sip_packets", "{\"pcap_file\":\"x\"}", false },
	{ "analyze_tcp_connections", "{\"pcap_file\":\"x\"}", false },
	{ "list_packets", "{\"pcap_file\":\"x\"}", false },
	{ "summarize_capture", "{\"pcap_file\":\"x\"}", false },
};

/* One call; with `ahead` as the assistant's or as the other's. */
static void
ask(const struct question *q, struct span capture, struct ahead *ahead,
    bool assists, struct buf *answer)
{
	const struct tool *tool = tool_find(span_text(q->tool));
	const struct json_value *object;
	enum json_error what;
	struct arena arena;
	struct args args;
	struct buf error;
	size_t offset;
	struct call c = {
		.tool = tool,
		.args = &args,
		.name = "capture",
		.now = { START, 0, 0, true },
		.format = ROWS_JSON,
		.all = true,
		.prefix = span_empty(),
		.write = collect,
		.context = answer,
		.file_size = capture.n,
		.ahead = ahead,
		.reads_ahead = assists,
	};

	arena_init(&arena, (size_t)1 << 20);
	buf_init(&error, 8192);
	object = json_read(&arena, span_text(q->arguments), &what, &offset);
	if (args_read_json(&args, tool, object, &arena, &error))
		(void)call_run(&c, ask_file(capture), &error);
	args_free(&args);
	buf_free(&error);
	arena_free(&arena);
}

/* ---- Two threads ------------------------------------------------------- */

struct assistant {
	const struct question *q;
	struct span capture;
	struct ahead *ahead;
};

static void *
assist(void *context)
{
	struct assistant *with = context;
	struct buf nothing;

	buf_init(&nothing, (size_t)64 << 20);
	ask(with->q, with->capture, with->ahead, true, &nothing);
	buf_free(&nothing);
	return NULL;
}

/* True when the answer of one is that of two, or of one who reads in
 * pieces. */
static bool
is_same(const struct question *q, struct span capture, struct ahead *a,
    bool assisted)
{
	struct assistant with = { q, capture, a };
	struct buf alone, together;
	pthread_t thread;
	bool same;

	buf_init(&alone, (size_t)64 << 20);
	buf_init(&together, (size_t)64 << 20);
	ask(q, capture, NULL, false, &alone);
	if (!ahead_init(a) || (assisted &&
	    pthread_create(&thread, NULL, assist, &with) != 0))
		abort();
	ask(q, capture, a, false, &together);
	if (assisted)
		(void)pthread_join(thread, NULL);
	same = alone.n > 100 && alone.n == together.n &&
	    memcmp(alone.p, together.p, alone.n) == 0;
	ahead_free(a);
	buf_free(&alone);
	buf_free(&together);
	return same;
}

static void
test_mixed(void)
{
	struct ahead a;
	struct buf capture;

	make_mixed(&capture);
	for (size_t i = 0; i < LENGTH(questions); i++) {
		const struct question *q = &questions[i];

		if (!ok(is_same(q, buf_bytes(&capture), &a, true)))
			printf("# %s %s\n", q->tool, q->arguments);
		ok((a.pieces > 0) == q->divides && a.taken == a.pieces);
		if (q->divides && i > 0)
			ok(a.copies > 0 && a.copies < capture.n);
		ok(is_same(q, buf_bytes(&capture), &a, false));
		ok(a.again == 0 && a.assisted == 0);
	}
	buf_free(&capture);
}

/* The file ends inside a record, or was damaged: one reads on from there. */
static void
test_bad_ends(void)
{
	struct ahead a;
	struct buf capture;

	make_mixed(&capture);
	for (size_t i = 0; i < 8; i++)
		ok(is_same(&questions[i / 2], span_first(buf_bytes(&capture),
		    capture.n - 9), &a, i % 2 == 0) &&
		    a.taken + 1 == a.pieces);
	memset(capture.p + capture.n - 100000, 0xee, 64);
	for (size_t i = 0; i < 8; i++)
		ok(is_same(&questions[i / 2], buf_bytes(&capture), &a,
		    i % 2 == 0) && (i < 2 || a.taken < a.pieces));
	buf_free(&capture);
}

/* Who comes late assists in nothing: until one came in time. */
static void
test_nested(void)
{
	struct ahead a;
	struct buf capture;
	unsigned again = 0, assisted = 0;

	make_nested(&capture);
	for (unsigned i = 0; i < 4 || (again == 0 && i < 400); i++) {
		if (!is_same(&questions[i % 4], buf_bytes(&capture), &a, true))
			ok(false);
		again += a.again;
		assisted += a.assisted;
	}
	ok(again > 0);
	ok(assisted > 0);
	buf_free(&capture);
}

/* Too small for pieces, and no packets at all. */
static void
test_small(void)
{
	struct ahead a;
	struct buf capture;

	capture_begin(&capture);
	ok(is_same(&questions[0], buf_bytes(&capture), &a, true) &&
	    a.pieces == 0);
	fixture_add(&capture, "dns-basic");
	ok(is_same(&questions[3], buf_bytes(&capture), &a, true) &&
	    a.pieces == 0);
	buf_free(&capture);
}

int
main(void)
{
	test_mixed();
	test_bad_ends();
	test_nested();
	test_small();
	return tap_done();
}
