#ifndef NET_TCP_UNACKED_H
#define NET_TCP_UNACKED_H

#include "net/flow_pool.h"

/*
 * The segments of one direction that the other has not acknowledged, in the
 * order in which they were seen, at most TCP_UNACKED_MAX (Wireshark's cap).
 * While each begins where the one before ended, or later, they are `sorted`:
 * an ACK then takes from the front and costs what it takes.
 */
#define TCP_UNACKED_MAX 10000

struct tcp_segment {
	uint32_t seq, next;
	uint64_t frame; /* and the flags below */
	int64_t time;   /* tcp_time() */
};

/* In `frame`: what this segment brought had been sent before. */
#define TCP_SEGMENT_RESENT ((uint64_t)1 << 63)
/* Some of its bytes were sent again, by one that is gone. */
#define TCP_SEGMENT_TOUCHED ((uint64_t)1 << 62)
#define TCP_SEGMENT_FRAME (TCP_SEGMENT_TOUCHED - 1)

struct tcp_unacked {
	union {
		struct tcp_segment one; /* all there is, without `class` */
		struct {
			uint32_t low, high; /* see tcp_unacked.c */
			uint64_t near;
			struct tcp_segment *at;
		};
	};
	uint16_t head, n;
	uint16_t last;          /* see tcp_last_note() */
	uint8_t class;          /* of the pool's piece, which `at` is; 0 */
	bool sorted : 1;
	bool missed : 1;        /* a resent one was not noted */
};

/* What an acknowledgement covered. */
struct tcp_acked {
	struct tcp_segment segment; /* the oldest that ends there */
	bool found;
	bool resent; /* its bytes were sent more than once, or may have been */
};

/*
 * Sequence numbers wrap.  Two that are half the circle apart are each both
 * before and after the other, as in Wireshark.
 */
static inline bool
seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool
seq_after(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) < 0;
}

static inline bool
seq_up_to(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

void tcp_unacked_init(struct tcp_unacked *u);
/* False when it could not be noted: the cap, or no memory.  What makes up a
 * segment is in registers: a copy of what was just written would have to wait
 * for it. */
bool tcp_unacked_put(struct tcp_unacked *u, struct flow_pool *pool,
    uint32_t seq, uint32_t next, uint64_t frame, int64_t time);

static inline bool
tcp_unacked_add(struct tcp_unacked *u, struct flow_pool *pool,
    const struct tcp_segment *segment)
{
	return tcp_unacked_put(u, pool, segment->seq, segment->next,
	    segment->frame, segment->time);
}

/* Drops what `ack` covers. */
void tcp_unacked_ack(struct tcp_unacked *u, struct flow_pool *pool,
    uint32_t ack, struct tcp_acked *acked);
/* All of them. */
void tcp_unacked_drop(struct tcp_unacked *u, struct flow_pool *pool);
/* Whether it covers nothing of those that are there, and sorted. */
bool tcp_unacked_none(const struct tcp_unacked *u, uint32_t ack);
/* NULL when there is none. */
const struct tcp_segment *tcp_unacked_oldest(const struct tcp_unacked *u);
/* From the lowest begin to the highest end, counted from `base`. */
uint32_t tcp_unacked_span(const struct tcp_unacked *u, uint32_t base);

#endif
