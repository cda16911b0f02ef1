/*
 * States put to rest: what comes back is what was put, or it was refused;
 * and a connection whose segments come late goes on as if it had never
 * rested.
 */
#include "net/tcp_rest.h"

#include <string.h>

#include "base/table.h"
#include "net/flow_table.h"
#include "net/segments.h"
#include "tap.h"

/* ---- One state --------------------------------------------------------- */

static uint64_t random_state = 88172645463325252u;

static uint64_t
noise(unsigned bits)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state >> (64 - bits);
}

static struct tcp_tally tally;
/* One that is not of TCP has its start behind it. */
static const struct {
	struct flow flow;
	struct flow_start start;
} first = { { .first_known = true },
	{ .seconds = 1700000000, .nanoseconds = 5, .frame = 77 } };

static void
end_make(struct tcp_end *e, struct tcp_past *past)
{
	e->next_time = (int64_t)noise(63);
	e->ack_time = (int64_t)noise(63);
	e->next = e->contiguous = (uint32_t)noise(32);
	e->ack = (uint32_t)noise(32);
	e->window = noise(1) != 0 ? UINT32_MAX : (uint32_t)noise(16);
	e->duplicates = noise(1) != 0 ? UINT32_MAX : (uint32_t)noise(9);
	e->acks = (uint32_t)noise(32);
	e->rtt_count = (uint32_t)noise(32);
	e->next_low = (uint32_t)noise(32);
	e->ack_low = (uint32_t)noise(32);
	e->analysis = (uint16_t)noise(16);
	e->seen = (uint16_t)noise(10);
	e->scale = (int8_t)((int)noise(4) + SCALE_NONE);
	e->flags = (uint8_t)noise(7);
	e->complete = (uint8_t)noise(6);
	e->rtt_sum = (int64_t)noise(40);
	e->rtt_min = (int64_t)noise(40);
	e->rtt_max = (int64_t)noise(40);
	past->base = (uint32_t)noise(32);
	past->push_bytes = (uint32_t)noise(32);
	past->syn = (uint32_t)noise(2);
	past->syn_ack = (uint32_t)noise(2);
	past->fin = (uint32_t)noise(2);
	past->rst = (uint32_t)noise(2);
	past->mss = (uint16_t)noise(16);
	past->window_scale = (uint8_t)noise(8);
	past->sack_permitted = noise(1) != 0;
	past->reset_late = noise(1) != 0;
	if (noise(1) == 0)
		return;
	/* It waits for the ACK of its last segment. */
	e->flags |= END_WAITS;
	e->unacked.last = (uint16_t)(1 + noise(15));
}

/* The same of one that is among those before it. */
static void
last_note(struct tcp_end *e)
{
	struct flow_pool none = { .limit = 0 };

	ok(tcp_last_note(e, &none));
	ok_int(e->unacked.last, 0);
}

static void
state_make(struct tcp_state *s)
{
	const struct timestamp t = flow_first(&first.flow);

	tcp_state_init(s);
	end_make(&s->end[0], &s->past[0]);
	end_make(&s->end[1], &s->past[1]);
	s->tally = noise(1) != 0 ? &tally : NULL;
	if (noise(1) != 0)
		s->first_rtt = (int64_t)noise(39);
	if (noise(1) != 0)
		s->syn_rtt = (int64_t)noise(39);
	if (noise(1) != 0)
		s->syn_time = tcp_time(&t) + (int64_t)noise(39);
	s->n_history = (uint8_t)noise(4);
	for (uint8_t i = 0; i < s->n_history; i++)
		s->history[i] = (char)('a' + noise(3));
}

static void
same_check(void)
{
	for (unsigned i = 0; i < 2000; i++) {
		struct tcp_state s, back;
		struct tcp_rest r;

		state_make(&s);
		memset(&r, 0xa5, sizeof(r));
		memset(&back, 0x5a, sizeof(back));
		back = s;
		if (noise(1) != 0)
			last_note(&back.end[noise(1)]);
		ok(tcp_rest_put(&r, &back, &first.flow));
		tcp_rest_get(&r, &back, &first.flow);
		ok(memcmp(&s, &back, sizeof(s)) == 0);
		ok_int(tcp_rest_count(&r, 1, TCP_REST_FIN), s.past[1].fin);
		ok_int(r.acks[0], s.end[0].acks);
	}
}

