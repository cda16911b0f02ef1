#include "cli/sessions.h"

#include "base/number.h"
#include "tap.h"

#define SECOND INT64_C(1000000000)

static struct span
id_of(const struct session *session)
{
	return span_text(session->id);
}

/* Ten minutes without a word end a session; a word begins them anew. */
static void
test_idle(struct sessions *s)
{
	struct session *session = session_new(s);
	char id[SESSION_ID + 1];

	if (!ok(session != NULL))
		return;
	(void)strcpy(id, session->id);
	session->used = clock_monotonic() - 590 * SECOND;
	ok(session_find(s, span_text(id)) == session);
	ok(clock_monotonic() - session->used < 60 * SECOND);
	session->used = clock_monotonic() - 601 * SECOND;
	ok(session_find(s, span_text(id)) == NULL);
	ok(session->id[0] == '\0');
	ok(session_find(s, span_text(id)) == NULL);
	ok(session_find(s, span_empty()) == NULL);
}

/* As many as there are, each with an id of its own. */
static void
test_cap(struct sessions *s)
{
	struct session *all[SESSIONS_MAX], *more;
	char first[SESSION_ID + 1];

	for (size_t i = 0; i < SESSIONS_MAX; i++) {
		all[i] = session_new(s);
		ok(all[i] != NULL && strlen(all[i]->id) == SESSION_ID);
		all[i]->used = (int64_t)(clock_monotonic() - SECOND) +
		    (int64_t)i;
		all[i]->peer.initialized = true;
		for (size_t k = 0; k < i; k++)
			if (all[k] == all[i] ||
			    strcmp(all[k]->id, all[i]->id) == 0)
				ok(false);
	}
	(void)strcpy(first, all[1]->id);
	ok(session_find(s, id_of(all[0])) == all[0]);
	more = session_new(s);
	ok(more == all[1] && !more->peer.initialized);
	ok(session_find(s, span_text(first)) == NULL);
	ok(session_find(s, id_of(all[0])) == all[0]);
	ok(session_find(s, id_of(more)) == more);
	session_end(s, more);
	ok(session_find(s, id_of(more)) == NULL);
}

int
main(void)
{
	struct mcp_provider provider = { .name = "t", .version = "1" };
	struct sessions s = { .mcp = mcp_new(&provider) };

	test_idle(&s);
	test_cap(&s);
	mcp_free(s.mcp);
	return tap_done();
}
