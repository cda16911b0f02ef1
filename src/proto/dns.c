#include "proto/dns.h"

#include "proto/dispatch.h"
#include "proto/dns_partner.h"
#include "proto/dns_rdata.h"

#define QUESTION_MIN 5 /* root, type, class */
#define RECORD_MIN 11  /* root, type, class, TTL, length */

/* What one decoding needs besides the message. */
struct reader {
	struct cursor *c;
	struct decode *d;
	struct field_list *l;
	struct dns_message *m;
	struct dns_names *names;
};

struct flag {
	uint16_t mask, row;
	uint8_t when; /* WHEN_* */
};

#define WHEN_ALWAYS 0
#define WHEN_RESPONSE 1
#define WHEN_SET 2 /* in queries only when set */

static const struct flag flags_dns[] = {
	{ 0x8000, DNS_FLAGS_RESPONSE, WHEN_ALWAYS },
	{ 0x7800, DNS_FLAGS_OPCODE, WHEN_ALWAYS },
	{ DNS_AA, DNS_FLAGS_AUTHORITATIVE, WHEN_RESPONSE },
	{ DNS_TC, DNS_FLAGS_TRUNCATED, WHEN_ALWAYS },
	{ DNS_RD, DNS_FLAGS_RECDESIRED, WHEN_ALWAYS },
	{ DNS_RA, DNS_FLAGS_RECAVAIL, WHEN_RESPONSE },
	{ 0x0040, DNS_FLAGS_Z, WHEN_ALWAYS },
	{ DNS_AD, DNS_FLAGS_AUTHENTICATED, WHEN_SET },
	{ DNS_CD, DNS_FLAGS_CHECKDISABLE, WHEN_ALWAYS },
	{ 0x000f, DNS_FLAGS_RCODE, WHEN_RESPONSE },
	{ 0, 0, 0 },
};

/* RFC 4795, 2.1.1 */
static const struct flag flags_llmnr[] = {
	{ 0x8000, DNS_FLAGS_RESPONSE, WHEN_ALWAYS },
	{ 0x7800, DNS_FLAGS_OPCODE, WHEN_ALWAYS },
	{ 0x0400, DNS_FLAGS_CONFLICT, WHEN_ALWAYS },
	{ DNS_TC, DNS_FLAGS_TRUNCATED, WHEN_ALWAYS },
	{ 0x0100, DNS_FLAGS_TENTATIVE, WHEN_ALWAYS },
	{ 0x000f, DNS_FLAGS_RCODE, WHEN_RESPONSE },
	{ 0, 0, 0 },
};

static __attribute__((cold)) void
flags_put(struct reader *r, struct span where)
{
	const struct flag *f = r->m->kind == DNS_LINK_LOCAL ? flags_llmnr :
	    flags_dns;

	field_put_number(r->l, &dns_rows[DNS_FLAGS], where, r->m->flags);
	r->l->depth++;
	for (; f->mask != 0; f++)
		if (f->when == WHEN_ALWAYS || r->m->response ||
		    (f->when == WHEN_SET && (r->m->flags & f->mask) != 0))
			field_bits(r->l, &dns_rows[f->row], where,
			    r->m->flags, f->mask);
	r->l->depth--;
}

static void
flags_set(struct dns_message *m, uint16_t flags)
{
	m->flags = flags;
	m->response = (flags & 0x8000) != 0;
	m->opcode = flags >> 11 & 0xf;
	m->rcode = flags & 0xf;
}

static void
header_read(struct reader *r)
{
	static const uint16_t rows[2][4] = {
		{ DNS_COUNT_QUERIES, DNS_COUNT_ANSWERS, DNS_COUNT_AUTH_RR,
		    DNS_COUNT_ADD_RR },
		{ DNS_COUNT_ZONES, DNS_COUNT_PREREQUISITES,
		    DNS_COUNT_UPDATES, DNS_COUNT_ADD_RR },
	};
	struct dns_message *m = r->m;
	struct span where;

	m->id = read_be16(r->c, r->l, &dns_rows[DNS_ID]);
	where = span_of(r->c->base + r->c->pos, 2);
	flags_set(m, cur_be16(r->c));
	if (r->l != NULL && cur_ok(r->c))
		flags_put(r, where);
	for (size_t i = 0; i < 4; i++)
		m->counts[i] = read_be16(r->c, r->l,
		    &dns_rows[rows[m->opcode == 5][i]]);
}

/* Wireshark counts neither in a name of one character. */
static void
question_name_put(struct reader *r, const struct dns_name *name,
    struct span where)
{
	struct span shown = dns_name_shown(name, r->d->arena);
	struct cursor c = cur_open(name->raw.n == 0 ? shown : name->raw);
	size_t labels = 1, n = cur_left(&c);

