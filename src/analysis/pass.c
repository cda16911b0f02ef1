#include "analysis/pass.h"

#include "analysis/ahead.h"
#include "net/plain.h"

#define FRAME_WORDS 16 /* protocols named in frame.protocols */

/* ---- One packet ------------------------------------------------------- */

void
pass_hear_messages(struct pass *ps, const struct packet *p)
{
	for (const struct message *m = p->messages; m != NULL; m = m->next) {
		uint64_t bit = (uint64_t)1 << (pass_proto(m->proto) & 63);

		for (size_t i = 0; i < ps->n_listeners; i++)
			if ((ps->listeners[i].heard & bit) != 0)
				ps->listeners[i].message(
				    ps->listeners[i].state, p, m);
	}
}

/* `answer` is what filter_quick() said; NO does not come here. */
void
pass_hear(struct pass *ps, const struct packet *p, enum filter_answer answer)
{
	const struct scan *s = ps->scan;

	if (answer == FILTER_UNSURE && !filter_match(s->filter, p))
		return;
	ps->scan->matched++;
	ps->frame.displayed = p->record->time;
	for (size_t i = 0; i < ps->n_hearers; i++)
		ps->hearers[i].packet(ps->hearers[i].state, p);
	pass_hear_messages(ps, p);
}

/* Gives the packet a field list when somebody wants to see one. */
static bool
packet_listen(struct pass *ps, struct packet *p, const struct record *r,
    enum filter_answer answer)
{
	bool all = frames_have(&ps->all, r->number, r->number);

	if (answer == FILTER_NO || (answer == FILTER_YES && !all &&
	    !frames_have(&ps->some, r->number, r->number)))
		return false;
	field_list_start(&ps->fields, r->bytes);
	ps->fields.wants = all ? NULL : ps->rows;
	p->fields = &ps->fields;
	return true;
}

/* ---- What the frame.* rows need beyond the record ---------------------- */

/* After the packets of a batch, or after one. */
void
pass_passed(struct pass *ps, const struct record *r)
{
	if (r->number == 1)
		ps->frame.first = r->time;
	ps->frame.previous = r->time;
}

static __attribute__((cold)) void
frame_interface(struct pass *ps, const struct record *r)
{
	const struct capture *c = ps->scan->capture;
	struct frame_facts *f = &ps->frame;

	if (capture_format(c) != CAPTURE_PCAPNG)
		return;
	f->interface = capture_interface(c, r->interface);
	f->interface_name = f->interface->name;
	f->section = f->interface->section + 1;
	f->interface_id = f->interface->id;
}

/* "dns" and the like behind the layers in frame.protocols. */
static __attribute__((cold)) void
frame_words(struct packet *p)
{
	const char *words[FRAME_WORDS];
	size_t n = 0;

	for (const struct message *m = p->messages; m != NULL; m = m->next)
		if (n < LENGTH(words))
			words[n++] = m->proto->name;
	if (n > 0)
		frame_protocols(p, words, n);
}

/* ---- Packet by packet, when fields are wanted -------------------------- */

static void
track_flow(struct pass *ps, struct packet *p, struct transport *t)
{
	flow_track(ps->scan->flows, p, t, ps->track_rows || ps->all.any ?
	    p->fields : NULL);
	if (t->protocol == 6 && (ps->scan->late_flows || ps->skims))
		pass_follow(ps, t);
}

static void
track(struct pass *ps, struct packet *p, struct transport *t)
{
	struct scan *s = ps->scan;

	if (s->flows != NULL && (ps->tracks ||
	    dispatch_needs_flow(s->dispatch, s->flows, t)))
		track_flow(ps, p, t);
	if (s->dispatch != NULL)
		dispatch_stream(s->dispatch, p, t);
}

static void
transport_at_once(void *context, struct packet *p, struct transport *t)
{
	track(context, p, t);
}

static void
payload_at_once(void *context, struct packet *p, struct transport *t)
{
	struct pass *ps = context;

	if (ps->scan->dispatch != NULL)
		dispatch_payload(ps->scan->dispatch, p, t);
}

