#include "analysis/pass.h"

#include "base/bytes.h"
#include "base/word.h"

/*
 * Packets of which all flows are wanted, and of most packets nothing else:
 * those that go on with a flow and carry no message are not walked.
 */

static uint32_t
silent(const struct pass *ps, const struct pass_lot *lot, uint32_t plain)
{
	return ps->scan->dispatch == NULL ? plain : dispatch_silent(
	    ps->scan->dispatch, ps->seen, &lot->flows.seen, plain);
}

/* Again where that changed. */
static void
still_find(struct pass *ps, struct pass_lot *lot)
{
	if (pass_changes(ps) == lot->changes)
		return;
	lot->still = silent(ps, lot, lot->quiet);
	lot->changes = pass_changes(ps);
}

/* Packets that are in their flows, or have none, through the filter. */
static __attribute__((cold)) void
judge(struct pass *ps, const struct pass_lot *lot,
    const struct filter_flow *flows, uint32_t which)
{
	const struct filter_seen seen = {
		.records = ps->records,
		.glances = ps->seen,
		.flows = flows,
	};
	struct scan *s = ps->scan;
	uint32_t yes = filter_glances(s->filter, &seen, which).yes;
	bool heard = ps->hears_all || ps->hears_ports;

	for (; which != 0 && !s->stop; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		s->packets = lot->before + i + 1;
		pass_count_plain(ps, i);
		if ((yes >> i & 1) == 0)
			continue;
		if (!heard) {
			s->matched++;
			ps->unheard++;
			continue;
		}
		plain_packet(&ps->records[i], &ps->seen[i], &ps->packets[i]);
		pass_hear(ps, &ps->packets[i], FILTER_YES);
	}
}

static struct filter_flow
flow_known(const struct flow *f, uint16_t analysis,
    const struct flow_numbers *numbers)
{
	return (struct filter_flow){
		.any = f != NULL,
		.stream = f != NULL ? flow_stream(f) : 0,
		.analysis = analysis,
		.numbers = numbers,
	};
}

/* Whether nobody reads its payload, whatever its flow is. */
static inline bool
may_open(const struct pass *ps, size_t i)
{
	const struct glance *g = &ps->seen[i];

	return g->payload.n == 0 || (g->kind & PLAIN_UDP) != 0 ||
	    ps->scan->dispatch == NULL;
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

static __attribute__((cold)) void
open_add(struct pass *ps, const struct pass_lot *lot, size_t i)
{
	struct packet *p = &ps->packets[i];
	struct filter_flow flows[PASS_BATCH] BYTES_UNSET;

	flow_plain_open(ps->scan->flows, &ps->records[i], &ps->seen[i], p);
	if (ps->judges) {
		flows[i] = flow_known(p->transports[0].flow,
		    p->transports[0].analysis, NULL);
		judge(ps, lot, flows, (uint32_t)1 << i);
		return;
	}
	pass_count_plain(ps, i);
	ps->scan->matched++;
	for (size_t k = 0; k < ps->n; k++) {
		const struct analyzer *a = ps->requests[k].analyzer;

		if (a->plain != NULL)
			a->plain(ps->requests[k].state, &ps->records[i],
			    &ps->seen[i], &p->transports[0].flow, 1,
			    &lot->said[i]);
		else if (a->packet != NULL)
			a->packet(ps->requests[k].state, p);
	}
}

static __attribute__((cold)) void
judge_all(struct pass *ps, const struct pass_lot *lot, uint32_t which)
{
	static const struct flow_numbers none;
	struct filter_flow flows[PASS_BATCH] BYTES_UNSET;

	for (uint32_t left = which; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if ((lot->others >> i & 1) != 0) {
			flows[i] = flow_known(NULL, 0, &none);
			continue;
		}
		/* One at most of these. */
		if (ps->judges_numbers)
			flow_plain_after(&lot->flows, i, &ps->numbers_of);
		flows[i] = flow_known(lot->flows.flow[i],
		    lot->flows.analysis[i],
		    ps->judges_numbers ? &ps->numbers_of : NULL);
	}
	judge(ps, lot, flows, which);
}

/* pass_count_plain() of all of these, and they are matched. */
static inline void
count_all(struct pass *ps, uint32_t which)
{
	const struct glance *const seen = ps->seen;
	const struct record *const records = ps->records;

	ps->scan->matched += word_bits(which);
	if (which == UINT32_MAX) {
		for (size_t i = 0; i < PASS_BATCH; i += PASS_TURNS)
			for (size_t k = 0; k < PASS_TURNS; k++)
				ps->counts[seen[i + k].kind + k *
				    PLAIN_KINDS] += PASS_PACKET +
				    records[i + k].len;
		return;
	}
	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		ps->counts[seen[i].kind + i % PASS_TURNS * PLAIN_KINDS] +=
		    PASS_PACKET + records[i].len;
	}
}

