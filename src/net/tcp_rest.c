#include "net/tcp_rest.h"

#define LINE sizeof(((struct tcp_rest_end *)0)->line)

_Static_assert(LINE == offsetof(struct tcp_end, acks),
    "what is kept as it is");

/* Bits that are beyond what fits are gathered in *beyond. */
static uint64_t
fit(uint64_t value, unsigned bits, uint64_t *beyond)
{
	*beyond |= value >> bits;
	return value;
}

static void
time_put(uint32_t *low, uint8_t *high, uint64_t time, uint64_t *beyond)
{
	*beyond |= time >> 40;
	*low = (uint32_t)time;
	*high = (uint8_t)(time >> 32);
}

static int64_t
time_get(uint32_t low, uint8_t high)
{
	return (int64_t)high << 32 | low;
}

static uint64_t
start_of(const struct flow *f)
{
	const struct timestamp first = flow_first(f);

	return (uint64_t)tcp_time(&first);
}

static uint8_t
counts_put(const struct tcp_past *past, uint64_t *beyond)
{
	return (uint8_t)(fit(past->syn, 2, beyond) << 2 * TCP_REST_SYN |
	    fit(past->syn_ack, 2, beyond) << 2 * TCP_REST_SYN_ACK |
	    fit(past->fin, 2, beyond) << 2 * TCP_REST_FIN |
	    fit(past->rst, 2, beyond) << 2 * TCP_REST_RST);
}

/* Nothing is to be acknowledged but for the last segment. */
static uint16_t
waits_put(const struct tcp_end *e, uint64_t *beyond)
{
	const struct tcp_unacked *u = &e->unacked;

	*beyond |= u->missed;
	*beyond |= u->last != 0 && u->n != 0;
	if ((e->flags & END_WAITS) == 0 || u->last != 0)
		return u->last;
	*beyond |= u->class != 0 || u->n != 1 || u->one.next != e->next ||
	    u->one.next == u->one.seq ||
	    u->one.frame != tcp_next_frame(e) || u->one.time != e->next_time;
	return (uint16_t)fit(u->one.next - u->one.seq, 16, beyond);
}

static void
waits_get(struct tcp_end *e, uint16_t bytes)
{
	struct tcp_unacked *u = &e->unacked;

	tcp_unacked_init(u);
	u->last = bytes;
}

static void
end_put(struct tcp_rest_end *r, const struct tcp_end *e,
    const struct tcp_past *past, uint64_t *beyond)
{
	*beyond |= (e->contiguous ^ e->next) | past->sacked | e->next_high |
	    e->ack_high;
	memcpy(r->line, e, sizeof(r->line));
	r->base = past->base;
	r->push_bytes = past->push_bytes;
	time_put(&r->rtt_sum, &r->rtt_sum_high, (uint64_t)e->rtt_sum, beyond);
	time_put(&r->rtt_min, &r->rtt_min_high, (uint64_t)e->rtt_min, beyond);
	time_put(&r->rtt_max, &r->rtt_max_high, (uint64_t)e->rtt_max, beyond);
	r->waits = waits_put(e, beyond);
	r->mss = past->mss;
	r->window_scale = past->window_scale;
}

bool
tcp_rest_put(struct tcp_rest *r, const struct tcp_state *s,
    const struct flow *f)
{
	uint64_t beyond = 0, syn = 0;
	unsigned i;

	if (s->n_history > sizeof(r->history) || s->socks.port != 0 ||
	    s->socks.step != 0 || s->socks.client != 0)
		return false;
	for (i = 0; i < 2; i++) {
		r->acks[i] = s->end[i].acks;
		r->counts[i] = counts_put(&s->past[i], &beyond);
		r->reset_late[i] = s->past[i].reset_late;
		r->sack_permitted[i] = s->past[i].sack_permitted;
		end_put(&r->end[i], &s->end[i], &s->past[i], &beyond);
	}
	r->tally = s->tally;
	/* Of these 0 is none, which is -1 and TCP_NEVER. */
	time_put(&r->first_rtt, &r->first_rtt_high,
	    (uint64_t)s->first_rtt + 1, &beyond);
	time_put(&r->syn_rtt, &r->syn_rtt_high, (uint64_t)s->syn_rtt + 1,
	    &beyond);
	if (s->syn_time != TCP_NEVER)
		syn = fit((uint64_t)s->syn_time - start_of(f), 39, &beyond) + 1;
	time_put(&r->syn_time, &r->syn_time_high, syn, &beyond);
	r->n_history = s->n_history;
	memcpy(r->history, s->history, sizeof(r->history));
	return beyond == 0;
}

static void
end_get(const struct tcp_rest_end *r, struct tcp_end *e,
    struct tcp_past *past)
{
	memcpy(e, r->line, sizeof(r->line));
	e->contiguous = e->next;
	waits_get(e, r->waits);
	e->rtt_sum = time_get(r->rtt_sum, r->rtt_sum_high);
	e->rtt_min = time_get(r->rtt_min, r->rtt_min_high);
	e->rtt_max = time_get(r->rtt_max, r->rtt_max_high);
	past->base = r->base;
	past->push_bytes = r->push_bytes;
	past->mss = r->mss;
	past->window_scale = r->window_scale;
}

__attribute__((cold)) void
tcp_rest_get(const struct tcp_rest *r, struct tcp_state *s,
    const struct flow *f)
{
	int64_t syn = time_get(r->syn_time, r->syn_time_high);
	unsigned i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < 2; i++) {
		end_get(&r->end[i], &s->end[i], &s->past[i]);
		s->end[i].acks = r->acks[i];
		s->past[i].syn = tcp_rest_count(r, i, TCP_REST_SYN);
		s->past[i].syn_ack = tcp_rest_count(r, i, TCP_REST_SYN_ACK);
		s->past[i].fin = tcp_rest_count(r, i, TCP_REST_FIN);
		s->past[i].rst = tcp_rest_count(r, i, TCP_REST_RST);
		s->past[i].reset_late = r->reset_late[i];
		s->past[i].sack_permitted = r->sack_permitted[i];
	}
	s->tally = r->tally;
	s->first_rtt = time_get(r->first_rtt, r->first_rtt_high) - 1;
	s->syn_rtt = time_get(r->syn_rtt, r->syn_rtt_high) - 1;
	s->syn_time = syn == 0 ? TCP_NEVER :
	    (int64_t)(start_of(f) + (uint64_t)syn - 1);
	s->n_history = r->n_history;
	memcpy(s->history, r->history, sizeof(r->history));
}
