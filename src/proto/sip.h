#ifndef PROTO_SIP_H
#define PROTO_SIP_H

#include "proto/proto.h"

/*
 * SIP (RFC 3261) over UDP and TCP: compact header forms (7.3.3), folded
 * headers (7.3.1), several messages in a stream.  Spans point into the
 * message, or into the packet's arena where folding had to be undone.
 */
#define SIP_HEADERS 128 /* kept; more are counted */

enum sip_header_id {
	SIP_OTHER,
	SIP_VIA,
	SIP_FROM,
	SIP_TO,
	SIP_CONTACT,
	SIP_CALL_ID,
	SIP_CSEQ,
	SIP_CONTENT_TYPE,
	SIP_CONTENT_LENGTH,
	SIP_USER_AGENT,
	SIP_SERVER,
	SIP_EXPIRES,
	SIP_AUTHORIZATION,
	SIP_PROXY_AUTHORIZATION,
	SIP_WWW_AUTHENTICATE,
	SIP_PROXY_AUTHENTICATE,
	SIP_REASON,
};

struct sip_header {
	struct span name;  /* as written */
	struct span value; /* unfolded, trimmed */
	const char *full;  /* full lower-case name of a known header */
	uint8_t id;        /* enum sip_header_id */
};

/* "Name" <sip:user@host:port;params>;tag=x, taken apart. */
struct sip_address {
	struct span uri, tag;
};

/* Credentials and challenges (RFC 3261, 22): Digest and the like.  Nothing
 * else is set when there are none. */
struct sip_auth {
	bool present, challenge;
	struct span scheme, username, realm, nonce, uri, response, algorithm;
};

struct sip_message {
	bool is_response;
	unsigned status;         /* of a response */
	struct span start_line;
	struct span method, request_uri, version, reason;
	size_t n_headers, n_left_out;
	bool headers_end;        /* the empty line was seen */
	/* The first of each; n == 0 when absent. */
	struct span via, from, to, contact, call_id, cseq, content_type;
	struct span user_agent, server, reason_header;
	struct sip_address from_address, to_address;
	struct span cseq_method;
	uint32_t cseq_number;
	bool has_cseq, has_content_length, has_expires;
	uint32_t content_length, expires;
	struct sip_auth auth;
	struct span body;
	const struct sdp *sdp;   /* NULL when the body is not SDP */
	/* At the end: beyond n_headers nothing is set. */
	struct sip_header headers[SIP_HEADERS];
};

extern const struct proto proto_sip;

#endif
