#include "base/digits.h"
#include "fetch/http.h"

#define EXTRA_MAX 4096

void
http_body_begin(struct http_body *b, const struct http_answer *a)
{
	*b = (struct http_body){ .state = HTTP_UNSIZED };
	if (a->chunked) {
		b->state = HTTP_CHUNK_SIZE;
	} else if (a->has_length) {
		b->state = a->length == 0 ? HTTP_DONE : HTTP_SIZED;
		b->left = a->length;
	}
}

/* The size of a chunk, up to the end of its line. */
static enum http_body_state
size_byte(struct http_body *b, uint8_t c)
{
	unsigned digit = digits_hex_value(c);

	if (digit < 16) {
		if (b->state == HTTP_CHUNK_SIZE)
			b->left = 0;
		if (b->left >> 58 != 0)
			return HTTP_BAD;
		b->left = b->left << 4 | digit;
		return HTTP_CHUNK_DIGITS;
	}
	if (b->state == HTTP_CHUNK_SIZE)
		return HTTP_BAD;
	if (c == '\r')
		return HTTP_CHUNK_LF;
	return c == ';' || c == ' ' || c == '\t' ? HTTP_CHUNK_EXTENSION
						 : HTTP_BAD;
}

/* Text that nobody wants, up to a CR. */
static enum http_body_state
extra_byte(struct http_body *b, uint8_t c, enum http_body_state at_end)
{
	if (c == '\r')
		return at_end;
	if (++b->extra > EXTRA_MAX || (c < ' ' && c != '\t') || c == 0x7f)
		return HTTP_BAD;
	return b->state == HTTP_TRAILER ? HTTP_TRAILER_LINE : b->state;
}

static enum http_body_state
after_lf(const struct http_body *b)
{
	switch (b->state) {
	case HTTP_CHUNK_LF:
		return b->left == 0 ? HTTP_TRAILER : HTTP_CHUNK_DATA;
	case HTTP_CHUNK_DATA_LF:
		return HTTP_CHUNK_SIZE;
	case HTTP_TRAILER_LF:
		return HTTP_TRAILER;
	default:
		return HTTP_DONE;
	}
}

static enum http_body_state
frame_byte(struct http_body *b, uint8_t c)
{
	switch (b->state) {
	case HTTP_CHUNK_SIZE:
	case HTTP_CHUNK_DIGITS:
		return size_byte(b, c);
	case HTTP_CHUNK_EXTENSION:
		return extra_byte(b, c, HTTP_CHUNK_LF);
	case HTTP_TRAILER:
		return extra_byte(b, c, HTTP_END_LF);
	case HTTP_TRAILER_LINE:
		return extra_byte(b, c, HTTP_TRAILER_LF);
	case HTTP_CHUNK_DATA_CR:
		return c == '\r' ? HTTP_CHUNK_DATA_LF : HTTP_BAD;
	default:
		return c == '\n' ? after_lf(b) : HTTP_BAD;
	}
}

struct span
http_body_next(struct http_body *b, struct span *bytes)
{
	while (bytes->n > 0 && b->state < HTTP_DONE) {
		struct span piece = *bytes;

		if (b->state != HTTP_SIZED && b->state != HTTP_UNSIZED &&
		    b->state != HTTP_CHUNK_DATA) {
			b->state = frame_byte(b, bytes->p[0]);
			*bytes = span_after(*bytes, 1);
			continue;
		}
		if (b->state == HTTP_UNSIZED) {
			*bytes = span_after(*bytes, piece.n);
			return piece;
		}
		if (b->left < piece.n)
			piece.n = (size_t)b->left;
		b->left -= piece.n;
		*bytes = span_after(*bytes, piece.n);
		if (b->left == 0)
			b->state = b->state == HTTP_SIZED ? HTTP_DONE
							  : HTTP_CHUNK_DATA_CR;
		return piece;
	}
	return span_empty();
}
