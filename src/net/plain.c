#include "net/plain.h"

#include "net/tcp.h"

/*
 * Headers are read through cursors of a constant length, so that all checks
 * of bounds are done by the first one.  test/net/plain.c compares the result
 * with that of the readers.
 */
#define ETH 14
#define IPV4 20
#define IPV6 40
#define TCP 20
#define UDP 8

static inline __attribute__((always_inline)) void
mac_set(struct addr *a, struct span s)
{
	memset(a, 0, sizeof(*a));
	a->kind = ADDR_MAC;
	memcpy(a->bytes, s.p, 6);
}

static inline __attribute__((always_inline)) void
layer_set(struct packet *p, unsigned i, enum layer layer, bool ethertype,
    uint32_t offset)
{
	p->stack[i] = (struct layer_at){
		.layer = (uint8_t)layer, .ethertype = ethertype,
		.offset = offset
	};
	p->layers |= (uint64_t)1 << layer;
}

/* Payload and claimed payload behind `at`, of `all` claimed bytes. */
static inline __attribute__((always_inline)) void
payload_set(struct packet *p, struct transport *t, size_t at, size_t all)
{
	t->payload = span_of(p->bytes.p + at, p->bytes.n - at);
	t->payload_claimed = all - at;
}

static inline __attribute__((always_inline)) struct transport *
transport_set(struct packet *p, uint8_t protocol, uint32_t ports)
{
	struct transport *t = &p->transports[0];

	t->protocol = protocol;
	t->in_error = false;
	t->cut = false;
	t->depth = 0;
	t->sport = (uint16_t)(ports >> 16);
	t->dport = (uint16_t)ports;
	t->src = p->src;
	t->dst = p->dst;
	t->stream = STREAM_NONE;
	t->direction = 0;
	t->analysis = 0;
	t->duplicate_ack = 0;
	t->duplicate_of = 0;
	t->retransmission_of = 0;
	t->ack_rtt = -1;
	t->acks_frame = 0;
	t->has_bases = false;
	t->flow = NULL;
	p->n_transports = 1;
	return t;
}

/* `at` is where the header starts, `all` where the packet ends. */
static inline __attribute__((always_inline)) bool
tcp_set(struct packet *p, const uint8_t *base, size_t at, size_t all)
{
	struct cursor c = cur_open(span_of(base + at, TCP));
	struct transport *t = transport_set(p, 6, cur_be32(&c));
	struct tcp_header *h = &p->tcp;
	uint32_t word;
	size_t end;

	h->seq = cur_be32(&c);
	h->ack = cur_be32(&c);
	word = cur_be32(&c);
	h->flags = word >> 16 & 0xfff;
	h->header_length = (uint8_t)(word >> 28 << 2);
	h->window = (uint16_t)word;
	word = cur_be32(&c);
	t->checksum = h->checksum = (uint16_t)(word >> 16);
	h->urgent = (uint16_t)word;
	h->options = 0;
	h->n_sack = 0;
	end = at + h->header_length;
	if (h->header_length < TCP || end > p->bytes.n)
		return false;
	if (h->header_length > TCP)
		tcp_options(span_of(p->bytes.p + at + TCP,
		    h->header_length - (size_t)TCP), h);
	h->length = (uint32_t)(all - end);
	t->length = 0;
	payload_set(p, t, end, all);
	layer_set(p, 2, LAYER_TCP, false, (uint32_t)at);
	return true;
}

static inline __attribute__((always_inline)) bool
may_be_tunnel(uint16_t port)
{
	return port >= 1701 && port <= 9899;
}

static inline __attribute__((always_inline)) bool
udp_set(struct packet *p, const uint8_t *base, size_t at, size_t all)
{
	struct cursor c = cur_open(span_of(base + at, UDP));
	struct transport *t = transport_set(p, 17, cur_be32(&c));
	uint32_t word = cur_be32(&c);

	t->length = (uint16_t)(word >> 16);
	t->checksum = (uint16_t)word;
	if (at + t->length != all || t->length < UDP ||
	    may_be_tunnel(t->sport) || may_be_tunnel(t->dport))
		return false;
	payload_set(p, t, at + UDP, all);
	layer_set(p, 2, LAYER_UDP, false, (uint32_t)at);
	return true;
}

static inline __attribute__((always_inline)) void
ip_set(struct ip_header *ip, uint8_t version, uint32_t header, uint32_t total)
{
	ip->version = version;
	ip->id = 0;
	ip->checksum = 0;
	ip->fragment = false;
	ip->more_fragments = false;
	ip->dont_fragment = false;
	ip->reassembled = false;
	ip->fragment_offset = 0;
	ip->total_length = total;
	ip->header_length = header;
}

