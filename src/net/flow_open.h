#ifndef NET_FLOW_OPEN_H
#define NET_FLOW_OPEN_H

#include "net/flow.h"
#include "net/flow_pool.h"

/* By the ports of a packet alone. */
static inline bool
flow_from_server(uint16_t sport, uint16_t dport)
{
	return sport < 1024 && dport >= 1024;
}

static inline void
flow_first_set(struct flow *f, const struct record *r)
{
	struct flow_start *start = flow_start(f);

	start->seconds = r->time.seconds;
	start->nanoseconds = r->time.nanoseconds;
	start->frame = r->number;
	f->first_digits = r->time.digits & 15U;
	f->first_known = r->time.known;
}

/* The flow's first packet that is not a quotation: who is who, and where. */
void flow_open(struct flow *f, struct flow_pool *pool, const struct packet *p,
    const struct transport *t);
/* The same of one behind a tag and not in a tunnel, of which the rest is
 * known. */
void flow_open_tag(struct flow *f, struct flow_pool *pool, uint16_t vlan);
/* A SYN among later packets may show that the roles were guessed wrongly;
 * once there was data they stay. */
void flow_open_learn(struct flow *f, const struct packet *p,
    const struct transport *t);
/* It is known from a quotation, or from a payload: no packets yet.  False
 * when it was known before. */
bool flow_open_mention(struct flow *f, const struct packet *p);

#endif