/* Ways not to fit: of what waits for its ACK. */
#define WAYS 27

static void
wait_spoil(struct tcp_end *e, unsigned way)
{
	struct tcp_unacked *u = &e->unacked;

	e->flags |= END_WAITS;
	u->last = 0;
	u->n = 1;
	u->one = (struct tcp_segment){ e->next - 1, e->next, e->next_low,
		e->next_time };
	if (way == 19)
		u->n = 2;
	if (way == 20)
		u->one.next--;
	if (way == 21)
		u->one.frame |= TCP_SEGMENT_RESENT;
	if (way == 22)
		u->one.time--;
	if (way == 23)
		u->one.seq = e->next - 65536;
	if (way == 24)
		u->one.seq = e->next;
	if (way == 25)
		u->class = 1;
	if (way == 26)
		u->last = 1;
}

/* Of the rest. */
static void
spoil(struct tcp_state *s, struct tcp_end *e, struct tcp_past *past,
    unsigned way)
{
	const struct timestamp t = flow_first(&first.flow);
	const int64_t beyond = (int64_t)1 << 40;
	uint32_t *counts[] = { &past->sacked, &past->syn, &past->syn_ack,
		&past->fin, &past->rst };
	int64_t *times[] = { &e->rtt_sum, &e->rtt_min, &e->rtt_max,
		&s->first_rtt, &s->syn_rtt };

	if (way < 5)
		*counts[way] = 4;
	else if (way < 10)
		*times[way - 5] = e == s->end ? beyond : -2;
	else if (way == 10)
		e->contiguous++;
	else if (way == 11)
		e->next_high = 1;
	else if (way == 12)
		e->ack_high = 1;
	else if (way == 13)
		s->syn_time = tcp_time(&t) + (e == s->end ? beyond : -1);
	else if (way == 14)
		s->n_history = 17;
	else if (way == 15)
		s->socks.step = 1;
	else if (way == 16)
		s->socks.port = 1;
	else if (way == 17)
		s->socks.client = 1;
	else if (way == 18)
		e->unacked.missed = true;
	else
		wait_spoil(e, way);
}

static void
refused_check(void)
{
	for (unsigned i = 0; i < 2 * WAYS; i++) {
		struct tcp_state s;
		struct tcp_rest r;

		state_make(&s);
		spoil(&s, &s.end[i & 1], &s.past[i & 1], i / 2);
		ok(!tcp_rest_put(&r, &s, &first.flow));
	}
}

/* ---- Late segments ----------------------------------------------------- */

/* Two packets each, of connections that end or do not. */
static void
others_send(struct talk *t, bool end)
{
	for (unsigned i = 0; i <= FLOW_ENDED; i++) {
		t->client_port = (uint16_t)(50000 + i);
		talk_segment(t, false, TCP_SYN, 0, 0, span_empty());
		talk_segment(t, true, (end ? TCP_RST : TCP_SYN) | TCP_ACK, 0,
		    1, span_empty());
	}
	t->client_port = 40000;
}

static void
close_both(struct talk *t)
{
	talk_handshake(t);
	talk_segment(t, false, TCP_ACK, 1, 1, span_text("question"));
	talk_segment(t, true, TCP_ACK, 1, 9, span_text("answer"));
	talk_segment(t, true, TCP_ACK, 1, 9, span_text("answer"));
	talk_segment(t, false, TCP_FIN | TCP_ACK, 9, 7, span_empty());
	talk_segment(t, true, TCP_FIN | TCP_ACK, 7, 10, span_empty());
}

/* What comes late, a letter on each. */
static void
late_send(struct talk *t, char words[5])
{
	const struct transport *r;

	memcpy(words, "....", 5);
	r = talk_segment(t, true, TCP_FIN | TCP_ACK, 7, 10, span_empty());
	if (r->analysis != 0)
		words[0] = 'x';
	r = talk_segment(t, false, TCP_ACK, 10, 8, span_empty());
	if (r->acks_frame != 0)
		words[1] = 'a';
	r = talk_segment(t, false, TCP_ACK, 1, 8, span_text("question"));
	if (r->analysis == TCP_A_SPURIOUS_RETRANSMISSION)
		words[2] = 's';
	r = talk_segment(t, true, TCP_ACK, 20, 10, span_text("more"));
	if ((r->analysis & TCP_A_LOST_SEGMENT) != 0)
		words[3] = 'l';
}

