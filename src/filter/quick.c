#include "base/bytes.h"
#include "filter/eval.h"

/* A test under way over the values of its field, which are taken from struct
 * packet one by one. */
struct found {
	const struct test *t;
	bool any;
	bool decided, answer; /* by one of them */
};

/* ---- The values of a packet ------------------------------------------- */

static void
decide(struct found *found, bool holds)
{
	if (holds == found->t->all)
		return;
	found->decided = true;
	found->answer = holds;
}

static void
add_number(struct found *found, uint64_t number)
{
	const struct test *t = found->t;
	struct value v;

	found->any = true;
	if (t->kind == TEST_EXISTS || found->decided)
		return;
	v = value_of_number(number);
	decide(found, test_value_holds(t, &v));
}

static void
add_addr(struct found *found, enum value_class class, const struct addr *a)
{
	const struct test *t = found->t;
	struct value v;

	found->any = true;
	if (t->kind == TEST_EXISTS || found->decided)
		return;
	v = value_of_bytes(class,
	    span_of(a->bytes, addr_size((enum addr_kind)a->kind)));
	decide(found, test_value_holds(t, &v));
}

/*
 * False for packets of which struct packet may not say all that their fields
 * would: tunnels, pieces of datagrams, broken and cut headers.
 */
static bool
packet_sure(const struct packet *p)
{
	if (p->malformed || p->n_tunnels > 0 || p->n_stack >= PACKET_STACK ||
	    p->n_transports >= PACKET_TRANSPORTS)
		return false;
	/* Cut behind the header of its only transport does no harm. */
	if (p->cut && (p->n_transports != 1 || p->transports[0].cut ||
	    p->transports[0].in_error))
		return false;
	return !p->has_fragment;
}

/* How often the layer is there; those of another kind count as many. */
static size_t
layer_count(const struct packet *p, enum layer layer)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_stack; i++) {
		if (p->stack[i].layer == layer)
			n += p->stack[i].kind == 0 ? 1 : PACKET_STACK;
	}
	return n;
}

/* struct packet has one network header; that is the answer only when there
 * is no other, and none is quoted. */
static bool
network_sure(const struct packet *p, enum layer layer)
{
	const uint64_t odd = (uint64_t)1 << LAYER_ICMP |
	    (uint64_t)1 << LAYER_ICMPV6 | (uint64_t)1 << LAYER_IPV6_EXT |
	    (uint64_t)1 << LAYER_AH | (uint64_t)1 << LAYER_ESP;

	return (p->layers & odd) == 0 && layer_count(p, layer) == 1 &&
	    packet_has(p, LAYER_IP) != packet_has(p, LAYER_IPV6);
}

static void
ip_number(const struct ip_header *h, enum quick_kind kind,
    struct found *found)
{
	switch (kind) {
	case QUICK_IP_PROTO:
		add_number(found, h->protocol);
		break;
	case QUICK_IP_TTL:
		add_number(found, h->ttl);
		break;
	case QUICK_IP_DSFIELD:
		add_number(found, h->dsfield);
		break;
	case QUICK_IP_DSCP:
		add_number(found, h->dsfield >> 2);
		break;
	case QUICK_IP_LEN:
		add_number(found, h->total_length);
		break;
	case QUICK_IP_ID:
		add_number(found, h->id);
		break;
	case QUICK_IP_DF:
		add_number(found, h->dont_fragment);
		break;
	case QUICK_IP_CHECKSUM:
		add_number(found, h->checksum);
		break;
	default:
		break;
	}
}

static bool
ipv4_values(const struct packet *p, enum quick_kind kind, struct found *found)
{
	if (!packet_has(p, LAYER_IP))
		return true;
	if (!network_sure(p, LAYER_IP) || p->ip.header_length != 20)
		return false;
	if (kind == QUICK_IP_SRC || kind == QUICK_IP_ADDR)
		add_addr(found, VALUE_IPV4, &p->src);
	if (kind == QUICK_IP_DST || kind == QUICK_IP_ADDR)
		add_addr(found, VALUE_IPV4, &p->dst);
	ip_number(&p->ip, kind, found);
	return true;
}

