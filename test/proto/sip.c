#include "proto/sip.h"

#include <stdio.h>

#include "message.h"
#include "proto/sdp.h"
#include "proto/sip_header.h"

static const struct sip_message *
read_text(struct reading *r, const char *text)
{
	struct span s = span_text(text);

	return reading_cut(r, &proto_sip, s, s.n);
}

/* Each by its name, in small letters and large ones, and nothing else. */
static void
test_header_names(void)
{
	static const char *const names[] = {
		"to", "via", "from", "cseq", "date", "route", "allow",
		"event", "server", "reason", "accept", "contact", "call-id",
		"expires", "require", "subject", "warning", "refer-to",
		"supported", "timestamp", "user-agent", "referred-by",
		"retry-after", "content-type", "max-forwards", "record-route",
		"allow-events", "organization", "authorization",
		"content-length", "session-expires", "www-authenticate",
		"content-encoding", "proxy-authenticate",
		"subscription-state", "proxy-authorization",
		"content-disposition", "p-asserted-identity",
		"p-preferred-identity", "p-access-network-info",
	};
	char text[40];

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct sip_header_row *r;
		size_t n = strlen(names[i]);

		r = sip_header_find(span_text(names[i]));
		ok(r != NULL && r->length == n &&
		    strcmp(r->name, names[i]) == 0);
		for (size_t k = 0; k <= n; k++)
			text[k] = names[i][k] >= 'a' ?
			    (char)(names[i][k] - 32) : names[i][k];
		ok(r != NULL && sip_header_find(span_text(text)) == r);
		text[0] ^= 0x40;
		ok(sip_header_find(span_text(text)) == NULL);
		text[0] ^= 0x40;
		text[n / 2] ^= 0x10;
		ok(sip_header_find(span_text(text)) != r);
	}
	ok(sip_header_find(span_empty()) == NULL);
	ok(sip_header_find(span_text("V"))->id == SIP_VIA);
	ok(sip_header_find(span_text("q")) == NULL);
}

/* RFC 3261's compact names, folding, addresses, credentials. */
static void
test_request(void)
{
	struct reading r;
	const struct sip_message *m = read_text(&r,
	    "REGISTER sip:example.org SIP/2.0\r\n"
	    "v: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa\r\n"
	    "v: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKb\r\n"
	    "f: \"A, <b>\" <sip:alice@example.org:5070>;x=1;tag=t1\r\n"
	    "T:sip:bob@example.org;tag=t2\r\n"
	    "i: id@h\r\nCSeq:   7   REGISTER\r\n"
	    "m: <sip:alice@192.0.2.1>\r\nExpires: 60\r\n"
	    "Authorization: Digest username=\"al\\\"ice\",\r\n"
	    "  realm=\"r, s\" , nonce=abc\r\n"
	    "User-Agent: one\r\n\ttwo\r\nl: 2\r\n\r\nab");

	ok(m != NULL && !m->is_response && m->headers_end);
	ok_span(m->method, "REGISTER");
	ok_span(m->request_uri, "sip:example.org");
	ok_text(reading_field(&r, "sip.Via.branch", 0), "z9hG4bKa");
	ok_span(m->from_address.uri, "sip:alice@example.org:5070");
	ok_text(reading_field(&r, "sip.from.user", 0), "alice");
	ok_text(reading_field(&r, "sip.from.host", 0), "example.org");
	ok_text(reading_field(&r, "sip.from.port", 0), "5070");
	ok_span(m->from_address.tag, "t1");
	ok_span(m->to_address.tag, "t2");
	ok_span(m->call_id, "id@h");
	ok_int(m->cseq_number, 7);
	ok_span(m->cseq_method, "REGISTER");
	ok(m->has_expires && m->expires == 60);
	ok_span(m->user_agent, "one two");
	ok(m->auth.present && !m->auth.challenge);
	ok_span(m->auth.scheme, "Digest");
	ok_span(m->auth.realm, "r, s");
	ok_span(m->auth.nonce, "abc");
	ok_span(m->body, "ab");
	ok_text(reading_field(&r, "sip.CSeq.seq", 0), "7");
	reading_close(&r);
}

