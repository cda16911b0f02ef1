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

	for (size_t i = 0; i < n && i < PASS_BATCH; i++)
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

/* One that goes on with a flow; false: it is to be opened, or somebody reads
 * its payload. */
static inline bool
known_add(struct pass *ps, size_t i)
{
	struct flows *flows = ps->scan->flows;
	const struct record *r = &ps->records[i];
	const struct glance *g = &ps->seen[i];
	const struct flow *f;

	if (g->payload.n > 0 && flow_app(flow_plain_guess(flows, i)) != NULL)
		return false;
	f = flow_plain_track(flows, r, g, i);
	if (f == NULL)
		return false;
	pass_count_plain(ps, i);
	ps->scan->matched++;
	for (size_t k = 0; k < ps->n; k++) {
		const struct analyzer *a = ps->requests[k].analyzer;

		if (a->plain != NULL)
			a->plain(ps->requests[k].state, r, g, f);
		else if (a->known != NULL)
			a->known(ps->requests[k].state, r, f);
	}
	return true;
}

/* Whether nobody reads its payload, whatever its flow is. */
static inline bool
may_open(const struct pass *ps, size_t i)
{
	const struct glance *g = &ps->seen[i];

	return (g->kind & PLAIN_VLAN) == 0 && (g->payload.n == 0 ||
	    (g->kind & PLAIN_UDP) != 0 || ps->scan->dispatch == NULL);
}

static uint32_t
may_all_open(const struct pass *ps, uint32_t plain)
{
	uint32_t open = 0;

	for (uint32_t left = plain; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		open |= (uint32_t)may_open(ps, i) << i;
	}
	return open;
}

static void
open_add(struct pass *ps, size_t i)
{
	struct packet *p = &ps->packets[i];

	flow_plain_open(ps->scan->flows, &ps->records[i], &ps->seen[i], p);
	pass_count_plain(ps, i);
	ps->scan->matched++;
	for (size_t k = 0; k < ps->n; k++) {
		const struct analyzer *a = ps->requests[k].analyzer;

		if (a->plain != NULL)
			a->plain(ps->requests[k].state, &ps->records[i],
			    &ps->seen[i], p->transports[0].flow);
		else if (a->packet != NULL)
			a->packet(ps->requests[k].state, p);
	}
}

/* A plain one without a message, as far as that could be seen. */
static void
plain_add(struct pass *ps, size_t i, bool known, bool silent)
{
	if (silent && known && known_add(ps, i))
		return;
	if (silent && may_open(ps, i))
		open_add(ps, i);
	else
		pass_packet(ps, &ps->packets[i], &ps->records[i], FILTER_YES,
		    ps->scan->defrag);
}

void
pass_flows(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint32_t plain = plain_glances(ps->records, n, UINT32_MAX, ps->seen);
	uint32_t others = ps->only_tcp ? plain & uncounted(ps, n) : 0;
	uint32_t quiet = silent(ps, plain & ~others), still = quiet;
	uint32_t known = flow_plain_expect(s->flows, ps->records, ps->seen,
	    quiet);
	uint64_t changes = pass_changes(ps);
	size_t at = 0;

	quiet = known | may_all_open(ps, quiet & ~known);
	pass_walk(ps, n, ~(quiet | others));
	flow_plain_near(s->flows, known);
	flow_expect_end(s->flows);
	for (size_t i = 0; i < n && !s->stop; i++) {
		s->packets++;
		if ((others >> i & 1) != 0) {
			pass_count_plain(ps, i);
			s->matched++;
		} else if ((quiet >> i & 1) != 0) {
			plain_add(ps, i, (known >> i & 1) != 0,
			    (still >> i & 1) != 0);
		} else {
			at = pass_walked(ps, i, at);
			if (pass_changes(ps) != changes)
				still = silent(ps, quiet);
		}
	}
}
