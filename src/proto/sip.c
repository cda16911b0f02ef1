#include "proto/sip.h"

#include "base/bytes.h"
#include "base/text.h"
#include "base/word.h"
#include "proto/sdp.h"
#include "proto/sip_address.h"
#include "proto/sip_fields.h"
#include "proto/sip_header.h"

/* A start line or header line longer than this is no SIP of anybody's. */
#define SIP_LINE_MAX 65536

/* SIP/2.0 and nothing else: the only version there ever was. */
static inline bool
is_version(struct span s)
{
	return s.n == 7 &&
	    (word_le32(s.p) | 0x202020) == ('s' | 'i' << 8 | 'p' << 16 |
	    '/' << 24) &&
	    word_le32(s.p + 3) == ('/' | '2' << 8 | '.' << 16 | '0' << 24);
}

/* Method SP URI SP version (RFC 3261, 7.1), or version SP code SP reason. */
static bool
start_line_read(struct sip_message *m, struct span line)
{
	struct span rest = line;
	struct span first = sip_until(&rest, ' ');
	uint64_t status;

	m->start_line = line;
	if (is_version(first)) {
		struct span code = sip_until(&rest, ' ');

		if (code.n != 3 || !span_read_uint(code, 999, &status))
			return false;
		m->is_response = true;
		m->status = (unsigned)status;
		m->version = first;
		m->reason = rest;
		return true;
	}
	if (first.n == 0 || first.n == line.n)
		return false;
	m->method = first;
	m->request_uri = sip_until(&rest, ' ');
	m->version = rest;
	return m->request_uri.n > 0 && is_version(span_trim(rest));
}

static __attribute__((cold)) void
auth_read(struct sip_auth *a, struct span value, bool challenge,
    struct field_list *l)
{
	a->present = true;
	a->challenge = challenge;
	a->scheme = sip_until(&value, ' ');
	a->username = sip_credential(value, "username");
	a->realm = sip_credential(value, "realm");
	a->nonce = sip_credential(value, "nonce");
	a->uri = sip_credential(value, "uri");
	a->response = sip_credential(value, "response");
	a->algorithm = sip_credential(value, "algorithm");
	if (l != NULL)
		sip_fields_auth(l, a);
}

/* 4711 INVITE */
static void
cseq_read(struct sip_message *m, struct span value, struct field_list *l)
{
	struct span rest = value;
	struct span number = sip_until(&rest, ' ');
	uint64_t n;

	m->cseq = value;
	m->cseq_method = span_trim(rest);
	if (!span_read_uint(number, UINT32_MAX, &n))
		return;
	m->has_cseq = true;
	m->cseq_number = (uint32_t)n;
	if (l == NULL)
		return;
	field_number(l, sip_row(SIP_ROW_CSEQ_SEQ), number, n);
	if (m->cseq_method.n > 0)
		field_bytes(l, sip_row(SIP_ROW_CSEQ_METHOD), m->cseq_method);
}

static void
number_read(struct span value, bool *has, uint32_t *number)
{
	uint64_t n;

	value = span_first(value, span_find_byte(value, ';'));
	if (*has || !span_read_uint(span_trim(value), UINT32_MAX, &n))
		return;
	*has = true;
	*number = (uint32_t)n;
}

static void
address_read(struct span value, struct sip_address *a, struct field_list *l,
    enum sip_row first)
{
	sip_address_read(value, a);
	if (l != NULL)
		sip_fields_address(l, a, first);
}

static __attribute__((cold)) void
contacts_read(struct span list, struct field_list *l)
{
	struct sip_address a;

	while (list.n > 0)
		address_read(sip_address_next(&list), &a, l,
		    SIP_ROW_CONTACT_URI);
}

/* Where the first of a kind is kept. */
static const uint16_t kept[] = {
	[SIP_VIA] = offsetof(struct sip_message, via),
	[SIP_FROM] = offsetof(struct sip_message, from),
	[SIP_TO] = offsetof(struct sip_message, to),
	[SIP_CONTACT] = offsetof(struct sip_message, contact),
	[SIP_CALL_ID] = offsetof(struct sip_message, call_id),
	[SIP_CONTENT_TYPE] = offsetof(struct sip_message, content_type),
	[SIP_USER_AGENT] = offsetof(struct sip_message, user_agent),
	[SIP_SERVER] = offsetof(struct sip_message, server),
	[SIP_REASON] = offsetof(struct sip_message, reason_header),
};

static inline void
keep_first(struct sip_message *m, uint8_t id, struct span value)
{
	struct span *first;

	if (id >= LENGTH(kept) || kept[id] == 0)
		return;
	first = (struct span *)((uint8_t *)m + kept[id]);
	if (first->n == 0)
		*first = value;
}

