#include "analysis/flow_ends.h"
#include "analysis/tcp.h"

/* What the tracker knows of one connection beyond mcpcap's keys. */
static void
more_report(const struct flow *f, const struct flow_detail *d,
    struct json *j)
{
	const struct timestamp first = flow_first(f), last = flow_last(f);

	json_uint(j, "stream", flow_stream(f));
	json_text(j, "conn_state", flow_conn_state(f));
	json_text(j, "history", d->history);
	json_uint(j, "client_bytes", flow_bytes(f, 0));
	json_uint(j, "server_bytes", flow_bytes(f, 1));
	if (first.known && last.known)
		json_seconds(j, "duration_seconds", time_diff(last, first));
	if (d->syn_rtt >= 0)
		json_ms(j, "syn_rtt_ms", d->syn_rtt);
	if (f->handshake == HANDSHAKE_COMPLETE && d->handshake_rtt >= 0)
		json_ms(j, "handshake_rtt_ms", d->handshake_rtt);
	for (unsigned i = 0; i < 2; i++) {
		const struct flow_tcp_side *side = &d->side[i];

		if (side->rtt_count > 0)
			json_ms(j, i == 0 ? "client_to_ack_ms" :
			    "server_to_ack_ms",
			    side->rtt_sum / side->rtt_count);
	}
	json_time(j, "start", first);
	json_uint(j, "first_frame", flow_first_frame(f));
	json_uint(j, "last_frame", flow_last_frame(f));
	if (f->guessed)
		json_text(j, "roles",
		    "guessed: the capture has no SYN of it");
	if (flow_packets(f, 0) == 0 || flow_packets(f, 1) == 0)
		json_text(j, "one_way", flow_packets(f, 0) > 0 ?
		    "from the client only" : "from the server only");
}

static void
classes_report(const struct flow_detail *d, struct json *j)
{
	static const struct {
		const char name[26];
		uint8_t at;
	} classes[] = {
#define CLASS(name, field) { name, offsetof(struct flow_classes, field) }
		CLASS("fast_retransmissions", fast),
		CLASS("spurious_retransmissions", spurious),
		CLASS("out_of_order", out_of_order),
		CLASS("previous_segment_lost", lost),
		CLASS("duplicate_acks", duplicate_acks),
		CLASS("keep_alives", keep_alives),
		CLASS("zero_windows", zero_windows),
		CLASS("zero_window_probes", zero_window_probes),
		CLASS("window_updates", window_updates),
		CLASS("window_full", window_full),
#undef CLASS
	};
	uint32_t n[2];

	for (size_t i = 0; i < LENGTH(classes); i++) {
		for (size_t k = 0; k < 2; k++)
			memcpy(&n[k], (const uint8_t *)&d->classes[k] +
			    classes[i].at, sizeof(n[k]));
		if ((n[0] | n[1]) != 0)
			json_uint(j, classes[i].name, (uint64_t)n[0] + n[1]);
	}
	if (d->reused_ports > 0)
		json_uint(j, "reused_ports", d->reused_ports);
}

static void
connection_report(const struct flow *f, struct json *j)
{
	const char *reason = flow_close_reason(f);
	struct flow_detail d;
	const struct flow_flags *a = &d.flags[0], *b = &d.flags[1];
	/* A SYN without an answer closes nothing. */
	bool closed = strcmp(reason, "reset") == 0 ||
	    strcmp(reason, "normal") == 0;

	flow_detail(f, &d);
	json_object(j, NULL);
	flow_ends_report(f, j);
	json_text(j, "state", closed ? "closed" : "active");
	json_bool(j, "handshake_completed",
	    f->handshake == HANDSHAKE_COMPLETE);
	json_uint(j, "syn_count", (uint64_t)a->syn + b->syn);
	json_uint(j, "syn_ack_count", (uint64_t)a->syn_ack + b->syn_ack);
	json_uint(j, "ack_count", (uint64_t)a->ack + b->ack);
	json_uint(j, "rst_count", (uint64_t)a->rst + b->rst);
	json_uint(j, "fin_count", (uint64_t)a->fin + b->fin);
	json_uint(j, "data_packets", (uint64_t)flow_data_packets(f, 0) +
	    flow_data_packets(f, 1));
	json_uint(j, "retransmissions", (uint64_t)d.classes[0].retransmissions +
	    d.classes[1].retransmissions);
	json_text(j, "close_reason", reason);
	json_uint(j, "packet_count", (uint64_t)flow_packets(f, 0) +
	    flow_packets(f, 1));
	classes_report(&d, j);
	more_report(f, &d, j);
	json_end(j);
}

