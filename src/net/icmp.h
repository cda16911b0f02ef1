#ifndef NET_ICMP_H
#define NET_ICMP_H

#include "net/field.h"

/*
 * ICMP (RFC 792 and others) and ICMPv6 (RFC 4443) with neighbour discovery
 * (RFC 4861) and multicast listeners (RFC 3810).  Datagrams quoted in errors
 * are walked like any other, marked in_error.
 */
extern const struct field_table icmp_table, icmpv6_table;

/* "Echo Request"; NULL when the number has no name.  `version` 4 or 6. */
const char *icmp_type_name(uint8_t version, uint8_t type);
const char *icmp_code_name(uint8_t version, uint8_t type, uint8_t code);

extern const struct value_name icmp_types[], icmpv6_types[];

#endif
