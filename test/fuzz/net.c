#include <stdlib.h>

#include "fuzz/packets.h"
#include "fuzz/target.h"

#define MEMORY ((size_t)64 << 20)

/* ---- The walk ---------------------------------------------------------- */

/* Whoever listens, a packet is the same. */
static void
same(const struct packet *a, const struct packet *b)
{
	fuzz_check(a->layers == b->layers && a->n_stack == b->n_stack);
	fuzz_check(a->n_transports == b->n_transports);
	fuzz_check(a->cut == b->cut && a->malformed == b->malformed);
	fuzz_check(a->n_tunnels == b->n_tunnels && a->n_vlans == b->n_vlans);
	fuzz_check(a->undecoded == b->undecoded);
	for (size_t i = 0; i < a->n_stack && i < PACKET_STACK; i++)
		fuzz_check(a->stack[i].layer == b->stack[i].layer &&
		    a->stack[i].offset == b->stack[i].offset);
	for (size_t i = 0; i < a->n_transports; i++) {
		const struct transport *s = &a->transports[i];
		const struct transport *t = &b->transports[i];

		fuzz_check(s->protocol == t->protocol &&
		    s->sport == t->sport && s->dport == t->dport &&
		    s->cut == t->cut && addr_equal(&s->src, &t->src) &&
		    addr_equal(&s->dst, &t->dst));
		if (!s->cut)
			fuzz_check(s->payload_claimed == t->payload_claimed &&
			    span_equal(s->payload, t->payload));
	}
}

static void
run_walk(struct span in)
{
	struct record r = packet_of(in, 1);
	static struct road silent, loud;
	struct field_list fields;

	road_begin(&silent);
	road_begin(&loud);
	field_list_init(&fields, &loud.arena);
	loud.fields = &fields;
	road_walk(&silent, &r);
	road_walk(&loud, &r);
	fields_check(&fields);
	same(&silent.packet, &loud.packet);
	field_list_free(&fields);
	road_end(&silent);
	road_end(&loud);
}

static void
run_walk_only(struct span in)
{
	struct record r = packet_of(in, 1);
	static struct road road;

	road_begin(&road);
	road_walk(&road, &r);
	fuzz_check(road.packet.n_stack <= PACKET_STACK);
	fuzz_check(road.packet.n_transports <= PACKET_TRANSPORTS);
	fuzz_check(road.packet.n_tunnels <= PACKET_TUNNELS);
	road_end(&road);
}

/* ---- Defragmentation against a plain model ----------------------------- */

#define MODEL 4096

struct model {
	uint8_t bytes[MODEL];
	bool have[MODEL];
	size_t end; /* 0: not known */
};

/* The first bytes win. */
static void
model_add(struct model *m, size_t offset, struct span s, bool more)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!m->have[offset + i])
			m->bytes[offset + i] = s.p[i];
		m->have[offset + i] = true;
	}
	if (!more && m->end == 0)
		m->end = offset + s.n;
}

/* Which of several ends counts is the defragmenter's to say; bytes are not. */
static void
model_check(const struct model *m, struct span whole)
{
	fuzz_check(whole.n <= MODEL);
	for (size_t i = 0; i < whole.n; i++)
		fuzz_check(m->have[i] && m->bytes[i] == whole.p[i]);
}

static void
run_defrag(struct span in)
{
	const struct defrag_limits limits = { .max_bytes = 65536,
		.max_datagrams = 4 };
	struct cursor c = cur_open(in);
	struct defrag *d = defrag_new(&limits);
	static struct model models[4];
	struct arena arena;
	uint64_t number = 0;

	arena_init(&arena, MEMORY);
	memset(models, 0, sizeof(models));
	for (; d != NULL && cur_left(&c) >= 4; number++) {
		uint8_t op = cur_u8(&c);
		struct defrag_key key = { .id = op & 3, .protocol = 17 };
		bool more = op >> 2 & 1;
		size_t offset = (cur_u8(&c) & 63u) * 8;
		size_t n = cur_u8(&c) & (more ? 0xf8 : 0xff);
		struct span s, whole = span_empty();
		struct record r = { .number = number + 1,
			.time = { (int64_t)number, 0, 6, true } };

		s = cur_take(&c, n < cur_left(&c) ? n : cur_left(&c));
		arena_reset(&arena);
		if (more && s.n % 8 != 0)
			s = span_first(s, s.n / 8 * 8);
		model_add(&models[op & 3], offset, s, more);
		if (!defrag_add(d, &key, &r, (uint32_t)offset, more, s, s.n,
			&arena, &whole))
			continue;
		if (defrag_counts(d)->expired == 0 &&
		    defrag_counts(d)->given_up == 0)
			model_check(&models[op & 3], whole);
		memset(&models[op & 3], 0, sizeof(models[0]));
		fuzz_check(defrag_whole(d).n <= 2048);
	}
	defrag_free(d);
	arena_free(&arena);
}

