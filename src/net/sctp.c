#include "net/step.h"
#include "net/transport.h"

/* RFC 9260; I-DATA RFC 8260; FORWARD-TSN RFC 3758. */
enum {
	CHUNK_DATA = 0,
	CHUNK_INIT = 1,
	CHUNK_INIT_ACK = 2,
	CHUNK_SACK = 3,
	CHUNK_HEARTBEAT = 4,
	CHUNK_HEARTBEAT_ACK = 5,
	CHUNK_ABORT = 6,
	CHUNK_SHUTDOWN = 7,
	CHUNK_SHUTDOWN_ACK = 8,
	CHUNK_ERROR = 9,
	CHUNK_COOKIE_ECHO = 10,
	CHUNK_COOKIE_ACK = 11,
	CHUNK_SHUTDOWN_COMPLETE = 14,
	CHUNK_I_DATA = 64,
	CHUNK_FORWARD_TSN = 192,
};

#define WHOLE_MESSAGE 3 /* the B and E bits */

/* SCTP of one packet as its chunks are read. */
struct chunk {
	uint8_t type, flags;
	struct cursor body;
	struct span padding;
};

static void
parameter_value(struct cursor *v, struct field_list *l, uint16_t type)
{
	size_t n = cur_left(v);

	if (type == 5 && n == 4) {
		read_bytes(v, 4, l, &sctp_rows[SCTP_ROW_PARAMETER_IPV4]);
	} else if (type == 6 && n == 16) {
		read_bytes(v, 16, l, &sctp_rows[SCTP_ROW_PARAMETER_IPV6]);
	} else if (type == 1) {
		read_bytes(v, n, l, &sctp_rows[SCTP_ROW_PARAMETER_HEARTBEAT]);
	} else if (type == 7) {
		read_bytes(v, n, l, &sctp_rows[SCTP_ROW_PARAMETER_COOKIE]);
	} else if (type == 12) {
		while (cur_left(v) >= 2)
			read_be16(v, l,
			    &sctp_rows[SCTP_ROW_PARAMETER_ADDRESS_TYPE]);
	} else if (n > 0 && (type & 0x3fff) > 14) {
		read_bytes(v, n, l, &sctp_rows[SCTP_ROW_PARAMETER_VALUE]);
	}
}

/* Parameters and causes are both TLVs padded to four bytes. */
static void
tlvs_read(struct cursor *c, struct field_list *l, bool causes)
{
	enum sctp_row row = causes ? SCTP_ROW_CAUSE_CODE :
	    SCTP_ROW_PARAMETER_TYPE;
	struct cursor value;
	uint16_t type, length;

	while (cur_left(c) >= 4) {
		type = read_be16(c, l, &sctp_rows[row]);
		length = read_be16(c, l, &sctp_rows[row + 1]);
		if (length < 4)
			break;
		value = cur_sub(c, length - 4U);
		if (!causes)
			parameter_value(&value, l, type);
		else if (cur_left(&value) != 0)
			read_bytes(&value, cur_left(&value), l,
			    &sctp_rows[SCTP_ROW_CAUSE_INFORMATION]);
		if (cur_left(c) != 0)
			cur_skip(c, (4U - length % 4) % 4);
	}
}

static void
init_read(struct cursor *c, struct field_list *l, enum sctp_row first)
{
	struct span at = span_of(c->base + c->pos, 4);
	uint32_t tag = cur_be32(c);

	if (!cur_ok(c))
		return;
	field_number(l, &sctp_rows[first], at, tag);
	field_number(l, &sctp_rows[SCTP_ROW_INIT_TAG], at, tag);
	read_be32(c, l, &sctp_rows[first + 1]);
	read_be16(c, l, &sctp_rows[first + 2]);
	read_be16(c, l, &sctp_rows[first + 3]);
	read_be32(c, l, &sctp_rows[first + 4]);
	tlvs_read(c, l, false);
}

