#ifndef NET_FRAME_H
#define NET_FRAME_H

#include "net/packet.h"

/*
 * What a record cannot tell of itself; the reader of the capture fills it
 * before each packet_walk() that somebody listens to.  Times that are not
 * `known` (none came before) count as the record's own: their difference is
 * zero.
 */
struct frame_facts {
	struct timestamp first;     /* of frame 1 */
	struct timestamp previous;  /* of the frame before in the file */
	struct timestamp displayed; /* of the frame before that was shown */
	const struct capture_interface *interface; /* NULL: not pcapng */
	struct span interface_name; /* empty: none */
	uint32_t interface_id;      /* number in its section */
	uint32_t section;           /* from 1; 0: not pcapng */
};

extern const struct field_table frame_table;

/* The frame.* rows, first of all; packet_walk() calls it. */
void frame_fields(struct packet *p, const struct frame_facts *facts);

/*
 * frame.protocols: the layers of the walk, and behind them `words`, the
 * names of the protocols of upper floors.  packet_walk() calls it without;
 * who knows the messages calls it again.
 */
void frame_protocols(struct packet *p, const char *const *words, size_t n);

/* Wireshark's number (frame.encap_type) of a LINKTYPE_; -1 unknown. */
int frame_encap(uint16_t link);

#endif
