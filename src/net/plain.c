#include "net/plain.h"

#include "base/bytes.h"
#include "base/word.h"
#include "net/flow_number.h"
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

/*
 * Ports, by what is left of each by 1024: those of tunnels, and those of
 * which the flow tracker wants to know.
 */
#define SPECIAL 1
#define ASKED 2
#define IS(port) [(port) % PORTS_NEAR] = SPECIAL

const struct glance_asks plain_asks = { .ports = {
	IS(1701), IS(2123), IS(2152), IS(3386), IS(3544), IS(4341), IS(4342),
	IS(4500), IS(4754), IS(4789), IS(4790), IS(5072), IS(6081), IS(6635),
	IS(9899), IS(FLOW_NUMBER_SNMP), IS(FLOW_NUMBER_SNMP + 1),
	IS(FLOW_NUMBER_SOCKS)
} };

__attribute__((cold)) void
plain_asks_add(struct glance_asks *asks, const uint64_t ports[1024])
{
	for (size_t i = 0; i < 1024; i++)
		for (uint64_t left = ports[i]; left != 0; left &= left - 1)
			asks->ports[(i * 64 + (size_t)__builtin_ctzll(left)) %
			    PORTS_NEAR] |= ASKED;
}

/*
 * Most packets: IPv4 behind Ethernet, captured as a whole.  Which are of TCP
 * nobody can foretell: what makes a header of either is seen without a branch.
 * False: rest_glance() may know more.
 */
static inline __attribute__((always_inline)) bool
most_glance(const struct record *r, struct glance *g)
{
	const uint8_t *p = r->bytes.p;
	uint32_t word, all, protocol, tcp, header, beyond, bad;

	if (r->link != 1 || r->bytes.n < ETH + IPV4 + TCP)
		return false;
	word = word_le32(p + ETH + 6);
	all = word_be16(p + ETH + 2);
	if ((word_le32(p + ETH - 2) & 0xffffff) != 0x450008 ||
	    (word & 0xff3f) != 0 || (word >> 16 & 0xff) <= PLAIN_FEW_HOPS ||
	    r->bytes.n - ETH < all)
		return false;
	protocol = word >> 24;
	tcp = 0 - (uint32_t)(protocol != 17);
	header = (p[ETH + IPV4 + 12] & 0xf0U) >> 2;
	/* More than a header of UDP, and of the payload behind it. */
	beyond = (header - UDP) & tcp;
	all -= IPV4;
	bad = word_be16(p + ETH + IPV4 + 4) ^ all;
	bad ^= (bad ^ protocol ^ 6) & tcp;
	all -= UDP + beyond;
	if (bad != 0 || ((all | ((header - TCP) & tcp)) >> 31) != 0)
		return false;
	p += ETH + IPV4;
	g->payload = span_of(p + UDP + beyond, all);
	g->claimed = all;
	g->sport = word_be16(p);
	g->dport = word_be16(p + 2);
	g->protocol = (uint8_t)protocol;
	g->hops = (uint8_t)(word >> 16);
	g->kind = (uint8_t)(tcp + PLAIN_UDP);
	g->at = ETH + IPV4;
	return true;
}

/* Any of those, behind a tag, of IPv6, or cut. */
static __attribute__((noinline)) bool
rest_glance(const struct record *r, struct glance *g)
{
	const uint8_t *p = r->bytes.p;
	size_t eth = ETH, n = r->bytes.n, ip = IPV4, all, header = UDP;
	uint16_t type;
	bool ipv6;

	if (r->link != 1 || n < ETH + 4 + ARP)
		return false;
	type = word_be16(p + ETH - 2);
	if (type == 0x8100) {
		type = word_be16(p + ETH + 2);
		eth += 4;
	}
	ipv6 = type == 0x86dd;
	p += eth;
	n -= eth;
	all = word_be16(p + (ipv6 ? 4 : 2));
	if (ipv6) {
		ip = IPV6;
		all += IPV6;
	}
	if ((ipv6 ? p[0] >> 4 != 6 : type != 0x0800 || p[0] != 0x45 ||
	    (word_be16(p + 6) & 0x3fff) != 0) || n < ip + TCP ||
	    all < ip + UDP || (r->len < eth + all && n < all))
		return false;
	g->protocol = p[ipv6 ? 6 : 9];
	g->hops = p[ipv6 ? 7 : 8];
	g->at = (uint8_t)(eth + ip);
	g->kind = (uint8_t)((g->protocol == 17 ? PLAIN_UDP : 0) |
	    (ipv6 ? PLAIN_IPV6 : 0) | (eth != ETH ? PLAIN_VLAN : 0));
	p += ip;
	n = (n < all ? n : all) - ip;
	all -= ip;
	if (g->protocol == 6)
		header = (p[12] & 0xf0U) >> 2;
	else if (g->protocol != 17 || word_be16(p + 4) != all)
		return false;
	if (g->hops <= PLAIN_FEW_HOPS || header > n ||
	    (g->protocol == 6 && header < TCP))
		return false;
	g->payload = span_of(p + header, n - header);
	g->claimed = (uint32_t)(all - header);
	g->sport = word_be16(p);
	g->dport = word_be16(p + 2);
	return true;
}

