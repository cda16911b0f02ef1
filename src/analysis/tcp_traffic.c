#include "analysis/tcp.h"

/* One direction, seen from the asked server. */
struct direction {
	uint64_t packets, bytes, syn, rst, fin, data_packets, retransmissions;
};

static void
directions_sum(const struct tcp_state *s, struct direction d[2],
    uint64_t *flows)
{
	const struct flow *f;
	struct flow_walk w = { NULL, 0, 0 };

	while ((f = tcp_next(s, &w, FLOW_ASKED_FLAGS)) != NULL) {
		unsigned server = tcp_server_side(s, f);
		struct flow_classes classes[2];
		struct flow_flags flags[2];
		bool classed = flow_classes(f, classes);

		flow_flags(f, flags);
		(*flows)++;
		for (unsigned i = 0; i < 2; i++) {
			struct direction *to = &d[i == server];

			to->packets += flow_packets(f, i);
			to->bytes += flow_bytes(f, i);
			to->data_packets += flow_data_packets(f, i);
			to->syn += (uint64_t)flags[i].syn + flags[i].syn_ack;
			to->rst += flags[i].rst;
			to->fin += flags[i].fin;
			if (classed)
				to->retransmissions +=
				    classes[i].retransmissions;
		}
	}
}

static void
direction_report(const struct direction *d, struct json *j, const char *name)
{
	json_object(j, name);
	json_uint(j, "packet_count", d->packets);
	json_uint(j, "byte_count", d->bytes);
	json_uint(j, "syn_count", d->syn);
	json_uint(j, "rst_count", d->rst);
	json_uint(j, "fin_count", d->fin);
	json_uint(j, "data_packets", d->data_packets);
	json_uint(j, "retransmissions", d->retransmissions);
	json_end(j);
}

static const char *
rst_source(const struct direction d[2])
{
	if (d[0].rst == 0 && d[1].rst == 0)
		return "none";
	if (d[0].rst == d[1].rst)
		return "balanced";
	return d[0].rst > d[1].rst ? "client" : "server";
}

static const char *
data_direction(const struct direction d[2])
{
	if (d[0].bytes > 2 * d[1].bytes)
		return "client_heavy";
	if (d[1].bytes > 2 * d[0].bytes)
		return "server_heavy";
	return "balanced";
}

static void
interpretation(const struct direction d[2], struct json *j)
{
	json_textf(j, "interpretation", "Payload: %llu bytes from clients, "
	    "%llu bytes from the server. RST: %llu from clients, %llu from "
	    "the server%s. Retransmissions: %llu and %llu.%s",
	    (unsigned long long)d[0].bytes, (unsigned long long)d[1].bytes,
	    (unsigned long long)d[0].rst, (unsigned long long)d[1].rst,
	    d[0].rst + d[1].rst > 0 ? " (an abort, a rejection, a device on "
	    "the path, or software that closes that way)" : "",
	    (unsigned long long)d[0].retransmissions,
	    (unsigned long long)d[1].retransmissions,
	    (d[0].packets == 0) != (d[1].packets == 0) ? " Only one direction "
	    "was captured: nothing can be said of the other." : "");
}

void
tcp_traffic_report(const struct tcp_state *s, struct json *j)
{
	struct direction d[2];
	char text[ADDR_TEXT];
	uint64_t flows = 0;
	size_t n;

	memset(d, 0, sizeof(d));
	directions_sum(s, d, &flows);
	n = addr_write(text, &s->options->server);
	if (s->options->has_port)
		json_endpoint(j, "server", &s->options->server,
		    s->options->port);
	else
		json_textf(j, "server", s->options->server.kind == ADDR_IPV6 ?
		    "[%.*s]:any" : "%.*s:any", (int)n, text);
	json_uint(j, "connections", flows);
	direction_report(&d[0], j, "client_to_server");
	direction_report(&d[1], j, "server_to_client");
	json_object(j, "analysis");
	if (d[1].packets > 0)
		json_double(j, "asymmetry_ratio", (double)d[0].packets /
		    (double)d[1].packets);
	else
		json_null(j, "asymmetry_ratio");
	json_text(j, "primary_rst_source", rst_source(d));
	json_text(j, "data_flow_direction", data_direction(d));
	interpretation(d, j);
	json_end(j);
}
