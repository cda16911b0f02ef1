#include "net/flow_plain.h"

#include "base/word.h"
#include "net/flow_count.h"
#include "net/flow_hash.h"
#include "net/flow_number.h"
#include "net/flow_open.h"
#include "net/flow_state.h"
#include "net/flow_table.h"
#include "net/tcp.h"
#include "net/tcp_go_on.h"

/* Ports whose packets have a say in the numbers of other flows. */
static inline unsigned
numbers_others(unsigned port)
{
	return (unsigned)(port - FLOW_NUMBER_SNMP <= 1) |
	    (unsigned)(port == FLOW_NUMBER_SOCKS);
}

/* No branch: nobody can foretell which packets are of TCP. */
static inline unsigned
may_be_known(const struct record *r, const struct glance *g)
{
	unsigned tcp = (g->kind & PLAIN_UDP) ^ PLAIN_UDP;
	unsigned syn = plain_tcp_flags(r, g) / TCP_SYN & 1U;

	return ((tcp & syn) | numbers_others(g->sport) |
	    numbers_others(g->dport)) ^ 1;
}

static inline enum flow_kind
kind_of(const struct glance *g)
{
	return (g->kind & PLAIN_UDP) != 0 ? FLOW_UDP : FLOW_TCP;
}

static inline uint32_t
slots_near(struct flows *flows, const struct record *records,
    const struct glance *glances, uint32_t which, bool ipv6)
{
	const struct flow_index *x = &flows->index;
	uint32_t known = 0;

	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);
		const struct glance *g = &glances[i];
		uint64_t hash = flow_hash_ends(x, plain_ends(&records[i], g),
		    g->sport, g->dport, kind_of(g), ipv6);

		flows->plain[i].hash = hash;
		flows->plain[i].analysis = 0;
		flow_hash_near(x, hash);
		known |= (uint32_t)may_be_known(&records[i], g) << i;
	}
	return known;
}

void
flow_plain_start(struct flows *flows, const struct record *records,
    const struct glance *glances, uint32_t which)
{
	uint32_t left, ipv6 = 0, udp = 0;

	for (left = which; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		ipv6 |= (uint32_t)plain_is_ipv6(&glances[i]) << i;
		udp |= (uint32_t)(glances[i].kind & PLAIN_UDP) << i;
	}
	flows->plain_udp = udp;
	flows->plain_ipv6 = ipv6;
	flows->plain_known = slots_near(flows, records, glances,
	    which & ~ipv6, false) |
	    slots_near(flows, records, glances, ipv6, true);
}

uint32_t
flow_plain_expect(struct flows *flows, uint32_t which)
{
	struct flow_plain *plain = flows->plain;
	uint32_t left, known = which & flows->plain_known;

	flows->plain_bits = flows->index.bits;
	for (left = which; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		plain[i].slot = flow_hash_slot(&flows->index, plain[i].hash);
		plain[i].flow = flow_hash_named(&flows->index, plain[i].slot);
		if (plain[i].flow == NULL)
			known &= ~((uint32_t)1 << i);
	}
	return known;
}

void
flow_plain_near(struct flows *flows, const struct record *records,
    const struct glance *glances, uint32_t which)
{
	struct flow_plain *plain = flows->plain;
	uint32_t left;

	for (left = which & flows->plain_ipv6; left != 0; left &= left - 1)
		flow_more_near(plain[__builtin_ctz(left)].flow);
	for (left = which & flows->plain_udp; left != 0; left &= left - 1)
		flow_body_near(plain[__builtin_ctz(left)].flow);
	flows->plain_near = which & ~flows->plain_udp;
	for (left = flows->plain_near; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		plain[i].tcp = flow_state_near(flows, plain[i].flow,
		    plain_tcp_flags(&records[i], &glances[i]));
	}
}

/* Of all that have come near, once. */
static inline void
nearer(struct flows *flows)
{
	uint32_t left = flows->plain_near;

	for (; left != 0; left &= left - 1)
		tcp_state_nearer(flows->plain[__builtin_ctz(left)].tcp);
	flows->plain_near = 0;
}

struct flow *
flow_plain_guess(struct flows *flows, size_t i)
{
	return flows->plain[i].flow;
}

uint16_t
flow_plain_analysis(const struct flows *flows, size_t i)
{
	return flows->plain[i].analysis;
}

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
	};
}

static void
header_read(struct tcp_header *h, const struct record *r,
    const struct glance *g)
{
	const struct tcp_step step = step_read(r, g);

	h->seq = step.seq;
	h->ack = step.ack;
	h->flags = (uint16_t)step.flags;
	h->window = (uint16_t)step.window;
	h->length = step.length;
}

