#include "base/bytes.h"
#include "base/number.h"
#include "base/put.h"
#include "base/word.h"
#include "proto/dns_rdata.h"
#include "proto/rows.h"

/*
 * DNS as the dispatch sees it: ports, messages in a TCP stream, recognition
 * on other ports, the line of a packet list.
 */
#define HEADER 12

static const struct field mdns_rows[] = {
	LAYER("mdns", "Multicast Domain Name System"),
};
static const struct field_table mdns_table = {
	"Multicast Domain Name System", mdns_rows, LENGTH(mdns_rows),
};
static const struct field llmnr_rows[] = {
	LAYER("llmnr", "Link-local Multicast Name Resolution"),
};
static const struct field_table llmnr_table = {
	"Link-local Multicast Name Resolution", llmnr_rows, LENGTH(llmnr_rows),
};

static const void *
dns_decode(struct cursor *c, struct decode *d)
{
	return dns_message_decode(c, d, DNS_UNICAST, &dns_rows[DNS_ROW]);
}

static const void *
mdns_decode(struct cursor *c, struct decode *d)
{
	return dns_message_decode(c, d, DNS_MULTICAST, &mdns_rows[0]);
}

static const void *
llmnr_decode(struct cursor *c, struct decode *d)
{
	return dns_message_decode(c, d, DNS_LINK_LOCAL, &llmnr_rows[0]);
}

struct header {
	uint16_t id, flags, counts[4];
};

static struct header
header_read(struct cursor *c)
{
	struct span s = cur_take(c, HEADER);
	struct header h = { 0 };

	if (s.n < HEADER)
		return h;
	h.id = word_be16(s.p);
	h.flags = word_be16(s.p + 2);
	for (size_t i = 0; i < LENGTH(h.counts); i++)
		h.counts[i] = word_be16(s.p + 4 + 2 * i);
	return h;
}

/* After a gap the next bytes may be the middle of anything: an opcode that
 * nobody assigned or more records than fit is no message, nor is a length of 0
 * before what is none. */
static __attribute__((cold)) size_t
dns_frame(struct span s, bool at_end)
{
	struct cursor c = cur_open(s);
	uint16_t n = cur_be16(&c);
	const bool empty = n == 0;
	struct header h;
	size_t least;

	(void)at_end;
	if (empty && s.n < 4)
		return s.n > 1 ? 2 : FRAME_MORE;
	if (empty)
		n = cur_be16(&c);
	if (n < HEADER)
		return FRAME_NOT;
	h = header_read(&c);
	if (!cur_ok(&c))
		return empty ? 2 : FRAME_MORE;
	least = HEADER + (size_t)h.counts[0] * 5 + ((size_t)h.counts[1] +
	    h.counts[2] + h.counts[3]) * 11;
	if ((h.flags >> 11 & 0xf) > 6 || least > n)
		return FRAME_NOT;
	if (empty)
		n = 0;
	return s.n < (size_t)n + 2 ? FRAME_MORE : (size_t)n + 2;
}

static bool
class_known(uint16_t class)
{
	class &= 0x7fff;
	return class == 1 || class == 3 || class == 4 || class == 254 ||
	    class == 255;
}

/* A name as it stands: labels and at most one pointer. */
static __attribute__((cold)) bool
name_skip(struct cursor *c)
{
	uint8_t n;

	while ((n = cur_u8(c)) != 0 && n <= 63)
		cur_skip(c, n);
	if (n >= 0xc0)
		cur_skip(c, 1);
	return cur_ok(c) && (n == 0 || n >= 0xc0);
}

static __attribute__((cold)) bool
questions_fit(struct cursor *c, size_t n)
{
	while (n-- > 0) {
		if (!name_skip(c) || cur_be16(c) == 0 ||
		    !class_known(cur_be16(c)))
			return false;
	}
	return cur_ok(c);
}

/* Behind a question some clients (DNSCrypt's) pad with a record of zeros. */
static __attribute__((cold)) bool
records_fit(struct cursor *c, size_t n, bool asked)
{
	uint16_t type, class;

	while (n-- > 0) {
		if (!name_skip(c))
			return false;
		type = cur_be16(c);
		class = cur_be16(c);
		cur_skip(c, 4);
		cur_skip(c, cur_be16(c));
		if (type == 0 ? class != 0 || !asked :
		    type != DNS_TYPE_OPT && !class_known(class))
			return false;
	}
	return cur_ok(c);
}

#define NOT_SET 0x7840 /* of the flags: opcode and what is reserved */
/* Of these, and of three counts that are small. */
#define ALL_NOT_SET UINT64_C(0xf0ff80fffeff4078)

/*
 * Wireshark's conditions on the header (opcode 0; a query has one question
 * and no answers, a response at most one question), and then ours: all
 * that the header promises is there and nothing else.
 */