/* What the known headers mean, beyond their text. */
static void
header_use(struct sip_message *m, uint8_t id, struct span value,
    struct field_list *l)
{
	keep_first(m, id, value);
	switch (id) {
	case SIP_VIA:
		if (l != NULL)
			sip_fields_via(l, value);
		break;
	case SIP_FROM:
		address_read(value, &m->from_address, l, SIP_ROW_FROM_ADDR);
		break;
	case SIP_TO:
		address_read(value, &m->to_address, l, SIP_ROW_TO_ADDR);
		break;
	case SIP_CONTACT:
		if (l != NULL)
			contacts_read(value, l);
		break;
	case SIP_CSEQ:
		cseq_read(m, value, l);
		break;
	case SIP_CONTENT_LENGTH:
		number_read(value, &m->has_content_length,
		    &m->content_length);
		break;
	case SIP_EXPIRES:
		number_read(value, &m->has_expires, &m->expires);
		break;
	case SIP_AUTHORIZATION:
	case SIP_PROXY_AUTHORIZATION:
		auth_read(&m->auth, value, false, l);
		break;
	case SIP_WWW_AUTHENTICATE:
	case SIP_PROXY_AUTHENTICATE:
		auth_read(&m->auth, value, true, l);
		break;
	default:
		break;
	}
}

/* Where millions pass: hardly any has blanks. */
static inline __attribute__((always_inline)) struct span
trim(struct span s)
{
	if (s.n == 0 || (s.p[0] > ' ' && s.p[s.n - 1] > ' '))
		return s;
	return span_trim_ends(s);
}

static inline void
header_read(struct sip_message *m, struct span line, size_t colon,
    struct span value, struct field_list *l)
{
	struct span name = trim(span_first(line, colon));
	const struct sip_header_row *row = sip_header_find(name);
	uint16_t depth = l != NULL ? l->depth : 0;

	if (l != NULL && row != NULL && row->row != SIP_ROW_SIP)
		sip_fields_header(l, row->row, line, value);
	if (l != NULL)
		l->depth++;
	header_use(m, row != NULL ? row->id : SIP_OTHER, value, l);
	if (l != NULL)
		l->depth = depth;
	if (m->n_headers == SIP_HEADERS) {
		m->n_left_out++;
		return;
	}
	m->headers[m->n_headers++] = (struct sip_header){
		.name = name,
		.value = value,
		.full = row != NULL ? row->name : NULL,
		.id = row != NULL ? row->id : SIP_OTHER,
	};
}

static inline bool
is_folded(struct span rest)
{
	return rest.n > 0 && rest.p[0] <= ' ' && span_blank(rest.p[0]);
}

/* Up to the end of a line or of all; *rest moves behind it.  A CR at the end
 * of all ends a line whose LF was cut off. */
static inline struct span
line_next(struct span *rest)
{
	size_t n = span_find_byte(*rest, '\n');
	struct span line = span_first(*rest, n);

	if (n > 0 && line.p[n - 1] == '\r')
		line.n--;
	*rest = span_after(*rest, n + 1);
	return line;
}

/* Joins continuation lines with one space each (RFC 3261, 7.3.1); a copy is
 * made only for the few headers that are folded. */
static __attribute__((cold)) struct span
unfold(struct span *rest, struct span value, struct arena *arena)
{
	const uint8_t *start = value.p;
	uint8_t *copy;
	size_t n = 0;

	while (is_folded(*rest)) {
		struct span line = line_next(rest);

		value = span_of(start, (size_t)(line.p + line.n - start));
	}
	copy = arena_alloc(arena, value.n + 1, 1);
	if (copy == NULL)
		return span_first(value, span_find_byte(value, '\n'));
	for (size_t i = 0; i < value.n; i++) {
		uint8_t b = value.p[i];

		if (b == '\r' || b == '\n' || b == '\t')
			b = ' ';
		if (b != ' ' || (n > 0 && copy[n - 1] != ' '))
			copy[n++] = b;
	}
	return span_trim(span_of(copy, n));
}

static void
headers_read(struct span *rest, struct decode *d, struct sip_message *m)
{
	while (rest->n > 0) {
		struct span line = line_next(rest), value;
		size_t colon = span_find_byte(line, ':');

		if (line.n == 0) {
			m->headers_end = true;
			return;
		}
		value = span_after(line, colon + 1);
		if (value.n > 0 && value.p[0] == ' ')
			value = span_after(value, 1);
		value = trim(value);
		if (is_folded(*rest))
			value = unfold(rest, value, d->arena);
		if (colon < line.n)
			header_read(m, line, colon, value, d->fields);
		else
			d->malformed = true;
	}
}