static void
test_response(void)
{
	struct reading r;
	const struct sip_message *m = read_text(&r,
	    "SIP/2.0 183 Session Progress\r\nServer: s/1\r\n"
	    "CSeq: 4294967295 INVITE\r\nContent-Type: application/sdp\r\n\r\n"
	    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\n"
	    "t=0 0\r\nm=audio 41000 RTP/AVP 0 101\r\na=sendonly\r\n"
	    "a=rtpmap:101 telephone-event/8000\r\n"
	    "m=video 41002/2 RTP/SAVP 97\r\nc=IN IP6 2001:db8::1\r\n"
	    "a=rtpmap:97 H264/90000\r\n");

	ok(m != NULL && m->is_response);
	ok_int(m->status, 183);
	ok_span(m->reason, "Session Progress");
	ok_span(m->server, "s/1");
	ok(m->has_cseq && m->cseq_number == 4294967295U);
	ok(m->sdp != NULL);
	ok_int(m->sdp->n_media, 2);
	ok_span(m->sdp->media[0].kind, "audio");
	ok_span(m->sdp->media[0].direction, "sendonly");
	ok_int(m->sdp->media[0].n_formats, 2);
	ok_span(m->sdp->media[0].formats[1].encoding, "telephone-event/8000");
	ok_int(m->sdp->media[0].port, 41000);
	ok_span(m->sdp->media[0].address_text, "192.0.2.9");
	ok_span(m->sdp->media[1].transport, "RTP/SAVP");
	ok_span(m->sdp->media[1].address_text, "2001:db8::1");
	ok_int(m->sdp->media[1].port, 41002);
	reading_close(&r);
}

/* No headers, no line end, numbers beyond, a line of nothing but colons. */
static void
test_hostile(void)
{
	static const char *const texts[] = {
		"INVITE sip:a SIP/2.0\r\n\r\n",
		"INVITE sip:a SIP/2.0",
		"SIP/2.0 99999 x\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\n:::\r\n: :\r\nVia\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nCSeq: 99999999999 X\r\n"
		"l: -1\r\nFrom: <<<<\r\nTo: \"\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\n folded before any\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nAuthorization: Digest ,,=,\"\r\n\r\n",
		"INVITE sip:a SIP/2.0\r\nc: application/sdp\r\n\r\nv=0\r\n"
		"m=\r\nm=audio\r\nm=audio 99999 RTP/AVP 300\r\na=rtpmap:\r\n",
	};
	static char line[1 << 20];
	const struct sip_message *m;
	struct reading r;

	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct span s = span_text(texts[i]);

		(void)reading_cut(&r, &proto_sip, s, s.n);
		reading_close(&r);
		reading_cut_everywhere(&proto_sip, s);
	}
	memset(line, 'x', sizeof(line));
	memcpy(line, "INVITE sip:a SIP/2.0\r\nSubject: ", 31);
	m = reading_cut(&r, &proto_sip, span_of(line, sizeof(line)),
	    sizeof(line));
	ok(m != NULL && !m->headers_end);
	ok_int(m->n_headers, 1);
	reading_close(&r);
	/* What is cut within a line may be longer than it looks. */
	m = reading_cut(&r, &proto_sip,
	    span_text("BYE sip:a SIP/2.0\r\nSubject: x\r\nCall-ID: ab"), 90);
	ok(m != NULL && m->n_headers == 1);
	ok_int(m->call_id.n, 0);
	ok_text(reading_field(&r, "sip.Call-ID", 0), "");
	reading_close(&r);
	m = reading_cut(&r, &proto_sip,
	    span_text("BYE sip:a SIP/2.0\r\nCall-ID: ab"), 30);
	ok(m != NULL);
	ok_span(m->call_id, "ab");
	reading_close(&r);
	m = reading_cut(&r, &proto_sip,
	    span_text("BYE sip:a SIP/2.0\r\nContent-Type: application/sdp\r\n"
	    "\r\nv=0\r\nm=audio 400 RTP/AVP 0\r\nm=audio 40"), 200);
	ok(m != NULL && m->sdp != NULL && m->sdp->n_media == 1);
	reading_close(&r);
	/* Three digits, no more and no fewer. */
	ok(reading_cut(&r, &proto_sip, span_text("SIP/2.0 20 OK\r\n\r\n"),
	    17) == NULL);
	reading_close(&r);
	ok(reading_cut(&r, &proto_sip, span_text("SIP/2.0 2"), 90) == NULL);
	reading_close(&r);
	/* Cut between CR and LF, of a header and of the empty line. */
	m = reading_cut(&r, &proto_sip,
	    span_text("BYE sip:a SIP/2.0\r\nSubject: x\r"), 90);
	ok(m != NULL && m->n_headers == 1);
	ok_span(m->headers[0].value, "x");
	reading_close(&r);
	m = reading_cut(&r, &proto_sip,
	    span_text("BYE sip:a SIP/2.0\r\nSubject: x\r\n\r"), 90);
	ok(m != NULL && m->headers_end && !r.decode.malformed);
	reading_close(&r);
}

