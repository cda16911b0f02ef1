#include "net/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "net/flow_state.h"
#include "net/segments.h"
#include "tap.h"

#define ACK TCP_ACK
#define SYN TCP_SYN
#define FIN TCP_FIN
#define RST TCP_RST

/* A connection as a row: packets, and what must be said of it.  Letters: the
 * sender (upper case: client), as in Zeek's history, with "e" for a RST
 * without ACK. */
struct ending {
	const char *packets, *state, *close;
	enum flow_handshake handshake;
	const char *history;
};

static const struct ending endings[] = {
	{ "S", "S0", "unknown", HANDSHAKE_SYN, "S" },
	{ "Sr", "REJ", "reset", HANDSHAKE_REFUSED, "Sr" },
	{ "Sh", "S1", "unknown", HANDSHAKE_SYN_ACK, "Sh" },
	{ "ShR", "RSTO", "reset", HANDSHAKE_SYN_ACK, "ShR" },
	{ "ShA", "S1", "active", HANDSHAKE_COMPLETE, "ShA" },
	{ "ShADad", "S1", "active", HANDSHAKE_COMPLETE, "ShADad" },
	/* The client's ACK is missing, its data shows it. */
	{ "ShD", "S1", "active", HANDSHAKE_COMPLETE, "ShD" },
	/* A server speaks only when it has the ACK. */
	{ "Shd", "S1", "active", HANDSHAKE_COMPLETE, "Shd" },
	{ "ShADFfA", "SF", "normal", HANDSHAKE_COMPLETE, "ShADFf" },
	{ "ShADF", "S2", "active", HANDSHAKE_COMPLETE, "ShADF" },
	{ "ShADf", "S3", "active", HANDSHAKE_COMPLETE, "ShADf" },
	{ "ShADR", "RSTO", "reset", HANDSHAKE_COMPLETE, "ShADR" },
	{ "ShADe", "RSTR", "reset", HANDSHAKE_COMPLETE, "ShADr" },
	/* A RST behind both FINs does not undo them. */
	{ "ShADFfR", "SF", "normal", HANDSHAKE_COMPLETE, "ShADFfR" },
	{ "SE", "RSTOS0", "reset", HANDSHAKE_SYN, "SR" },
	{ "SF", "SH", "normal", HANDSHAKE_SYN, "SF" },
	{ "hf", "SHR", "normal", HANDSHAKE_SYN_ACK, "hf" },
	{ "hr", "RSTRH", "reset", HANDSHAKE_SYN_ACK, "hr" },
	{ "DadA", "OTH", "active", HANDSHAKE_NONE, "DadA" },
	{ "DaFf", "SF", "normal", HANDSHAKE_NONE, "DaFf" },
	/* One side only. */
	{ "SAD", "S0", "active", HANDSHAKE_COMPLETE, "SAD" },
	{ "hd", "OTH", "active", HANDSHAKE_COMPLETE, "hd" },
	/* The answer before the question: captures do that. */
	{ "hSA", "S1", "active", HANDSHAKE_COMPLETE, "hSA" },
	/* Both at once. */
	{ "SsHh", "S1", "active", HANDSHAKE_COMPLETE, "SsHh" },
};

static void
letter_send(struct talk *t, char letter, uint32_t next[2])
{
	bool server = letter >= 'a';
	uint32_t *mine = &next[server], other = next[!server];
	unsigned flags = ACK;
	struct span payload = span_empty();

	switch (letter | 0x20) {
	case 's':
		flags = SYN;
		break;
	case 'h':
		flags = SYN | ACK;
		break;
	case 'd':
		payload = span_text("0123456789");
		break;
	case 'f':
		flags = FIN | ACK;
		break;
	case 'r':
		flags = RST | ACK;
		break;
	case 'e':
		flags = RST;
		break;
	}
	talk_segment(t, server, flags, (flags & SYN) != 0 ? 0 :
	    *mine == 0 ? 1 : *mine, other == 0 ? 1 : other, payload);
	if ((flags & (SYN | FIN)) != 0)
		*mine = (flags & SYN) != 0 ? 1 : *mine + 1;
	*mine += (uint32_t)payload.n;
}

