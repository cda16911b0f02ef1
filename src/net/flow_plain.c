#include "net/flow_plain.h"

#include "net/flow_count.h"
#include "net/flow_hash.h"
#include "net/flow_match.h"
#include "net/flow_number.h"
#include "net/flow_open.h"
#include "net/flow_plain_tcp.h"
#include "net/flow_rest.h"
#include "net/flow_start.h"
#include "net/flow_state.h"
#include "net/flow_table.h"
#include "net/tcp.h"

/* Ports whose packets have a say in the numbers of other flows. */
static inline unsigned
numbers_others(const struct glance *g)
{
	return (unsigned)(g->sport - FLOW_NUMBER_SNMP <= 1) |
	    (unsigned)(g->dport - FLOW_NUMBER_SNMP <= 1) |
	    (unsigned)(g->sport == FLOW_NUMBER_SOCKS) |
	    (unsigned)(g->dport == FLOW_NUMBER_SOCKS);
}

static inline enum flow_kind
kind_of(const struct glance *g)
{
	return (g->kind & PLAIN_UDP) != 0 ? FLOW_UDP : FLOW_TCP;
}

/* No branch on the protocol: nobody can foretell which packets are of TCP. */
static inline __attribute__((always_inline)) void
slot_near(const struct flow_index *x, const struct flow_slot *slots,
    unsigned bits, const struct record *r, const struct glance *g, bool ipv6,
    uint64_t *kept)
{
	uint64_t hash = flow_hash_ends(x, r->bytes.p + g->at - (ipv6 ? 32 : 8),
	    g->sport, g->dport, (enum flow_kind)(g->kind & PLAIN_UDP), ipv6);

	fetch(&slots[flow_hash_home(bits, flow_index_tag(hash))]);
	*kept = hash;
}

static inline __attribute__((always_inline)) void
slots_near(const struct flow_index *x, struct flow_lot *lot, uint32_t which,
    bool ipv6)
{
	const struct record *const records = lot->records;
	const struct glance *const glances = lot->glances;
	const struct flow_slot *const slots = x->slots;
	const unsigned bits = x->bits;

	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		slot_near(x, slots, bits, &records[i], &glances[i], ipv6,
		    &lot->hash[i]);
	}
}

_Static_assert(FLOW_TCP == 0 && FLOW_UDP == PLAIN_UDP, "as kinds are");

void
flow_plain_start(const struct flows *flows, struct flow_lot *lot,
    uint32_t which)
{
	uint32_t left;

	memset(lot->analysis, 0, sizeof(lot->analysis));
	slots_near(&flows->index, lot, which & ~lot->seen.ipv6, false);
	if ((which & lot->seen.ipv6) != 0)
		slots_near(&flows->index, lot, which & lot->seen.ipv6, true);
	lot->known = which;
	for (left = which & lot->seen.special; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		lot->known &= ~(numbers_others(&lot->glances[i]) << i);
	}
}

/* One whose slot is not among the first it may be in; true: it has none. */
static inline bool
slot_far(const struct flow_index *x, struct flow_lot *lot, unsigned i)
{
	lot->slot[i] = flow_hash_slot(x, lot->hash[i]);
	lot->flow[i] = flow_hash_named(x, lot->slot[i]);
	return lot->flow[i] == NULL;
}

/* Its flow comes near; true: it has none, or is not where it is looked for
 * first: so do the slots behind, where those here are taken. */
static inline __attribute__((always_inline)) bool
slot_expect(const struct flow_index *x, const struct flow_slot *slots,
    unsigned bits, struct flow_lot *lot, unsigned i)
{
	uint32_t tag = flow_index_tag(lot->hash[i]);
	uint32_t at = flow_hash_likely(slots, bits, tag);

	if (slots[at].tag != tag) {
		at |= FLOW_LINE / sizeof(*slots) - 1;
		fetch(&slots[at + (slots[at].tag != 0)]);
		return true;
	}
	lot->flow[i] = flow_index_of(x, slots[at].id);
	fetch(lot->flow[i]);
	return false;
}

