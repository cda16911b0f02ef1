#include "analysis/analyzer.h"

#include <stdlib.h>

#include "analysis/ahead.h"
#include "analysis/pass.h"
#include "base/number.h"
#include "net/transport.h"
#include "proto/dns_rows.h"

#define MEMORY ((size_t)512 << 20) /* for the states of all analysers */
#define PACKET_MEMORY ((size_t)64 << 20)
#define PACKET_USUAL ((size_t)16 << 10)
#define PAYLOADS_MEMORY ((size_t)16 << 20)
#define EVERY_PROTO UINT64_MAX

void
scan_init(struct scan *s, struct capture *capture)
{
	memset(s, 0, sizeof(*s));
	s->capture = capture;
	arena_init(&s->arena, MEMORY);
}

/* An analyser that began. */
struct scan_state {
	const struct analyzer *analyzer;
	void *state;
	struct scan_state *before;
};

void
scan_free(struct scan *s)
{
	for (const struct scan_state *t = s->states; t != NULL; t = t->before)
		if (t->analyzer->release != NULL)
			t->analyzer->release(t->state);
	s->states = NULL;
	dispatch_free(s->dispatch);
	flows_free(s->flows);
	defrag_free(s->defrag);
	arena_free(&s->arena);
	s->dispatch = NULL;
	s->flows = NULL;
	s->defrag = NULL;
}

/* ---- What has to be decoded ------------------------------------------ */

static bool
is_trackers(const struct field *f)
{
	const struct field *tcp = tcp_rows, *udp = udp_rows, *sctp = sctp_rows;

	return (f >= tcp + TCP_ROW_STREAM && f < tcp + TCP_ROWS) ||
	    (f >= udp + UDP_ROW_STREAM && f < udp + UDP_ROWS) ||
	    (f >= sctp + SCTP_ROW_ASSOC_INDEX && f < sctp + SCTP_ROWS);
}

/* The walk hands them out, as the tracker counts. */
static bool
is_relative(const struct field *f)
{
	return f == &tcp_rows[TCP_ROW_OPTIONS_SACK_LE] ||
	    f == &tcp_rows[TCP_ROW_OPTIONS_SACK_RE];
}

/* Counted over all flows. */
static bool
is_number(const struct field *f)
{
	return f == &tcp_rows[TCP_ROW_STREAM] ||
	    f == &udp_rows[UDP_ROW_STREAM] ||
	    f == &sctp_rows[SCTP_ROW_ASSOC_INDEX];
}

static bool
is_nets(const struct field_table *table)
{
	for (size_t i = 0; i < net_table_count; i++)
		if (net_tables[i] == table)
			return true;
	return false;
}

/* Layers name what the payload is, too. */
static bool
needs_messages(const struct field *f, bool of_net)
{
	return !of_net || strcmp(f->name, "frame.protocols") == 0;
}

static bool
is_partners(const struct field *f)
{
	return f >= &dns_rows[DNS_RESPONSE_TO] &&
	    f <= &dns_rows[DNS_UNSOLICITED];
}

/* Adds `from` to the rows that somebody wants, and what they need. */
static void
want_rows(struct pass *ps, const struct field_wants *from)
{
	for (size_t i = 0; i < field_tables(); i++) {
		const struct field_table *table = field_table_at(i);
		bool of_net = is_nets(table);

		for (size_t k = 0; k < table->n; k++) {
			const struct field *f = &table->rows[k];

			if (!field_wants_has(from, f))
				continue;
			field_wants_add(ps->rows, f);
			ps->pairs_dns |= is_partners(f);
			if (needs_messages(f, of_net)) {
				ps->wants |= WANT_MESSAGES;
				ps->message_rows = true;
				ps->decoded |= of_net ? EVERY_PROTO :
				    protos_of(table);
			}
			if (is_relative(f))
				ps->wants |= WANT_TCP;
			if (is_trackers(f)) {
				ps->wants |= table->rows == tcp_rows ?
				    WANT_TCP : table->rows == udp_rows ?
				    WANT_UDP : WANT_FLOWS;
				ps->track_rows = true;
				ps->numbers |= is_number(f);
			} else {
				ps->walk_rows |= of_net;
			}
		}
	}
}