static inline __attribute__((always_inline)) void
packet_set(const struct record *r, struct packet *p, uint16_t type,
    size_t all)
{
	p->bytes = span_first(r->bytes, all);
	p->n_stack = 3;
	p->ethertype = type;
	layer_set(p, 0, LAYER_ETH, true, 0);
}

static inline __attribute__((always_inline)) bool
ipv4_walk(const struct record *r, struct packet *p, size_t claimed)
{
	struct cursor c = cur_open(span_of(r->bytes.p, ETH + IPV4 + TCP));
	struct ip_header *ip = &p->ip;
	uint32_t first, second, third, total;
	struct span src;

	cur_skip(&c, ETH);
	first = cur_be32(&c);
	second = cur_be32(&c);
	third = cur_be32(&c);
	total = first & 0xffff;
	if (first >> 24 != 0x45 || (second & 0x3fff) != 0 ||
	    total < IPV4 + UDP || (size_t)ETH + total > claimed)
		return false;
	ip_set(ip, 4, IPV4, total);
	ip->dsfield = (uint8_t)(first >> 16);
	ip->id = (uint16_t)(second >> 16);
	ip->dont_fragment = (second & 0x4000) != 0;
	ip->ttl = (uint8_t)(third >> 24);
	ip->protocol = (uint8_t)(third >> 16);
	ip->checksum = (uint16_t)third;
	src = cur_take(&c, 8);
	memset(&p->src, 0, sizeof(p->src));
	memset(&p->dst, 0, sizeof(p->dst));
	p->src.kind = p->dst.kind = ADDR_IPV4;
	memcpy(p->src.bytes, src.p, 4);
	memcpy(p->dst.bytes, src.p + 4, 4);
	packet_set(r, p, 0x0800, (size_t)ETH + total);
	layer_set(p, 1, LAYER_IP, false, ETH);
	return true;
}

static inline __attribute__((always_inline)) bool
ipv6_walk(const struct record *r, struct packet *p, size_t claimed)
{
	struct cursor c = cur_open(span_of(r->bytes.p, ETH + IPV6 + TCP));
	struct ip_header *ip = &p->ip;
	struct span src;
	uint32_t first, second;
	size_t all;

	cur_skip(&c, ETH);
	first = cur_be32(&c);
	second = cur_be32(&c);
	all = (size_t)ETH + IPV6 + (second >> 16);
	if (first >> 28 != 6 || all < ETH + IPV6 + UDP || all > claimed)
		return false;
	ip_set(ip, 6, IPV6, (uint32_t)(all - ETH));
	ip->dsfield = (uint8_t)(first >> 20);
	ip->protocol = (uint8_t)(second >> 8);
	ip->ttl = (uint8_t)second;
	src = cur_take(&c, 32);
	p->src.kind = p->dst.kind = ADDR_IPV6;
	memcpy(p->src.bytes, src.p, 16);
	memcpy(p->dst.bytes, src.p + 16, 16);
	packet_set(r, p, 0x86dd, all);
	layer_set(p, 1, LAYER_IPV6, false, ETH);
	return true;
}

bool
plain_walk(const struct walk *w, const struct record *r, struct packet *p)
{
	struct cursor c = cur_open(span_of(r->bytes.p, ETH));
	size_t claimed = r->len < r->bytes.n ? r->bytes.n : r->len;
	struct span dst, src;
	size_t at, all;
	uint16_t type;
	bool done = false;

	if (r->link != 1 || r->bytes.n < ETH + IPV4 + TCP)
		return false;
	dst = cur_take(&c, 6);
	src = cur_take(&c, 6);
	type = cur_be16(&c);
	if (type == 0x0800)
		done = ipv4_walk(r, p, claimed);
	else if (type == 0x86dd && r->bytes.n >= ETH + IPV6 + TCP)
		done = ipv6_walk(r, p, claimed);
	if (!done)
		return false;
	at = ETH + p->ip.header_length;
	all = ETH + p->ip.total_length;
	if (p->ip.protocol == 6 && all >= at + TCP)
		done = tcp_set(p, r->bytes.p, at, all);
	else
		done = p->ip.protocol == 17 &&
		    udp_set(p, r->bytes.p, at, all);
	if (!done)
		return false;
	mac_set(&p->mac_dst, dst);
	mac_set(&p->mac_src, src);
	if (w->transport != NULL)
		w->transport(w->context, p, &p->transports[0]);
	if (w->payload != NULL && p->transports[0].payload_claimed != 0)
		w->payload(w->context, p, &p->transports[0]);
	return true;
}

