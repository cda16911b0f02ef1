#include "net/tcp_unacked.h"

/* The first is 1: 128 bytes, five segments. */
#define LAST_CLASS 12 /* 256 KiB, 10922 segments */

static struct tcp_segment *
segments(struct tcp_unacked *u)
{
	return u->class == 0 ? &u->one : u->at + u->head;
}

static const struct tcp_segment *
segments_of(const struct tcp_unacked *u)
{
	return u->class == 0 ? &u->one : u->at + u->head;
}

static size_t
class_size(unsigned class)
{
	return FLOW_POOL_SIZE(class) / sizeof(struct tcp_segment);
}

void
tcp_unacked_init(struct tcp_unacked *u)
{
	u->head = u->n = u->last = 0;
	u->class = 0;
	u->sorted = true;
	u->missed = false;
}

/*
 * Of several there are bounds: `low` is the lowest begin, `high` the highest
 * end, so that neither an old ACK nor the span need a look at all segments.
 * They mean something while `near` is 1: all are near to each other, where a
 * circle is like a line.
 */
#define NEAR ((uint32_t)1 << 30)

static void
bounds_start(struct tcp_unacked *u, const struct tcp_segment *segment)
{
	u->low = segment->seq;
	u->high = segment->next;
	u->near = segment->next - segment->seq < NEAR;
}

static void
bounds_grow(struct tcp_unacked *u, uint32_t seq, uint32_t next)
{
	if (seq_before(seq, u->low))
		u->low = seq;
	if (seq_after(next, u->high))
		u->high = next;
	u->near &= u->high - u->low < NEAR;
}

static bool
has_bounds(const struct tcp_unacked *u)
{
	return u->class != 0 && u->near != 0;
}