static bool
ipv6_values(const struct packet *p, enum quick_kind kind, struct found *found)
{
	if (!packet_has(p, LAYER_IPV6))
		return true;
	if (!network_sure(p, LAYER_IPV6))
		return false;
	if (kind == QUICK_IPV6_SRC || kind == QUICK_IPV6_ADDR)
		add_addr(found, VALUE_IPV6, &p->src);
	if (kind == QUICK_IPV6_DST || kind == QUICK_IPV6_ADDR)
		add_addr(found, VALUE_IPV6, &p->dst);
	if (kind == QUICK_IPV6_HLIM)
		add_number(found, p->ip.ttl);
	return true;
}

static bool
eth_values(const struct packet *p, enum quick_kind kind, struct found *found)
{
	if (!packet_has(p, LAYER_ETH))
		return true;
	if (layer_count(p, LAYER_ETH) != 1)
		return false;
	if (kind == QUICK_ETH_DST || kind == QUICK_ETH_ADDR)
		add_addr(found, VALUE_BYTES, &p->mac_dst);
	if (kind == QUICK_ETH_SRC || kind == QUICK_ETH_ADDR)
		add_addr(found, VALUE_BYTES, &p->mac_src);
	return true;
}

static bool
vlan_values(const struct packet *p, struct found *found)
{
	if (!packet_has(p, LAYER_VLAN))
		return true;
	if (p->n_vlans > LENGTH(p->vlans) ||
	    layer_count(p, LAYER_VLAN) != p->n_vlans)
		return false;
	for (size_t i = 0; i < p->n_vlans; i++)
		add_number(found, p->vlans[i]);
	return true;
}

/* Transport headers are all noted, in quotations too.  UDP-Lite has the
 * ports of UDP. */
static bool
port_values(const struct packet *p, const struct test *t, struct found *found)
{
	bool tcp = t->quick_which == 6;

	if (!packet_has(p, tcp ? LAYER_TCP : LAYER_UDP) &&
	    (tcp || !packet_has(p, LAYER_UDPLITE)))
		return true;
	for (size_t i = 0; i < p->n_transports; i++) {
		const struct transport *at = &p->transports[i];

		if ((at->protocol == 6) != tcp || (!tcp &&
		    at->protocol != 17 && at->protocol != 136))
			continue;
		if (at->cut)
			return false;
		if (t->quick == QUICK_SRCPORT || t->quick == QUICK_PORT)
			add_number(found, at->sport);
		if (t->quick == QUICK_DSTPORT || t->quick == QUICK_PORT)
			add_number(found, at->dport);
	}
	return found->any;
}

/* struct packet has the TCP header of its own transport. */
static bool
tcp_values(const struct packet *p, const struct test *t, struct found *found)
{
	const struct transport *own = packet_transport(p);

	if (!packet_has(p, LAYER_TCP))
		return true;
	if (p->n_transports != 1 || own == NULL || own->protocol != 6 ||
	    own->cut || own->in_error)
		return false;
	switch (t->quick) {
	case QUICK_TCP_LEN:
		add_number(found, p->tcp.length);
		break;
	case QUICK_TCP_WINDOW:
		add_number(found, p->tcp.window);
		break;
	case QUICK_TCP_SEQ:
		add_number(found, p->tcp.seq);
		break;
	case QUICK_TCP_ACK:
		add_number(found, p->tcp.ack);
		break;
	case QUICK_TCP_HDR_LEN:
		add_number(found, p->tcp.header_length);
		break;
	case QUICK_TCP_CHECKSUM:
		add_number(found, p->tcp.checksum);
		break;
	case QUICK_TCP_FLAGS:
		add_number(found, p->tcp.flags);
		break;
	default:
		add_number(found, (p->tcp.flags &
		    t->quick_place.mask) != 0);
		break;
	}
	return true;
}

static bool
udp_values(const struct packet *p, const struct test *t, struct found *found)
{
	const struct transport *own = packet_transport(p);

	if (!packet_has(p, LAYER_UDP))
		return !packet_has(p, LAYER_UDPLITE);
	if (p->n_transports != 1 || own == NULL || own->protocol != 17 ||
	    own->cut || own->in_error)
		return false;
	add_number(found, t->quick == QUICK_UDP_LENGTH ? own->length :
	    own->checksum);
	return true;
}

