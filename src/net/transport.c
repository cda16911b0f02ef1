#include "net/transport.h"

#include "net/step.h"

/* What the readers of TCP, UDP and SCTP have in common. */
struct transport *
step_transport(struct step *s, uint8_t protocol)
{
	struct packet *p = s->p;
	struct transport *t;

	/* Deeper ones take the place of the last. */
	if (p->n_transports < PACKET_TRANSPORTS)
		p->n_transports++;
	t = &p->transports[p->n_transports - 1];
	t->protocol = protocol;
	t->in_error = s->in_error;
	t->cut = false;
	t->depth = p->n_tunnels;
	t->sport = 0;
	t->dport = 0;
	t->length = 0;
	t->checksum = 0;
	t->src = *s->src;
	t->dst = *s->dst;
	t->payload = span_empty();
	t->payload_claimed = 0;
	t->stream = STREAM_NONE;
	t->direction = 0;
	t->analysis = 0;
	t->duplicate_ack = 0;
	t->duplicate_of = 0;
	t->retransmission_of = 0;
	t->ack_rtt = -1;
	t->acks_frame = 0;
	t->ack_base = 0;
	t->flow = NULL;
	return t;
}

void
step_ports(struct step *s, struct transport *t, struct span ports)
{
	struct icmp_header *icmp = &s->p->icmp;
	struct cursor c = cur_open(ports);

	t->sport = cur_be16(&c);
	t->dport = cur_be16(&c);
	if (s->in_error && (icmp->quote_sport | icmp->quote_dport) == 0) {
		icmp->quote_sport = t->sport;
		icmp->quote_dport = t->dport;
	}
}

void
step_transport_known(struct step *s, struct transport *t)
{
	const struct walk *w = s->walk;

	if (w->transport != NULL)
		w->transport(w->context, s->p, t);
}

void
step_payload(struct step *s, struct transport *t)
{
	const struct walk *w = s->walk;

	s->next = NEXT_END;
	if (w->payload != NULL && t->payload_claimed != 0)
		w->payload(w->context, s->p, t);
}
