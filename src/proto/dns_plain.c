#include "base/bytes.h"
#include "base/word.h"
#include "proto/dispatch.h"
#include "proto/dns_rdata.h"

/*
 * Most messages, of which nobody wants fields: one question or none, and
 * records, all there and with names that can be read.  What is found is what
 * dns.c finds, which reads all others; test/proto/dns_plain.c compares them.
 */
#define HEADER 12
#define QUESTION 4 /* behind the name */
#define RECORD 10
#define RECORD_MIN 11

struct plain {
	struct cursor *c;
	struct decode *d;
	struct dns_message *m;
	struct dns_names names;
};

/* With room for records behind it.  Written out, not zeroed. */
static inline struct dns_message *
message_new(struct plain *r, const uint8_t *p, enum dns_kind kind)
{
	const uint16_t id = word_be16(p), flags = word_be16(p + 2);
	const uint16_t questions = word_be16(p + 4);
	const uint16_t answers = word_be16(p + 6);
	const uint16_t authorities = word_be16(p + 8);
	const uint16_t additionals = word_be16(p + 10);
	size_t n = (size_t)answers + authorities + additionals;
	struct dns_message *m;

	if (questions > 1 || (flags >> 11 & 0xf) == 6 ||
	    n * RECORD_MIN > cur_left(r->c))
		return NULL;
	m = arena_room(r->d->arena, 1,
	    sizeof(*m) + n * sizeof(struct dns_record));
	if (m == NULL)
		return NULL;
	m->kind = (uint8_t)kind;
	m->response = (flags & 0x8000) != 0;
	m->opcode = flags >> 11 & 0xf;
	m->id = id;
	m->flags = flags;
	m->rcode = flags & 0xf;
	m->counts[0] = questions;
	m->counts[1] = answers;
	m->counts[2] = authorities;
	m->counts[3] = additionals;
	m->whole = true;
	m->edns = m->dnssec_ok = false;
	m->edns_version = 0;
	m->udp_size = 0;
	m->n_questions = questions;
	m->n_records = n;
	m->questions = &m->only_question;
	m->records = (struct dns_record *)(m + 1);
	m->query_frame = 0;
	m->bytes = span_of(r->c->base, r->c->end);
	m->claimed = r->c->claimed;
	return m;
}

static inline bool
question_read(struct plain *r, struct dns_question *q)
{
	const uint8_t *p;

	q->name = dns_name_take_first(&r->names, r->c);
	if (cur_left(r->c) < QUESTION || q->name->bad)
		return false;
	p = cur_take(r->c, QUESTION).p;
	q->type = word_be16(p);
	q->class = word_be16(p + 2);
	q->unicast = false;
	if (r->m->kind == DNS_MULTICAST) {
		q->unicast = (q->class & 0x8000) != 0;
		q->class &= 0x7fff;
	}
	return true;
}

/* The name of a record, and where it ends; NULL: it has none. */
static inline const uint8_t *
owner_read(struct plain *r, struct dns_record *rr)
{
	const uint8_t *p = r->c->base + r->c->pos;

	if (cur_left(r->c) < RECORD_MIN)
		return NULL;
	if (p[0] == 0) {
		rr->owner = &dns_name_root;
		return p + 1;
	}
	if (p[0] >= 0xc0) {
		rr->owner = dns_name_kept(&r->names, word_be16(p) & 0x3fff,
		    r->c->pos);
		if (rr->owner != NULL)
			return p + 2;
	}
	rr->owner = dns_name_take(&r->names, r->c);
	return rr->owner->bad || !cur_ok(r->c) ? NULL :
	    r->c->base + r->c->pos;
}

/* Whether data can be read that is no address. */
static __attribute__((noinline)) bool
data_is_good(struct plain *r, const struct dns_record *rr)
{
	struct dns_rdata data;
	struct cursor c = cur_open(span_of(r->c->base, 0));

	c.pos = (size_t)(rr->data.p - c.base);
	c.end = c.claimed = c.pos + rr->data.n;
	if (rr->type == DNS_TYPE_CNAME || rr->type == DNS_TYPE_NS ||
	    rr->type == DNS_TYPE_PTR)
		return !dns_name_take(&r->names, &c)->bad && cur_ok(&c);
	data = (struct dns_rdata){ .c = c, .names = &r->names,
		.arena = r->d->arena };
	dns_rdata_read(&data, rr->type);
	return cur_ok(&data.c) && !data.malformed;
}

static inline bool
record_read(struct plain *r, struct dns_record *rr, uint8_t section)
{
	const uint8_t *p = owner_read(r, rr), *end = r->c->base + r->c->end;
	size_t n;

	if (p == NULL || end - p < RECORD)
		return false;
	n = word_be16(p + 8);
	if ((size_t)(end - p) - RECORD < n)
		return false;
	rr->type = word_be16(p);
	rr->class = word_be16(p + 2);
	rr->ttl = word_be32(p + 4);
	rr->section = section;
	rr->cache_flush = false;
	if (r->m->kind == DNS_MULTICAST) {
		rr->cache_flush = (rr->class & 0x8000) != 0;
		rr->class &= 0x7fff;
	}
	rr->data = span_of(p + RECORD, n);
	r->c->pos = (size_t)(p - r->c->base) + RECORD + n;
	if (rr->type == DNS_TYPE_OPT)
		dns_edns_set(r->m, rr);
	if (n > 0 && !dns_record_is_address(rr) && !data_is_good(r, rr))
		r->d->malformed = true;
	return true;
}

static inline __attribute__((always_inline)) bool
message_read(struct plain *r, enum dns_kind kind)
{
	struct dns_record *rr;
	size_t first, second; /* of the other sections */

	r->m = message_new(r, cur_take(r->c, HEADER).p, kind);
	if (r->m == NULL || (r->m->n_questions > 0 &&
	    !question_read(r, &r->m->only_question)))
		return false;
	rr = (struct dns_record *)(r->m + 1);
	first = r->m->counts[1];
	second = first + r->m->counts[2];
	for (size_t i = 0; i < r->m->n_records; i++, rr++)
		if (!record_read(r, rr,
		    (uint8_t)((i >= first) + (i >= second))))
			return false;
	return true;
}

struct dns_message *
dns_plain_read(struct cursor *c, struct decode *d, enum dns_kind kind)
{
	struct plain r BYTES_UNSET;
	const size_t start = c->pos;

	if (cur_left(c) < HEADER)
		return NULL;
	r.c = c;
	r.d = d;
	dns_names_init(&r.names, d->arena);
	if (message_read(&r, kind))
		return r.m;
	/* It is read anew. */
	c->pos = start;
	c->bad = c->cut = false;
	return NULL;
}

const void *
dns_message_decode(struct cursor *c, struct decode *d, enum dns_kind kind,
    const struct field *layer)
{
	struct dns_message *m;

	if (d->fields != NULL || d->over_stream)
		return dns_message_any(c, d, kind, layer);
	m = dns_plain_read(c, d, kind);
	if (m == NULL)
		return dns_message_any(c, d, kind, layer);
	if (d->dispatch != NULL && d->dispatch->partners != NULL)
		dns_message_partner(d, m);
	return m;
}
