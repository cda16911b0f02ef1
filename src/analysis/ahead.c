#include "analysis/ahead.h"

#include <stdlib.h>

#define COPIES_MEMORY ((size_t)48 << 20)
#define FEW_COPIES ((size_t)4 << 20)
/* Messages are work for one: then the other takes more of the rest. */
#define SEAM_ALONE 50
#define SEAM_MESSAGES 33

static bool
only_counts(const struct analyzer *a)
{
	return a->append != NULL ||
	    (a->unheard != NULL && a->ports != NULL && a->ports[0] == 0);
}

/* Whether a pass may be divided: what was asked and of whom. */
static bool
may_divide(const struct pass *ps)
{
	const struct scan *s = ps->scan;

	if (!ps->glances || s->filter != NULL || s->stop_after != 0 ||
	    s->only != NULL)
		return false;
	for (size_t i = 0; i < ps->n; i++)
		if (!only_counts(ps->requests[i].analyzer))
			return false;
	return (s->dispatch == NULL || dispatch_is_stateless(s->dispatch)) &&
	    capture_splits(s->capture);
}

static void
copy_record(struct ahead *a, const struct record *r)
{
	buf_add(&a->copies, r, sizeof(*r));
	buf_span(&a->copies, r->bytes);
}

static void
batch_ahead(struct pass *ps, struct ahead *a, size_t n)
{
	uint32_t plain;

	quality_add(&a->counts.quality, ps->records, n);
	if ((ps->wants & WANT_WALK) == 0) {
		a->counts.packets += n;
		return;
	}
	plain = pass_glances(ps, n);
	for (size_t i = 0; i < n; i++) {
		if ((plain >> i & 1) == 0) {
			copy_record(a, &ps->records[i]);
			continue;
		}
		a->counts.packets++;
		pass_glanced(ps, i);
	}
}

/* The states go with the scan: counts are taken out of copies. */
static bool
keep_states(const struct pass *ps, struct ahead *a)
{
	a->states = calloc(ps->n + 1, sizeof(*a->states));
	if (a->states == NULL)
		return false;
	a->n = ps->n;
	for (size_t i = 0; i < ps->n; i++) {
		size_t size = ps->requests[i].analyzer->size;

		a->states[i] = malloc(size + 1);
		if (a->states[i] == NULL)
			return false;
		memcpy(a->states[i], ps->requests[i].state, size);
	}
	return true;
}

/* Where most of the file is copied, two are no faster than one. */
static bool
is_all_copies(const struct ahead *a)
{
	return a->copies.n > FEW_COPIES &&
	    a->copies.n > a->counts.quality.captured_bytes;
}

void
ahead_read(struct pass *ps, struct ahead *a)
{
	struct scan *s = ps->scan;
	uint64_t seam;
	size_t n;

	if (!may_divide(ps))
		return;
	seam = capture_seam(s->capture,
	    s->dispatch == NULL ? SEAM_ALONE : SEAM_MESSAGES);
	if (seam == 0)
		return;
	a->seam = seam;
	a->known = true;
	buf_init(&a->copies, COPIES_MEMORY);
	while ((n = capture_read(s->capture, ps->records, PASS_BATCH)) > 0) {
		batch_ahead(ps, a, n);
		if (a->copies.full || ps->arena.full || is_all_copies(a))
			return;
	}
	pass_counts(ps);
	a->unheard = ps->unheard;
	memcpy(a->counts.layer_packets, s->layer_packets,
	    sizeof(s->layer_packets));
	memcpy(a->counts.layer_bytes, s->layer_bytes,
	    sizeof(s->layer_bytes));
	a->good = capture_rest(s->capture, &a->rest) && keep_states(ps, a);
}

void
ahead_look(struct pass *ps, struct ahead *a)
{
	if (!a->known || a->looked)
		return;
	a->looked = true;
	if (may_divide(ps))
		capture_stop_at(ps->scan->capture, a->seam);
}

bool
ahead_join(struct pass *ps, struct ahead *a)
{
	struct scan *s = ps->scan;

	if (!a->wait(a->context) || !a->good || !may_divide(ps) ||
	    a->n != ps->n) {
		capture_stop_at(s->capture, 0);
		return false;
	}
	quality_append(&s->quality, &a->counts.quality);
	s->packets += a->counts.packets;
	s->matched += a->counts.packets;
	for (unsigned layer = 0; layer < LAYER_COUNT; layer++) {
		s->layer_packets[layer] += a->counts.layer_packets[layer];
		s->layer_bytes[layer] += a->counts.layer_bytes[layer];
	}
	ps->unheard += a->unheard;
	for (size_t i = 0; i < ps->n; i++)
		if (ps->requests[i].analyzer->append != NULL)
			ps->requests[i].analyzer->append(
			    ps->requests[i].state, a->states[i]);
	a->behind = capture_facts(s->capture)->records;
	capture_append(s->capture, &a->rest);
	return true;
}

size_t
ahead_copies(struct pass *ps, struct ahead *a, size_t max)
{
	size_t n = 0;

	for (; n < max && a->taken < a->copies.n; n++) {
		struct record *r = &ps->records[n];
		struct span left = span_after(buf_bytes(&a->copies),
		    a->taken);

		memcpy(r, left.p, sizeof(*r));
		r->number += a->behind;
		r->bytes = span_first(span_after(left, sizeof(*r)),
		    r->bytes.n);
		a->taken += sizeof(*r) + r->bytes.n;
	}
	return n;
}

void
ahead_free(struct ahead *a)
{
	for (size_t i = 0; i < a->n && a->states != NULL; i++)
		free(a->states[i]);
	free(a->states);
	buf_free(&a->copies);
}
