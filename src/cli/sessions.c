#include "cli/sessions.h"

#include <unistd.h>

#include "base/number.h"
#include "transport/http_guard.h"

#define IDLE_NS (INT64_C(600) * 1000000000)

void
session_end(struct sessions *s, struct session *session)
{
	mcp_forget(s->mcp, &session->peer);
	*session = (struct session){ .used = 0 };
}

struct session *
session_new(struct sessions *s)
{
	struct session *session = &s->session[0];
	uint8_t random[SESSION_ID / 2];

	if (getentropy(random, sizeof(random)) != 0)
		return NULL;
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		if (s->session[i].used < session->used)
			session = &s->session[i];
	}
	session_end(s, session);
	for (size_t i = 0; i < sizeof(random); i++) {
		session->id[2 * i] = "0123456789abcdef"[random[i] >> 4];
		session->id[2 * i + 1] = "0123456789abcdef"[random[i] & 15];
	}
	session->used = clock_monotonic();
	return session;
}

struct session *
session_find(struct sessions *s, struct span id)
{
	int64_t now = clock_monotonic();

	if (id.n != SESSION_ID)
		return NULL;
	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		struct session *session = &s->session[i];

		if (session->id[0] == '\0' ||
		    !http_guard_same(id, span_text(session->id)))
			continue;
		if (now - session->used > IDLE_NS) {
			session_end(s, session);
			return NULL;
		}
		session->used = now;
		return session;
	}
	return NULL;
}
