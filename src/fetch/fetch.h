#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "fetch/resolve.h"

/*
 * A capture from a URL into an open file, in a process that may do nothing
 * else.  Each step of a redirection is checked like the first URL.
 */
struct fetch_limits {
	uint64_t max_bytes; /* of the file */
	unsigned timeout;   /* seconds, all in all */
	unsigned connect_ms, head_ms;
	unsigned window_ms; /* in each of these at least `least` bytes */
	uint64_t least;
};

#define FETCH_LIMITS \
	{ .max_bytes = (uint64_t)256 << 20, .timeout = 120, \
	    .connect_ms = 5000, .head_ms = 30000, .window_ms = 15000, \
	    .least = 15 * 1024 }

struct fetch {
	struct span url;
	/* HOST or HOST:PORT: private addresses and this (without it any) port
	 * are fine there. */
	const char *const *hosts;
	size_t n_hosts;
	const char *authorities; /* file with certificates, or NULL */
	struct fetch_limits limits;
	const struct resolver *resolver;
	int out;                 /* what was fetched goes here */
	/* False: stop.  `total` 0: unknown.  May be NULL. */
	bool (*progress)(void *context, uint64_t done, uint64_t total);
	void *context;
	/* Told afterwards. */
	uint64_t received;
	unsigned status;
	bool no_length; /* nobody said where the file ends */
	bool old_clock; /* before the day of the build */
	/* Its own. */
	int64_t deadline;
	uint8_t start[4];
};

enum fetch_error fetch_run(struct fetch *f);
/* "fetch failed: ..." */
void fetch_explain(const struct fetch *f, enum fetch_error error,
    struct buf *out);
/* HOST, HOST:PORT, [IPv6] or [IPv6]:PORT */
bool fetch_host_is_valid(const char *host);

#endif