static struct flows *
talk_late(bool end, char *words, struct flow_detail *d)
{
	struct flows *flows = flows_new(NULL);
	const struct flow *f;
	struct talk t;

	talk_open(&t, flows);
	close_both(&t);
	others_send(&t, end);
	f = flow_at(flows, 6, 0);
	ok_int(f->resting, end);
	ok_text(flow_conn_state(f), "SF");
	ok_text(flow_close_reason(f), "normal");
	flow_detail(f, d);
	ok_text(d->history, "ShADdtFf");
	ok_int(d->flags[0].ack, 1);
	ok_int(d->flags[1].fin, 1);
	ok_int(d->classes[1].retransmissions, 1);
	ok_int(d->side[0].rtt_count, 3); /* SYN, data, FIN */
	late_send(&t, words);
	ok(!f->resting);
	flow_detail(f, d);
	return flows;
}

static void
late_check(void)
{
	char words[2][8];
	struct flow_detail d[2];
	struct flows *flows[2];

	flows[0] = talk_late(false, words[0], &d[0]);
	flows[1] = talk_late(true, words[1], &d[1]);
	ok_text(words[0], "xasl");
	ok_text(words[1], words[0]);
	ok_text(d[1].history, d[0].history);
	ok(memcmp(d[0].classes, d[1].classes, sizeof(d[0].classes)) == 0);
	ok(memcmp(d[0].side, d[1].side, sizeof(d[0].side)) == 0);
	for (unsigned i = 0; i < 2; i++) {
		ok_int(d[0].flags[i].ack, d[1].flags[i].ack);
		ok_int(d[0].flags[i].fin, d[1].flags[i].fin);
	}
	ok_int(d[0].completeness, d[1].completeness);
	ok(d[0].syn_rtt == d[1].syn_rtt &&
	    d[0].handshake_rtt == d[1].handshake_rtt);
	flows_free(flows[0]);
	flows_free(flows[1]);
}

/* A SYN with another number is another connection, rested or not; and the
 * one that ended is told of as it was. */
static void
reuse_check(void)
{
	struct flows *flows = flows_new(NULL);
	struct talk t;

	talk_open(&t, flows);
	close_both(&t);
	others_send(&t, true);
	ok(flow_at(flows, 6, 0)->resting);
	talk_segment(&t, false, TCP_SYN, 100000, 0, span_empty());
	ok_int(flow_count(flows, 6), FLOW_ENDED + 3);
	ok(flow_at(flows, 6, 0)->superseded);
	ok_text(flow_conn_state(flow_at(flows, 6, 0)), "SF");
	flows_free(flows);
}

/* Without memory to wake it a connection keeps its roles: what is at rest would
 * not change sides with them. */
static void
no_memory_check(void)
{
	const struct flow_limits small = { .max_bytes = (size_t)4 << 20 };
	struct flows *flows = flows_new(&small);
	struct flow_flags side[2];
	const struct flow *f;
	struct talk t;

	talk_open(&t, flows);
	talk_segment(&t, false, TCP_ACK, 1, 1, span_empty());
	talk_segment(&t, true, TCP_ACK, 1, 1, span_empty());
	talk_segment(&t, false, TCP_FIN | TCP_ACK, 1, 1, span_empty());
	talk_segment(&t, true, TCP_FIN | TCP_ACK, 1, 2, span_empty());
	talk_segment(&t, true, TCP_RST, 2, 0, span_empty());
	f = flow_at(flows, 6, 0);
	others_send(&t, true);
	ok(f->resting);
	while (flow_counts(flows)->untracked == 0) {
		t.client_port++;
		talk_handshake(&t);
	}
	t.client_port = 40000;
	talk_segment(&t, true, TCP_SYN, 0, 0, span_empty());
	ok(f->resting);
	ok(f->guessed);
	ok_int(f->b_port, 80);
	ok_int(flow_packets(f, 1), 4);
	flow_flags(f, side);
	ok_int(side[0].rst, 0);
	ok_int(side[1].rst, 1);
	flows_free(flows);
}

int
main(void)
{
	hash_key_init();
	same_check();
	refused_check();
	late_check();
	reuse_check();
	no_memory_check();
	return tap_done();
}
