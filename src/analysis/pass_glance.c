#include "analysis/pass.h"
#include "capture/run.h"
#include "net/plain_far.h"

void
pass_follow(struct pass *ps, const struct transport *t)
{
	uint16_t sum = ports_sum(t->sport, t->dport);

	uint64_t bit = (uint64_t)1 << sum % 64;

	ps->follows += (ps->followed[sum / 64] & bit) == 0;
	ps->followed[sum / 64] |= bit;
}

static bool
is_followed(const struct pass *ps, const struct glance *g)
{
	uint16_t sum = ports_sum(g->sport, g->dport);

	return g->protocol == 6 &&
	    (ps->followed[sum / 64] >> sum % 64 & 1) != 0;
}

uint64_t
pass_changes(const struct pass *ps)
{
	return ps->follows + (ps->scan->dispatch == NULL ? 0 :
	    dispatch_changes(ps->scan->dispatch));
}

static __attribute__((cold)) void
near_make(struct pass *ps)
{
	const struct dispatch *d = ps->scan->dispatch;
	struct glance_near *near = &ps->near;

	if (ps->near_changes == 0) {
		plain_near_begin(near);
		plain_near(near, ps->heard_ports, NEAR_TCP | NEAR_UDP);
		if (d != NULL)
			dispatch_near(d, near);
	}
	near->all = false;
	if (d != NULL)
		dispatch_nearer(d, near);
	/* Who hears all is near all, but under a filter most are not heard. */
	near->all |= ps->hears_all && ps->scan->filter == NULL;
	near->others = ps->hears_others && ps->scan->filter == NULL;
	near->sums = ps->follows != 0 ? ps->followed : NULL;
	ps->near_changes = pass_changes(ps) + 1;
}

/* Of these those that are somebody's by their ports. */
static inline uint32_t
said_see(const struct pass *ps, uint32_t look)
{
	uint32_t said = 0;

	for (; look != 0; look &= look - 1) {
		unsigned i = (unsigned)__builtin_ctz(look);

		said |= (uint32_t)plain_here(&ps->records[i], &ps->near,
		    &ps->seen[i]) << i;
	}
	return said;
}

/* Of the batch those at which may be looked, when `near` is as it is now. */
static uint32_t
glances_see(struct pass *ps, size_t n, uint32_t look)
{
	const struct dispatch *d = ps->scan->dispatch;
	struct glanced seen = plain_glances(ps->records, n, look, &plain_asks,
	    ps->seen);
	uint32_t plain = seen.plain;

	if (ps->near.sums != NULL)
		for (uint32_t left = plain; left != 0; left &= left - 1) {
			unsigned i = (unsigned)__builtin_ctz(left);

			plain &= ~((uint32_t)is_followed(ps, &ps->seen[i])
			    << i);
		}
	if (d == NULL)
		return plain;
	plain = dispatch_passes(d, ps->seen, plain);
	ps->said |= seen.udp & seen.data & ~plain;
	return plain;
}

static inline void
near_refresh(struct pass *ps)
{
	if (ps->near_changes != pass_changes(ps) + 1)
		near_make(ps);
}

uint32_t
pass_glances(struct pass *ps, size_t from, size_t n)
{
	uint32_t look = UINT32_MAX;

	ps->far = ps->said = 0;
	if (from == n)
		return 0;
	near_refresh(ps);
	if (!ps->near.all)
		ps->far = plain_far(ps->records + from, n - from, &ps->near,
		    ps->seen + from, &look) << from;
	look <<= from;
	if (!ps->near.all)
		ps->said = said_see(ps, look);
	look &= ~ps->said;
	return ps->far | (look == 0 ? 0 : glances_see(ps, n, look));
}