/* The sums are those of the details, of each flow. */
static void
losses_check(struct flows *flows)
{
	struct flow_walk w = { NULL, 0, 0 };
	const struct flow *f;

	while ((f = flow_walk(flows, 6, &w, FLOW_ASKED_LOSSES)) != NULL) {
		struct flow_losses sum = { 1000, 2000, 3000, 4000 };
		struct flow_detail d;

		ok(f == flow_at(flows, 6, w.at - 1));
		flow_detail(f, &d);
		flow_losses_add(f, &sum);
		ok_int(sum.rst, 1000 + d.flags[0].rst + d.flags[1].rst);
		ok_int(sum.retransmissions, 2000 +
		    d.classes[0].retransmissions + d.classes[1].retransmissions);
		ok_int(sum.lost, 3000 + d.classes[0].lost + d.classes[1].lost);
		ok_int(sum.zero_windows, 4000 + d.classes[0].zero_windows +
		    d.classes[1].zero_windows);
	}
}

static void
ending_check(const struct ending *e)
{
	struct flows *flows = flows_new(NULL);
	struct flow_detail detail;
	uint32_t next[2] = { 0, 0 };
	const struct flow *f;
	struct talk t;
	size_t i;

	talk_open(&t, flows);
	for (i = 0; e->packets[i] != '\0'; i++)
		letter_send(&t, e->packets[i], next);
	ok_int(flow_count(flows, 6), 1);
	f = flow_at(flows, 6, 0);
	ok_text(flow_conn_state(f), e->state);
	ok_text(flow_close_reason(f), e->close);
	ok_int(f->handshake, e->handshake);
	flow_detail(f, &detail);
	ok_text(detail.history, e->history);
	losses_check(flows);
	ok_int(flow_packets(f, 0) + flow_packets(f, 1), i);
	/* Whoever spoke first: the client is the client. */
	if (strpbrk(e->packets, "Sh") != NULL) {
		ok_int(f->b_port, 80);
		ok(!f->guessed);
	}
	flows_free(flows);
}

/* ---- Who is who ---- */

static void
roles_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct talk t;
	const struct flow *f;

	/* The server's data first: its port tells. */
	talk_open(&t, flows);
	talk_segment(&t, true, ACK, 1, 1, span_text("220 hello"));
	f = flow_at(flows, 6, 0);
	ok(f->guessed);
	ok(f->swapped);
	ok_int(f->b_port, 80);
	ok_int(flow_bytes(f, 1), 9);
	ok_int(t.packet.transports[0].direction, 1);
	/* A late SYN may not move what was delivered. */
	talk_segment(&t, true, SYN, 0, 0, span_empty());
	ok_int(flow_count(flows, 6), 1);
	ok(f->guessed);
	ok_int(f->b_port, 80);

	/* A RST of an old connection first, then the client's SYN. */
	t.client_port = 20;
	talk_segment(&t, true, RST, 1, 0, span_empty());
	f = flow_at(flows, 6, 1);
	ok_int(f->a_port, 80);
	ok(f->guessed);
	talk_segment(&t, false, SYN, 0, 0, span_empty());
	ok(!f->guessed);
	ok_int(f->a_port, 20);
	ok_int(flow_packets(f, 1), 1);
	ok_int(flow_packets(f, 0), 1);

	/* What was counted moves along with the roles. */
	t.client_port = 21;
	talk_segment(&t, true, RST, 1, 0, span_empty());
	talk_segment(&t, true, RST, 1, 0, span_empty());
	talk_segment(&t, true, RST, 1, 0, span_empty());
	talk_segment(&t, false, SYN, 0, 0, span_empty());
	f = flow_at(flows, 6, 2);
	ok(!f->guessed);
	ok_int(f->a_port, 21);
	ok_int(flow_packets(f, 1), 3);
	ok_int(flow_packets(f, 0), 1);
	ok_int(t.packet.transports[0].direction, 0);

	/* In the middle of a connection the ports of clients tell, too, and
	 * where both or none is one of those, who speaks first. */
	t.server_port = 2404;
	t.client_port = 54768;
	talk_segment(&t, true, ACK, 1, 1, span_text("spontaneous"));
	f = flow_at(flows, 6, 3);
	ok(f->guessed);
	ok_int(f->b_port, 2404);
	ok_int(flow_bytes(f, 1), 11);
	t.client_port = 5004;
	talk_segment(&t, true, ACK, 1, 1, span_text("spontaneous"));
	ok_int(flow_at(flows, 6, 4)->b_port, 5004);
	t.server_port = 50000;
	t.client_port = 54768;
	talk_segment(&t, true, ACK, 1, 1, span_text("spontaneous"));
	ok_int(flow_at(flows, 6, 5)->b_port, 54768);
	t.server_port = 2404;
	t.client_port = 54769;
	talk_segment(&t, true, SYN, 1, 1, span_empty());
	ok_int(flow_at(flows, 6, 6)->b_port, 54769);
	flows_free(flows);
}

