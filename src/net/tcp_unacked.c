#include "net/tcp_unacked.h"

#define FIRST_CLASS 2 /* 256 bytes, ten segments */
#define LAST_CLASS 12 /* 256 KiB, 10922 segments */

static struct tcp_segment *
segments(struct tcp_unacked *u)
{
	return u->at == NULL ? &u->one : u->at + u->head;
}

static const struct tcp_segment *
segments_of(const struct tcp_unacked *u)
{
	return u->at == NULL ? &u->one : u->at + u->head;
}

static size_t
class_size(unsigned class)
{
	return FLOW_POOL_SIZE(class) / sizeof(struct tcp_segment);
}

void
tcp_unacked_init(struct tcp_unacked *u)
{
	u->at = NULL;
	u->head = u->n = 0;
	u->class = 0;
	u->sorted = true;
}

/* Makes a place behind the last. */
static bool
room(struct tcp_unacked *u, struct flow_pool *pool)
{
	size_t size = u->at == NULL ? 1 : class_size(u->class);
	unsigned class = u->at == NULL ? FIRST_CLASS : u->class + 1U;
	struct tcp_segment *at;

	if ((size_t)u->head + u->n < size)
		return true;
	if (u->at != NULL && (u->head * 2U >= size ||
	    (u->head > 0 && class > LAST_CLASS))) {
		memmove(u->at, u->at + u->head, u->n * sizeof(*u->at));
		u->head = 0;
		return true;
	}
	if (class > LAST_CLASS)
		return false;
	at = flow_pool_take(pool, class);
	if (at == NULL)
		return false;
	memcpy(at, segments(u), u->n * sizeof(*at));
	if (u->at != NULL)
		flow_pool_give(pool, u->at, u->class);
	u->at = at;
	u->class = (uint8_t)class;
	u->head = 0;
	return true;
}

bool
tcp_unacked_add(struct tcp_unacked *u, struct flow_pool *pool,
    const struct tcp_segment *segment)
{
	struct tcp_segment *at;

	if (u->n >= TCP_UNACKED_MAX || !room(u, pool))
		return false;
	at = segments(u);
	if (u->n == 0)
		u->sorted = true;
	else if (seq_before(segment->seq, at[u->n - 1].next) ||
	    seq_before(segment->next, at[0].seq))
		u->sorted = false;
	at[u->n] = *segment;
	u->n++;
	return true;
}

enum fate {
	FATE_STAYS,
	FATE_CUT, /* acknowledged in part */
	FATE_ENDED,
	FATE_OLD,
};

static enum fate
fate_of(const struct tcp_segment *s, uint32_t ack)
{
	if (ack == s->next)
		return FATE_ENDED;
	if (seq_after(ack, s->seq) && seq_up_to(ack, s->next))
		return FATE_CUT;
	return seq_after(s->next, ack) ? FATE_STAYS : FATE_OLD;
}

static void
acked_set(struct tcp_acked *acked, const struct tcp_segment *s)
{
	acked->segment = *s;
	acked->found = true;
}

/* From the front, until one stays. */
static void
ack_sorted(struct tcp_unacked *u, uint32_t ack, struct tcp_acked *acked)
{
	struct tcp_segment *s = segments(u);
	enum fate fate = FATE_OLD;
	uint16_t i;

	for (i = 0; i < u->n; i++) {
		fate = fate_of(&s[i], ack);
		if (fate == FATE_STAYS || fate == FATE_CUT)
			break;
		if (fate == FATE_ENDED)
			acked_set(acked, &s[i]);
	}
	if (i < u->n && fate == FATE_CUT)
		s[i].seq = ack;
	u->n = (uint16_t)(u->n - i);
	u->head = u->n == 0 ? 0 : (uint16_t)(u->head + i);
}

static void
ack_unsorted(struct tcp_unacked *u, uint32_t ack, struct tcp_acked *acked)
{
	struct tcp_segment *s = segments(u);
	bool sorted = true;
	uint16_t i, n = 0;
	enum fate fate;

	for (i = 0; i < u->n; i++) {
		fate = fate_of(&s[i], ack);
		if (fate == FATE_ENDED && !acked->found)
			acked_set(acked, &s[i]);
		if (fate == FATE_ENDED || fate == FATE_OLD)
			continue;
		if (fate == FATE_CUT)
			s[i].seq = ack;
		if (n > 0 && seq_before(s[i].seq, s[n - 1].next))
			sorted = false;
		s[n] = s[i];
		n++;
	}
	u->n = n;
	u->sorted = sorted;
	if (n == 0)
		u->head = 0;
}

void
tcp_unacked_ack(struct tcp_unacked *u, struct flow_pool *pool, uint32_t ack,
    struct tcp_acked *acked)
{
	acked->found = false;
	if (u->n == 0)
		return;
	if (u->sorted)
		ack_sorted(u, ack, acked);
	else
		ack_unsorted(u, ack, acked);
	if (u->n == 0 && u->at != NULL) {
		flow_pool_give(pool, u->at, u->class);
		u->at = NULL;
	}
}

bool
tcp_unacked_covers(const struct tcp_unacked *u, uint32_t seq, uint32_t next)
{
	const struct tcp_segment *s = segments_of(u);
	uint16_t i;

	for (i = u->n; i > 0; i--) {
		if (!seq_before(seq, s[i - 1].seq) &&
		    !seq_after(next, s[i - 1].next))
			return true;
	}
	return false;
}

const struct tcp_segment *
tcp_unacked_oldest(const struct tcp_unacked *u)
{
	return u->n == 0 ? NULL : segments_of(u);
}

void
tcp_unacked_resent(struct tcp_unacked *u, uint32_t seq, uint32_t next)
{
	struct tcp_segment *s = segments(u);
	uint16_t i;

	for (i = 0; i < u->n; i++) {
		if (seq_before(seq, s[i].next) && seq_before(s[i].seq, next))
			s[i].frame |= TCP_SEGMENT_RESENT;
	}
}

uint32_t
tcp_unacked_span(const struct tcp_unacked *u, uint32_t base)
{
	const struct tcp_segment *s = segments_of(u);
	uint32_t low, high;
	uint16_t i;

	if (u->n == 0)
		return 0;
	if (u->sorted)
		return s[u->n - 1].next - s[0].seq;
	low = s[0].seq - base;
	high = s[0].next - base;
	for (i = 1; i < u->n; i++) {
		if (s[i].seq - base < low)
			low = s[i].seq - base;
		if (s[i].next - base > high)
			high = s[i].next - base;
	}
	return high - low;
}