static void
frames_add(struct frames *frames, uint64_t first, uint64_t last)
{
	if (last == 0)
		last = UINT64_MAX;
	if (!frames->any || first < frames->first)
		frames->first = first;
	if (!frames->any || last > frames->last)
		frames->last = last;
	frames->any = true;
}

static bool
want_filter(struct pass *ps)
{
	const struct filter *filter = ps->scan->filter;
	struct field_wants *wants;

	if (filter == NULL)
		return true;
	ps->wants |= WANT_WALK | WANT_DEFRAG;
	wants = field_wants_new();
	if (wants == NULL)
		return false;
	filter_wants(filter, wants);
	want_rows(ps, wants);
	field_wants_free(wants);
	return true;
}

static void
want_ports(struct pass *ps, const uint16_t *port)
{
	ps->hears_all |= port == NULL;
	ps->hears_others |= port != NULL && *port == 0;
	ps->hears_ports |= port != NULL && *port != 0;
	for (; port != NULL && *port != 0; port++)
		ps->heard_ports[*port / 64] |= (uint64_t)1 << *port % 64;
}

static void
want_request(struct pass *ps, size_t i)
{
	const struct scan_request *r = &ps->requests[i];
	const struct analyzer *a = r->analyzer;

	if (a->early && !ps->early)
		return;
	ps->wants |= a->wants;
	ps->heard[i] = a->proto == NULL ? EVERY_PROTO :
	    protos_named(a->proto);
	if ((a->wants & WANT_MESSAGES) != 0)
		ps->decoded |= a->message == NULL ? EVERY_PROTO :
		    ps->heard[i];
	ps->glances &= a->glances;
	ps->flows &= a->packet == NULL || a->known != NULL ||
	    a->plain != NULL;
	if (a->packet != NULL)
		want_ports(ps, a->ports);
	ps->hears_packets |= a->packet != NULL;
	if ((a->wants & WANT_FIELDS) == 0)
		return;
	ps->wants |= WANT_WALK;
	if (r->all_fields) {
		ps->wants |= WANT_MESSAGES;
		ps->decoded = EVERY_PROTO;
		ps->pairs_dns = true;
		frames_add(&ps->all, r->first_frame, r->last_frame);
	} else if (r->fields != NULL) {
		want_rows(ps, r->fields);
		frames_add(&ps->some, r->first_frame, r->last_frame);
	}
}

/* ---- Streams ---------------------------------------------------------- */

static void
hear_bytes(void *context, struct packet *p, struct flow *f,
    unsigned direction, uint64_t offset, struct span bytes, uint64_t from)
{
	struct pass *ps = context;

	for (size_t i = 0; i < ps->n; i++) {
		const struct scan_request *r = &ps->requests[i];

		if (r->analyzer->stream != NULL)
			r->analyzer->stream(r->state, p, f, direction, offset,
			    bytes, from);
	}
}

static bool
wants_stream(void *context, const struct flow *f)
{
	const struct pass *ps = context;

	for (size_t i = 0; i < ps->n; i++) {
		const struct scan_request *r = &ps->requests[i];
		const struct analyzer *a = r->analyzer;

		if ((a->stream != NULL || a->gap != NULL) &&
		    (a->follows == NULL || a->follows(r->state, f)))
			return true;
	}
	return false;
}

static void
hear_gap(void *context, struct packet *p, struct flow *f, unsigned direction,
    uint64_t offset, uint64_t missing)
{
	struct pass *ps = context;

	for (size_t i = 0; i < ps->n; i++) {
		const struct scan_request *r = &ps->requests[i];

		if (r->analyzer->gap != NULL)
			r->analyzer->gap(r->state, p, f, direction, offset,
			    missing);
	}
}

/* ---- Set-up ----------------------------------------------------------- */

/* Others have no say in what is told of TCP, or of UDP. */
static uint8_t
only_flows(unsigned wants)
{
	if ((wants & (WANT_FLOWS | WANT_MESSAGES)) != 0)
		return 0;
	wants &= WANT_TCP | WANT_UDP;
	return wants == WANT_TCP ? 6 : wants == WANT_UDP ? 17 : 0;
}

