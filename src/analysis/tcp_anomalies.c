#include "analysis/tcp.h"

#include <stdio.h>

#include "base/table.h"

/* A pattern is numbers and a sentence with them that gives both readings. */
struct pattern {
	const char *name, *category;
	/* Within "observations", which it ends; then the description. */
	void (*write)(const struct tcp_totals *t, struct json *j);
};

static double
share(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

#define ULL(n) ((unsigned long long)(n))

static void
rst_write(const struct tcp_totals *t, struct json *j)
{
	json_uint(j, "rst_from_client", t->rst_side[0]);
	json_uint(j, "rst_from_server", t->rst_side[1]);
	json_uint(j, "connections_with_rst", t->flows_with_rst);
	json_end(j);
	json_textf(j, "description", "%llu RST packets come from clients, "
	    "%llu from servers: the side that sends more aborts or rejects, "
	    "or a device on its path injects them, or the other side's were "
	    "not captured.", ULL(t->rst_side[0]), ULL(t->rst_side[1]));
}

static void
retransmission_write(const struct tcp_totals *t, struct json *j)
{
	json_uint(j, "retransmissions", t->retransmissions);
	json_double(j, "rate", share(t->retransmissions, t->packets));
	json_uint(j, "fast", t->fast);
	json_uint(j, "spurious", t->spurious);
	json_uint(j, "out_of_order", t->out_of_order);
	json_uint(j, "previous_segment_lost", t->lost);
	json_uint(j, "connections", t->flows_with_retransmissions);
	json_end(j);
	json_textf(j, "description", "%llu of %llu packets were sent again, "
	    "in %llu of %llu connections: loss or delay on the path; of the "
	    "%llu spurious ones the first copy had arrived.%s",
	    ULL(t->retransmissions), ULL(t->packets),
	    ULL(t->flows_with_retransmissions), ULL(t->flows),
	    ULL(t->spurious), t->out_of_order == 0 ? "" : " Those out of order "
	    "were reordered, or sent again within a round trip.");
}

static void
handshake_write(const struct tcp_totals *t, struct json *j)
{
	json_uint(j, "attempts", t->flows - t->middle);
	json_uint(j, "completed", t->complete);
	json_uint(j, "refused", t->refused);
	json_uint(j, "unanswered", t->unanswered);
	json_uint(j, "half_open", t->half_open);
	json_end(j);
	json_textf(j, "description", "%llu of %llu connection attempts were "
	    "completed (%llu refused, %llu unanswered, %llu half open): "
	    "closed or filtered ports, a scan, an overloaded server, or a "
	    "capture that sees one direction.", ULL(t->complete),
	    ULL(t->flows - t->middle), ULL(t->refused), ULL(t->unanswered),
	    ULL(t->half_open));
}

static void
termination_write(const struct tcp_totals *t, struct json *j)
{
	json_uint(j, "reset", t->reset);
	json_uint(j, "normal", t->normal);
	json_uint(j, "still_open_at_the_end", t->active);
	json_end(j);
	json_textf(j, "description", "%llu of %llu connections ended by RST, "
	    "%llu by FIN: an abort, a rejection, or software that closes "
	    "that way on purpose.", ULL(t->reset), ULL(t->flows),
	    ULL(t->normal));
}

static void
syn_write(const struct tcp_totals *t, struct json *j)
{
	json_uint(j, "syn_packets", t->syn);
	json_uint(j, "syn_ack_packets", t->syn_ack);
	json_uint(j, "unanswered_connections", t->unanswered);
	json_end(j);
	json_textf(j, "description", "%llu SYN packets beside %llu SYN-ACK: "
	    "retransmitted or unanswered SYNs, a scan or flood, or answers "
	    "that were not captured.", ULL(t->syn), ULL(t->syn_ack));
}

static void
totals_report(const struct tcp_totals *t, struct json *j)
{
	json_uint(j, "total_connections", t->flows);
	json_uint(j, "total_packets", t->packets);
	json_object(j, "handshake");
	json_uint(j, "successful", t->complete);
	json_uint(j, "failed", t->unanswered + t->refused);
	json_uint(j, "incomplete", t->half_open);
	json_uint(j, "started_before_capture", t->middle);
	json_end(j);
	json_object(j, "flags");
	json_uint(j, "syn", t->syn);
	json_uint(j, "syn_ack", t->syn_ack);
	json_uint(j, "rst", t->rst);
	json_uint(j, "fin", t->fin);
	json_uint(j, "ack", t->ack);
	json_end(j);
}

/* Where RSTs come from, by address: at most the ten busiest are kept while
 * counting with a table of its own would be a second pass for little. */
static void
rst_sources_add(void *context, const struct flow *f,
    const struct flow_flags flags[2])
{
	struct table *sources = context;

	for (unsigned i = 0; i < 2; i++) {
		const struct addr a = flow_addr(f, i);
		uint64_t *n;

		if (flags[i].rst == 0)
			continue;
		n = table_add(sources, span_of(&a, sizeof(a)));
		if (n != NULL)
			*n += flags[i].rst;
	}
}

static void
rst_sources(struct table *sources, struct json *j)
{
	json_object(j, "by_source");
	for (size_t i = 0; i < sources->n && i < 20; i++) {
		const uint64_t *n = table_value(sources, i);
		char text[ADDR_TEXT];
		struct addr a;
		size_t length;

		memcpy(&a, table_key(sources, i).p, sizeof(a));
		length = addr_write(text, &a);
		json_uint_foreign(j, span_of(text, length), *n);
	}
	json_end(j);
	if (sources->n > 20)
		json_uint(j, "sources_total", sources->n);
}

static void
retransmissions_report(const struct tcp_state *s,
    const struct tcp_totals *t, struct json *j)
{
	const struct flow *f;
	struct flow_walk w = { NULL, 0, 0 };
	size_t n = 0;

	json_object(j, "retransmissions");
	json_uint(j, "total", t->retransmissions);
	json_object(j, "by_connection");
	while (n < 20 && (f = tcp_next(s, &w,
	    FLOW_ASKED_CLASSES)) != NULL) {
		struct flow_classes side[2];
		char name[32];
		uint64_t count;
		int length;

		if (!flow_classes(f, side))
			continue;
		count = (uint64_t)side[0].retransmissions +
		    side[1].retransmissions;
		if (count == 0)
			continue;
		length = snprintf(name, sizeof(name), "tcp.stream %u",
		    (unsigned)flow_stream(f));
		json_uint_foreign(j, span_of(name, (size_t)length), count);
		n++;
	}
	json_end(j);
	json_uint(j, "connections", t->flows_with_retransmissions);
	json_double(j, "rate", share(t->retransmissions, t->packets));
	json_end(j);
}

static void
statistics_report(const struct tcp_state *s, const struct tcp_totals *t,
    struct table *sources, struct json *j)
{
	json_object(j, "statistics");
	totals_report(t, j);
	json_object(j, "rst_distribution");
	rst_sources(sources, j);
	json_object(j, "by_direction");
	json_uint(j, "to_server", t->rst_side[0]);
	json_uint(j, "from_server", t->rst_side[1]);
	json_uint(j, "unknown", 0);
	json_end(j);
	json_uint(j, "connections_with_rst", t->flows_with_rst);
	json_end(j);
	retransmissions_report(s, t, j);
	json_object(j, "connection_states");
	json_uint(j, "established", t->established);
	json_uint(j, "reset", t->reset);
	json_uint(j, "closed", t->normal);
	json_uint(j, "unknown", t->unknown);
	json_end(j);
	json_uint(j, "zero_windows", t->zero_windows);
	json_uint(j, "window_full", t->window_full);
	json_uint(j, "duplicate_acks", t->duplicate_acks);
	json_uint(j, "keep_alives", t->keep_alives);
	json_uint(j, "reused_ports", t->reused_ports);
	json_uint(j, "one_way_connections", t->one_way);
	json_end(j);
}

static const struct pattern patterns[] = {
	{ "rst_directional_asymmetry", "connection_control", rst_write },
	{ "packet_retransmission", "reliability", retransmission_write },
	{ "handshake_completion", "connection_establishment",
	    handshake_write },
	{ "abnormal_termination", "connection_termination",
	    termination_write },
	{ "syn_response_imbalance", "connection_establishment", syn_write },
};

/* Which of them there are, a bit each, and in *notable those that stand
 * out. */
static unsigned
patterns_find(const struct tcp_totals *t, unsigned *notable)
{
	uint64_t rsts = t->rst_side[0] + t->rst_side[1];
	uint64_t attempts = t->flows - t->middle;

	*notable = (unsigned)(rsts >= 3) |
	    (unsigned)(share(t->retransmissions, t->packets) > 0.02) << 1 |
	    (unsigned)(share(t->complete, attempts) < 0.9) << 2 |
	    (unsigned)(t->reset > t->normal) << 3 |
	    (unsigned)(t->unanswered + t->refused > 10) << 4;
	return (unsigned)(rsts > 0 && (t->rst_side[0] == 0 ||
	    t->rst_side[1] == 0 || share(t->rst_side[0], rsts) > 0.8 ||
	    share(t->rst_side[1], rsts) > 0.8)) |
	    (unsigned)(t->retransmissions > 0) << 1 |
	    (unsigned)(attempts > t->complete) << 2 |
	    (unsigned)(t->reset > 0) << 3 |
	    (unsigned)(t->syn > t->syn_ack) << 4;
}

static void
patterns_report(const struct tcp_totals *t, struct json *j)
{
	unsigned notable, found = patterns_find(t, &notable);
	unsigned n = 0, n_notable = 0;

	json_array(j, "patterns");
	for (size_t i = 0; i < LENGTH(patterns); i++) {
		if ((found >> i & 1) == 0)
			continue;
		n++;
		n_notable += notable >> i & 1;
		json_object(j, NULL);
		json_text(j, "pattern", patterns[i].name);
		json_text(j, "category", patterns[i].category);
		json_object(j, "observations");
		patterns[i].write(t, j);
		json_end(j);
	}
	json_end(j);
	json_object(j, "summary");
	json_uint(j, "total_patterns", n);
	json_object(j, "by_category");
	for (size_t i = 0; i < LENGTH(patterns); i++) {
		/* The third and the last are of one category. */
		if ((found >> i & 1) != 0 && (i != 4 || (found & 4) == 0))
			json_uint(j, patterns[i].category, i != 2 ? 1 :
			    1 + (found >> 4));
	}
	json_end(j);
	json_uint(j, "notable_observations",
	    n_notable);
	json_end(j);
}

void
tcp_anomalies_report(const struct tcp_state *s, struct json *j)
{
	struct tcp_totals t;
	struct table sources;

	table_init(&sources, sizeof(uint64_t), 10000);
	tcp_total(s, &t, rst_sources_add, &sources);
	tcp_filter_report(s, j);
	statistics_report(s, &t, &sources, j);
	patterns_report(&t, j);
	table_free(&sources);
}
