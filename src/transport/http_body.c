#include "base/digits.h"
#include "transport/http_head.h"

#define LINE_MAX_BYTES 256 /* of a chunk's first line, extension included */
#define SIZE_DIGITS 8

enum state {
	SIZE = 0,    /* hex digits */
	EXTENSION,   /* after ';', to CR */
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER_CR,  /* after the last chunk: the empty line, no trailers */
	TRAILER_LF,
};

static enum http_body_result
size_take(struct http_body *b, uint8_t byte)
{
	unsigned digit = digits_hex_value(byte);

	if (digit < 16 && b->line < SIZE_DIGITS) {
		b->left = b->left << 4 | digit;
		b->line++;
		return HTTP_BODY_MORE;
	}
	if (b->line == 0 || (byte != '\r' && byte != ';'))
		return HTTP_BODY_BAD;
	b->state = byte == ';' ? EXTENSION : SIZE_LF;
	return HTTP_BODY_MORE;
}

static enum http_body_result
extension_take(struct http_body *b, uint8_t byte)
{
	if (byte == '\r') {
		b->state = SIZE_LF;
		return HTTP_BODY_MORE;
	}
	if (++b->line > LINE_MAX_BYTES || (byte < 0x20 && byte != '\t') ||
	    byte == 0x7f)
		return HTTP_BODY_BAD;
	return HTTP_BODY_MORE;
}

static enum http_body_result
expect_take(struct http_body *b, uint8_t byte, uint8_t wanted, unsigned next)
{
	if (byte != wanted)
		return HTTP_BODY_BAD;
	b->state = next;
	b->line = 0;
	return HTTP_BODY_MORE;
}

/* One byte that is not data. */
static enum http_body_result
frame_take(struct http_body *b, uint8_t byte)
{
	switch (b->state) {
	case SIZE:
		return size_take(b, byte);
	case EXTENSION:
		return extension_take(b, byte);
	case SIZE_LF:
		return expect_take(b, byte, '\n',
		    b->left > 0 ? DATA : TRAILER_CR);
	case DATA_CR:
		return expect_take(b, byte, '\r', DATA_LF);
	case DATA_LF:
		return expect_take(b, byte, '\n', SIZE);
	case TRAILER_CR:
		return expect_take(b, byte, '\r', TRAILER_LF);
	default:
		return byte == '\n' ? HTTP_BODY_DONE : HTTP_BODY_BAD;
	}
}

static enum http_body_result
data_take(struct http_body *b, struct span *in, struct buf *out)
{
	size_t n = b->left < in->n ? (size_t)b->left : in->n;

	if (b->left > b->max - out->n)
		return HTTP_BODY_TOO_LARGE;
	buf_span(out, span_first(*in, n));
	if (out->full)
		return HTTP_BODY_TOO_LARGE;
	*in = span_after(*in, n);
	b->left -= n;
	if (b->left > 0)
		return HTTP_BODY_MORE;
	b->state = DATA_CR;
	return b->chunked ? HTTP_BODY_MORE : HTTP_BODY_DONE;
}

void
http_body_init(struct http_body *b, const struct http_head *h, size_t max)
{
	*b = (struct http_body){ .chunked = h->chunked, .left = h->length,
		.state = h->chunked ? SIZE : DATA, .max = max };
}

enum http_body_result
http_body_take(struct http_body *b, struct span *in, struct buf *out)
{
	enum http_body_result result = HTTP_BODY_MORE;

	if (!b->chunked && b->left == 0)
		return HTTP_BODY_DONE;
	while (in->n > 0 && result == HTTP_BODY_MORE) {
		if (b->state == DATA) {
			result = data_take(b, in, out);
			continue;
		}
		result = frame_take(b, in->p[0]);
		*in = span_after(*in, 1);
	}
	return result;
}
