#include "proto/sip_fields.h"

#include "proto/sip_address.h"

#define TEXT_ROW(row, text, words) \
	[SIP_ROW_##row] = { .name = (text), .type = FIELD_STRING, \
	    .help = (words) }
#define NUMBER_ROW(row, text, words) \
	[SIP_ROW_##row] = { .name = (text), .type = FIELD_UINT, \
	    .bits = 32, .help = (words) }

static const struct field rows[SIP_ROWS] = {
	[SIP_ROW_SIP] = { .name = "sip", .type = FIELD_PROTOCOL,
	    .help = "Session Initiation Protocol" },
	TEXT_ROW(REQUEST_LINE, "sip.Request-Line", "Request line"),
	TEXT_ROW(METHOD, "sip.Method", "Method of a request"),
	TEXT_ROW(R_URI, "sip.r-uri", "Request-URI"),
	TEXT_ROW(R_URI_USER, "sip.r-uri.user", "User part of the Request-URI"),
	TEXT_ROW(R_URI_HOST, "sip.r-uri.host", "Host part of the Request-URI"),
	TEXT_ROW(R_URI_PORT, "sip.r-uri.port", "Port of the Request-URI"),
	TEXT_ROW(STATUS_LINE, "sip.Status-Line", "Status line"),
	NUMBER_ROW(STATUS_CODE, "sip.Status-Code", "Status code of a response"),
	TEXT_ROW(VIA, "sip.Via", "Via header"),
	TEXT_ROW(VIA_TRANSPORT, "sip.Via.transport", "Transport named by Via"),
	TEXT_ROW(VIA_ADDRESS, "sip.Via.sent-by.address", "Sender named by Via"),
	TEXT_ROW(VIA_BRANCH, "sip.Via.branch", "Transaction's branch"),
	TEXT_ROW(FROM, "sip.From", "From header"),
	TEXT_ROW(FROM_ADDR, "sip.from.addr", "URI of From"),
	TEXT_ROW(FROM_USER, "sip.from.user", "User of From"),
	TEXT_ROW(FROM_HOST, "sip.from.host", "Host of From"),
	TEXT_ROW(FROM_PORT, "sip.from.port", "Port of From"),
	TEXT_ROW(FROM_TAG, "sip.from.tag", "Tag of From"),
	TEXT_ROW(TO, "sip.To", "To header"),
	TEXT_ROW(TO_ADDR, "sip.to.addr", "URI of To"),
	TEXT_ROW(TO_USER, "sip.to.user", "User of To"),
	TEXT_ROW(TO_HOST, "sip.to.host", "Host of To"),
	TEXT_ROW(TO_PORT, "sip.to.port", "Port of To"),
	TEXT_ROW(TO_TAG, "sip.to.tag", "Tag of To"),
	TEXT_ROW(CONTACT, "sip.Contact", "Contact header"),
	TEXT_ROW(CONTACT_URI, "sip.contact.uri", "URI of Contact"),
	TEXT_ROW(CONTACT_USER, "sip.contact.user", "User of Contact"),
	TEXT_ROW(CONTACT_HOST, "sip.contact.host", "Host of Contact"),
	TEXT_ROW(CONTACT_PORT, "sip.contact.port", "Port of Contact"),
	TEXT_ROW(CALL_ID, "sip.Call-ID", "Call-ID header"),
	TEXT_ROW(CSEQ, "sip.CSeq", "CSeq header"),
	NUMBER_ROW(CSEQ_SEQ, "sip.CSeq.seq", "Number of CSeq"),
	TEXT_ROW(CSEQ_METHOD, "sip.CSeq.method", "Method of CSeq"),
	TEXT_ROW(CONTENT_TYPE, "sip.Content-Type", "Type of the body"),
	NUMBER_ROW(CONTENT_LENGTH, "sip.Content-Length", "Length of the body"),
	TEXT_ROW(USER_AGENT, "sip.User-Agent", "User-Agent header"),
	TEXT_ROW(SERVER, "sip.Server", "Server header"),
	NUMBER_ROW(EXPIRES, "sip.Expires", "Expires header, seconds"),
	TEXT_ROW(AUTHORIZATION, "sip.Authorization", "Authorization header"),
	TEXT_ROW(PROXY_AUTHORIZATION, "sip.Proxy-Authorization",
	    "Proxy-Authorization header"),
	TEXT_ROW(WWW_AUTHENTICATE, "sip.WWW-Authenticate",
	    "WWW-Authenticate header"),
	TEXT_ROW(PROXY_AUTHENTICATE, "sip.Proxy-Authenticate",
	    "Proxy-Authenticate header"),
	TEXT_ROW(AUTH_SCHEME, "sip.auth.scheme", "Authentication scheme"),
	TEXT_ROW(AUTH_USERNAME, "sip.auth.username", "User name given"),
	TEXT_ROW(AUTH_REALM, "sip.auth.realm", "Realm"),
	TEXT_ROW(AUTH_NONCE, "sip.auth.nonce", "Nonce"),
	TEXT_ROW(AUTH_URI, "sip.auth.uri", "URI authenticated"),
	TEXT_ROW(AUTH_RESPONSE, "sip.auth.digest.response", "Digest response"),
	TEXT_ROW(AUTH_ALGORITHM, "sip.auth.algorithm", "Digest algorithm"),
	TEXT_ROW(REASON, "sip.Reason", "Reason header (RFC 3326)"),
	NUMBER_ROW(MAX_FORWARDS, "sip.Max-Forwards", "Max-Forwards header"),
	TEXT_ROW(ROUTE, "sip.Route", "Route header"),
	TEXT_ROW(RECORD_ROUTE, "sip.Record-Route", "Record-Route header"),
	TEXT_ROW(ALLOW, "sip.Allow", "Allow header"),
	TEXT_ROW(ALLOW_EVENTS, "sip.Allow-Events", "Allow-Events header"),
	TEXT_ROW(SUPPORTED, "sip.Supported", "Supported header"),
	TEXT_ROW(REQUIRE, "sip.Require", "Require header"),
	TEXT_ROW(ACCEPT, "sip.Accept", "Accept header"),
	TEXT_ROW(EVENT, "sip.Event", "Event header"),
	TEXT_ROW(SUBJECT, "sip.Subject", "Subject header"),
	TEXT_ROW(WARNING, "sip.Warning", "Warning header"),
	TEXT_ROW(DATE, "sip.Date", "Date header"),
	TEXT_ROW(TIMESTAMP, "sip.Timestamp", "Timestamp header"),
	TEXT_ROW(ORGANIZATION, "sip.Organization", "Organization header"),
	TEXT_ROW(SESSION_EXPIRES, "sip.Session-Expires",
	    "Session-Expires header"),
	TEXT_ROW(SUBSCRIPTION_STATE, "sip.Subscription-State",
	    "Subscription-State header"),
	TEXT_ROW(REFER_TO, "sip.Refer-To", "Refer-To header"),
	TEXT_ROW(REFERRED_BY, "sip.Referred-by", "Referred-By header"),
	TEXT_ROW(CONTENT_ENCODING, "sip.Content-Encoding",
	    "Content-Encoding header"),
	TEXT_ROW(CONTENT_DISPOSITION, "sip.Content-Disposition",
	    "Content-Disposition header"),
	TEXT_ROW(P_ASSERTED_IDENTITY, "sip.P-Asserted-Identity",
	    "P-Asserted-Identity header"),
	TEXT_ROW(P_PREFERRED_IDENTITY, "sip.P-Preferred-Identity",
	    "P-Preferred-Identity header"),
	TEXT_ROW(P_ACCESS_NETWORK_INFO, "sip.P-Access-Network-Info",
	    "P-Access-Network-Info header"),
	NUMBER_ROW(RETRY_AFTER, "sip.Retry-After",
	    "Retry-After header, seconds"),
};