/* ---- One packet ---- */

/* What is told of a flow that has no state yet is what a state would say. */
static void
lone_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct flow_detail d;
	struct transport *r;
	const struct flow *f;
	struct talk t;

	talk_open(&t, flows);
	r = talk_transport(&t, false, 6);
	t.packet.tcp.flags = SYN;
	t.packet.tcp.header_length = TCP_HEADER_MIN + 8;
	t.packet.tcp.options = TCP_OPT_MSS | TCP_OPT_WSCALE;
	t.packet.tcp.mss = 1460;
	t.packet.tcp.window_scale = 7;
	flow_track(flows, &t.packet, r, NULL);
	f = flow_at(flows, 6, 0);
	ok(f->lone && flow_tcp(f) == NULL);
	flow_detail(f, &d);
	ok_text(d.history, "S");
	ok_int(d.flags[0].syn, 1);
	ok_int(d.side[0].mss, 1460);
	ok_int(d.side[0].window_scale, 7);
	ok_int(d.side[1].window_scale, 255);
	ok_int(flow_packets(f, 0), 1);
	ok_int(flow_packets(f, 1), 0);
	ok_int(flow_bytes(f, 0), 0);
	ok_int(flow_last_frame(f), flow_first_frame(f));
	ok(flow_is_one_way(f));

	/* A closed window: the letter, and the count. */
	t.client_port++;
	t.window = 0;
	talk_segment(&t, false, ACK, 1, 1, span_empty());
	flow_detail(flow_at(flows, 6, 1), &d);
	ok_text(d.history, "AW");
	ok_int(d.classes[0].zero_windows, 1);

	/* The packet held turns with the roles: its sender was the server. */
	t.client_port = 8080;
	t.window = 1000;
	talk_segment(&t, false, ACK, 1, 1, span_empty());
	talk_segment(&t, false, SYN | ACK, 0, 1, span_empty());
	f = flow_at(flows, 6, 2);
	ok_int(f->b_port, 8080);
	ok_int(flow_packets(f, 0), 0);
	ok_int(flow_packets(f, 1), 2);
	flow_detail(f, &d);
	ok_int(d.flags[1].ack, 1);
	ok_int(d.flags[0].ack, 0);
	ok_text(d.history, "ah");
	/* And one that is a RST alone. */
	t.client_port++;
	talk_segment(&t, true, RST, 1, 1, span_empty());
	ok_int(flow_count(flows, 6), 4);
	losses_check(flows);
	flows_free(flows);
}

/* ---- Times ---- */

