#ifndef PROTO_DISPATCH_H
#define PROTO_DISPATCH_H

#include "base/table.h"
#include "proto/proto.h"

/*
 * What the files of dispatch share; the contract for everybody else is in
 * proto.h.
 */
enum port_space {
	SPACE_TCP,
	SPACE_UDP,
	SPACE_SCTP,
	SPACES,
};

struct dispatch {
	struct dispatch_limits limits;
	uint8_t ports[SPACES][65536]; /* 1 + index in protos[]; 0 nobody */
	struct table expected;        /* address and port to protocol */
};

/* Bytes that are to be decoded as one message. */
struct found {
	const struct proto *proto;
	struct span bytes;
	size_t claimed;
	uint32_t first_frame;
	bool over_stream;
	bool odd_port;
};

/* Announced by another message (SDP), or NULL. */
const struct proto *dispatch_announced(const struct dispatch *d,
    const struct transport *t);
/* The protocols of the two ports in the order to be tried, NULL for none. */
void dispatch_ports(const struct dispatch *d, const struct transport *t,
    const struct proto *by_port[2]);
const struct proto *dispatch_by_content(struct span payload, size_t claimed,
    const struct transport *t);
/* Decodes and hangs the message into p->messages; false: not this one. */
bool dispatch_decode(struct dispatch *d, struct packet *p,
    const struct transport *t, const struct found *found);

#endif
