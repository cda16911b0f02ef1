#ifndef TEST_BASE_INFLATE_UNPACK_H
#define TEST_BASE_INFLATE_UNPACK_H

#include "base/buf.h"
#include "base/inflate.h"

/* What unpack() gave. */
static struct buf out;

static inline uint32_t
next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

/*
 * All of `packed` in portions of `in` bytes, into room for `room` at a time;
 * the status after a last word that nothing follows.
 */
static inline enum inflate_status
unpack(struct span packed, size_t in, size_t room)
{
	struct inflate *z = inflate_new();
	struct span portion = span_first(packed, in);
	enum inflate_status status;
	unsigned empty = 0;
	size_t n;

	buf_cut(&out, 0);
	packed = span_after(packed, portion.n);
	for (;;) {
		uint8_t *p = buf_room(&out, room);

		status = inflate_read(z, &portion, p, room, &n);
		out.n += n;
		if (status == INFLATE_MORE_ROOM && n > 0)
			continue;
		if (status != INFLATE_MORE_INPUT || portion.n > 0)
			break;
		if (packed.n == 0 && ++empty > 2)
			break;
		portion = span_first(packed, in);
		packed = span_after(packed, portion.n);
	}
	inflate_free(z);
	return status;
}

static inline enum inflate_status
unpack_all(struct span packed)
{
	return unpack(packed, SIZE_MAX, 1 << 16);
}

#endif