uint32_t
flow_plain_expect(const struct flows *flows, struct flow_lot *lot,
    uint32_t which)
{
	const struct flow_index *x = &flows->index;
	const struct flow_slot *const slots = x->slots;
	const unsigned bits = x->bits;
	uint32_t left, far = 0, none = 0;

	lot->bits = bits;
	for (left = which; left != 0; left &= left - 1)
		far |= slot_expect(x, slots, bits, lot,
		    (unsigned)__builtin_ctz(left)) ? left & -left : 0;
	for (; far != 0; far &= far - 1)
		none |= slot_far(x, lot, (unsigned)__builtin_ctz(far)) ?
		    far & -far : 0;
	return which & lot->known & ~none;
}

/* The second packet of a flow of UDP, or what does not fit into a talk. */
static __attribute__((noinline)) bool
udp_count(struct flows *flows, const struct record *r, const struct glance *g,
    struct flow *f, unsigned direction)
{
	struct flow_body *body = f->body;

	if (f->protocol != 17 || f->superseded || flow_is_silent(f))
		return false;
	if (!f->counted) {
		if (flow_talk_begin(f, r, direction, g->claimed))
			return true;
		body = flow_body_make(f, &flows->pool);
		if (body == NULL)
			return false;
		flows->bodies++;
	}
	flow_body_count(body, r, direction, g->claimed, false);
	return true;
}

static inline bool
udp_track(struct flows *flows, const struct record *r,
    const struct glance *g, struct flow *f)
{
	unsigned match = flow_match_now(f, r, g);

	if (match == 0)
		return false;
	return (f->protocol == 17 && f->talks && !f->superseded &&
	    flow_talk_add(f, r, match - 1, g->claimed)) ||
	    udp_count(flows, r, g, f, match - 1);
}

/*
 * One after the other, up to one that does not go, those of UDP first: what
 * they do is to be seen in their own flows only, so that it does not matter
 * when, and which are of UDP nobody can foretell.
 */
uint32_t
flow_plain_track(struct flows *flows, struct flow_lot *lot, uint32_t which)
{
	uint32_t udp = which & lot->seen.udp, left, tcp;

	if (udp == 0)
		return flow_plain_tcp(flows, lot, which);
	for (left = udp; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if (!udp_track(flows, &lot->records[i], &lot->glances[i],
		    lot->flow[i]))
			break;
	}
	udp ^= left;
	/* Those before the first that did not go. */
	tcp = which & ~lot->seen.udp & ((left & -left) - 1);
	return udp | flow_plain_tcp(flows, lot, tcp);
}

static void
header_fill(struct tcp_header *h, const struct record *r,
    const struct glance *g)
{
	const uint8_t *header = r->bytes.p + g->at;

	flow_plain_header(h, r, g);
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
		    flow_match(f, r, g) != 0)
			return f;
	}
	return NULL;
}

/* A flow that is new, with the ends of the first packet. */
static struct flow *
plain_add(struct flows *flows, const struct flow_lot *lot, size_t i,
    bool turned)
{
	const struct record *r = &lot->records[i];
	const struct glance *g = &lot->glances[i];
	const bool ipv6 = plain_is_ipv6(g);
	const uint8_t *src = plain_ends(r, g), *dst = src + (ipv6 ? 16 : 4);
	struct flow *f = flow_index_add_ends(&flows->index, lot->hash[i],
	    lot->slot[i], kind_of(g), g->protocol, turned ? dst : src,
	    turned ? src : dst, ipv6);

	if (f == NULL)
		return NULL;
	f->a_port = turned ? g->dport : g->sport;
	f->b_port = turned ? g->sport : g->dport;
	f->lone = true;
	f->from_b = f->swapped = turned;
	if ((g->kind & PLAIN_VLAN) != 0)
		flow_open_tag(f, &flows->pool, plain_vlan(r));
	return f;
}

