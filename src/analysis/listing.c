#include "analysis/listing.h"

#include "net/packet.h"

void
listing_unheard(void *state, uint64_t packets)
{
	struct listing *l = state;

	l->frames += packets;
}

const char *
listing_transport(const struct transport *t)
{
	switch (t == NULL ? 0 : t->protocol) {
	case 6:
		return "TCP";
	case 17:
		return "UDP";
	case 132:
		return "SCTP";
	}
	return "other";
}