static void
run_fragments(struct span in)
{
	struct cursor c = cur_open(in);
	static struct road road;
	struct record r;
	uint64_t number = 0;

	road_begin(&road);
	road.defrag = defrag_new(NULL);
	while (packets_next(&c, &r, &number))
		road_walk(&road, &r);
	road_end(&road);
}

/* ---- Flows and streams ------------------------------------------------- */

static void
flows_check(struct flows *flows)
{
	static const uint8_t protocols[] = { 6, 17, 132, 136 };

	for (size_t k = 0; k < LENGTH(protocols); k++)
		for (uint32_t i = 0; i < flow_count(flows, protocols[k]); i++) {
			const struct flow *f =
			    flow_at(flows, protocols[k], i);
			struct flow_detail detail;

			fuzz_check(f != NULL && flow_stream(f) == i);
			flow_detail(f, &detail);
			fuzz_check(memchr(detail.history, '\0',
				       FLOW_HISTORY) != NULL);
			fuzz_check(flow_conn_state(f) != NULL &&
			    flow_close_reason(f) != NULL);
		}
	(void)flow_counts(flows);
}

static void
run_flow(struct span in)
{
	const struct flow_limits limits = { .max_flows = 64 };
	struct cursor c = cur_open(in);
	static struct road road;
	struct field_list fields;
	struct record r;
	uint64_t number = 0;

	road_begin(&road);
	road.flows = flows_new(&limits);
	field_list_init(&fields, &road.arena);
	while (road.flows != NULL && packets_next(&c, &r, &number)) {
		road.fields = number & 1 ? &fields : NULL;
		road_walk(&road, &r);
		if (road.fields != NULL)
			fields_check(road.fields);
	}
	if (road.flows != NULL)
		flows_check(road.flows);
	field_list_free(&fields);
	road_end(&road);
}

/* A direction's bytes come in order, without holes that nobody told. */
struct order {
	uint64_t next[2];
	bool ended[2], known[2];
	uint8_t value[2]; /* which of the two hosts sent this direction */
};

static void
order_bytes(void *context, struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, struct span bytes, uint64_t from)
{
	struct order *o = context;

	(void)p;
	(void)f;
	(void)from;
	fuzz_check(direction < 2 && offset == o->next[direction]);
	/* A byte's value tells its sender: see segment_make(). */
	if (bytes.n > 0 && !o->known[direction]) {
		o->known[direction] = true;
		o->value[direction] = bytes.p[0];
	}
	if (bytes.n > 0)
		fuzz_check(bytes.p[0] == o->value[direction] &&
		    memcmp(bytes.p, bytes.p + 1, bytes.n - 1) == 0);
	o->next[direction] += bytes.n;
}

static void
order_gap(void *context, struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, uint64_t missing)
{
	struct order *o = context;

	(void)p;
	(void)f;
	fuzz_check(direction < 2 && offset == o->next[direction]);
	fuzz_check(missing > 0);
	o->next[direction] += missing;
}

static void
order_end(void *context, struct packet *p, struct flow *f,
    unsigned direction)
{
	struct order *o = context;

	(void)p;
	(void)f;
	fuzz_check(direction < 2 && !o->ended[direction]);
	o->ended[direction] = true;
}

struct segment {
	uint32_t seq, ack;
	uint16_t flags, window;
	size_t n;
	unsigned direction;
};

