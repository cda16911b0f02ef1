#include "analysis/pass.h"

#include "analysis/ahead.h"
#include "net/plain.h"

#define PROGRESS_BYTES ((uint64_t)64 << 20)
#define PROGRESS_LOOK ((uint64_t)1 << 20)
#define PROGRESS_NS 100000000
#define FRAME_WORDS 16 /* protocols named in frame.protocols */

/* ---- One packet ------------------------------------------------------- */

static void
hear_messages(struct pass *ps, const struct packet *p)
{
	for (const struct message *m = p->messages; m != NULL; m = m->next) {
		uint64_t bit = (uint64_t)1 << (pass_proto(m->proto) & 63);

		for (size_t i = 0; i < ps->n; i++) {
			const struct scan_request *r = &ps->requests[i];

			if (r->analyzer->message != NULL &&
			    (ps->heard[i] & bit) != 0)
				r->analyzer->message(r->state, p, m);
		}
	}
}

/* `answer` is what filter_quick() said; NO does not come here. */
static void
hear(struct pass *ps, const struct packet *p, enum filter_answer answer)
{
	const struct scan *s = ps->scan;

	if (answer == FILTER_UNSURE && !filter_match(s->filter, p))
		return;
	ps->scan->matched++;
	ps->frame.displayed = p->record->time;
	for (size_t i = 0; i < ps->n; i++) {
		const struct scan_request *r = &ps->requests[i];

		if (r->analyzer->packet != NULL)
			r->analyzer->packet(r->state, p);
	}
	if (ps->hears_messages)
		hear_messages(ps, p);
}

static void
packet_prepare(struct pass *ps, struct packet *p)
{
	p->messages = NULL;
	p->last_message = NULL;
	p->arena = &ps->arena;
	p->fields = NULL;
}

