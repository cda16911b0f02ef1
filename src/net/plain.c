#include "net/plain.h"

#include "base/bytes.h"
#include "base/word.h"
#include "net/tcp.h"
#include "net/transport.h"

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
#define ECHO 8
#define ARP 28

static inline __attribute__((always_inline)) void
mac_set(struct addr *a, struct span s)
{
	memset(a, 0, sizeof(*a));
	a->kind = ADDR_MAC;
	memcpy(a->bytes, s.p, 6);
}

static inline __attribute__((always_inline)) void
end_set(struct addr *a, enum addr_kind kind, const uint8_t *bytes, size_t n)
{
	memset(a, 0, sizeof(*a));
	a->kind = (uint8_t)kind;
	memcpy(a->bytes, bytes, n);
}

/* Of the packet and of its transport: a copy of what was just written would
 * have to wait for it. */
static inline __attribute__((always_inline)) void
ends_set(struct packet *p, enum addr_kind kind, const uint8_t *bytes,
    size_t n)
{
	end_set(&p->src, kind, bytes, n);
	end_set(&p->dst, kind, bytes + n, n);
	end_set(&p->transports[0].src, kind, bytes, n);
	end_set(&p->transports[0].dst, kind, bytes + n, n);
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
	layer_set(p, p->n_stack - 1U, LAYER_TCP, false, (uint32_t)at);
	return true;
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
	    udp_tunnels(t->sport) || udp_tunnels(t->dport))
		return false;
	payload_set(p, t, at + UDP, all);
	layer_set(p, p->n_stack - 1U, LAYER_UDP, false, (uint32_t)at);
	return true;
}