/* Those of `which` that are in their flows and were not heard of yet. */
static void
passed_hear(struct pass *ps, struct pass_lot *lot, uint32_t which)
{
	which &= lot->passed;
	lot->passed ^= which;
	if (ps->judges) {
		judge_all(ps, lot, which);
		return;
	}
	lot->heard |= which;
	which &= ~lot->others;
	for (size_t k = 0; k < ps->n && which != 0; k++) {
		const struct scan_request *r = &ps->requests[k];

		if (r->analyzer->plain != NULL)
			r->analyzer->plain(r->state, ps->records, ps->seen,
			    lot->flows.flow, which, lot->said);
		else if (r->analyzer->known != NULL)
			r->analyzer->known(r->state, ps->records,
			    lot->flows.flow, which,
			    which & lot->flows.seen.udp);
	}
}

/* A datagram that somebody may read goes on with its flow, or begins one;
 * false: it does not, and nothing was done. */
static bool
said_track(struct pass *ps, struct pass_lot *lot, size_t i)
{
	struct flows *flows = ps->scan->flows;
	uint32_t bit = (uint32_t)1 << i;

	if ((lot->known & bit) != 0)
		return flow_plain_track(flows, &lot->flows, bit) != 0;
	return may_open(ps, i) &&
	    flow_plain_begin(flows, &lot->flows, i) != NULL;
}

/* It is read without being walked: what it says is asked of nothing else.
 * What it is besides is heard with others. */
static void
said_read(struct pass *ps, struct pass_lot *lot, size_t i)
{
	struct packet *p = &ps->packets[i];

	flow_plain_packet(&lot->flows, i, p);
	pass_prepare(ps, p);
	dispatch_payload(ps->scan->dispatch, p, &p->transports[0]);
	pass_count_messages(ps, p);
	if (p->messages != NULL)
		lot->said[i] = (uint8_t)(1 + pass_proto(p->messages->proto));
	lot->passed |= (uint32_t)1 << i;
	pass_hear_messages(ps, p);
}

/* One that does not go on with its flow, or not without being read. */
static void
one_more(struct pass *ps, struct pass_lot *lot, size_t i)
{
	struct scan *s = ps->scan;
	uint32_t bit = (uint32_t)1 << i;
	bool quiet = (lot->quiet & bit) != 0;
	bool said = (lot->quiet & ~lot->still & lot->flows.seen.udp & bit) != 0;
	bool opens = (lot->quiet & lot->still & bit) != 0 && may_open(ps, i);

	if (opens && ((lot->flows.flow[i] != NULL && !ps->judges_numbers &&
	    flow_plain_second(s->flows, &lot->flows, i)) ||
	    flow_plain_begin(s->flows, &lot->flows, i) != NULL)) {
		lot->passed |= bit;
		return;
	}
	if (said && said_track(ps, lot, i)) {
		said_read(ps, lot, i);
		still_find(ps, lot);
		return;
	}
	passed_hear(ps, lot, bit - 1);
	if (s->stop)
		return;
	s->packets = lot->before + i + 1;
	if (!quiet && !ps->judges) {
		lot->at = pass_walked(ps, i, lot->at);
	} else if (opens && (ps->seen[i].kind & PLAIN_VLAN) == 0 &&
	    !(ps->judges_numbers && (ps->seen[i].kind & PLAIN_UDP) == 0)) {
		open_add(ps, lot, i);
	} else {
		pass_packet(ps, &ps->packets[i], &ps->records[i],
		    ps->judges ? FILTER_UNSURE : FILTER_YES, s->defrag);
	}
	still_find(ps, lot);
}

static void
lot_at_hand(struct pass *ps, size_t k)
{
	ps->records = &ps->read[k * PASS_BATCH];
	ps->seen = &ps->glanced[k * PASS_BATCH];
}

