/*
 * Single floors with every request for memory refused, at every place: a
 * filter that is compiled, datagrams put together, streams followed, flows
 * tracked.  What cannot be kept is told and counted; nothing leaks.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"
#include "filter/filter.h"
#include "net/segments.h"
#include "net/walk.h"
#include "tap.h"
#include "torture/refuse.h"

static unsigned bad;

static void
must(bool holds, const char *what, uint64_t at)
{
	if (holds || bad++ > 9)
		return;
	(void)printf("# %s: request %llu refused\n", what,
	    (unsigned long long)at);
}

/* Runs it with request after request refused, until none is left. */
static void
each_refused(void (*run)(const void *), const void *context, const char *what)
{
	uint64_t n;

	refuse_from(UINT64_MAX, false);
	run(context);
	n = asked;
	for (uint64_t at = 1; at <= n; at++) {
		for (int all = 0; all < 2; all++) {
			int64_t before = live;

			refuse_from(at, all != 0);
			run(context);
			refuse_nothing();
			must(live == before, what, at);
		}
	}
	must(n > 0, what, 0);
}

/* ---- Filters ----------------------------------------------------------- */

static void
filter_run(const void *context)
{
	struct filter_error error;
	struct filter *f = filter_compile(span_text(context), &error);

	must(f != NULL || error.text[0] != '\0', context, refuse_at);
	filter_free(f);
}

/* Behind spaces, so that blocks end at other places each time. */
static void
filters(void)
{
	static const char *const texts[] = {
		"ip.src#2 == 10.0.0.1 and eth.src[0:3,4-5] == 00:01:02",
		"ip.src#[1-2] == 10.0.0.1 or tcp",
		"max(tcp.srcport, tcp.dstport + 1) in {1, 2 .. 3, tcp.port}",
		"udp.port in {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18}",
		"ip.addr in {10.0.0.0/8, 192.168.0.0/16, 1.0.0.0 .. 2.0.0.0}",
		("frame.len in {ip.len,ip.len,ip.len,ip.len,ip.len,ip.len,"
		"ip.len,ip.len,ip.len,ip.len}"),
		"dns.qry.name matches \"^(a|b)*[x-z]{2,9}\" and count(ip) > 1",
		"upper(dns.qry.name) contains \"ABC\" and len(udp) == 8",
		"string(ip.src) == \"10.0.0.1\" or -frame.len * 2 & 3 == 1",
		"ip.source == 1", "host 10.0.0.1 and port 80", "http",
		"frame.time > \"2004-05-13 10:17:09.5\" xor not tcp",
	};
	char text[700];

	for (size_t i = 0; i < LENGTH(texts); i++) {
		for (unsigned spaces = 0; spaces < 160; spaces += 3) {
			(void)snprintf(text, sizeof(text), "%*s%s",
			    (int)spaces, "", texts[i]);
			each_refused(filter_run, text, texts[i]);
		}
	}
	ok_int(bad, 0);
}

/* ---- Datagrams --------------------------------------------------------- */

static struct arena arena;

static void
datagrams_run(const void *context)
{
	static const char piece[] = "0123456789abcdef";
	struct defrag *d = defrag_new(NULL);
	struct span whole;
	unsigned n = 0;

	(void)context;
	for (unsigned i = 0; d != NULL && i < 40; i++) {
		struct record r = { .number = i + 1,
			.time = { .seconds = i, .known = true } };
		struct defrag_key key = { .id = i & 1, .protocol = 17 };

		arena_reset(&arena);
		if (!defrag_add(d, &key, &r, i / 2 * 80, i < 38,
			span_of(piece, 16), 16, &arena, &whole))
			continue;
		n++;
		/* Its list may lack pieces for want of memory. */
		must(defrag_whole(d).n <= defrag_whole(d).fragments,
		    "datagram", refuse_at);
	}
	must(n == 0, "a datagram with holes", refuse_at);
	for (unsigned i = 0; d != NULL && i < 3; i++) {
		struct record r = { .number = i + 1,
			.time = { .seconds = 50, .known = true } };
		struct defrag_key key = { .id = 9, .protocol = 17 };

		arena_reset(&arena);
		if (defrag_add(d, &key, &r, i * 16, i < 2, span_of(piece, 16),
			16, &arena, &whole)) {
			must(whole.n == 48 || whole.n == 0, "datagram",
			    refuse_at);
			n++;
		}
	}
	must(n == 1 || refuse_at != UINT64_MAX || d == NULL, "datagram",
	    refuse_at);
	defrag_free(d);
}

/* ---- Streams ----------------------------------------------------------- */

static uint64_t heard;

static void
hear_bytes(void *context, struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, struct span bytes, uint64_t from)
{
	(void)context, (void)p, (void)f, (void)direction, (void)from;
	must(offset >= heard, "stream", refuse_at);
	heard = offset + bytes.n;
}

/* Segments every other one of which is missing, then some of those. */
static void
streams_run(const void *context)
{
	const struct stream_events events = { .bytes = hear_bytes };
	struct flows *flows = flows_new(NULL);
	struct streams *s = flows == NULL ? NULL : streams_new(NULL, &events);
	struct talk talk;

	(void)context;
	heard = 0;
	talk_open(&talk, flows);
	if (s == NULL) {
		flows_free(flows);
		return;
	}
	talk_handshake(&talk);
	for (uint32_t i = 0; i < 900; i++) {
		uint32_t at = i < 600 ? i * 2 + 1 : (i - 600) * 3;
		struct transport *t = talk_segment(&talk, false, TCP_ACK,
		    1 + at * 4, 1, span_text("abcd"));

		stream_segment(s, &talk.packet, t);
	}
	streams_finish(s, flows);
	must(heard > 4000 || refuse_at != UINT64_MAX, "streams", refuse_at);
	streams_free(s);
	flows_free(flows);
}

/* A table with room for little: what finds none is counted. */
static void
tables(void)
{
	for (size_t bytes = (size_t)64 << 10; bytes < (size_t)16 << 20;
	     bytes = bytes * 5 / 4) {
		struct flow_limits limits = { .max_bytes = bytes };
		struct flows *flows = flows_new(&limits);
		struct talk talk;
		uint64_t known = 0, n = 6000;

		talk_open(&talk, flows);
		for (uint64_t i = 0; flows != NULL && i < n; i++) {
			talk.client_port = (uint16_t)(1024 + i);
			known += talk_segment(&talk, false, TCP_SYN, 0, 0,
			    span_empty())->flow != NULL;
		}
		must(flows == NULL || known + flow_counts(flows)->refused ==
		    n, "flows", bytes);
		flows_free(flows);
	}
	ok_int(bad, 0);
}

int
main(void)
{
	hash_key_init();
	arena_init(&arena, (size_t)1 << 20);
	filters();
	each_refused(datagrams_run, NULL, "datagrams");
	ok_int(bad, 0);
	each_refused(streams_run, NULL, "streams");
	ok_int(bad, 0);
	tables();
	arena_free(&arena);
	return tap_done();
}
