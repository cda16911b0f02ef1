#ifndef FETCH_WIRE_H
#define FETCH_WIRE_H

#include "base/addr.h"
#include "fetch/error.h"

/*
 * A connection with deadlines: every wait ends.  While `window` is set, at
 * least `least` bytes have to come in each window.
 */
struct wire {
	int fd;            /* -1: none */
	int64_t deadline;  /* clock_monotonic() */
	int64_t window;    /* ns; 0: no rate is asked for */
	uint64_t least;
	int64_t window_end;
	uint64_t window_bytes;
	enum fetch_error error;
};

enum fetch_error wire_open(struct wire *w, const struct addr *a, uint16_t port,
    int64_t deadline);
void wire_close(struct wire *w);
/* From now on so many bytes a window. */
void wire_rate(struct wire *w, int64_t window, uint64_t least);
/* Bytes read; 0: the other side ended it; -1: see w->error. */
long wire_read(struct wire *w, void *p, size_t n);
/* All of them; false: see w->error. */
bool wire_write(struct wire *w, const void *p, size_t n);

#endif
