#ifndef PROTO_RTP_H
#define PROTO_RTP_H

#include "proto/proto.h"

/* RTP fixed header (RFC 3550, 5.1), where SDP announced it: there is no safe
 * way to know RTP by its content. */
struct rtp_packet {
	uint8_t version, payload_type, n_csrc;
	bool padding, extension, marker;
	uint16_t seq;
	uint32_t timestamp, ssrc;
	size_t payload_length; /* as claimed, without padding when captured */
};

extern const struct proto proto_rtp;

#endif
