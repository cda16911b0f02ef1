#ifndef FUZZ_PACKETS_H
#define FUZZ_PACKETS_H

#include "base/cursor.h"
#include "net/walk.h"
#include "proto/proto.h"

/*
 * Packets out of noise, and the road of one packet through flows and
 * messages, as a pass goes it.  All of it may be NULL: left out.  A packet
 * is the one before it, walked anew, as in a pass: a road is large, stands
 * in static memory and is not cleared for each input.
 */
struct road {
	struct defrag *defrag;
	struct flows *flows;
	struct dispatch *dispatch;
	struct field_list *fields;
	struct arena arena;
	struct packet packet;
	struct record record;
};

void road_begin(struct road *road);
void road_end(struct road *road);
/* Two bytes of link type, then the packet. */
struct record packet_of(struct span in, uint64_t number);
/* The next of packets that each have two bytes of length in front. */
bool packets_next(struct cursor *c, struct record *r, uint64_t *number);
void road_walk(struct road *road, const struct record *r);
/* Every value lies in its source, and can be shown. */
void fields_check(const struct field_list *l);

#endif
