#ifndef PROTO_SDP_H
#define PROTO_SDP_H

#include "proto/proto.h"

/* Session description (RFC 8866), as much as calls need. */
#define SDP_MEDIA 8
#define SDP_FORMATS 16

struct sdp_format {
	uint8_t payload_type;
	struct span encoding; /* "PCMU/8000", from rtpmap; else empty */
};

struct sdp_media {
	struct span kind;      /* "audio" */
	struct span transport; /* "RTP/AVP" */
	struct span direction; /* "sendrecv" ...; empty when not said */
	struct addr address;   /* ADDR_NONE when it is a name */
	struct span address_text;
	uint16_t port;
	struct sdp_format formats[SDP_FORMATS];
	size_t n_formats;
};

struct sdp {
	struct span owner, session_name, address_text;
	struct addr address;
	struct sdp_media media[SDP_MEDIA];
	size_t n_media, n_left_out;
};

/* Reads a body of type application/sdp; announces its RTP streams to
 * d->dispatch.  NULL when it does not begin with "v=". */
const struct sdp *sdp_decode(struct span body, struct decode *d);

extern const struct field_table sdp_fields;
extern const struct proto proto_sdp;

#endif
