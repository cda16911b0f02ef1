#include "analysis/pass.h"

void
pass_follow(struct pass *ps, const struct transport *t)
{
	uint16_t sum = ports_sum(t->sport, t->dport);

	uint64_t bit = (uint64_t)1 << sum % 64;

	ps->follows += (ps->followed[sum / 64] & bit) == 0;
	ps->followed[sum / 64] |= bit;
}

bool
pass_follows(const struct pass *ps, const struct glance *g)
{
	uint16_t sum = ports_sum(g->sport, g->dport);

	return g->protocol == 6 &&
	    (ps->followed[sum / 64] >> sum % 64 & 1) != 0;
}

static __attribute__((cold)) void
near_make(struct pass *ps)
{
	const struct dispatch *d = ps->scan->dispatch;

	if (ps->near_changes == 0) {
		plain_near(&ps->near, ps->heard_ports);
		if (d != NULL)
			dispatch_near(d, &ps->near);
	}
	if (d != NULL)
		dispatch_nearer(d, &ps->near);
	ps->near_changes = pass_changes(ps) + 1;
}

uint32_t
pass_glances(struct pass *ps, size_t n)
{
	bool none = ps->scan->dispatch == NULL && !ps->hears_ports;
	uint32_t plain;

	if (!none && ps->near_changes != pass_changes(ps) + 1)
		near_make(ps);
	plain = plain_glances(ps->records, n, none ? NULL : &ps->near,
	    ps->seen, &ps->far);
	return ps->far | pass_silent(ps, plain & ~ps->far);
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

/* Those of which a glance is not enough. */
static uint32_t
walked(const struct pass *ps, uint32_t plain, size_t n)
{
	uint32_t walked = ~plain;

	if (ps->follows != 0)
		for (size_t i = 0; i < n; i++)
			walked |= (uint32_t)pass_follows(ps, &ps->seen[i]) << i;
	return walked;
}

/* Those of which somebody may hear more than their number. */
static uint32_t
heard(const struct pass *ps, uint32_t plain)
{
	uint32_t heard = 0;

	if (ps->hears_all || !ps->hears_ports)
		return ps->hears_all ? UINT32_MAX : 0;
	for (uint32_t left = plain & ~ps->far; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		heard |= (uint32_t)pass_hears(ps, &ps->seen[i]) << i;
	}
	return heard;
}

static void
unheard(struct pass *ps, size_t from, size_t to)
{
	struct scan *s = ps->scan;

	s->packets += to - from;
	s->matched += to - from;
	ps->unheard += to - from;
	for (; from < to; from++)
		pass_count_plain(ps, from);
}

/* A packet all the way; true: what is to be walked is no longer the same. */
static bool
walk(struct pass *ps, size_t i, uint32_t *plain)
{
	struct scan *s = ps->scan;
	uint64_t changes = pass_changes(ps), follows = ps->follows;

	s->packets++;
	arena_reset(&ps->arena);
	pass_packet(ps, &ps->packets[0], &ps->records[i], FILTER_YES,
	    s->defrag);
	if (pass_changes(ps) != changes)
		*plain = pass_silent(ps, *plain);
	else if (ps->follows == follows)
		return false;
	return true;
}

void
pass_glance(struct pass *ps, size_t n)
{
	uint32_t plain = pass_glances(ps, n);
	uint32_t walks = walked(ps, plain, n), hears = heard(ps, plain);

	for (size_t at = 0; at < n && !ps->scan->stop; at++) {
		uint32_t left = (walks | hears) >> at;
		size_t next = left == 0 ? n :
		    at + (size_t)__builtin_ctz(left);

		if (next > n)
			next = n;
		unheard(ps, at, next);
		at = next;
		if (at == n)
			return;
		if ((walks >> at & 1) != 0) {
			if (walk(ps, at, &plain))
				walks = walked(ps, plain, n);
			continue;
		}
		ps->scan->packets++;
		ps->scan->matched++;
		pass_glanced(ps, at);
	}
}
