#include "net/transport.h"

#include "net/step.h"

/* What the readers of TCP, UDP and SCTP have in common. */
void
step_quote_ports(struct step *s, const struct transport *t)
{
	struct icmp_header *icmp = &s->p->icmp;

	if ((icmp->quote_sport | icmp->quote_dport) != 0)
		return;
	icmp->quote_sport = t->sport;
	icmp->quote_dport = t->dport;
}

extern inline struct transport *step_transport(struct step *s,
    uint8_t protocol);
extern inline void step_transport_known(struct step *s, struct transport *t);
extern inline void step_payload(struct step *s, struct transport *t);