static void
times_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct flow_detail d;
	struct transport *r;
	struct talk t;

	talk_open(&t, flows);
	t.record.time.seconds = 1000;
	talk_segment(&t, false, SYN, 0, 0, span_empty());
	t.record.time.nanoseconds += 9000000;
	talk_segment(&t, true, SYN | ACK, 0, 1, span_empty());
	talk_segment(&t, false, ACK, 1, 1, span_empty());
	talk_segment(&t, false, ACK, 1, 1, span_text("question"));
	t.record.time.nanoseconds += 4000000;
	r = talk_segment(&t, true, ACK, 1, 9, span_empty());
	ok_int(r->acks_frame, 4);
	ok_int(r->ack_rtt, 5000000);
	/* Sent twice: the ACK is no sample (Karn). */
	talk_segment(&t, false, ACK, 9, 1, span_text("again"));
	t.record.time.seconds++;
	r = talk_segment(&t, false, ACK, 9, 1, span_text("again"));
	ok_int(r->analysis, TCP_A_RETRANSMISSION);
	ok_int(r->retransmission_of, 6);
	r = talk_segment(&t, true, ACK, 1, 14, span_empty());
	ok_int(r->acks_frame, 6);
	flow_detail(flow_at(flows, 6, 0), &d);
	ok_int(d.syn_rtt, 10000000);
	ok_int(d.handshake_rtt, 11000000);
	/* The SYN's own and the one of data. */
	ok_int(d.side[0].rtt_count, 2);
	ok_int(d.side[0].rtt_min, 5000000);
	ok_int(d.side[0].rtt_max, 10000000);
	ok_int(d.side[0].rtt_sum, 15000000);
	ok_int(d.side[1].rtt_count, 1);
	ok_int(d.classes[0].retransmissions, 1);
	ok_int(d.flags[0].syn, 1);
	ok_int(d.flags[1].syn_ack, 1);
	ok_int(d.flags[0].ack, 1);
	ok_int(d.flags[1].ack, 2);
	/* Something is missing before this, and it ends. */
	talk_segment(&t, false, ACK, 50, 1, span_text("later"));
	talk_segment(&t, true, RST | ACK, 1, 14, span_empty());
	flow_detail(flow_at(flows, 6, 0), &d);
	ok_int(d.classes[0].lost, 1);
	ok_int(d.flags[1].rst, 1);
	losses_check(flows);
	flows_free(flows);
}

/* Clocks that make no sense must not make undefined arithmetic. */
static void
clocks_check(void)
{
	static const int64_t seconds[] = { 0, INT64_MAX, INT64_MIN, -1,
		INT64_MAX / 2, 9223372036, 1 };
	struct flows *flows = flows_new(NULL);
	struct flow_detail d;
	struct talk t;
	uint32_t i;

	talk_open(&t, flows);
	talk_handshake(&t);
	for (i = 0; i < 700; i++) {
		t.record.time.seconds = seconds[i % LENGTH(seconds)];
		t.record.time.nanoseconds = 0;
		talk_segment(&t, i % 2 != 0, ACK, 1 + i / 2 * 5, 1 + i / 3 * 5,
		    span_text("12345"));
	}
	flow_detail(flow_at(flows, 6, 0), &d);
	ok(d.side[0].rtt_sum >= 0);
	ok(d.side[1].rtt_sum >= 0);
	flows_free(flows);
}

/* ---- Numbers ---- */

static void
numbers_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct flow_detail d;
	struct transport *r;
	struct talk t;

	talk_open(&t, flows);
	talk_handshake(&t);
	/* The same SYN again is a retransmission, another one reuse. */
	r = talk_segment(&t, false, SYN, 0, 0, span_empty());
	ok_int(r->stream, 0);
	t.client_first = 77777;
	r = talk_segment(&t, false, SYN, 0, 0, span_empty());
	ok_int(r->stream, 1);
	ok_int(r->analysis, TCP_A_REUSED_PORTS);
	ok(flow_at(flows, 6, 0)->superseded);
	flow_detail(flow_at(flows, 6, 1), &d);
	ok(d.reused_ports);
	/* The server's answer belongs to the new one. */
	r = talk_segment(&t, true, SYN | ACK, 0, 1, span_empty());
	ok_int(r->stream, 1);
	/* A header quoted in an ICMP error has a number of its own. */
	t.client_port = 40001;
	r = talk_transport(&t, false, 6);
	r->in_error = true;
	flow_track(flows, &t.packet, r, NULL);
	ok_int(r->stream, 2);
	ok_int(flow_counts(flows)->quoted, 1);
	ok_int(flow_packets(flow_at(flows, 6, 2), 0), 0);
	talk_handshake(&t);
	ok_int(flow_count(flows, 6), 3);
	ok_int(flow_counts(flows)->quoted, 0);
	ok_int(flow_packets(flow_at(flows, 6, 2), 0), 2);
	/* UDP counts for itself, and UDP-Lite with it. */
	r = talk_transport(&t, false, 17);
	flow_track(flows, &t.packet, r, NULL);
	ok_int(r->stream, 0);
	t.client_port = 1;
	r = talk_transport(&t, false, 136);
	flow_track(flows, &t.packet, r, NULL);
	ok_int(r->stream, 1);
	/* What has no ports has no flow. */
	r = talk_transport(&t, false, 47);
	flow_track(flows, &t.packet, r, NULL);
	ok(r->flow == NULL);
	ok_int(r->stream, STREAM_NONE);
	flows_free(flows);
}

