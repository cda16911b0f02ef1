#include "base/fetch.h"
#include "analysis/ahead.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PIECE_MOST ((uint64_t)8 << 20)
#define PIECE_LEAST ((uint64_t)64 << 10)
#define PIECES_LEAST 16
#define COPIES_MEMORY ((size_t)16 << 20) /* of a piece */
#define COPIES_USUAL ((size_t)256 << 10)
#define COPIES_FEW ((uint64_t)4 << 20)
#define FETCHED ((size_t)16 << 10) /* of the copies, on their way */
#define ALIGNMENT _Alignof(max_align_t)

bool
ahead_init(struct ahead *a)
{
	*a = (struct ahead){ 0 };
	for (size_t i = 0; i < AHEAD_PIECES; i++)
		buf_init(&a->piece[i].copies, COPIES_MEMORY);
	return sem_init(&a->room, 0, 0) == 0 && sem_init(&a->more, 0, 0) == 0;
}

void
ahead_free(struct ahead *a)
{
	for (size_t i = 0; i < AHEAD_PIECES; i++) {
		buf_free(&a->piece[i].copies);
		free(a->piece[i].states);
	}
	(void)sem_destroy(&a->room);
	(void)sem_destroy(&a->more);
}

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

/* ---- Reading a piece -----------------------------------------------------
 *
 * By a pass of its own, whose analysers count into the piece.
 */
struct reader {
	struct pass *ps;
	struct scan_request *requests;
	uint8_t *states; /* of the analysers as they begin */
	size_t n;        /* bytes of these */
};

static size_t
state_size(const struct analyzer *a)
{
	/* reader_begin() has set it for as many as there are.
	 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	return (a->size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static void
reader_free(struct reader *r)
{
	free(r->ps);
	free(r->requests);
	free(r->states);
}

static bool
reader_begin(struct reader *r, const struct pass *ps)
{
	size_t at = 0;

	*r = (struct reader){ 0 };
	for (size_t i = 0; i < ps->n; i++)
		r->n += state_size(ps->requests[i].analyzer);
	r->ps = malloc(sizeof(*r->ps));
	r->requests = calloc(ps->n + 1, sizeof(*r->requests));
	r->states = calloc(1, r->n + 1);
	if (r->ps == NULL || r->requests == NULL || r->states == NULL)
		return false;
	*r->ps = *ps;
	r->ps->requests = r->requests;
	for (size_t i = 0; i < ps->n; i++) {
		r->requests[i] = ps->requests[i];
		memcpy(r->states + at, ps->requests[i].state,
		    ps->requests[i].analyzer->size);
		at += state_size(ps->requests[i].analyzer);
	}
	return true;
}

static bool
piece_begin(struct reader *r, struct piece *p)
{
	size_t at = 0;

	if (p->states == NULL)
		p->states = malloc(r->n + 1);
	if (p->states == NULL)
		return false;
	memcpy(p->states, r->states, r->n);
	for (size_t i = 0; i < r->ps->n; i++) {
		r->requests[i].state = p->states + at;
		at += state_size(r->requests[i].analyzer);
	}
	memset(r->ps->kinds, 0, sizeof(r->ps->kinds));
	r->ps->unheard = 0;
	p->quality = (struct capture_quality){ 0 };
	p->packets = 0;
	buf_cut(&p->copies, 0);
	r->ps->copies = &p->copies;
	/* Room that grew would move while two threads use the memory. */
	(void)buf_room(&p->copies, COPIES_USUAL);
	return true;
}

void
pass_copy(struct pass *ps, size_t i)
{
	buf_add(ps->copies, &ps->records[i], sizeof(ps->records[i]));
	buf_span(ps->copies, ps->records[i].bytes);
}