void
pass_packet(struct pass *ps, struct packet *p, const struct record *r,
    enum filter_answer answer, struct defrag *defrag)
{
	struct walk walk = {
		.defrag = defrag,
		.transport = transport_at_once,
		.payload = payload_at_once,
		.context = ps,
		.frame = &ps->frame,
	};

	pass_prepare(ps, p);
	if ((answer != FILTER_YES || ps->all.any || ps->some.any) &&
	    packet_listen(ps, p, r, answer)) {
		walk.fields = &ps->fields;
		walk.deaf = ps->fields.wants == NULL ? 0 : ps->deaf;
		frame_interface(ps, r);
	}
	packet_walk(&walk, r, &ps->arena, p);
	if (p->fields != NULL && p->messages != NULL &&
	    (walk.deaf & WALK_DEAF_FRAME) == 0)
		frame_words(p);
	pass_count(ps, p);
	if (answer != FILTER_NO)
		pass_hear(ps, p, answer);
}

/* ---- A batch ---------------------------------------------------------- */

static void
batch_walk(struct pass *ps, size_t n, uint32_t which, struct defrag *defrag)
{
	const struct scan *s = ps->scan;
	struct walk walk = {
		.defrag = defrag,
		.payload = s->dispatch == NULL ? NULL : pass_payload_note,
		.context = ps,
	};

	buf_cut(&ps->payloads, 0);
	ps->with_payload = 0;
	if (ps->tracks)
		flow_expect_start(s->flows);
	if (n < PASS_BATCH)
		which &= ((uint32_t)1 << n) - 1;
	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);
		struct packet *p = &ps->packets[i];

		pass_prepare(ps, p);
		packet_walk(&walk, &ps->records[i], &ps->arena, p);
		if (ps->tracks)
			flow_expect(s->flows, p);
	}
}

void
pass_walk(struct pass *ps, size_t n, uint32_t which)
{
	batch_walk(ps, n, which, ps->scan->defrag);
}

/* A frame of several packets (A-MSDU, netlink) has room for the TCP header of
 * the last one. */
static bool
has_several_tcp(const struct packet *p)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n_transports; i++)
		n += p->transports[i].protocol == 6 &&
		    !p->transports[i].in_error;
	return n > 1 || p->n_transports == PACKET_TRANSPORTS;
}

/* What an ICMP error quotes has no flow; the walk hands out some of the
 * tracker's rows of it. */
static bool
has_quote(const struct packet *p)
{
	for (size_t i = 0; i < p->n_transports; i++)
		if (p->transports[i].in_error)
			return true;
	return false;
}

/* Flows, messages and analysers of a packet that was walked before them. */
static size_t
packet_later(struct pass *ps, size_t i, size_t at, enum filter_answer answer)
{
	struct scan *s = ps->scan;
	struct packet *p = &ps->packets[i];

	if ((p->n_transports > 1 && has_several_tcp(p)) ||
	    (ps->track_rows && has_quote(p))) {
		/* Its fragments have been seen. */
		pass_packet(ps, p, &ps->records[i], answer, NULL);
		return pass_payloads_skip(ps, i, at);
	}
	(void)packet_listen(ps, p, &ps->records[i], answer);
	/* The walk announces no header that is cut. */
	for (size_t t = 0; t < p->n_transports; t++)
		if (!p->transports[t].cut)
			track(ps, p, &p->transports[t]);
	if (s->dispatch != NULL)
		at = pass_payloads_dispatch(ps, i, at);
	pass_count(ps, p);
	if (answer != FILTER_NO)
		pass_hear(ps, p, answer);
	return at;
}

/* One transport, whose payload is nowhere else: most packets. */
static bool
is_single(const struct packet *p)
{
	return p->n_transports == 1 && !p->transports[0].cut &&
	    p->transports[0].protocol != PASS_SCTP;
}

