#ifndef FETCH_RESOLVE_H
#define FETCH_RESOLVE_H

#include "fetch/url.h"

/*
 * From a URL's host to the addresses that may be connected to.  A name is
 * looked up once a request, and what was looked up is what is connected to.
 */
#define RESOLVE_MAX 32

struct resolver {
	/* The number of addresses, at most RESOLVE_MAX of them in `found`;
	 * 0 or less: none. */
	int (*lookup)(void *context, const char *host, struct addr *found);
	void *context;
};

extern const struct resolver resolver_system; /* getaddrinfo(3) */

/* All addresses must be public, unless `any`; one that is not spoils the
 * others. */
enum fetch_error resolve(const struct resolver *r, const struct url *u,
    bool any, struct addr *found, size_t *n);

#endif