/* An echo has no transport. */
static inline __attribute__((always_inline)) bool
echo_set(struct packet *p, size_t at, size_t all)
{
	struct cursor c = cur_open(span_of(p->bytes.p + at, ECHO));
	struct icmp_header *h = &p->icmp;
	bool version4 = p->ip.version == 4;
	uint32_t word = cur_be32(&c);
	unsigned type = word >> 24;

	if (version4 ? p->ip.protocol != 1 || (type & ~8U) != 0 :
	    p->ip.protocol != 58 || (type & ~1U) != 128)
		return false;
	memset(h, 0, sizeof(*h));
	h->version = p->ip.version;
	h->type = (uint8_t)type;
	h->code = (uint8_t)(word >> 16);
	h->checksum = (uint16_t)word;
	h->word = cur_be32(&c);
	h->id = (uint16_t)(h->word >> 16);
	h->seq = (uint16_t)h->word;
	h->has_id = true;
	h->body = span_of(p->bytes.p + at + 4, p->bytes.n - at - 4);
	h->body_claimed = all - at - 4;
	layer_set(p, p->n_stack - 1U, version4 ? LAYER_ICMP : LAYER_ICMPV6,
	    false, (uint32_t)at);
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

/* `eth` is where the network header is: behind one tag or none. */
static inline __attribute__((always_inline)) void
packet_set(const struct record *r, struct packet *p, enum layer network,
    size_t eth, size_t all)
{
	unsigned at = 1;

	p->bytes = span_first(r->bytes, all);
	layer_set(p, 0, LAYER_ETH, true, 0);
	if (eth != ETH)
		layer_set(p, at++, LAYER_VLAN, true, ETH);
	layer_set(p, at, network, false, (uint32_t)eth);
	p->n_stack = (uint8_t)(at + 2);
}

static inline __attribute__((always_inline)) bool
ipv4_walk(const struct record *r, struct packet *p, size_t eth,
    size_t claimed)
{
	struct cursor c = cur_open(span_of(r->bytes.p + eth, IPV4 + TCP));
	struct ip_header *ip = &p->ip;
	uint32_t first, second, third, total;
	struct span src;

	first = cur_be32(&c);
	second = cur_be32(&c);
	third = cur_be32(&c);
	total = first & 0xffff;
	if (first >> 24 != 0x45 || (second & 0x3fff) != 0 ||
	    total < IPV4 + UDP || eth + total > claimed)
		return false;
	ip_set(ip, 4, IPV4, total);
	ip->dsfield = (uint8_t)(first >> 16);
	ip->id = (uint16_t)(second >> 16);
	ip->dont_fragment = (second & 0x4000) != 0;
	ip->ttl = (uint8_t)(third >> 24);
	ip->protocol = (uint8_t)(third >> 16);
	ip->checksum = (uint16_t)third;
	src = cur_take(&c, 8);
	ends_set(p, ADDR_IPV4, src.p, 4);
	return true;
}

static inline __attribute__((always_inline)) bool
ipv6_walk(const struct record *r, struct packet *p, size_t eth,
    size_t claimed)
{
	struct cursor c = cur_open(span_of(r->bytes.p + eth, IPV6 + TCP));
	struct ip_header *ip = &p->ip;
	struct span src;
	uint32_t first, second;
	size_t all;

	first = cur_be32(&c);
	second = cur_be32(&c);
	all = (size_t)IPV6 + (second >> 16);
	if (first >> 28 != 6 || all < IPV6 + UDP || eth + all > claimed)
		return false;
	ip_set(ip, 6, IPV6, (uint32_t)all);
	ip->dsfield = (uint8_t)(first >> 20);
	ip->protocol = (uint8_t)(second >> 8);
	ip->ttl = (uint8_t)second;
	src = cur_take(&c, 32);
	ends_set(p, ADDR_IPV6, src.p, 16);
	return true;
}

bool
plain_walk(const struct walk *w, const struct record *r, struct packet *p)
{
	struct cursor c = cur_open(span_of(r->bytes.p, ETH + 4));
	size_t claimed = r->len < r->bytes.n ? r->bytes.n : r->len;
	size_t at, all, eth = ETH;
	struct span dst, src;
	uint16_t type;
	bool done = false;

	if (r->link != 1 || r->bytes.n < ETH + IPV4 + TCP)
		return false;
	dst = cur_take(&c, 6);
	src = cur_take(&c, 6);
	type = cur_be16(&c);
	if (type == 0x8100) {
		p->vlans[0] = cur_be16(&c) & 0xfff;
		p->n_vlans = 1;
		type = cur_be16(&c);
		eth += 4;
	}
	if (type == 0x0800 && r->bytes.n >= eth + IPV4 + TCP)
		done = ipv4_walk(r, p, eth, claimed);
	else if (type == 0x86dd && r->bytes.n >= eth + IPV6 + TCP)
		done = ipv6_walk(r, p, eth, claimed);
	if (!done)
		return false;
	p->ethertype = type;
	at = eth + p->ip.header_length;
	all = eth + p->ip.total_length;
	packet_set(r, p, type == 0x0800 ? LAYER_IP : LAYER_IPV6, eth, all);
	if (p->ip.protocol == 6 && all >= at + TCP)
		done = tcp_set(p, r->bytes.p, at, all);
	else if (p->ip.protocol == 17)
		done = udp_set(p, r->bytes.p, at, all);
	else
		done = echo_set(p, at, all);
	if (!done)
		return false;
	mac_set(&p->mac_dst, dst);
	mac_set(&p->mac_src, src);
	if (p->n_transports == 0)
		return true;
	if (w->transport != NULL)
		w->transport(w->context, p, &p->transports[0]);
	if (w->payload != NULL && p->transports[0].payload_claimed != 0)
		w->payload(w->context, p, &p->transports[0]);
	return true;
}

/* ---- At a glance ------------------------------------------------------- */

/* A transport's header: where `p` it is, of which network, where the captured
 * bytes of the packet end, counted from there, and where it claims to; at
 * least those of a TCP header were captured, though perhaps behind the
 * packet. */
struct seen {
	const uint8_t *p;
	size_t end, all;
	unsigned kind, at;
	uint8_t protocol, hops;
};

/* The Ethernet type; 0: not Ethernet, or less than ARP would need. */
static inline __attribute__((always_inline)) uint16_t
ether_see(const struct record *r, struct seen *s)
{
	const uint8_t *p = r->bytes.p;
	uint16_t type;

	if (r->link != 1 || r->bytes.n < ETH + 4 + ARP)
		return 0;
	type = word_be16(p + 12);
	s->at = ETH;
	s->kind = 0;
	if (type == 0x8100) {
		type = word_be16(p + 16);
		s->at += 4;
		s->kind = PLAIN_VLAN;
	}
	return type;
}

static inline __attribute__((always_inline)) bool
ip_see(const struct record *r, bool ipv6, struct seen *s)
{
	const uint8_t *p = r->bytes.p + s->at;
	size_t n = r->bytes.n;
	size_t claimed = (r->len < n ? n : r->len) - s->at;
	const size_t at = ipv6 ? IPV6 : IPV4;
	size_t all = ipv6 ? (size_t)IPV6 + word_be16(p + 4) :
	    word_be16(p + 2);

	n -= s->at;
	s->protocol = p[ipv6 ? 6 : 9];
	s->hops = p[ipv6 ? 7 : 8];
	if (ipv6 ? p[0] >> 4 != 6 :
	    p[0] != 0x45 || (word_be16(p + 6) & 0x3fff) != 0)
		return false;
	/* Less than there must be of one of them: its highest bit is set. */
	if ((((uint64_t)n - at - TCP) | ((uint64_t)all - at - UDP) |
	    ((uint64_t)claimed - all) |
	    ((uint64_t)s->hops - PLAIN_FEW_HOPS - 1)) >> 63 != 0)
		return false;
	s->p = p + at;
	s->end = (n < all ? n : all) - at;
	s->all = all - at;
	s->at += (unsigned)at;
	s->kind |= ipv6 ? PLAIN_IPV6 : 0;
	return true;
}

static inline __attribute__((always_inline)) bool
network_see(const struct record *r, uint16_t type, struct seen *s)
{
	return type == 0x0800 ? ip_see(r, false, s) :
	    type == 0x86dd && ip_see(r, true, s);
}

/* Length of the header; 0: not plain, as far as ports do not say. */
static inline __attribute__((always_inline)) size_t
transport_see(struct seen *s)
{
	size_t header = (s->p[12] & 0xf0U) >> 2;

	if (s->protocol == 6)
		return header < TCP || header > s->end ? 0 : header;
	s->kind |= PLAIN_UDP;
	return s->protocol != 17 || word_be16(s->p + 4) != s->all ? 0 : UDP;
}

static inline bool
glance(const struct record *r, struct glance *g)
{
	struct seen s BYTES_UNSET;
	size_t header;

	if (!network_see(r, ether_see(r, &s), &s) ||
	    (header = transport_see(&s)) == 0)
		return false;
	g->payload = span_of(s.p + header, s.end - header);
	g->claimed = (uint32_t)(s.all - header);
	g->sport = word_be16(s.p);
	g->dport = word_be16(s.p + 2);
	g->protocol = s.protocol;
	g->hops = s.hops;
	g->kind = (uint8_t)s.kind;
	g->at = (uint8_t)s.at;
	return s.protocol == 6 ||
	    (!udp_tunnels(g->sport) && !udp_tunnels(g->dport));
}

uint32_t
plain_glances(const struct record *records, size_t n, uint32_t which,
    struct glance *glances)
{
	uint32_t plain = 0;

	if (n < 32)
		which &= ((uint32_t)1 << n) - 1;
	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		plain |= (uint32_t)glance(&records[i], &glances[i]) << i;
	}
	return plain;
}

