#ifndef PROTO_DHCPV6_VALUE_H
#define PROTO_DHCPV6_VALUE_H

#include "base/arena.h"
#include "proto/dhcpv6_option.h"

/* Fields of the options that hold no others; for dhcpv6.c. */
struct dhcpv6_value {
	struct field_list *l; /* or NULL: only whether it can be */
	struct arena *arena;
	uint8_t type;         /* of the message */
};

/* False: the length cannot be. */
bool dhcpv6_value_read(struct dhcpv6_value *v, uint16_t code, struct span s);
/* The bytes as hex text in a row of type string; l may be NULL. */
void dhcpv6_hex_put(struct field_list *l, struct arena *arena,
    enum dhcpv6_row at, struct span s);

#endif
