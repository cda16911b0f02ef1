#include "analysis/analyzer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/trace.h"
#include "base/hash.h"
#include "captures.h"
#include "tap.h"

/*
 * Packets that are not walked (analysis/pass_flows.c) do to flows, messages
 * and counts what walked ones do, and are told to who asks as those are.
 * Over the captures given, or over the fixtures and traffic made at random.
 */
struct heard {
	struct buf packets, flows;
	uint64_t messages, layers[LAYER_COUNT], malformed;
	uint64_t known; /* not walked */
};

struct hearer {
	struct heard *heard;
	uint64_t most; /* packets with a flow, after which it stops; 0: all */
	struct scan *scan;
};

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct hearer *h = state;

	*h = *(const struct hearer *)options;
	h->scan = scan;
	scan->may_stop = h->most != 0;
	return true;
}

/* Of packets with a flow: that and which they are of. */
static void
flow_add(struct hearer *h, const struct record *r, const struct flow *f)
{
	const uint64_t words[] = { r->number, f->protocol, flow_stream(f) };

	if (h->most != 0 && --h->most == 0)
		h->scan->stop = true;
	buf_add(&h->heard->packets, words, sizeof(words));
}

static void
packet_note(void *state, const struct packet *p)
{
	const struct transport *t = packet_transport(p);

	if (t != NULL && t->flow != NULL)
		flow_add(state, p->record, t->flow);
}

static void
known_note(void *state, const struct record *records,
    struct flow *const *flows, uint32_t which, uint32_t udp)
{
	struct hearer *h = state;

	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		if ((udp >> i & 1) != (flows[i]->protocol != 6))
			tap_check(false, "udp", __FILE__, __LINE__);
		flow_add(h, &records[i], flows[i]);
		h->heard->known++;
	}
}

static void
message_note(void *state, const struct packet *p, const struct message *m)
{
	const struct hearer *h = state;

	(void)p;
	(void)m;
	h->heard->messages++;
}

static void
flow_note(struct buf *b, const struct flow *f)
{
	struct flow_detail d;
	uint64_t words[12] = { flow_stream(f), f->protocol, f->handshake,
		f->guessed, f->superseded, f->reuses, flow_first_frame(f),
		flow_last_frame(f), flow_packets(f, 0), flow_packets(f, 1),
		flow_data_packets(f, 0), flow_data_packets(f, 1) };

	flow_detail(f, &d);
	buf_add(b, words, sizeof(words));
	words[0] = flow_bytes(f, 0);
	words[1] = flow_bytes(f, 1);
	words[2] = (uint64_t)flow_last(f).nanoseconds;
	words[3] = (uint64_t)d.handshake_rtt;
	words[4] = (uint64_t)d.syn_rtt;
	words[5] = d.completeness;
	words[6] = d.reused_ports;
	words[7] = (uint64_t)(flow_app(f) != NULL);
	words[8] = (uint64_t)flow_first(f).seconds;
	words[9] = (uint64_t)flow_first(f).nanoseconds;
	words[10] = flow_first(f).digits;
	words[11] = 0;
	if (f->apart)
		words[11] = flow_more(f)->path |
		    (uint64_t)flow_more(f)->vlans[0] << 16 |
		    (uint64_t)flow_more(f)->vlans[1] << 32;
	buf_add(b, words, 12 * sizeof(words[0]));
	buf_text(b, d.history);
	for (unsigned i = 0; i < 2; i++) {
		const struct flow_tcp_side *s = &d.side[i];
		const struct flow_flags *flags = &d.flags[i];
		const uint64_t side[] = { flags->syn, flags->syn_ack,
			flags->ack, flags->fin, flags->rst,
			flags->reset_late,
			(uint64_t)s->rtt_min, (uint64_t)s->rtt_max,
			(uint64_t)s->rtt_sum, s->rtt_count, s->mss,
			s->window_scale, s->sack_permitted };

		buf_add(b, &d.classes[i], sizeof(d.classes[i]));
		buf_add(b, side, sizeof(side));
	}
}