static bool
pass_wants(struct pass *ps)
{
	bool plain;

	ps->rows = field_wants_new();
	ps->heard = arena_array(&ps->scan->arena, ps->n + 1, uint64_t);
	ps->hearers = arena_array(&ps->scan->arena, ps->n + 1,
	    struct pass_hearer);
	ps->listeners = arena_array(&ps->scan->arena, ps->n + 1,
	    struct pass_listener);
	if (ps->rows == NULL || ps->heard == NULL || ps->hearers == NULL ||
	    ps->listeners == NULL)
		return false;
	ps->glances = ps->flows = true;
	if (!want_filter(ps))
		return false;
	ps->early = ps->scan->early != 0 && ps->scan->filter != NULL &&
	    (ps->wants & (WANT_FLOWS | WANT_TCP | WANT_UDP |
	    WANT_MESSAGES)) == 0;
	ps->scan->early = ps->early ? ps->scan->early : 0;
	ps->asks_frames = ps->scan->filter != NULL &&
	    filter_asks_frames(ps->scan->filter);
	for (size_t i = 0; i < ps->n; i++)
		want_request(ps, i);
	ps->deaf = walk_deaf(ps->rows);
	if ((ps->wants & WANT_STREAMS) != 0)
		ps->wants |= WANT_MESSAGES;
	if ((ps->wants & WANT_STREAMS) != 0)
		ps->wants |= WANT_FLOWS;
	ps->tracks = (ps->wants & (WANT_FLOWS | WANT_TCP | WANT_UDP)) != 0;
	ps->only_flows = only_flows(ps->wants);
	ps->skims = ps->scan->only_ports != NULL && !ps->numbers &&
	    (ps->wants & WANT_STREAMS) == 0;
	if (ps->skims) {
		memcpy(ps->followed, ps->scan->only_ports,
		    sizeof(ps->followed));
		ps->follows = 1;
		/* Nobody else says whose messages are in streams. */
		ps->tracks |= (ps->wants & WANT_MESSAGES) != 0;
	}
	ps->all_glance = ps->glances;
	plain = ps->scan->filter == NULL && ps->scan->only == NULL &&
	    (ps->wants & (WANT_FIELDS | WANT_STREAMS)) == 0;
	ps->glances &= plain && !ps->tracks;
	ps->flows &= plain && ps->tracks;
	ps->judges = ps->all_glance && ps->tracks &&
	    ps->scan->filter != NULL && ps->scan->only == NULL &&
	    (ps->wants & (WANT_FIELDS | WANT_MESSAGES)) == 0 &&
	    filter_glances_all(ps->scan->filter);
	ps->judges_numbers = ps->judges &&
	    filter_asks_numbers(ps->scan->filter);
	if ((ps->wants & (WANT_FLOWS | WANT_TCP | WANT_UDP | WANT_MESSAGES |
	    WANT_DEFRAG)) != 0)
		ps->wants |= WANT_WALK;
	return true;
}

static void
decode_only(struct dispatch *d, uint64_t wanted)
{
	const struct proto *list[64];
	size_t n = 0;

	if (wanted == EVERY_PROTO)
		return;
	for (size_t i = 0; i < proto_count && i < LENGTH(list); i++)
		if ((wanted >> i & 1) != 0)
			list[n++] = protos[i];
	dispatch_only(d, list, n);
}

static bool
pass_tools(struct pass *ps)
{
	const struct stream_events events = {
		.bytes = hear_bytes,
		.gap = hear_gap,
		.wants = wants_stream,
		.context = ps,
	};
	struct scan *s = ps->scan;

	if ((ps->wants & WANT_WALK) != 0) {
		s->defrag = defrag_new(NULL);
		if (s->defrag == NULL)
			return false;
	}
	if (ps->tracks || (ps->wants & WANT_MESSAGES) != 0) {
		s->flows = flows_new(NULL);
		if (s->flows == NULL)
			return false;
		if (ps->only_flows != 0)
			flows_only(s->flows, ps->only_flows);
	}
	if ((ps->wants & WANT_MESSAGES) != 0) {
		s->dispatch = dispatch_new(NULL);
		if (s->dispatch == NULL)
			return false;
		if (!ps->message_rows)
			decode_only(s->dispatch, ps->decoded);
		else if (ps->decoded != EVERY_PROTO ||
		    (s->filter != NULL && !ps->tracks && !ps->some.any))
			dispatch_heed(s->dispatch, ps->decoded);
		if (!ps->pairs_dns)
			dispatch_without_partners(s->dispatch);
		if (ps->skims)
			dispatch_heed_finders(s->dispatch);
		if (ps->early)
			dispatch_heed_none(s->dispatch);
		if ((ps->wants & WANT_STREAMS) != 0)
			dispatch_listen(s->dispatch, &events);
		s->late_flows = !ps->tracks &&
		    dispatch_begins_late(s->dispatch);
	}
	return true;
}