static struct transport *
udp_send(struct talk *t, bool from_server, uint16_t server_port,
    struct span payload)
{
	struct transport *r = talk_transport(t, from_server, 17);

	if (from_server)
		r->sport = server_port;
	else
		r->dport = server_port;
	r->payload = payload;
	r->payload_claimed = payload.n;
	flow_track(t->flows, &t->packet, r, NULL);
	return r;
}

/* Where Wireshark's numbers jump, see net/flow_number.h. */
static void
jumps_check(void)
{
	static const uint8_t get[] = { 0x30, 3, 2, 1, 1 };
	static const uint8_t hello[] = { 5, 1, 0 }, method[] = { 5, 0 };
	static const uint8_t ask[] = { 5, 1, 0, 1, 192, 0, 2, 1, 0x1f, 0x90 };
	static const uint8_t yes[] = { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	struct flows *flows = flows_new(NULL);
	struct talk t;

	talk_open(&t, flows);
	ok_int(udp_send(&t, false, 161, span_of(get, 5))->stream, 0);
	ok_int(udp_send(&t, true, 161, span_of(get, 5))->stream, 1);
	ok_int(udp_send(&t, false, 161, span_of(get, 5))->stream, 1);
	/* Not SNMP: a length beyond the payload. */
	t.client_port++;
	ok_int(udp_send(&t, false, 161, span_of(get, 4))->stream, 2);
	ok_int(udp_send(&t, true, 161, span_of(get, 5))->stream, 2);
	ok_int(udp_send(&t, true, 161, span_of(get, 5))->stream, 3);

	t.client_port = 1080;
	talk_handshake(&t);
	talk_segment(&t, true, ACK, 1, 1, span_of(hello, sizeof(hello)));
	talk_segment(&t, false, ACK, 1, 4, span_of(method, sizeof(method)));
	talk_segment(&t, true, ACK, 4, 3, span_of(ask, sizeof(ask)));
	talk_segment(&t, false, ACK, 3, 14, span_of(yes, sizeof(yes)));
	ok_int(flow_count(flows, 6), 1);
	talk_segment(&t, true, ACK, 14, 13, span_text("GET /"));
	ok_int(flow_count(flows, 6), 2);
	ok_int(flow_at(flows, 6, 1)->a_port, 80);
	ok_int(flow_at(flows, 6, 1)->b_port, 8080);
	ok_int(flow_packets(flow_at(flows, 6, 1), 0), 0);
	flows_free(flows);
}

/* ---- Caps ---- */

static void
cap_check(void)
{
	const struct flow_limits few = { .max_flows = 10 };
	const struct flow_limits small = { .max_bytes = 670000 };
	struct flows *flows = flows_new(&few);
	struct transport *r;
	struct talk t;
	unsigned i;

	talk_open(&t, flows);
	for (i = 0; i < 20; i++) {
		t.client_port++;
		r = talk_segment(&t, false, SYN, 0, 0, span_empty());
		ok((r->flow != NULL) == (i < 10));
	}
	ok_int(flow_counts(flows)->refused, 10);
	ok_int(flow_count(flows, 6), 10);
	/* Old ones go on. */
	t.client_port -= 15;
	r = talk_segment(&t, true, SYN | ACK, 0, 1, span_empty());
	ok_int(r->stream, 4);
	ok_int(r->acks_frame, 5);
	flows_free(flows);

	/* Memory: without a state packets are counted all the same. */
	flows = flows_new(&small);
	talk_open(&t, flows);
	for (i = 0; i < 3000; i++) {
		t.client_port++;
		talk_handshake(&t);
	}
	ok(flow_counts(flows)->bytes <= small.max_bytes);
	ok(flow_counts(flows)->untracked > 0);
	ok(flow_counts(flows)->refused > 0);
	r = talk_segment(&t, true, ACK, 1, 1, span_text("x"));
	ok(r->flow == NULL);
	t.client_port = 40000 + 2000;
	r = talk_segment(&t, true, ACK, 1, 1, span_text("x"));
	ok(r->flow != NULL);
	ok_int(flow_packets(r->flow, 1), 2);
	ok(flow_tcp(r->flow) == NULL);
	ok_text(flow_conn_state(r->flow), "S0");
	flows_free(flows);
}

/* Never acknowledged: no more than 10000 are noted, and it is told. */
static void
unacked_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct talk t;
	uint32_t i;

	talk_open(&t, flows);
	talk_handshake(&t);
	for (i = 0; i < 10500; i++)
		talk_segment(&t, false, ACK, 1 + i, 1, span_text("x"));
	ok_int(flow_counts(flows)->unacked, 500);
	ok(flow_counts(flows)->bytes < (size_t)4 << 20);
	flows_free(flows);
}

