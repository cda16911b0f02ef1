#include <ctype.h>

#include "base/number.h"
#include "filter/eval.h"

#define NONE EVAL_NONE

/* The number of the layer that value `i` stands in, and how many there
 * are: what # asks. */
static bool
leaf_in_layer(const struct leaf *leaf, const struct field_list *l, size_t i)
{
	int64_t layer = 0, total = 0;

	for (size_t k = 0; k < l->n; k++) {
		if (l->values[k].field != leaf->layer_row)
			continue;
		total++;
		if (k <= i)
			layer++;
	}
	return ranges_have(leaf->layers, layer, total);
}

static bool
leaf_has_row(const struct leaf *leaf, const struct field *f)
{
	for (size_t i = 0; i < leaf->n_rows; i++) {
		if (leaf->rows[i] == f)
			return true;
	}
	return false;
}

/* False when the budget does not have so many steps: it is then 0. */
static bool
spend(uint64_t *budget, uint64_t steps)
{
	*budget -= steps < *budget ? steps : *budget;
	return *budget > 0;
}

/* The next value of a field from `i` on, or NONE. */
size_t
expr_leaf_next(const struct leaf *leaf, const struct packet *p, size_t i,
    uint64_t *budget)
{
	const struct field_list *l = p->fields;

	if (l == NULL)
		return NONE;
	for (size_t start = i; i < l->n; i++) {
		if (!leaf_has_row(leaf, l->values[i].field))
			continue;
		if (!spend(budget, i - start + 1))
			return NONE;
		start = i;
		if (leaf->layers == NULL || leaf_in_layer(leaf, l, i))
			return i;
		if (!spend(budget, l->n))
			return NONE;
	}
	return NONE;
}

static bool
leaf_count(const struct leaf *leaf, const struct packet *p,
    uint64_t *budget, struct value *value)
{
	uint64_t n = 0;

	for (size_t i = expr_leaf_next(leaf, p, 0, budget); i != NONE;
	    i = expr_leaf_next(leaf, p, i + 1, budget))
		n++;
	*value = value_of_number(n);
	return n > 0;
}

/* The largest or smallest of all values; every argument must have one. */
static bool
leaf_extreme(const struct leaf *leaf, const struct packet *p,
    uint64_t *budget, struct value *value)
{
	bool any = false;

	for (size_t i = 0; i < leaf->n_arguments; i++) {
		struct expr_run run = { .e = leaf->arguments[i], .p = p,
			.budget = budget };
		struct value one;

		if (!expr_first(&run, &one))
			return false;
		do {
			int order = any ? value_compare(&one, value) : 0;

			if (!any || (leaf->kind == LEAF_MAX ? order > 0 :
			    order < 0))
				*value = one;
			any = true;
		} while (expr_next(&run, &one));
	}
	return any;
}

