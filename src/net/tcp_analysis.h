#ifndef NET_TCP_ANALYSIS_H
#define NET_TCP_ANALYSIS_H

#include "base/fetch.h"
#include "net/flow.h"
#include "net/tcp_unacked.h"

/*
 * What a TCP sender did, segment by segment: Wireshark's classes, as tshark
 * 4.0 gives them in one pass.  Times are nanoseconds since 1970.
 * An end is the sender of one direction.
 */
struct tcp_end {
	/* A line that each segment touches, of either side: first what a
	 * struct tcp_rest has as it is. */
	int64_t next_time, ack_time;
	uint32_t next;       /* highest sequence number to come; 0 none yet */
	uint32_t ack;        /* last */
	uint32_t window;     /* last, not scaled */
	uint32_t duplicates; /* of that ACK */
	uint32_t rtt_count;
	/* Numbers of frames: tcp_next_frame(), tcp_ack_frame(). */
	uint32_t next_low, ack_low;
	uint16_t analysis;   /* TCP_A_* of its last segment */
	uint16_t seen;       /* letters of its history, by bits */
	int8_t scale;        /* SCALE_* or the shift */
	uint8_t flags;       /* END_* */
	uint8_t complete;    /* COMPLETE_*, by its segments */
	uint32_t acks;       /* pure ones */
	uint32_t contiguous; /* highest one without a hole before; 0 none */
	uint16_t next_high, ack_high;

	/* One for its own data, and what acknowledges them. */
	struct tcp_unacked unacked;
	int64_t rtt_sum, rtt_min, rtt_max;
	/* Of its segments that went on and had data, their number and payload:
	 * these are not in the flow_body, nor are `acks`. */
	uint32_t data, bytes;
};

/* What few segments touch. */
struct tcp_past {
	uint32_t base;       /* its ISN, or one before what was seen first */
	uint32_t push_bytes; /* since the last PSH */
	uint32_t sacked;     /* bytes in the blocks of its last segment */
	uint32_t syn, syn_ack, fin, rst;
	uint16_t mss;
	uint8_t window_scale; /* of its SYN; 255 */
	bool sack_permitted : 1;
	bool reset_late : 1; /* its first RST came after both FINs */
};

#define SCALE_UNKNOWN (-1)
#define SCALE_NONE (-2)
#define SCALE_MAX 14

#define END_BASE 0x01        /* `base` is known */
#define END_IN_FLIGHT 0x02   /* bytes in flight can be told */
#define END_PUSHED 0x04      /* its last data had PSH */
#define END_ACKED 0x10       /* its last segment was not a SYN */
#define END_HEARD 0x20       /* `base` is by its own word */
#define END_TIMED 0x40       /* its SYN, which no ACK has followed yet */
#define END_WAITS 0x80       /* there is something in `unacked` */

struct tcp_tally; /* counts of classes; NULL until there is one */

/* Six cache lines, three of which most segments touch. */
struct tcp_state {
	struct tcp_end end[2]; /* sides a and b of the flow */
	struct tcp_tally *tally;
	int64_t first_rtt;     /* SYN to the client's ACK; -1 */
	int64_t syn_time;      /* of the last SYN; TCP_NEVER */
	int64_t syn_rtt;       /* -1 */
	struct tcp_past past[2];
	struct tcp_socks {
		uint16_t port;
		uint8_t step, client;
	} socks;               /* see flow_number.h */
	uint8_t n_history;
	char history[FLOW_HISTORY - 1];
};

/* The highest data so far, and the first with this ACK: frames are fewer than
 * 2^48. */
static inline uint64_t
tcp_next_frame(const struct tcp_end *e)
{
	return (uint64_t)e->next_high << 32 | e->next_low;
}

static inline void
tcp_next_frame_set(struct tcp_end *e, uint64_t frame)
{
	e->next_low = (uint32_t)frame;
	e->next_high = (uint16_t)(frame >> 32);
}

static inline uint64_t
tcp_ack_frame(const struct tcp_end *e)
{
	return (uint64_t)e->ack_high << 32 | e->ack_low;
}

static inline void
tcp_ack_frame_set(struct tcp_end *e, uint64_t frame)
{
	e->ack_low = (uint32_t)frame;
	e->ack_high = (uint16_t)(frame >> 32);
}

/*
 * As long as each segment goes on where the one before ended, the last one that
 * waits is not among those in `unacked`: its bytes are in `last`, up to `next`,
 * and the rest is known of that, too.  Here it goes to the others, which it
 * keeps sorted.  False: it could not be noted.
 */
