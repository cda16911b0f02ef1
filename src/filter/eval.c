#include "filter/eval.h"

bool
test_compares(const struct test *t, const struct value *left,
    const struct value *right)
{
	switch (t->operator) {
	case TEST_EQ:
		return value_equal(left, right);
	case TEST_NE:
		return !value_equal(left, right);
	case TEST_GT:
		return value_compare(left, right) > 0;
	case TEST_LT:
		return value_compare(left, right) < 0;
	case TEST_GE:
		return value_compare(left, right) >= 0;
	default:
		return value_compare(left, right) <= 0;
	}
}

/* A test of one value of the left side against one of the right. */
static bool
pair_holds(const struct test *t, const struct value *left,
    const struct value *right)
{
	if (t->kind == TEST_CONTAINS)
		return value_contains(left, right);
	return test_compares(t, left, right);
}

static bool
pairs_hold(const struct test *t, const struct packet *p, uint64_t *budget)
{
	struct expr_run l = { .e = t->left, .p = p, .budget = budget };
	struct expr_run r = { .e = t->right, .p = p, .budget = budget };
	struct value left, right;
	bool any = false;

	if (!expr_first(&l, &left))
		return false;
	do {
		if (!expr_first(&r, &right))
			return false;
		do {
			bool holds = pair_holds(t, &left, &right);

			if (holds != t->all)
				return holds;
			any = true;
		} while (expr_next(&r, &right));
	} while (expr_next(&l, &left));
	return t->all && any;
}

static bool
set_holds(const struct test *t, const struct value *v,
    const struct packet *p, uint64_t *budget)
{
	if (set_has(t->set, v))
		return true;
	for (size_t i = 0; i < t->set->n_fields; i++) {
		struct expr_run r = { .e = t->set->fields[i], .p = p,
			.budget = budget };
		struct value one;

		if (!expr_first(&r, &one))
			continue;
		do {
			if (value_equal(v, &one))
				return true;
		} while (expr_next(&r, &one));
	}
	return false;
}

/* A test of one value of the left side alone. */
static bool
value_holds(const struct test *t, const struct value *v,
    const struct packet *p, uint64_t *budget)
{
	switch (t->kind) {
	case TEST_EXISTS:
		return true;
	case TEST_IS_SET:
		return value_is_set(v);
	case TEST_MATCHES:
		return regex_match(t->regex,
		    span_of(v->bytes.p, v->bytes.n + v->tail));
	default:
		return set_holds(t, v, p, budget);
	}
}

static bool
values_hold(const struct test *t, const struct packet *p, uint64_t *budget)
{
	struct expr_run l = { .e = t->left, .p = p, .budget = budget };
	struct value left;

	if (!expr_first(&l, &left))
		return false;
	do {
		bool holds = value_holds(t, &left, p, budget);

		if (holds != t->all)
			return holds;
	} while (expr_next(&l, &left));
	return t->all;
}

/* The constant or field that an expression is, or NULL. */
static const struct leaf *
single(const struct expr *e, enum leaf_kind kind)
{
	const struct leaf *leaf = expr_single(e);

	return leaf != NULL && leaf->kind == kind ? leaf : NULL;
}

/* Most tests: of one field, and where it is compared with a constant. */
static bool
field_holds(const struct test *t, const struct leaf *field,
    const struct value *constant, const struct packet *p, uint64_t *budget)
{
	size_t i = expr_leaf_next(field, p, 0, budget);
	bool any = false;

	for (; i != EVAL_NONE; i = expr_leaf_next(field, p, i + 1, budget)) {
		struct value v = value_of_field(&p->fields->values[i], p);
		bool holds = constant != NULL ?
		    pair_holds(t, &v, constant) :
		    value_holds(t, &v, p, budget);

		if (holds != t->all)
			return holds;
		any = true;
	}
	return t->all && any;
}

bool
test_holds(const struct filter *f, const struct test *t,
    const struct packet *p)
{
	uint64_t budget = *f->gave_up < EVAL_GIVEN_UP ? EVAL_BUDGET :
	    EVAL_BUDGET_SMALL;
	bool holds, pairs = t->kind == TEST_COMPARE ||
	    t->kind == TEST_CONTAINS;
	const struct leaf *field = single(t->left, LEAF_FIELD);
	const struct leaf *constant = !pairs ? NULL :
	    single(t->right, LEAF_LITERAL);

	if (field != NULL && pairs == (constant != NULL))
		holds = field_holds(t, field, pairs ? &constant->value : NULL,
		    p, &budget);
	else if (pairs)
		holds = pairs_hold(t, p, &budget);
	else
		holds = values_hold(t, p, &budget);
	if (budget > 0)
		return holds;
	(*f->gave_up)++;
	return false;
}