static void
summary_report(const struct tcp_totals *t, struct json *j)
{
	json_object(j, "summary");
	json_uint(j, "total_connections", t->flows);
	json_uint(j, "successful_handshakes", t->complete);
	json_uint(j, "failed_handshakes", t->unanswered + t->refused +
	    t->half_open);
	json_uint(j, "established_connections", t->established);
	json_uint(j, "reset_connections", t->reset);
	json_uint(j, "normal_close", t->normal);
	json_uint(j, "active_connections", t->active);
	json_uint(j, "unknown_close", t->unknown);
	json_uint(j, "incomplete_handshakes", t->half_open);
	json_uint(j, "refused_connections", t->refused);
	json_uint(j, "unanswered_syns", t->unanswered);
	json_uint(j, "started_before_capture", t->middle);
	json_uint(j, "retransmissions", t->retransmissions);
	json_uint(j, "client_bytes", t->bytes[0]);
	json_uint(j, "server_bytes", t->bytes[1]);
	json_end(j);
}

#define COUNT(member) offsetof(struct tcp_totals, member) / sizeof(uint64_t)

/* Sentences with counts; the innocent reading stands beside the other. */
static const struct {
	size_t count; /* which number of the totals */
	const char *of, *meaning;
} issues[] = {
	{ COUNT(unanswered), "connection attempt", "without any answer "
	    "(filtered, host down, scan, or the answers were not captured)" },
	{ COUNT(half_open), "handshake", "answered by SYN-ACK without the "
	    "client's ACK (half-open scan, lost ACK, or one-way capture)" },
	{ COUNT(refused), "connection attempt", "refused by RST (closed port, "
	    "or a device that rejects)" },
	{ COUNT(reset), "connection", "ended by RST (abort, rejection, or a "
	    "client that closes so)" },
	{ COUNT(retransmissions), "retransmission", "detected" },
	{ COUNT(out_of_order), "segment", "out of order (reordered, or sent "
	    "again within a round trip)" },
	{ COUNT(lost), "place", "where a segment is missing (lost on the way, "
	    "or not captured)" },
	{ COUNT(zero_windows), "zero window", "announced (the receiver did "
	    "not read fast enough)" },
	{ COUNT(one_way), "connection", "of which only one direction was "
	    "captured" },
};

static void
issues_report(const struct tcp_totals *t, struct json *j)
{
	uint64_t counts[sizeof(*t) / sizeof(uint64_t)], n;

	memcpy(counts, t, sizeof(counts));
	json_array(j, "issues");
	for (size_t i = 0; i < LENGTH(issues); i++) {
		n = counts[issues[i].count];
		if (n > 0)
			json_textf(j, NULL, "%llu %s%s %s",
			    (unsigned long long)n, issues[i].of,
			    n == 1 ? "" : "s", issues[i].meaning);
	}
	json_end(j);
}

void
tcp_connections_report(const struct tcp_state *s, struct json *j,
    struct rows *rows, uint64_t seal)
{
	struct tcp_totals t;
	const struct flow *f;
	struct flow_walk w = { NULL, 0, 0 };

	tcp_total(s, &t, NULL, NULL);
	tcp_filter_report(s, j);
	summary_report(&t, j);
	while (!rows->truncated && (f = tcp_next(s, &w,
	    FLOW_ASKED_DETAIL)) != NULL) {
		struct json *row = rows_next(rows);

		if (row == NULL)
			continue;
		connection_report(f, row);
		rows_done(rows);
	}
	rows_more(rows, t.flows);
	issues_report(&t, j);
	scan_quality_report(s->scan, j);
	rows_report(rows, j, "connections");
	rows_counts(rows, j, seal);
}
