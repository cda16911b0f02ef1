#ifndef BENCH_SESSIONS_H
#define BENCH_SESSIONS_H

#include "bench/town.h"

/*
 * TCP connections side by side: handshakes, requests and responses with
 * acknowledgements, one segment in a hundred sent again, some late, and the
 * ways in which connections end.  sessions_step() sends at least one packet.
 */
struct sessions;

struct sessions *sessions_new(size_t at_once);
void sessions_free(struct sessions *s);
void sessions_step(struct sessions *s, struct town *t, struct wire *w);

#endif