static void
sack_read(struct cursor *c, struct field_list *l)
{
	unsigned gaps, duplicates;

	read_be32(c, l, &sctp_rows[SCTP_ROW_SACK_CUMULATIVE_RAW]);
	read_be32(c, l, &sctp_rows[SCTP_ROW_SACK_A_RWND]);
	gaps = read_be16(c, l, &sctp_rows[SCTP_ROW_SACK_GAP_BLOCKS]);
	duplicates = read_be16(c, l, &sctp_rows[SCTP_ROW_SACK_DUPLICATES]);
	for (; gaps > 0 && cur_left(c) > 0; gaps--) {
		read_be16(c, l, &sctp_rows[SCTP_ROW_SACK_GAP_START]);
		read_be16(c, l, &sctp_rows[SCTP_ROW_SACK_GAP_END]);
	}
	for (; duplicates > 0 && cur_left(c) > 0; duplicates--)
		read_be32(c, l, &sctp_rows[SCTP_ROW_SACK_DUPLICATE_TSN]);
}

/* Chunks that only a listener looks into. */
static void
body_fields(struct chunk *k, struct field_list *l)
{
	struct cursor *c = &k->body;
	struct span flags = span_of(k->body.base - 3, 1);

	switch (k->type) {
	case CHUNK_INIT:
		init_read(c, l, SCTP_ROW_INIT_INITIATE_TAG);
		break;
	case CHUNK_INIT_ACK:
		init_read(c, l, SCTP_ROW_INITACK_INITIATE_TAG);
		break;
	case CHUNK_SACK:
		sack_read(c, l);
		break;
	case CHUNK_HEARTBEAT:
	case CHUNK_HEARTBEAT_ACK:
		tlvs_read(c, l, false);
		break;
	case CHUNK_ABORT:
		field_bits(l, &sctp_rows[SCTP_ROW_ABORT_T_BIT], flags,
		    k->flags, 1);
		tlvs_read(c, l, true);
		break;
	case CHUNK_ERROR:
		tlvs_read(c, l, true);
		break;
	case CHUNK_SHUTDOWN:
		read_be32(c, l, &sctp_rows[SCTP_ROW_SHUTDOWN_TSN]);
		break;
	case CHUNK_COOKIE_ECHO:
		read_bytes(c, cur_left(c), l, &sctp_rows[SCTP_ROW_COOKIE]);
		break;
	case CHUNK_SHUTDOWN_COMPLETE:
		field_bits(l, &sctp_rows[SCTP_ROW_COMPLETE_T_BIT], flags,
		    k->flags, 1);
		break;
	case CHUNK_FORWARD_TSN:
		read_be32(c, l, &sctp_rows[SCTP_ROW_FORWARD_TSN]);
		break;
	case CHUNK_SHUTDOWN_ACK:
	case CHUNK_COOKIE_ACK:
		break;
	default:
		if (cur_left(c) != 0)
			read_bytes(c, cur_left(c), l,
			    &sctp_rows[SCTP_ROW_CHUNK_VALUE]);
	}
}

static void
data_header(struct chunk *k, struct field_list *l)
{
	struct cursor *c = &k->body;
	struct span flags = span_of(k->body.base - 3, 1);
	unsigned i;

	for (i = 0; i < 4; i++)
		field_bits(l, &sctp_rows[SCTP_ROW_DATA_E_BIT + i], flags,
		    k->flags, 1U << i);
	read_be32(c, l, &sctp_rows[SCTP_ROW_DATA_TSN_RAW]);
	read_be16(c, l, &sctp_rows[SCTP_ROW_DATA_SID]);
	if (k->type == CHUNK_I_DATA) {
		read_be16(c, l, &sctp_rows[SCTP_ROW_DATA_RESERVED]);
		read_be32(c, l, &sctp_rows[SCTP_ROW_DATA_MID]);
		read_be32(c, l, &sctp_rows[(k->flags & 2) != 0 ?
		    SCTP_ROW_DATA_PPID : SCTP_ROW_DATA_FSN]);
	} else {
		read_be16(c, l, &sctp_rows[SCTP_ROW_DATA_SSN]);
		read_be32(c, l, &sctp_rows[SCTP_ROW_DATA_PPID]);
	}
}

