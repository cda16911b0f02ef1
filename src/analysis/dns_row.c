#include "analysis/dns.h"

#define QUESTIONS_MAX 20 /* of a message, in a row */
#define RECORDS_MAX 20
#define DATA_MAX 256

static void
flags_write(const struct dns_message *m, struct json *j)
{
	json_object(j, "flags");
	json_bool(j, "is_response", m->response);
	json_bool(j, "authoritative", (m->flags & DNS_AA) != 0);
	json_bool(j, "truncated", (m->flags & DNS_TC) != 0);
	json_bool(j, "recursion_desired", (m->flags & DNS_RD) != 0);
	json_bool(j, "recursion_available", (m->flags & DNS_RA) != 0);
	json_end(j);
}

static void
questions_write(const struct dns_message *m, struct json *j)
{
	char word[DNS_WORD];

	json_array(j, "questions");
	for (size_t i = 0; i < m->n_questions && i < QUESTIONS_MAX; i++) {
		const struct dns_question *q = &m->questions[i];

		json_object(j, NULL);
		json_span(j, "name", q->name.text);
		json_uint(j, "type", q->type);
		json_text(j, "type_name", dns_type_text(q->type, word));
		json_uint(j, "class", q->class);
		json_end(j);
	}
	json_end(j);
	if (m->n_questions > QUESTIONS_MAX)
		json_uint(j, "questions_left_out",
		    m->n_questions - QUESTIONS_MAX);
}

/* mcpcap's key for the data depends on the type. */
static void
data_write(const struct dns_message *m, const struct dns_record *r,
    struct arena *arena, struct json *j)
{
	const char *key = r->type == DNS_TYPE_CNAME ? "cname" :
	    r->type == DNS_TYPE_MX ? "mx" : "data";
	struct addr address;
	struct buf text;

	if (dns_record_address(r, &address)) {
		json_addr(j, "address", &address);
		return;
	}
	buf_init(&text, (size_t)256 << 10);
	dns_record_text(&text, m, r, arena);
	if (text.n > DATA_MAX)
		json_uint(j, "data_bytes", r->data.n);
	json_span(j, key, span_first(buf_bytes(&text), DATA_MAX));
	buf_free(&text);
}

static void
answers_write(const struct dns_message *m, struct arena *arena,
    struct json *j)
{
	char word[DNS_WORD];
	size_t n = 0;

	json_array(j, "answers");
	for (size_t i = 0; i < m->n_records; i++) {
		const struct dns_record *r = &m->records[i];

		if (r->section != DNS_ANSWER || n++ >= RECORDS_MAX)
			continue;
		json_object(j, NULL);
		json_span(j, "name", r->owner.text);
		json_uint(j, "type", r->type);
		json_text(j, "type_name", dns_type_text(r->type, word));
		json_uint(j, "class", r->class);
		json_uint(j, "ttl", r->ttl);
		data_write(m, r, arena, j);
		json_end(j);
	}
	json_end(j);
	if (n > RECORDS_MAX)
		json_uint(j, "answers_left_out", n - RECORDS_MAX);
}

static void
summary_write(const struct message *m, struct json *j)
{
	struct buf text;

	buf_init(&text, (size_t)64 << 10);
	m->proto->info(&text, m->data);
	json_span(j, "summary", span_first(buf_bytes(&text), DATA_MAX));
	buf_free(&text);
}

static const char *
transport_name(const struct transport *t)
{
	switch (t == NULL ? 0 : t->protocol) {
	case 6:
		return "TCP";
	case 17:
		return "UDP";
	case 132:
		return "SCTP";
	}
	return "other";
}

/* What limits the row or is out of the ordinary. */
static void
remarks_write(const struct dns_row *row, const struct dns_message *m,
    struct json *j)
{
	char word[DNS_WORD];

	if (m->response)
		json_text(j, "rcode", dns_rcode_text(m->rcode, word));
	if (row->latency >= 0) {
		json_uint(j, "query_packet", row->query_frame);
		json_ms(j, "latency_ms", row->latency);
	}
	if (row->m->first_frame != 0 &&
	    row->m->first_frame != row->p->record->number)
		json_uint(j, "first_frame", row->m->first_frame);
	if (row->m->odd_port)
		json_bool(j, "odd_port", true);
	if (row->m->malformed)
		json_bool(j, "malformed", true);
	if (row->m->cut)
		json_bool(j, "cut_by_snaplen", true);
	if (row->m->transport != NULL && row->m->transport->in_error)
		json_bool(j, "quoted_in_icmp_error", true);
}

void
dns_row_write(const struct dns_row *row, struct json *j)
{
	const struct dns_message *m = row->m->data;
	const struct transport *t = row->m->transport;
	const struct packet *p = row->p;

	json_object(j, NULL);
	json_uint(j, "packet_number", p->record->number);
	json_time(j, "timestamp", p->record->time);
	json_addr(j, "source_ip", t != NULL ? &t->src : &p->src);
	json_addr(j, "destination_ip", t != NULL ? &t->dst : &p->dst);
	if (t != NULL) {
		json_uint(j, "source_port", t->sport);
		json_uint(j, "destination_port", t->dport);
	}
	json_text(j, "protocol", transport_name(t));
	if (m->kind != DNS_UNICAST)
		json_text(j, "kind", row->m->proto->name);
	json_uint(j, "dns_id", m->id);
	flags_write(m, j);
	questions_write(m, j);
	answers_write(m, p->arena, j);
	remarks_write(row, m, j);
	summary_write(row->m, j);
	json_end(j);
}
