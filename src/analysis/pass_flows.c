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
	uint32_t udp = 0;

	for (size_t i = 0; i < n && i < PASS_BATCH; i++)
		udp |= (uint32_t)((ps->seen[i].kind & PLAIN_UDP) != 0) << i;
	return ps->only_flows == 6 ? udp : ~udp;
}

static uint32_t
silent(const struct pass *ps, uint32_t plain)
{
	return ps->scan->dispatch == NULL ? plain :
	    dispatch_silent(ps->scan->dispatch, ps->seen, plain);
}

/* One that is in its flow, or NULL, through the filter. */
static __attribute__((noinline)) void
judge(struct pass *ps, size_t i, const struct flow *f, uint16_t analysis,
    const struct flow_numbers *numbers)
{
	const struct record *r = &ps->records[i];
	unsigned kind = ps->seen[i].kind;
	struct packet *p = &ps->packets[i];
	const struct filter_flow flow = {
		.any = f != NULL,
		.stream = f != NULL ? f->stream : 0,
		.analysis = analysis,
		.numbers = numbers,
	};
	const struct filter_seen seen = {
		.record = r,
		.kind = kind,
		.layers = ps->kind_layers[kind],
		.flow = &flow,
	};

	pass_count_plain(ps, i);
	if (filter_glance(ps->scan->filter, &seen) != FILTER_YES)
		return;
	plain_packet(r, &ps->seen[i], p);
	pass_hear(ps, p, FILTER_YES);
}

/* One that went on with its flow, of which `numbers` has what was before. */
static __attribute__((noinline)) void
known_judge(struct pass *ps, size_t i, struct flow_numbers *numbers)
{
	const struct flows *flows = ps->scan->flows;

	if (ps->judges_numbers)
		flow_plain_after(flows, &ps->records[i], &ps->seen[i], i,
		    numbers);
	judge(ps, i, flow_plain_guess(ps->scan->flows, i),
	    flow_plain_analysis(flows, i),
	    ps->judges_numbers ? numbers : NULL);
}

static inline void
known_hear(struct pass *ps, size_t i)
{
	const struct record *r = &ps->records[i];
	const struct flow *f = flow_plain_guess(ps->scan->flows, i);

	pass_count_plain(ps, i);
	ps->scan->matched++;
	for (size_t k = 0; k < ps->n; k++) {
		const struct analyzer *a = ps->requests[k].analyzer;

		if (a->plain != NULL)
			a->plain(ps->requests[k].state, r, &ps->seen[i], f);
		else if (a->known != NULL)
			a->known(ps->requests[k].state, r, f);
	}
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

/* Nobody asks for its flow. */
static inline void
other_hear(struct pass *ps, size_t i)
{
	static const struct flow_numbers none;

	if (ps->judges) {
		judge(ps, i, NULL, 0, &none);
		return;
	}
	pass_count_plain(ps, i);
	ps->scan->matched++;
}

static void
open_add(struct pass *ps, size_t i)
{
	struct packet *p = &ps->packets[i];

	flow_plain_open(ps->scan->flows, &ps->records[i], &ps->seen[i], p);
	if (ps->judges) {
		judge(ps, i, p->transports[0].flow,
		    p->transports[0].analysis, NULL);
		return;
	}
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

/* From `at` on those without a gap between them; of one alone where an analyser
 * may stop after it, or what its flow tells is asked. */
static uint32_t
run_of(const struct pass *ps, uint32_t which, size_t at)
{
	uint32_t gap = ~(which >> at);
	uint32_t run = ps->scan->may_stop || ps->judges_numbers ? 1 :
	    (gap & -gap) - 1;

	return run << at & which;
}

void
pass_flows(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint32_t plain = plain_glances(ps->records, n, UINT32_MAX, ps->seen);
	uint32_t others = ps->only_flows != 0 ? plain & uncounted(ps, n) : 0;
	struct flow_numbers numbers;
	uint32_t quiet, still, known, done = 0;
	uint64_t changes = pass_changes(ps);
	size_t at = 0;

	flow_plain_start(s->flows, ps->records, ps->seen, plain & ~others);
	quiet = still = silent(ps, plain & ~others);
	known = flow_plain_expect(s->flows, quiet);
	quiet = known | may_all_open(ps, quiet & ~known);
	pass_walk(ps, n, ps->judges ? 0 : ~(quiet | others));
	flow_plain_near(s->flows, ps->records, ps->seen, known);
	flow_expect_end(s->flows);
	for (size_t i = 0; i < n && !s->stop; i++) {
		bool opens;

		s->packets++;
		if ((others >> i & 1) != 0) {
			other_hear(ps, i);
			continue;
		}
		if ((known & still & ~done) >> i & 1) {
			if (ps->judges_numbers)
				flow_plain_before(s->flows, i, &numbers);
			done |= flow_plain_track(s->flows, ps->records,
			    ps->seen, run_of(ps, (known & still) | others, i) &
			    ~(done | others));
		}
		opens = ((quiet & still & ~done) >> i & 1) != 0 &&
		    may_open(ps, i);
		if ((done >> i & 1) != 0 || (opens &&
		    flow_plain_begin(s->flows, &ps->records[i], &ps->seen[i],
		    i) != NULL)) {
			if (ps->judges)
				known_judge(ps, i, &numbers);
			else
				known_hear(ps, i);
		} else if ((quiet >> i & 1) == 0 && !ps->judges) {
			at = pass_walked(ps, i, at);
			if (pass_changes(ps) != changes)
				still = silent(ps, quiet);
		} else if (opens && !(ps->judges_numbers &&
		    (ps->seen[i].kind & PLAIN_UDP) == 0)) {
			open_add(ps, i);
		} else {
			pass_packet(ps, &ps->packets[i], &ps->records[i],
			    ps->judges ? FILTER_UNSURE : FILTER_YES,
			    s->defrag);
		}
	}
}