static bool
pass_begin(struct pass *ps)
{
	if (!pass_wants(ps) || !pass_tools(ps))
		return false;
	ps->asks = plain_asks;
	if (ps->scan->dispatch != NULL)
		dispatch_ask(ps->scan->dispatch, &ps->asks);
	for (size_t i = 0; i < ps->n; i++) {
		struct scan_request *r = &ps->requests[i];
		const struct analyzer *a = r->analyzer;

		struct scan_state *t = arena_new(&ps->scan->arena,
		    struct scan_state);

		r->state = arena_alloc(&ps->scan->arena, 1,
		    a->size == 0 ? 1 : a->size);
		if (r->state == NULL || t == NULL)
			return false;
		*t = (struct scan_state){ a, r->state, ps->scan->states };
		ps->scan->states = t;
		if (a->packet != NULL)
			ps->hearers[ps->n_hearers++] = (struct pass_hearer){
				a->packet, r->state
			};
		if (a->message != NULL)
			ps->listeners[ps->n_listeners++] =
			    (struct pass_listener){ a->message, r->state,
			    ps->heard[i] };
		if (a->begin != NULL &&
		    !a->begin(r->state, ps->scan, r->options))
			return false;
	}
	return true;
}

static struct pass *
pass_new(struct scan *s, struct scan_request *requests, size_t n)
{
	struct pass *ps = calloc(1, sizeof(*ps));

	if (ps == NULL)
		return NULL;
	ps->scan = s;
	ps->requests = requests;
	ps->n = n;
	ps->records = ps->read;
	ps->seen = ps->glanced;
	arena_init(&ps->arena, PACKET_MEMORY);
	/* A block for all that most packets need: it stays, where others of
	 * their own would come and go with each packet. */
	(void)arena_bytes(&ps->arena, PACKET_USUAL);
	arena_forget(&ps->arena);
	buf_init(&ps->payloads, PAYLOADS_MEMORY);
	field_list_init(&ps->fields, &ps->arena);
	ps->progress_time = clock_monotonic();
	return ps;
}

static void
pass_free(struct pass *ps)
{
	field_list_free(&ps->fields);
	field_wants_free(ps->rows);
	buf_free(&ps->payloads);
	arena_free(&ps->arena);
	free(ps);
}

static void
pass_end(struct pass *ps)
{
	struct scan *s = ps->scan;

	pass_counts(ps);
	if (s->cancelled)
		return;
	if (ps->early)
		pass_early_end(ps);
	arena_reset(&ps->arena);
	if (s->dispatch != NULL && !s->stop)
		dispatch_finish(s->dispatch, s->flows);
	for (size_t i = 0; i < ps->n; i++) {
		const struct scan_request *r = &ps->requests[i];

		if (r->analyzer->unheard != NULL)
			r->analyzer->unheard(r->state, ps->unheard);
		if (r->analyzer->finish != NULL)
			r->analyzer->finish(r->state, s);
	}
	(void)pass_progress(ps, capture_position(s->capture), true);
}

bool
scan_run(struct scan *s, struct scan_request *requests, size_t n)
{
	struct pass *ps = pass_new(s, requests, n);
	bool begun;

	if (ps == NULL) {
		s->no_memory = true;
		return false;
	}
	begun = pass_begin(ps);
	if (begun && s->reads_ahead) {
		ahead_read(ps, s->ahead);
		s->cancelled = true;
	} else if (begun) {
		pass_read(ps);
		pass_end(ps);
	} else {
		s->no_memory = true;
	}
	pass_free(ps);
	return begun && !s->cancelled;
}
