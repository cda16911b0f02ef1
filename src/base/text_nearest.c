#include "base/text.h"

/* Longer words are not compared: nothing of ours is so long. */
#define WORD_MAX 63
#define FAR_AWAY 4

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, changes and swaps of neighbours; letters of either
 * case are alike.  FAR_AWAY stands for all that is farther. */
static unsigned
distance(struct span a, struct span b)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];

	if (a.n > b.n + 3 || b.n > a.n + 3 || b.n > WORD_MAX)
		return FAR_AWAY;
	for (unsigned j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *free_row = before;

		before = above;
		above = row;
		row = free_row;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			uint8_t x = lower(a.p[i - 1]), y = lower(b.p[j - 1]);

			row[j] = least(above[j - 1] + (x != y),
			    least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == lower(b.p[j - 2]) &&
			    y == lower(a.p[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return least(row[b.n], FAR_AWAY);
}

size_t
text_nearest(struct span word, const char *const *names, size_t n,
    const char **near, size_t max)
{
	/* Short words are near to everything: ask more of them. */
	unsigned limit = word.n < 3 ? 1 : word.n < 6 ? 2 : 3;
	size_t found = 0;

	for (unsigned wanted = 0; wanted <= limit; wanted++) {
		for (size_t i = 0; i < n && found < max; i++) {
			if (distance(word, span_text(names[i])) == wanted)
				near[found++] = names[i];
		}
	}
	return found;
}