const struct field_table sip_fields = {
	"Session Initiation Protocol", rows, SIP_ROWS
};

const struct field *
sip_row(enum sip_row row)
{
	return &rows[row];
}

static void
text_put(struct field_list *l, enum sip_row row, struct span s)
{
	if (s.n > 0)
		field_put_bytes(l, &rows[row], s, s);
}

void
sip_fields_header(struct field_list *l, unsigned row, struct span line,
    struct span value)
{
	uint64_t number;

	if (rows[row].type == FIELD_STRING)
		field_put_bytes(l, &rows[row], line, value);
	else if (span_read_uint(value, UINT32_MAX, &number))
		field_put_number(l, &rows[row], line, number);
}

void
sip_fields_address(struct field_list *l, const struct sip_address *a,
    enum sip_row first)
{
	const struct sip_uri u = sip_uri_read(a->uri);

	text_put(l, first, a->uri);
	text_put(l, first + 1, u.user);
	text_put(l, first + 2, u.host);
	text_put(l, first + 3, u.port);
	if (first == SIP_ROW_FROM_ADDR)
		text_put(l, SIP_ROW_FROM_TAG, a->tag);
	else if (first == SIP_ROW_TO_ADDR)
		text_put(l, SIP_ROW_TO_TAG, a->tag);
}

/* SIP/2.0/UDP host:port;branch=... */
void
sip_fields_via(struct field_list *l, struct span value)
{
	size_t space = span_find_byte(value, ' ');
	struct span protocol = span_first(value, space);
	struct span sent_by = span_trim(span_after(value, space));
	size_t colon;

	for (unsigned i = 0; i < 2; i++)
		protocol = span_after(protocol,
		    span_find_byte(protocol, '/') + 1);
	text_put(l, SIP_ROW_VIA_TRANSPORT, protocol);
	sent_by = span_first(sent_by, span_find_byte(sent_by, ';'));
	colon = span_find_byte(sent_by, ':');
	if (sent_by.n > 0 && sent_by.p[0] == '[')
		sent_by = span_first(span_after(sent_by, 1),
		    span_find_byte(sent_by, ']') - 1);
	else
		sent_by = span_trim(span_first(sent_by, colon));
	text_put(l, SIP_ROW_VIA_ADDRESS, sent_by);
	text_put(l, SIP_ROW_VIA_BRANCH, sip_parameter(value, "branch"));
}

void
sip_fields_auth(struct field_list *l, const struct sip_auth *a)
{
	text_put(l, SIP_ROW_AUTH_SCHEME, a->scheme);
	text_put(l, SIP_ROW_AUTH_USERNAME, a->username);
	text_put(l, SIP_ROW_AUTH_REALM, a->realm);
	text_put(l, SIP_ROW_AUTH_NONCE, a->nonce);
	text_put(l, SIP_ROW_AUTH_URI, a->uri);
	text_put(l, SIP_ROW_AUTH_RESPONSE, a->response);
	text_put(l, SIP_ROW_AUTH_ALGORITHM, a->algorithm);
}
