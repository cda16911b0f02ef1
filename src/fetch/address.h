#ifndef FETCH_ADDRESS_H
#define FETCH_ADDRESS_H

#include "base/addr.h"

struct sockaddr;

/*
 * Whether an address lies in the open internet.  It is asked of the address
 * that will be connected to, never of the text it came from.  Addresses that
 * carry an IPv4 address (mapped, NAT64, 6to4) are what that one is.
 */
bool address_is_public(const struct addr *a);
/* ADDR_NONE for other families, and for IPv6 with a scope. */
struct addr address_of(const struct sockaddr *sa);

#endif
