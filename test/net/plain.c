#include <stdlib.h>

#include "base/table.h"
#include "net/packets.h"
#include "net/plain.h"
#include "net/tcp.h"
#include "net/transport.h"
#include "net/walk.h"
#include "tap.h"

/*
 * Whether somebody listens or not, and whether the fast way or the readers
 * did it, a packet must look the same: every sample, whole and cut at every
 * byte, as captured short and as claimed short.
 */
static bool
header_same(const struct packet *a, const struct packet *b)
{
	const struct ip_header *x = &a->ip, *y = &b->ip;

	if (x->version != y->version)
		return false;
	if (x->version == 0)
		return true;
	return x->ttl == y->ttl && x->protocol == y->protocol &&
	    x->dsfield == y->dsfield && x->id == y->id &&
	    x->checksum == y->checksum && x->fragment == y->fragment &&
	    x->more_fragments == y->more_fragments &&
	    x->dont_fragment == y->dont_fragment &&
	    x->fragment_offset == y->fragment_offset &&
	    x->total_length == y->total_length &&
	    x->header_length == y->header_length &&
	    addr_equal(&a->src, &b->src) && addr_equal(&a->dst, &b->dst);
}

static bool
transport_same(const struct transport *a, const struct transport *b)
{
	return a->protocol == b->protocol && a->in_error == b->in_error &&
	    a->cut == b->cut && a->depth == b->depth &&
	    a->sport == b->sport && a->dport == b->dport &&
	    a->length == b->length && a->checksum == b->checksum &&
	    addr_equal(&a->src, &b->src) && addr_equal(&a->dst, &b->dst) &&
	    span_equal(a->payload, b->payload) &&
	    a->payload_claimed == b->payload_claimed &&
	    a->stream == b->stream && a->direction == b->direction &&
	    a->analysis == b->analysis && a->ack_rtt == b->ack_rtt &&
	    a->acks_frame == b->acks_frame && a->flow == b->flow;
}

static bool
tcp_same(const struct packet *a, const struct packet *b)
{
	const struct tcp_header *x = &a->tcp, *y = &b->tcp;
	const struct transport *t = packet_transport(a);

	if (t == NULL || t->protocol != 6 || t->cut)
		return true;
	if (x->options != y->options)
		return false;
	if ((x->options & TCP_OPT_TIMESTAMP) != 0 &&
	    (x->ts_value != y->ts_value || x->ts_echo != y->ts_echo))
		return false;
	return x->seq == y->seq && x->ack == y->ack &&
	    x->window == y->window && x->checksum == y->checksum &&
	    x->urgent == y->urgent && x->flags == y->flags &&
	    x->header_length == y->header_length && x->length == y->length &&
	    x->n_sack == y->n_sack;
}

static bool
icmp_same(const struct packet *a, const struct packet *b)
{
	const struct icmp_header *x = &a->icmp, *y = &b->icmp;

	if (!packet_has(a, LAYER_ICMP) && !packet_has(a, LAYER_ICMPV6))
		return true;
	if (x->version == 0 || y->version == 0)
		return x->version == y->version;
	return x->version == y->version && x->type == y->type &&
	    x->code == y->code && x->checksum == y->checksum &&
	    x->has_id == y->has_id && x->id == y->id && x->seq == y->seq &&
	    x->word == y->word && x->has_quote == y->has_quote &&
	    addr_equal(&x->target, &y->target) &&
	    span_equal(x->body, y->body) && x->body_claimed == y->body_claimed;
}

static bool
stack_same(const struct packet *a, const struct packet *b)
{
	size_t i;

	if (a->n_stack != b->n_stack)
		return false;
	for (i = 0; i < a->n_stack; i++) {
		const struct layer_at *x = &a->stack[i], *y = &b->stack[i];

		if (x->layer != y->layer || x->source != y->source ||
		    x->ethertype != y->ethertype || x->kind != y->kind ||
		    x->offset != y->offset)
			return false;
	}
	return true;
}

