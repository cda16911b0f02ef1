#include "net/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "net/segments.h"
#include "tap.h"

#define ACK TCP_ACK
#define DATA TCP_ACK
#define OUT 400000

/* What was delivered, as text: bytes as they are, "[3]" for a gap, "|" for
 * the end. */
struct heard {
	char text[2][OUT];
	size_t n[2];
	const struct flow *flow[2]; /* that `offset` is of */
	uint64_t offset[2];
	uint64_t last_from;
	bool at_end; /* events without a packet */
	unsigned wrong;
};

/* Each flow's events follow one another; several flows may take turns. */
static void
hear_offset(struct heard *h, const struct flow *f, unsigned direction,
    uint64_t offset, uint64_t n)
{
	h->wrong += offset != h->offset[direction] &&
	    (h->flow[direction] == f || h->flow[direction] == NULL);
	h->flow[direction] = f;
	h->offset[direction] = offset + n;
}

static void
hear_bytes(void *context, struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, struct span bytes, uint64_t from)
{
	struct heard *h = context;

	hear_offset(h, f, direction, offset, bytes.n);
	h->last_from = from;
	h->at_end = p == NULL;
	if (bytes.n < OUT - h->n[direction]) {
		memcpy(h->text[direction] + h->n[direction], bytes.p, bytes.n);
		h->n[direction] += bytes.n;
	}
}

static void
hear_gap(void *context, struct packet *p, struct flow *f, unsigned direction,
    uint64_t offset, uint64_t missing)
{
	struct heard *h = context;

	(void)p;
	hear_offset(h, f, direction, offset, missing);
	if (OUT - h->n[direction] > 30)
		h->n[direction] += (size_t)snprintf(
		    h->text[direction] + h->n[direction], 30, "[%llu]",
		    (unsigned long long)missing);
}

static void
hear_end(void *context, struct packet *p, struct flow *f, unsigned direction)
{
	struct heard *h = context;

	(void)f;
	h->at_end = p == NULL;
	if (h->n[direction] < OUT)
		h->text[direction][h->n[direction]++] = '|';
}

static struct heard heard;

/* A table, streams and one connection. */
struct bench {
	struct flows *flows;
	struct streams *streams;
	struct talk talk;
};

static void
bench_open(struct bench *b, const struct stream_limits *limits)
{
	const struct stream_events events = {
		.bytes = hear_bytes,
		.gap = hear_gap,
		.end = hear_end,
		.context = &heard,
	};

	memset(&heard, 0, sizeof(heard));
	b->flows = flows_new(NULL);
	b->streams = streams_new(limits, &events);
	talk_open(&b->talk, b->flows);
}

static void
bench_close(struct bench *b)
{
	streams_finish(b->streams, b->flows);
	streams_free(b->streams);
	flows_free(b->flows);
}

static void
send(struct bench *b, bool from_server, unsigned flags, uint32_t seq,
    uint32_t ack, const char *text)
{
	struct transport *t = talk_segment(&b->talk, from_server, flags, seq,
	    ack, span_text(text));

	stream_segment(b->streams, &b->talk.packet, t);
}

static void
shake(struct bench *b)
{
	send(b, false, TCP_SYN, 0, 0, "");
	send(b, true, TCP_SYN | ACK, 0, 1, "");
	send(b, false, ACK, 1, 1, "");
}

static const char *
client(void)
{
	heard.text[0][heard.n[0]] = '\0';
	return heard.text[0];
}

static const char *
server(void)
{
	heard.text[1][heard.n[1]] = '\0';
	return heard.text[1];
}

static void
order_check(void)
{
	struct bench b;

	bench_open(&b, NULL);
	shake(&b);
	send(&b, false, DATA, 1, 1, "GET ");
	send(&b, true, DATA, 1, 5, "HTTP/1.1 ");
	send(&b, false, DATA, 9, 10, "c");
	ok_text(client(), "GET ");
	send(&b, false, DATA, 5, 10, "/a/b");
	ok_text(client(), "GET /a/bc");
	ok_int(heard.last_from, 6);
	send(&b, false, TCP_FIN | ACK, 10, 10, "");
	ok_text(client(), "GET /a/bc|");
	send(&b, true, TCP_FIN | DATA, 10, 11, "200");
	ok_text(server(), "HTTP/1.1 200|");
	/* A FIN before what it ends. */
	bench_close(&b);
	ok_text(client(), "GET /a/bc|");
	ok_int(heard.wrong, 0);

	bench_open(&b, NULL);
	shake(&b);
	send(&b, false, TCP_FIN | ACK, 4, 1, "d");
	ok_text(client(), "");
	send(&b, false, DATA, 1, 1, "abc");
	ok_text(client(), "abcd|");
	bench_close(&b);

	/* Data in the SYN, which the server took or not. */
	bench_open(&b, NULL);
	send(&b, false, TCP_SYN, 0, 0, "fast");
	send(&b, true, TCP_SYN | ACK, 0, 5, "");
	send(&b, false, DATA, 5, 1, " open");
	ok_text(client(), "fast open");
	bench_close(&b);
}