static inline struct tcp_input
input_read(struct flows *flows, const struct record *r,
    const struct glance *g, unsigned direction)
{
	header_read(&flows->header, r, g);
	return (struct tcp_input){
		.header = &flows->header,
		.direction = direction,
		.frame = r->number,
		.time = tcp_time(&r->time),
	};
}

/* What it finds. */
static __attribute__((noinline)) uint16_t
long_way(struct flows *flows, const struct record *r, const struct glance *g,
    struct flow *f, unsigned direction)
{
	struct tcp_state *s = f->state.tcp;
	struct tcp_result result = { .analysis = 0 };
	const struct tcp_input in = input_read(flows, r, g, direction);

	tcp_analyse(s, &flows->pool, &in, &result);
	flow_state_tcp(f, s, &flows->pool, &in, result.analysis);
	flows->counts.unacked += result.unnoted;
	return result.analysis;
}

/* As flow_state_tcp() of an ACK without a class; false: it is more. */
static inline bool
acks_add(const struct flow *f, struct tcp_end *from, bool data)
{
	unsigned letter = data ? FLOW_LETTER_DATA : FLOW_LETTER_ACK;

	if ((from->seen >> letter & 1) == 0 ||
	    (f->handshake != HANDSHAKE_COMPLETE &&
	    f->handshake != HANDSHAKE_NONE))
		return false;
	from->acks += !data;
	return true;
}

static __attribute__((noinline)) void
state_change(struct flows *flows, const struct record *r,
    const struct glance *g, struct flow *f, unsigned direction)
{
	const struct tcp_input in = input_read(flows, r, g, direction);

	flow_state_change(f, f->state.tcp, &flows->pool, &in, 0);
}

/* The state of a flow that goes on with this one, unless somebody reads its
 * payload. */
static inline struct tcp_state *
state_of(const struct flow *f, const struct glance *g)
{
	if (f->protocol != 6 || f->held || !f->counted || f->superseded ||
	    (f->state.app != NULL && g->payload.n > 0))
		return NULL;
	return f->state.tcp;
}

/* As flow_index_match(), of addresses as they are in the packet.  Which way
 * it goes nobody can foretell: no branch. */
static inline unsigned
ipv4_match(const struct flow *f, const uint8_t *ends, uint32_t ports)
{
	uint32_t there = f->a_port | (uint32_t)f->b_port << 16;
	uint64_t is = word_le64(f->ipv4[0]), sent = word_le64(ends);
	unsigned forth, back;

	/* Of others these are zeros. */
	if (is == 0 && f->more != NULL && f->more->addr[0].kind != ADDR_IPV4)
		return 0;
	forth = ((is ^ sent) | (there ^ ports)) == 0;
	back = ((is ^ (sent << 32 | sent >> 32)) |
	    (there ^ (ports << 16 | ports >> 16))) == 0;
	return forth | (back & (forth ^ 1)) << 1;
}

static inline unsigned
ipv6_match(const struct flow *f, const uint8_t *ends, uint32_t ports)
{
	uint32_t there = f->a_port | (uint32_t)f->b_port << 16;
	const uint8_t *a, *b;
	uint64_t forth, back;

	if (f->more == NULL || f->more->addr[0].kind != ADDR_IPV6)
		return 0;
	a = f->more->addr[0].bytes;
	b = f->more->addr[1].bytes;
	forth = (word_le64(a) ^ word_le64(ends)) |
	    (word_le64(a + 8) ^ word_le64(ends + 8)) |
	    (word_le64(b) ^ word_le64(ends + 16)) |
	    (word_le64(b + 8) ^ word_le64(ends + 24)) | (there ^ ports);
	back = (word_le64(b) ^ word_le64(ends)) |
	    (word_le64(b + 8) ^ word_le64(ends + 8)) |
	    (word_le64(a) ^ word_le64(ends + 16)) |
	    (word_le64(a + 8) ^ word_le64(ends + 24)) |
	    (there ^ (ports << 16 | ports >> 16));
	return forth == 0 ? 1 : back == 0 ? 2 : 0;
}

/* As flow_index_match(). */
static inline unsigned
plain_match(const struct flow *f, const struct record *r,
    const struct glance *g)
{
	uint32_t ports = g->sport | (uint32_t)g->dport << 16;
	const uint8_t *ends = plain_ends(r, g);

	return plain_is_ipv6(g) ? ipv6_match(f, ends, ports) :
	    ipv4_match(f, ends, ports);
}

