#include "analysis/tcp.h"

#include "base/word.h"

#define TCP 6

static bool
begin(void *state, struct scan *scan, const void *options)
{
	struct tcp_state *s = state;

	s->scan = scan;
	s->options = options;
	scan->may_stop = s->options->max_packets;
	return true;
}

static __attribute__((cold)) void
release(void *state)
{
	struct tcp_state *s = state;

	heard_free(&s->heard);
}

static bool
is_end(const struct tcp_options *o, const struct addr *a, uint16_t port)
{
	return (!o->has_server || addr_equal(&o->server, a)) &&
	    (!o->has_port || o->port == port);
}

static void
chosen_add(struct tcp_state *s)
{
	const uint64_t max = s->options->max_packets;

	s->packets++;
	if (max == 0)
		return;
	s->scan->may_stop = max - s->packets;
	s->scan->stop = s->scan->may_stop == 0;
}

static void
packet_add(void *state, const struct packet *p)
{
	struct tcp_state *s = state;
	const struct tcp_options *o = s->options;
	const struct transport *t = packet_transport(p);

	if (t == NULL || t->protocol != TCP)
		return;
	s->all++;
	if (!is_end(o, &t->src, t->sport) && !is_end(o, &t->dst, t->dport))
		return;
	chosen_add(s);
	if (t->cut)
		s->half_headers++;
	if (t->flow == NULL)
		s->untracked++;
	else if (s->scan->filter != NULL)
		heard_add(&s->heard, flow_stream(t->flow));
}

static bool
is_side(const struct tcp_options *o, const struct flow *f, unsigned side)
{
	const struct addr a = flow_addr(f, side);

	return is_end(o, &a, side == 0 ? f->a_port : f->b_port);
}

static bool
is_chosen(const struct tcp_options *o, const struct flow *f)
{
	return (!o->has_server && !o->has_port) || is_side(o, f, 0) ||
	    is_side(o, f, 1);
}

static void
known_add(void *state, const struct record *records,
    struct flow *const *flows, uint32_t which, uint32_t udp)
{
	struct tcp_state *s = state;

	(void)records;
	which ^= udp;
	if (!s->options->has_server && !s->options->has_port &&
	    s->options->max_packets == 0) {
		s->all += word_bits(which);
		s->packets += word_bits(which);
		return;
	}
	for (; which != 0; which &= which - 1) {
		s->all++;
		if (is_chosen(s->options, flows[__builtin_ctz(which)]))
			chosen_add(s);
	}
}

const struct analyzer analyzer_tcp = {
	.name = "tcp",
	.wants = WANT_WALK | WANT_TCP | WANT_DEFRAG,
	.size = sizeof(struct tcp_state),
	.begin = begin,
	.release = release,
	.packet = packet_add,
	.known = known_add,
};

static bool
is_heard(const struct tcp_state *s, uint32_t stream)
{
	if (s->scan->filter == NULL)
		return true;
	return heard_has(&s->heard, stream);
}

const struct flow *
tcp_next(const struct tcp_state *s, struct flow_walk *w, enum flow_asked asked)
{
	const struct flow *f;

	if (s->scan->flows == NULL)
		return NULL;
	while ((f = flow_walk(s->scan->flows, TCP, w, asked)) != NULL) {
		/* A flow without packets is known from ICMP errors alone. */
		if (!flow_is_silent(f) && is_heard(s, w->at - 1) &&
		    is_chosen(s->options, f))
			return f;
	}
	return NULL;
}

unsigned
tcp_server_side(const struct tcp_state *s, const struct flow *f)
{
	return is_side(s->options, f, 1) ? 1 : 0;
}

void
tcp_filter_report(const struct tcp_state *s, struct json *j)
{
	json_object(j, "filter");
	if (s->options->has_server)
		json_addr(j, "server_ip", &s->options->server);
	else
		json_null(j, "server_ip");
	if (s->options->has_port)
		json_uint(j, "server_port", s->options->port);
	else
		json_null(j, "server_port");
	json_end(j);
}