/* Starting in the middle: offset 0 is the first byte seen. */
static void
middle_check(void)
{
	struct bench b;

	bench_open(&b, NULL);
	send(&b, true, DATA, 5000, 900, "middle");
	ok_text(server(), "middle");
	send(&b, true, DATA, 4900, 900, "old");
	send(&b, true, DATA, 5006, 900, "+");
	ok_text(server(), "middle+");
	/* The other side was heard, but no byte of it. */
	send(&b, false, DATA, 950, 5007, "xyz");
	ok_text(client(), "xyz");
	bench_close(&b);
	ok_int(heard.wrong, 0);

	/* An ACK alone says where a side is: then order can be told. */
	bench_open(&b, NULL);
	send(&b, false, ACK, 900, 5000, "");
	send(&b, false, DATA, 903, 5000, "def");
	send(&b, false, DATA, 900, 5000, "abc");
	ok_text(client(), "abcdef");
	bench_close(&b);
}

static void
overlap_check(void)
{
	const struct stream_counts *counts;
	struct bench b;

	bench_open(&b, NULL);
	counts = stream_counts(b.streams);
	shake(&b);
	send(&b, false, DATA, 3, 1, "CD");
	send(&b, false, DATA, 6, 1, "F");
	/* First bytes win: of this only a, b, e and g, h are new. */
	send(&b, false, DATA, 1, 1, "abcdefgh");
	ok_text(client(), "abCDeFgh");
	ok_int(counts->overlaps, 1);
	ok_int(counts->conflicts, 1);
	/* Again, as it was: no conflict.  Other bytes: one. */
	send(&b, false, DATA, 9, 1, "ijkl");
	send(&b, false, DATA, 9, 1, "ijkl");
	ok_int(counts->overlaps, 2);
	ok_int(counts->conflicts, 1);
	send(&b, false, DATA, 9, 1, "iJkl");
	ok_int(counts->conflicts, 2);
	/* Half old, half new. */
	send(&b, false, DATA, 11, 1, "klmn");
	ok_text(client(), "abCDeFghijklmn");
	ok_int(counts->overlaps, 4);
	/* A keep-alive's byte is none. */
	send(&b, false, ACK, 14, 1, "?");
	ok_int(counts->overlaps, 4);
	ok_text(client(), "abCDeFghijklmn");
	/* Teardrop: one inside the other, waiting. */
	send(&b, false, DATA, 20, 1, "tuvwxy");
	send(&b, false, DATA, 22, 1, "V");
	send(&b, false, DATA, 16, 1, "pqrsTUVWXYZ");
	send(&b, false, DATA, 15, 1, "o");
	ok_text(client(), "abCDeFghijklmnopqrstuvwxyZ");
	bench_close(&b);
	ok_int(heard.wrong, 0);
}

