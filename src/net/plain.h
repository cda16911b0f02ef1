#ifndef NET_PLAIN_H
#define NET_PLAIN_H

#include "net/walk.h"

/*
 * The way of most packets: Ethernet, IPv4 without options or IPv6 without
 * extensions, TCP or UDP that is no tunnel, nobody listening.  Sets in `p`
 * what the readers would set, and calls the hooks.  False for every other
 * packet: then nothing was called, and the readers start anew.
 */
bool plain_walk(const struct walk *w, const struct record *r,
    struct packet *p);
/*
 * The same packets, also behind one VLAN tag, for whoever asks nothing of
 * them but layers, hops left, and protocol, ports and payload of the
 * transport.  Those with few hops left are not: somebody may be tracing a
 * route.
 */
#define PLAIN_FEW_HOPS 32
bool plain_glance(const struct record *r, struct packet *p);

#endif
