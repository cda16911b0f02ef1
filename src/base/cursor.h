#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/span.h"

/*
 * A reader over untrusted bytes.  The first short read marks it bad and
 * leaves nothing to read, so every later getter yields zero and every loop
 * over cur_left() ends by itself.  Decode straight down, ask cur_ok() once.
 *
 * `end` bounds the captured bytes; `claimed` is how many bytes the layer
 * below said there are.  A read past `end` but within `claimed` also sets
 * `cut`: the packet was cut by the snapshot length, it is not malformed.
 *
 * cur_take(), cur_seek() and cur_fail() are all that move `pos`.
 */
struct cursor {
	const uint8_t *base; /* byte 0 of the message, never NULL */
	size_t pos;          /* pos <= end, always */
	size_t end;
	size_t claimed; /* >= end */
	bool bad;
	bool cut;
};

inline struct cursor
cur_open(struct span s)
{
	return (struct cursor){ s.p, 0, s.n, s.n, false, false };
}

/* Over captured bytes of a message that claims to have `claimed` bytes. */
inline struct cursor
cur_open_cut(struct span s, size_t claimed)
{
	return (struct cursor){ s.p, 0, s.n, claimed < s.n ? s.n : claimed,
		false, false };
}

inline bool
cur_ok(const struct cursor *c)
{
	return !c->bad;
}

inline size_t
cur_left(const struct cursor *c)
{
	return c->end - c->pos;
}

/* Bytes that the message claims beyond `pos`, captured or not. */
inline size_t
cur_claimed_left(const struct cursor *c)
{
	return c->claimed - c->pos;
}

inline void
cur_fail(struct cursor *c)
{
	c->bad = true;
	c->pos = c->end;
}

inline struct span
cur_take(struct cursor *c, size_t n)
{
	struct span s = { c->base + c->pos, n };

	if (n > c->end - c->pos) {
		if (!c->bad && n <= c->claimed - c->pos)
			c->cut = true;
		cur_fail(c);
		return (struct span){ c->base, 0 };
	}
	c->pos += n;
	return s;
}

/* Jump to `pos`, counted from byte 0 of the message. */
inline void
cur_seek(struct cursor *c, size_t pos)
{
	if (c->bad)
		return;
	if (pos > c->end) {
		if (pos <= c->claimed)
			c->cut = true;
		cur_fail(c);
		return;
	}
	c->pos = pos;
}

inline void
cur_skip(struct cursor *c, size_t n)
{
	(void)cur_take(c, n);
}

inline struct span
cur_rest(struct cursor *c)
{
	return cur_take(c, cur_left(c));
}

inline uint8_t
cur_u8(struct cursor *c)
{
	struct span s = cur_take(c, 1);

	if (s.n == 0)
		return 0;
	return s.p[0];
}

inline uint16_t
cur_be16(struct cursor *c)
{
	struct span s = cur_take(c, 2);

	if (s.n == 0)
		return 0;
	return (uint16_t)(s.p[0] << 8 | s.p[1]);
}

inline uint32_t
cur_be24(struct cursor *c)
{
	struct span s = cur_take(c, 3);

	if (s.n == 0)
		return 0;
	return (uint32_t)s.p[0] << 16 | (uint32_t)s.p[1] << 8 | s.p[2];
}

inline uint32_t
cur_be32(struct cursor *c)
{
	struct span s = cur_take(c, 4);

	if (s.n == 0)
		return 0;
	return (uint32_t)s.p[0] << 24 | (uint32_t)s.p[1] << 16 |
	    (uint32_t)s.p[2] << 8 | s.p[3];
}

inline uint64_t
cur_be64(struct cursor *c)
{
	uint64_t high = cur_be32(c);

	return high << 32 | cur_be32(c);
}

inline uint16_t
cur_le16(struct cursor *c)
{
	struct span s = cur_take(c, 2);

	if (s.n == 0)
		return 0;
	return (uint16_t)(s.p[1] << 8 | s.p[0]);
}

inline uint32_t
cur_le32(struct cursor *c)
{
	struct span s = cur_take(c, 4);

	if (s.n == 0)
		return 0;
	return (uint32_t)s.p[3] << 24 | (uint32_t)s.p[2] << 16 |
	    (uint32_t)s.p[1] << 8 | s.p[0];
}

inline uint64_t
cur_le64(struct cursor *c)
{
	uint64_t low = cur_le32(c);

	return (uint64_t)cur_le32(c) << 32 | low;
}

/*
 * A cursor over the next `n` bytes; the parent moves past them, whatever
 * the child does.  Where the parent was cut inside them, the child has what
 * was captured and claims `n`; the parent then fails as "cut".
 */
inline struct cursor
cur_sub(struct cursor *c, size_t n)
{
	size_t have = cur_left(c) < n ? cur_left(c) : n;
	struct cursor sub = { c->base + c->pos, 0, have, n, c->bad, c->cut };

	if (c->bad || n > cur_claimed_left(c)) {
		sub.end = sub.claimed = 0;
		sub.bad = true;
	}
	(void)cur_take(c, n);
	return sub;
}

/*
 * The line up to CRLF or LF, without it; the cursor moves behind it.  At the
 * end of the bytes without LF: all that is left.  Never fails on a good
 * cursor that has bytes left.
 */
struct span cur_line(struct cursor *c);

#endif