/* Each known name in any case, and what only looks like one. */
static void
test_names(void)
{
	static const char *const names[] = {
		"via", "from", "to", "contact", "call-id", "cseq",
		"content-type", "content-length", "user-agent", "server",
		"expires", "authorization", "proxy-authorization",
		"www-authenticate", "proxy-authenticate", "reason",
		"max-forwards", "route", "record-route", "allow",
		"allow-events", "supported", "require", "accept", "event",
		"subject", "warning", "date", "timestamp", "organization",
		"session-expires", "subscription-state", "refer-to",
		"referred-by", "content-encoding", "content-disposition",
		"p-asserted-identity", "p-preferred-identity",
		"p-access-network-info", "retry-after",
	};
	static const char *const others[] = {
		"tp", "vib", "fro", "froms", "call\rid", "CALL\x0dID", "ca@l-id",
		"max-forwarT", "dat%", "z", "",
		"p-access-network-infos", "p-asserted-identitz",
	};
	char text[200], upper[40];
	struct reading r;

	for (size_t i = 0; i < LENGTH(names) + LENGTH(others); i++) {
		bool known = i < LENGTH(names);
		const char *name = known ? names[i] :
		    others[i - LENGTH(names)];
		const struct sip_message *m;
		size_t n = strlen(name);

		for (size_t k = 0; k <= n; k++)
			upper[k] = k % 2 == i % 2 && name[k] >= 'a' &&
			    name[k] <= 'z' ? (char)(name[k] - 32) : name[k];
		(void)snprintf(text, sizeof(text),
		    "OPTIONS sip:a SIP/2.0\r\n%s: 7\r\n%s: 7\r\n\r\n", name,
		    upper);
		m = read_text(&r, text);
		ok(m != NULL && m->n_headers == 2);
		for (size_t k = 0; k < 2; k++)
			ok(known ? m->headers[k].full != NULL &&
			    strcmp(m->headers[k].full, name) == 0 :
			    m->headers[k].full == NULL);
		reading_close(&r);
	}
}

/* How long a message in a stream is said to be. */
static size_t
frame(const char *length)
{
	char text[200];

	(void)snprintf(text, sizeof(text), "OPTIONS sip:a SIP/2.0\r\n"
	    "Content-Length: %s\r\n\r\nab", length);
	return proto_sip.frame(span_text(text), false) -
	    (strlen(text) - 2);
}

static void
test_frame(void)
{
	ok_int(frame("0"), 0);
	ok_int(frame("2"), 2);
	ok(frame("3") > 2); /* FRAME_MORE */
	ok(frame("2147483647") > 2);
	/* Else one message hides all others of its connection. */
	ok_int(frame("2147483648"), 0);
	ok_int(frame("4294967295"), 0);
	ok_int(frame("99999999999999999999"), 0);
	ok_int(frame("-1"), 0);
}

int
main(void)
{
	test_header_names();
	test_request();
	test_response();
	test_hostile();
	test_names();
	test_frame();
	return tap_done();
}