static struct flow *
syn_add(struct flows *flows, const struct flow_lot *lot, size_t i)
{
	struct tcp_header h;
	struct flow *f;

	header_fill(&h, &lot->records[i], &lot->glances[i]);
	if ((h.flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_SYN ||
	    h.length > 0 || (h.options & TCP_OPT_BEYOND) != 0)
		return NULL;
	f = plain_add(flows, lot, i, false);
	if (f == NULL)
		return NULL;
	f->handshake = HANDSHAKE_SYN;
	flow_brief_begin(f, &lot->records[i], &h);
	return f;
}

/* What flow_track() does with the first packet of most flows. */
struct flow *
flow_plain_begin(struct flows *flows, struct flow_lot *lot, size_t i)
{
	const struct record *r = &lot->records[i];
	const struct glance *g = &lot->glances[i];
	const struct flow_index *x = &flows->index;
	struct flow *f;

	/* Where no slot had its hash when that was looked for, those before
	 * this one have none now. */
	if (lot->flow[i] != NULL || lot->bits != x->bits)
		lot->slot[i] = flow_hash_home(x->bits,
		    flow_index_tag(lot->hash[i]));
	if (numbers_others(g) != 0)
		return NULL;
	f = plain_find(x, lot->hash[i], r, g, &lot->slot[i]);
	if (f != NULL) {
		if (!udp_track(flows, r, g, f))
			return NULL;
	} else if (g->protocol == 6) {
		f = syn_add(flows, lot, i);
	} else {
		f = plain_add(flows, lot, i,
		    flow_from_server(g->sport, g->dport));
		if (f != NULL) {
			flow_first_set(f, r);
			f->guessed = true;
			f->lone_bytes = g->claimed;
		}
	}
	lot->flow[i] = f;
	return f;
}

/* What flow_track() does with it.  A SYN alone may open another connection,
 * one with an ACK may tell that the roles were guessed wrongly. */
__attribute__((cold)) bool
flow_plain_second(struct flows *flows, struct flow_lot *lot, size_t i)
{
	const struct record *r = &lot->records[i];
	const struct glance *g = &lot->glances[i];
	struct flow *f = lot->flow[i];
	struct tcp_input in = {
		.header = &flows->header,
		.frame = r->number,
		.time = tcp_time(&r->time),
	};
	unsigned match = 0, flags;

	if (f->protocol == 6 && f->held && f->lone &&
	    !f->superseded && numbers_others(g) == 0)
		match = flow_match(f, r, g);
	if (match == 0)
		return false;
	in.direction = match - 1;
	header_fill(&flows->header, r, g);
	flags = flows->header.flags;
	if ((flows->header.options & TCP_OPT_BEYOND) != 0 ||
	    ((flags & TCP_SYN) != 0 && ((flags & TCP_ACK) == 0 || f->guessed)))
		return false;
	if (flow_state_make(flows, f) == NULL)
		return false;
	lot->analysis[i] = flow_plain_segment(flows, f, &in);
	flow_body_count(flow_body_make(f, &flows->pool), r, in.direction,
	    g->claimed, flow_is_ack(&flows->header));
	return true;
}

void
flow_plain_packet(const struct flow_lot *lot, size_t i, struct packet *p)
{
	struct transport *t = &p->transports[0];

	plain_datagram(&lot->records[i], &lot->glances[i], p);
	t->flow = lot->flow[i];
	t->stream = flow_stream(t->flow);
	t->direction = (uint8_t)(flow_match(t->flow, &lot->records[i],
	    &lot->glances[i]) - 1);
}

__attribute__((cold)) void
flow_plain_open(struct flows *flows, const struct record *r,
    const struct glance *g, struct packet *p)
{
	plain_datagram(r, g, p);
	if (g->protocol == 6)
		header_fill(&p->tcp, r, g);
	flow_track(flows, p, &p->transports[0], NULL);
}

/* ---- Numbers -------------------------------------------------------------- */

__attribute__((cold)) void
flow_plain_before(const struct flow_lot *lot, size_t i, struct flow_numbers *n)
{
	const struct flow *f = lot->flow[i];
	const struct tcp_state *s = f == NULL ? NULL : flow_tcp(f);

	*n = (struct flow_numbers){ .any = false };
	if (s == NULL)
		return;
	n->before = flow_last(f);
	n->completeness = s->end[0].complete | s->end[1].complete;
}

__attribute__((cold)) void
flow_plain_after(const struct flow_lot *lot, size_t i, struct flow_numbers *n)
{
	const struct record *r = &lot->records[i];
	const struct glance *g = &lot->glances[i];
	const struct flow *f = lot->flow[i];
	struct tcp_header h;

	n->any = f != NULL && f->protocol == 6;
	if (!n->any)
		return;
	flow_plain_header(&h, r, g);
	if (flow_tcp(f) == NULL) {
		/* A SYN, with which the flow began. */
		*n = (struct flow_numbers){ .any = true,
			.tcp = { 0, 1, h.ack, h.window } };
		return;
	}
	n->tcp = tcp_numbers(flow_tcp(f), flow_match(f, r, g) - 1, &h);
	n->relative = time_diff(r->time, flow_first(f));
	n->delta = time_diff(r->time, n->before);
}
