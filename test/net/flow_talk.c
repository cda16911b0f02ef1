#include "base/table.h"
#include "net/flow.h"
#include "net/segments.h"
#include "tap.h"

/*
 * Flows of UDP of a few packets: whatever keeps them, what is told is what was
 * sent.  A row is packets, of one each: who sends, bytes, and how much later
 * than the one before.
 */
#define SECOND INT64_C(1000000000)

struct sent {
	char who; /* 'q' asks, 'a' answers; 0: no more */
	uint32_t bytes;
	int64_t later;
	uint64_t frames;
};

static const struct sent rows[][6] = {
	{ { 'q', 30, 0, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, 20000000, 3 } },
	{ { 'a', 100, 0, 1 }, { 'q', 30, 20000000, 1 } },
	{ { 'q', 0, 0, 1 }, { 'a', 0, 0, 1 } },
	{ { 'q', 30, 0, 1 }, { 'q', 30, 5, 1 } },
	{ { 'q', 30, 0, 1 }, { 'q', 31, 5, 1 }, { 'a', 9, 7, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, 9, 1 }, { 'a', 101, 9, 2 } },
	{ { 'q', 30, 0, 1 }, { 'a', 0, 9, 1 }, { 'q', 30, SECOND, 1 },
	    { 'a', 7, 9, 5 } },
	/* Later than is kept there, just, and by a second. */
	{ { 'q', 30, 0, 1 }, { 'a', 100, UINT32_MAX, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, INT64_C(1) << 32, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, 5 * SECOND, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, 600 * SECOND, 1 } },
	/* Before the question. */
	{ { 'q', 30, 0, 1 }, { 'a', 100, -1, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, -600 * SECOND, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, 9, UINT32_MAX } },
	{ { 'q', 30, 0, 1 }, { 'a', 100, 9, UINT64_C(1) << 32 } },
	{ { 'q', UINT32_MAX, 0, 1 }, { 'a', UINT32_MAX, 9, 1 } },
	{ { 'q', UINT32_MAX, 0, 1 }, { 'q', 1, 9, 1 }, { 'a', 1, 9, 1 } },
	{ { 'q', 1, 0, 1 }, { 'a', 7, 9, 1 }, { 'q', UINT32_MAX, 9, 1 },
	    { 'a', 1, 9, 1 } },
	{ { 'q', 30, 0, 1 }, { 'q', 30, 5, 1 }, { 'q', 30, 5, 1 },
	    { 'a', 0, 5, 1 }, { 'q', 9, 5, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 30, 5, 1 },
	    { 'q', 30, SECOND << 32, 1 }, { 'a', 1, 5, 1 } },
	{ { 'q', 30, 0, 1 }, { 'a', 30, 5, 1 },
	    { 'q', 30, 5, UINT32_MAX - 10 }, { 'q', 3, 5, 20 } },
};

static struct transport *
send(struct talk *t, const struct sent *s, int64_t *at)
{
	uint64_t number = t->record.number + s->frames;
	struct transport *r = talk_transport(t, s->who == 'a', 17);

	*at += s->later;
	t->record.number = number;
	t->record.time.seconds = *at / SECOND;
	t->record.time.nanoseconds = (uint32_t)(*at % SECOND);
	r->payload_claimed = s->bytes;
	flow_track(t->flows, &t->packet, r, NULL);
	return r;
}

static void
row_check(const struct sent *row, int64_t start, bool known)
{
	struct flows *flows = flows_new(NULL);
	uint64_t bytes[2] = { 0, 0 }, packets[2] = { 0, 0 };
	uint64_t data[2] = { 0, 0 }, first = 0;
	int64_t at = start;
	const struct flow *f;
	struct talk t;
	unsigned i;

	talk_open(&t, flows);
	t.record.time.known = known;
	for (i = 0; row[i].who != 0; i++) {
		const struct transport *r = send(&t, &row[i], &at);
		unsigned side = row[i].who == 'a';

		f = r->flow;
		ok_int(r->direction, side);
		ok_int(r->stream, 0);
		first = i == 0 ? t.record.number : first;
		packets[side]++;
		data[side] += row[i].bytes > 0;
		bytes[side] += row[i].bytes;
		for (side = 0; side < 2; side++) {
			ok_int(flow_packets(f, side), packets[side]);
			ok_int(flow_bytes(f, side), bytes[side]);
			ok_int(flow_data_packets(f, side), data[side]);
		}
		ok_int(flow_first_frame(f), first);
		ok_int(flow_last_frame(f), t.record.number);
		ok_int(flow_last(f).known, known);
		ok_int(flow_last(f).seconds, t.record.time.seconds);
		ok_int(flow_last(f).nanoseconds, t.record.time.nanoseconds);
		ok_int(flow_first(f).seconds, start / SECOND);
		ok_int(flow_is_one_way(f), packets[0] == 0 ||
		    packets[1] == 0);
		ok(!flow_is_silent(f));
		ok_text(flow_conn_state(f), packets[1] == 0 ? "S0" :
		    packets[0] == 0 ? "SHR" : "SF");
	}
	ok_int(flow_counts(flows)->refused, 0);
	flows_free(flows);
}

