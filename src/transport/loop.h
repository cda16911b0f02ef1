#ifndef TRANSPORT_LOOP_H
#define TRANSPORT_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one poll(2) loop.  Watches and timers are members of their owners'
 * structs; the loop only links them.  Callbacks may add and remove any watch
 * or timer, their own too, and may free the struct that holds it after
 * removing it.
 */
struct loop_watch {
	int fd;
	short events; /* may be changed at any time */
	void (*ready)(void *context, short revents);
	void *context;
	size_t place; /* the loop's: 1 + index in watches; 0: not there */
};

struct loop_timer {
	int64_t due;  /* clock_monotonic() */
	void (*fire)(void *context); /* once; the timer is then removed */
	void *context;
	size_t place;
};

struct loop {
	struct loop_watch **watches;
	struct pollfd *polled;
	struct loop_timer **timers;
	size_t n_watches, max_watches;
	size_t n_timers, max_timers;
	bool stopped;
};

void loop_init(struct loop *l);
void loop_free(struct loop *l);
/* False: no memory. */
bool loop_watch(struct loop *l, struct loop_watch *w);
void loop_unwatch(struct loop *l, struct loop_watch *w);
/* (Re)starts the timer to fire in `ns` from now; false: no memory. */
bool loop_after(struct loop *l, struct loop_timer *t, int64_t ns);
void loop_cancel(struct loop *l, struct loop_timer *t);
void loop_stop(struct loop *l);
/* Until loop_stop(), or until nothing is left to wait for. */
void loop_run(struct loop *l);

#endif
