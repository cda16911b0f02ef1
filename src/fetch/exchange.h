#ifndef FETCH_EXCHANGE_H
#define FETCH_EXCHANGE_H

#include "fetch/http.h"
#include "fetch/tls.h"

/* One request and its answer on a connection of their own. */
struct exchange {
	struct wire wire;
	struct tls *tls;       /* NULL: plain */
	struct buf head;       /* what came up to the end of the head */
	struct http_answer answer;
	struct span rest;      /* the body's first bytes, in `head` */
};

/* To be freed whatever comes out. */
enum fetch_error exchange_begin(struct exchange *x, const struct url *u,
    int64_t deadline);
/* More bytes of the body; 0: the end; -1: *error says why not. */
long exchange_read(struct exchange *x, void *p, size_t n,
    enum fetch_error *error);
void exchange_free(struct exchange *x);

#endif
