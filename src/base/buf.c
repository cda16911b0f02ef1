#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

#define BUF_FIRST ((size_t)256)

void
buf_init(struct buf *b, size_t limit)
{
	*b = (struct buf){ .limit = limit };
}

void
buf_free(struct buf *b)
{
	free(b->p);
	buf_init(b, b->limit);
}

/* One byte more than `size` is kept, for the NUL of vsnprintf(). */
static bool
grow(struct buf *b, size_t wanted)
{
	size_t size = b->size < BUF_FIRST ? BUF_FIRST : b->size;
	uint8_t *p;

	while (size < wanted && size <= SIZE_MAX / 2)
		size *= 2;
	if (size < wanted)
		size = wanted;
	if (size > b->limit)
		size = b->limit;
	if (size == SIZE_MAX)
		return false;
	p = realloc(b->p, size + 1);
	if (p == NULL)
		return false;
	b->p = p;
	b->size = size;
	return true;
}

uint8_t *
buf_room(struct buf *b, size_t n)
{
	if (b->full)
		return NULL;
	if (n <= b->size - b->n && b->p != NULL)
		return b->p + b->n;
	if (n > b->limit - b->n || !grow(b, b->n + n)) {
		b->full = true;
		return NULL;
	}
	return b->p + b->n;
}

void
buf_byte(struct buf *b, uint8_t byte)
{
	uint8_t *p = buf_room(b, 1);

	if (p == NULL)
		return;
	*p = byte;
	b->n++;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	uint8_t *p = buf_room(b, n);

	if (p == NULL)
		return;
	bytes_copy(p, bytes, n);
	b->n += n;
}

void
buf_span(struct buf *b, struct span s)
{
	buf_add(b, s.p, s.n);
}

void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

/* Formats into the room there is; when that was too little, once more into
 * the room it asked for. */
__attribute__((cold)) void
buf_vprintf(struct buf *b, const char *format, va_list arguments)
{
	uint8_t *p = buf_room(b, 0);

	for (int tries = 0; p != NULL && tries < 2; tries++) {
		size_t room = b->size - b->n;
		va_list again;
		int n;

		va_copy(again, arguments);
		n = vsnprintf((char *)p, room + 1, format, again);
		va_end(again);
		if (n < 0) {
			b->full = true;
			return;
		}
		if ((size_t)n <= room) {
			b->n += (size_t)n;
			return;
		}
		p = buf_room(b, (size_t)n);
	}
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	buf_vprintf(b, format, arguments);
	va_end(arguments);
}

void
buf_cut(struct buf *b, size_t n)
{
	if (n < b->n)
		b->n = n;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n > b->n)
		n = b->n;
	if (n == 0)
		return;
	b->n -= n;
	memmove(b->p, b->p + n, b->n);
}

/* Where the compiler does not inline, one copy serves all files. */
extern inline struct span buf_bytes(const struct buf *b);