	while (cur_left(&c) > 0)
		labels += cur_u8(&c) == '.';
	field_put_bytes(r->l, &dns_rows[DNS_QRY_NAME], where, shown);
	field_put_number(r->l, &dns_rows[DNS_QRY_NAME_LEN], where,
	    n > 1 ? n : 0);
	field_put_number(r->l, &dns_rows[DNS_COUNT_LABELS], where,
	    n > 1 ? labels : 0);
}

static __attribute__((noinline)) void
question_put(struct reader *r, const struct dns_question *q, size_t start)
{
	const uint8_t *end = r->c->base + r->c->pos;

	question_name_put(r, q->name, span_of(r->c->base + start,
	    r->c->pos - 4 - start));
	field_put_number(r->l, &dns_rows[DNS_QRY_TYPE], span_of(end - 4, 2),
	    q->type);
	field_put_number(r->l, &dns_rows[DNS_QRY_CLASS], span_of(end - 2, 2),
	    q->class);
	if (r->m->kind == DNS_MULTICAST)
		field_put_number(r->l, &dns_rows[DNS_QRY_QU],
		    span_of(end - 2, 2), q->unicast);
}

/* What there is of it decides whether it is cut. */
static void
type_class_read(struct cursor *c, struct dns_question *q)
{
	q->type = cur_be16(c);
	q->class = cur_be16(c);
}

static bool
question_read(struct reader *r, struct dns_question *q)
{
	size_t start = r->c->pos;

	q->name = dns_name_take(r->names, r->c);
	q->unicast = false;
	type_class_read(r->c, q);
	if (!cur_ok(r->c))
		return false;
	if (r->m->kind == DNS_MULTICAST) {
		q->unicast = (q->class & 0x8000) != 0;
		q->class &= 0x7fff;
	}
	if (q->name->bad)
		r->d->malformed = true;
	if (r->l != NULL)
		question_put(r, q, start);
	return true;
}

static void
edns_put(struct reader *r, const struct dns_record *rr, const uint8_t *at)
{
	struct field_list *l = r->l;
	struct span z = span_of(at + 6, 2);

	if (r->m->kind == DNS_MULTICAST) {
		field_put_number(l, &dns_rows[DNS_RR_UDP_PAYLOAD_SIZE_MDNS],
		    span_of(at + 2, 2), rr->class);
		field_put_number(l, &dns_rows[DNS_RESP_CACHE_FLUSH],
		    span_of(at + 2, 2), rr->cache_flush);
	} else {
		field_put_number(l, &dns_rows[DNS_RR_UDP_PAYLOAD_SIZE],
		    span_of(at + 2, 2), rr->class);
	}
	field_put_number(l, &dns_rows[DNS_RESP_EXT_RCODE], span_of(at + 4, 1),
	    rr->ttl >> 24);
	field_put_number(l, &dns_rows[DNS_RESP_EDNS0_VERSION],
	    span_of(at + 5, 1), rr->ttl >> 16 & 0xff);
	field_put_number(l, &dns_rows[DNS_RESP_Z], z, rr->ttl & 0xffff);
	l->depth++;
	field_bits(l, &dns_rows[DNS_RESP_Z_DO], z, rr->ttl, 0x8000);
	field_bits(l, &dns_rows[DNS_RESP_Z_RESERVED], z, rr->ttl, 0x7fff);
	l->depth--;
}

static void
class_put(struct reader *r, const struct dns_record *rr, const uint8_t *at)
{
	struct field_list *l = r->l;

	field_put_number(l, &dns_rows[DNS_RESP_CLASS], span_of(at + 2, 2),
	    rr->class);
	if (r->m->kind == DNS_MULTICAST)
		field_put_number(l, &dns_rows[DNS_RESP_CACHE_FLUSH],
		    span_of(at + 2, 2), rr->cache_flush);
	field_put_number(l, &dns_rows[DNS_RESP_TTL], span_of(at + 4, 4),
	    rr->ttl);
	if ((rr->ttl & 0x80000000) != 0)
		field_put_number(l, &dns_rows[DNS_TTL_HIGH_BIT_SET],
		    span_of(at + 4, 4), 1);
}

/* Text up to the next dot, which goes as well. */
static struct span
label_take(struct span *text)
{
	size_t n = span_find_byte(*text, '.');
	struct span label = span_first(*text, n);

	*text = span_after(*text, n + 1);
	return label;
}