static bool
dns_looks_like(struct span payload, size_t claimed, const struct transport *t)
{
	struct cursor c = cur_open(payload), flags = c;
	struct header h;
	bool response;

	if (t->protocol != 17 || payload.n <= HEADER || payload.n < claimed)
		return false;
	/* Most other payloads end here. */
	cur_skip(&flags, 2);
	if ((cur_be16(&flags) & NOT_SET) != 0)
		return false;
	h = header_read(&c);
	response = (h.flags & 0x8000) != 0;
	if (h.counts[3] > 10)
		return false;
	if (!response && (h.counts[0] != 1 || h.counts[1] != 0 ||
	    h.counts[2] != 0 || (h.flags & 0x8f) != 0))
		return false;
	if (response && (h.counts[0] > 1 || h.counts[1] > 100 ||
	    h.counts[2] > 10 || h.counts[0] + h.counts[1] == 0))
		return false;
	return questions_fit(&c, h.counts[0]) && records_fit(&c,
	    (size_t)h.counts[1] + h.counts[2] + h.counts[3],
	    h.counts[0] > 0) && cur_left(&c) == 0;
}

#define WORDS_ROOM 64 /* for words and numbers; no address is longer */

static void
question_info(struct buf *out, const struct dns_question *q)
{
	char *p = (char *)buf_room(out, WORDS_ROOM + q->name->text.n);
	char word[DNS_WORD];

	if (p == NULL)
		return;
	*p++ = ' ';
	p = put_word(p, dns_type_text(q->type, word));
	*p++ = ' ';
	bytes_copy((uint8_t *)p, q->name->text.p, q->name->text.n);
	out->n = (size_t)((uint8_t *)p - out->p) + q->name->text.n;
}

static void
record_info(struct buf *out, const struct dns_record *r)
{
	char *p = (char *)buf_room(out, WORDS_ROOM + ADDR_TEXT);
	char word[DNS_WORD];
	struct addr a;

	if (p == NULL)
		return;
	*p++ = ' ';
	p = put_word(p, dns_type_text(r->type, word));
	if (dns_record_address(r, &a)) {
		*p++ = ' ';
		p += addr_write(p, &a);
	}
	out->n = (size_t)((uint8_t *)p - out->p);
}

#define INFO_MAX 300

/* "Standard query response 0x0001 No such name A example.org A 192.0.2.1" */
static __attribute__((cold)) void
dns_info(struct buf *out, const void *data)
{
	static const char *const kinds[] = {
		"Standard query", "Inverse query", "Server status request",
		"Unknown operation", "Zone change notification",
		"Dynamic update", "DNS Stateful operations",
	};
	const struct dns_message *m = data;
	size_t start = out->n;
	char *p = (char *)buf_room(out, 2 * WORDS_ROOM);
	char word[DNS_WORD];

	if (p == NULL)
		return;
	p = put_word(p, kinds[m->opcode < LENGTH(kinds) ? m->opcode : 3]);
	if (m->response)
		p = PUT(p, " response");
	*p++ = ' ';
	p += number_hex(p, m->id, 4);
	if (m->response && m->rcode != 0) {
		*p++ = ' ';
		p = put_word(p, dns_rcode_text(m->rcode, word));
	}
	out->n = (size_t)((uint8_t *)p - out->p);
	for (size_t i = 0; i < m->n_questions; i++)
		if (out->n - start < INFO_MAX)
			question_info(out, &m->questions[i]);
	for (size_t i = 0; i < m->n_records; i++)
		if (out->n - start < INFO_MAX)
			record_info(out, &m->records[i]);
}

/* The name asked; of an mDNS answer, that asks nothing, the first owner. */
static struct span
dns_subject(const void *data)
{
	const struct dns_message *m = data;

	if (m->n_questions > 0)
		return m->questions[0].name->text;
	return m->n_records > 0 ? m->records[0].owner->text : span_empty();
}

const struct proto proto_dns = {
	.name = "dns",
	.title = "Domain Name System",
	.fields = &dns_table,
	.found_by = "mdns llmnr",
	.ports = (const struct proto_port[]){
		{ 17, 53, 53 }, { 6, 53, 53 }, { 6, 5353, 5353 },
		{ 132, 53, 53 }, { 0, 0, 0 },
	},
	.looks_like = dns_looks_like,
	.looks_over = 17,
	.looks_zero = ALL_NOT_SET,
	.frame = dns_frame,
	.decode = dns_decode,
	.info = dns_info,
	.subject = dns_subject,
};

const struct proto proto_mdns = {
	.name = "mdns",
	.title = "Multicast Domain Name System",
	.fields = &mdns_table,
	.ports = (const struct proto_port[]){
		{ 17, 5353, 5353 }, { 0, 0, 0 },
	},
	.decode = mdns_decode,
	.info = dns_info,
	.subject = dns_subject,
};

const struct proto proto_llmnr = {
	.name = "llmnr",
	.title = "Link-local Multicast Name Resolution",
	.fields = &llmnr_table,
	.ports = (const struct proto_port[]){
		{ 17, 5355, 5355 }, { 0, 0, 0 },
	},
	.decode = llmnr_decode,
	.info = dns_info,
	.subject = dns_subject,
};
