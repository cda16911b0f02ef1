#include "analysis/dns.h"
#include "base/bytes.h"
#include "base/json_quote.h"
#include "base/put.h"

/*
 * A message as a row.  Millions of them may be asked for, so the text is put
 * together here and not member by member: each function has room for its
 * words, numbers and addresses, and for the names it writes.
 */
#define ROOM 512
#define QUESTIONS_MAX 20 /* of a message, in a row */
#define RECORDS_MAX 20
#define DATA_MAX 256

static char *
room(struct buf *out, size_t n)
{
	return (char *)buf_room(out, ROOM + n);
}

static void
done(struct buf *out, const char *end)
{
	out->n = (size_t)((const uint8_t *)end - out->p);
}

/* Takes at most twice the bytes of the text, which is printable ASCII. */
static char *
name_put(char *p, const struct dns_name *name)
{
	struct span s = name->text;

	if (name->plain) {
		bytes_copy((uint8_t *)p, s.p, s.n);
		return p + s.n;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			*p++ = '\\';
		*p++ = (char)s.p[i];
	}
	return p;
}

static char *
uint_put(char *p, uint64_t value)
{
	return p + number_uint(p, value);
}

/* {"name":"example.org","type":1,"type_name":"A","class":1 */
static char *
name_type_put(char *p, const struct dns_name *name, uint16_t type,
    uint16_t class)
{
	char word[DNS_WORD];

	p = PUT(p, "{\"name\":\"");
	p = name_put(p, name);
	p = PUT(p, "\",\"type\":");
	p = uint_put(p, type);
	p = PUT(p, ",\"type_name\":\"");
	p = put_word(p, dns_type_text(type, word));
	p = PUT(p, "\",\"class\":");
	return uint_put(p, class);
}

static void
questions_write(const struct dns_message *m, struct buf *out)
{
	char *p;

	for (size_t i = 0; i < m->n_questions && i < QUESTIONS_MAX; i++) {
		const struct dns_question *q = &m->questions[i];

		p = room(out, 2 * q->name->text.n);
		if (p == NULL)
			return;
		if (i > 0)
			*p++ = ',';
		p = name_type_put(p, q->name, q->type, q->class);
		*p++ = '}';
		done(out, p);
	}
	p = room(out, 0);
	if (p == NULL)
		return;
	*p++ = ']';
	if (m->n_questions > QUESTIONS_MAX) {
		p = PUT(p, ",\"questions_left_out\":");
		p = uint_put(p, m->n_questions - QUESTIONS_MAX);
	}
	p = PUT(p, ",\"answers\":[");
	done(out, p);
}

/* mcpcap's key for the data depends on the type. */
static char *
data_key_put(char *p, uint16_t type)
{
	if (type == DNS_TYPE_CNAME)
		return PUT(p, ",\"cname\":\"");
	if (type == DNS_TYPE_MX)
		return PUT(p, ",\"mx\":\"");
	return PUT(p, ",\"data\":\"");
}

/* Of long data the beginning, and before it how long it is. */
static void
data_shorten(struct buf *out, size_t start, size_t text,
    const struct dns_record *r)
{
	char first[DATA_MAX];
	char *p;

	memcpy(first, out->p + text, sizeof(first));
	buf_cut(out, start);
	p = room(out, sizeof(first));
	if (p == NULL)
		return;
	p = PUT(p, ",\"data_bytes\":");
	p = uint_put(p, r->data.n);
	p = data_key_put(p, r->type);
	done(out, put_bytes(p, first, sizeof(first)));
}

static void
data_write(const struct dns_message *m, const struct dns_record *r,
    struct arena *arena, struct buf *out)
{
	size_t start = out->n, text;
	char *p = room(out, 0);

	if (p == NULL)
		return;
	done(out, data_key_put(p, r->type));
	text = out->n;
	dns_record_text(out, m, r, arena);
	if (out->n - text > DATA_MAX) {
		data_shorten(out, start, text, r);
		text = out->n - DATA_MAX;
	}
	json_quote(out, text);
	buf_byte(out, '"');
}

static void
answer_write(const struct dns_message *m, const struct dns_record *r,
    struct arena *arena, struct buf *out)
{
	char *p = room(out, 2 * r->owner->text.n);
	struct addr address;

	if (p == NULL)
		return;
	p = name_type_put(p, r->owner, r->type, r->class);
	p = PUT(p, ",\"ttl\":");
	p = uint_put(p, r->ttl);
	if (!dns_record_address(r, &address)) {
		done(out, p);
		data_write(m, r, arena, out);
		buf_byte(out, '}');
		return;
	}
	p = PUT(p, ",\"address\":\"");
	p += addr_write(p, &address);
	done(out, PUT(p, "\"}"));
}

static void
answers_write(const struct dns_message *m, struct arena *arena,
    struct buf *out)
{
	size_t n = 0;
	char *p;

	for (size_t i = 0; i < m->n_records; i++) {
		const struct dns_record *r = &m->records[i];

		if (r->section != DNS_ANSWER || n++ >= RECORDS_MAX)
			continue;
		if (n > 1)
			buf_byte(out, ',');
		answer_write(m, r, arena, out);
	}
	p = room(out, 0);
	if (p == NULL)
		return;
	*p++ = ']';
	if (n > RECORDS_MAX) {
		p = PUT(p, ",\"answers_left_out\":");
		p = uint_put(p, n - RECORDS_MAX);
	}
	done(out, p);
}

