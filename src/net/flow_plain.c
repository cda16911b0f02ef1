#include "net/flow_plain.h"

#include "base/word.h"
#include "net/flow_count.h"
#include "net/flow_hash.h"
#include "net/flow_number.h"
#include "net/flow_state.h"
#include "net/flow_table.h"
#include "net/tcp.h"
#include "net/tcp_go_on.h"

/* Ports whose packets have a say in the numbers of other flows. */
static inline bool
numbers_others(uint16_t port)
{
	return port - FLOW_NUMBER_SNMP <= 1 || port == FLOW_NUMBER_SOCKS;
}

static inline bool
may_be_known(const struct record *r, const struct glance *g)
{
	return (g->protocol != 6 || (plain_tcp_flags(r, g) & TCP_SYN) == 0) &&
	    !numbers_others(g->sport) && !numbers_others(g->dport);
}

uint32_t
flow_plain_expect(struct flows *flows, const struct record *records,
    const struct glance *glances, uint32_t which)
{
	struct flow_plain *plain = flows->plain;
	uint32_t left, known = 0;
	size_t i;

	for (i = 0, left = which; left != 0; i++, left >>= 1) {
		const struct glance *g = &glances[i];

		if ((left & 1) == 0)
			continue;
		plain[i].hash = flow_hash_ends(&flows->index,
		    plain_ends(&records[i], g), g->sport, g->dport,
		    flow_kind_of(g->protocol), plain_is_ipv6(g));
		flow_hash_near(&flows->index, plain[i].hash);
		known |= (uint32_t)may_be_known(&records[i], g) << i;
	}
	for (i = 0, left = which; left != 0; i++, left >>= 1) {
		if ((left & 1) == 0)
			continue;
		plain[i].flow = flow_hash_guess(&flows->index,
		    plain[i].hash);
		if (plain[i].flow == NULL)
			known &= ~((uint32_t)1 << i);
	}
	return known;
}

void
flow_plain_near(struct flows *flows, uint32_t which)
{
	struct flow_plain *plain = flows->plain;
	uint32_t left;
	size_t i;

	for (i = 0, left = which; left != 0; i++, left >>= 1)
		if ((left & 1) != 0)
			plain[i].tcp = flow_state_near(flows, plain[i].flow);
	for (i = 0, left = which; left != 0; i++, left >>= 1)
		if ((left & 1) != 0)
			tcp_state_nearer(plain[i].tcp);
}

struct flow *
flow_plain_guess(struct flows *flows, size_t i)
{
	return flows->plain[i].flow;
}

/* Without options: they tell of a SYN, and of bytes in flight, which nobody
 * asks for. */
static inline void
header_read(struct tcp_header *h, const struct record *r,
    const struct glance *g)
{
	struct cursor c = cur_open(span_of(r->bytes.p + g->at,
	    TCP_HEADER_MIN));
	uint32_t word;

	cur_skip(&c, 4);
	h->seq = cur_be32(&c);
	h->ack = cur_be32(&c);
	word = cur_be32(&c);
	h->flags = word >> 16 & 0xfff;
	h->window = (uint16_t)word;
	h->length = g->claimed;
}

static __attribute__((noinline)) uint16_t
long_way(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, bool *unnoted)
{
	struct tcp_result result = { .analysis = 0 };

	tcp_analyse(s, pool, in, &result);
	*unnoted = result.unnoted;
	return result.analysis;
}

static inline bool
tcp_track(struct flows *flows, const struct record *r,
    const struct glance *g, struct flow *f, unsigned direction)
{
	struct tcp_state *s = flow_tcp(f);
	const struct tcp_input in = {
		.header = &flows->header,
		.direction = direction,
		.frame = r->number,
		.time = tcp_time(&r->time),
	};
	uint16_t analysis = 0;
	bool unnoted = false;

	if (s == NULL || !f->counted)
		return false;
	header_read(&flows->header, r, g);
	if (!tcp_go_on(s, &flows->pool, &in, &unnoted))
		analysis = long_way(s, &flows->pool, &in, &unnoted);
	flow_state_tcp(f, s, &flows->pool, &in, analysis);
	flows->counts.unacked += unnoted;
	return true;
}

static inline bool
other_track(struct flow *f)
{
	if (flow_is_silent(f))
		return false;
	if (!f->counted)
		flow_body_make(f);
	return true;
}

/* As flow_index_match(), of addresses as they are in the packet.  Which way
 * it goes nobody can foretell: no branch. */
static inline unsigned
ipv4_match(const struct flow *f, const uint8_t *ends, uint32_t ports)
{
	uint32_t there = f->a_port | (uint32_t)f->b_port << 16;
	uint64_t is = word_le64(f->ipv4[0]), sent = word_le64(ends);
	unsigned forth, back;

	if (f->more != NULL && f->more->addr[0].kind != ADDR_IPV4)
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

struct flow *
flow_plain_track(struct flows *flows, const struct record *r,
    const struct glance *g, size_t i)
{
	struct flow *f = flows->plain[i].flow;
	uint32_t ports = g->sport | (uint32_t)g->dport << 16;
	const uint8_t *ends = plain_ends(r, g);
	unsigned match, direction;

	if (f->superseded || f->protocol != g->protocol)
		return NULL;
	match = plain_is_ipv6(g) ? ipv6_match(f, ends, ports) :
	    ipv4_match(f, ends, ports);
	if (match == 0)
		return NULL;
	direction = match - 1;
	if (g->protocol == 6 ? !tcp_track(flows, r, g, f, direction) :
	    !other_track(f))
		return NULL;
	flow_body_count(flow_body(f), r, direction, g->claimed);
	return f;
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

void
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
