#ifndef NET_FLOW_OPEN_H
#define NET_FLOW_OPEN_H

#include "net/flow.h"
#include "net/flow_pool.h"

/* The flow's first packet that is not a quotation: who is who, and where. */
void flow_open(struct flow *f, struct flow_pool *pool, const struct packet *p,
    const struct transport *t);
/* A SYN among later packets may show that the roles were guessed wrongly;
 * once there was data they stay. */
void flow_open_learn(struct flow *f, const struct packet *p,
    const struct transport *t);
/* It is known from a quotation, or from a payload: no packets yet.  False
 * when it was known before. */
bool flow_open_mention(struct flow *f, const struct packet *p);

#endif