static void
summary_write(const struct message *msg, const struct dns_message *m,
    struct buf *out)
{
	size_t start;
	bool plain = true;
	char *p = room(out, 0);

	if (p == NULL)
		return;
	done(out, PUT(p, ",\"summary\":\""));
	start = out->n;
	msg->proto->info(out, m);
	buf_cut(out, start + DATA_MAX);
	for (size_t i = 0; i < m->n_questions; i++)
		plain = plain && m->questions[i].name->plain;
	if (!plain)
		json_quote(out, start);
	buf_byte(out, '"');
	buf_byte(out, '}');
}

/* Returns where the latency goes. */
static size_t
remarks_write(const struct packet *packet, const struct message *msg,
    const struct dns_message *m, struct buf *out)
{
	char *p = room(out, 0);
	char word[DNS_WORD];
	size_t latency;

	if (p == NULL)
		return out->n;
	if (m->response) {
		p = PUT(p, ",\"rcode\":\"");
		p = put_word(p, dns_rcode_text(m->rcode, word));
		*p++ = '"';
	}
	latency = (size_t)((const uint8_t *)p - out->p);
	/* What limits the row or is out of the ordinary. */
	if (msg->first_frame != 0 &&
	    msg->first_frame != packet->record->number) {
		p = PUT(p, ",\"first_frame\":");
		p = uint_put(p, msg->first_frame);
	}
	if (msg->odd_port)
		p = PUT(p, ",\"odd_port\":true");
	if (msg->malformed)
		p = PUT(p, ",\"malformed\":true");
	if (msg->cut)
		p = PUT(p, ",\"cut_by_snaplen\":true");
	if (msg->transport != NULL && msg->transport->in_error)
		p = PUT(p, ",\"quoted_in_icmp_error\":true");
	done(out, p);
	return latency;
}

static char *
flags_put(char *p, const struct dns_message *m)
{
	p = PUT(p, ",\"flags\":{\"is_response\":");
	p = put_bool(p, m->response);
	p = PUT(p, ",\"authoritative\":");
	p = put_bool(p, (m->flags & DNS_AA) != 0);
	p = PUT(p, ",\"truncated\":");
	p = put_bool(p, (m->flags & DNS_TC) != 0);
	p = PUT(p, ",\"recursion_desired\":");
	p = put_bool(p, (m->flags & DNS_RD) != 0);
	p = PUT(p, ",\"recursion_available\":");
	p = put_bool(p, (m->flags & DNS_RA) != 0);
	return PUT(p, "},\"questions\":[");
}

static char *
ends_put(char *p, const struct addr *from, const struct addr *to,
    const struct transport *t)
{
	if (from->kind != ADDR_NONE) {
		p = PUT(p, ",\"source_ip\":\"");
		p += addr_write(p, from);
		*p++ = '"';
	}
	if (to->kind != ADDR_NONE) {
		p = PUT(p, ",\"destination_ip\":\"");
		p += addr_write(p, to);
		*p++ = '"';
	}
	if (t != NULL) {
		p = PUT(p, ",\"source_port\":");
		p = uint_put(p, t->sport);
		p = PUT(p, ",\"destination_port\":");
		p = uint_put(p, t->dport);
	}
	p = PUT(p, ",\"protocol\":\"");
	p = put_word(p, listing_transport(t));
	*p++ = '"';
	return p;
}

static void
head_write(const struct packet *p, const struct message *msg,
    const struct dns_message *m, struct buf *out)
{
	const struct transport *t = msg->transport;
	char *at = room(out, 0);

	if (at == NULL)
		return;
	at = PUT(at, "{\"packet_number\":");
	at = uint_put(at, p->record->number);
	if (p->record->time.known) {
		at = PUT(at, ",\"timestamp\":\"");
		at += time_iso(at, p->record->time);
		*at++ = '"';
	}
	at = ends_put(at, t != NULL ? &t->src : &p->src,
	    t != NULL ? &t->dst : &p->dst, t);
	if (m->kind != DNS_UNICAST) {
		at = PUT(at, ",\"kind\":\"");
		at = put_word(at, msg->proto->name);
		*at++ = '"';
	}
	at = PUT(at, ",\"dns_id\":");
	at = uint_put(at, m->id);
	done(out, flags_put(at, m));
}

size_t
dns_row_write(const struct packet *p, const struct message *msg,
    struct buf *out)
{
	const struct dns_message *m = msg->data;
	size_t latency;

	head_write(p, msg, m, out);
	questions_write(m, out);
	answers_write(m, p->arena, out);
	latency = remarks_write(p, msg, m, out);
	summary_write(msg, m, out);
	return latency;
}

void
dns_row_latency(uint64_t query_frame, int64_t ns, struct buf *out)
{
	char *p = room(out, 0);

	if (p == NULL)
		return;
	p = PUT(p, ",\"query_packet\":");
	p = uint_put(p, query_frame);
	p = PUT(p, ",\"latency_ms\":");
	done(out, p + time_ms(p, ns));
}