static void
finish(void *state, struct scan *scan)
{
	static const uint8_t protocols[] = { 6, 17, 132 };
	const struct hearer *h = state;
	const struct flow_counts *c = flow_counts(scan->flows);
	const uint64_t words[] = { c->refused, c->untracked, c->unacked };

	for (size_t i = 0; i < LENGTH(protocols); i++)
		for (size_t k = 0; k < flow_count(scan->flows, protocols[i]);
		    k++)
			flow_note(&h->heard->flows, flow_at(scan->flows,
			    protocols[i], (uint32_t)k));
	buf_add(&h->heard->flows, words, sizeof(words));
	memcpy(h->heard->layers, scan->layer_packets,
	    sizeof(h->heard->layers));
	h->heard->malformed = scan->malformed;
}

/* How they are asked for: walked, unless `known` is set, too. */
static const struct analyzer asked[] = {
	{ .name = "tcp", .wants = WANT_TCP | WANT_WALK | WANT_DEFRAG,
	    .size = sizeof(struct hearer), .begin = begin,
	    .packet = packet_note, .finish = finish },
	{ .name = "flows", .wants = WANT_FLOWS | WANT_WALK | WANT_DEFRAG,
	    .size = sizeof(struct hearer), .begin = begin,
	    .packet = packet_note, .finish = finish },
	{ .name = "messages", .wants = WANT_FLOWS | WANT_MESSAGES |
		WANT_WALK | WANT_DEFRAG,
	    .size = sizeof(struct hearer), .begin = begin,
	    .packet = packet_note, .message = message_note,
	    .finish = finish },
};

static void
run(struct capture *c, const struct analyzer *a, uint64_t most,
    struct heard *heard)
{
	const struct hearer hearer = { heard, most, NULL };
	struct scan_request request = { .analyzer = a, .options = &hearer };
	struct scan s;

	heard->messages = heard->known = 0;
	buf_cut(&heard->packets, 0);
	buf_cut(&heard->flows, 0);
	scan_init(&s, c);
	(void)scan_run(&s, &request, 1);
	scan_free(&s);
	capture_close(c);
}

static uint64_t flows_seen, packets_seen, known_seen;

static bool
is_same(const struct heard *a, const struct heard *b)
{
	flows_seen += a->flows.n;
	packets_seen += a->packets.n;
	known_seen += b->known;
	return span_equal(buf_bytes(&a->packets), buf_bytes(&b->packets)) &&
	    span_equal(buf_bytes(&a->flows), buf_bytes(&b->flows)) &&
	    a->messages == b->messages && a->malformed == b->malformed &&
	    memcmp(a->layers, b->layers, sizeof(a->layers)) == 0;
}

static struct capture *
open_path(const char *path)
{
	enum capture_error error;

	return capture_open(open(path, O_RDONLY | O_CLOEXEC), false, NULL,
	    &error);
}

static void
check_as(const char *path, const struct analyzer *walks, uint64_t most)
{
	static struct heard walked, plain;
	struct analyzer analyzer = *walks;
	struct capture *c = open_path(path);

	if (c == NULL)
		return;
	buf_init(&walked.packets, SIZE_MAX);
	buf_init(&walked.flows, SIZE_MAX);
	buf_init(&plain.packets, SIZE_MAX);
	buf_init(&plain.flows, SIZE_MAX);
	run(c, walks, most, &walked);
	analyzer.known = known_note;
	run(open_path(path), &analyzer, most, &plain);
	if (!is_same(&walked, &plain))
		tap_check(false, path, __FILE__, __LINE__);
	buf_free(&walked.packets);
	buf_free(&walked.flows);
	buf_free(&plain.packets);
	buf_free(&plain.flows);
}

static void
check(const char *path)
{
	for (size_t i = 0; i < LENGTH(asked); i++) {
		check_as(path, &asked[i], 0);
		check_as(path, &asked[i], 75);
	}
}

