#include "analysis/listing.h"

bool
listing_count(struct listing *l, uint64_t frame)
{
	const uint64_t max = l->max_packets;

	if (l->counted_frame != frame) {
		l->counted_frame = frame;
		l->found++;
		if (max == 0 || l->found <= max)
			l->analyzed++;
	}
	return max == 0 || l->found <= max;
}

void
listing_unheard(void *state, uint64_t packets)
{
	struct listing *l = state;

	l->frames += packets;
}
