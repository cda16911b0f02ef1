#ifndef FILTER_EVAL_H
#define FILTER_EVAL_H

#include "filter/program.h"

/*
 * The values of an expression in a packet, one after the other: every
 * combination of the values that its fields have.  Nothing is stored but
 * where each field stands.
 */
struct expr_run {
	const struct expr *e;
	const struct packet *p; /* bytes that are made live in its arena */
	size_t at[EXPR_LEAVES]; /* of FIELD leaves: in p->fields */
	struct value fixed[EXPR_LEAVES]; /* of COUNT, MAX and MIN */
	uint64_t *budget;       /* steps left; 0 ends it */
};

/* No value any more. */
#define EVAL_NONE SIZE_MAX

#define EVAL_BUDGET 1000000 /* steps of one test on one packet */
/* After so many tests were given up a capture is hostile: then fewer. */
#define EVAL_GIVEN_UP 50
#define EVAL_BUDGET_SMALL 20000

/* False when there is no value (any more). */
bool expr_first(struct expr_run *r, struct value *value);
bool expr_next(struct expr_run *r, struct value *value);
/* Where in p->fields, from `i` on, the next value of a field stands. */
size_t expr_leaf_next(const struct leaf *leaf, const struct packet *p,
    size_t i, uint64_t *budget);
/* The value of an expression without fields, which lives in `arena`; false: it
 * has none. */
bool expr_constant(const struct expr *e, struct arena *arena,
    struct value *value);

/* Whether test `t` holds for a packet with its fields. */
bool test_holds(const struct filter *f, const struct test *t,
    const struct packet *p);
/* Whether a value on the left side of a comparison satisfies it with one on the
 * right; for test_value_holds(), too. */
bool test_compares(const struct test *t, const struct value *left,
    const struct value *right);
bool set_has(const struct set *s, const struct value *v);
/* Sorts the constants of a set and joins what overlaps. */
bool set_sort(struct set *s, struct arena *arena);

/* quick_glance.c: whether a comparison with a constant, or with a set of them,
 * holds for a value. */
bool test_value_holds(const struct test *t, const struct value *v);
/* The same of a number by t->quick_ranges, of which there are some. */
static inline bool
test_in_ranges(const struct test *t, uint64_t number)
{
	bool in = number - t->quick_ranges[0].low <= t->quick_ranges[0].span;

	for (size_t i = 1; i < t->n_quick_ranges; i++)
		in |= number - t->quick_ranges[i].low <=
		    t->quick_ranges[i].span;
	return in != t->quick_outside;
}

/* quick_glance.c: a test of one of some plain packets that has the layers and
 * is not told by ranges of a number at its place. */
enum filter_answer test_glance(const struct filter *f,
    const struct test *t, const struct filter_seen *seen, size_t i);
/* quick_many.c: where its headers begin, and the number at a place. */
size_t glance_base(enum quick_base base, unsigned kind);
uint64_t glance_number(const struct test *t, const struct record *r,
    unsigned kind, const uint8_t *p);

/* range.c: the bytes of the ranges; false when one lies outside. */
bool ranges_slice(const struct ranges *r, struct value *v,
    struct arena *arena);
/* Whether layer `layer` of `total`, counted from 1, is among them. */
bool ranges_have(const struct ranges *r, int64_t layer, int64_t total);

#endif
