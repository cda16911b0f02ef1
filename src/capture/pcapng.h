#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H

#include "base/cursor.h"
#include "capture/reader.h"

/* Inside the reader of pcapng: the blocks that tell about the capture. */
struct option {
	uint16_t code;
	struct span value;
};

/* False at the end of the options; what is damaged ends them too. */
bool option_next(struct cursor *c, bool big, struct option *o);

/* Each takes the body of its block: what stands between the lengths. */
void pcapng_section(struct capture *c, struct span body);
void pcapng_interface(struct capture *c, struct span body);
void pcapng_statistics(struct capture *c, struct span body);
void pcapng_names(struct capture *c, struct span body);

#endif
