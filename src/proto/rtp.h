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
	/* As claimed, without padding when that was captured; 0 when not even
	 * the header was, behind its first 12 bytes. */
	size_t payload_length;
};

extern const struct proto proto_rtp;

#endif