static void
handshake_count(struct tcp_totals *t, const struct flow *f)
{
	switch (f->handshake) {
	case HANDSHAKE_COMPLETE:
		t->complete++;
		break;
	case HANDSHAKE_SYN_ACK:
		t->half_open++;
		break;
	case HANDSHAKE_REFUSED:
		t->refused++;
		break;
	case HANDSHAKE_SYN:
		t->unanswered++;
		break;
	default:
		t->middle++;
		break;
	}
}

static void
close_count(struct tcp_totals *t, enum flow_close close)
{
	switch (close) {
	case FLOW_CLOSE_RESET:
		t->reset++;
		break;
	case FLOW_CLOSE_NORMAL:
		t->normal++;
		break;
	case FLOW_CLOSE_ACTIVE:
		t->active++;
		break;
	default:
		t->unknown++;
		break;
	}
}

static void
side_count(struct tcp_totals *t, const struct flow *f,
    const struct flow_flags *flags, unsigned i)
{
	t->syn += flags->syn;
	t->syn_ack += flags->syn_ack;
	t->fin += flags->fin;
	t->rst += flags->rst;
	t->ack += flags->ack;
	t->rst_side[i] += flags->rst;
	t->data_packets += flow_data_packets(f, i);
	t->bytes[i] += flow_bytes(f, i);
}

static void
classes_count(struct tcp_totals *t, const struct flow_classes *c)
{
	t->retransmissions += c->retransmissions;
	t->fast += c->fast;
	t->spurious += c->spurious;
	t->out_of_order += c->out_of_order;
	t->lost += c->lost;
	t->duplicate_acks += c->duplicate_acks;
	t->keep_alives += c->keep_alives;
	t->zero_windows += c->zero_windows;
	t->window_full += c->window_full;
}

void
tcp_total_classes(struct tcp_totals *t, const struct flow *f)
{
	const uint32_t a = flow_packets(f, 0), b = flow_packets(f, 1);
	struct flow_classes side[2];

	t->flows++;
	t->packets += (uint64_t)a + b;
	t->one_way += (a == 0) != (b == 0);
	if (!flow_classes(f, side))
		return;
	classes_count(t, &side[0]);
	classes_count(t, &side[1]);
	t->flows_with_retransmissions +=
	    side[0].retransmissions + side[1].retransmissions > 0;
}

/* What all of the below comes to. */
static void
syn_count(struct tcp_totals *t, const struct flow *f)
{
	t->flows++;
	t->unanswered++;
	t->unknown++;
	t->syn++;
	t->packets++;
	t->one_way++;
	t->reused_ports += f->reuses;
	t->guessed += f->guessed;
}

void
tcp_total(const struct tcp_state *s, struct tcp_totals *t,
    void (*each)(void *context, const struct flow *f,
    const struct flow_flags flags[2]), void *context)
{
	const struct flow *f;
	struct flow_walk w = { NULL, 0, 0 };

	memset(t, 0, sizeof(*t));
	while ((f = tcp_next(s, &w, FLOW_ASKED_FLAGS)) != NULL) {
		struct flow_flags flags[2];

		if (flow_is_lone_syn(f)) {
			syn_count(t, f);
			continue;
		}
		flow_flags(f, flags);
		handshake_count(t, f);
		close_count(t, flow_close(f, flags));
		side_count(t, f, &flags[0], 0);
		side_count(t, f, &flags[1], 1);
		tcp_total_classes(t, f);
		t->established += f->handshake == HANDSHAKE_COMPLETE;
		t->flows_with_rst += flags[0].rst + flags[1].rst > 0;
		t->reused_ports += f->reuses;
		t->guessed += f->guessed;
		if (each != NULL && flags[0].rst + flags[1].rst > 0)
			each(context, f, flags);
	}
}