/* ---- Traffic made at random ---------------------------------------------
 *
 * Few ends and numbers near to each other, so that much of it repeats,
 * overlaps, goes back and wraps.
 */
static uint64_t seed = 1;
/* Of short connections: how many there were, and of others 0. */
static unsigned brief;

static uint32_t
any(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(seed >> 33) % n;
}

static bool
once_in(uint32_t n)
{
	return any(n) == 0;
}

static void
payload_write(struct buf *b, uint32_t n)
{
	static const char *const texts[] = {
		"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", "0\3\2\1\0",
		"\200\0\0\1\0\0\0\1\0\0\0\1" };
	static const uint8_t sizes[] = { 37, 5, 12 };
	static const uint8_t query[] = { 3, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
		1, 'a', 0, 0, 1, 0, 1 };
	unsigned which = once_in(3) && n > 40 ? any(5) : 4;
	char sdp[200];

	if (once_in(9)) {
		buf_span(b, span_of(query, sizeof(query)));
		return;
	}

	if (which == 0) {
		snprintf(sdp, sizeof(sdp), "SIP/2.0 200 OK\r\n"
		    "Content-Type: application/sdp\r\nContent-Length: 62"
		    "\r\n\r\nv=0\r\nc=IN IP4 192.0.2.1\r\n"
		    "m=audio %u RTP/AVP 0\r\na=sendonly\r\n",
		    50000 + any(24));
		buf_text(b, sdp);
		return;
	}
	if (which < 4) {
		buf_span(b, span_of(texts[which - 1], sizes[which - 1]));
		n -= sizes[which - 1];
	}
	for (; n > 0; n--)
		buf_byte(b, (uint8_t)any(256));
}

/* One end of a connection. */
struct end {
	uint32_t next, ack, window;
};

static uint32_t
length_pick(const struct end *to, uint32_t seq)
{
	uint32_t room = to->ack + to->window - seq;

	if (once_in(6))
		return 1;
	if (once_in(2) && room < 1400)
		return room;
	if (once_in(2) && 0 - seq < 1400)
		return 0 - seq;
	return once_in(2) ? 0 : any(1400);
}

static void
tcp_write(struct buf *b, struct end ends[2], unsigned d, struct buf *payload)
{
	static const char *const options[] = { "",
		"\1\1\10\12\0\0\0\1\0\0\0\2", "\2\4\5\264\1\3\3\1\4\2\0\0",
		"\1\1\5\12\0\0\1\0\0\0\2\0", "\1\1\5\12\377\377\377\0\0\0\0\0",
		"\1\1\1\0" };
	static const uint8_t sizes[] = { 0, 12, 12, 12, 12, 4 };
	static const uint8_t flags[] = { SYN, SYN | ACK, FIN | ACK, RST,
		RST | ACK, ACK | PSH, 0, FIN, SYN | FIN, ACK | 0x20 };
	static const uint16_t windows[] = { 0, 1, 100, 8192, 65535 };
	struct end *from = &ends[d], *to = &ends[1 - d];
	size_t o = once_in(3) ? any(LENGTH(sizes)) : 1;
	uint32_t seq = from->next;
	bool repeats = once_in(4);

	if (!repeats && once_in(8))
		seq = once_in(2) ? to->ack : seq + any(3000) - 1500;
	if (!repeats)
		from->ack = once_in(5) ? to->next - any(4000) :
		    once_in(50) ? to->next + any(4000) : to->next;
	if (!repeats)
		from->window = once_in(5) ? windows[any(LENGTH(windows))] :
		    8192;
	if (!repeats && once_in(2))
		payload_write(payload, length_pick(to, seq));
	trace_be(b, seq, 4);
	trace_be(b, from->ack, 4);
	buf_byte(b, (uint8_t)((5 + sizes[o] / 4) << 4));
	buf_byte(b, !repeats && once_in(brief > 0 ? 2 : 12) ?
	    flags[any(LENGTH(flags))] : ACK);
	trace_be(b, from->window, 2);
	trace_be(b, 0, 4);
	buf_span(b, span_of(options[o], sizes[o]));
	if ((int32_t)(seq + (uint32_t)payload->n - from->next) > 0)
		from->next = seq + (uint32_t)payload->n;
}

