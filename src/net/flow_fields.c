#include "net/flow_fields.h"

static void
number(struct field_list *l, enum tcp_row row, uint64_t value)
{
	field_put_number(l, &tcp_rows[row], span_empty(), value);
}

static const struct {
	uint16_t analysis;
	uint8_t row;
} flags[] = {
	{ TCP_A_RETRANSMISSION | TCP_A_FAST_RETRANSMISSION |
	    TCP_A_SPURIOUS_RETRANSMISSION, TCP_ROW_ANALYSIS_RETRANSMISSION },
	{ TCP_A_FAST_RETRANSMISSION, TCP_ROW_ANALYSIS_FAST_RETRANSMISSION },
	{ TCP_A_SPURIOUS_RETRANSMISSION,
	    TCP_ROW_ANALYSIS_SPURIOUS_RETRANSMISSION },
	{ TCP_A_OUT_OF_ORDER, TCP_ROW_ANALYSIS_OUT_OF_ORDER },
	{ TCP_A_REUSED_PORTS, TCP_ROW_ANALYSIS_REUSED_PORTS },
	{ TCP_A_LOST_SEGMENT, TCP_ROW_ANALYSIS_LOST_SEGMENT },
	{ TCP_A_ACK_LOST_SEGMENT, TCP_ROW_ANALYSIS_ACK_LOST_SEGMENT },
	{ TCP_A_WINDOW_UPDATE, TCP_ROW_ANALYSIS_WINDOW_UPDATE },
	{ TCP_A_WINDOW_FULL, TCP_ROW_ANALYSIS_WINDOW_FULL },
	{ TCP_A_KEEP_ALIVE, TCP_ROW_ANALYSIS_KEEP_ALIVE },
	{ TCP_A_KEEP_ALIVE_ACK, TCP_ROW_ANALYSIS_KEEP_ALIVE_ACK },
	{ TCP_A_DUPLICATE_ACK, TCP_ROW_ANALYSIS_DUPLICATE_ACK },
	{ TCP_A_ZERO_WINDOW_PROBE, TCP_ROW_ANALYSIS_ZERO_WINDOW_PROBE },
	{ TCP_A_ZERO_WINDOW, TCP_ROW_ANALYSIS_ZERO_WINDOW },
	{ TCP_A_ZERO_WINDOW_PROBE_ACK,
	    TCP_ROW_ANALYSIS_ZERO_WINDOW_PROBE_ACK },
};

static void
put_flags(const struct tcp_result *r, struct field_list *l)
{
	size_t i, entered;

	entered = field_enter(l, &tcp_rows[TCP_ROW_ANALYSIS_FLAGS],
	    span_empty());
	for (i = 0; i < LENGTH(flags); i++) {
		if ((r->analysis & flags[i].analysis) != 0)
			number(l, flags[i].row, 1);
	}
	field_leave(l, entered, NULL);
	if ((r->analysis & TCP_A_DUPLICATE_ACK) != 0) {
		number(l, TCP_ROW_ANALYSIS_DUPLICATE_ACK_NUM, r->duplicate_ack);
		number(l, TCP_ROW_ANALYSIS_DUPLICATE_ACK_FRAME,
		    r->duplicate_of);
	}
	if (r->rto_frame != 0 && r->rto != 0) {
		number(l, TCP_ROW_ANALYSIS_RTO, (uint64_t)r->rto);
		number(l, TCP_ROW_ANALYSIS_RTO_FRAME, r->rto_frame);
	}
}

static void
put_analysis(const struct tcp_state *s, const struct tcp_result *r,
    struct field_list *l)
{
	size_t entered;

	if (r->acks_frame == 0 && r->in_flight == 0 && r->push_bytes == 0 &&
	    r->analysis == 0 && (!r->looked || s->first_rtt <= 0))
		return;
	entered = field_enter(l, &tcp_rows[TCP_ROW_ANALYSIS], span_empty());
	if (r->acks_frame != 0) {
		number(l, TCP_ROW_ANALYSIS_ACKS_FRAME, r->acks_frame);
		if (r->ack_rtt != 0)
			number(l, TCP_ROW_ANALYSIS_ACK_RTT,
			    (uint64_t)r->ack_rtt);
	}
	if (s->first_rtt > 0)
		number(l, TCP_ROW_ANALYSIS_INITIAL_RTT,
		    (uint64_t)s->first_rtt);
	if (r->in_flight != 0)
		number(l, TCP_ROW_ANALYSIS_BYTES_IN_FLIGHT, r->in_flight);
	if (r->push_bytes != 0)
		number(l, TCP_ROW_ANALYSIS_PUSH_BYTES_SENT, r->push_bytes);
	if (r->analysis != 0)
		put_flags(r, l);
	field_leave(l, entered, NULL);
}

static void
put_tcp(const struct flow_found *found, struct field_list *l)
{
	const struct tcp_header *h;
	struct tcp_numbers n;
	int8_t scale;

	number(l, TCP_ROW_STREAM, found->transport->stream);
	if (found->state == NULL)
		return;
	h = found->in->header;
	n = tcp_numbers(found->state, found->in->direction, h);
	scale = found->state->end[found->in->direction].scale;
	number(l, TCP_ROW_COMPLETENESS, found->result->completeness);
	number(l, TCP_ROW_SEQ, n.seq);
	number(l, TCP_ROW_NXTSEQ, n.next);
	number(l, TCP_ROW_ACK, n.ack);
	number(l, TCP_ROW_WINDOW_SIZE, n.window);
	if ((h->flags & TCP_SYN) == 0)
		number(l, TCP_ROW_WINDOW_SIZE_SCALEFACTOR, (uint64_t)(
		    scale >= 0 ? (int64_t)1 << scale : scale));
	number(l, TCP_ROW_TIME_RELATIVE, (uint64_t)found->relative);
	number(l, TCP_ROW_TIME_DELTA, (uint64_t)found->delta);
	put_analysis(found->state, found->result, l);
}

void
flow_fields_put(const struct flow_found *found, struct field_list *l)
{
	const struct transport *t = found->transport;

	if (t->protocol == 6) {
		put_tcp(found, l);
		return;
	}
	if (t->protocol != 17 && t->protocol != 136)
		return;
	field_put_number(l, &udp_rows[UDP_ROW_STREAM], span_empty(), t->stream);
	if (t->in_error)
		return;
	field_put_number(l, &udp_rows[UDP_ROW_TIME_RELATIVE], span_empty(),
	    (uint64_t)found->relative);
	field_put_number(l, &udp_rows[UDP_ROW_TIME_DELTA], span_empty(),
	    (uint64_t)found->delta);
}