static void
gap_check(void)
{
	const struct stream_counts *counts;
	struct bench b;

	bench_open(&b, NULL);
	counts = stream_counts(b.streams);
	shake(&b);
	send(&b, false, DATA, 1, 1, "abc");
	send(&b, false, DATA, 7, 1, "ghi");
	/* Not acknowledged: it may still come. */
	send(&b, true, ACK, 1, 4, "");
	send(&b, true, ACK, 1, 4, "");
	ok_text(client(), "abc");
	/* Acknowledged: it will not, after a moment. */
	send(&b, true, ACK, 1, 10, "");
	ok_text(client(), "abc");
	b.talk.record.time.nanoseconds += 5000000;
	send(&b, true, ACK, 1, 10, "");
	ok_text(client(), "abc[3]ghi");
	ok_int(counts->gaps, 1);
	ok_int(counts->gap_bytes, 3);
	/* Within the moment it came: the capture had swapped them. */
	send(&b, false, DATA, 13, 1, "mno");
	send(&b, true, ACK, 1, 16, "");
	send(&b, false, DATA, 10, 1, "jkl");
	ok_text(client(), "abc[3]ghijklmno");
	/* The FIN, but not what is before it: nothing else waits for that. */
	send(&b, false, TCP_FIN | ACK, 20, 1, "");
	send(&b, true, ACK, 1, 21, "");
	b.talk.record.time.nanoseconds += 500000000;
	send(&b, true, ACK, 1, 21, "");
	ok_text(client(), "abc[3]ghijklmno");
	send(&b, false, DATA, 16, 1, "pqrs");
	ok_text(client(), "abc[3]ghijklmnopqrs|");
	bench_close(&b);
	ok_int(heard.wrong, 0);

	/* At the end all holes are gaps; the tail is known by its ACK. */
	bench_open(&b, NULL);
	shake(&b);
	send(&b, false, DATA, 11, 1, "b");
	send(&b, false, DATA, 31, 1, "d");
	send(&b, true, ACK, 1, 61, "");
	ok_text(client(), "");
	bench_close(&b);
	ok_text(client(), "[10]b[19]d[29]|");
	ok(heard.at_end);
	ok_int(heard.wrong, 0);

	/* Only gaps: nothing but holes between single bytes. */
	bench_open(&b, NULL);
	shake(&b);
	for (uint32_t i = 0; i < 5000; i++)
		send(&b, false, DATA, 2 + 2 * i, 1, "x");
	bench_close(&b);
	ok_int(heard.wrong, 0);
	ok_int(heard.offset[0], 10000);
}

/* The snapshot length cut them: what is missing is told at once. */
static void
cut_check(void)
{
	struct transport *t;
	struct bench b;

	bench_open(&b, NULL);
	shake(&b);
	t = talk_segment(&b.talk, false, DATA, 1, 1, span_text("abcdefgh"));
	t->payload.n = 3;
	stream_segment(b.streams, &b.talk.packet, t);
	ok_text(client(), "abc[5]");
	/* Out of order and cut. */
	t = talk_segment(&b.talk, false, DATA, 13, 1, span_text("mnopqrst"));
	t->payload.n = 2;
	stream_segment(b.streams, &b.talk.packet, t);
	send(&b, false, DATA, 9, 1, "ijkl");
	ok_text(client(), "abc[5]ijklmn[6]");
	send(&b, false, DATA, 21, 1, "u");
	ok_text(client(), "abc[5]ijklmn[6]u");
	/* Nothing captured of it at all. */
	t = talk_segment(&b.talk, false, DATA, 22, 1, span_text("vwxyz"));
	t->payload.n = 0;
	stream_segment(b.streams, &b.talk.packet, t);
	ok_text(client(), "abc[5]ijklmn[6]u[5]");
	bench_close(&b);
	ok_int(heard.wrong, 0);
}

static void
reset_check(void)
{
	struct bench b;

	bench_open(&b, NULL);
	shake(&b);
	send(&b, false, DATA, 1, 1, "abc");
	/* A RST out of nowhere is no end, one that fits is. */
	send(&b, false, TCP_RST, 700, 1, "");
	ok_text(client(), "abc");
	send(&b, false, TCP_RST, 4, 1, "");
	ok_text(client(), "abc|");
	/* It was forged. */
	send(&b, false, DATA, 4, 1, "def");
	ok_text(client(), "abc|def");
	bench_close(&b);
	ok_text(client(), "abc|def");
	ok_text(server(), "|");
}

static void
wrap_check(void)
{
	struct bench b;
	char text[101];
	uint32_t i;

	memset(text, 'w', 100);
	text[100] = '\0';
	bench_open(&b, NULL);
	b.talk.client_first = UINT32_MAX - 4000;
	shake(&b);
	for (i = 0; i < 100; i += 2) {
		send(&b, false, DATA, 101 + i * 100, 1, text);
		send(&b, false, DATA, 1 + i * 100, 1, text);
	}
	ok_int(heard.n[0], 10000);
	bench_close(&b);
	ok_int(heard.wrong, 0);
}

/* A number far beyond the window is not believed: one forged segment must
 * not make us wait, or skip what is real. */
