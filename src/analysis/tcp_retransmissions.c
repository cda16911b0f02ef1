#include "analysis/tcp.h"

#define WORST 10

struct worst {
	const struct flow *flow;
	uint64_t retransmissions, packets;
	double rate;
};

static double
share(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

/* Keeps the ten with the highest rate, more packets first on a tie, then
 * the earlier stream. */
static void
worst_add(struct worst *list, size_t *n, const struct worst *w)
{
	size_t i = *n;

	while (i > 0 && (list[i - 1].rate < w->rate ||
	    (list[i - 1].rate <= w->rate &&
	    list[i - 1].retransmissions < w->retransmissions)))
		i--;
	if (i >= WORST)
		return;
	if (*n < WORST)
		(*n)++;
	for (size_t k = *n - 1; k > i; k--)
		list[k] = list[k - 1];
	list[i] = *w;
}

static void
connection_text(struct json *j, const char *name, const struct flow *f)
{
	char a[ADDR_TEXT + 8], b[ADDR_TEXT + 8];
	const struct addr ends[2] = { flow_addr(f, 0), flow_addr(f, 1) };
	size_t na = addr_write_port(a, &ends[0], f->a_port);
	size_t nb = addr_write_port(b, &ends[1], f->b_port);

	json_textf(j, name, "%.*s <-> %.*s", (int)na, a, (int)nb, b);
}

static void
row_report(const struct worst *w, struct json *j)
{
	struct flow_detail d;

	flow_detail(w->flow, &d);
	json_object(j, NULL);
	connection_text(j, "connection", w->flow);
	json_uint(j, "stream", flow_stream(w->flow));
	json_uint(j, "retrans_count", w->retransmissions);
	json_uint(j, "total_packets", w->packets);
	json_double(j, "retrans_rate", w->rate);
	json_uint(j, "from_client", d.classes[0].retransmissions);
	json_uint(j, "from_server", d.classes[1].retransmissions);
	json_uint(j, "fast", (uint64_t)d.classes[0].fast + d.classes[1].fast);
	json_uint(j, "spurious", (uint64_t)d.classes[0].spurious +
	    d.classes[1].spurious);
	json_uint(j, "first_frame", flow_first_frame(w->flow));
	json_uint(j, "last_frame", flow_last_frame(w->flow));
	json_end(j);
}

static void
summary_report(const struct worst *list, size_t n, uint64_t above,
    struct json *j)
{
	json_object(j, "summary");
	if (n > 0) {
		connection_text(j, "worst_connection", list[0].flow);
		json_double(j, "worst_retrans_rate", list[0].rate);
	} else {
		json_null(j, "worst_connection");
		json_uint(j, "worst_retrans_rate", 0);
	}
	json_uint(j, "connections_above_threshold", above);
	json_end(j);
}

/* The worst connections, and how many are above the threshold. */
struct found {
	struct worst list[WORST + 1];
	size_t n;
	double threshold;
	uint64_t above;
};

/* `resent` of its packets were. */
static void
flow_rate(struct found *found, const struct flow *f, uint64_t resent)
{
	struct worst w = {
		.flow = f,
		.retransmissions = resent,
		.packets = (uint64_t)flow_packets(f, 0) + flow_packets(f, 1),
	};

	w.rate = share(w.retransmissions, w.packets);
	found->above += w.rate > found->threshold;
	if (w.retransmissions > 0)
		worst_add(found->list, &found->n, &w);
}

bool
tcp_retransmissions_report(const struct tcp_state *s, struct json *j,
    double threshold)
{
	struct found found = { .threshold = threshold };
	struct tcp_totals t = { 0 };
	const struct flow *f;
	struct flow_walk w = { NULL, 0, 0 };

	while ((f = tcp_next(s, &w, FLOW_ASKED_CLASSES)) != NULL) {
		uint64_t before = t.retransmissions;

		tcp_total_classes(&t, f);
		flow_rate(&found, f, t.retransmissions - before);
	}
	json_uint(j, "total_packets", t.packets);
	json_uint(j, "total_retransmissions", t.retransmissions);
	json_double(j, "retransmission_rate",
	    share(t.retransmissions, t.packets));
	json_double(j, "threshold", threshold);
	json_bool(j, "exceeds_threshold",
	    share(t.retransmissions, t.packets) > threshold);
	json_object(j, "classes");
	json_uint(j, "fast_retransmissions", t.fast);
	json_uint(j, "spurious_retransmissions", t.spurious);
	json_uint(j, "out_of_order", t.out_of_order);
	json_uint(j, "previous_segment_lost", t.lost);
	json_uint(j, "duplicate_acks", t.duplicate_acks);
	if (t.out_of_order > 0) {
		json_double(j, "rate_with_out_of_order",
		    share(t.retransmissions + t.out_of_order, t.packets));
		json_text(j, "reading", "Out of order, as Wireshark has it: "
		    "reordered on the path, or sent again within a round "
		    "trip, as fast recovery does.");
	}
	json_end(j);
	json_uint(j, "connections_with_retransmissions",
	    t.flows_with_retransmissions);
	json_array(j, "by_connection");
	for (size_t i = 0; i < found.n; i++)
		row_report(&found.list[i], j);
	json_end(j);
	summary_report(found.list, found.n, found.above, j);
	return true;
}