void
pass_heard(struct pass *ps, size_t at)
{
	const struct glance *g = &ps->seen[at];
	struct packet *p = &ps->packets[0];

	if ((ps->far >> at & 1) != 0)
		(void)plain_glances(&ps->records[at], 1, 1, &plain_asks,
		    &ps->seen[at]);
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

uint32_t
pass_wanted(const struct pass *ps, uint32_t plain)
{
	uint32_t heard = ~plain;

	if (ps->hears_all)
		return UINT32_MAX;
	for (uint32_t left = plain & ~ps->far; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		heard |= (uint32_t)pass_hears(ps, i) << i;
	}
	return heard;
}

static inline void
count_at(uint64_t *counts, const struct record *r, const struct glance *g)
{
	counts[g->kind] += PASS_PACKET + r->len;
}

/* Most packets end here: two at a time, in their turns. */
void
pass_count_run(struct pass *ps, size_t from, size_t to)
{
	const struct record *r = &ps->records[from];
	const struct glance *g = &ps->seen[from];

	for (; from + 1 < to; from += PASS_TURNS) {
		count_at(ps->counts, r, g);
		count_at(ps->counts + PLAIN_KINDS, r + 1, g + 1);
		r += PASS_TURNS;
		g += PASS_TURNS;
	}
	if (from < to)
		count_at(ps->counts, r, g);
}

size_t
pass_unheard(struct pass *ps, size_t at, size_t n, uint32_t wanted)
{
	/* Behind the last one of a whole batch there is none. */
	uint32_t left = (uint32_t)((uint64_t)wanted >> at);
	size_t to = left == 0 ? n : at + (size_t)__builtin_ctz(left);

	if (to > n)
		to = n;
	ps->unheard += to - at;
	pass_count_run(ps, at, to);
	return to;
}

/* It is read without being walked: what it says is asked of nothing else. */
static inline void
said_hear(struct pass *ps, size_t i)
{
	struct scan *s = ps->scan;
	struct packet *p = &ps->packets[0];
	bool malformed = false;

	plain_datagram(&ps->records[i], &ps->seen[i], p);
	pass_prepare(ps, p);
	dispatch_payload(s->dispatch, p, &p->transports[0]);
	pass_count_plain(ps, i);
	s->matched++;
	for (size_t k = 0; k < ps->n_hearers; k++)
		ps->hearers[k].packet(ps->hearers[k].state, p);
	for (const struct message *m = p->messages; m != NULL; m = m->next) {
		size_t number = pass_proto(m->proto);

		s->proto_messages[number]++;
		malformed |= m->malformed;
		for (size_t k = 0; k < ps->n_listeners; k++)
			if ((ps->listeners[k].heard >> number & 1) != 0)
				ps->listeners[k].message(
				    ps->listeners[k].state, p, m);
	}
	s->malformed += malformed;
}

void
pass_read_one(struct pass *ps, size_t i)
{
	struct scan *s = ps->scan;

	s->packets++;
	if (ps->arena.used > PASS_ARENA)
		arena_forget(&ps->arena);
	if ((ps->said >> i & 1) != 0)
		said_hear(ps, i);
	else
		pass_packet(ps, &ps->packets[0], &ps->records[i], FILTER_YES,
		    s->defrag);
}

/* A packet all the way; true: others may be glanced at no more. */
static bool
walk(struct pass *ps, size_t i)
{
	uint64_t changes = pass_changes(ps);

	pass_read_one(ps, i);
	return pass_changes(ps) != changes;
}

/* Whether some that hear all packets need more of them than their number. */
static bool
are_curious(const struct pass *ps)
{
	for (size_t i = 0; i < ps->n; i++) {
		const struct analyzer *a = ps->requests[i].analyzer;

		if (a->packet != NULL && a->ports == NULL &&
		    (a->enough == NULL || !a->enough(ps->requests[i].state)))
			return true;
	}
	return false;
}

void
pass_hear_less(struct pass *ps)
{
	if (ps->hears_all && !are_curious(ps)) {
		ps->hears_all = false;
		ps->near_changes = 0;
	}
}

void
pass_glance(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint32_t plain, wanted;

	pass_hear_less(ps);
	plain = pass_glances(ps, 0, n);
	wanted = pass_wanted(ps, plain);

	for (size_t at = 0; at < n && !s->stop; at++) {
		size_t next = pass_unheard(ps, at, n, wanted);

		s->packets += next - at;
		s->matched += next - at;
		at = next;
		if (at == n)
			return;
		if ((plain >> at & 1) == 0) {
			if (walk(ps, at)) {
				plain = pass_glances(ps, at + 1, n);
				wanted = pass_wanted(ps, plain);
			}
			continue;
		}
		s->packets++;
		s->matched++;
		pass_glanced(ps, at);
	}
}

/* ---- A run -------------------------------------------------------------- */

#define RUN_CROWDED 256 /* batches before the next one, when few are far */

/* The record at hand, to which somebody may be near.  False: it has to be
 * walked. */
static bool
run_glance(struct pass *ps, unsigned seen)
{
	ps->far = 0;
	ps->said = seen == FAR_NEAR &&
	    plain_here(&ps->records[0], &ps->near, &ps->seen[0]);
	if (ps->said != 0 || seen != FAR_NEAR || glances_see(ps, 1, 1) == 0)
		return false;
	pass_glanced(ps, 0);
	return true;
}

static __attribute__((cold)) bool
may_run(struct pass *ps)
{
	const struct scan *s = ps->scan;

	if (!ps->glances || s->filter != NULL || s->stop_after != 0 ||
	    s->may_stop != 0 || capture_format(s->capture) != CAPTURE_PCAP)
		return false;
	if ((ps->wants & WANT_WALK) == 0)
		return !ps->hears_packets;
	if (ps->crowded > 0) {
		ps->crowded--;
		return false;
	}
	if (capture_interface(s->capture, 0)->link != 1)
		return false;
	pass_hear_less(ps);
	near_refresh(ps);
	return !ps->near.all;
}

/* Of so many somebody has to see all, and does. */
static __attribute__((noinline)) size_t
run_look(struct pass *ps, struct capture_run *begun)
{
	struct capture_run run = *begun;
	struct scan *s = ps->scan;
	size_t near = 0, walked = 0;

	while (capture_run_next(&run)) {
		unsigned seen = far_see(&ps->near, (struct far_packet){
		    run.at, run.captured, run.len });

		if (seen < PLAIN_KINDS) {
			ps->counts[seen + run.n % PASS_TURNS * PLAIN_KINDS] +=
			    PASS_PACKET + run.len;
			continue;
		}
		near++;
		capture_run_record(s->capture, run.at, run.n, &ps->records[0]);
		if (run_glance(ps, seen))
			continue;
		walked++;
		if (ps->copies != NULL) {
			pass_copy(ps, 0);
			continue;
		}
		if (walk(ps, 0))
			near_refresh(ps);
		if (s->stop || ps->near.all)
			break;
	}
	*begun = run;
	ps->unheard += run.n - near;
	if (near > run.n / 2)
		ps->crowded = RUN_CROWDED;
	return walked;
}

__attribute__((cold)) bool
pass_run(struct pass *ps, size_t *passed)
{
	struct capture *c = ps->scan->capture;
	struct capture_run run;

	*passed = 0;
	if (!may_run(ps) || !capture_run_begin(c, &run))
		return false;
	if ((ps->wants & WANT_WALK) != 0) {
		pass_counts_room(ps, run.left / CAPTURE_RUN_HEADER);
		*passed -= run_look(ps, &run);
	} else {
		capture_run_pass(&run);
	}
	capture_run_end(c, &run);
	*passed += run.n;
	return true;
}
