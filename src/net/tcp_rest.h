#ifndef NET_TCP_REST_H
#define NET_TCP_REST_H

#include "net/tcp_analysis.h"

/*
 * The state of a connection that is over, most likely, in less than half of
 * the memory, and all of it: whatever does not fit stays as it is.
 */
struct tcp_rest {
	/* What is asked of all. */
	struct tcp_tally *tally;
	uint32_t acks[2];
	uint8_t counts[2]; /* SYN, SYN-ACK, FIN, RST: two bits each */
	bool reset_late[2], sack_permitted[2];
	/* And not. */
	struct tcp_rest_end {
		uint32_t line[13]; /* tcp_end up to `acks` */
		uint32_t base, push_bytes;
		/* Of times 32 bits are here, and 8 apart. */
		uint32_t rtt_sum, rtt_min, rtt_max;
		uint8_t rtt_sum_high, rtt_min_high, rtt_max_high;
		uint8_t window_scale;
		uint16_t waits; /* the last segment, not acknowledged: bytes */
		uint16_t mss;
	} end[2];
	uint32_t first_rtt, syn_rtt, syn_time;
	uint8_t first_rtt_high, syn_rtt_high, syn_time_high;
	uint8_t n_history;
	char history[16];
};

/* False: it does not fit.  `f` is the flow that it is the state of. */
bool tcp_rest_put(struct tcp_rest *r, const struct tcp_state *s,
    const struct flow *f);
void tcp_rest_get(const struct tcp_rest *r, struct tcp_state *s,
    const struct flow *f);

/* How many segments of an end had the flag. */
enum tcp_rest_count {
	TCP_REST_SYN,
	TCP_REST_SYN_ACK,
	TCP_REST_FIN,
	TCP_REST_RST,
};

static inline uint32_t
tcp_rest_count(const struct tcp_rest *r, unsigned d, enum tcp_rest_count of)
{
	return r->counts[d] >> 2 * of & 3;
}

#endif