/* ---- At a glance ------------------------------------------------------- */

/* Where the headers are; `all` is where the packet ends. */
struct glance {
	size_t at, all;
	uint8_t protocol, hops;
	enum layer layer;
};

static inline __attribute__((always_inline)) bool
ipv4_glance(struct cursor c, size_t eth, size_t claimed, struct glance *g)
{
	uint32_t first = cur_be32(&c), second = cur_be32(&c);
	uint32_t third = cur_be32(&c), total = first & 0xffff;

	g->layer = LAYER_IP;
	g->hops = (uint8_t)(third >> 24);
	g->protocol = (uint8_t)(third >> 16);
	g->at = eth + IPV4;
	g->all = eth + total;
	return first >> 24 == 0x45 && (second & 0x3fff) == 0 &&
	    g->hops > PLAIN_FEW_HOPS && total >= IPV4 + UDP &&
	    g->all <= claimed;
}

static inline __attribute__((always_inline)) bool
ipv6_glance(struct cursor c, size_t eth, size_t claimed, struct glance *g)
{
	uint32_t first = cur_be32(&c), second = cur_be32(&c);

	g->layer = LAYER_IPV6;
	g->hops = (uint8_t)second;
	g->protocol = (uint8_t)(second >> 8);
	g->at = eth + IPV6;
	g->all = g->at + (second >> 16);
	return first >> 28 == 6 && g->hops > PLAIN_FEW_HOPS &&
	    g->all >= eth + IPV6 + UDP && g->all <= claimed;
}

/* Length of the transport's header; 0: it is not plain. */
static inline __attribute__((always_inline)) size_t
transport_glance(const struct record *r, const struct glance *g,
    struct transport *t)
{
	struct cursor c = cur_open(span_of(r->bytes.p + g->at, TCP));
	uint32_t ports = cur_be32(&c), header;

	t->sport = (uint16_t)(ports >> 16);
	t->dport = (uint16_t)ports;
	if (g->protocol == 6) {
		cur_skip(&c, 8);
		header = (uint32_t)cur_u8(&c) >> 4 << 2;
		return g->all >= g->at + TCP && header >= TCP &&
		    g->at + header <= g->all &&
		    g->at + header <= r->bytes.n ? header : 0;
	}
	header = cur_be16(&c); /* the length */
	return g->protocol == 17 && g->at + header == g->all &&
	    header >= UDP && !may_be_tunnel(t->sport) &&
	    !may_be_tunnel(t->dport) ? UDP : 0;
}

static inline __attribute__((always_inline)) bool
glance(const struct record *r, struct packet *p, size_t eth, uint16_t type,
    uint64_t layers)
{
	size_t claimed = r->len < r->bytes.n ? r->bytes.n : r->len, header;
	struct transport *t = &p->transports[0];
	struct cursor c = cur_open(span_of(r->bytes.p, 18 + IPV6 + TCP));
	struct glance g;

	cur_skip(&c, eth);
	if (type == 0x0800 ? r->bytes.n < eth + IPV4 + TCP ||
	    !ipv4_glance(c, eth, claimed, &g) :
	    r->bytes.n < eth + IPV6 + TCP ||
	    !ipv6_glance(c, eth, claimed, &g))
		return false;
	header = transport_glance(r, &g, t);
	if (header == 0)
		return false;
	p->record = r;
	p->ip.ttl = g.hops;
	p->bytes = span_first(r->bytes, g.all);
	p->layers = layers | (uint64_t)1 << g.layer |
	    (uint64_t)1 << (g.protocol == 6 ? LAYER_TCP : LAYER_UDP);
	p->malformed = false;
	p->undecoded = "";
	p->messages = NULL;
	p->n_transports = 1;
	t->protocol = g.protocol;
	t->in_error = false;
	t->cut = false;
	payload_set(p, t, g.at + header, g.all);
	return true;
}

bool
plain_glance(const struct record *r, struct packet *p)
{
	uint64_t layers = (uint64_t)1 << LAYER_FRAME |
	    (uint64_t)1 << LAYER_ETH;
	struct cursor c = cur_open(span_of(r->bytes.p, ETH + 4));
	size_t eth = ETH;
	uint16_t type;

	if (r->link != 1 || r->bytes.n < ETH + IPV4 + TCP)
		return false;
	cur_skip(&c, 12);
	type = cur_be16(&c);
	if (type == 0x8100) {
		cur_skip(&c, 2);
		type = cur_be16(&c);
		eth += 4;
		layers |= (uint64_t)1 << LAYER_VLAN;
	}
	return (type == 0x0800 || type == 0x86dd) &&
	    glance(r, p, eth, type, layers);
}
