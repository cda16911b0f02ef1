#include "net/icmp.h"

#include "net/step.h"

#define QUOTE_LEAST 128 /* bytes in front of extensions */

enum row {
	ICMP_ICMP,
	ICMP_TYPE,
	ICMP_CODE,
	ICMP_CHECKSUM,
	ICMP_UNUSED,
	ICMP_IDENT,
	ICMP_IDENT_LE,
	ICMP_SEQ,
	ICMP_SEQ_LE,
	ICMP_MTU,
	ICMP_LENGTH,
	ICMP_POINTER,
	ICMP_REDIR_GW,
	ICMP_NUM_ADDRS,
	ICMP_ENTRY_SIZE,
	ICMP_LIFETIME,
	ICMP_ROUTER,
	ICMP_PREFERENCE,
	ICMP_ORIGINATE,
	ICMP_RECEIVE,
	ICMP_TRANSMIT,
	ICMP_MASK,
	ICMP_EXT_ECHO_SEQ,
	ICMP_ROWS
};

static const struct field rows[ICMP_ROWS] = {
	[ICMP_ICMP] = { "icmp", FIELD_PROTOCOL,
	    .help = "Internet Control Message Protocol" },
	[ICMP_TYPE] = { "icmp.type", FIELD_UINT, 8, .names = icmp_types,
	    .help = "Type of message" },
	[ICMP_CODE] = { "icmp.code", FIELD_UINT, 8,
	    .help = "Code, within the type" },
	[ICMP_CHECKSUM] = { "icmp.checksum", FIELD_UINT, 16, FIELD_HEX,
	    .help = "Checksum as it stands in the packet" },
	[ICMP_UNUSED] = { "icmp.unused", FIELD_BYTES,
	    .help = "Bytes without a meaning" },
	[ICMP_IDENT] = { "icmp.ident", FIELD_UINT, 16,
	    .help = "Identifier, network byte order" },
	[ICMP_IDENT_LE] = { "icmp.ident_le", FIELD_UINT, 16,
	    .help = "Identifier, little endian" },
	[ICMP_SEQ] = { "icmp.seq", FIELD_UINT, 16,
	    .help = "Sequence number, network byte order" },
	[ICMP_SEQ_LE] = { "icmp.seq_le", FIELD_UINT, 16,
	    .help = "Sequence number, little endian" },
	[ICMP_MTU] = { "icmp.mtu", FIELD_UINT, 16,
	    .help = "MTU of the next hop" },
	[ICMP_LENGTH] = { "icmp.length", FIELD_UINT, 8,
	    .help = "Length of the quoted datagram, 32-bit words" },
	[ICMP_POINTER] = { "icmp.pointer", FIELD_UINT, 32,
	    .help = "Octet of the quoted header that was wrong" },
	[ICMP_REDIR_GW] = { "icmp.redir_gw", FIELD_IPV4,
	    .help = "Gateway to use instead" },
	[ICMP_NUM_ADDRS] = { "icmp.num_addrs", FIELD_UINT, 8,
	    .help = "Routers advertised" },
	[ICMP_ENTRY_SIZE] = { "icmp.addr_entry_size", FIELD_UINT, 8,
	    .help = "32-bit words for each router" },
	[ICMP_LIFETIME] = { "icmp.lifetime", FIELD_UINT, 16,
	    .help = "Seconds that the advertisement holds" },
	[ICMP_ROUTER] = { "icmp.router_address", FIELD_IPV4,
	    .help = "Router advertised" },
	[ICMP_PREFERENCE] = { "icmp.pref_level", FIELD_INT, 32,
	    .help = "Preference of the router" },
	[ICMP_ORIGINATE] = { "icmp.originate_timestamp", FIELD_UINT, 32,
	    .help = "Sent, ms after midnight UTC" },
	[ICMP_RECEIVE] = { "icmp.receive_timestamp", FIELD_UINT, 32,
	    .help = "Received, ms after midnight UTC" },
	[ICMP_TRANSMIT] = { "icmp.transmit_timestamp", FIELD_UINT, 32,
	    .help = "Sent back, ms after midnight UTC" },
	[ICMP_MASK] = { "icmp.address_mask", FIELD_IPV4,
	    .help = "Subnet mask" },
	[ICMP_EXT_ECHO_SEQ] = { "icmp.ext.echo.seq", FIELD_UINT, 8,
	    .help = "Sequence number of an extended echo" },
};

const struct field_table icmp_table = {
	"Internet Control Message Protocol", rows, ICMP_ROWS
};

/* One number in both byte orders: systems disagree, both are shown. */
static uint16_t
both_orders(struct step *s, enum row big, enum row little)
{
	struct span at = span_of(s->c.base + s->c.pos, 2);
	uint16_t n = cur_be16(&s->c);

	if (s->l != NULL && cur_ok(&s->c)) {
		field_put_number(s->l, &rows[big], at, n);
		field_put_number(s->l, &rows[little], at,
		    (uint16_t)(n << 8 | n >> 8));
	}
	return n;
}

static void
identified_read(struct step *s, struct icmp_header *h)
{
	h->id = both_orders(s, ICMP_IDENT, ICMP_IDENT_LE);
	h->seq = both_orders(s, ICMP_SEQ, ICMP_SEQ_LE);
	h->has_id = cur_ok(&s->c);
	h->word = (uint32_t)h->id << 16 | h->seq;
	if (s->in_error)
		s->p->icmp.quote_word = h->word;
	if (h->type == 13 || h->type == 14) {
		(void)read_be32(&s->c, s->l, &rows[ICMP_ORIGINATE]);
		(void)read_be32(&s->c, s->l, &rows[ICMP_RECEIVE]);
		(void)read_be32(&s->c, s->l, &rows[ICMP_TRANSMIT]);
	} else if (h->type == 17 || h->type == 18) {
		(void)read_bytes(&s->c, 4, s->l, &rows[ICMP_MASK]);
	}
}

