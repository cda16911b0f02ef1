#ifndef TRANSPORT_HTTP_HEAD_H
#define TRANSPORT_HTTP_HEAD_H

#include "base/buf.h"

/*
 * The head of an HTTP/1.1 request, read strictly (RFC 9112): whatever two
 * readers could understand differently is refused, and with it the
 * connection.
 */
#define HTTP_HEAD_MAX 16384
#define HTTP_HEADERS 100

struct http_header {
	struct span name, value; /* value without the spaces around it */
};

struct http_head {
	struct span method, target; /* target: path and query */
	struct http_header headers[HTTP_HEADERS];
	size_t n;
	bool chunked;
	bool has_length;
	uint64_t length;
	bool expects;  /* 100-continue */
	bool closes;   /* Connection: close */
};

/* Where the head ends in what was received so far: its length with the empty
 * line, 0 when there is more to come, SIZE_MAX when no head can begin so.  The
 * first `seen` bytes were looked at before. */
size_t http_head_find(struct span received, size_t seen);
/* The status to refuse it with, or 0; spans point into `block`. */
unsigned http_head_read(struct span block, struct http_head *h);
/* Names are lower case; false: absent. */
bool http_head_get(const struct http_head *h, const char *name,
    struct span *value);
/* Is `word` one of the comma separated words of the header? */
bool http_head_has(const struct http_head *h, const char *name,
    const char *word);

/* A body, sized or in chunks, as its bytes come in. */
struct http_body {
	bool chunked;
	uint64_t left;   /* of the body or the chunk */
	unsigned state;
	unsigned line;   /* bytes of a chunk's first line so far */
	size_t max;
};

enum http_body_result {
	HTTP_BODY_MORE,
	HTTP_BODY_DONE,
	HTTP_BODY_BAD,
	HTTP_BODY_TOO_LARGE,
};

void http_body_init(struct http_body *b, const struct http_head *h,
    size_t max);
/* Takes from *in what belongs to the body and adds it to `out`. */
enum http_body_result http_body_take(struct http_body *b, struct span *in,
    struct buf *out);

#endif