bool tcp_last_note(struct tcp_end *e, struct flow_pool *pool);

#define COMPLETE_SYN 1
#define COMPLETE_SYN_ACK 2
#define COMPLETE_ACK 4
#define COMPLETE_DATA 8
#define COMPLETE_FIN 16
#define COMPLETE_RST 32

struct tcp_tally {
	struct flow_classes side[2];
};

/* One segment. */
struct tcp_input {
	const struct tcp_header *header;
	uint64_t frame;
	int64_t time;       /* tcp_time() */
	unsigned direction; /* 0: from side a */
	bool reuses; /* the first of a connection with the ports of another */
	bool in_flight; /* somebody asks for it */
};

/* What came out for it. */
struct tcp_result {
	uint16_t analysis;    /* TCP_A_* */
	uint8_t completeness; /* before this segment, as tshark prints it */
	bool looked;          /* tshark shows its subtree, if only for iRTT */
	bool unnoted;         /* not among the unacknowledged: no room */
	uint32_t duplicate_ack;
	uint64_t duplicate_of;
	uint64_t acks_frame;  /* 0 none */
	int64_t ack_rtt;
	uint64_t rto_frame;   /* 0 none */
	int64_t rto;
	uint32_t in_flight;   /* 0 none */
	uint32_t push_bytes;  /* 0 none */
};

/* Of a segment that was analysed, as Wireshark shows it. */
struct tcp_numbers {
	uint32_t seq, next, ack; /* relative */
	uint32_t window;         /* scaled */
};

struct tcp_numbers tcp_numbers(const struct tcp_state *s, unsigned direction,
    const struct tcp_header *h);

#define TCP_NEVER INT64_MIN

static inline int8_t
tcp_scale(uint8_t option)
{
	return (int8_t)(option < SCALE_MAX ? option : SCALE_MAX);
}

/* Wraps in the year 2262, as do the differences of such times. */
static inline int64_t
tcp_time(const struct timestamp *t)
{
	return (int64_t)((uint64_t)t->seconds * 1000000000 + t->nanoseconds);
}

void tcp_state_init(struct tcp_state *s);
/* Brings near what most segments will touch. */
static inline void
tcp_state_near(const struct tcp_state *s)
{
	const uint8_t *p = (const uint8_t *)s;

	fetch(p);
	fetch(p + 64);
	fetch(p + 128);
	fetch(p + 192);
}

/* Finds the classes of a segment and moves the state on. */
void tcp_analyse(struct tcp_state *s, struct flow_pool *pool,
    const struct tcp_input *in, struct tcp_result *out);

/* Is it all that `to` has room for? */
static inline bool
tcp_fills(const struct tcp_end *to, uint32_t end)
{
	unsigned shift = to->scale > 0 && (to->flags & END_ACKED) != 0 ?
	    (unsigned)to->scale : 0;

	return to->scale != SCALE_UNKNOWN &&
	    end == to->ack + (to->window << shift);
}

/* At the first ACK behind a SYN. */
static inline void
tcp_syn_timed(struct tcp_state *s, int64_t time)
{
	s->first_rtt = (int64_t)((uint64_t)time - (uint64_t)s->syn_time);
	if (s->first_rtt < 0)
		return;
	s->end[0].flags &= (uint8_t)~END_TIMED;
	s->end[1].flags &= (uint8_t)~END_TIMED;
}

/* A sample, if it `is` one.  Nobody can foretell which it is: no branch. */
static inline __attribute__((always_inline)) void
tcp_rtt_note(struct tcp_end *e, int64_t rtt, unsigned is)
{
	const uint64_t taken = 0 - (uint64_t)((is != 0) & (rtt >= 0) &
	    (rtt <= INT64_MAX - e->rtt_sum));
	const uint64_t less = taken & (0 - (uint64_t)((e->rtt_count == 0) |
	    (rtt < e->rtt_min)));
	const uint64_t more = taken & (0 - (uint64_t)(rtt > e->rtt_max));

	e->rtt_min ^= (int64_t)((uint64_t)(e->rtt_min ^ rtt) & less);
	e->rtt_max ^= (int64_t)((uint64_t)(e->rtt_max ^ rtt) & more);
	e->rtt_sum += (int64_t)((uint64_t)rtt & taken);
	e->rtt_count += taken & 1;
}

/* One that is. */
void tcp_rtt_add(struct tcp_end *e, int64_t rtt);

#endif