/* One TCP segment as an IPv4 packet. */
static size_t
segment_make(uint8_t *p, const struct segment *s)
{
	const uint8_t ip[] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0,
		0, 1, 10, 0, 0, 2 };
	uint16_t ports[2] = { 4000, 4001 };
	size_t n = 40 + s->n;

	memset(p, 0, 40);
	memcpy(p, ip, sizeof(ip));
	p[2] = (uint8_t)(n >> 8);
	p[3] = (uint8_t)n;
	if (s->direction != 0) {
		p[15] = 2;
		p[19] = 1;
	}
	p[20] = (uint8_t)(ports[s->direction] >> 8);
	p[21] = (uint8_t)ports[s->direction];
	p[22] = (uint8_t)(ports[!s->direction] >> 8);
	p[23] = (uint8_t)ports[!s->direction];
	for (int i = 0; i < 4; i++) {
		p[24 + i] = (uint8_t)(s->seq >> (24 - 8 * i));
		p[28 + i] = (uint8_t)(s->ack >> (24 - 8 * i));
	}
	p[32] = 0x50;
	p[33] = (uint8_t)s->flags;
	p[34] = (uint8_t)(s->window >> 8);
	p[35] = (uint8_t)s->window;
	memset(p + 40, (int)s->direction, s->n);
	return n;
}

static struct segment
segment_read(struct cursor *c, uint32_t *sent)
{
	struct segment s = { .direction = cur_u8(c) };
	uint8_t step = cur_u8(c);

	s.flags = s.direction >> 2 & 0x3f;
	s.n = s.direction >> 1 & 1 ? cur_u8(c) : 0;
	s.direction &= 1;
	/* Mostly near to what was sent, now and then far away. */
	s.seq = sent[s.direction] + step - (step > 127 ? 256 : 0);
	if (step == 0x80)
		s.seq = cur_be32(c);
	s.ack = sent[!s.direction] - (step & 3);
	s.window = (uint16_t)(step << 8);
	if ((int8_t)step >= 0)
		sent[s.direction] = s.seq + (uint32_t)s.n +
		    ((s.flags & (TCP_SYN | TCP_FIN)) != 0);
	return s;
}

struct streaming {
	struct road road;
	struct streams *streams;
};

static void
follow(void *context, struct packet *p, struct transport *t)
{
	struct streaming *s = context;

	flow_track(s->road.flows, p, t, NULL);
	stream_segment(s->streams, p, t);
}

static void
run_stream(struct span in)
{
	const struct stream_limits limits = { .max_waiting = 2000,
		.max_bytes = 3000 };
	struct order order = { .next = { 0, 0 } };
	const struct stream_events events = { .bytes = order_bytes,
		.gap = order_gap, .end = order_end, .context = &order };
	static struct streaming s;
	const struct walk walk = { .payload = follow, .context = &s };
	struct cursor c = cur_open(in);
	uint32_t sent[2] = { 0xffffff00, 1000 };
	static uint8_t bytes[400];

	s.streams = streams_new(&limits, &events);
	road_begin(&s.road);
	s.road.flows = flows_new(NULL);
	for (uint64_t i = 1; cur_left(&c) >= 2 && s.road.flows != NULL &&
	     flow_count(s.road.flows, 6) < 2; i++) {
		struct segment segment = segment_read(&c, sent);
		size_t n = segment_make(bytes, &segment);
		struct record r = { .number = i, .bytes = span_of(bytes, n),
			.len = (uint32_t)n, .link = 101,
			.time = { (int64_t)i, 0, 6, true },
			.comment = span_empty() };

		arena_reset(&s.road.arena);
		if (flow_count(s.road.flows, 6) == 1 &&
		    (segment.flags & TCP_SYN) != 0)
			continue; /* one connection at a time */
		packet_walk(&walk, &r, &s.road.arena, &s.road.packet);
	}
	if (s.streams != NULL && s.road.flows != NULL)
		streams_finish(s.streams, s.road.flows);
	streams_free(s.streams);
	road_end(&s.road);
}

const struct fuzz_target fuzz_net[] = {
	{ "walk", SEED_PACKET, run_walk_only },
	{ "walk_fields", SEED_PACKET, run_walk },
	{ "defrag", SEED_BYTES, run_defrag },
	{ "fragments", SEED_PACKETS, run_fragments },
	{ "flow", SEED_PACKETS, run_flow },
	{ "stream", SEED_BYTES, run_stream },
	{ NULL, SEED_BYTES, NULL },
};