/* RFC 8335: the sequence number has one byte only. */
static void
extended_read(struct step *s, struct icmp_header *h)
{
	h->id = both_orders(s, ICMP_IDENT, ICMP_IDENT_LE);
	h->seq = read_u8(&s->c, s->l, &rows[ICMP_EXT_ECHO_SEQ]);
	h->has_id = cur_ok(&s->c);
}

/* RFC 1256. */
static void
routers_read(struct step *s, struct icmp_header *h)
{
	unsigned n = read_u8(&s->c, s->l, &rows[ICMP_NUM_ADDRS]);
	unsigned size = read_u8(&s->c, s->l, &rows[ICMP_ENTRY_SIZE]);

	h->word = n << 24 | size << 16 |
	    read_be16(&s->c, s->l, &rows[ICMP_LIFETIME]);
	while (n-- > 0 && size == 2 && cur_left(&s->c) > 0) {
		(void)read_bytes(&s->c, 4, s->l, &rows[ICMP_ROUTER]);
		(void)read_be32(&s->c, s->l, &rows[ICMP_PREFERENCE]);
	}
}

/*
 * Bytes 4 to 7 of an error: what they mean depends on type and code.  The
 * second may be a length (RFC 4884): what is behind it are extensions.
 */
static void
error_word_read(struct step *s, struct icmp_header *h)
{
	struct span at = span_of(s->c.base + s->c.pos, 4);
	bool has_mtu = h->type == 3 && h->code == 4;
	size_t words, unused = 0, end = has_mtu ? 2 : 4;

	h->word = cur_be32(&s->c);
	if (!cur_ok(&s->c) || h->type == 4)
		return;
	if (h->type == 5) {
		step_addr(&h->target, ADDR_IPV4, at.p, 4);
		field_bytes(s->l, &rows[ICMP_REDIR_GW], at);
		return;
	}
	if (h->type == 12) {
		unused = 1;
		field_number(s->l, &rows[ICMP_POINTER], span_first(at, 1),
		    h->word >> 24);
	}
	words = h->word >> 16 & 0xff;
	if (words != 0) {
		if (unused == 0)
			field_bytes(s->l, &rows[ICMP_UNUSED],
			    span_first(at, 1));
		unused = 2;
		field_number(s->l, &rows[ICMP_LENGTH],
		    span_of(at.p + 1, 1), words);
		if (words * 4 >= QUOTE_LEAST)
			step_trim(s, words * 4);
	}
	if (unused < end)
		field_bytes(s->l, &rows[ICMP_UNUSED],
		    span_of(at.p + unused, end - unused));
	if (has_mtu)
		field_number(s->l, &rows[ICMP_MTU], span_after(at, 2),
		    h->word & 0xffff);
}

void
icmp_quote(struct step *s, struct icmp_header *h, const char *what,
    enum next next)
{
	if (s->in_error) {
		step_undecoded(s, what, 2);
		return;
	}
	h->has_quote = true;
	h->quote_ip.version = 0;
	s->in_error = true;
	s->ip = &h->quote_ip;
	s->src = &h->quote_src;
	s->dst = &h->quote_dst;
	step_to(s, next, 0);
}

const struct transport *
packet_quoted_transport(const struct packet *p)
{
	for (unsigned i = 0; i < p->n_transports; i++)
		if (p->transports[i].in_error)
			return &p->transports[i];
	return NULL;
}

static bool
is_error(uint8_t type)
{
	return type == 3 || type == 4 || type == 5 || type == 11 ||
	    type == 12;
}

static void
message_read(struct step *s, struct icmp_header *h)
{
	switch (h->type) {
	case 0: case 8: case 13: case 14: case 15: case 16: case 17: case 18:
		identified_read(s, h);
		break;
	case 42: case 43:
		extended_read(s, h);
		break;
	case 9:
		routers_read(s, h);
		break;
	case 3: case 4: case 5: case 11: case 12:
		error_word_read(s, h);
		break;
	default:
		break;
	}
}

void
icmp_read(struct step *s)
{
	struct icmp_header quoted, *h = &s->p->icmp;
	size_t entered = step_enter(s, LAYER_ICMP, &rows[ICMP_ICMP]);
	struct cursor body;

	if (s->in_error)
		h = &quoted;
	memset(h, 0, sizeof(*h));
	if (cur_left(&s->c) < 6) { /* too little to be sure of anything */
		cur_skip(&s->c, 6);
		step_leave(s, entered);
		step_fail(s);
		return;
	}
	h->type = read_u8(&s->c, s->l, &rows[ICMP_TYPE]);
	h->code = read_u8(&s->c, s->l, &rows[ICMP_CODE]);
	h->checksum = read_be16(&s->c, s->l, &rows[ICMP_CHECKSUM]);
	h->version = cur_ok(&s->c) ? 4 : 0;
	body = s->c;
	h->body_claimed = cur_claimed_left(&body);
	h->body = cur_rest(&body);
	s->next = NEXT_END;
	message_read(s, h);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (is_error(h->type) && cur_left(&s->c) > 0)
		icmp_quote(s, h, "icmp quote", NEXT_IP);
}