static bool
vlans_same(const struct packet *a, const struct packet *b)
{
	if (a->n_vlans != b->n_vlans)
		return false;
	for (size_t i = 0; i < a->n_vlans && i < LENGTH(a->vlans); i++)
		if (a->vlans[i] != b->vlans[i])
			return false;
	return true;
}

static bool
packet_same(const struct packet *a, const struct packet *b)
{
	size_t i;

	for (i = 0; i < a->n_transports && i < b->n_transports; i++) {
		if (!transport_same(&a->transports[i], &b->transports[i]))
			return false;
	}
	return a->layers == b->layers && stack_same(a, b) &&
	    a->n_transports == b->n_transports &&
	    a->n_tunnels == b->n_tunnels && a->cut == b->cut &&
	    a->malformed == b->malformed &&
	    a->bytes.p == b->bytes.p && a->bytes.n == b->bytes.n &&
	    a->mac_src.kind == b->mac_src.kind &&
	    (a->mac_src.kind == ADDR_NONE ||
	    (addr_equal(&a->mac_src, &b->mac_src) &&
	    addr_equal(&a->mac_dst, &b->mac_dst))) &&
	    a->ethertype == b->ethertype && vlans_same(a, b) &&
	    a->tunnel_id == b->tunnel_id && header_same(a, b) &&
	    tcp_same(a, b) && icmp_same(a, b) && a->undecoded_number == b->undecoded_number;
}

static bool
is_far(const struct record *r, const struct glance_near *near)
{
	struct glance g;
	uint32_t look;

	return plain_far(r, 1, near, &g, &look) == 1 && look == 0;
}

/* It is plain, and somebody is near. */
static bool
is_near(const struct record *r, const struct glance_near *near)
{
	struct glance g;
	uint32_t look;

	return plain_far(r, 1, near, &g, &look) == 0 && look == 1;
}

/* By its port alone, and with something to read: seen as it was. */
static bool
is_here(const struct record *r, const struct glance_near *near,
    const struct glance *g)
{
	struct glance seen;

	memset(&seen, 0xee, sizeof(seen));
	return plain_here(r, near, &seen) && seen.kind == g->kind &&
	    seen.at == g->at && seen.protocol == g->protocol &&
	    seen.hops == g->hops && seen.sport == g->sport &&
	    seen.dport == g->dport && seen.claimed == g->claimed &&
	    seen.payload.p == g->payload.p && seen.payload.n == g->payload.n;
}

/* By its first two bytes, of which each may be somebody else's. */
static bool
far_by_content(const struct record *r, const struct glance *g, unsigned over)
{
	struct span s = g->payload;
	struct glance_near near = { 0 };
	bool good;

	memset(near.first, 3, sizeof(near.first));
	memset(near.second, 3, sizeof(near.second));
	good = is_far(r, &near);
	near.over_tcp = over == NEAR_TCP ? 2 : 1;
	near.over_udp = over == NEAR_UDP ? 2 : 1;
	good = good && is_far(r, &near) == (s.n == 0) &&
	    is_near(r, &near) == (s.n > 0);
	if (s.n == 0)
		return good;
	near.first[s.p[0]] = 1;
	good = good && is_far(r, &near);
	near.first[s.p[0]] = 2;
	near.second[s.p[s.n > 1]] = 1;
	good = good && is_far(r, &near) == (s.n > 1);
	memset(near.first, 0, sizeof(near.first));
	memset(near.second, 0, sizeof(near.second));
	near.first[s.p[0]] = 6;
	near.second[s.p[s.n > 1]] = 2;
	return good && is_near(r, &near);
}

