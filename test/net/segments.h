#ifndef TEST_NET_SEGMENTS_H
#define TEST_NET_SEGMENTS_H

#include <string.h>

#include "net/flow.h"

/* Segments made by hand, one at a time, in one packet that is used again. */
struct talk {
	struct flows *flows;
	struct packet packet;
	struct record record;
	uint16_t client_port, server_port;
	uint32_t client_first, server_first; /* ISNs */
	uint16_t window;
};

static inline void
talk_open(struct talk *t, struct flows *flows)
{
	memset(t, 0, sizeof(*t));
	t->flows = flows;
	t->client_port = 40000;
	t->server_port = 80;
	t->client_first = 1000;
	t->server_first = 5000;
	t->window = 8192;
	t->record.time.known = true;
}

static inline struct transport *
talk_transport(struct talk *t, bool from_server, uint8_t protocol)
{
	const uint8_t ends[2][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } };
	struct transport *r = &t->packet.transports[0];

	t->record.number++;
	t->record.time.nanoseconds += 1000000;
	if (t->record.time.nanoseconds >= 1000000000) {
		t->record.time.nanoseconds -= 1000000000;
		t->record.time.seconds++;
	}
	memset(&t->packet, 0, sizeof(t->packet));
	t->packet.record = &t->record;
	t->packet.n_transports = 1;
	r->protocol = protocol;
	r->src = addr_of(ADDR_IPV4, ends[from_server]);
	r->dst = addr_of(ADDR_IPV4, ends[!from_server]);
	r->sport = from_server ? t->server_port : t->client_port;
	r->dport = from_server ? t->client_port : t->server_port;
	r->payload = span_empty();
	return r;
}

/* One segment; seq and ack relative, as in the fixtures. */
static inline struct transport *
talk_segment(struct talk *t, bool from_server, unsigned flags, uint32_t seq,
    uint32_t ack, struct span payload)
{
	struct transport *r = talk_transport(t, from_server, 6);
	struct tcp_header *h = &t->packet.tcp;

	h->seq = (from_server ? t->server_first : t->client_first) + seq;
	h->ack = (flags & TCP_ACK) == 0 ? 0 :
	    (from_server ? t->client_first : t->server_first) + ack;
	h->flags = (uint16_t)flags;
	h->window = t->window;
	h->header_length = 20;
	h->length = (uint32_t)payload.n;
	r->payload = payload;
	r->payload_claimed = payload.n;
	flow_track(t->flows, &t->packet, r, NULL);
	return r;
}

static inline struct transport *
talk_handshake(struct talk *t)
{
	talk_segment(t, false, TCP_SYN, 0, 0, span_empty());
	talk_segment(t, true, TCP_SYN | TCP_ACK, 0, 1, span_empty());
	return talk_segment(t, false, TCP_ACK, 1, 1, span_empty());
}

#endif