static bool
frames_have(const struct frames *frames, uint64_t first, uint64_t last)
{
	return frames->any && last >= frames->first && first <= frames->last;
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
static void
frame_passed(struct pass *ps, const struct record *r)
{
	if (r->number == 1)
		ps->frame.first = r->time;
	ps->frame.previous = r->time;
}

static void
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
static void
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
	if (ps->scan->late_flows)
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

static void
packet_at_once(struct pass *ps, struct packet *p, const struct record *r,
    enum filter_answer answer, struct defrag *defrag)
{
	struct walk walk = {
		.defrag = defrag,
		.transport = transport_at_once,
		.payload = payload_at_once,
		.context = ps,
		.frame = &ps->frame,
	};

	packet_prepare(ps, p);
	if (packet_listen(ps, p, r, answer)) {
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
		hear(ps, p, answer);
}

/* ---- A batch ---------------------------------------------------------- */

static void
batch_walk(struct pass *ps, size_t n, struct defrag *defrag)
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
	for (size_t i = 0; i < n; i++) {
		struct packet *p = &ps->packets[i];

		packet_prepare(ps, p);
		packet_walk(&walk, &ps->records[i], &ps->arena, p);
		if (ps->tracks)
			flow_expect(s->flows, p);
	}
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

/* Flows, messages and analysers of a packet that was walked before them. */
static size_t
packet_later(struct pass *ps, size_t i, size_t at, enum filter_answer answer)
{
	struct scan *s = ps->scan;
	struct packet *p = &ps->packets[i];

	if (p->n_transports > 1 && has_several_tcp(p)) {
		/* Its fragments have been seen. */
		packet_at_once(ps, p, &ps->records[i], answer, NULL);
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
		hear(ps, p, answer);
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
	for (size_t k = 0; k < ps->n; k++) {
		const struct scan_request *r = &ps->requests[k];

		if (r->analyzer->packet != NULL)
			r->analyzer->packet(r->state, p);
	}
	if (ps->hears_messages && p->messages != NULL)
		hear_messages(ps, p);
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

static enum filter_answer
packet_answer(struct pass *ps, const struct packet *p)
{
	const struct scan *s = ps->scan;

	if (s->only == NULL)
		return filter_quick(s->filter, p);
	if (ps->at_only == s->n_only ||
	    s->only[ps->at_only] != p->record->number)
		return FILTER_NO;
	ps->at_only++;
	return FILTER_YES;
}

static void
batch_filter(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	size_t at = 0, unsure = 0;

	batch_walk(ps, n, NULL);
	for (size_t i = 0; i < n && !s->stop; i++) {
		struct packet *p = &ps->packets[i];
		enum filter_answer answer = packet_answer(ps, p);

		s->packets++;
		unsure += answer == FILTER_UNSURE;
		if (walk_again(ps, p, answer)) {
			at = pass_payloads_skip(ps, i, at);
			packet_at_once(ps, p, &ps->records[i], answer,
			    s->defrag);
		} else {
			at = packet_later(ps, i, at, answer);
		}
		frame_passed(ps, &ps->records[i]);
	}
	if (unsure * 2 > n)
		ps->direct = DIRECT_BATCHES;
}

/* Each packet all the way before the next one. */
static void
batch_at_once(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;

	for (size_t i = 0; i < n && !s->stop; i++) {
		s->packets++;
		arena_reset(&ps->arena);
		packet_at_once(ps, &ps->packets[0], &ps->records[i],
		    s->filter != NULL ? FILTER_UNSURE : FILTER_YES,
		    s->defrag);
		frame_passed(ps, &ps->records[i]);
	}
}

static void
batch_glance(struct pass *ps, size_t n)
{
	struct scan *s = ps->scan;
	uint32_t plain = pass_glances(ps, n);
	uint64_t changes;

	for (size_t i = 0; i < n && !s->stop; i++) {
		s->packets++;
		if ((plain >> i & 1) != 0 &&
		    !(ps->follows && pass_follows(ps, &ps->seen[i]))) {
			s->matched++;
			pass_glanced(ps, i);
			continue;
		}
		changes = s->dispatch == NULL ? 0 :
		    dispatch_changes(s->dispatch);
		arena_reset(&ps->arena);
		packet_at_once(ps, &ps->packets[0], &ps->records[i],
		    FILTER_YES, s->defrag);
		if (s->dispatch != NULL &&
		    dispatch_changes(s->dispatch) != changes)
			plain = dispatch_passes(s->dispatch, ps->seen, plain);
	}
}

/* Nobody looks into the records. */
static void
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
		hear(ps, p, FILTER_YES);
	}
}

/* How a batch goes: see pass.h. */
enum way {
	WAY_LATER,
	WAY_GLANCE,
	WAY_AT_ONCE,
	WAY_FILTER,
};

static enum way
batch_way(struct pass *ps, uint64_t first, uint64_t last)
{
	bool all = frames_have(&ps->all, first, last);

	if (ps->glances)
		return WAY_GLANCE;
	if (ps->scan->only != NULL)
		return WAY_FILTER;
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

	quality_add(&s->quality, ps->records, n);
	arena_reset(&ps->arena);
	if ((ps->wants & WANT_WALK) == 0) {
		batch_records(ps, n);
		return;
	}
	switch (batch_way(ps, first, last)) {
	case WAY_GLANCE:
		batch_glance(ps, n);
		return;
	case WAY_FILTER:
		batch_filter(ps, n);
		return;
	case WAY_AT_ONCE:
		batch_at_once(ps, n);
		return;
	case WAY_LATER:
		break;
	}
	batch_walk(ps, n, s->defrag);
	batch_hear(ps, n);
	if (first == 1)
		frame_passed(ps, &ps->records[0]);
	frame_passed(ps, &ps->records[n - 1]);
}

bool
pass_progress(struct pass *ps, bool at_end)
{
	struct scan *s = ps->scan;
	uint64_t at = capture_position(s->capture);
	int64_t now;

	if (s->progress == NULL)
		return true;
	if (!at_end && at - ps->looked_at < PROGRESS_LOOK)
		return true;
	ps->looked_at = at;
	now = clock_monotonic();
	if (!at_end && at - ps->progress_at < PROGRESS_BYTES &&
	    now - ps->progress_time < PROGRESS_NS)
		return true;
	ps->progress_at = at;
	ps->progress_time = now;
	return s->progress(s->progress_context, at,
	    capture_size(s->capture));
}

/* The packets behind the seam that are not only counts. */
static void
read_copies(struct pass *ps, struct ahead *a)
{
	struct scan *s = ps->scan;
	size_t n;

	while (!s->stop && !s->cancelled &&
	    (n = ahead_copies(ps, a, PASS_BATCH)) > 0) {
		batch_glance(ps, n);
		if (ps->arena.full || ps->payloads.full)
			s->no_memory = true;
		if (!pass_progress(ps, false))
			s->cancelled = true;
	}
}

void
pass_read(struct pass *ps)
{
	struct scan *s = ps->scan;

	while (!s->stop && !s->cancelled) {
		size_t max = PASS_BATCH;
		size_t n;

		if (s->stop_after != 0) {
			if (s->packets >= s->stop_after)
				return;
			if (s->stop_after - s->packets < max)
				max = (size_t)(s->stop_after - s->packets);
		}
		if (s->ahead != NULL)
			ahead_look(ps, s->ahead);
		n = capture_read(s->capture, ps->records, max);
		if (n == 0 && capture_stopped(s->capture)) {
			if (!ahead_join(ps, s->ahead))
				continue;
			read_copies(ps, s->ahead);
			return;
		}
		if (n == 0)
			return;
		batch_run(ps, n);
		if (ps->arena.full || ps->payloads.full)
			s->no_memory = true;
		if (!pass_progress(ps, false))
			s->cancelled = true;
	}
}
