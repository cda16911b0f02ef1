#include "net/flow_plain_tcp.h"

#include "base/word.h"
#include "net/flow_count.h"
#include "net/flow_match.h"
#include "net/flow_rest.h"
#include "net/flow_state.h"
#include "net/flow_table.h"
#include "net/tcp_go_on.h"

/* Without options: they tell of a SYN, and of bytes in flight, which nobody
 * asks for. */
static inline struct tcp_step
step_read(const struct record *r, const struct glance *g)
{
	const uint8_t *p = r->bytes.p + g->at;
	uint32_t word = word_be32(p + 12);

	return (struct tcp_step){
		.seq = word_be32(p + 4),
		.ack = word_be32(p + 8),
		.length = g->claimed,
		.window = word & 0xffff,
		.flags = word >> 16 & 0xfff,
		.frame = r->number,
		.time = tcp_time(&r->time),
		.odd = (uint64_t)r->time.seconds >> 33 != 0 || !r->time.known,
	};
}

void
flow_plain_header(struct tcp_header *h, const struct record *r,
    const struct glance *g)
{
	const struct tcp_step step = step_read(r, g);

	h->seq = step.seq;
	h->ack = step.ack;
	h->flags = (uint16_t)step.flags;
	h->window = (uint16_t)step.window;
	h->length = step.length;
}

uint16_t
flow_plain_segment(struct flows *flows, struct flow *f,
    const struct tcp_input *in)
{
	struct tcp_state *s = f->state.tcp;
	struct tcp_result result = { .analysis = 0 };

	/* Where its classes are counted: it may have some. */
	fetch(s->tally);
	tcp_analyse(s, &flows->pool, in, &result);
	flow_state_tcp(f, s, &flows->pool, in, result.analysis);
	flows->counts.unacked += result.unnoted;
	if ((in->header->flags & (TCP_FIN | TCP_RST)) != 0)
		flow_rest_end(flows, f);
	return result.analysis;
}

/* Of one that does not go on, or of which more is to be learned. */
static __attribute__((noinline)) void
long_way(struct flows *flows, struct flow_lot *lot, unsigned i, bool goes)
{
	const struct record *r = &lot->records[i];
	const struct tcp_input in = {
		.header = &flows->header,
		.direction = lot->back >> i & 1,
		.frame = r->number,
		.time = tcp_time(&r->time),
	};
	struct flow *f = lot->flow[i];

	fetch(flow_tcp_body(f));
	flow_plain_header(&flows->header, r, &lot->glances[i]);
	if (goes)
		flow_state_change(f, f->state.tcp, &flows->pool, &in, 0);
	else
		lot->analysis[i] = flow_plain_segment(flows, f, &in);
	flow_body_count(flow_tcp_body(f), r, in.direction,
	    flows->header.length, flow_is_ack(&flows->header));
}

/* As flow_state_tcp() of an ACK without a class; false: it is more. */
static inline __attribute__((always_inline)) bool
acks_add(struct flow *f, struct tcp_state *s, unsigned direction, bool data)
{
	const enum flow_letter letter = data ? FLOW_LETTER_DATA :
	    FLOW_LETTER_ACK;
	struct tcp_end *from = &s->end[direction];

	if (!flow_state_shaken(f))
		return false;
	if ((from->seen >> letter & 1) == 0)
		flow_state_letter(s, direction, letter);
	flow_count_up(&from->acks, !data);
	return true;
}

/* Of one that went on, which flow_body_count() then has not counted. */
static inline __attribute__((always_inline)) void
data_add(struct flow *f, struct tcp_state *s, unsigned direction,
    uint32_t bytes)
{
	struct tcp_end *from = &s->end[direction];

	if (__builtin_expect((from->data == UINT32_MAX) |
	    (from->bytes + bytes < bytes), 0))
		flow_state_pour(f, s);
	from->data++;
	from->bytes += bytes;
}

/* What a flow of TCP is, but for its ends and its state. */
static inline uint32_t
flow_word(const struct flow *f)
{
	uint32_t word;

	memcpy(&word, &f->protocol, sizeof(word));
	return word;
}

_Static_assert(offsetof(struct flow, opening) ==
    offsetof(struct flow, protocol) + 4, "all bits are in the word");

/* May a flow go on, if it has a state? */
static inline bool
may_go_on(uint32_t word)
{
	static const struct flow asked = { .protocol = UINT8_MAX,
		.held = true, .counted = true, .superseded = true };
	static const struct flow wanted = { .protocol = 6, .counted = true };

	return (word & flow_word(&asked)) == flow_word(&wanted);
}

/* Of each the state and the direction, of those between IPv6 addresses the
 * latter in flow_plain_nearer(): these are not here yet. */
