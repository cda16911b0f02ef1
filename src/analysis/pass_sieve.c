#include "analysis/pass.h"

/*
 * Packets through a filter without more than each of them needs: most are
 * decided by their layers alone (a query of DNS is no packet of TCP) or by
 * headers where they stand, the next by what a walk finds that leaves no
 * trace; only the rest, pieces of datagrams, what may be a message, and those
 * whose fields somebody wants to see, go all the way.
 */

void
pass_sieve_begin(struct pass *ps)
{
	const struct filter *filter = ps->scan->filter;

	for (unsigned i = 0; filter != NULL && i < PLAIN_KINDS; i++) {
		ps->kind_layers[i] = plain_layers(i);
		ps->by_kind[i] = filter_layers(filter, ps->kind_layers[i],
		    false);
	}
}

static void
payload_see(void *context, struct packet *p, struct transport *t)
{
	struct pass *ps = context;

	(void)p;
	(void)t;
	ps->sees_payload = true;
}

static bool
wants_fields(const struct pass *ps, const struct record *r)
{
	return frames_have(&ps->some, r->number, r->number) ||
	    frames_have(&ps->all, r->number, r->number);
}

/* `silent`: nothing in it is a message. */
static void
sieve_walked(struct pass *ps, const struct record *r, bool silent)
{
	struct scan *s = ps->scan;
	struct packet *p = &ps->packets[0];
	struct walk walk = { .payload = payload_see, .context = ps };
	enum filter_answer answer;

	pass_prepare(ps, p);
	ps->sees_payload = false;
	packet_walk(&walk, r, &ps->arena, p);
	/* A segment without payload may open a connection, a piece complete
	 * a datagram. */
	silent = (silent || s->dispatch == NULL ||
	    (!ps->sees_payload && !packet_has(p, LAYER_TCP))) &&
	    !p->has_fragment;
	answer = filter_quick(s->filter, p, !silent);
	ps->unsure += answer == FILTER_UNSURE;
	if (!silent || answer == FILTER_UNSURE ||
	    (answer == FILTER_YES && wants_fields(ps, r))) {
		pass_packet(ps, p, r, answer, s->defrag);
		return;
	}
	pass_count(ps, p);
	if (answer == FILTER_YES)
		pass_hear(ps, p, answer);
}

/* True when its layers or headers decide. */
static bool
sieve_plain(struct pass *ps, size_t i)
{
	const struct record *r = &ps->records[i];
	unsigned kind = ps->seen[i].kind;
	enum filter_answer answer = ps->by_kind[kind];

	if (answer == FILTER_UNSURE) {
		const struct filter_seen seen = {
			.record = r,
			.kind = kind,
			.layers = ps->kind_layers[kind],
			.frame = &ps->frame,
		};

		answer = filter_glance(ps->scan->filter, &seen);
	}
	if (answer == FILTER_NO) {
		pass_count_plain(ps, i);
		return true;
	}
	if (answer == FILTER_UNSURE || !ps->all_glance ||
	    wants_fields(ps, r) ||
	    kind >= PLAIN_ECHO)
		return false;
	ps->scan->matched++;
	ps->frame.displayed = r->time;
	pass_glanced(ps, i);
	return true;
}

/* Where most packets cannot be decided so, the first walk is left out for a
 * while. */
#define DIRECT_BATCHES 31

void
pass_sieve(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint32_t plain = pass_glances(ps, 0, n);
	bool direct = ps->direct > 0;
	uint64_t changes;

	ps->direct -= direct;
	ps->unsure = 0;
	for (size_t i = 0; i < n && !s->stop; i++) {
		const struct record *r = &ps->records[i];
		bool silent = (plain >> i & 1) != 0;

		s->packets++;
		if (!silent || !sieve_plain(ps, i)) {
			changes = pass_changes(ps);
			arena_reset(&ps->arena);
			if (direct)
				pass_packet(ps, &ps->packets[0], r,
				    FILTER_UNSURE, s->defrag);
			else
				sieve_walked(ps, r, silent);
			if (pass_changes(ps) != changes)
				plain = pass_glances(ps, i + 1, n);
		}
		pass_passed(ps, r);
	}
	if (ps->unsure * 2 > n)
		ps->direct = DIRECT_BATCHES;
}

/* ---- Some frames and what made them --------------------------------------- */

void
pass_skim(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint32_t plain = pass_glances(ps, 0, n);
	enum filter_answer answer;
	uint64_t changes;

	for (size_t i = 0; i < n && !s->stop; i++) {
		const struct record *r = &ps->records[i];

		s->packets++;
		answer = pass_only(ps, r);
		if (answer == FILTER_YES || (plain >> i & 1) == 0) {
			changes = pass_changes(ps);
			arena_reset(&ps->arena);
			pass_packet(ps, &ps->packets[0], r, answer,
			    s->defrag);
			if (pass_changes(ps) != changes)
				plain = pass_glances(ps, i + 1, n);
		}
		pass_passed(ps, r);
	}
}
