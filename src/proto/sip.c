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

		if (!span_read_uint(code, 999, &status))
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
	field_number(l, sip_row(SIP_ROW_CSEQ_SEQ), number, n);
	if (m->cseq_method.n > 0)
		field_bytes(l, sip_row(SIP_ROW_CSEQ_METHOD), m->cseq_method);
}

static void
keep_first(struct span *kept, struct span value)
{
	if (kept->n == 0)
		*kept = value;
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

/* What the known headers mean, beyond their text. */
static void
header_use(struct sip_message *m, uint8_t id, struct span value,
    struct field_list *l)
{
	switch (id) {
	case SIP_VIA:
		keep_first(&m->via, value);
		if (l != NULL)
			sip_fields_via(l, value);
		break;
	case SIP_FROM:
		keep_first(&m->from, value);
		address_read(value, &m->from_address, l, SIP_ROW_FROM_ADDR);
		break;
	case SIP_TO:
		keep_first(&m->to, value);
		address_read(value, &m->to_address, l, SIP_ROW_TO_ADDR);
		break;
	case SIP_CONTACT:
		keep_first(&m->contact, value);
		if (l != NULL)
			contacts_read(value, l);
		break;
	case SIP_CALL_ID:
		keep_first(&m->call_id, value);
		break;
	case SIP_CSEQ:
		cseq_read(m, value, l);
		break;
	case SIP_CONTENT_TYPE:
		keep_first(&m->content_type, value);
		break;
	case SIP_CONTENT_LENGTH:
		number_read(value, &m->has_content_length,
		    &m->content_length);
		break;
	case SIP_EXPIRES:
		number_read(value, &m->has_expires, &m->expires);
		break;
	case SIP_USER_AGENT:
		keep_first(&m->user_agent, value);
		break;
	case SIP_SERVER:
		keep_first(&m->server, value);
		break;
	case SIP_REASON:
		keep_first(&m->reason_header, value);
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

static void
header_read(struct sip_message *m, struct span line, size_t colon,
    struct span value, struct field_list *l)
{
	struct span name = span_trim(span_first(line, colon));
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

static bool
is_folded(const struct cursor *c)
{
	const uint8_t *p = c->base + c->pos;

	return cur_left(c) > 0 && (*p == ' ' || *p == '\t');
}

/* Joins continuation lines with one space each (RFC 3261, 7.3.1); a copy is
 * made only for the few headers that are folded. */
static __attribute__((cold)) struct span
unfold(struct cursor *c, struct span value, struct arena *arena)
{
	const uint8_t *start = value.p;
	struct span all;
	uint8_t *copy;
	size_t n = 0;

	while (is_folded(c)) {
		struct span line = cur_line(c);

		value = span_of(start, (size_t)(line.p + line.n - start));
	}
	all = value;
	copy = arena_alloc(arena, all.n + 1, 1);
	if (copy == NULL)
		return span_first(all, span_find_byte(all, '\n'));
	for (size_t i = 0; i < all.n; i++) {
		uint8_t b = all.p[i];

		if (b == '\r' || b == '\n' || b == '\t')
			b = ' ';
		if (b != ' ' || (n > 0 && copy[n - 1] != ' '))
			copy[n++] = b;
	}
	return span_trim(span_of(copy, n));
}

static void
headers_read(struct cursor *c, struct decode *d, struct sip_message *m)
{
	while (cur_left(c) > 0) {
		struct span line = cur_line(c), value;
		size_t colon = span_find_byte(line, ':');

		if (line.n == 0) {
			m->headers_end = true;
			return;
		}
		value = span_after(line, colon + 1);
		if (value.n > 0 && value.p[0] == ' ')
			value = span_after(value, 1);
		value = span_trim(value);
		if (is_folded(c))
			value = unfold(c, value, d->arena);
		if (colon < line.n)
			header_read(m, line, colon, value, d->fields);
		else
			d->malformed = true;
	}
}

static void
body_read(struct cursor *c, struct decode *d, struct sip_message *m)
{
	struct span rest = cur_rest(c);

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

static void
message_init(struct sip_message *m)
{
	struct span e = span_empty();

	m->is_response = m->headers_end = false;
	m->status = 0;
	m->n_headers = m->n_left_out = 0;
	m->method = m->request_uri = m->version = m->reason = e;
	m->via = m->from = m->to = m->contact = m->call_id = m->cseq = e;
	m->content_type = m->user_agent = m->server = m->reason_header = e;
	m->from_address = m->to_address = (struct sip_address){ e, e };
	m->cseq_method = e;
	m->cseq_number = m->content_length = m->expires = 0;
	m->has_cseq = m->has_content_length = m->has_expires = false;
	m->auth.present = false;
	m->sdp = NULL;
}

/* Keep-alives (RFC 5626) may stand before a message in a stream. */
static __attribute__((cold)) void
skip_line_ends(struct cursor *c)
{
	while (cur_left(c) > 0 &&
	    (c->base[c->pos] == '\r' || c->base[c->pos] == '\n'))
		cur_skip(c, 1);
}

static const void *
sip_decode(struct cursor *c, struct decode *d)
{
	struct sip_message *m;
	struct span line, all;
	size_t entered;

	skip_line_ends(c);
	all = span_of(c->base + c->pos, cur_left(c));
	line = cur_line(c);
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
	headers_read(c, d, m);
	body_read(c, d, m);
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
	size_t start, headers;
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
	headers = body_length(span_first(s, start));
	if (headers > s.n - start)
		return at_end ? s.n : FRAME_MORE;
	return start + headers;
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