/* packet_later() of such a one when all flows are wanted and no fields. */
static void
single_later(struct pass *ps, size_t i)
{
	struct scan *s = ps->scan;
	struct packet *p = &ps->packets[i];

	flow_track(s->flows, p, &p->transports[0], NULL);
	if (s->dispatch != NULL) {
		dispatch_stream(s->dispatch, p, &p->transports[0]);
		if ((ps->with_payload >> i & 1) != 0)
			dispatch_payload(s->dispatch, p, &p->transports[0]);
	}
	pass_count(ps, p);
	s->matched++;
	for (size_t k = 0; k < ps->n_hearers; k++)
		ps->hearers[k].packet(ps->hearers[k].state, p);
	if (p->messages != NULL)
		pass_hear_messages(ps, p);
}

size_t
pass_walked(struct pass *ps, size_t i, size_t at)
{
	if (!is_single(&ps->packets[i]))
		return packet_later(ps, i, at, FILTER_YES);
	single_later(ps, i);
	return at;
}

static void
batch_hear(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	bool single = ps->tracks && s->filter == NULL && !ps->all.any &&
	    !ps->some.any && !s->late_flows;
	size_t at = 0;

	for (size_t i = 0; i < n && !s->stop; i++) {
		s->packets++;
		if (single && is_single(&ps->packets[i]))
			single_later(ps, i);
		else
			at = packet_later(ps, i, at, s->filter != NULL ?
			    FILTER_UNSURE : FILTER_YES);
	}
}

/* ---- A batch under a filter --------------------------------------------
 *
 * A walk that leaves no trace decides most packets; only those that it
 * cannot decide, pieces of datagrams, and those whose fields somebody wants
 * to see, are walked again with all that belongs to it.  Where that happens
 * to most packets, the first walk is left out for a while.
 */
#define DIRECT_BATCHES 31

static bool
walk_again(const struct pass *ps, const struct packet *p,
    enum filter_answer answer)
{
	uint64_t number = p->record->number;

	if (answer == FILTER_UNSURE || p->has_fragment)
		return true;
	return answer == FILTER_YES && (frames_have(&ps->some, number,
	    number) || frames_have(&ps->all, number, number));
}

enum filter_answer
pass_only(struct pass *ps, const struct record *r)
{
	const struct scan *s = ps->scan;

	if (ps->at_only == s->n_only || s->only[ps->at_only] != r->number)
		return FILTER_NO;
	ps->at_only++;
	return FILTER_YES;
}

static enum filter_answer
packet_answer(struct pass *ps, const struct packet *p)
{
	const struct scan *s = ps->scan;

	return s->only != NULL ? pass_only(ps, p->record) :
	    filter_quick(s->filter, p, true);
}

static __attribute__((cold)) void
batch_filter(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	size_t at = 0, unsure = 0;

	batch_walk(ps, n, UINT32_MAX, NULL);
	for (size_t i = 0; i < n && !s->stop; i++) {
		struct packet *p = &ps->packets[i];
		enum filter_answer answer = packet_answer(ps, p);

		s->packets++;
		unsure += answer == FILTER_UNSURE;
		if (walk_again(ps, p, answer)) {
			at = pass_payloads_skip(ps, i, at);
			pass_packet(ps, p, &ps->records[i], answer,
			    s->defrag);
		} else {
			at = packet_later(ps, i, at, answer);
		}
		pass_passed(ps, &ps->records[i]);
	}
	if (unsure * 2 > n)
		ps->direct = DIRECT_BATCHES;
}

/* Each packet all the way before the next one. */
static __attribute__((cold)) void
batch_at_once(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;

	for (size_t i = 0; i < n && !s->stop; i++) {
		s->packets++;
		arena_reset(&ps->arena);
		pass_packet(ps, &ps->packets[0], &ps->records[i],
		    s->filter != NULL ? FILTER_UNSURE : FILTER_YES,
		    s->defrag);
		pass_passed(ps, &ps->records[i]);
	}
}