/* Far is what has neither a port that is somebody's nor such a payload. */
static bool
near_same(const struct record *r, const struct glance *g)
{
	static uint64_t ports[1024];
	unsigned over = g->protocol == 6 ? NEAR_TCP : NEAR_UDP;
	struct glance_near near = { 0 };
	bool good = is_far(r, &near);

	for (unsigned i = 0; i < 2; i++) {
		uint16_t port = i == 0 ? g->sport : g->dport;

		memset(&near, 0, sizeof(near));
		memset(ports, 0, sizeof(ports));
		ports[port / 64] = (uint64_t)1 << port % 64;
		plain_near(&near, ports, over);
		good = good && is_near(r, &near) && !is_here(r, &near, g);
		near.here = ports;
		good = good && is_here(r, &near, g) ==
		    (over == NEAR_UDP && g->payload.n > 0);
		ports[port / 64] = 0;
		good = good && !is_here(r, &near, g);
		ports[port / 64] = (uint64_t)1 << port % 64;
		memset(&near, 0, sizeof(near));
		plain_near(&near, ports, over ^ NEAR_TCP ^ NEAR_UDP);
		good = good && is_far(r, &near);
		memset(&near, 0, sizeof(near));
		near.more = ports;
		good = good && is_far(r, &near) == (over == NEAR_TCP);
	}
	memset(&near, 0, sizeof(near));
	memset(ports, 0, sizeof(ports));
	near.sums = ports;
	good = good && is_far(r, &near);
	ports[ports_sum(g->sport, g->dport) / 64] = (uint64_t)1 <<
	    ports_sum(g->sport, g->dport) % 64;
	good = good && is_far(r, &near) == (over == NEAR_UDP);
	return good && far_by_content(r, g, over);
}

static size_t others;

/* What is no plain packet, as in a tunnel, is not here whosever its ports
 * are. */
static bool
is_nowhere(const struct record *r, struct glance_near *near)
{
	static uint64_t ports[1024];
	struct glance g;
	bool here;

	memset(ports, 0xff, sizeof(ports));
	near->here = ports;
	here = plain_here(r, near, &g);
	near->here = NULL;
	return !here;
}

/* What no glance is enough for is not far: ports of tunnels are near, and at
 * all others that are plain somebody may look. */
static bool
far_is_plain(const struct record *r, bool plain, const struct packet *slow)
{
	static struct glance_near near;
	static bool begun;
	struct glance g = { .kind = UINT8_MAX };
	uint32_t look;

	if (!begun)
		plain_near_begin(&near);
	begun = true;
	near.others = false;
	if (plain_far(r, 1, &near, &g, &look) == 0)
		return plain ? look == 1 :
		    look == 0 || is_nowhere(r, &near);
	others += !plain;
	if (plain_layers(g.kind) != slow->layers || slow->malformed ||
	    *slow->undecoded != '\0' || slow->has_fragment ||
	    slow->n_tunnels != 0 || slow->n_transports != plain)
		return false;
	near.others = true;
	return plain_far(r, 1, &near, &g, &look) == plain && look == 0;
}

/* What a glance sees is what the readers see, and all there is. */
static bool
glance_same(const struct packet *glance, const struct packet *slow)
{
	const struct transport *a = &glance->transports[0];
	const struct transport *b = &slow->transports[0];

	return glance->record == slow->record &&
	    glance->layers == slow->layers && !slow->malformed &&
	    !glance->malformed && glance->messages == NULL &&
	    strcmp(glance->undecoded, slow->undecoded) == 0 &&
	    slow->n_tunnels == 0 && slow->n_transports == 1 &&
	    glance->n_transports == 1 && a->protocol == b->protocol &&
	    !b->in_error && !a->in_error && !b->cut && !a->cut &&
	    a->sport == b->sport && a->dport == b->dport &&
	    span_equal(a->payload, b->payload) &&
	    a->payload_claimed == b->payload_claimed;
}

/* And what decoders of a datagram and their readers ask is there. */
static bool
datagram_same(const struct packet *glance, const struct packet *slow)
{
	const struct transport *a = &glance->transports[0];
	const struct transport *b = &slow->transports[0];

	return glance_same(glance, slow) &&
	    addr_equal(&glance->src, &slow->src) &&
	    addr_equal(&glance->dst, &slow->dst) &&
	    addr_equal(&a->src, &b->src) && addr_equal(&a->dst, &b->dst) &&
	    a->depth == b->depth && a->flow == NULL;
}

static size_t glances;

