#ifndef ANALYSIS_HEARD_H
#define ANALYSIS_HEARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A set of stream numbers: which flows had a packet that passed the filter.
 * One bit a stream, so bounded by the tracker's cap of flows.
 */
struct heard {
	uint64_t *bits;
	size_t n;
	bool no_memory;
};

void heard_free(struct heard *h);
void heard_add(struct heard *h, uint32_t stream);
bool heard_has(const struct heard *h, uint32_t stream);

#endif