/* Times that no clock gives are no sums either. */
static void
clocks_check(void)
{
	static const struct timestamp times[] = {
		{ INT64_MAX, 999999999, 9, true }, { INT64_MIN, 0, 9, true },
		{ 0, UINT32_MAX, 9, true }, { -1, 5, 9, true },
		{ 0, 0, 0, false }, { 1, UINT32_MAX, 6, true },
		{ INT64_MAX, UINT32_MAX, 9, true },
	};

	for (unsigned i = 0; i < LENGTH(times) * LENGTH(times); i++) {
		const struct timestamp *first = &times[i % LENGTH(times)];
		const struct timestamp *last = &times[i / LENGTH(times)];
		struct flows *flows = flows_new(NULL);
		struct transport *r;
		struct talk t;

		talk_open(&t, flows);
		r = talk_transport(&t, false, 17);
		t.record.time = *first;
		flow_track(flows, &t.packet, r, NULL);
		t.record.time.seconds = 0;
		r = talk_transport(&t, true, 17);
		t.record.time = *last;
		flow_track(flows, &t.packet, r, NULL);
		ok(flow_last(r->flow).seconds == last->seconds);
		ok_int(flow_last(r->flow).nanoseconds, last->nanoseconds);
		ok_int(flow_last(r->flow).known, last->known);
		flows_free(flows);
	}
}

/* More packets than are counted in the flow's own line. */
static void
many_check(void)
{
	static const struct sent talk[] = { { 'q', 30, 1000, 1 },
		{ 'a', 40, 1000, 1 } };
	struct flows *flows = flows_new(NULL);
	uint32_t packets[2] = { 0, 0 };
	const struct flow *f;
	int64_t at = SECOND;
	size_t bad = 0;
	struct talk t;

	talk_open(&t, flows);
	for (unsigned i = 0; i < 140000; i++) {
		unsigned side = i % 3 == 0;

		f = send(&t, &talk[side], &at)->flow;
		packets[side]++;
		bad += flow_packets(f, side) != packets[side] ||
		    flow_data_packets(f, side) != packets[side] ||
		    flow_bytes(f, side) != packets[side] *
		    (uint64_t)talk[side].bytes ||
		    flow_last_frame(f) != t.record.number ||
		    flow_last(f).nanoseconds != t.record.time.nanoseconds;
	}
	ok_int(bad, 0);
	flows_free(flows);
}

/* Packets for which there is no place are told of: those without payload need
 * more of it. */
static void
memory_check(void)
{
	const struct flow_limits small = { .max_bytes = 300000 };
	static const struct sent ask = { 'q', 0, 1000, 1 };
	struct flows *flows = flows_new(&small);
	uint64_t counted = 0;
	int64_t at = SECOND;
	struct talk t;

	talk_open(&t, flows);
	for (unsigned i = 0; i < 3000; i++) {
		t.client_port = (uint16_t)(40000 + i);
		for (unsigned k = 0; k < 3; k++)
			send(&t, &ask, &at);
	}
	for (uint32_t i = 0; i < flow_count(flows, 17); i++)
		counted += flow_packets(flow_at(flows, 17, i), 0);
	ok(counted > 0 && counted < 9000);
	ok_int(counted + flow_counts(flows)->refused, 9000);
	ok(flow_counts(flows)->bytes <= small.max_bytes);
	flows_free(flows);
}

int
main(void)
{
	hash_key_init();
	for (unsigned i = 0; i < LENGTH(rows); i++) {
		row_check(rows[i], 1000 * SECOND, true);
		row_check(rows[i], 1001 * SECOND - 1, true);
		row_check(rows[i], 1000 * SECOND, false);
		row_check(rows[i], (SECOND << 32) - 1, true);
		row_check(rows[i], -5, true);
	}
	clocks_check();
	many_check();
	memory_check();
	return tap_done();
}
