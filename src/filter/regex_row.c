#include "filter/regex_machine.h"

/*
 * Bytes that stand in a row in every text that matches: where there are none,
 * which is seen at once, the automaton need not be asked.
 */
#define IN_ROW SPAN_IN_ROW
#define MANY 96 /* bytes; so many are no hint */
#define COMMON ((uint64_t)1 << (8 * IN_ROW - 6)) /* once in 64 bytes */
#define DEPTH (4 * (REGEX_DEPTH + 2)) /* as of regex_program.c */

/* A byte as it is with either case of letters, or not at all. */
static bool
has_folded(const struct regex_set *set, unsigned byte, unsigned fold)
{
	return (byte & fold) == fold && (regex_set_has(set, (uint8_t)byte) ||
	    regex_set_has(set, (uint8_t)(byte - fold)));
}

/* Those between two that are no farther from each other than `gap` may be
 * among them.  How many ranges that makes, or more than there is room for. */
static size_t
ranges_make(const struct regex_set *set, unsigned fold, unsigned gap,
    struct span_ranges *ranges, unsigned *many)
{
	unsigned last = 0, first = 0;
	size_t n = 0;

	*many = 0;
	for (unsigned byte = 0; byte < 256; byte++) {
		if (!has_folded(set, byte, fold))
			continue;
		if (n == 0 || byte - last > gap) {
			if (n++ == SPAN_RANGES)
				break;
			first = last = byte;
			++*many;
		}
		*many += byte - last;
		last = byte;
		/* One is the other, too, where there is no other. */
		for (size_t i = n - 1; i < SPAN_RANGES; i++) {
			memset(ranges->at[i].low, (int)first, 16);
			memset(ranges->at[i].beyond, (int)(last - first), 16);
		}
	}
	return n;
}

bool
regex_row_add(struct span_row *row, const struct regex_set *set)
{
	struct span_ranges ranges = { 0 };
	unsigned fold = 0, gap = 1, many;
	size_t n;

	for (unsigned byte = 'A'; byte <= 'Z'; byte++)
		if (regex_set_has(set, (uint8_t)byte) &&
		    regex_set_has(set, (uint8_t)(byte | 0x20)))
			fold = 0x20;
	memset(ranges.fold, (int)fold, sizeof(ranges.fold));
	while ((n = ranges_make(set, fold, gap, &ranges, &many)) > SPAN_RANGES)
		gap *= 2;
	if (many > MANY)
		return false;
	row->several |= n > 1;
	row->at[row->n++] = ranges;
	return true;
}

/* Bytes in a row, the last ones that were met. */
struct row {
	struct regex_set sets[IN_ROW];
	size_t n;
};

struct rows_seen {
	const struct regex_tree *t;
	struct row best, now;
	uint64_t common; /* of `best`: in so many of 256 ^ IN_ROW places */
};

static uint64_t
row_common(const struct row *row)
{
	uint64_t common = 1;

	for (size_t i = 0; i < IN_ROW; i++) {
		unsigned n = 0;

		for (unsigned byte = 0; byte < 256; byte++)
			n += i >= row->n || regex_set_has(&row->sets[i],
			    (uint8_t)byte);
		common *= n;
	}
	return common;
}

static void
row_met(struct rows_seen *r, const struct row *row)
{
	uint64_t common = row_common(row);

	if (common < r->common) {
		r->best = *row;
		r->common = common;
	}
}

static void
row_add(struct rows_seen *r, const struct regex_set *set)
{
	struct row *now = &r->now;

	if (now->n == IN_ROW)
		memmove(now->sets, now->sets + 1,
		    --now->n * sizeof(now->sets[0]));
	now->sets[now->n++] = *set;
	row_met(r, now);
}

static void
row_join(struct row *all, const struct row *one)
{
	if (one->n < all->n)
		all->n = one->n;
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < LENGTH(one->sets[i].bits); k++)
			all->sets[i].bits[k] |= one->sets[i].bits[k];
}

static void rows_see(struct rows_seen *r, uint32_t node, unsigned depth);

/* One of them is there. */
static void
rows_alternatives(struct rows_seen *r, uint32_t child, unsigned depth)
{
	struct row all = { .n = IN_ROW };

	for (; child != 0; child = r->t->nodes[child].next) {
		struct rows_seen one = { .t = r->t, .common = UINT64_MAX };

		rows_see(&one, child, depth);
		row_join(&all, &one.best);
	}
	row_met(r, &all);
	r->now.n = 0;
}

/* What was before is before the first, what comes behind the last.  No more
 * copies than the program has. */
static void
rows_repeat(struct rows_seen *r, const struct regex_node *node, unsigned depth)
{
	const struct regex_node *one = &r->t->nodes[node->first];

	for (unsigned i = 0; i < node->min && i < IN_ROW; i++)
		rows_see(r, node->first, depth);
	if (node->min == node->max && node->min <= IN_ROW)
		return;
	r->now.n = 0;
	if (one->kind == NODE_SET)
		for (unsigned i = 0; i < node->min && i < IN_ROW; i++)
			row_add(r, &r->t->sets[one->set]);
}

static void
rows_see(struct rows_seen *r, uint32_t node, unsigned depth)
{
	const struct regex_node *n = &r->t->nodes[node];

	if (depth == 0) {
		r->now.n = 0;
		return;
	}
	switch (n->kind) {
	case NODE_SET:
		row_add(r, &r->t->sets[n->set]);
		break;
	case NODE_CAT:
		for (uint32_t c = n->first; c != 0; c = r->t->nodes[c].next)
			rows_see(r, c, depth - 1);
		break;
	case NODE_ALT:
		rows_alternatives(r, n->first, depth - 1);
		break;
	case NODE_REPEAT:
		rows_repeat(r, n, depth - 1);
		break;
	default:
		break;
	}
}

void
regex_row_make(struct regex *re, const struct regex_tree *t)
{
	struct rows_seen seen = { .t = t, .common = COMMON };

	span_row_init(&re->row);
	/* What has its place is not looked for. */
	if ((re->program.assertions & 1U << REGEX_TEXT_START) != 0)
		return;
	rows_see(&seen, t->root, DEPTH);
	for (size_t i = 0; i < seen.best.n; i++)
		if (!regex_row_add(&re->row, &seen.best.sets[i]) &&
		    re->row.n > 0)
			break;
}
