#include "net/flow_open.h"

#include "net/flow_index.h"
#include "net/flow_state.h"

#define WELL_KNOWN 1024

static void
flow_turn(struct flow *f)
{
	struct addr addr = f->a;
	uint16_t port = f->a_port;
	struct flow_side side = f->side[0];

	f->a = f->b;
	f->b = addr;
	f->a_port = f->b_port;
	f->b_port = port;
	f->side[0] = f->side[1];
	f->side[1] = side;
	f->swapped = !f->swapped;
}

static bool
is_from_a(const struct flow *f, const struct transport *t)
{
	return flow_index_match(f, flow_kind_of(t->protocol), t) == 1;
}

/* The innermost of the tunnels around the transport. */
static uint8_t
tunnel_of(const struct packet *p)
{
	const uint64_t tunnels = (uint64_t)1 << LAYER_GRE |
	    (uint64_t)1 << LAYER_ERSPAN | (uint64_t)1 << LAYER_VXLAN |
	    (uint64_t)1 << LAYER_GENEVE | (uint64_t)1 << LAYER_GTP |
	    (uint64_t)1 << LAYER_TEREDO | (uint64_t)1 << LAYER_L2TP;
	uint8_t i;

	if ((p->layers & tunnels) == 0)
		return 0;
	for (i = p->n_stack; i > 0; i--) {
		if ((tunnels >> p->stack[i - 1].layer & 1) != 0)
			return p->stack[i - 1].layer;
	}
	return 0;
}

void
flow_open(struct flow *f, const struct packet *p, const struct transport *t)
{
	unsigned syn = t->protocol == 6 ?
	    p->tcp.flags & (TCP_SYN | TCP_ACK) : 0;

	f->protocol = t->protocol;
	f->first = f->last = p->record->time;
	f->first_frame = p->record->number;
	f->vlan = p->n_vlans > 0 ? p->vlans[0] : UINT32_MAX;
	if (t->depth > 0) {
		f->tunnel_layer = tunnel_of(p);
		f->tunnel_id = p->tunnel_id;
	}
	f->guessed = (syn & TCP_SYN) == 0;
	if (!is_from_a(f, t))
		flow_turn(f);
	f->swapped = false;
	if (syn == (TCP_SYN | TCP_ACK) || (f->guessed &&
	    t->sport < WELL_KNOWN && t->dport >= WELL_KNOWN))
		flow_turn(f);
}

void
flow_open_learn(struct flow *f, const struct packet *p,
    const struct transport *t)
{
	bool syn_ack = (p->tcp.flags & TCP_ACK) != 0;

	if (f->side[0].data_packets > 0 || f->side[1].data_packets > 0)
		return;
	f->guessed = false;
	if (is_from_a(f, t) != syn_ack)
		return;
	flow_turn(f);
	if (f->tcp != NULL)
		flow_state_swap(f->tcp);
}

bool
flow_open_mention(struct flow *f, const struct packet *p)
{
	if (f->first_frame != 0)
		return false;
	f->guessed = true;
	f->first = f->last = p->record->time;
	f->first_frame = p->record->number;
	return true;
}
