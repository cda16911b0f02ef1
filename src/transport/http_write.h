#ifndef TRANSPORT_HTTP_WRITE_H
#define TRANSPORT_HTTP_WRITE_H

#include "base/buf.h"

/* The bytes of HTTP answers. */
struct http_answer {
	unsigned status;
	const char *type;  /* NULL: no body */
	const char *extra; /* whole header lines, or "" */
	size_t length;
	bool stream;       /* chunked, without a length */
	bool closes;
};

void http_write_head(struct buf *out, const struct http_answer *a);
/* An empty chunk ends the body. */
void http_write_chunk(struct buf *out, struct span bytes);
/* One server-sent event in a chunk of its own; `data` is one line. */
void http_write_event(struct buf *out, struct span data);

#endif
