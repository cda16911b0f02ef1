#ifndef TRANSPORT_HTTP_GUARD_H
#define TRANSPORT_HTTP_GUARD_H

#include "transport/http_head.h"

/*
 * Who may come in: Host against DNS rebinding, Origin against foreign web
 * pages, the bearer token.
 */
struct http_guard {
	bool loopback;             /* only this machine can reach us */
	const char *const *names;  /* more hosts that we are called by */
	size_t n_names;
	const char *const *origins; /* "https://host[:port]" */
	size_t n_origins;
	struct span token;         /* empty: none is asked for */
};

/* 0, or the status to refuse the request with: 400, 401, 403. */
unsigned http_guard_check(const struct http_guard *g,
    const struct http_head *h, bool with_token);
/* Does it come from a page of an origin that the operator named? */
bool http_guard_names(const struct http_guard *g, const struct http_head *h,
    struct span *origin);
/* Every byte is looked at, whatever the first difference. */
bool http_guard_same(struct span a, struct span b);

#endif