static void
batch_read(struct pass *ps, struct piece *p, size_t n)
{
	uint32_t plain, wanted;

	p->packets += n;
	if ((ps->wants & WANT_WALK) == 0)
		return;
	pass_counts_room(ps, n);
	plain = pass_glances(ps, 0, n);
	wanted = pass_wanted(ps, plain);
	for (size_t i = 0; (i = pass_unheard(ps, i, n, wanted)) < n; i++) {
		if ((plain >> i & 1) != 0) {
			pass_glanced(ps, i);
			continue;
		}
		p->packets--;
		pass_copy(ps, i);
	}
}

/* Begins at `from`, or for 0 at what looks like a record where the piece's
 * bytes begin. */
static void
piece_read(struct reader *r, const struct ahead *a, uint32_t number,
    uint64_t from, struct piece *p)
{
	struct capture *c = r->ps->scan->capture;
	uint64_t to = number + 1 < a->pieces ? (number + 1) * a->size : 0;
	size_t n, passed, most;

	p->good = false;
	if (!piece_begin(r, p) || !capture_part(c, from != 0 ? from :
	    number * a->size, from == 0, to))
		return;
	p->begin = capture_offset(c);
	capture_watch(c, &p->quality);
	do {
		most = pass_run(r->ps, &passed) ? 1 : PASS_BATCH;
		p->packets += passed;
		n = capture_read(c, r->ps->records, most);
		batch_read(r->ps, p, n);
	} while (n > 0 && !p->copies.full && !a->over);
	pass_counts_take(r->ps);
	memcpy(p->kinds, r->ps->kinds, sizeof(p->kinds));
	p->unheard = r->ps->unheard;
	p->good = capture_rest(c, &p->rest) && !p->copies.full && n == 0;
}

/* The next piece that nobody reads, if there is one now.  How much of one is
 * copied is known when the first has been taken over: before, no more than
 * one is read ahead. */
static bool
piece_claim(struct ahead *a, uint32_t *number)
{
	*number = a->next;
	while (*number < a->pieces && *number < (a->taken == 0 ? 2 :
	    a->taken + AHEAD_PIECES))
		if (atomic_compare_exchange_weak(&a->next, number,
			*number + 1))
			return true;
	return false;
}

static void
wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		continue;
}

void
ahead_read(struct pass *ps, struct ahead *a)
{
	struct reader r = { 0 };
	uint32_t number;

	if (may_divide(ps) && reader_begin(&r, ps)) {
		while (!a->over && (a->pieces == 0 || a->next < a->pieces)) {
			if (a->pieces == 0 || !piece_claim(a, &number)) {
				wait_for(&a->room);
				continue;
			}
			piece_read(&r, a, number, 0,
			    &a->piece[number % AHEAD_PIECES]);
			a->assisted++;
			a->piece[number % AHEAD_PIECES].read = true;
			(void)sem_post(&a->more);
		}
	}
	reader_free(&r);
}

/* ---- Taking it over ------------------------------------------------------ */

/* Where the copies are read. */
struct place {
	size_t at, fetched;
};

/* Copies lie with the other processor, and where one begins is known only when
 * the one before it is there. */
static void
copies_fetch(const struct piece *p, struct place *place)
{
	size_t to = place->at + FETCHED < p->copies.n ?
	    place->at + FETCHED : p->copies.n;

	for (; place->fetched < to; place->fetched += 64)
		fetch(p->copies.p + place->fetched);
}

/* The next packets from the copies, at most a batch. */
static size_t
copies_next(struct pass *ps, const struct piece *p, struct place *place,
    uint64_t behind)
{
	size_t *at = &place->at;
	size_t n = 0;

	copies_fetch(p, place);
	for (; n < PASS_BATCH && *at < p->copies.n; n++) {
		struct record *r = &ps->records[n];
		struct span left = span_after(buf_bytes(&p->copies), *at);

		memcpy(r, left.p, sizeof(*r));
		r->number += behind;
		r->bytes = span_first(span_after(left, sizeof(*r)),
		    r->bytes.n);
		*at += sizeof(*r) + r->bytes.n;
	}
	return n;
}