/* Of many packets at once that is seen which is seen of one. */
static bool
many_same(const struct record *r, const struct glanced *one,
    const struct glance *g)
{
	struct record records[32];
	struct glance of[32];
	struct glanced all;
	bool same;

	for (size_t i = 0; i < LENGTH(records); i++)
		records[i] = *r;
	all = plain_glances(records, LENGTH(records), UINT32_MAX, &plain_asks,
	    of);
	same = all.plain == 0 - one->plain && all.udp == 0 - one->udp &&
	    all.ipv6 == 0 - one->ipv6 && all.data == 0 - one->data &&
	    all.special == 0 - one->special && all.asked == 0 - one->asked;
	for (size_t i = 0; one->plain != 0 && i < LENGTH(of); i++)
		same = same && of[i].payload.p == g->payload.p &&
		    of[i].payload.n == g->payload.n &&
		    of[i].claimed == g->claimed && of[i].sport == g->sport &&
		    of[i].dport == g->dport && of[i].hops == g->hops &&
		    of[i].protocol == g->protocol && of[i].kind == g->kind &&
		    of[i].at == g->at;
	return same;
}

/* The bytes end where they are allocated, for the address sanitizer. */
static bool
same_both_ways(struct span bytes, size_t n, size_t len)
{
	static struct packet fast, slow, glance;
	struct record r = { .number = 1, .link = 1, .len = (uint32_t)len };
	struct field_list list;
	struct arena arena;
	struct walk w = { 0 };
	struct glanced one;
	struct glance seen;
	uint8_t *copy = malloc(n + 1);
	bool same;

	memcpy(copy + 1, bytes.p, n);
	r.bytes = span_of(copy + 1, n);
	arena_init(&arena, (size_t)1 << 20);
	field_list_init(&list, &arena);
	field_list_start(&list, r.bytes);
	packet_walk(&w, &r, &arena, &fast);
	w.fields = &list;
	packet_walk(&w, &r, &arena, &slow);
	same = packet_same(&fast, &slow);
	memset(&glance, 0xee, sizeof(glance));
	one = plain_glances(&r, 1, 1, &plain_asks, &seen);
	same = same && many_same(&r, &one, &seen);
	if (one.plain == 0) {
		same = same && far_is_plain(&r, false, &slow);
	} else {
		same = same && near_same(&r, &seen) &&
		    far_is_plain(&r, true, &slow);
		plain_packet(&r, &seen, &glance);
		glances++;
		same = same && packet_same(&fast, &slow) &&
		    glance_same(&glance, &slow);
		memset(&glance, 0xee, sizeof(glance));
		plain_datagram(&r, &seen, &glance);
		same = same && datagram_same(&glance, &slow);
	}
	field_list_free(&list);
	arena_free(&arena);
	free(copy);
	return same;
}

/* Each byte of the headers made another one. */
static size_t
changed_bad(struct span bytes)
{
	static const uint8_t changes[] = { 0x01, 0x04, 0x10, 0x40, 0xff };
	size_t n = bytes.n < 128 ? bytes.n : 128, bad = 0, i, k;
	uint8_t *copy = malloc(bytes.n + 1);

	memcpy(copy, bytes.p, bytes.n);
	for (i = 0; i < n; i++) {
		for (k = 0; k < LENGTH(changes); k++) {
			copy[i] = bytes.p[i] ^ changes[k];
			bad += !same_both_ways(span_of(copy, bytes.n),
			    bytes.n, bytes.n);
		}
		copy[i] = bytes.p[i];
	}
	free(copy);
	return bad;
}

/* Options as most systems write them are read as any others: as those with a
 * NOP more. */
static void
options_check(void)
{
	static const char *const lists[] = {
		"020405b4 0402080a 01020304 05060708 01030307",
		"020405b4 01030308 01010402",
		"0101080a 01020304 05060708",
		"020405b4 0402080a 01020304 05060708 01030400",
		"020405b4 01030308 01010502", "030405b4 01030308 01010402",
		"020305b4 0402080a 01020304 05060708 01030307",
		"020405b4 0402080b 01020304 05060708 01030307",
	};
	size_t i, n;

	for (i = 0; i < LENGTH(lists); i++) {
		struct tcp_header quick = { 0 }, slow = { 0 };
		struct span s = tap_hex(lists[i]);
		uint8_t more[32];

		n = s.n;
		memcpy(more, s.p, n);
		more[n] = 1;
		tcp_options(s, &quick);
		tcp_options(span_of(more, n + 1), &slow);
		ok(memcmp(&quick, &slow, sizeof(quick)) == 0);
		ok(i > 2 || quick.options != 0);
	}
}