uint64_t
plain_layers(unsigned kind)
{
	bool ipv6 = (kind & PLAIN_IPV6) != 0;
	uint64_t layers = (uint64_t)1 << LAYER_FRAME |
	    (uint64_t)1 << LAYER_ETH |
	    (uint64_t)((kind & PLAIN_VLAN) != 0) << LAYER_VLAN;

	if ((kind & PLAIN_ARP) != 0)
		return layers | (uint64_t)1 << LAYER_ARP;
	layers |= (uint64_t)1 << (ipv6 ? LAYER_IPV6 : LAYER_IP);
	if ((kind & PLAIN_ECHO) != 0)
		return layers | (uint64_t)1 << (ipv6 ? LAYER_ICMPV6 :
		    LAYER_ICMP);
	return layers | (uint64_t)1 << ((kind & PLAIN_UDP) != 0 ? LAYER_UDP :
	    LAYER_TCP);
}

void
plain_packet(const struct record *r, const struct glance *g,
    struct packet *p)
{
	struct transport *t = &p->transports[0];

	p->record = r;
	p->ip.ttl = g->hops;
	p->bytes = span_of(r->bytes.p,
	    (size_t)(g->payload.p - r->bytes.p) + g->payload.n);
	p->layers = plain_layers(g->kind);
	p->malformed = false;
	p->undecoded = "";
	p->messages = NULL;
	p->n_transports = 1;
	t->protocol = g->protocol;
	t->in_error = false;
	t->cut = false;
	t->sport = g->sport;
	t->dport = g->dport;
	t->payload = g->payload;
	t->payload_claimed = g->claimed;
}