static bool
icmp_values(const struct packet *p, const struct test *t, struct found *found)
{
	enum layer layer = t->quick_which == 4 ? LAYER_ICMP : LAYER_ICMPV6;

	if (!packet_has(p, layer))
		return true;
	if (layer_count(p, layer) != 1 || p->icmp.version != t->quick_which ||
	    p->icmp.has_quote)
		return false;
	add_number(found, t->quick == QUICK_ICMP_TYPE ? p->icmp.type :
	    p->icmp.code);
	return true;
}

static bool
arp_values(const struct packet *p, struct found *found)
{
	if (!packet_has(p, LAYER_ARP))
		return true;
	if (layer_count(p, LAYER_ARP) != 1)
		return false;
	add_number(found, p->arp.opcode);
	return true;
}

/* IPv6 where the layer below says IPv4 counts as a broken `ip`, too. */
static bool
called_ipv6(const struct packet *p)
{
	for (size_t i = 1; i < p->n_stack; i++) {
		if (p->stack[i].layer == LAYER_IPV6)
			return p->stack[i - 1].ethertype &&
			    p->ethertype == 0x86dd;
	}
	return false;
}

static bool
layer_values(const struct packet *p, const struct test *t,
    struct found *found)
{
	enum layer layer = (enum layer)t->quick_which;

	if (!packet_has(p, layer))
		return layer != LAYER_IP || !packet_has(p, LAYER_IPV6) ||
		    called_ipv6(p);
	if (layer == LAYER_VLAN && layer_count(p, layer) >= PACKET_STACK)
		return false;
	add_number(found, 1);
	return true;
}

/* What every record tells, and the rest of the packets that are sure. */
static bool
record_values(const struct test *t, const struct packet *p,
    struct found *found)
{
	switch (t->quick) {
	case QUICK_NUMBER:
		add_number(found, p->record->number);
		return true;
	case QUICK_LEN:
		add_number(found, p->record->len);
		return true;
	case QUICK_CAP_LEN:
		add_number(found, p->record->bytes.n);
		return true;
	default:
		return false;
	}
}

/* False: struct packet cannot tell. */
static bool
quick_values(const struct test *t, const struct packet *p, bool sure,
    struct found *found)
{
	if (t->quick == QUICK_NONE)
		return false;
	if (!sure || t->quick <= QUICK_CAP_LEN)
		return record_values(t, p, found);
	switch (t->quick) {
	case QUICK_LAYER:
		return layer_values(p, t, found);
	case QUICK_BYTES:
	case QUICK_TIME:
	case QUICK_SINCE:
	case QUICK_PLACE:
	case QUICK_STREAM:
	case QUICK_ANALYSIS:
	case QUICK_COUNTED:
		return false; /* or the tracker has not seen it yet */
	case QUICK_ETH_SRC:
	case QUICK_ETH_DST:
	case QUICK_ETH_ADDR:
		return eth_values(p, t->quick, found);
	case QUICK_VLAN_ID:
		return vlan_values(p, found);
	case QUICK_IP_SRC:
	case QUICK_IP_DST:
	case QUICK_IP_ADDR:
	case QUICK_IP_PROTO:
	case QUICK_IP_TTL:
	case QUICK_IP_DSFIELD:
	case QUICK_IP_DSCP:
	case QUICK_IP_LEN:
	case QUICK_IP_ID:
	case QUICK_IP_DF:
	case QUICK_IP_CHECKSUM:
		return ipv4_values(p, t->quick, found);
	case QUICK_IPV6_SRC:
	case QUICK_IPV6_DST:
	case QUICK_IPV6_ADDR:
	case QUICK_IPV6_HLIM:
		return ipv6_values(p, t->quick, found);
	case QUICK_SRCPORT:
	case QUICK_DSTPORT:
	case QUICK_PORT:
		return port_values(p, t, found);
	case QUICK_UDP_LENGTH:
	case QUICK_UDP_CHECKSUM:
		return udp_values(p, t, found);
	case QUICK_ICMP_TYPE:
	case QUICK_ICMP_CODE:
		return icmp_values(p, t, found);
	case QUICK_ARP_OPCODE:
		return arp_values(p, found);
	default:
		return tcp_values(p, t, found);
	}
}

