#ifndef NET_FLOW_NUMBER_H
#define NET_FLOW_NUMBER_H

#include "net/tcp_analysis.h"

/*
 * Where Wireshark's stream numbers jump: two of its dissectors open
 * conversations of their own, which take a number.  To give the same numbers
 * to all packets that follow, so must we.
 *
 * SNMP: after the first message of two ends they go on with a new number.
 * SOCKS: the first payload behind the handshake is taken for one between the
 * client and the port that it asked for.
 *
 * The one place of this floor that knows applications: a number is given with
 * the first packet, and has to be Wireshark's.  Nothing else may ask here.
 */
#define FLOW_NUMBER_SNMP 161U /* and the next, for traps */
#define FLOW_NUMBER_SOCKS 1080

static inline bool
flow_number_snmp_port(const struct transport *t)
{
	return t->sport - FLOW_NUMBER_SNMP <= 1 ||
	    t->dport - FLOW_NUMBER_SNMP <= 1;
}

/* Does the payload look as if Wireshark took it for SNMP? */
bool flow_number_snmp(const struct transport *t);
/* Feeds a segment with payload; true once: for the first payload behind the
 * handshake, `other` then has the ports that it is taken to have. */
bool flow_number_socks(struct tcp_state *s, const struct transport *t,
    struct transport *other);

#endif
