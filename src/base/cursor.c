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
