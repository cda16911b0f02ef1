#include "analysis/summary_flows.h"

#define SERVICES_MAX 70000
#define TCP 6
#define MORE_NEAR 8 /* flows ahead of what is beside one */

/* ---- Services ----------------------------------------------------------- */

static struct summary_service *
service_find(struct summary_flows *f, const struct flow *flow)
{
	struct summary_service **recent =
	    &f->recent[flow->b_port % SUMMARY_SERVICES_RECENT];
	uint8_t key[3] = { flow->protocol, (uint8_t)(flow->b_port >> 8),
		(uint8_t)flow->b_port };
	struct summary_service *v = *recent;

	if (v != NULL && v->port == flow->b_port &&
	    v->protocol == flow->protocol)
		return v;
	v = table_add(&f->services, span_of(key, sizeof(key)));
	if (v == NULL)
		return NULL;
	v->port = flow->b_port;
	v->protocol = flow->protocol;
	*recent = v;
	return v;
}

static void
service_add(struct summary_flows *f, const struct flow *flow, uint64_t bytes)
{
	struct summary_service *v = service_find(f, flow);

	if (v == NULL)
		return;
	v->flows++;
	v->bytes += bytes;
}

/* ---- Flows --------------------------------------------------------------- */

/* The smallest of the largest, once there are enough. */
static uint64_t
least_of(const struct summary_flows *f)
{
	const struct flow_row *last = &f->largest[SUMMARY_LARGEST - 1];

	return last->bytes[0] + last->bytes[1];
}

static __attribute__((noinline)) void
largest_add(struct summary_flows *f, const struct flow_row *row)
{
	uint64_t bytes = row->bytes[0] + row->bytes[1];
	size_t at = f->n_largest;

	while (at > 0 && f->largest[at - 1].bytes[0] +
	    f->largest[at - 1].bytes[1] < bytes)
		at--;
	if (at == SUMMARY_LARGEST)
		return;
	if (f->n_largest < SUMMARY_LARGEST)
		f->n_largest++;
	for (size_t i = f->n_largest - 1; i > at; i--)
		f->largest[i] = f->largest[i - 1];
	f->largest[at] = *row;
}

static void
tcp_add(struct summary_flows *f, const struct flow *flow, uint64_t bytes)
{
	flow_losses_add(flow, &f->losses);
	f->unanswered += flow->handshake == HANDSHAKE_SYN;
	f->refused += flow->handshake == HANDSHAKE_REFUSED;
	f->half_open += flow->handshake == HANDSHAKE_SYN_ACK;
	f->one_way += flow_is_one_way(flow);
	if (bytes > f->tcp_bytes) {
		f->has_tcp = true;
		f->tcp_bytes = bytes;
		f->tcp_stream = flow_stream(flow);
	}
}

static void
flow_read(struct summary_flows *f, const struct flow *flow)
{
	uint64_t bytes = flow_bytes(flow, 0) + flow_bytes(flow, 1);

	f->total++;
	if (f->n_largest < SUMMARY_LARGEST || bytes > least_of(f)) {
		struct flow_row row;

		flow_row_of(flow, &row);
		largest_add(f, &row);
	}
	if (flow->protocol == TCP)
		tcp_add(f, flow, bytes);
	service_add(f, flow, bytes);
	summary_peers_add(&f->peers, flow);
}

static inline void
ends_near(const struct flow *flow)
{
	if (flow->apart)
		fetch(flow_more(flow));
}

static void
kind_read(struct summary_flows *f, const struct flow_list *list, size_t kind)
{
	const uint8_t protocol = flow_list_kinds[kind];
	const struct flows *flows = list->scan->flows;
	const struct flow *flow;
	uint32_t at = 0, end = 0;

	while ((flow = flow_run(flows, protocol, at, &end)) != NULL) {
		for (; at < end; at++, flow = flow_next(flow, 1)) {
			/* Others stand one behind the other. */
			if (protocol == TCP)
				flow_near(flow, end - at, FLOW_ASKED_LOSSES);
			else if (end - at > MORE_NEAR)
				ends_near(flow_next(flow, MORE_NEAR));
			if (flow_list_has(list, kind, flow))
				flow_read(f, flow);
		}
	}
}

void
summary_flows_read(struct summary_flows *f, const struct flow_list *list)
{
	struct flow_row row;

	table_init(&f->services, sizeof(struct summary_service),
	    SERVICES_MAX);
	summary_peers_init(&f->peers);
	for (size_t kind = 0; list->scan->flows != NULL &&
	    kind < FLOW_LIST_KINDS; kind++)
		kind_read(f, list, kind);
	for (size_t i = 0; i < list->icmp.n; i++) {
		const struct icmp_flow *icmp = table_value(&list->icmp, i);

		f->total++;
		flow_row_of_icmp(icmp, &row);
		largest_add(f, &row);
		summary_peers_add_icmp(&f->peers, icmp);
	}
	summary_peers_settle(&f->peers);
}

void
summary_flows_free(struct summary_flows *f)
{
	table_free(&f->services);
	summary_peers_free(&f->peers);
}
