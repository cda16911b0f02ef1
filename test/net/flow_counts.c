/*
 * Counts of a flow of TCP are partly in its state: where they come together,
 * none is missing and none comes twice.
 */
#include "net/flow.h"

#include "net/flow_plain.h"
#include "net/flow_state.h"
#include "net/segments.h"
#include "tap.h"

static uint64_t
packets(const struct flow *f)
{
	return (uint64_t)flow_packets(f, 0) + flow_packets(f, 1);
}

/* A first ACK is held, and counted once, whatever comes next. */
static void
ack_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct flow_flags flags[2];
	struct flow *f;
	struct talk t;

	talk_open(&t, flows);
	f = talk_segment(&t, false, TCP_ACK, 1, 1, span_empty())->flow;
	ok_int(packets(f), 1);
	(void)talk_segment(&t, true, TCP_ACK, 1, 1, span_text("abc"));
	ok_int(packets(f), 2);
	ok(flow_is_two_way(f) && !flow_is_one_way(f));
	(void)talk_segment(&t, false, TCP_ACK, 1, 4, span_empty());
	ok_int(flow_packets(f, 0), 2);
	flow_flags(f, flags);
	ok_int(flags[0].ack, 2);
	ok_int(flow_last_frame(f), 3);

	/* What begins another one leaves it as it is. */
	t.client_port++;
	f = talk_segment(&t, false, TCP_ACK, 1, 1, span_empty())->flow;
	ok(talk_segment(&t, false, TCP_SYN, 70, 0, span_empty())->flow != f);
	ok_int(packets(f), 1);
	ok(flow_is_one_way(f) && !flow_is_silent(f));
	ok_int(flow_last_frame(f), 4);
	ok_int(flow_last(f).nanoseconds, 4000000);

	/* Nobody judges the second: its header is too short. */
	t.client_port++;
	f = talk_segment(&t, false, TCP_ACK, 1, 1, span_empty())->flow;
	(void)talk_transport(&t, false, 6);
	t.packet.tcp.flags = TCP_ACK;
	t.packet.tcp.header_length = 16;
	flow_track(flows, &t.packet, &t.packet.transports[0], NULL);
	ok_int(flow_packets(f, 0), 2);
	(void)talk_segment(&t, true, TCP_ACK, 1, 1, span_text("abc"));
	ok_int(flow_packets(f, 0), 2);
	ok_int(packets(f), 3);
	flows_free(flows);
}

/* What went on is in the state, until it is too much. */
static void
pour_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct tcp_state *s;
	struct talk t;
	struct flow *f;

	talk_open(&t, flows);
	f = talk_handshake(&t)->flow;
	s = flow_tcp(f);
	s->end[1].data = 7;
	s->end[1].bytes = UINT32_MAX;
	tcp_next_frame_set(&s->end[1], 20);
	s->end[1].ack_time = 1700000000123456789;
	for (unsigned i = 0; i < 2; i++) {
		ok_int(flow_packets(f, 0), 2);
		ok_int(flow_packets(f, 1), 8);
		ok_int(flow_data_packets(f, 1), 7);
		ok(flow_bytes(f, 1) == UINT32_MAX);
		ok_int(flow_last_frame(f), 20);
		ok_int(flow_last(f).seconds, 1700000000);
		ok_int(flow_last(f).nanoseconds, 123456789);
		flow_state_pour(f, s);
	}
	s->end[1].bytes = UINT32_MAX;
	ok(flow_bytes(f, 1) == 2 * (uint64_t)UINT32_MAX);
	/* There is no higher number. */
	s->end[1].data = UINT32_MAX;
	ok(flow_packets(f, 1) == UINT32_MAX);
	flow_state_pour(f, s);
	s->end[1].data = 1;
	ok(flow_packets(f, 1) == UINT32_MAX);
	ok(flow_data_packets(f, 1) == UINT32_MAX);
	flows_free(flows);
}

/* The same of one that goes on and finds no room there. */
static void
room_check(void)
{
	static const uint8_t frame[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2,
		8, 0, /* IPv4, TCP */ 0x45, 0, 0, 50, 0, 0, 0, 0, 64, 6, 0, 0,
		10, 0, 0, 1, 10, 0, 0, 2, 40000 >> 8, 40000 & 255, 0, 80,
		0, 0, 1001 >> 8, 1001 & 255, 0, 0, 5001 >> 8, 5001 & 255,
		0x50, TCP_ACK, 32, 0, 0, 0, 0, 0,
		'0', '1', '2', '3', '4', '5', '6', '7', '8', '9' };
	struct flows *flows = flows_new(NULL);
	struct record r = { .number = 99, .bytes = { frame, sizeof(frame) },
		.len = sizeof(frame), .link = 1, .time = { .known = true } };
	struct glance g[FLOW_LOT];
	static struct flow_lot lot;
	struct tcp_state *s;
	struct talk t;
	struct flow *f;

	talk_open(&t, flows);
	f = talk_handshake(&t)->flow;
	s = flow_tcp(f);
	s->end[0].bytes = UINT32_MAX - 5;
	s->end[0].data = 3;
	lot.records = &r;
	lot.glances = g;
	lot.seen = plain_glances(&r, 1, 1, &plain_asks, g);
	flow_plain_start(flows, &lot, 1);
	ok_int(flow_plain_expect(flows, &lot, 1), 1);
	flow_plain_near(flows, &lot, 1);
	flow_plain_nearer(flows, &lot);
	ok_int(flow_plain_track(flows, &lot, 1), 1);
	ok_int(s->end[0].data, 1);
	ok_int(s->end[0].bytes, 10);
	ok_int(flow_packets(f, 0), 2 + 3 + 1);
	ok_int(flow_data_packets(f, 0), 4);
	ok(flow_bytes(f, 0) == (uint64_t)UINT32_MAX + 5);
	ok_int(flow_last_frame(f), 99);
	flows_free(flows);
}

int
main(void)
{
	ack_check();
	pour_check();
	room_check();
	return tap_done();
}