static bool
fold(struct value *v, struct arena *arena, bool upper)
{
	uint8_t *text = arena_alloc(arena, v->bytes.n + 1, 1);

	if (text == NULL)
		return false;
	for (size_t i = 0; i < v->bytes.n; i++) {
		uint8_t c = v->bytes.p[i];

		if (upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z')
			c ^= 0x20;
		text[i] = c;
	}
	v->bytes = span_of(text, v->bytes.n);
	return true;
}

static bool
as_string(struct value *v, const struct field *f, struct arena *arena)
{
	char text[ADDR_TEXT];
	size_t n;

	if (v->class == VALUE_NUMBER && v->negative)
		n = number_int(text, (int64_t)v->number);
	else if (v->class == VALUE_NUMBER)
		n = number_uint(text, v->number);
	else if (v->class == VALUE_IPV4 && v->bytes.n == 4)
		n = addr_write_ipv4(text, v->bytes.p);
	else if (v->class == VALUE_IPV6 && v->bytes.n == 16)
		n = addr_write_ipv6(text, v->bytes.p);
	else if (f != NULL && f->type == FIELD_ETHER && v->bytes.n == 6)
		n = addr_write_mac(text, v->bytes.p);
	else
		return false;
	*v = value_of_bytes(VALUE_STRING,
	    arena_copy(arena, span_of(text, n)));
	return v->bytes.n == n;
}

/* Bytes of a value; of a number those of its type; as in Wireshark, what has
 * no bytes in a packet has none. */
static uint64_t
length_of(const struct value *v, const struct field *f)
{
	switch (v->class) {
	case VALUE_NUMBER:
		if (f == NULL || f->type == FIELD_FRAME)
			return 4;
		if (f->type == FIELD_BOOL)
			return 0;
		return f->bits > 32 ? 8 : (f->bits + 7u) / 8;
	case VALUE_REAL:
	case VALUE_TIME:
	case VALUE_DURATION:
		return 0;
	default:
		return v->bytes.n;
	}
}

static bool
op_apply(const struct op *op, struct value *v, struct arena *arena)
{
	switch (op->kind) {
	case OP_NEGATE:
		return value_negate(v);
	case OP_ABS:
		if (v->class == VALUE_REAL)
			return v->real >= 0 || value_negate(v);
		if (v->class == VALUE_DURATION)
			return (int64_t)v->number >= 0 || value_negate(v);
		return !v->negative || value_negate(v);
	case OP_SLICE:
		return ranges_slice(op->ranges, v, arena);
	case OP_UPPER:
	case OP_LOWER:
		return fold(v, arena, op->kind == OP_UPPER);
	case OP_LEN:
		*v = value_of_number(length_of(v, op->field));
		return true;
	default:
		return as_string(v, op->field, arena);
	}
}

static struct value
leaf_value(const struct expr_run *r, size_t i)
{
	const struct leaf *leaf = &r->e->leaves[i];

	if (leaf->kind == LEAF_LITERAL)
		return leaf->value;
	if (leaf->kind == LEAF_FIELD)
		/* Without fields expr_first() has seen that it has none.
		 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		return value_of_field(&r->p->fields->values[r->at[i]], r->p);
	return r->fixed[i];
}

static __attribute__((noinline)) bool
run_calculate(const struct expr_run *r, struct value *value)
{
	struct value stack[EXPR_LEAVES];
	size_t n = 0;

	for (size_t i = 0; i < r->e->n_ops; i++) {
		const struct op *op = &r->e->ops[i];

		if (n < op_takes(op))
			return false;
		if (op->kind == OP_LEAF) {
			stack[n++] = leaf_value(r, op->leaf);
		} else if (op->kind == OP_MATH) {
			n--;
			if (!value_apply(&stack[n - 1], op->operator,
			    &stack[n], r->p->arena))
				return false;
		} else if (!op_apply(op, &stack[n - 1], r->p->arena)) {
			return false;
		}
	}
	if (n == 0)
		return false; /* an expression has a leaf */
	*value = stack[0];
	return true;
}

/* The value of this combination; false when it has none. */
static bool
run_value(const struct expr_run *r, struct value *value)
{
	if (r->e->n_ops != 1)
		return run_calculate(r, value);
	*value = leaf_value(r, 0);
	return true;
}

/* The next combination; false after the last. */
static bool
run_advance(struct expr_run *r)
{
	for (size_t i = r->e->n_leaves; i > 0; i--) {
		const struct leaf *leaf = &r->e->leaves[i - 1];
		size_t *at = &r->at[i - 1];

		if (leaf->kind != LEAF_FIELD)
			continue;
		*at = expr_leaf_next(leaf, r->p, *at + 1, r->budget);
		if (*at != NONE)
			return true;
		*at = expr_leaf_next(leaf, r->p, 0, r->budget);
		if (*at == NONE)
			return false;
	}
	return false;
}

bool
expr_next(struct expr_run *r, struct value *value)
{
	while (run_advance(r)) {
		if (!spend(r->budget, 1))
			return false;
		if (run_value(r, value))
			return true;
	}
	return false;
}

bool
expr_first(struct expr_run *r, struct value *value)
{
	for (size_t i = 0; i < r->e->n_leaves; i++) {
		const struct leaf *leaf = &r->e->leaves[i];

		switch (leaf->kind) {
		case LEAF_LITERAL:
			break;
		case LEAF_FIELD:
			r->at[i] = expr_leaf_next(leaf, r->p, 0, r->budget);
			if (r->at[i] == NONE)
				return false;
			break;
		case LEAF_COUNT:
			if (!leaf_count(leaf, r->p, r->budget,
			    &r->fixed[i]))
				return false;
			break;
		default:
			if (!leaf_extreme(leaf, r->p, r->budget, &r->fixed[i]))
				return false;
			break;
		}
	}
	return run_value(r, value) || expr_next(r, value);
}

bool
expr_constant(const struct expr *e, struct arena *arena, struct value *value)
{
	const struct packet nothing = { .arena = arena };
	uint64_t budget = EVAL_BUDGET;
	struct expr_run run = { .e = e, .p = &nothing, .budget = &budget };

	return expr_first(&run, value);
}
