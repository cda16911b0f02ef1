#ifndef FETCH_HTTP_H
#define FETCH_HTTP_H

#include "fetch/url.h"

/*
 * The words of HTTP/1.1 between us and the server of a capture.  The reader
 * takes the strict grammar alone: CRLF, no folded lines, one length.
 */
#define HTTP_HEAD ((size_t)16 * 1024)
#define HTTP_FIELDS 100

struct http_answer {
	unsigned status;
	bool has_length, chunked, closes;
	uint64_t length;
	bool encoded;          /* anything but identity */
	struct span location;  /* empty: none */
};

/* Reads a head and its empty line; *n is its length, 0 while it is not yet
 * whole. */
enum fetch_error http_read(struct span bytes, struct http_answer *a,
    size_t *n);
void http_write_request(const struct url *u, struct buf *out);

/* A body as it comes: sized, chunked, or up to the end of the connection. */
enum http_body_state {
	HTTP_SIZED,
	HTTP_UNSIZED,
	HTTP_CHUNK_SIZE, /* the first digit of it */
	HTTP_CHUNK_DIGITS,
	HTTP_CHUNK_EXTENSION,
	HTTP_CHUNK_LF,
	HTTP_CHUNK_DATA,
	HTTP_CHUNK_DATA_CR,
	HTTP_CHUNK_DATA_LF,
	HTTP_TRAILER,
	HTTP_TRAILER_LINE,
	HTTP_TRAILER_LF,
	HTTP_END_LF,
	HTTP_DONE,
	HTTP_BAD,
};

struct http_body {
	enum http_body_state state;
	uint64_t left;    /* of the body or the chunk */
	unsigned extra;   /* bytes of extensions and trailers so far */
};

void http_body_begin(struct http_body *b, const struct http_answer *a);
/* The next piece of content at the front of *bytes, which moves on; empty
 * when more bytes are needed, or at HTTP_DONE and HTTP_BAD. */
struct span http_body_next(struct http_body *b, struct span *bytes);

#endif
