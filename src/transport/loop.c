#include "transport/loop.h"

#include <limits.h>
#include <stdlib.h>

#include "base/number.h"

void
loop_init(struct loop *l)
{
	*l = (struct loop){ 0 };
}

void
loop_free(struct loop *l)
{
	free(l->watches);
	free(l->polled);
	free(l->timers);
	loop_init(l);
}

static bool
watches_grow(struct loop *l)
{
	size_t max = l->max_watches * 2 + 16;
	void *p = realloc(l->watches, max * sizeof(struct loop_watch *));

	if (p == NULL)
		return false;
	l->watches = p;
	p = realloc(l->polled, max * sizeof(struct pollfd));
	if (p == NULL)
		return false;
	l->polled = p;
	l->max_watches = max;
	return true;
}

bool
loop_watch(struct loop *l, struct loop_watch *w)
{
	if (w->place != 0)
		return true;
	if (l->n_watches == l->max_watches && !watches_grow(l))
		return false;
	l->watches[l->n_watches++] = w;
	w->place = l->n_watches;
	return true;
}

/* The place stays empty until the next turn: indices must not move while
 * callbacks run. */
void
loop_unwatch(struct loop *l, struct loop_watch *w)
{
	if (w->place == 0)
		return;
	l->watches[w->place - 1] = NULL;
	w->place = 0;
}

bool
loop_after(struct loop *l, struct loop_timer *t, int64_t ns)
{
	t->due = clock_monotonic() + ns;
	if (t->place != 0)
		return true;
	if (l->n_timers == l->max_timers) {
		size_t max = l->max_timers * 2 + 16;
		void *p = realloc(l->timers, max * sizeof(t));

		if (p == NULL)
			return false;
		l->timers = p;
		l->max_timers = max;
	}
	l->timers[l->n_timers++] = t;
	t->place = l->n_timers;
	return true;
}

void
loop_cancel(struct loop *l, struct loop_timer *t)
{
	if (t->place == 0)
		return;
	l->n_timers--;
	if (t->place <= l->n_timers) {
		struct loop_timer *last = l->timers[l->n_timers];

		l->timers[t->place - 1] = last;
		last->place = t->place;
	}
	t->place = 0;
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
}

/* Closes the gaps that loop_unwatch() left and fills what poll(2) wants. */
static void
watches_settle(struct loop *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_watches; i++) {
		struct loop_watch *w = l->watches[i];

		if (w == NULL)
			continue;
		l->watches[n] = w;
		l->polled[n] = (struct pollfd){ .fd = w->fd,
			.events = w->events };
		w->place = ++n;
	}
	l->n_watches = n;
}

static int
time_left(const struct loop *l)
{
	int64_t now = clock_monotonic(), left, least = INT64_MAX;

	for (size_t i = 0; i < l->n_timers; i++) {
		left = l->timers[i]->due - now;
		if (left < least)
			least = left;
	}
	if (least == INT64_MAX)
		return -1;
	if (least <= 0)
		return 0;
	least = (least + 999999) / 1000000;
	return least > INT_MAX ? INT_MAX : (int)least;
}

/* The timer that is most overdue, or NULL. */
static struct loop_timer *
timer_due(const struct loop *l, int64_t now)
{
	struct loop_timer *first = NULL;

	for (size_t i = 0; i < l->n_timers; i++) {
		struct loop_timer *t = l->timers[i];

		if (t->due <= now && (first == NULL || t->due < first->due))
			first = t;
	}
	return first;
}

static void
timers_fire(struct loop *l)
{
	int64_t now = clock_monotonic();
	struct loop_timer *t = timer_due(l, now);

	while (t != NULL && !l->stopped) {
		loop_cancel(l, t);
		t->fire(t->context);
		t = timer_due(l, now);
	}
}

static void
watches_fire(struct loop *l, size_t n)
{
	for (size_t i = 0; i < n && !l->stopped; i++) {
		struct loop_watch *w = l->watches[i];

		if (w != NULL && l->polled[i].revents != 0)
			w->ready(w->context, l->polled[i].revents);
	}
}

void
loop_run(struct loop *l)
{
	l->stopped = false;
	while (!l->stopped) {
		int n;

		watches_settle(l);
		if (l->n_watches == 0 && l->n_timers == 0)
			return;
		n = poll(l->polled, (nfds_t)l->n_watches, time_left(l));
		if (n > 0)
			watches_fire(l, l->n_watches);
		if (!l->stopped)
			timers_fire(l);
	}
}