/* A port that was added is told of on either side, and few others are. */
static void
asked_check(const struct record *r, uint8_t *ports)
{
	static uint64_t added[1024];
	struct glance_asks of = plain_asks;
	struct glance g;
	size_t bad = 0, n = 0;

	added[5060 / 64] |= (uint64_t)1 << 5060 % 64;
	added[53 / 64] |= (uint64_t)1 << 53 % 64;
	plain_asks_add(&of, added);
	for (unsigned port = 0; port <= UINT16_MAX; port++) {
		for (unsigned side = 0; side < 2; side++) {
			struct glanced seen;

			memset(ports, 0xff, 4);
			ports[2 * side] = (uint8_t)(port >> 8);
			ports[2 * side + 1] = (uint8_t)port;
			bad += plain_glances(r, 1, 1, &plain_asks, &g).asked;
			seen = plain_glances(r, 1, 1, &of, &g);
			bad += seen.asked == 0 && (port == 53 || port == 5060);
			n += seen.asked;
			bad += seen.asked != plain_glances(r, 1, UINT32_MAX,
			    &of, &g).asked;
		}
	}
	ok(bad == 0);
	ok(n >= 4 && n < 1024);
}

/* Of all ports of UDP those of tunnels, and no other, are not plain; and those
 * that the flow tracker wants to know of are told. */
static void
ports_check(void)
{
	const struct span bytes = tap_hex("020000000002 020000000001 0800"
	    "4500002e 00000000 40110000 0a000001 0a000002"
	    "ffff ffff 001a 0000 0000000000000000000000000000 00000000");
	uint8_t copy[64];
	const struct record r = { .number = 1, .link = 1,
		.bytes = span_of(copy, bytes.n), .len = (uint32_t)bytes.n };
	struct glance g;
	struct glanced seen;
	size_t bad = 0, tunnels = 0;

	memcpy(copy, bytes.p, bytes.n);
	for (unsigned at = 34; at <= 36; at += 2) {
		for (unsigned port = 0; port <= UINT16_MAX; port++) {
			bool tunnel = udp_tunnels((uint16_t)port);

			copy[at] = (uint8_t)(port >> 8);
			copy[at + 1] = (uint8_t)port;
			seen = plain_glances(&r, 1, 1, &plain_asks, &g);
			bad += seen.plain == tunnel || seen.udp != seen.plain;
			bad += seen.special == 0 && (port - 161 <= 1 ||
			    port == 1080);
			tunnels += tunnel;
		}
		copy[at] = copy[at + 1] = 0xff;
	}
	ok(bad == 0);
	ok(tunnels > 20);
	asked_check(&r, copy + 34);
	/* Those of TCP are all the same. */
	copy[23] = 6;
	copy[34] = 4789 >> 8;
	copy[35] = 4789 & 0xff;
	copy[46] = 0x50;
	seen = plain_glances(&r, 1, 1, &plain_asks, &g);
	ok(seen.plain == 1 && seen.udp == 0 && seen.ipv6 == 0);
}

int
main(void)
{
	size_t i, n, bad;

	hash_key_init();
	for (i = 0; i < LENGTH(samples); i++) {
		struct span bytes = tap_hex(samples[i].hex);

		bad = 0;
		for (n = 0; n <= bytes.n; n++) {
			bad += !same_both_ways(bytes, n, bytes.n);
			bad += !same_both_ways(bytes, n, n);
			bad += !same_both_ways(bytes, n, bytes.n + 100);
		}
		bad += changed_bad(bytes);
		tap_check(bad == 0, samples[i].name, __FILE__, __LINE__);
	}
	ok(glances > 1000);
	ok(others > 100);
	options_check();
	ports_check();
	return tap_done();
}
