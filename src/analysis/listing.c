#include "analysis/listing.h"

void
listing_unheard(void *state, uint64_t packets)
{
	struct listing *l = state;

	l->frames += packets;
}
