#ifndef ANALYSIS_TCP_H
#define ANALYSIS_TCP_H

#include "analysis/analyzer.h"
#include "analysis/heard.h"
#include "analysis/rows.h"

/*
 * The TCP questions: one pass over the flow tracker, several reports of its
 * flows.  `server` and `port` choose the flows that have such an end; with a
 * display filter only flows with a packet that passed it are told of, and
 * they are told of whole.
 */
struct tcp_options {
	bool has_server, has_port;
	struct addr server;
	uint16_t port;
	uint64_t max_packets; /* stop behind the first N chosen; 0: all */
};

struct tcp_state {
	const struct tcp_options *options;
	struct scan *scan;
	uint64_t packets;    /* TCP packets heard of that were chosen */
	uint64_t all;        /* TCP packets heard of */
	uint64_t untracked;  /* of flows beyond the table's cap */
	uint64_t half_headers; /* TCP header cut off */
	/* With a display filter: the streams that were heard of. */
	struct heard heard;
};

extern const struct analyzer analyzer_tcp;


/* The next chosen flow, NULL at the end.  `asked` of it. */
const struct flow *tcp_next(const struct tcp_state *s, struct flow_walk *w,
    enum flow_asked asked);
/* Which side of a chosen flow is the asked server: 0 a, 1 b. */
unsigned tcp_server_side(const struct tcp_state *s, const struct flow *f);

/* "filter": {server_ip, server_port}, null when not given. */
void tcp_filter_report(const struct tcp_state *s, struct json *j);

/* Sums over chosen flows. */
struct tcp_totals {
	uint64_t flows, complete, half_open, refused, unanswered, middle;
	uint64_t established, reset, normal, active, unknown;
	uint64_t syn, syn_ack, fin, rst, ack, data_packets;
	uint64_t rst_side[2];        /* from client, from server */
	uint64_t flows_with_rst, flows_with_retransmissions;
	uint64_t retransmissions, fast, spurious, out_of_order, lost;
	uint64_t duplicate_acks, keep_alives, zero_windows, window_full;
	uint64_t reused_ports, one_way, guessed;
	uint64_t packets, bytes[2];
};

/* `each`, if not NULL, is told of each of them that has RSTs. */
void tcp_total(const struct tcp_state *s, struct tcp_totals *t,
    void (*each)(void *context, const struct flow *f,
    const struct flow_flags flags[2]), void *context);
/* Adds a flow's packets and classes alone. */
void tcp_total_classes(struct tcp_totals *t, const struct flow *f);

/* The reports of the four tools (surface.md, section 3). */
void tcp_connections_report(const struct tcp_state *s, struct json *j,
    struct rows *rows, uint64_t seal);
void tcp_anomalies_report(const struct tcp_state *s, struct json *j);
bool tcp_retransmissions_report(const struct tcp_state *s, struct json *j,
    double threshold);
void tcp_traffic_report(const struct tcp_state *s, struct json *j);

#endif
