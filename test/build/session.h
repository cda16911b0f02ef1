#ifndef TEST_BUILD_SESSION_H
#define TEST_BUILD_SESSION_H

#include "build/fixture.h"

/* Two ends that talk, and where each of them is in its sequence. */
struct session {
	const char *name, *under;
	bool tcp;
	struct session_end {
		char address[64];
		uint16_t port;
		uint32_t first; /* initial sequence number */
		uint32_t next;  /* relative to it */
	} end[2];               /* client, server */
	size_t headers;         /* layers before the payload */
};

void session_read(struct session *s, const struct words *w);
/* The headers of a packet as a line of layers. */
char *session_layers(
    struct session *s, bool from_server, const struct words *w);
/* Moves on behind what a packet carries. */
void session_count(struct session *s, bool from_server, const struct words *w,
    const struct layers *layers);

#endif
