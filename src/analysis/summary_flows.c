#include "analysis/summary_flows.h"

#define SERVICES_MAX 70000
#define TCP 6

/* ---- Services ----------------------------------------------------------- */

static struct summary_service *
service_find(struct summary_flows *f, const struct flow_row *row)
{
	struct summary_service **recent =
	    &f->recent[row->b_port % SUMMARY_SERVICES_RECENT];
	uint8_t key[3] = { row->protocol, (uint8_t)(row->b_port >> 8),
		(uint8_t)row->b_port };
	struct summary_service *v = *recent;

	if (v != NULL && v->port == row->b_port &&
	    v->protocol == row->protocol)
		return v;
	v = table_add(&f->services, span_of(key, sizeof(key)));
	if (v == NULL)
		return NULL;
	v->port = row->b_port;
	v->protocol = row->protocol;
	*recent = v;
	return v;
}

static void
service_add(struct summary_flows *f, const struct flow_row *row)
{
	struct summary_service *v = service_find(f, row);

	if (v == NULL)
		return;
	v->flows++;
	v->bytes += row->bytes[0] + row->bytes[1];
}

/* ---- Flows --------------------------------------------------------------- */

static void
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
tcp_add(struct summary_flows *f, const struct flow_row *row)
{
	uint64_t bytes = row->bytes[0] + row->bytes[1];

	flow_losses_add(row->flow, &f->losses);
	f->unanswered += row->flow->handshake == HANDSHAKE_SYN;
	f->refused += row->flow->handshake == HANDSHAKE_REFUSED;
	f->half_open += row->flow->handshake == HANDSHAKE_SYN_ACK;
	f->one_way += row->packets[0] == 0 || row->packets[1] == 0;
	if (bytes > f->tcp_bytes) {
		f->has_tcp = true;
		f->tcp_bytes = bytes;
		f->tcp_stream = row->stream;
	}
}

void
summary_flows_read(struct summary_flows *f, const struct flow_list *list)
{
	struct flow_cursor c = { .list = list };
	struct flow_row row;

	table_init(&f->services, sizeof(struct summary_service),
	    SERVICES_MAX);
	while (flow_list_next(&c, &row)) {
		f->total++;
		largest_add(f, &row);
		if (row.protocol == TCP)
			tcp_add(f, &row);
		if (row.flow != NULL)
			service_add(f, &row);
		summary_peers_add(&f->peers, &row);
	}
	summary_peers_settle(&f->peers);
}

void
summary_flows_free(struct summary_flows *f)
{
	table_free(&f->services);
	summary_peers_free(&f->peers);
}