static inline void
states_near(struct flows *flows, struct flow_lot *lot)
{
	const struct record *const records = lot->records;
	const struct glance *const glances = lot->glances;
	uint32_t back = 0;

	for (uint32_t left = lot->near; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);
		const struct glance *g = &glances[i];
		const struct flow *f = lot->flow[i];
		const uint8_t *p = records[i].bytes.p + g->at;
		uint32_t word = flow_word(f);
		unsigned match = flow_match_ipv4(f, p - 8,
		    flow_two_ports(&g->sport));
		struct tcp_state *s = f->state.tcp;

		/* A SYN may begin another one. */
		if (!may_go_on(word) || s == NULL || (p[13] & TCP_SYN) != 0 ||
		    (match | (g->kind & PLAIN_IPV6)) == 0) {
			s = &flows->no_state;
			fetch((const char *)f + FLOW_PART);
			fetch(flow_tcp_body(f));
		}
		lot->word[i] = word;
		lot->tcp[i] = s;
		back |= (match >> 1) << i;
		tcp_state_near(s);
	}
	lot->back = back;
}

void
flow_plain_near(struct flows *flows, struct flow_lot *lot, uint32_t which)
{
	uint32_t left;

	for (left = which & lot->seen.ipv6; left != 0; left &= left - 1)
		flow_more_near(lot->flow[__builtin_ctz(left)]);
	/* Few have bodies, mostly. */
	left = flows->bodies * 16 < flows->index.of_kind[FLOW_UDP] ? 0 :
	    which & lot->seen.udp;
	for (; left != 0; left &= left - 1)
		flow_body_near(lot->flow[__builtin_ctz(left)]);
	lot->near = which & ~lot->seen.udp;
	states_near(flows, lot);
}

void
flow_plain_nearer(struct flows *flows, struct flow_lot *lot)
{
	uint32_t left;

	for (left = lot->near & lot->seen.ipv6; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);
		unsigned match = flow_match(lot->flow[i], &lot->records[i],
		    &lot->glances[i]);

		lot->back |= (uint32_t)(match >> 1) << i;
		lot->tcp[i] = match != 0 ? lot->tcp[i] : &flows->no_state;
	}
}

/* Its flow is not what it was, or something else: looks again.  False: it does
 * not go on with it. */
static __attribute__((noinline)) bool
look_again(struct flow_lot *lot, unsigned i)
{
	const struct flow *f = lot->flow[i];
	unsigned match;

	if (!may_go_on(flow_word(f)) || f->state.tcp == NULL ||
	    (plain_tcp_flags(&lot->records[i], &lot->glances[i]) & TCP_SYN)
	    != 0 || (f->state.app != NULL && lot->glances[i].payload.n > 0))
		return false;
	match = flow_match(f, &lot->records[i], &lot->glances[i]);
	lot->tcp[i] = f->state.tcp;
	lot->back = (lot->back & ~((uint32_t)1 << i)) |
	    (uint32_t)(match >> 1) << i;
	return match != 0;
}

static inline __attribute__((always_inline)) void
tcp_add(struct flows *flows, struct flow_lot *lot, unsigned i, bool data)
{
	const struct record *r = &lot->records[i];
	const struct glance *g = &lot->glances[i];
	const struct tcp_step step = step_read(r, g);
	const unsigned direction = lot->back >> i & 1;
	struct flow *f = lot->flow[i];
	struct tcp_state *s = lot->tcp[i];

	const bool goes = tcp_go_on(s, &flows->pool, &step, direction, data,
	    &flows->counts.unacked);

	if (!goes || !acks_add(f, s, direction, data))
		long_way(flows, lot, i, goes);
	else if (data)
		data_add(f, s, direction, g->claimed);
}

static inline bool
tcp_track(struct flows *flows, struct flow_lot *lot, unsigned i)
{
	const struct glance *g = &lot->glances[i];
	const struct flow *f = lot->flow[i];

	if ((((uintptr_t)f->state.tcp ^ (uintptr_t)lot->tcp[i]) |
	    (flow_word(f) ^ lot->word[i])) != 0 ||
	    (f->state.app != NULL && g->payload.n > 0))
		if (!look_again(lot, i))
			return false;
	if (g->claimed > 0)
		tcp_add(flows, lot, i, true);
	else
		tcp_add(flows, lot, i, false);
	return true;
}

uint32_t
flow_plain_tcp(struct flows *flows, struct flow_lot *lot, uint32_t which)
{
	uint32_t left;

	for (left = which; left != 0; left &= left - 1)
		if (!tcp_track(flows, lot, (unsigned)__builtin_ctz(left)))
			break;
	return which ^ left;
}
