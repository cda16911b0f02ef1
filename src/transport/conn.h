#ifndef TRANSPORT_CONN_H
#define TRANSPORT_CONN_H

#include "transport/http.h"
#include "transport/http_write.h"

/* One connection of the HTTP server: bytes in, requests and answers. */
enum conn_state {
	CONN_HEAD,   /* reading a head, or idle before one */
	CONN_BODY,
	CONN_BUSY,   /* a request is being answered */
	CONN_HELD,   /* the refusal in `out` waits for its time */
	CONN_LINGER, /* all said; the client may still be talking */
	CONN_DEAD,
};

struct http_conn {
	struct http_server *server;
	struct http_conn *next, *prev;
	struct loop_watch watch;
	struct loop_timer timer;
	enum conn_state state;
	bool running;     /* conn_run() is on the stack */
	bool broken;      /* to be dropped at the loop's next turn */
	bool closes;      /* after this answer */
	bool streaming;
	bool bodyless;    /* HEAD */
	struct buf in, block, body, out;
	size_t seen; /* bytes of `in` without the end of a head */
	struct http_head head;
	struct http_body reader;
	size_t held; /* its part of the server's */
	void *user;
};

/* Takes the socket over; without memory it is closed. */
void conn_open(struct http_server *s, int fd);
/* Closes it; whoever answers is told.  The struct stays until conn_sweep():
 * callers up the stack may still look at it. */
void conn_drop(struct http_conn *c);
/* Frees what was dropped; `context` is the server. */
void conn_sweep(void *context);
/* Sends what is in `out`; afterwards the connection may be dead. */
void conn_flush(struct http_conn *c);
/* A whole answer into `out`. */
void conn_say(struct http_conn *c, const struct http_answer *answer,
    struct span body);
/* Nothing more is to be said to this request: between two requests. */
void conn_rest(struct http_conn *c);
/* The answer is in `out`; on to the next request. */
void conn_answered(struct http_conn *c);

#endif
