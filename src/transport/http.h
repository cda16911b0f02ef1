#ifndef TRANSPORT_HTTP_H
#define TRANSPORT_HTTP_H

#include "transport/http_head.h"
#include "transport/loop.h"

/*
 * An HTTP/1.1 server on listening sockets: keeps connections, reads requests
 * whole, and lets whoever answers them do so now or later, at once or as a
 * stream of events.  Slow, silent and greedy clients lose their connection;
 * nobody else notices.
 */
struct http_conn;

struct http_limits {
	size_t max_conns;  /* the longest idle makes room; else 503 */
	size_t max_body;
	size_t max_bodies; /* of all connections; the largest makes room */
	unsigned head_seconds, body_seconds, idle_seconds, stall_seconds;
};

#define HTTP_LIMITS \
	{ .max_conns = 1024, .max_body = 1024 * 1024, \
	    .max_bodies = 64 * 1024 * 1024, .head_seconds = 10, \
	    .body_seconds = 30, .idle_seconds = 60, .stall_seconds = 30 }

#define HTTP_LISTENERS 4

struct http_server {
	struct loop *loop;
	struct http_limits limits;
	/* Looks at a head before its body is read; 0, or the status to
	 * refuse it with (401 after a while only).  `extra` takes whole
	 * header lines, `why` a text. */
	unsigned (*check)(void *context, const struct http_head *h,
	    struct buf *extra, struct buf *why);
	/* A whole request; to be answered by http_respond(), or by
	 * http_stream(), http_event() and http_end(). */
	void (*request)(void *context, struct http_conn *c);
	/* The client left before the answer ended; the connection is no more
	 * when this returns. */
	void (*gone)(void *context, struct http_conn *c);
	void *context;

	struct loop_watch listeners[HTTP_LISTENERS];
	size_t n_listeners;
	struct http_conn *conns; /* the last used first */
	struct http_conn *oldest;
	struct http_conn *dead;
	struct loop_timer sweep, resume;
	size_t n_conns;
	size_t held; /* bytes of bodies */
};

/* The members above `listeners` are the caller's; as many connections as the
 * limit of descriptors leaves room for beside workers are allowed. */
void http_open(struct http_server *s);
/* Takes over a listening, non-blocking socket; false: no room. */
bool http_listen(struct http_server *s, int fd);
void http_close(struct http_server *s);

/* ---- One request, as long as it is not answered ------------------------ */

const struct http_head *http_request_head(const struct http_conn *c);
/* As long as request() has not returned. */
struct span http_request_body(const struct http_conn *c);
/* For whoever answers. */
void http_set_user(struct http_conn *c, void *user);
void *http_user(const struct http_conn *c);

/* `type` NULL: no body.  `extra`: whole header lines, or "". */
void http_respond(struct http_conn *c, unsigned status, const char *type,
    const char *extra, struct span body);
void http_stream(struct http_conn *c, const char *extra);
/* One event with one line of data. */
void http_event(struct http_conn *c, struct span data);
/* A comment line, so that nobody between us thinks the stream dead. */
void http_comment(struct http_conn *c);
void http_end(struct http_conn *c);

#endif