/* Makes a place behind the last of `size`. */
static __attribute__((cold)) bool
room_make(struct tcp_unacked *u, struct flow_pool *pool, size_t size)
{
	unsigned class = u->class + 1U;
	struct tcp_segment *at;

	if (u->class != 0 && (u->head * 2U >= size ||
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
	if (u->class != 0) {
		memcpy(at, segments(u), u->n * sizeof(*at));
		flow_pool_give(pool, u->at, u->class);
	} else {
		at[0] = u->one;
		bounds_start(u, at);
	}
	u->at = at;
	u->class = (uint8_t)class;
	u->head = 0;
	return true;
}

static inline bool
room(struct tcp_unacked *u, struct flow_pool *pool)
{
	size_t size = u->class == 0 ? 1 : class_size(u->class);

	return (size_t)u->head + u->n < size || room_make(u, pool, size);
}

/* Does it keep those sorted that are?  Their bounds are those of the first and
 * the last one, which may be far. */
static inline bool
goes_on(const struct tcp_unacked *u, uint32_t seq, uint32_t next)
{
	const struct tcp_segment *at = segments_of(u);

	if (has_bounds(u))
		return !seq_before(seq, u->high) &&
		    !seq_before(next, u->low);
	return !seq_before(seq, at[u->n - 1].next) &&
	    !seq_before(next, at[0].seq);
}

bool
tcp_unacked_put(struct tcp_unacked *u, struct flow_pool *pool, uint32_t seq,
    uint32_t next, uint64_t frame, int64_t time)
{
	struct tcp_segment *at;

	if (u->n >= TCP_UNACKED_MAX || !room(u, pool)) {
		if ((frame & TCP_SEGMENT_RESENT) != 0)
			u->missed = true;
		return false;
	}
	u->sorted = u->n == 0 || (u->sorted && goes_on(u, seq, next));
	at = segments(u) + u->n;
	at->seq = seq;
	at->next = next;
	at->frame = frame;
	at->time = time;
	u->n++;
	if (u->class != 0)
		bounds_grow(u, seq, next);
	return true;
}

enum fate {
	FATE_STAYS,
	FATE_CUT, /* acknowledged in part */
	FATE_ENDED,
	FATE_OLD,
};

static inline enum fate
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
	acked->resent = (s->frame & ~TCP_SEGMENT_FRAME) != 0;
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
	if (u->class != 0 && u->n > 0)
		u->low = s[i].seq;
}

/* Those that stay in part remember what is about to be dropped. */
static __attribute__((cold)) void
touch_cut(struct tcp_segment *s, uint16_t n, uint32_t ack)
{
	uint32_t high = 0;
	bool any = false;
	enum fate fate;

	for (; n > 0; n--) {
		fate = fate_of(&s[n - 1], ack);
		if (fate == FATE_CUT && any && seq_before(s[n - 1].seq, high))
			s[n - 1].frame |= TCP_SEGMENT_TOUCHED;
		if (fate == FATE_STAYS || fate == FATE_CUT ||
		    (s[n - 1].frame & TCP_SEGMENT_RESENT) == 0)
			continue;
		if (!any || seq_after(s[n - 1].next, high))
			high = s[n - 1].next;
		any = true;
	}
}

static bool
share_bytes(const struct tcp_segment *a, const struct tcp_segment *b)
{
	return seq_before(a->seq, b->next) && seq_before(b->seq, a->next);
}

static __attribute__((cold)) void
ack_unsorted(struct tcp_unacked *u, uint32_t ack, struct tcp_acked *acked)
{
	struct tcp_segment *s = segments(u);
	bool sorted = true;
	uint16_t i, n = 0;
	enum fate fate;

	/* All of them begin behind it. */
	if (has_bounds(u) && u->low - ack < NEAR)
		return;
	touch_cut(s, u->n, ack);
	for (i = 0; i < u->n; i++) {
		fate = fate_of(&s[i], ack);
		if (acked->found && (s[i].frame & TCP_SEGMENT_RESENT) != 0 &&
		    share_bytes(&acked->segment, &s[i]))
			acked->resent = true;
		if (fate == FATE_ENDED && !acked->found)
			acked_set(acked, &s[i]);
		if (fate == FATE_ENDED || fate == FATE_OLD)
			continue;
		if (fate == FATE_CUT)
			s[i].seq = ack;
		if (n > 0 && seq_before(s[i].seq, s[n - 1].next))
			sorted = false;
		s[n] = s[i];
		if (n == 0 && u->class != 0)
			bounds_start(u, &s[n]);
		else if (u->class != 0)
			bounds_grow(u, s[n].seq, s[n].next);
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
	acked->found = acked->resent = false;
	if (u->n == 0)
		return;
	if (u->sorted)
		ack_sorted(u, ack, acked);
	else
		ack_unsorted(u, ack, acked);
	acked->resent = acked->resent || u->missed;
	if (u->n == 0)
		tcp_unacked_drop(u, pool);
}

void
tcp_unacked_drop(struct tcp_unacked *u, struct flow_pool *pool)
{
	u->head = u->n = 0;
	u->missed = false;
	if (u->class != 0) {
		flow_pool_give(pool, u->at, u->class);
		u->class = 0;
	}
}

bool
tcp_unacked_none(const struct tcp_unacked *u, uint32_t ack)
{
	return fate_of(segments_of(u), ack) == FATE_STAYS;
}

const struct tcp_segment *
tcp_unacked_oldest(const struct tcp_unacked *u)
{
	return u->n == 0 ? NULL : segments_of(u);
}

__attribute__((cold)) uint32_t
tcp_unacked_span(const struct tcp_unacked *u, uint32_t base)
{
	const struct tcp_segment *s = segments_of(u);
	uint32_t low, high;
	uint16_t i;

	if (u->n == 0)
		return 0;
	if (u->sorted)
		return s[u->n - 1].next - s[0].seq;
	/* Where none of them lies before the base. */
	if (has_bounds(u) && u->low - base <= u->high - base)
		return u->high - u->low;
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