/* ---- Batches ---- */

#define BATCHED 40

static void
batch_make(struct packet *packets, struct record *records, unsigned round)
{
	static uint64_t number;
	struct talk t;
	unsigned i;

	for (i = 0; i < BATCHED; i++) {
		talk_open(&t, NULL);
		t.client_port = (uint16_t)((i * 7 + round * 3) % 23);
		records[i] = t.record;
		records[i].number = ++number;
		talk_transport(&t, i % 3 == 0, i % 4 == 0 ? 17 : 6);
		packets[i] = t.packet;
		packets[i].record = &records[i];
		packets[i].tcp.header_length = TCP_HEADER_MIN;
		packets[i].tcp.flags = ACK;
		/* Reuse in the middle of a batch. */
		if (i % 5 == 1) {
			packets[i].tcp.flags = SYN;
			packets[i].tcp.seq = round * 100 + i;
		}
	}
}

/* The same numbers with and without a look ahead. */
static void
batch_check(void)
{
	static struct packet packets[BATCHED];
	static struct record records[BATCHED];
	struct flows *plain = flows_new(NULL), *batched = flows_new(NULL);
	unsigned round, i, differ = 0;
	struct transport *r;
	uint32_t stream;

	for (round = 0; round < 50; round++) {
		batch_make(packets, records, round);
		flow_expect_start(batched);
		for (i = 0; i < BATCHED; i++)
			flow_expect(batched, &packets[i]);
		for (i = 0; i < BATCHED; i++) {
			r = &packets[i].transports[0];
			flow_track(plain, &packets[i], r, NULL);
			stream = r->stream;
			flow_track(batched, &packets[i], r, NULL);
			differ += stream != r->stream;
		}
	}
	ok_int(differ, 0);
	ok_int(flow_count(plain, 6), flow_count(batched, 6));
	ok(flow_count(plain, 6) > 100);
	flows_free(plain);
	flows_free(batched);
}

/* Without the others the connections of TCP are as they were. */
static void
only_tcp_check(void)
{
	static struct packet packets[BATCHED];
	static struct record records[BATCHED];
	struct flows *all = flows_new(NULL), *tcp = flows_new(NULL);
	unsigned round, i, differ = 0;
	struct transport *r;
	uint32_t stream;

	flows_only(tcp, 6);
	for (round = 0; round < 20; round++) {
		batch_make(packets, records, round);
		flow_expect_start(tcp);
		for (i = 0; i < BATCHED; i++)
			flow_expect(tcp, &packets[i]);
		for (i = 0; i < BATCHED; i++) {
			r = &packets[i].transports[0];
			flow_track(all, &packets[i], r, NULL);
			stream = r->stream;
			flow_track(tcp, &packets[i], r, NULL);
			if (r->protocol == 6)
				differ += r->stream != stream ||
				    r->flow == NULL;
			else
				differ += r->flow != NULL;
		}
	}
	ok_int(differ, 0);
	ok_int(flow_count(tcp, 6), flow_count(all, 6));
	ok(flow_count(all, 17) > 0);
	ok_int(flow_count(tcp, 17), 0);
	flows_free(all);
	flows_free(tcp);
}

