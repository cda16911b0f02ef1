#include "analysis/pass.h"

void
pass_follow(struct pass *ps, const struct transport *t)
{
	uint16_t sum = ports_sum(t->sport, t->dport);

	ps->followed[sum / 64] |= (uint64_t)1 << sum % 64;
	ps->follows = true;
}

bool
pass_follows(const struct pass *ps, const struct glance *g)
{
	uint16_t sum = ports_sum(g->sport, g->dport);

	return g->protocol == 6 &&
	    (ps->followed[sum / 64] >> sum % 64 & 1) != 0;
}

uint32_t
pass_glances(struct pass *ps, size_t n)
{
	return pass_silent(ps, plain_glances(ps->records, n, ps->seen));
}

uint32_t
pass_silent(const struct pass *ps, uint32_t plain)
{
	return ps->scan->dispatch == NULL ? plain :
	    dispatch_passes(ps->scan->dispatch, ps->seen, plain);
}

uint64_t
pass_changes(const struct pass *ps)
{
	return ps->scan->dispatch == NULL ? 0 :
	    dispatch_changes(ps->scan->dispatch);
}

void
pass_heard(struct pass *ps, size_t at)
{
	const struct glance *g = &ps->seen[at];
	struct packet *p = &ps->packets[0];

	plain_packet(&ps->records[at], g, p);
	for (size_t i = 0; i < ps->n; i++) {
		const struct scan_request *request = &ps->requests[i];
		const struct analyzer *a = request->analyzer;
		const uint16_t *port = a->ports;

		while (port != NULL && *port != 0 && *port != g->sport &&
		    *port != g->dport)
			port++;
		if (a->packet != NULL && (port == NULL || *port != 0))
			a->packet(request->state, p);
		else if (a->unheard != NULL)
			a->unheard(request->state, 1);
	}
}
