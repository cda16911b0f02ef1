#ifndef ANALYSIS_PACKET_INFO_H
#define ANALYSIS_PACKET_INFO_H

#include "base/buf.h"
#include "net/packet.h"

/*
 * What a packet list says of a packet, in Wireshark's spirit.  The texts are
 * safe to show: foreign bytes went through text_escape().
 */
/* The address of the innermost network header, or of the link; may write
 * nothing. */
void packet_source(struct buf *out, const struct packet *p);
void packet_destination(struct buf *out, const struct packet *p);
/* "DNS", "TCP", "ICMPv6": the last protocol that was understood. */
void packet_protocol(struct buf *out, const struct packet *p);
/* One line, at most `max` bytes (whole characters, "..." when longer). */
void packet_info(struct buf *out, const struct packet *p, size_t max);

#endif