/* The owner of SRV: _service._protocol.name */
static void
service_put(struct reader *r, const struct dns_record *rr, struct span where)
{
	static const uint16_t rows[] = { DNS_SRV_SERVICE, DNS_SRV_PROTO };
	struct span text = dns_name_shown(rr->owner, r->d->arena);

	for (size_t i = 0; i < LENGTH(rows) && text.n > 0; i++)
		field_put_bytes(r->l, &dns_rows[rows[i]], where,
		    label_take(&text));
	if (text.n > 0)
		field_put_bytes(r->l, &dns_rows[DNS_SRV_NAME], where, text);
}

/* `at`: type, class, TTL and length stand here. */
static __attribute__((cold)) void
record_put(struct reader *r, const struct dns_record *rr, struct span owner,
    const uint8_t *at)
{
	if (rr->type == DNS_TYPE_SRV)
		service_put(r, rr, owner);
	else
		field_put_bytes(r->l, &dns_rows[DNS_RESP_NAME], owner,
		    dns_name_shown(rr->owner, r->d->arena));
	field_put_number(r->l, &dns_rows[DNS_RESP_TYPE], span_of(at, 2),
	    rr->type);
	if (rr->type == DNS_TYPE_OPT)
		edns_put(r, rr, at);
	else
		class_put(r, rr, at);
	field_put_number(r->l, &dns_rows[DNS_RESP_LEN], span_of(at + 8, 2),
	    rr->data.n);
}

/* Also when nobody listens: the verdict must not depend on that. */
static void
data_read(struct reader *r, const struct dns_record *rr)
{
	struct dns_rdata data;

	if (rr->data.n == 0)
		return;
	data = dns_rdata_of(r->m, rr, r->names, r->d->arena);
	data.fields = r->l;
	if (r->l != NULL)
		r->l->depth++;
	dns_rdata_read(&data, rr->type);
	if (r->l != NULL)
		r->l->depth--;
	if (!cur_ok(&data.c) || data.malformed)
		r->d->malformed = true;
}

/* Type, class, TTL, length and as many bytes of data. */
static void
record_head_read(struct cursor *c, struct dns_record *rr)
{
	rr->type = cur_be16(c);
	rr->class = cur_be16(c);
	rr->ttl = cur_be32(c);
	rr->data = cur_take(c, cur_be16(c));
}

static bool
record_read(struct reader *r, struct dns_record *rr, uint8_t section)
{
	size_t start = r->c->pos, after_name;

	rr->section = section;
	rr->cache_flush = false;
	rr->owner = dns_name_take(r->names, r->c);
	after_name = r->c->pos;
	record_head_read(r->c, rr);
	if (!cur_ok(r->c))
		return false;
	if (r->m->kind == DNS_MULTICAST) {
		rr->cache_flush = (rr->class & 0x8000) != 0;
		rr->class &= 0x7fff;
	}
	if (rr->owner->bad)
		r->d->malformed = true;
	if (rr->type == DNS_TYPE_OPT)
		dns_edns_set(r->m, rr);
	if (r->l != NULL)
		record_put(r, rr, span_of(r->m->bytes.p + start,
		    after_name - start), r->m->bytes.p + after_name);
	data_read(r, rr);
	return true;
}

/* No more than the bytes can hold, whatever the header says. */
static inline size_t
places(size_t claimed, const struct cursor *c, size_t each)
{
	if (claimed * each <= cur_left(c))
		return claimed;
	return cur_left(c) / each + 1;
}

static bool
questions_read(struct reader *r)
{
	struct dns_message *m = r->m;
	size_t n = places(m->counts[0], r->c, QUESTION_MIN);
	struct dns_question *q = n == 1 ? &m->only_question :
	    arena_room(r->d->arena, n, sizeof(*q));

	if (n > 0 && q == NULL)
		return false;
	m->questions = q;
	for (; m->n_questions < n; m->n_questions++)
		if (!question_read(r, &q[m->n_questions]))
			return false;
	return m->n_questions == m->counts[0];
}

static bool
records_read(struct reader *r)
{
	struct dns_message *m = r->m;
	size_t claimed = (size_t)m->counts[1] + m->counts[2] + m->counts[3];
	size_t n = places(claimed, r->c, RECORD_MIN);
	struct dns_record *rr;

	if (n == 0)
		return true;
	rr = arena_room(r->d->arena, n, sizeof(*rr));
	if (rr == NULL)
		return false;
	m->records = rr;
	for (unsigned section = DNS_ANSWER; section <= DNS_ADDITIONAL;
	    section++)
		for (size_t i = m->counts[1 + section]; i > 0; i--, rr++) {
			if (m->n_records == n ||
			    !record_read(r, rr, (uint8_t)section))
				return false;
			m->n_records++;
		}
	return true;
}