/* ---- Answers ---------------------------------------------------------- */

/* Of packets that are walked; most are not. */
static __attribute__((noinline, cold)) enum filter_answer
quick_test(const struct test *t, const struct packet *p, bool sure)
{
	struct found found = { .t = t };

	if (!quick_values(t, p, sure, &found))
		return FILTER_UNSURE;
	if (t->kind == TEST_EXISTS)
		return found.any ? FILTER_YES : FILTER_NO;
	if (!found.decided)
		return t->all && found.any ? FILTER_YES : FILTER_NO;
	return found.answer ? FILTER_YES : FILTER_NO;
}

static bool
lacks_message(const struct test *t)
{
	for (size_t i = 0; i < t->n_needs; i++)
		if (t->needs[i].message && t->needs[i].layers == 0)
			return true;
	return false;
}

/* ---- All tests ----------------------------------------------------------- */

static enum filter_answer
quick_not(enum filter_answer a)
{
	if (a == FILTER_UNSURE)
		return a;
	return a == FILTER_YES ? FILTER_NO : FILTER_YES;
}

static enum filter_answer
quick_join(enum code_kind kind, enum filter_answer a, enum filter_answer b)
{
	enum filter_answer decides =
	    kind == CODE_AND_END ? FILTER_NO : FILTER_YES;

	if (kind == CODE_XOR_END) {
		if (a == FILTER_UNSURE || b == FILTER_UNSURE)
			return FILTER_UNSURE;
		return a != b ? FILTER_YES : FILTER_NO;
	}
	if (a == decides || b == decides)
		return decides;
	return a == FILTER_UNSURE ? a : b;
}

static enum filter_answer
known_test(const struct test *t, const struct packet *p, bool sure,
    bool messages)
{
	if (t->quick == QUICK_NONE)
		return messages || !lacks_message(t) ? FILTER_UNSURE :
		    FILTER_NO;
	return quick_test(t, p, sure);
}

enum filter_answer
filter_quick(const struct filter *f, const struct packet *p, bool messages)
{
	const bool sure = packet_sure(p);

	uint8_t stack[CODE_STACK] BYTES_UNSET; /* enum filter_answer */
	enum filter_answer answer = FILTER_YES;
	size_t n = 0;

	for (size_t at = 0; at < f->n_code; at++) {
		const struct code *c = &f->code[at];

		switch (c->kind) {
		case CODE_TEST:
			answer = known_test(&f->tests[c->to], p, sure,
			    messages);
			break;
		case CODE_NOT:
			answer = quick_not(answer);
			break;
		case CODE_AND:
		case CODE_OR:
		case CODE_XOR:
			if ((c->kind == CODE_AND && answer == FILTER_NO) ||
			    (c->kind == CODE_OR && answer == FILTER_YES))
				at = c->to - 1;
			else
				stack[n++] = (uint8_t)answer;
			break;
		default:
			n--;
			/* What it joins was put there: CODE_AND_END follows
			 * CODE_AND.  NOLINTNEXTLINE(*.CallAndMessage) */
			answer = quick_join(c->kind,
			    (enum filter_answer)stack[n], answer);
			break;
		}
	}
	return answer;
}

static bool
asks(const struct filter *f, enum quick_kind quick)
{
	for (size_t i = 0; i < f->n_tests; i++)
		if (f->tests[i].quick == quick)
			return true;
	return false;
}

bool
filter_asks_numbers(const struct filter *f)
{
	return asks(f, QUICK_COUNTED);
}

bool
filter_asks_frames(const struct filter *f)
{
	return asks(f, QUICK_SINCE);
}

bool
filter_glances_all(const struct filter *f)
{
	for (size_t i = 0; i < f->n_tests; i++) {
		const struct test *t = &f->tests[i];

		if ((t->quick_place.size == 0 && t->quick != QUICK_LAYER &&
		    t->quick < QUICK_STREAM) || t->quick == QUICK_SINCE)
			return false;
	}
	return true;
}
