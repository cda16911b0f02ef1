#include "net/step.h"
#include "net/transport.h"

/* UDP (RFC 768) and UDP-Lite (RFC 3828). */
#define HEADER 8

static const struct field lite_rows[] = {
	{ "udplite", FIELD_PROTOCOL,
	    .help = "Lightweight User Datagram Protocol" },
};

const struct field_table udplite_table = {
	"Lightweight User Datagram Protocol", lite_rows, LENGTH(lite_rows)
};

/* Ports whose payload this floor reads on. */
static enum next
tunnel_of(uint16_t port)
{
	switch (port) {
	case 1701:
		return NEXT_L2TP;
	case 2123:
	case 2152:
		return NEXT_GTP;
	case 3386:
		return NEXT_GTP;
	case 3544:
		return NEXT_TEREDO;
	case 4341:
	case 4342:
		return NEXT_LISP;
	case 4500:
		return NEXT_ESP;
	case 4754:
		return NEXT_GRE;
	case 4789:
		return NEXT_VXLAN;
	case 4790:
		return NEXT_VXLAN_GPE;
	case 5072:
		return NEXT_AYIYA;
	case 6081:
		return NEXT_GENEVE;
	case 6635:
		return NEXT_MPLS;
	case 9899:
		return NEXT_SCTP;
	default:
		return NEXT_END;
	}
}

bool
udp_carries(uint16_t port)
{
	return tunnel_of(port) != NEXT_END;
}

/* Common ports of others: the lower one of a pair decides, as in Wireshark. */
static bool
is_taken(uint16_t port)
{
	static const uint16_t ports[] = {
		7, 53, 67, 68, 69, 88, 111, 123, 137, 138, 161, 162, 177,
		319, 320, 389, 427, 443, 500, 514, 520, 521, 546, 547, 623,
		1194, 1719, 1812, 1813, 1900, 2055, 3478, 3784, 4011, 4739,
		5060, 5353, 5355, 6343
	};
	size_t i;

	for (i = 0; i < LENGTH(ports); i++) {
		if (ports[i] == port)
			return true;
	}
	return false;
}

/* RFC 3948: a marker of four zeros is IKE, one byte of ones keeps alive. */
static bool
is_esp(const struct step *s)
{
	struct cursor c = s->c;

	return cur_claimed_left(&s->c) >= 8 && cur_be32(&c) != 0 &&
	    cur_ok(&c);
}

/* The lower port is asked first. */
static bool
tunnel_next(struct step *s, uint16_t low, uint16_t high)
{
	enum next next = tunnel_of(low);
	uint16_t port = low;

	if (next == NEXT_END && !is_taken(low)) {
		next = tunnel_of(high);
		port = high;
	}
	if (next == NEXT_END || cur_claimed_left(&s->c) == 0)
		return false;
	if (next == NEXT_ESP && !is_esp(s))
		return false;
	if (next == NEXT_MPLS && !step_tunnel(s))
		return true;
	step_to(s, next, port);
	return true;
}

static inline __attribute__((always_inline)) void
header_read(struct cursor *c, struct field_list *l, struct transport *t,
    size_t lite)
{
	struct span coverage = span_of(c->base + c->pos, 2);

	if (lite == 0) {
		t->length = read_be16(c, l, &udp_rows[UDP_ROW_LENGTH]);
	} else {
		if (l != NULL && cur_left(c) >= 2)
			field_put_number(l, &udp_rows[UDP_ROW_LENGTH],
			    coverage, lite);
		t->length = (uint16_t)lite;
		(void)read_be16(c, l, &udp_rows[UDP_ROW_CHECKSUM_COVERAGE]);
	}
}

/* The payload by the length field; false when that cannot be. */
static bool
payload_confine(struct step *s, struct transport *t, size_t left)
{
	size_t length = t->length;

	if (length == 0 && s->ip->version == 6) {
		if (s->l != NULL && left < 65536)
			field_mark(s->l, &udp_rows[UDP_ROW_LENGTH_BAD_ZERO],
			    step_here(s));
		length = left;
	}
	if (length > left && !s->first_fragment && !s->in_error &&
	    s->l != NULL)
		field_mark(s->l, &udp_rows[UDP_ROW_LENGTH_BAD], step_here(s));
	if (length < HEADER) {
		if (s->l != NULL)
			field_mark(s->l, &udp_rows[UDP_ROW_LENGTH_BAD],
			    step_here(s));
		return false;
	}
	step_trim(s, length - 6); /* ports and length are read */
	return true;
}

static void
checksum_fields(struct step *s, const struct transport *t, bool lite)
{
	unsigned status = t->checksum != 0 ? 2 :
	    !s->in_error && (lite || s->ip->version == 6) ? 4 : 3;

	field_put_number(s->l, &udp_rows[UDP_ROW_CHECKSUM_STATUS],
	    span_empty(), status);
}

static void
datagram_read(struct step *s, struct transport *t, size_t left, bool lite)
{
	struct cursor all;

	header_read(&s->c, s->l, t, lite ? left : 0);
	all = s->c;
	if (cur_ok(&s->c) && !lite && !payload_confine(s, t, left)) {
		s->c = all;
		cur_fail(&s->c);
	}
	t->checksum = read_be16(&s->c, s->l, &udp_rows[UDP_ROW_CHECKSUM]);
	if (!cur_ok(&s->c)) {
		t->cut = true;
		if (s->in_error)
			step_quote_ports(s, t);
		return;
	}
	t->payload = span_of(s->c.base + s->c.pos, cur_left(&s->c));
	t->payload_claimed = cur_claimed_left(&s->c);
	if (s->l != NULL)
		checksum_fields(s, t, lite);
	step_transport_known(s, t);
	cur_skip(&all, 2);
	if (s->l != NULL && cur_left(&all) != 0)
		field_bytes(s->l, &udp_rows[UDP_ROW_PAYLOAD],
		    cur_rest(&all));
}

static void
read_either(struct step *s, const struct field *row, enum layer layer,
    uint8_t protocol)
{
	size_t left = cur_claimed_left(&s->c);
	size_t entered = step_enter(s, layer, row);
	struct span ports = span_of(s->c.base + s->c.pos, 4);
	struct transport *t;

	if (cur_left(&s->c) < 4) {
		cur_skip(&s->c, 4);
		step_leave(s, entered);
		step_fail(s);
		return;
	}
	t = step_transport(s, protocol);
	t->sport = cur_be16(&s->c);
	t->dport = cur_be16(&s->c);
	if (s->l != NULL) {
		field_put_number(s->l, &udp_rows[UDP_ROW_SRCPORT],
		    span_first(ports, 2), t->sport);
		field_put_number(s->l, &udp_rows[UDP_ROW_DSTPORT],
		    span_after(ports, 2), t->dport);
	}
	datagram_read(s, t, left, layer == LAYER_UDPLITE);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if ((!udp_tunnels(t->sport) && !udp_tunnels(t->dport)) ||
	    !tunnel_next(s, t->sport < t->dport ? t->sport : t->dport,
	    t->sport < t->dport ? t->dport : t->sport))
		step_payload(s, t);
}

void
udp_read(struct step *s)
{
	read_either(s, &udp_rows[UDP_ROW_UDP], LAYER_UDP, 17);
}

void
udplite_read(struct step *s)
{
	read_either(s, &lite_rows[0], LAYER_UDPLITE, 136);
}