/* RFC 8490, 5.4 */
static __attribute__((cold)) void
dso_value(struct reader *r, struct cursor *v, uint16_t type)
{
	switch (type) {
	case 1:
		(void)read_be32(v, r->l,
		    &dns_rows[DNS_DSO_TLV_KEEPALIVE_INACTIVITY]);
		(void)read_be32(v, r->l,
		    &dns_rows[DNS_DSO_TLV_KEEPALIVE_INTERVAL]);
		break;
	case 2:
		(void)read_be32(v, r->l,
		    &dns_rows[DNS_DSO_TLV_RETRYDELAY_RETRYDELAY]);
		break;
	case 3:
		(void)read_bytes(v, cur_left(v), r->l,
		    &dns_rows[DNS_DSO_TLV_ENCPAD_PADDING]);
		break;
	default:
		(void)read_bytes(v, cur_left(v), r->l,
		    &dns_rows[DNS_DSO_TLV_DATA]);
		break;
	}
	if (!cur_ok(v))
		r->d->malformed = true;
}

static __attribute__((noinline, cold)) bool
dso_read(struct reader *r)
{
	const uint8_t *base = r->c->base;
	size_t dso, tlv;
	struct cursor value;
	uint16_t type, n;

	dso = field_enter(r->l, &dns_rows[DNS_DSO],
	    span_of(base + r->c->pos, 0));
	while (cur_left(r->c) > 0) {
		tlv = field_enter(r->l, &dns_rows[DNS_DSO_TLV],
		    span_of(base + r->c->pos, 0));
		type = read_be16(r->c, r->l, &dns_rows[DNS_DSO_TLV_TYPE]);
		n = read_be16(r->c, r->l, &dns_rows[DNS_DSO_TLV_LENGTH]);
		value = cur_sub(r->c, n);
		if (cur_ok(r->c))
			dso_value(r, &value, type);
		field_leave(r->l, tlv, base + r->c->pos);
	}
	field_leave(r->l, dso, base + r->c->pos);
	return cur_ok(r->c);
}

static __attribute__((cold)) void
extra_put(struct reader *r)
{
	struct span s = cur_rest(r->c);

	if (s.n == 0)
		return;
	field_put_bytes(r->l, &dns_rows[DNS_EXTRANEOUS_DATA], s, s);
	field_put_number(r->l, &dns_rows[DNS_EXTRANEOUS_LENGTH],
	    span_after(s, s.n), s.n);
}

static void
message_read(struct reader *r)
{
	struct dns_message *m = r->m;

	m->bytes = span_of(r->c->base, r->c->end);
	m->claimed = r->c->claimed;
	header_read(r);
	if (m->opcode == 6)
		m->whole = dso_read(r);
	else
		m->whole = questions_read(r) && records_read(r);
	if (m->whole && r->l != NULL)
		extra_put(r);
	else if (!m->whole && !r->c->cut)
		r->d->malformed = true;
}

/* Not for what an ICMP error quotes, nor for mDNS, where who asks and who
 * answers is a group. */
__attribute__((cold)) void
dns_message_partner(const struct decode *d, struct dns_message *m)
{
	const struct transport *t = d->transport;
	const struct record *record;
	struct dns_partner partner;

	if (t == NULL || t->in_error || m->kind == DNS_MULTICAST)
		return;
	record = d->packet->record;
	partner = dns_partner_find(d->dispatch->partners, m, t,
	    record->number, record->time);
	m->query_frame = partner.query;
	if (d->fields != NULL && m->whole)
		dns_partner_put(d->fields, m, &partner, m->bytes.p);
}

const void *
dns_message_any(struct cursor *c, struct decode *d, enum dns_kind kind,
    const struct field *layer)
{
	size_t entered;
	struct dns_names names;
	struct reader r = {
		.c = c, .d = d, .l = d->fields, .names = &names,
	};
	struct cursor message;

	if (cur_left(c) < (d->over_stream ? 6 : 4))
		return NULL;
	entered = field_enter(d->fields, layer, span_of(c->base, c->end));
	dns_names_init(&names, d->arena);
	r.m = arena_new(d->arena, struct dns_message);
	if (r.m == NULL)
		return NULL;
	r.m->kind = (uint8_t)kind;
	if (d->over_stream) {
		message = cur_sub(c, read_be16(c, d->fields,
		    &dns_rows[DNS_LENGTH]));
		r.c = &message;
	}
	message_read(&r);
	if (d->dispatch != NULL && d->dispatch->partners != NULL)
		dns_message_partner(d, r.m);
	field_leave(d->fields, entered, c->base + c->end);
	return r.m;
}
