#ifndef NET_FLOW_MATCH_H
#define NET_FLOW_MATCH_H

#include "net/flow_index.h"
#include "net/plain.h"

/* As flow_index_match(), of plain packets: addresses and ports as they are in
 * the packet. */

/* Whether a flow is between these, both IPv4, as flow_index_match().  Which
 * way it goes nobody can foretell: no branch. */
static inline __attribute__((always_inline)) unsigned
flow_match_ipv4(const struct flow *f, const uint8_t *ends, uint32_t ports)
{
	uint32_t there = flow_two_ports(&f->a_port);
	uint64_t is = flow_two_ipv4(f->ipv4[0]), sent = flow_two_ipv4(ends);
	unsigned forth = ((is ^ sent) | (there ^ ports)) == 0;
	unsigned back = ((is ^ (sent << 32 | sent >> 32)) |
	    (there ^ (ports << 16 | ports >> 16))) == 0;

	return (forth | (back & (forth ^ 1)) << 1) & (f->wide - 1U);
}

unsigned flow_match_ipv6(const struct flow *f, const uint8_t *ends,
    uint32_t ports);
/* Of any; and for whoever asks it of most packets. */
unsigned flow_match(const struct flow *f, const struct record *r,
    const struct glance *g);

static inline __attribute__((always_inline)) unsigned
flow_match_now(const struct flow *f, const struct record *r,
    const struct glance *g)
{
	uint32_t ports = flow_two_ports(&g->sport);
	const uint8_t *p = r->bytes.p + g->at;

	return plain_is_ipv6(g) ? flow_match_ipv6(f, p - 32, ports) :
	    flow_match_ipv4(f, p - 8, ports);
}

#endif
