#ifndef NET_COMMUNITY_ID_H
#define NET_COMMUNITY_ID_H

#include "base/addr.h"

/*
 * Community ID flow hash, version 1, seed 0: the same text in Zeek, Suricata,
 * Arkime and others.  `protocol` is the IP protocol number.  For ICMP and
 * ICMPv6 give type and code as the ports.  Returns the length; no NUL.
 */
#define COMMUNITY_ID_TEXT 32

size_t community_id(char *out, uint8_t protocol, const struct addr *src,
    uint16_t sport, const struct addr *dst, uint16_t dport);

#endif