/* Nobody looks into the records. */
static __attribute__((cold)) void
batch_records(struct pass *ps, size_t n)
{
	struct packet *p = &ps->packets[0];

	if (!ps->hears_packets) {
		ps->scan->packets += n;
		ps->scan->matched += n;
		return;
	}
	for (size_t i = 0; i < n && !ps->scan->stop; i++) {
		ps->scan->packets++;
		p->record = &ps->records[i];
		p->bytes = ps->records[i].bytes;
		p->layers = (uint64_t)1 << LAYER_FRAME;
		pass_hear(ps, p, FILTER_YES);
	}
}

/* How a batch goes: see pass.h. */
enum way {
	WAY_LATER,
	WAY_GLANCE,
	WAY_AT_ONCE,
	WAY_FILTER,
	WAY_SIEVE,
	WAY_SKIM,
};

static enum way
batch_way(struct pass *ps, uint64_t first, uint64_t last)
{
	bool all = frames_have(&ps->all, first, last);

	if (ps->glances)
		return WAY_GLANCE;
	if (ps->judges)
		return WAY_LATER;
	if (ps->scan->only != NULL)
		return ps->skims ? WAY_SKIM : WAY_FILTER;
	if (ps->scan->filter != NULL && (!ps->tracks || ps->early) && !all)
		return WAY_SIEVE;
	if (!all && !ps->walk_rows)
		return WAY_LATER;
	if (ps->scan->filter == NULL)
		return all || frames_have(&ps->some, first, last) ?
		    WAY_AT_ONCE : WAY_LATER;
	if (ps->direct == 0)
		return WAY_FILTER;
	ps->direct--;
	return WAY_AT_ONCE;
}

static void
batch_run(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint64_t first = ps->records[0].number;
	uint64_t last = ps->records[n - 1].number;

	pass_counts_room(ps, n);
	arena_reset(&ps->arena);
	if ((ps->wants & WANT_WALK) == 0) {
		batch_records(ps, n);
		return;
	}
	switch (batch_way(ps, first, last)) {
	case WAY_GLANCE:
		pass_glance(ps, n);
		return;
	case WAY_FILTER:
		batch_filter(ps, n);
		return;
	case WAY_SIEVE:
		pass_sieve(ps, n);
		return;
	case WAY_SKIM:
		pass_skim(ps, n);
		return;
	case WAY_AT_ONCE:
		batch_at_once(ps, n);
		return;
	case WAY_LATER:
		break;
	}
	if (ps->flows || ps->judges) {
		pass_flows(ps, n);
	} else {
		batch_walk(ps, n, UINT32_MAX, s->defrag);
		batch_hear(ps, n);
	}
	if (first == 1)
		pass_passed(ps, &ps->read[0]);
	pass_passed(ps, &ps->read[n - 1]);
}

/* What is read beyond the packet with which it ends would be counted with the
 * rest. */
static size_t
batch_max(const struct pass *ps)
{
	uint64_t least = ps->scan->may_stop;

	if (least == 0)
		return ps->flows ? PASS_LOTS * PASS_BATCH : PASS_BATCH;
	return least < PASS_BATCH ? (size_t)least : PASS_BATCH;
}

static void
batches_read(struct pass *ps)
{
	struct scan *s = ps->scan;

	while (!s->stop && !s->cancelled) {
		size_t max = batch_max(ps);
		size_t n, passed;

		if (s->stop_after != 0) {
			if (s->packets >= s->stop_after)
				return;
			if (s->stop_after - s->packets < max)
				max = (size_t)(s->stop_after - s->packets);
		}
		ps->records = ps->read;
		if (pass_run(ps, &passed))
			max = 1;
		s->packets += passed;
		s->matched += passed;
		if (s->stop)
			return;
		n = capture_read(s->capture, ps->records, max);
		if (n == 0)
			return;
		batch_run(ps, n);
		if (ps->arena.full || ps->payloads.full)
			s->no_memory = true;
		if (!pass_progress(ps, capture_position(s->capture), false))
			s->cancelled = true;
	}
}

void
pass_read(struct pass *ps)
{
	struct scan *s = ps->scan;

	if (s->ahead != NULL)
		ahead_divide(ps, s->ahead);
	capture_watch(s->capture, &s->quality);
	batches_read(ps);
	capture_watch(s->capture, NULL);
}