static void
lot_begin(struct pass *ps, struct pass_lot *lot)
{
	struct flow_lot *flows = &lot->flows;

	flows->records = ps->records;
	flows->glances = ps->seen;
	flows->seen = plain_glances(ps->records, lot->n, UINT32_MAX,
	    &ps->asks, ps->seen);
	lot->others = ps->only_flows == 0 ? 0 : ps->only_flows == 6 ?
	    flows->seen.udp : flows->seen.plain & ~flows->seen.udp;
	lot->passed = lot->others;
	lot->heard = 0;
	memset(lot->said, 0, sizeof(lot->said));
	flow_plain_start(ps->scan->flows, flows,
	    flows->seen.plain & ~lot->others);
	lot->changes = pass_changes(ps);
	lot->still = silent(ps, lot, flows->seen.plain & ~lot->others);
}

static void
lot_expect(struct pass *ps, struct pass_lot *lot)
{
	const struct glanced *seen = &lot->flows.seen;
	/* Datagrams also where somebody may read them. */
	uint32_t which = lot->still | (seen->plain & seen->udp & ~lot->others);

	lot->known = flow_plain_expect(ps->scan->flows, &lot->flows, which);
	lot->quiet = lot->known | may_all_open(ps, which & ~lot->known);
}

static void
lot_end(struct pass *ps, struct pass_lot *lot)
{
	struct scan *s = ps->scan;
	uint32_t todo = UINT32_MAX >> (PASS_BATCH - lot->n) & ~lot->others;
	uint32_t walked = todo & ~lot->quiet;
	/* One by one: after it an analyser may stop, or what its flow tells
	 * is asked. */
	const bool alone = s->may_stop != 0 || ps->judges_numbers;

	lot->at = 0;
	lot->before = s->packets;
	pass_walk(ps, lot->n, ps->judges ? 0 : walked);
	if (walked != 0 && !ps->judges)
		flow_expect_end(s->flows);
	still_find(ps, lot);
	while (todo != 0 && !s->stop) {
		uint32_t first = todo & -todo;
		uint32_t others = todo & ~(lot->known & lot->still);
		uint32_t run = alone ? first & ~others :
		    todo & ((others & -others) - 1);
		uint32_t done;

		if (ps->judges_numbers && run != 0)
			flow_plain_before(&lot->flows,
			    (size_t)__builtin_ctz(first), &ps->numbers_of);
		done = run == 0 ? 0 :
		    flow_plain_track(s->flows, &lot->flows, run);
		lot->passed |= done;
		todo ^= done;
		if (todo != 0 && (run == 0 || done != run)) {
			one_more(ps, lot, (size_t)__builtin_ctz(todo));
			todo &= todo - 1;
		}
		if (alone && !s->stop) {
			s->packets = lot->before +
			    (size_t)__builtin_ctz(first) + 1;
			passed_hear(ps, lot, first | (first - 1));
		}
	}
	if (!s->stop)
		passed_hear(ps, lot, UINT32_MAX);
	count_all(ps, lot->heard);
	if (!s->stop)
		s->packets = lot->before + lot->n;
}

void
pass_flows(struct pass *ps, size_t n)
{
	size_t lots = (n + PASS_BATCH - 1) / PASS_BATCH;

	if (ps->judges)
		pass_hear_less(ps);
	for (size_t k = 0; k < lots; k++) {
		ps->lots[k].n = k + 1 < lots ? PASS_BATCH :
		    n - k * PASS_BATCH;
		lot_at_hand(ps, k);
		lot_begin(ps, &ps->lots[k]);
	}
	for (size_t k = 0; k < lots; k++) {
		lot_at_hand(ps, k);
		lot_expect(ps, &ps->lots[k]);
	}
	for (size_t k = 0; k < lots; k++)
		flow_plain_near(ps->scan->flows, &ps->lots[k].flows,
		    ps->lots[k].known);
	for (size_t k = 0; k < lots; k++)
		flow_plain_nearer(ps->scan->flows, &ps->lots[k].flows);
	for (size_t k = 0; k < lots && !ps->scan->stop; k++) {
		lot_at_hand(ps, k);
		lot_end(ps, &ps->lots[k]);
	}
}
