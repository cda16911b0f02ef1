#include "analysis/pass.h"

/*
 * Packets through a filter without more than each of them needs: most are
 * decided by their layers alone (a query of DNS is no packet of TCP) or by
 * headers where they stand, the next by what a walk finds that leaves no
 * trace; only the rest, pieces of datagrams, what may be a message, and those
 * whose fields somebody wants to see, go all the way.
 */

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

/* True when that is all that is asked of a packet that passes. */
static bool
sieve_glanced(struct pass *ps, size_t i)
{
	const struct record *r = &ps->records[i];

	if (!ps->all_glance || wants_fields(ps, r) ||
	    ps->seen[i].kind >= PLAIN_ECHO)
		return false;
	ps->scan->matched++;
	ps->frame.displayed = r->time;
	pass_glanced(ps, i);
	return true;
}

/* True when its headers decide, with what is known of the frames before. */
static bool
sieve_plain(struct pass *ps, size_t i)
{
	const struct filter_seen seen = {
		.records = &ps->records[i],
		.glances = &ps->seen[i],
		.frame = &ps->frame,
	};
	struct filter_answers answers;

	if (!ps->asks_frames)
		return false;
	answers = filter_glances(ps->scan->filter, &seen, 1);
	if (answers.no != 0)
		pass_count_plain(ps, i);
	return answers.no != 0 || (answers.yes != 0 && sieve_glanced(ps, i));
}

static void
sieve_one(struct pass *ps, size_t i, bool silent, bool direct)
{
	const struct record *r = &ps->records[i];

	ps->scan->early -= ps->scan->early != 0;
	arena_reset(&ps->arena);
	if (direct)
		pass_packet(ps, &ps->packets[0], r, FILTER_UNSURE,
		    ps->scan->defrag);
	else
		sieve_walked(ps, r, silent);
}

/* Where most packets cannot be decided so, the first walk is left out for a
 * while. */
#define DIRECT_BATCHES 31

/* Those of which nobody hears, and that pass: a bit each. */
static uint32_t
unheard(const struct pass *ps, const struct filter_answers *answers)
{
	return ps->all_glance && !ps->hears_all && !ps->hears_ports &&
	    !ps->hears_others && !ps->some.any && !ps->all.any ?
	    answers->yes : 0;
}

/* From `i` on as long as `counted` has them; `yes` are those that pass. */
static size_t
sieve_counted(struct pass *ps, uint32_t counted, uint32_t yes, size_t i,
    size_t n)
{
	size_t to = i;

	for (; to < n && (counted >> to & 1) != 0; to++) {
		if ((yes >> to & 1) == 0)
			continue;
		ps->scan->matched++;
		ps->unheard++;
		ps->frame.displayed = ps->records[to].time;
	}
	if (to == i)
		return i;
	ps->scan->packets += to - i;
	pass_count_run(ps, i, to);
	pass_passed(ps, &ps->records[i]);
	pass_passed(ps, &ps->records[to - 1]);
	return to;
}

/* One of so many packets may be tracked for who is early: more would cost more
 * than another reading. */
#define EARLY_OF 8

/* Of the packets that may be in a flow of one that passes, and of those. */
static uint32_t
early_asked(const struct pass *ps, uint32_t plain,
    const struct filter_answers *answers)
{
	const struct filter_seen ends = { .records = ps->records,
		.glances = ps->seen, .of_ends = true };
	uint32_t tcp = 0;

	for (uint32_t left = plain; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		tcp |= (uint32_t)((ps->seen[i].kind & (PLAIN_UDP | PLAIN_ECHO |
		    PLAIN_ARP)) == 0) << i;
	}
	return (plain & answers->yes) | (tcp &
	    ~filter_glances(ps->scan->filter, &ends, tcp).no);
}

/* One of these, all the way. */
static void
early_walk(struct pass *ps, size_t i, const struct filter_answers *answers)
{
	arena_reset(&ps->arena);
	pass_packet(ps, &ps->packets[0], &ps->records[i],
	    (answers->yes >> i & 1) != 0 ? FILTER_YES :
	    (answers->no >> i & 1) != 0 ? FILTER_NO : FILTER_UNSURE,
	    ps->scan->defrag);
	ps->scan->early -= ps->scan->early != 0;
}

void
pass_early_end(struct pass *ps)
{
	struct scan *s = ps->scan;

	/* What limited the flows limits the answer; no more is told of them. */
	scan_join(s, s);
	dispatch_free(s->dispatch);
	flows_free(s->flows);
	s->dispatch = NULL;
	s->flows = NULL;
	ps->early = ps->tracks = false;
	ps->all_glance = true;
	memset(&ps->near, 0, sizeof(ps->near));
	ps->near_changes = 0;
}

void
pass_sieve(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	const struct filter_seen seen = { .records = ps->records,
		.glances = ps->seen };
	struct filter_answers answers;
	bool direct = ps->direct > 0;
	uint32_t plain, yes, early = 0;
	uint64_t changes;

	if (ps->early && s->early == 0)
		pass_early_end(ps);
	pass_hear_less(ps);
	plain = pass_glances(ps, 0, n);
	answers = filter_glances(s->filter, &seen, plain);
	yes = unheard(ps, &answers);
	if (ps->early) {
		early = early_asked(ps, plain, &answers);
		s->early += n / EARLY_OF;
	}
	changes = pass_changes(ps);
	ps->direct -= direct;
	ps->unsure = 0;
	for (size_t i = 0; i < n && !s->stop; i++) {
		bool silent;

		i = sieve_counted(ps, plain & (answers.no | yes) & ~early, yes,
		    i, n);
		if (i == n)
			break;
		s->packets++;
		silent = (plain >> i & 1) != 0;
		if ((plain & early) >> i & 1) {
			early_walk(ps, i, &answers);
			if (pass_changes(ps) != changes)
				plain = pass_glances(ps, i + 1, n);
			changes = pass_changes(ps);
		} else if (!silent || !((answers.yes >> i & 1) != 0 ?
		    sieve_glanced(ps, i) : sieve_plain(ps, i))) {
			sieve_one(ps, i, silent && !ps->early, direct);
			if (pass_changes(ps) != changes)
				plain = pass_glances(ps, i + 1, n);
			changes = pass_changes(ps);
		}
		pass_passed(ps, &ps->records[i]);
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
