#ifndef ANALYSIS_LISTING_H
#define ANALYSIS_LISTING_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What the analysers share that list the packets of one protocol: where the
 * rows go, and how many packets there were.  One of these is the first member
 * of their state; begin() copies it from the options, where `rows` and
 * `max_packets` are set and the rest is zero.
 */
struct rows;
struct transport;
struct listing {
	struct rows *rows;
	uint64_t max_packets;     /* analyse the first N of those found; 0: all */
	uint64_t frames;          /* looked at */
	uint64_t found, analyzed; /* with a message of the protocol */
	uint64_t counted_frame;   /* the last of those found */
};

/* A message was found in this frame; false: beyond `max_packets`. */
static inline bool
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
/* analyzer.unheard of those that ask nothing else of such packets. */
void listing_unheard(void *state, uint64_t packets);
/* "TCP", "UDP", "SCTP", or "other". */
const char *listing_transport(const struct transport *t);

#endif
