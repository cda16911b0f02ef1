#include "analysis/pass.h"

/* The same for both directions. */
static uint16_t
ports_sum(uint16_t a, uint16_t b)
{
	return (uint16_t)(a + b);
}

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
	uint32_t plain = plain_glances(ps->records, n, ps->seen);

	return ps->scan->dispatch == NULL ? plain :
	    dispatch_passes(ps->scan->dispatch, ps->seen, plain);
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
