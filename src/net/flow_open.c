#include "net/flow_open.h"

#include "net/flow_count.h"
#include "net/flow_index.h"
#include "net/flow_state.h"

#define CLIENT_PORTS 32768 /* from here on by Linux, by others from 49152 on */

/* Of a flow that is not TCP. */
static struct flow_body *
body_apart(const struct flow *f, struct flow_pool *pool)
{
	struct flow_body *body = flow_pool_keep(pool, sizeof(*body));
	unsigned i;

	if (body == NULL)
		return NULL;
	memset(body, 0, sizeof(*body));
	for (i = 0; i < 2; i++) {
		body->packets[i] = flow_packets(f, i);
		body->bytes[i] = flow_bytes(f, i);
		body->data_packets[i] = flow_data_packets(f, i);
	}
	return body;
}

struct flow_body *
flow_body_make(struct flow *f, struct flow_pool *pool)
{
	struct flow_body *body;

	if (f->protocol == 6) {
		body = flow_tcp_body(f);
		if (f->lone) /* without payload */
			body->packets[f->from_b] = 1;
	} else {
		body = body_apart(f, pool);
		if (body == NULL)
			return NULL;
		f->body = body;
	}
	f->lone = f->talks = false;
	f->counted = true;
	return body;
}

bool
flow_talk_begin(struct flow *f, const struct record *r, unsigned d,
    size_t bytes)
{
	uint64_t first = f->lone_bytes;

	if (!f->lone || first - 1 >= UINT32_MAX)
		return false;
	f->talk = (struct flow_talk){ .bytes = { 0 } };
	f->talk.bytes[f->from_b] = (uint32_t)first;
	f->talk.packets[f->from_b] = 1;
	f->talks = flow_talk_add(f, r, d, bytes);
	f->lone = !f->talks;
	if (f->lone)
		f->lone_bytes = first;
	return f->talks;
}

static void
more_turn(struct flow_more *more)
{
	struct addr addr = more->addr[0];

	more->addr[0] = more->addr[1];
	more->addr[1] = addr;
}

static void
body_turn(struct flow_body *body)
{
	struct flow_body turned = *body;
	unsigned i;

	for (i = 0; i < 2; i++) {
		turned.bytes[i] = body->bytes[1 - i];
		turned.packets[i] = body->packets[1 - i];
		turned.data_packets[i] = body->data_packets[1 - i];
	}
	*body = turned;
}

static void
flow_turn(struct flow *f)
{
	uint8_t ipv4[4];
	uint16_t port = f->a_port;

	if (!f->wide) {
		memcpy(ipv4, f->ipv4[0], sizeof(ipv4));
		memcpy(f->ipv4[0], f->ipv4[1], sizeof(ipv4));
		memcpy(f->ipv4[1], ipv4, sizeof(ipv4));
	}
	f->a_port = f->b_port;
	f->b_port = port;
	if (f->apart)
		more_turn(flow_more(f));
	if (f->counted)
		body_turn(flow_body(f));
	f->from_b = !f->from_b;
	f->swapped = !f->swapped;
}

static bool
is_from_a(const struct flow *f, const struct transport *t)
{
	return flow_index_match(f, flow_kind_of(t->protocol), t) == 1;
}

/* What a step of the path may be: its place here, and one, are four bits. */
static const uint8_t path_layers[] = { LAYER_VLAN, LAYER_GRE, LAYER_ERSPAN,
	LAYER_VXLAN, LAYER_GENEVE, LAYER_GTP, LAYER_TEREDO, LAYER_L2TP,
	LAYER_IP, LAYER_IPV6 };

static void
path_add(struct flow_more *more, unsigned n, uint8_t layer)
{
	unsigned i = 0;

	while (i < LENGTH(path_layers) && path_layers[i] != layer)
		i++;
	if (i < LENGTH(path_layers) && n < FLOW_PATH_MAX)
		more->path = (uint16_t)(more->path | (i + 1) << 4 * n);
}

static bool
is_of(uint64_t set, uint8_t layer)
{
	return (set >> layer & 1) != 0;
}

