#include "net/tcp.h"

#include "net/step.h"
#include "net/transport.h"

/*
 * The header of RFC 9293.  What is cut before the window is not a segment
 * that could be followed; its ports are all that is told of it.
 */
#define HEADER TCP_HEADER_MIN
#define UP_TO_WINDOW 16

/* A letter a flag, from the highest of the twelve bits; "·" for none. */
static void
flags_text(struct field_list *l, struct span at, uint16_t flags)
{
	const struct field *row = &tcp_rows[TCP_ROW_FLAGS_STR];
	static const char letters[] = "RRRACEUAPRSF";
	char text[24];
	size_t i, n = 0;

	if (l->wants != NULL && !field_wants_has(l->wants, row))
		return;
	for (i = 0; i < 12; i++) {
		if ((flags >> (11 - i) & 1) != 0) {
			text[n++] = letters[i];
		} else {
			text[n++] = '\xc2';
			text[n++] = '\xb7';
		}
	}
	field_put_bytes(l, row, at, arena_copy(l->arena, span_of(text, n)));
}

static void
flags_fields(struct field_list *l, struct span at, uint16_t flags)
{
	static const uint16_t masks[] = {
		0xe00, TCP_AE, TCP_CWR, TCP_ECE, TCP_URG, TCP_ACK, TCP_PSH,
		TCP_RST, TCP_SYN, TCP_FIN
	};
	size_t entered, i;

	field_put_number(l, &tcp_rows[TCP_ROW_HDR_LEN], span_first(at, 1),
	    (flags >> 12) * 4U);
	flags &= 0xfff;
	entered = field_enter_number(l, &tcp_rows[TCP_ROW_FLAGS], at, flags);
	for (i = 0; i < LENGTH(masks); i++)
		field_put_number(l, &tcp_rows[TCP_ROW_FLAGS_RES + i], at,
		    (flags & masks[i]) != 0);
	if ((flags & TCP_SYN) != 0)
		field_mark(l, &tcp_rows[(flags & TCP_ACK) != 0 ?
		    TCP_ROW_CONNECTION_SYNACK : TCP_ROW_CONNECTION_SYN], at);
	if ((flags & TCP_FIN) != 0)
		field_mark(l, &tcp_rows[TCP_ROW_CONNECTION_FIN], at);
	if ((flags & TCP_RST) != 0)
		field_mark(l, &tcp_rows[TCP_ROW_CONNECTION_RST], at);
	flags_text(l, at, flags);
	field_leave(l, entered, NULL);
}

/* Sequence number to window, all or nothing. */
static inline __attribute__((always_inline)) void
middle_read(struct cursor *c, struct field_list *l, const struct field *seq,
    struct tcp_header *h)
{
	struct span at, ack;
	uint16_t word;

	h->seq = read_be32(c, l, seq);
	ack = span_of(c->base + c->pos, 4);
	h->ack = cur_be32(c);
	at = span_of(c->base + c->pos, 2);
	word = cur_be16(c);
	h->flags = word & 0xfff;
	h->header_length = (uint8_t)(word >> 12 << 2);
	if (l == NULL) {
		h->window = cur_be16(c);
	} else if (h->header_length < HEADER) {
		field_put_number(l, &tcp_rows[TCP_ROW_HDR_LEN],
		    span_first(at, 1), h->header_length);
		h->window = cur_be16(c);
	} else {
		field_put_number(l, &tcp_rows[TCP_ROW_ACK_RAW], ack, h->ack);
		flags_fields(l, at, word);
		h->window = read_be16(c, l,
		    &tcp_rows[TCP_ROW_WINDOW_SIZE_VALUE]);
	}
	h->checksum = 0;
	h->urgent = 0;
	h->options = 0;
	h->n_sack = 0;
}

static inline __attribute__((always_inline)) void
end_read(struct cursor *c, struct field_list *l, struct tcp_header *h)
{
	h->checksum = read_be16(c, l, &tcp_rows[TCP_ROW_CHECKSUM]);
	if (l != NULL && cur_ok(c))
		field_put_number(l, &tcp_rows[TCP_ROW_CHECKSUM_STATUS],
		    span_empty(), 2);
	h->urgent = read_be16(c, l, &tcp_rows[TCP_ROW_URGENT_POINTER]);
}

/* Wireshark takes segments quoted in ICMPv6 for real ones. */
static bool
in_icmp(const struct step *s)
{
	return s->in_error && s->p->icmp.version == 4;
}

/* Of a quoted segment no relative number is known: as in Wireshark, it goes
 * by that name nevertheless. */
static const struct field *
seq_row(const struct step *s)
{
	return &tcp_rows[in_icmp(s) ? TCP_ROW_SEQ : TCP_ROW_SEQ_RAW];
}

/* Not even the window is there: ports, and in a quote the number. */
static void
cut_read(struct step *s, struct transport *t)
{
	if (in_icmp(s) && cur_left(&s->c) >= 4)
		(void)read_be32(&s->c, s->l, seq_row(s));
	cur_skip(&s->c, UP_TO_WINDOW);
	t->cut = true;
	if (s->in_error)
		step_quote_ports(s, t);
	step_fail(s);
}