static void
ip_write(struct buf *b, bool ipv6, uint8_t protocol, const uint8_t ends[2],
    size_t payload)
{
	uint8_t hops = once_in(40) ? 3 : 64;

	if (!ipv6) {
		trace_ip_header(b, ends[0], ends[1], protocol, hops, 1,
		    payload);
		return;
	}
	trace_be(b, 0x60000000, 4);
	trace_be(b, (uint32_t)payload, 2);
	buf_byte(b, protocol);
	buf_byte(b, hops);
	for (unsigned i = 0; i < 2; i++) {
		trace_be(b, 0x20010db8, 4);
		trace_be(b, 0, 4);
		trace_be(b, 0, 4);
		trace_be(b, ends[i], 4);
	}
}

static void
frame_write(struct buf *b, uint32_t *now, struct span ip, bool ipv6)
{
	bool tagged = once_in(6);
	uint32_t length = (uint32_t)ip.n + (tagged ? 18 : 14), cut = length;

	*now += once_in(9) ? any(400000) : any(900);
	if (once_in(60))
		*now -= 5000;
	if (once_in(30))
		cut -= any(cut);
	trace_le32(b, 1704067200 + *now / 1000000);
	trace_le32(b, *now % 1000000);
	trace_le32(b, cut);
	trace_le32(b, length);
	cut += (uint32_t)b->n;
	buf_span(b, span_of("\2\0\0\0\0\1\2\0\0\0\0\2", 12));
	if (tagged)
		trace_be(b, 0x81000007, 4);
	trace_be(b, ipv6 ? 0x86dd : 0x0800, 2);
	buf_span(b, ip);
	buf_cut(b, cut);
}

/* In an ICMP error: the flow may not have been heard of. */
static void
quote(struct buf *ip, const uint8_t ends[2])
{
	struct buf quoted;

	buf_init(&quoted, 70000);
	trace_be(&quoted, 0x03030000, 4);
	trace_be(&quoted, 0, 4);
	buf_span(&quoted, buf_bytes(ip));
	buf_cut(ip, 0);
	ip_write(ip, false, 1, (uint8_t[]){ ends[1], ends[0] }, quoted.n);
	buf_span(ip, buf_bytes(&quoted));
	buf_free(&quoted);
}

#define PAIRS 24

static void
packet_make(struct buf *b, uint32_t *now, struct end ends_of[PAIRS][2])
{
	static const uint16_t ports[] = { 80, 443, 1080, 161, 162, 5060, 53,
		9000, 40000 };
	unsigned pair = any(PAIRS), d = any(2);
	uint8_t ends[2] = { 1, (uint8_t)(2 + pair % 3) };
	uint16_t two[2] = { (uint16_t)(50000 + pair), ports[pair % 9] };
	bool ipv6 = pair % 4 == 3, tcp = pair / 9 != 1;
	struct buf segment, payload, ip;

	/* Ports anew for every few packets: of most there are two or three. */
	if (brief > 0) {
		brief += once_in(3);
		two[0] = (uint16_t)(2000 + brief - any(4));
	}
	buf_init(&segment, 70000);
	buf_init(&ip, 70000);
	trace_be(&segment, two[d], 2);
	trace_be(&segment, two[1 - d], 2);
	if (d == 1) {
		ends[0] = ends[1];
		ends[1] = 1;
	}
	buf_init(&payload, 70000);
	if (tcp)
		tcp_write(&segment, ends_of[pair], d, &payload);
	else
		payload_write(&payload, any(100));
	if (!tcp) {
		trace_be(&segment, (uint32_t)payload.n + 8, 2);
		trace_be(&segment, 0, 2);
	}
	buf_span(&segment, buf_bytes(&payload));
	buf_free(&payload);
	ip_write(&ip, ipv6, tcp ? 6 : 17, ends, segment.n);
	buf_span(&ip, buf_bytes(&segment));
	if (!ipv6 && once_in(30))
		quote(&ip, ends);
	frame_write(b, now, buf_bytes(&ip), ipv6);
	buf_free(&segment);
	buf_free(&ip);
}