static void
body_read(struct span rest, struct decode *d, struct sip_message *m)
{
	if (m->has_content_length)
		rest = span_first(rest, m->content_length);
	m->body = rest;
	if (m->content_type.n > 0 &&
	    span_starts_nocase(m->content_type, "application/sdp"))
		m->sdp = sdp_decode(rest, d);
}

static __attribute__((cold)) void
start_line_fields(const struct sip_message *m, struct field_list *l)
{
	struct sip_address uri = { m->request_uri, span_empty() };
	struct span code = span_first(span_after(m->start_line,
	    m->version.n + 1), 3);

	if (m->is_response) {
		field_bytes(l, sip_row(SIP_ROW_STATUS_LINE), m->start_line);
		l->depth++;
		field_number(l, sip_row(SIP_ROW_STATUS_CODE), code,
		    m->status);
		l->depth--;
		return;
	}
	field_bytes(l, sip_row(SIP_ROW_REQUEST_LINE), m->start_line);
	l->depth++;
	field_bytes(l, sip_row(SIP_ROW_METHOD), m->method);
	sip_fields_address(l, &uri, SIP_ROW_R_URI);
	l->depth--;
}

/* The spans between two members, both included: there is nothing else. */
static inline __attribute__((always_inline)) void
spans_clear(struct sip_message *m, size_t from, size_t to)
{
	const struct span e = span_empty();

	for (; from <= to; from += sizeof(e))
		memcpy((uint8_t *)m + from, &e, sizeof(e));
}

#define SPANS(first, last) offsetof(struct sip_message, first), \
	offsetof(struct sip_message, last)

static void
message_init(struct sip_message *m)
{
	m->is_response = m->headers_end = false;
	m->status = 0;
	m->n_headers = m->n_left_out = 0;
	spans_clear(m, SPANS(method, reason));
	spans_clear(m, SPANS(via, cseq_method));
	m->cseq_number = m->content_length = m->expires = 0;
	m->has_cseq = m->has_content_length = m->has_expires = false;
	m->auth.present = false;
	m->sdp = NULL;
}

_Static_assert(offsetof(struct sip_message, reason) -
    offsetof(struct sip_message, method) == 3 * sizeof(struct span) &&
    offsetof(struct sip_message, cseq_method) -
    offsetof(struct sip_message, via) == 14 * sizeof(struct span),
    "spans and nothing else");

/* Keep-alives (RFC 5626) may stand before a message in a stream. */
static __attribute__((cold)) void
skip_line_ends(struct cursor *c)
{
	while (cur_left(c) > 0 &&
	    (c->base[c->pos] == '\r' || c->base[c->pos] == '\n'))
		cur_skip(c, 1);
}

/* Of what was cut: a part of a line is not what was sent, be it a Call-ID or
 * the port of a stream. */
static __attribute__((cold)) struct span
whole_lines(struct span s)
{
	while (s.n > 0 && s.p[s.n - 1] != '\n' && s.p[s.n - 1] != '\r')
		s.n--;
	return s;
}

static const void *
sip_decode(struct cursor *c, struct decode *d)
{
	struct sip_message *m;
	struct span line, all, rest;
	size_t entered;
	bool cut;

	skip_line_ends(c);
	cut = cur_left(c) < cur_claimed_left(c);
	all = rest = cur_rest(c);
	line = line_next(&rest);
	if (line.n == 0 || line.n > SIP_LINE_MAX)
		return NULL;
	m = arena_room(d->arena, 1, sizeof(*m));
	if (m == NULL)
		return NULL;
	message_init(m);
	if (!start_line_read(m, line))
		return NULL;
	entered = field_enter(d->fields, sip_row(SIP_ROW_SIP), all);
	if (d->fields != NULL)
		start_line_fields(m, d->fields);
	if (cut)
		rest = whole_lines(rest);
	headers_read(&rest, d, m);
	body_read(rest, d, m);
	field_leave(d->fields, entered, all.p + all.n);
	return m;
}

/* RFC 3261, 25.1: letters, digits and -.!%*_+`'~ */
static bool
is_token(uint8_t byte)
{
	static const uint32_t token[8] = {
		0, 0x03ff6ca2, 0x87fffffe, 0x47ffffff
	};

	return (token[byte / 32] >> byte % 32 & 1) != 0;
}

