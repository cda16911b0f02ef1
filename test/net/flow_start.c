#include "net/flow_start.h"

#include "net/flow_hash.h"
#include "tap.h"

/* A SYN that begins a flow is kept in brief where all of it fits: what is told
 * of it is what it was, before and after more is known. */

#define MSS TCP_OPT_MSS
#define SCALE TCP_OPT_WSCALE
#define SACK TCP_OPT_SACK_PERMITTED

static const struct begin {
	struct tcp_header header;
	int64_t seconds;
	uint32_t nanoseconds;
	uint64_t frame;
	bool brief;
} begins[] = {
	/* From which the others count. */
	{ { .seq = 7, .flags = TCP_SYN }, 1700000000, 5, 1000, true },
	{ { .seq = UINT32_MAX, .window = UINT16_MAX, .mss = UINT16_MAX,
	    .window_scale = 15, .options = MSS | SCALE | SACK |
	    TCP_OPT_TIMESTAMP, .flags = TCP_SYN }, 1700001023, 999999999,
	    1000 + 0x1ffff, true },
	{ { .mss = 0, .options = MSS, .flags = TCP_SYN }, 1700000000, 0, 1001,
	    true },
	{ { .window_scale = 0, .options = SCALE, .flags = TCP_SYN },
	    1700000001, 0, 1002, true },
	{ { .window_scale = 16, .flags = TCP_SYN }, 1700000001, 0, 1003,
	    true },
	{ { .window_scale = 16, .options = SCALE, .flags = TCP_SYN },
	    1700000001, 0, 1003, false },
	{ { .window_scale = 255, .options = SCALE, .flags = TCP_SYN },
	    1700000001, 0, 1003, false },
	{ { .flags = TCP_SYN }, 1700001024, 0, 1003, false },
	{ { .flags = TCP_SYN }, 1699999999, 0, 1003, false },
	{ { .flags = TCP_SYN }, -1, 0, 1003, false },
	{ { .flags = TCP_SYN }, INT64_MAX, 0, 1003, false },
	{ { .flags = TCP_SYN }, 1700000001, 0, 1000 + 0x20000, false },
	{ { .flags = TCP_SYN }, 1700000001, 0, (uint64_t)1 << 40, false },
	{ { .flags = TCP_SYN, .ack = 1 }, 1700000001, 0, 1004, false },
	{ { .flags = TCP_SYN | TCP_ECE | TCP_CWR }, 1700000001, 0, 1004,
	    false },
	{ { .flags = TCP_SYN | TCP_PSH }, 1700000001, 0, 1004, false },
	{ { .flags = TCP_SYN }, 1700000002, 1, 1005, true },
};

static bool
is_told(const struct flow *f, const struct begin *b)
{
	const struct timestamp first = flow_first(f);
	const struct flow_opening o = flow_opening(f);
	const struct tcp_header *h = &b->header;

	return first.seconds == b->seconds &&
	    first.nanoseconds == b->nanoseconds && first.digits == 9 &&
	    first.known && flow_first_frame(f) == b->frame && f->held &&
	    o.seq == h->seq && o.ack == h->ack && o.window == h->window &&
	    o.flags == h->flags && o.options == (h->options &
	    (MSS | SCALE | SACK)) && ((o.options & MSS) == 0 ||
	    o.mss == h->mss) && ((o.options & SCALE) == 0 ||
	    o.window_scale == h->window_scale);
}

/* The flows of all kinds, also where a part ends: their numbers, that they
 * have room of their own, and runs. */
static void
parts_check(enum flow_kind kind, uint8_t protocol)
{
	struct transport t = { .protocol = protocol,
		.src.kind = ADDR_IPV4, .dst.kind = ADDR_IPV4 };
	const uint32_t most = 140000;
	struct flow_index x;
	struct flow_pool pool;
	unsigned wrong = 0;
	size_t end;

	flow_pool_init(&pool, (size_t)1 << 30);
	ok(flow_index_init(&x, &pool, most));
	for (uint32_t i = 0; i < most; i++) {
		struct flow *f;

		memcpy(t.src.bytes, &i, sizeof(i));
		f = flow_index_add(&x, flow_index_hash(&x, &t, kind), kind, &t,
		    NULL);
		if (f == NULL || flow_stream(f) != i ||
		    flow_start(f)->frame != 0 || flow_body(f) == (void *)f) {
			wrong++;
			continue;
		}
		f->from_b = i & 1;
		flow_start(f)->frame = i + 1;
		if (protocol == 6)
			flow_tcp_body(f)->last_frame = i + 2;
	}
	for (uint32_t i = 0; i < most; i++) {
		const struct flow *f = flow_index_at(&x, kind, i);

		memcpy(t.src.bytes, &i, sizeof(i));
		wrong += f != flow_index_find(&x, flow_index_hash(&x, &t,
		    kind), kind, &t) || f->from_b != (i & 1) ||
		    flow_start(f)->frame != i + 1 || (protocol == 6 &&
		    flow_tcp_body(f)->last_frame != i + 2);
		end = flow_index_run(kind, i);
		wrong += end <= i || (i + 1 < end && i + 1 < most &&
		    flow_index_at(&x, kind, i + 1) != flow_next(f, 1));
	}
	ok_int(wrong, 0);
	ok(flow_index_add(&x, 0, kind, &t, NULL) == NULL);
	flow_index_free(&x);
	flow_pool_free(&pool);
}

int
main(void)
{
	struct transport t = { .protocol = 6, .src.kind = ADDR_IPV4,
		.dst.kind = ADDR_IPV4 };
	struct flow_index x;
	struct flow_pool pool;

	hash_key_init();
	flow_pool_init(&pool, (size_t)1 << 26);
	ok(flow_index_init(&x, &pool, LENGTH(begins)));
	for (size_t i = 0; i < LENGTH(begins); i++) {
		const struct begin *b = &begins[i];
		const struct record r = { .number = b->frame,
			.time = { b->seconds, b->nanoseconds, 9, true } };
		struct flow *f;

		t.sport = (uint16_t)i;
		f = flow_index_add(&x, flow_index_hash(&x, &t, FLOW_TCP),
		    FLOW_TCP, &t, NULL);
		flow_brief_begin(f, &r, &b->header);
		ok_int(f->is_brief, b->brief);
		ok(is_told(f, b));
		if (f->is_brief)
			flow_brief_end(f);
		ok(!f->is_brief && is_told(f, b));
	}
	flow_index_free(&x);
	flow_pool_free(&pool);
	parts_check(FLOW_TCP, 6);
	parts_check(FLOW_UDP, 17);
	return tap_done();
}