static inline bool
tcp_track(struct flows *flows, const struct record *r,
    const struct glance *g, struct flow_plain *plain)
{
	struct flow *f = plain->flow;
	struct tcp_state *s = state_of(f, g);
	unsigned match = plain_match(f, r, g), direction = match - 1;
	const struct tcp_step step = step_read(r, g);
	bool unnoted = false;

	if (s == NULL || match == 0)
		return false;
	if (!tcp_go_on(s, &flows->pool, &step, direction, &unnoted))
		plain->analysis = long_way(flows, r, g, f, direction);
	else if (!acks_add(f, &s->end[direction], step.length > 0))
		state_change(flows, r, g, f, direction);
	flows->counts.unacked += unnoted;
	flow_body_count(flow_body(f), r, direction, g->claimed);
	return true;
}

static inline bool
udp_track(struct flows *flows, const struct record *r,
    const struct glance *g, struct flow *f)
{
	unsigned match = plain_match(f, r, g);
	struct flow_body *body = f->body;

	if (f->protocol != 17 || f->superseded || match == 0 ||
	    flow_is_silent(f))
		return false;
	if (!f->counted) {
		if (flow_exchange_add(f, r, match - 1, g->claimed))
			return true;
		body = flow_body_make(f, &flows->pool);
		if (body == NULL)
			return false;
	}
	flow_body_count(body, r, match - 1, g->claimed);
	return true;
}

/* One after the other, up to one that does not go. */
static uint32_t
track(struct flows *flows, const struct record *records,
    const struct glance *glances, uint32_t which)
{
	struct flow_plain *plain = flows->plain;
	uint32_t left;

	for (left = which; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);
		const struct record *r = &records[i];
		const struct glance *g = &glances[i];

		if ((g->kind & PLAIN_UDP) != 0 ?
		    !udp_track(flows, r, g, plain[i].flow) :
		    !tcp_track(flows, r, g, &plain[i]))
			break;
	}
	return which ^ left;
}

/*
 * Of many those of UDP first: what they do is to be seen in their own flows
 * only, so that it does not matter when, and which are of UDP nobody can
 * foretell.
 */
uint32_t
flow_plain_track(struct flows *flows, const struct record *records,
    const struct glance *glances, uint32_t which)
{
	uint32_t udp = which & flows->plain_udp, done;

	if ((which & (which >> 8)) == 0 || udp == 0) {
		nearer(flows);
		return track(flows, records, glances, which);
	}
	done = track(flows, records, glances, udp);
	/* Those before the first that did not go. */
	udp ^= done;
	which &= ~done & ((udp & -udp) - 1);
	nearer(flows);
	return done | track(flows, records, glances, which);
}

static void
header_fill(struct tcp_header *h, const struct record *r,
    const struct glance *g)
{
	const uint8_t *header = r->bytes.p + g->at;

	header_read(h, r, g);
	h->header_length = (uint8_t)(header[12] >> 4 << 2);
	h->options = 0;
	h->n_sack = 0;
	if (h->header_length > TCP_HEADER_MIN)
		tcp_options(span_of(header + TCP_HEADER_MIN,
		    h->header_length - (size_t)TCP_HEADER_MIN), h);
}

/* The newest flow between its ends; or NULL, and where its slot would be in
 * `at`, which is where it begins to look. */
static struct flow *
plain_find(const struct flow_index *x, uint64_t hash, const struct record *r,
    const struct glance *g, uint32_t *at)
{
	uint32_t tag = flow_index_tag(hash), mask = ((uint32_t)1 << x->bits) - 1;
	struct flow *f;

	for (; x->slots[*at].tag != 0; *at = (*at + 1) & mask) {
		if (x->slots[*at].tag != tag)
			continue;
		f = flow_index_of(x, x->slots[*at].id);
		if (flow_kind_of(f->protocol) == kind_of(g) &&
		    plain_match(f, r, g) != 0)
			return f;
	}
	return NULL;
}

/* A flow that is new, with the ends of the first packet. */
static struct flow *
plain_add(struct flows *flows, const struct record *r, const struct glance *g,
    const struct flow_plain *plain, bool turned)
{
	const bool ipv6 = plain_is_ipv6(g);
	const uint8_t *src = plain_ends(r, g), *dst = src + (ipv6 ? 16 : 4);
	struct flow *f = flow_index_add_ends(&flows->index, plain->hash,
	    plain->slot, kind_of(g), g->protocol, turned ? dst : src,
	    turned ? src : dst, ipv6);

	if (f == NULL)
		return NULL;
	f->a_port = turned ? g->dport : g->sport;
	f->b_port = turned ? g->sport : g->dport;
	flow_first_set(f, r);
	f->lone = true;
	f->from_b = f->swapped = turned;
	return f;
}