static void
copies_take(struct pass *ps, struct piece *p, uint64_t behind)
{
	struct scan *s = ps->scan;
	struct place place = { 0, 0 };
	size_t n;

	while (!s->stop && (n = copies_next(ps, p, &place, behind)) > 0) {
		(void)pass_glances(ps, 0, n);
		pass_counts_room(ps, n);
		for (size_t i = 0; i < n && !s->stop; i++)
			pass_read_one(ps, i);
		if (ps->arena.full)
			s->no_memory = true;
	}
}

static void
piece_take(struct pass *ps, struct piece *p, struct capture_rest *sum)
{
	struct scan *s = ps->scan;
	uint64_t behind = sum->records;
	size_t at = 0;

	quality_append(&s->quality, &p->quality);
	capture_rest_add(sum, &p->rest);
	s->packets += p->packets;
	s->matched += p->packets;
	ps->unheard += p->unheard;
	for (size_t i = 0; i < PLAIN_KINDS; i++) {
		ps->kinds[i].packets += p->kinds[i].packets;
		ps->kinds[i].bytes += p->kinds[i].bytes;
	}
	for (size_t i = 0; i < ps->n; i++) {
		const struct scan_request *r = &ps->requests[i];

		if (r->analyzer->append != NULL)
			r->analyzer->append(r->state, p->states + at);
		at += state_size(r->analyzer);
	}
	copies_take(ps, p, behind);
}

/* Where most of the file is copied, two are no faster than one. */
static bool
is_all_copies(const struct ahead *a, const struct capture_rest *sum)
{
	return a->copies > COPIES_FEW && a->copies > sum->end / 2;
}

/* Pieces in order; false: it goes no further. */
static bool
pieces_next(struct pass *ps, struct ahead *a, struct reader *r,
    struct capture_rest *sum)
{
	uint32_t number = a->taken, other;
	struct piece *p = &a->piece[number % AHEAD_PIECES];

	if (!p->read) {
		if (!piece_claim(a, &other)) {
			wait_for(&a->more);
			return true;
		}
		piece_read(r, a, other, other == number ? sum->end : 0,
		    &a->piece[other % AHEAD_PIECES]);
		a->piece[other % AHEAD_PIECES].read = true;
		return true;
	}
	if (!p->good || p->begin != sum->end) {
		a->again++;
		piece_read(r, a, number, sum->end, p);
	}
	if (!p->good || !may_divide(ps))
		return false;
	a->copies += p->copies.n;
	piece_take(ps, p, sum);
	p->read = false;
	a->taken++;
	(void)sem_post(&a->room);
	ps->scan->cancelled = !pass_progress(ps, sum->end, false);
	return !is_all_copies(a, sum);
}

/* Pieces of one size; of a small file none. */
static void
pieces_cut(struct ahead *a, uint64_t bytes)
{
	a->size = bytes / PIECES_LEAST;
	if (a->size < PIECE_LEAST)
		return;
	if (a->size > PIECE_MOST)
		a->size = PIECE_MOST;
	if (bytes / a->size <= UINT32_MAX - AHEAD_PIECES)
		a->pieces = (uint32_t)(bytes / a->size);
}

void
ahead_divide(struct pass *ps, struct ahead *a)
{
	struct scan *s = ps->scan;
	struct capture_rest sum = { .end = capture_offset(s->capture) };
	struct reader r = { 0 };

	if (may_divide(ps) && reader_begin(&r, ps)) {
		/* Only the first one begins where everybody knows. */
		a->next = 1;
		pieces_cut(a, capture_size(s->capture));
		(void)sem_post(&a->room);
		if (a->pieces > 0)
			piece_read(&r, a, 0, sum.end, &a->piece[0]);
		a->piece[0].read = true;
		while (a->taken < a->pieces && !s->stop && !s->cancelled &&
		    pieces_next(ps, a, &r, &sum))
			continue;
		capture_resume(s->capture, &sum);
	}
	a->over = true;
	(void)sem_post(&a->room);
	reader_free(&r);
}