/* Whether it is in a tunnel; in `which`, if not, that its port is asked for. */
static __attribute__((noinline)) bool
special_glance(const struct glance *g, uint32_t bit, uint32_t *which)
{
	if ((g->kind & PLAIN_UDP) != 0 &&
	    (udp_tunnels(g->sport) || udp_tunnels(g->dport)))
		return true;
	*which |= bit;
	return false;
}

static inline __attribute__((always_inline)) unsigned
ports_are(const struct glance_asks *asks, const struct glance *g)
{
	return asks->ports[g->sport % PORTS_NEAR] |
	    asks->ports[g->dport % PORTS_NEAR];
}

static inline __attribute__((always_inline)) bool
is_asked(const struct glance_asks *asks, unsigned ports,
    const struct glance *g)
{
	unsigned asked = ports & ASKED;

	if (asks->reads)
		asked |= plain_begins(&asks->looks, g);
	return asked != 0;
}

/* One that was seen, of all of which bits are kept. */
static inline __attribute__((always_inline)) void
seen_add(const struct glance_asks *asks, struct glance *g, uint32_t bit,
    struct glanced *all)
{
	unsigned ports = ports_are(asks, g);

	if ((ports & SPECIAL) != 0 && special_glance(g, bit, &all->special))
		return;
	all->plain |= bit;
	all->udp |= (g->kind & PLAIN_UDP) != 0 ? bit : 0;
	all->ipv6 |= plain_is_ipv6(g) ? bit : 0;
	all->data |= g->payload.n > 0 ? bit : 0;
	all->asked |= is_asked(asks, ports, g) ? bit : 0;
}

static __attribute__((noinline)) void
rest_add(const struct record *r, const struct glance_asks *asks,
    struct glance *g, uint32_t bit, struct glanced *all)
{
	if (rest_glance(r, g))
		seen_add(asks, g, bit, all);
}

static inline __attribute__((always_inline)) void
one_add(const struct record *r, const struct glance_asks *asks,
    struct glance *g, uint32_t bit, struct glanced *all)
{
	if (most_glance(r, g))
		seen_add(asks, g, bit, all);
	else
		rest_add(r, asks, g, bit, all);
}

struct glanced
plain_glances(const struct record *records, size_t n, uint32_t which,
    const struct glance_asks *asks, struct glance *glances)
{
	uint32_t udp = 0, data = 0, asked = 0, others = 0;
	struct glanced all = { 0 };

	if (n < 32)
		which &= ((uint32_t)1 << n) - 1;
	if (which != UINT32_MAX) {
		for (; which != 0; which &= which - 1) {
			unsigned i = (unsigned)__builtin_ctz(which);

			one_add(&records[i], asks, &glances[i], which & -which,
			    &all);
		}
		return all;
	}
	/* From the last one on: a bit more is a word doubled. */
	for (size_t i = 32; i-- > 0;) {
		const struct record *r = &records[i];
		struct glance *g = &glances[i];
		unsigned ports;

		udp *= 2;
		data *= 2;
		asked *= 2;
		if (!most_glance(r, g)) {
			others |= (uint32_t)1 << i;
			rest_add(r, asks, g, (uint32_t)1 << i, &all);
			continue;
		}
		ports = ports_are(asks, g);
		if ((ports & SPECIAL) != 0 &&
		    special_glance(g, (uint32_t)1 << i, &all.special)) {
			others |= (uint32_t)1 << i;
			continue;
		}
		udp += g->kind;
		data += g->payload.n > 0;
		asked += is_asked(asks, ports, g);
	}
	all.plain |= ~others;
	all.udp |= udp;
	all.data |= data;
	all.asked |= asked;
	return all;
}

static inline uint64_t
layers_of(unsigned kind)
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

uint64_t
plain_layers(unsigned kind)
{
	return layers_of(kind);
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
	p->layers = layers_of(g->kind);
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

void
plain_datagram(const struct record *r, const struct glance *g,
    struct packet *p)
{
	struct transport *t = &p->transports[0];
	const uint8_t *ends = plain_ends(r, g);

	plain_packet(r, g, p);
	p->n_vlans = 0;
	t->depth = 0;
	t->flow = NULL;
	if (plain_is_ipv6(g))
		ends_set(p, ADDR_IPV6, ends, 16);
	else
		ends_set(p, ADDR_IPV4, ends, 4);
}
