#include "base/cursor.h"

struct span
cur_line(struct cursor *c)
{
	struct span rest = span_of(c->base + c->pos, cur_left(c));
	size_t n = span_find_byte(rest, '\n');
	struct span line;

	if (n == rest.n)
		return cur_take(c, n);
	line = cur_take(c, n);
	cur_skip(c, 1);
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* Where the compiler does not inline, one copy serves all files. */
extern inline struct cursor cur_open(struct span s);
extern inline struct cursor cur_open_cut(struct span s, size_t claimed);
extern inline bool cur_ok(const struct cursor *c);
extern inline size_t cur_left(const struct cursor *c);
extern inline size_t cur_claimed_left(const struct cursor *c);
extern inline void cur_fail(struct cursor *c);
extern inline struct span cur_take(struct cursor *c, size_t n);
extern inline void cur_seek(struct cursor *c, size_t pos);
extern inline void cur_skip(struct cursor *c, size_t n);
extern inline struct span cur_rest(struct cursor *c);
extern inline uint8_t cur_u8(struct cursor *c);
extern inline uint16_t cur_be16(struct cursor *c);
extern inline uint32_t cur_be24(struct cursor *c);
extern inline uint32_t cur_be32(struct cursor *c);
extern inline uint64_t cur_be64(struct cursor *c);
extern inline uint16_t cur_le16(struct cursor *c);
extern inline uint32_t cur_le32(struct cursor *c);
extern inline uint64_t cur_le64(struct cursor *c);
extern inline struct cursor cur_sub(struct cursor *c, size_t n);
