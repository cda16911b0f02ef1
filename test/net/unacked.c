/*
 * Segments that wait for their ACK, beside a plain list of the same ones:
 * what is resent, what an ACK drops, and what it was an ACK of.
 */
#include "net/tcp_unacked.h"
#include "noise.h"
#include "tap.h"

#define MODEL 400
#define ROUNDS 60000

struct model {
	struct tcp_segment at[MODEL];
	size_t n;
};

static void
model_resent(struct model *m, uint32_t seq, uint32_t next)
{
	for (size_t i = 0; i < m->n; i++)
		if (seq_before(seq, m->at[i].next) &&
		    seq_before(m->at[i].seq, next))
			m->at[i].frame |= TCP_SEGMENT_TOUCHED;
}

static bool
model_ack(struct model *m, uint32_t ack, struct tcp_segment *found)
{
	size_t n = 0;
	bool any = false;

	for (size_t i = 0; i < m->n; i++) {
		struct tcp_segment s = m->at[i];

		if (s.next == ack) {
			if (!any)
				*found = s;
			any = true;
			continue;
		}
		if (!seq_after(s.next, ack))
			continue;
		if (seq_after(ack, s.seq))
			s.seq = ack;
		m->at[n++] = s;
	}
	m->n = n;
	return any;
}

static uint32_t
model_span(const struct model *m, uint32_t base)
{
	uint32_t low = UINT32_MAX, high = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (m->at[i].seq - base < low)
			low = m->at[i].seq - base;
		if (m->at[i].next - base > high)
			high = m->at[i].next - base;
	}
	return m->n == 0 ? 0 : high - low;
}

struct pair {
	struct tcp_unacked u;
	struct flow_pool pool;
	struct model m;
	uint32_t sent, base;
	uint64_t frame;
	unsigned wrong;
};

/* New data, mostly; else something near to it, or far away. */
static void
send(struct pair *p, unsigned disorder)
{
	struct tcp_segment s = { .seq = p->sent, .frame = ++p->frame };

	if (noise(100) < disorder)
		s.seq -= noise(30000);
	else if (noise(4000) == 0)
		s.seq += noise(1 << 20);
	s.next = s.seq + 1 + noise(1400);
	if (seq_after(s.next, p->sent))
		p->sent = s.next;
	if (s.seq != p->sent && noise(3) == 0) {
		model_resent(&p->m, s.seq, s.next);
		s.frame |= TCP_SEGMENT_RESENT;
	}
	if (p->m.n == MODEL)
		return;
	if (!tcp_unacked_add(&p->u, &p->pool, &s))
		p->wrong++;
	p->m.at[p->m.n++] = s;
}

static void
receive(struct pair *p)
{
	struct tcp_acked acked = { .found = false };
	struct tcp_segment found = { .seq = 0 };
	uint32_t ack = p->sent - (noise(2) ? 0 : noise(20000));
	bool any;

	if (p->m.n > 0 && noise(2))
		ack = p->m.at[noise((uint32_t)p->m.n)].next;
	tcp_unacked_ack(&p->u, &p->pool, ack, &acked);
	any = model_ack(&p->m, ack, &found);
	if (any != acked.found || p->u.n != p->m.n)
		p->wrong++;
	if (any && (acked.segment.next != found.next || acked.resent !=
	    ((found.frame & ~TCP_SEGMENT_FRAME) != 0)))
		p->wrong++;
}

static void
compare(struct pair *p)
{
	const struct tcp_segment *s = tcp_unacked_oldest(&p->u);

	if (p->u.n != p->m.n) {
		p->wrong++;
		return;
	}
	for (size_t i = 0; i < p->m.n; i++)
		if (s[i].seq != p->m.at[i].seq || ((s[i].frame ^
		    p->m.at[i].frame) & TCP_SEGMENT_FRAME) != 0)
			p->wrong++;
	if (tcp_unacked_span(&p->u, p->base) != model_span(&p->m, p->base))
		p->wrong++;
}

static void
run(unsigned disorder, unsigned acks, uint32_t start)
{
	struct pair p = { .sent = start, .base = start - 40000 };

	flow_pool_init(&p.pool, (size_t)64 << 20);
	tcp_unacked_init(&p.u);
	for (int i = 0; i < ROUNDS && p.wrong == 0; i++) {
		if (noise(100) < acks)
			receive(&p);
		else
			send(&p, disorder);
		if (i % 16 == 0)
			compare(&p);
	}
	ok_int(p.wrong, 0);
	flow_pool_free(&p.pool);
}

int
main(void)
{
	run(0, 50, 1);
	run(0, 30, 0xfffff000);
	run(5, 40, 0x7ffff000);
	run(50, 10, 1);
	run(50, 45, 0xffff0000);
	run(90, 20, 12345);
	return tap_done();
}