/* A held SYN is played by hand: the same state as by analysing it. */
static bool
syn_is_same(const struct flow *f)
{
	const struct flow_opening *o = &f->opening;
	const struct timestamp first = flow_first(f);
	struct tcp_header h = { .seq = o->seq, .ack = o->ack,
		.window = o->window, .flags = o->flags, .mss = o->mss,
		.window_scale = o->window_scale, .options = o->options };
	struct tcp_input in = { .header = &h, .direction = f->from_b,
		.frame = flow_first_frame(f), .time = tcp_time(&first) };
	struct tcp_result result = { .analysis = 0 };
	struct flow scratch = { .handshake = HANDSHAKE_NONE };
	static struct tcp_state played, analysed;
	struct flow_pool pool;

	flow_pool_init(&pool, 1 << 20);
	tcp_state_init(&played);
	tcp_state_init(&analysed);
	flow_state_play(f, &played, &pool);
	tcp_analyse(&analysed, &pool, &in, &result);
	flow_state_tcp(&scratch, &analysed, &pool, &in, result.analysis);
	flow_pool_free(&pool);
	return result.analysis == 0 &&
	    memcmp(&played, &analysed, sizeof(played)) == 0;
}

static void
syn_check(void)
{
	static const uint32_t numbers[] = { 0, 1, 7, INT32_MAX, UINT32_MAX };
	static const uint8_t scales[] = { 0, 7, 14, 15, 255 };
	unsigned differ = 0;

	for (unsigned i = 0; i < 5 * 5 * 5 * 256; i++) {
		const struct {
			struct flow flow;
			struct flow_start start;
		} f = { .flow = {
			.held = true,
			.from_b = (i & 1) != 0,
			.first_known = true,
			.opening = {
				.seq = numbers[i / 256 % 5],
				.ack = numbers[i / 256 / 5 % 5],
				.window = (uint16_t)((i & 4) * 4096),
				.flags = (uint16_t)(SYN | (i & 8) |
				    (i & 16) << 2),
				.mss = (uint16_t)(i & 32 ? 1460 : 0),
				.window_scale = scales[i / 256 / 25],
				.options = (uint8_t)(
				    (i & 32 ? TCP_OPT_MSS : 0) |
				    (i & 64 ? TCP_OPT_WSCALE : 0) |
				    (i & 128 ? TCP_OPT_SACK_PERMITTED : 0)),
			},
		}, .start = {
			.seconds = 1700000000,
			.nanoseconds = 5,
			.frame = 3 + ((uint64_t)(i & 2) << 33),
		} };

		differ += !syn_is_same(&f.flow);
	}
	ok_int(differ, 0);
}

/* A million half-open connections: little memory each, and all there. */
static void
flood_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct talk t;
	uint32_t i;

	talk_open(&t, flows);
	for (i = 0; i < 1000000; i++) {
		struct transport *r = talk_transport(&t, false, 6);

		r->src.bytes[1] = (uint8_t)(i >> 16);
		r->src.bytes[2] = (uint8_t)(i >> 8);
		r->sport = (uint16_t)(i & 0xff);
		t.packet.tcp.flags = SYN;
		t.packet.tcp.header_length = TCP_HEADER_MIN;
		t.packet.tcp.seq = i;
		flow_track(flows, &t.packet, r, NULL);
	}
	ok_int(flow_count(flows, 6), 1000000);
	ok(flow_counts(flows)->bytes / 1000000 < 150);
	ok_int(flow_at(flows, 6, 999999)->handshake, HANDSHAKE_SYN);
	flows_free(flows);
}

int
main(void)
{
	size_t i;

	hash_key_init();
	for (i = 0; i < LENGTH(endings); i++)
		ending_check(&endings[i]);
	roles_check();
	lone_check();
	times_check();
	clocks_check();
	numbers_check();
	jumps_check();
	cap_check();
	unacked_check();
	batch_check();
	only_tcp_check();
	syn_check();
	flood_check();
	return tap_done();
}