static void
outside_check(void)
{
	const struct stream_counts *counts;
	struct bench b;

	bench_open(&b, NULL);
	counts = stream_counts(b.streams);
	shake(&b);
	send(&b, false, DATA, 1, 1, "abc");
	send(&b, true, ACK, 1, 4, "");
	send(&b, false, DATA, 1000000000, 1, "forged");
	send(&b, false, TCP_FIN | ACK, 1000000000, 1, "");
	send(&b, false, DATA, 4, 1, "def");
	ok_text(client(), "abcdef");
	streams_finish(b.streams, b.flows);
	ok_text(client(), "abcdef|");
	ok_int(counts->outside, 1);
	bench_close(&b);

	/* When the other side acknowledges it, the capture lost the rest. */
	bench_open(&b, NULL);
	shake(&b);
	send(&b, false, DATA, 1, 1, "abc");
	send(&b, false, DATA, 1000000000, 1, "def");
	send(&b, true, ACK, 1, 1000000003, "");
	bench_close(&b);
	ok_text(client(), "abc[999999996]def|");
	ok_int(heard.wrong, 0);
}

/* ---- Caps ---- */

static void
cap_check(void)
{
	const struct stream_limits limits = { .max_waiting = 1000,
		.max_bytes = 100000 };
	const struct stream_counts *counts;
	struct bench b;
	char text[101];
	uint32_t i;

	memset(text, 'x', 100);
	text[100] = '\0';
	bench_open(&b, &limits);
	counts = stream_counts(b.streams);
	shake(&b);
	/* Nobody acknowledges: it waits for 10 segments and no more. */
	for (i = 0; i < 10; i++)
		send(&b, false, DATA, 101 + i * 100, 1, text);
	ok_int(heard.n[0], 0);
	send(&b, false, DATA, 1101, 1, text);
	ok_int(heard.n[0], 5 + 1100);
	ok_int(counts->given_up, 100);
	ok_int(counts->gaps, 1);
	bench_close(&b);
	ok_int(heard.wrong, 0);

	/* In all: many flows that each wait. */
	bench_open(&b, &limits);
	counts = stream_counts(b.streams);
	for (i = 0; i < 1000; i++) {
		b.talk.client_port++;
		shake(&b);
		send(&b, false, DATA, 11, 1, text);
	}
	ok(counts->given_up > 0);
	ok(counts->unfollowed > 0);
	ok_int(heard.wrong, 0);
	b.streams == NULL ? (void)0 : bench_close(&b);
}

/* 64 Ki segments of one byte, the last one first. */
static void
reverse_check(void)
{
	struct bench b;
	char byte[2] = "";
	uint32_t i, n = 65536, wrong = 0;

	bench_open(&b, NULL);
	b.talk.window = 65535;
	shake(&b);
	for (i = n; i > 0; i--) {
		byte[0] = (char)('a' + i % 26);
		send(&b, false, DATA, i, 1, byte);
	}
	ok_int(heard.n[0], n);
	for (i = 0; i < n; i++)
		wrong += heard.text[0][i] != 'a' + (int)((i + 1) % 26);
	ok_int(wrong, 0);
	ok_int(heard.wrong, 0);
	bench_close(&b);
}

/* ---- Any order at all ---- */

static uint32_t
draw(uint64_t *state, uint32_t n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*state >> 33) % n);
}

/* Pieces of a text in any order, overlapping, some twice: in the end it is
 * the text. */
static void
random_check(uint64_t seed)
{
	static char text[3001];
	struct bench b;
	uint64_t state = seed;
	uint32_t i, from, n, covered = 0;
	bool have[3000] = { false };
	char piece[101];

	for (i = 0; i < 3000; i++)
		text[i] = (char)('!' + draw(&state, 90));
	text[3000] = '\0';
	bench_open(&b, NULL);
	shake(&b);
	while (covered < 3000) {
		from = draw(&state, 3000);
		n = 1 + draw(&state, 100);
		if (from + n > 3000)
			n = 3000 - from;
		memcpy(piece, text + from, n);
		piece[n] = '\0';
		send(&b, false, DATA, 1 + from, 1, piece);
		for (i = from; i < from + n; i++) {
			covered += !have[i];
			have[i] = true;
		}
	}
	ok_text(client(), text);
	ok_int(stream_counts(b.streams)->conflicts, 0);
	ok_int(stream_counts(b.streams)->gaps, 0);
	ok_int(heard.wrong, 0);
	bench_close(&b);
}

int
main(void)
{
	uint64_t seed;

	hash_key_init();
	order_check();
	middle_check();
	overlap_check();
	gap_check();
	cut_check();
	reset_check();
	wrap_check();
	outside_check();
	cap_check();
	reverse_check();
	for (seed = 1; seed <= 20; seed++)
		random_check(seed);
	return tap_done();
}