/* User messages that one chunk holds whole go to the payload hook. */
static void
data_read(struct step *s, struct transport *t, struct chunk *k)
{
	struct cursor *c = &k->body;
	struct span chunks = t->payload;
	size_t claimed = t->payload_claimed;

	data_header(k, s->l);
	s->p->malformed |= !cur_ok(c) && cur_ok(&s->c) && !s->in_error;
	if (!cur_ok(c) || (k->flags & WHOLE_MESSAGE) != WHOLE_MESSAGE)
		return;
	t->payload_claimed = cur_claimed_left(c);
	t->payload = cur_rest(c);
	step_payload(s, t);
	t->payload_claimed = claimed;
	t->payload = chunks;
}

static void
chunk_fields(struct field_list *l, const struct chunk *k, struct span at,
    uint16_t length)
{
	field_bits(l, &sctp_rows[SCTP_ROW_CHUNK_BIT_1], span_first(at, 1),
	    k->type, 0x80);
	field_bits(l, &sctp_rows[SCTP_ROW_CHUNK_BIT_2], span_first(at, 1),
	    k->type, 0x40);
	field_put_number(l, &sctp_rows[SCTP_ROW_CHUNK_FLAGS],
	    span_first(span_after(at, 1), 1), k->flags);
	field_put_number(l, &sctp_rows[SCTP_ROW_CHUNK_LENGTH],
	    span_after(at, 2), length);
	if (k->padding.n != 0)
		field_bytes(l, &sctp_rows[SCTP_ROW_CHUNK_PADDING],
		    k->padding);
}

/* One chunk; false when there is no next one. */
static bool
chunk_read(struct step *s, struct transport *t)
{
	struct span at = span_of(s->c.base + s->c.pos, 4);
	struct chunk k = { .padding = span_empty() };
	uint16_t length;
	size_t entered, pad;

	k.type = cur_u8(&s->c);
	k.flags = cur_u8(&s->c);
	length = cur_be16(&s->c);
	if (!cur_ok(&s->c))
		return false;
	if (length >= 4) {
		k.body = cur_sub(&s->c, length - 4U);
		pad = (4U - length % 4) % 4;
		if (pad <= cur_claimed_left(&s->c))
			k.padding = cur_take(&s->c, pad);
	}
	entered = SIZE_MAX;
	if (s->l != NULL) {
		entered = field_enter_number(s->l,
		    &sctp_rows[SCTP_ROW_CHUNK_TYPE], span_first(at, 1),
		    k.type);
		chunk_fields(s->l, &k, at, length);
	}
	if (length < 4)
		s->p->malformed |= !s->in_error;
	else if (k.type == CHUNK_DATA || k.type == CHUNK_I_DATA)
		data_read(s, t, &k);
	else if (s->l != NULL && cur_ok(&k.body))
		body_fields(&k, s->l);
	if (s->l != NULL)
		field_leave(s->l, entered, NULL);
	return length >= 4 && cur_ok(&s->c);
}

void
sctp_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_SCTP, &sctp_rows[SCTP_ROW_SCTP]);
	struct cursor whole = s->c;
	struct span ports;
	struct transport *t;

	s->next = NEXT_END;
	cur_skip(&whole, 12);
	if (!cur_ok(&whole)) {
		s->c = whole;
		step_leave(s, entered);
		step_fail(s);
		return;
	}
	ports = span_of(s->c.base + s->c.pos, 4);
	t = step_transport(s, 132);
	t->sport = cur_be16(&s->c);
	t->dport = cur_be16(&s->c);
	field_number(s->l, &sctp_rows[SCTP_ROW_SRCPORT],
	    span_first(ports, 2), t->sport);
	field_number(s->l, &sctp_rows[SCTP_ROW_DSTPORT],
	    span_after(ports, 2), t->dport);
	read_be32(&s->c, s->l, &sctp_rows[SCTP_ROW_VERIFICATION_TAG]);
	read_be32(&s->c, s->l, &sctp_rows[SCTP_ROW_CHECKSUM]);
	field_number(s->l, &sctp_rows[SCTP_ROW_CHECKSUM_STATUS],
	    span_empty(), 2);
	t->payload = span_of(s->c.base + s->c.pos, cur_left(&s->c));
	t->payload_claimed = cur_claimed_left(&s->c);
	step_transport_known(s, t);
	while (cur_left(&s->c) > 0 && chunk_read(s, t))
		continue;
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
}