static void
check_trace(struct trace *t)
{
	FILE *file = tmpfile();
	char path[64];

	fwrite(t->bytes.p, 1, t->bytes.n, file);
	fflush(file);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
	check(path);
	fclose(file);
	trace_close(t);
}

static void
check_random(bool short_ones)
{
	struct end ends[PAIRS][2];
	uint32_t now = 0;
	struct trace t;

	brief = short_ones ? 4 : 0;
	trace_open_link(&t, 1);
	memset(ends, 0, sizeof(ends));
	for (unsigned i = 0; i < PAIRS; i++)
		ends[i][0].next = ends[i][1].next = 0 - any(50000);
	for (unsigned i = 0; i < 3000; i++)
		packet_make(&t.bytes, &now, ends);
	check_trace(&t);
}

/* ---- One that goes on ---------------------------------------------------- */

/* So many bytes from one end, and what it acknowledges. */
static void
talk_write(struct buf *b, uint32_t *now, struct end ends[2], unsigned d,
    unsigned bytes)
{
	static const uint8_t zeros[100];
	static const uint16_t ports[2] = { 50000, 80 };
	struct buf ip;

	buf_init(&ip, 70000);
	ip_write(&ip, false, 6, (uint8_t[]){ (uint8_t)(1 + d),
	    (uint8_t)(2 - d) }, 20 + bytes);
	trace_be(&ip, ports[d], 2);
	trace_be(&ip, ports[1 - d], 2);
	trace_be(&ip, ends[d].next, 4);
	trace_be(&ip, ends[d].ack, 4);
	trace_be(&ip, 5 << 12 | ACK, 2);
	trace_be(&ip, 60000, 2);
	trace_be(&ip, 0, 4);
	buf_span(&ip, span_of(zeros, bytes));
	frame_write(b, now, buf_bytes(&ip), false);
	ends[d].next += bytes;
	buf_free(&ip);
}

/* Several segments are acknowledged at once, and then, by what comes late, one
 * of them again while another waits. */
static void
check_late(unsigned segments, unsigned late)
{
	struct end ends[2] = { { .next = 1000, .ack = 5000 },
		{ .next = 5000, .ack = 1000 } };
	uint32_t now = 0;
	struct trace t;

	trace_open_link(&t, 1);
	for (unsigned i = 0; i < 400; i++) {
		talk_write(&t.bytes, &now, ends, i % 2, 100);
		ends[1 - i % 2].ack = ends[i % 2].next;
	}
	for (unsigned i = 0; i < 40; i++) {
		for (unsigned k = 0; k < segments; k++)
			talk_write(&t.bytes, &now, ends, 0, 100);
		ends[1].ack = ends[0].next;
		talk_write(&t.bytes, &now, ends, 1, 0);
		talk_write(&t.bytes, &now, ends, 0, 100);
		ends[1].ack = ends[0].next - 100 * late;
		talk_write(&t.bytes, &now, ends, 1, i % 2 * 100);
		ends[0].ack = ends[1].next;
	}
	check_trace(&t);
}

int
main(int argc, char **argv)
{
	hash_key_init();
	captures_each(argc, argv, check);
	for (unsigned i = 0; argc == 1 && i < 40; i++)
		check_random(i % 4 == 3);
	for (unsigned i = 0; argc == 1 && i < 12; i++)
		check_late(2 + i % 3, 1 + i / 3);
	ok(argc > 1 || (flows_seen > 100000 && packets_seen > 1000000));
	ok(argc > 1 || known_seen > 50000);
	return tap_done();
}