static void
ports_fields(struct field_list *l, const struct transport *t, struct span at)
{
	field_put_number(l, &tcp_rows[TCP_ROW_SRCPORT], span_first(at, 2),
	    t->sport);
	field_put_number(l, &tcp_rows[TCP_ROW_DSTPORT], span_after(at, 2),
	    t->dport);
}

static void
length_fields(struct step *s, const struct tcp_header *h, size_t left)
{
	struct span at = step_here(s);

	if (left < h->header_length) {
		field_mark(s->l, &tcp_rows[TCP_ROW_SHORT_SEGMENT], at);
		return;
	}
	if (!s->in_error && !s->first_fragment)
		field_put_number(s->l, &tcp_rows[TCP_ROW_LEN], at, h->length);
	if (h->header_length < HEADER)
		field_mark(s->l, &tcp_rows[TCP_ROW_BOGUS_HEADER_LENGTH], at);
}

/* Behind the 20 bytes: options, which are returned, and payload. */
static struct span
rest_read(struct step *s, struct transport *t, struct tcp_header *h)
{
	struct span options = span_empty();

	if (h->header_length > HEADER && cur_ok(&s->c)) {
		options = span_first(span_of(s->c.base + s->c.pos,
		    cur_left(&s->c)), h->header_length - (size_t)HEADER);
		tcp_options(options, h);
		cur_skip(&s->c, h->header_length - (size_t)HEADER);
	}
	if (cur_ok(&s->c)) {
		t->payload = span_of(s->c.base + s->c.pos, cur_left(&s->c));
		t->payload_claimed = cur_claimed_left(&s->c);
		h->length = (uint32_t)t->payload_claimed;
	}
	return options;
}

static void
segment_read(struct step *s, struct transport *t, struct tcp_header *h,
    size_t entered, size_t left)
{
	struct span options = span_empty();
	bool whole = cur_ok(&s->c);

	h->length = left < h->header_length ? 0 :
	    (uint32_t)(left - h->header_length);
	if (s->l != NULL)
		length_fields(s, h, left);
	if (h->header_length < HEADER) {
		/* Where data begins is not known, nor whether there is any. */
		h->length = 0;
		cur_fail(&s->c);
		whole = false;
	}
	if (whole)
		options = rest_read(s, t, h);
	if (left < h->header_length)
		h->options |= TCP_OPT_BEYOND;
	step_transport_known(s, t);
	if (s->l != NULL && options.n != 0)
		tcp_options_fields(s->l, options, s->c.cut,
		    t->has_bases ? t->ack_base : 0);
	if (s->l != NULL && t->payload.n != 0)
		field_put_bytes(s->l, &tcp_rows[TCP_ROW_PAYLOAD], t->payload,
		    t->payload);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_payload(s, t);
}

/* Ports first, which a cut header may have alone; then all or nothing up to
 * the window. */
static inline __attribute__((always_inline)) bool
header_read(struct step *s, struct cursor *c, struct field_list *l,
    struct transport *t, struct tcp_header *h)
{
	struct span ports = span_of(c->base + c->pos, 4);

	t->sport = cur_be16(c);
	t->dport = cur_be16(c);
	if (l != NULL)
		ports_fields(l, t, ports);
	if (cur_left(c) < UP_TO_WINDOW - 4)
		return false;
	middle_read(c, l, l == NULL ? NULL : seq_row(s), h);
	if (h->header_length >= HEADER)
		end_read(c, l, h);
	t->checksum = h->checksum;
	return true;
}

/* Listeners and cut headers. */
static __attribute__((cold)) bool
header_listen(struct step *s, struct transport *t, struct tcp_header *h)
{
	if (header_read(s, &s->c, s->l, t, h))
		return true;
	cut_read(s, t);
	return false;
}

void
tcp_read(struct step *s)
{
	struct tcp_header quoted, *h = &s->p->tcp;
	size_t left = cur_claimed_left(&s->c), entered;
	struct cursor c = cur_open(span_of(s->c.base + s->c.pos, HEADER));
	struct transport *t;

	if (left == 0) {
		s->next = NEXT_END;
		return;
	}
	if (s->in_error)
		h = &quoted;
	entered = step_enter(s, LAYER_TCP, &tcp_rows[TCP_ROW_TCP]);
	if (cur_left(&s->c) < 4) {
		cur_skip(&s->c, 4);
		step_leave(s, entered);
		step_fail(s);
		return;
	}
	t = step_transport(s, 6);
	if (s->l == NULL && cur_left(&s->c) >= HEADER) {
		(void)header_read(s, &c, NULL, t, h);
		cur_skip(&s->c, HEADER);
	} else if (!header_listen(s, t, h)) {
		step_leave(s, entered);
		return;
	}
	segment_read(s, t, h, entered, left);
}
