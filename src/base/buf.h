#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/span.h"

/*
 * Growing bytes with a limit fixed at birth.  Past the limit, or when memory
 * is refused, nothing more is added and `full` is set and stays: ask once.
 */
struct buf {
	uint8_t *p;
	size_t n, size, limit;
	bool full;
};

void buf_init(struct buf *b, size_t limit);
void buf_free(struct buf *b);
/* Room for `n` more bytes at b->p + b->n, or NULL (and full). */
uint8_t *buf_room(struct buf *b, size_t n);
void buf_byte(struct buf *b, uint8_t byte);
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_span(struct buf *b, struct span s);
void buf_text(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* Shortens to `n` bytes; does not clear `full`. */
void buf_cut(struct buf *b, size_t n);
/* Drops the first `n` bytes. */
void buf_drop(struct buf *b, size_t n);

inline struct span
buf_bytes(const struct buf *b)
{
	if (b->n == 0)
		return span_empty();
	return span_of(b->p, b->n);
}

#endif
