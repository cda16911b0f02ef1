#include "analysis/pass.h"

#include "net/flow_plain.h"

/*
 * A batch of which all flows are wanted, and of most packets nothing else:
 * those that go on with a flow and carry no message are not walked.
 */

/* Those that have no flow here, and of which nobody asks anything. */
static uint32_t
uncounted(const struct pass *ps, size_t n)
{
	uint32_t others = 0;

	for (size_t i = 0; i < n; i++)
		others |= (uint32_t)((ps->seen[i].kind & PLAIN_UDP) != 0)
		    << i;
	return others;
}

static uint32_t
silent(const struct pass *ps, uint32_t plain)
{
	return ps->scan->dispatch == NULL ? plain :
	    dispatch_silent(ps->scan->dispatch, ps->seen, plain);
}

/* False: it has to be walked. */
static inline bool
known_add(struct pass *ps, size_t i)
{
	struct flows *flows = ps->scan->flows;
	const struct record *r = &ps->records[i];
	const struct glance *g = &ps->seen[i];
	const struct flow *f;

	/* Somebody reads its payload. */
	if (g->payload.n > 0 && flow_app(flow_plain_guess(flows, i)) != NULL)
		return false;
	f = flow_plain_track(flows, r, g, i);
	if (f == NULL)
		return false;
	pass_count_plain(ps, i);
	ps->scan->matched++;
	for (size_t k = 0; k < ps->n; k++) {
		const struct scan_request *request = &ps->requests[k];

		if (request->analyzer->known != NULL)
			request->analyzer->known(request->state, r, f);
	}
	return true;
}

void
pass_flows(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint32_t plain = plain_glances(ps->records, n, NULL, ps->seen,
	    &ps->far);
	uint32_t others = ps->only_tcp ? plain & uncounted(ps, n) : 0;
	uint32_t known = plain & ~others;
	uint32_t still;
	uint64_t changes = pass_changes(ps);
	size_t at = 0;

	still = known = flow_plain_expect(s->flows, ps->records, ps->seen,
	    silent(ps, known));
	pass_walk(ps, n, ~(known | others));
	flow_plain_near(s->flows, known);
	for (size_t i = 0; i < n && !s->stop; i++) {
		s->packets++;
		if ((others >> i & 1) != 0) {
			pass_count_plain(ps, i);
			s->matched++;
		} else if ((known >> i & 1) == 0) {
			at = pass_walked(ps, i, at);
			if (pass_changes(ps) != changes)
				still = silent(ps, known);
		} else if ((still >> i & 1) == 0 || !known_add(ps, i)) {
			pass_packet(ps, &ps->packets[i], &ps->records[i],
			    FILTER_YES, s->defrag);
		}
	}
}
