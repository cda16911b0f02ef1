#ifndef FETCH_URL_H
#define FETCH_URL_H

#include "base/addr.h"
#include "base/buf.h"
#include "fetch/error.h"

/*
 * http and https URLs by a grammar without leniency: what two readers could
 * understand in two ways is refused.  A host that ends in a number is four
 * decimal octets or nothing.
 */
#define URL_MAX 2048
#define URL_HOST 256

struct url {
	bool https;
	bool has_port;          /* it was written */
	uint16_t port;
	char host[URL_HOST];    /* lower case; no brackets, no last dot */
	struct addr addr;       /* when the host is one, else ADDR_NONE */
	char target[URL_MAX + 2]; /* path and query; begins with a slash */
};

/* Begins as something that is a URL rather than a path: "word://". */
bool url_is(struct span text);
enum fetch_error url_read(struct span text, struct url *u);
/* Where a Location header of `base` leads. */
enum fetch_error url_follow(const struct url *base, struct span location,
    struct url *u);
/* "example.com", "example.com:8080", "[2001:db8::1]" */
void url_write_host(const struct url *u, struct buf *out);

#endif