static struct flow *
syn_add(struct flows *flows, const struct record *r, const struct glance *g,
    const struct flow_plain *plain)
{
	struct tcp_header h;
	struct flow *f;

	header_fill(&h, r, g);
	if ((h.flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_SYN ||
	    h.length > 0 || (h.options & TCP_OPT_BEYOND) != 0)
		return NULL;
	f = plain_add(flows, r, g, plain, false);
	if (f == NULL)
		return NULL;
	flow_state_hold(f, &h, 0);
	f->handshake = HANDSHAKE_SYN;
	return f;
}

/* What flow_track() does with the first packet of most flows. */
struct flow *
flow_plain_begin(struct flows *flows, const struct record *r,
    const struct glance *g, size_t i)
{
	struct flow_plain *plain = &flows->plain[i];
	struct flow *f;

	/* Where no slot had its hash when the batch began, those before this
	 * one have none now. */
	if (plain->flow != NULL || flows->plain_bits != flows->index.bits)
		plain->slot = flow_index_tag(plain->hash) >>
		    (32 - flows->index.bits);
	if ((numbers_others(g->sport) | numbers_others(g->dport)) != 0 ||
	    plain_find(&flows->index, plain->hash, r, g, &plain->slot) != NULL)
		return NULL;
	if (g->protocol == 6) {
		f = syn_add(flows, r, g, plain);
	} else {
		f = plain_add(flows, r, g, plain,
		    flow_from_server(g->sport, g->dport));
		if (f != NULL) {
			f->guessed = true;
			f->lone_bytes = g->claimed;
		}
	}
	plain->flow = f;
	return f;
}

__attribute__((cold)) void
flow_plain_open(struct flows *flows, const struct record *r,
    const struct glance *g, struct packet *p)
{
	struct transport *t = &p->transports[0];
	const uint8_t *ends = plain_ends(r, g);
	size_t n = plain_is_ipv6(g) ? 16 : 4;

	plain_packet(r, g, p);
	p->n_vlans = 0;
	t->depth = 0;
	t->src = t->dst = (struct addr){
		.kind = plain_is_ipv6(g) ? ADDR_IPV6 : ADDR_IPV4 };
	memcpy(t->src.bytes, ends, n);
	memcpy(t->dst.bytes, ends + n, n);
	if (g->protocol == 6)
		header_fill(&p->tcp, r, g);
	flow_track(flows, p, t, NULL);
}

/* ---- Numbers -------------------------------------------------------------- */

void
flow_plain_before(const struct flows *flows, size_t i, struct flow_numbers *n)
{
	const struct flow *f = flows->plain[i].flow;
	const struct tcp_state *s = f == NULL ? NULL : flow_tcp(f);

	*n = (struct flow_numbers){ .any = false };
	if (s == NULL)
		return;
	n->before = flow_last(f);
	n->completeness = s->end[0].complete | s->end[1].complete;
}

/* Of a flow that began with this one, a SYN, there is no more to tell. */
static void
numbers_first(const struct tcp_step *g, struct flow_numbers *n)
{
	n->completeness = 0;
	n->seq = 0;
	n->next = 1;
	n->ack = g->ack;
	n->window = g->window;
	n->relative = n->delta = 0;
}

/* As put_tcp() in flow_fields.c. */
void
flow_plain_after(const struct flows *flows, const struct record *r,
    const struct glance *g, size_t i, struct flow_numbers *n)
{
	const struct flow *f = flows->plain[i].flow;
	const struct tcp_step step = step_read(r, g);
	const struct tcp_past *from, *to;
	const struct tcp_state *s;
	unsigned direction;

	n->any = f != NULL && f->protocol == 6;
	if (!n->any)
		return;
	s = flow_tcp(f);
	if (s == NULL) {
		numbers_first(&step, n);
		return;
	}
	direction = plain_match(f, r, g) - 1;
	from = &s->past[direction];
	to = &s->past[1 - direction];
	n->seq = step.seq - from->base;
	n->next = n->seq + step.length + ((step.flags & TCP_FIN) != 0);
	n->ack = (step.flags & TCP_ACK) != 0 ? step.ack - to->base : step.ack;
	n->window = step.window << (s->end[direction].scale > 0 ?
	    s->end[direction].scale : 0);
	n->relative = time_diff(r->time, flow_first(f));
	n->delta = time_diff(r->time, n->before);
}
