#ifndef CLI_SESSIONS_H
#define CLI_SESSIONS_H

#include "mcp/mcp.h"

/*
 * Sessions of HTTP clients up to 2025-11-25, which say `initialize` once and
 * refer to it later.  A fixed number; the longest unused makes room.
 */
#define SESSIONS_MAX 64
#define SESSION_ID 32

struct session {
	char id[SESSION_ID + 1]; /* hex; "": free */
	struct mcp_peer peer;
	int64_t used;
};

struct sessions {
	struct mcp *mcp;
	struct session session[SESSIONS_MAX];
};

/* NULL when the system gives no random bytes. */
struct session *session_new(struct sessions *s);
/* NULL: unknown, ended, or unused for too long. */
struct session *session_find(struct sessions *s, struct span id);
void session_end(struct sessions *s, struct session *session);

#endif