/* The layers of the packet up to the transport. */
static void
path_find(struct flow_more *more, const struct packet *p,
    const struct transport *t)
{
	const uint64_t transports = (uint64_t)1 << LAYER_TCP |
	    (uint64_t)1 << LAYER_UDP | (uint64_t)1 << LAYER_UDPLITE |
	    (uint64_t)1 << LAYER_SCTP;
	const uint64_t tunnels = (uint64_t)1 << LAYER_GRE |
	    (uint64_t)1 << LAYER_ERSPAN | (uint64_t)1 << LAYER_VXLAN |
	    (uint64_t)1 << LAYER_GENEVE | (uint64_t)1 << LAYER_GTP |
	    (uint64_t)1 << LAYER_TEREDO | (uint64_t)1 << LAYER_L2TP;
	const uint64_t network = (uint64_t)1 << LAYER_IP |
	    (uint64_t)1 << LAYER_IPV6;
	size_t before = (size_t)(t - p->transports);
	unsigned i, n = 0, vlan = 0;
	bool in_ip = false;

	for (i = 0; i < p->n_stack; i++) {
		uint8_t layer = p->stack[i].layer;

		if (is_of(transports, layer) && before-- == 0)
			break;
		if (layer == LAYER_VLAN) {
			if (vlan < LENGTH(more->vlans))
				more->vlans[vlan] = p->vlans[vlan];
			path_add(more, n++, layer);
			vlan++;
		} else if (is_of(tunnels, layer) ||
		    (in_ip && is_of(network, layer))) {
			path_add(more, n++, layer);
		}
		in_ip = is_of(network, layer) || (in_ip &&
		    (layer == LAYER_IPV6_EXT || layer == LAYER_AH));
	}
	more->tunnel_id = t->depth > 0 ? p->tunnel_id : 0;
}

size_t
flow_path(const struct flow *f, uint8_t layers[FLOW_PATH_MAX])
{
	unsigned path = f->apart ? flow_more(f)->path : 0;
	size_t n;

	for (n = 0; path != 0 && n < FLOW_PATH_MAX; n++) {
		layers[n] = path_layers[(path & 15) - 1];
		path >>= 4;
	}
	return n;
}

/* Room for a path; most packets have neither tag nor tunnel. */
static bool
has_path(struct flow *f, struct flow_pool *pool)
{
	const struct addr a = flow_addr(f, 0), b = flow_addr(f, 1);

	return f->apart || flow_more_make(f, pool, &a, &b);
}

__attribute__((cold)) void
flow_open_tag(struct flow *f, struct flow_pool *pool, uint16_t vlan)
{
	if (!has_path(f, pool))
		return;
	path_add(flow_more(f), 0, LAYER_VLAN);
	flow_more(f)->vlans[0] = vlan;
}

/* In the middle of a TCP connection either side is as likely to speak first. */
static bool
is_from_server(const struct transport *t)
{
	return flow_from_server(t->sport, t->dport) || (t->protocol == 6 &&
	    t->sport < CLIENT_PORTS && t->dport >= CLIENT_PORTS);
}

void
flow_open(struct flow *f, struct flow_pool *pool, const struct packet *p,
    const struct transport *t)
{
	unsigned syn = t->protocol == 6 ?
	    p->tcp.flags & (TCP_SYN | TCP_ACK) : 0;

	f->protocol = t->protocol;
	flow_first_set(f, p->record);
	if ((p->n_vlans > 0 || t->depth > 0) && has_path(f, pool))
		path_find(flow_more(f), p, t);
	f->guessed = (syn & TCP_SYN) == 0;
	if (!is_from_a(f, t))
		flow_turn(f);
	f->swapped = false;
	if (syn == (TCP_SYN | TCP_ACK) || (f->guessed && is_from_server(t)))
		flow_turn(f);
}

void
flow_open_learn(struct flow *f, const struct packet *p,
    const struct transport *t)
{
	bool syn_ack = (p->tcp.flags & TCP_ACK) != 0;

	if (flow_data_packets(f, 0) > 0 || flow_data_packets(f, 1) > 0)
		return;
	f->guessed = false;
	if (is_from_a(f, t) != syn_ack)
		return;
	flow_turn(f);
	if (flow_tcp(f) != NULL)
		flow_state_swap(flow_tcp(f));
}

bool
flow_open_mention(struct flow *f, const struct packet *p)
{
	if (flow_first_frame(f) != 0)
		return false;
	f->guessed = true;
	flow_first_set(f, p->record);
	return true;
}
