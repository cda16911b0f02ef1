#include "net/tcp_analysis.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "capture/capture.h"
#include "net/walk.h"
#include "net/segments.h"
#include "tap.h"

/*
 * fixtures/tcp-classes says in the comment of each packet what it is;
 * test/peer/tracker asks tshark about the same file.
 */
static const struct {
	uint16_t analysis;
	const char *word;
} words[] = {
	{ TCP_A_RETRANSMISSION, "retransmission" },
	{ TCP_A_FAST_RETRANSMISSION, "fast" },
	{ TCP_A_SPURIOUS_RETRANSMISSION, "spurious" },
	{ TCP_A_OUT_OF_ORDER, "out-of-order" },
	{ TCP_A_LOST_SEGMENT, "lost" },
	{ TCP_A_ACK_LOST_SEGMENT, "ack-lost" },
	{ TCP_A_DUPLICATE_ACK, "duplicate" },
	{ TCP_A_KEEP_ALIVE, "keep-alive" },
	{ TCP_A_KEEP_ALIVE_ACK, "keep-alive-ack" },
	{ TCP_A_ZERO_WINDOW, "zero-window" },
	{ TCP_A_ZERO_WINDOW_PROBE, "zero-window-probe" },
	{ TCP_A_ZERO_WINDOW_PROBE_ACK, "zero-window-probe-ack" },
	{ TCP_A_WINDOW_FULL, "window-full" },
	{ TCP_A_WINDOW_UPDATE, "window-update" },
	{ TCP_A_REUSED_PORTS, "reused-ports" },
};

static void
classes_write(char *out, size_t size, const struct transport *t)
{
	size_t i, n = 0;

	out[0] = '\0';
	for (i = 0; i < LENGTH(words); i++) {
		if ((t->analysis & words[i].analysis) == 0)
			continue;
		n += (size_t)snprintf(out + n, size - n, "%s%s",
		    n == 0 ? "" : " ", words[i].word);
		if (words[i].analysis == TCP_A_DUPLICATE_ACK)
			n += (size_t)snprintf(out + n, size - n, "-%u",
			    t->duplicate_ack);
	}
}

static void
packet_check(struct flows *flows, const struct record *r, struct arena *arena)
{
	static struct packet p;
	struct walk walk = { 0 };
	char got[200], wanted[200];

	packet_walk(&walk, r, arena, &p);
	if (!ok(p.n_transports == 1))
		return;
	flow_track(flows, &p, &p.transports[0], NULL);
	classes_write(got, sizeof(got), &p.transports[0]);
	snprintf(wanted, sizeof(wanted), "%.*s", (int)r->comment.n,
	    (const char *)r->comment.p);
	if (!ok_text(got, wanted))
		printf("# frame %u, port %u\n", (unsigned)r->number,
		    p.transports[0].sport);
}

static void
fixture_check(void)
{
	enum capture_error error;
	struct capture *c = capture_open(
	    open(FIXTURES "/tcp-classes.pcapng", O_RDONLY), false, NULL,
	    &error);
	struct flows *flows = flows_new(NULL);
	struct record records[8];
	struct arena arena;
	size_t i, n;

	if (!ok(c != NULL) || !ok(flows != NULL))
		return;
	arena_init(&arena, 1 << 20);
	while ((n = capture_read(c, records, LENGTH(records))) > 0) {
		for (i = 0; i < n; i++)
			packet_check(flows, &records[i], &arena);
		arena_reset(&arena);
	}
	ok_int(flow_count(flows, 6), 20);
	arena_free(&arena);
	flows_free(flows);
	capture_close(c);
}

/* ---- The unacknowledged ---- */

static struct tcp_segment
segment(uint32_t seq, uint32_t next, uint64_t frame)
{
	return (struct tcp_segment){ .seq = seq, .next = next,
		.frame = frame };
}

static void
unacked_check(void)
{
	struct flow_pool pool;
	struct tcp_unacked u;
	struct tcp_acked acked;
	struct tcp_segment s;
	uint32_t i;

	flow_pool_init(&pool, (size_t)16 << 20);
	tcp_unacked_init(&u);
	for (i = 0; i < TCP_UNACKED_MAX; i++) {
		s = segment(i * 10 - 500, i * 10 - 490, i + 1);
		if (!tcp_unacked_add(&u, &pool, &s))
			break;
	}
	ok_int(i, TCP_UNACKED_MAX);
	ok(u.sorted);
	ok(!tcp_unacked_add(&u, &pool, &s));
	ok_int(tcp_unacked_span(&u, 0), TCP_UNACKED_MAX * 10);
	tcp_unacked_ack(&u, &pool, (uint32_t)-495, &acked);
	ok(!acked.found);
	ok_int(tcp_unacked_span(&u, 0), TCP_UNACKED_MAX * 10 - 5);
	tcp_unacked_ack(&u, &pool, 0, &acked);
	ok(acked.found);
	ok_int(acked.segment.frame, 50);
	ok_int(u.n, TCP_UNACKED_MAX - 50);
	ok_int(tcp_unacked_oldest(&u)->frame, 51);
	/* One that was there before: no longer sorted, and both are found. */
	s = segment(0, 10, 20000 | TCP_SEGMENT_RESENT);
	ok(tcp_unacked_add(&u, &pool, &s));
	ok(!u.sorted);
	ok_int(tcp_unacked_span(&u, 0), (TCP_UNACKED_MAX - 50) * 10);
	tcp_unacked_ack(&u, &pool, 10, &acked);
	ok(acked.found);
	ok(acked.resent);
	ok_int(acked.segment.frame & TCP_SEGMENT_FRAME, 51);
	ok(u.sorted);
	tcp_unacked_ack(&u, &pool, TCP_UNACKED_MAX * 10, &acked);
	ok_int(u.n, 0);
	ok_int(u.class, 0);
	flow_pool_free(&pool);
}

/* Half of the circle away is before and after, as Wireshark has it. */
static void
sequence_check(void)
{
	ok(seq_before(0xfffffff0, 0x10));
	ok(seq_after(0x10, 0xfffffff0));
	ok(!seq_before(7, 7));
	ok(!seq_after(7, 7));
	ok(seq_up_to(7, 7));
	ok(seq_before(0, 0x80000000));
	ok(seq_after(0, 0x80000000));
	ok(seq_before(0x80000000, 0));
}

/* A header that says it is shorter than itself is judged by nobody. */
static void
bogus_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct talk t;
	struct transport *r;

	talk_open(&t, flows);
	(void)talk_handshake(&t);
	(void)talk_segment(&t, false, TCP_ACK, 1, 1, span_text("abc"));
	r = talk_transport(&t, false, 6);
	t.packet.tcp.seq = t.client_first + 1;
	t.packet.tcp.flags = TCP_ACK;
	t.packet.tcp.header_length = 16;
	flow_track(flows, &t.packet, r, NULL);
	ok_int(r->stream, 0);
	ok_int(r->analysis, 0);
	t.packet.tcp.header_length = 20;
	t.packet.tcp.length = 3;
	flow_track(flows, &t.packet, r, NULL);
	ok((r->analysis & TCP_A_RETRANSMISSION) != 0);
	flows_free(flows);
}

int
main(void)
{
	bogus_check();
	fixture_check();
	unacked_check();
	sequence_check();
	return tap_done();
}