static bool
sip_looks_from(uint8_t byte)
{
	return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* A letter and then a token, as far as the first bytes tell, or the version:
 * every payload is asked this, and hardly any has it. */
static bool
may_start(struct span s)
{
	struct cursor c = cur_open(span_first(s, 8));
	uint8_t byte = cur_u8(&c);

	if (!sip_looks_from(byte))
		return false;
	while (is_token(byte))
		byte = cur_u8(&c);
	return byte == ' ' || byte == '/' || cur_left(&c) == 0;
}

static bool
sip_looks_on(uint8_t byte)
{
	return is_token(byte) || byte == ' ' || byte == '/';
}

/* Where start_line_read() will look for the version: before a message is made
 * of lines that are, mostly, others'. */
static bool
has_version(struct span line)
{
	struct span trimmed = span_trim(line);

	return is_version(span_first(line, 7)) || (trimmed.n >= 7 &&
	    is_version(span_after(trimmed, trimmed.n - 7)));
}

static bool
starts(struct span line)
{
	BYTES_UNSET struct sip_message m;

	return start_line_read(&m, line);
}

/* Content on any port: a first line that only SIP writes. */
static bool
sip_looks_like(struct span s, size_t claimed, const struct transport *t)
{
	struct cursor c = cur_open(span_first(s, 4096));
	struct span line;

	(void)claimed;
	(void)t;
	if (s.n < 12 || !may_start(s))
		return false;
	line = cur_line(&c);
	return cur_left(&c) > 0 && has_version(line) && starts(line);
}

/* Where the empty line ends the headers; 0 when it is not there yet. */
static __attribute__((cold)) size_t
headers_length(struct span s)
{
	size_t at = 0;

	while (at < s.n) {
		struct span rest = span_after(s, at);
		size_t n = span_find_byte(rest, '\n');

		if (n == rest.n)
			return 0;
		if (n == 0 || (n == 1 && rest.p[0] == '\r'))
			return at + n + 1;
		at += n + 1;
	}
	return 0;
}

static __attribute__((cold)) uint32_t
body_length(struct span headers)
{
	struct cursor c = cur_open(headers);
	uint32_t length = 0;
	bool has = false;

	while (cur_left(&c) > 0 && !has) {
		struct span line = cur_line(&c);
		struct span value = line;
		struct span name = span_trim(sip_until(&value, ':'));

		if (span_is_nocase(name, "content-length") ||
		    span_is_nocase(name, "l"))
			number_read(span_trim(value), &has, &length);
	}
	/* As in Wireshark: no such body is waited for in vain. */
	return length > INT32_MAX ? 0 : length;
}

static __attribute__((cold)) size_t
sip_frame(struct span s, bool at_end)
{
	struct cursor c = cur_open(s);
	size_t start, headers, body;
	struct span line;

	skip_line_ends(&c);
	start = c.pos;
	if (cur_left(&c) == 0)
		return at_end ? FRAME_NOT : FRAME_MORE;
	line = cur_line(&c);
	if (cur_left(&c) == 0 && !at_end && line.n < SIP_LINE_MAX)
		return FRAME_MORE;
	if (!sip_looks_like(span_after(s, start), s.n - start, NULL))
		return FRAME_NOT;
	headers = headers_length(span_after(s, start));
	if (headers == 0)
		return at_end ? s.n : FRAME_MORE;
	start += headers;
	body = body_length(span_first(s, start));
	if (body > s.n - start)
		return at_end ? s.n : FRAME_MORE;
	return start + body;
}

static __attribute__((cold)) void
sip_info(struct buf *out, const void *data)
{
	const struct sip_message *m = data;

	if (m->is_response) {
		buf_printf(out, "Status: %u ", m->status);
		text_escape(out, m->reason, 64);
		if (m->cseq_method.n > 0) {
			buf_text(out, " (");
			text_escape(out, m->cseq_method, 32);
			buf_text(out, ")");
		}
		return;
	}
	buf_text(out, "Request: ");
	text_escape(out, m->method, 32);
	buf_text(out, " ");
	text_escape(out, m->request_uri, 96);
}

static struct span
sip_subject(const void *data)
{
	const struct sip_message *m = data;

	return m->call_id;
}

static const struct proto_port ports[] = {
	{ 17, 5060, 5060 },
	{ 6, 5060, 5060 },
	{ 132, 5060, 5060 },
	{ 0, 0, 0 },
};

const struct proto proto_sip = {
	.name = "sip",
	.title = "Session Initiation Protocol",
	.fields = &sip_fields,
	.ports = ports,
	.looks_like = sip_looks_like,
	.looks_from = sip_looks_from,
	.looks_on = sip_looks_on,
	.frame = sip_frame,
	.decode = sip_decode,
	.info = sip_info,
	.subject = sip_subject,
};
