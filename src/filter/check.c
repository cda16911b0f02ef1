#include "filter/parser.h"

#include "filter/literal.h"
#include "filter/names.h"

/* What an expression is, as far as its fields say. */
struct kind {
	enum value_class class;    /* VALUE_NONE: literals alone */
	const struct field *field; /* the first that gave the class */
	const char *name;          /* of it, as it was written */
	bool whole;                /* that field itself and nothing else */
	bool marks;                /* a field without values */
};

const struct leaf *
expr_single(const struct expr *e)
{
	return e->n_ops == 1 ? &e->leaves[0] : NULL;
}

static const char *
kind_name(const struct kind *k)
{
	return k->field != NULL ? k->name : "this";
}

static bool
kind_differs(struct parser *p, size_t offset, const struct kind *a,
    const struct kind *b)
{
	return literal_fail(p->error, offset, "%s is %s, %s is %s: they "
	    "cannot be compared or combined%s", kind_name(a),
	    value_class_name(a->class), kind_name(b),
	    value_class_name(b->class), b->field != NULL &&
	    b->field->type == FIELD_PROTOCOL ?
	    "; write the name of a value in double quotes" : "");
}

static bool kind_of(struct parser *p, const struct expr *e, struct kind *k);

/* The common class of two sides, into *a. */
static bool
kind_join(struct parser *p, size_t offset, struct kind *a,
    const struct kind *b)
{
	if (a->class == VALUE_NONE && !a->marks)
		*a = *b;
	else if (b->class != VALUE_NONE && a->class != b->class)
		return kind_differs(p, offset, a, b);
	return true;
}

/* A row has a name, and may have another that several rows share. */
static const char *
name_written(const struct leaf *leaf)
{
	const struct field *f = leaf->rows[0];

	return span_is(leaf->token.text, f->name) ? f->name : f->also;
}

static bool
kind_of_leaf(struct parser *p, const struct leaf *leaf, struct kind *k)
{
	*k = (struct kind){ .class = VALUE_NONE };
	switch (leaf->kind) {
	case LEAF_LITERAL:
		return true;
	case LEAF_FIELD:
		k->field = leaf->rows[0];
		k->name = name_written(leaf);
		k->class = value_class_of(k->field->type);
		k->marks = k->class == VALUE_NONE;
		k->whole = true;
		return true;
	case LEAF_COUNT:
		k->class = VALUE_NUMBER;
		return true;
	default:
		break;
	}
	for (size_t i = 0; i < leaf->n_arguments; i++) {
		struct kind one;

		if (!kind_of(p, leaf->arguments[i], &one) ||
		    !kind_join(p, leaf->arguments[i]->offset, k, &one))
			return false;
	}
	if (k->class == VALUE_NONE)
		return literal_fail(p->error, leaf->token.offset,
		    "max() and min() need at least one field with a value");
	k->whole = false;
	return true;
}

static const char *
class_name(enum value_class class, const struct field *f)
{
	return f != NULL && f->type == FIELD_BOOL ? "True or False" :
	    value_class_name(class);
}

static bool
refuse(struct parser *p, const struct op *op, const struct kind *k,
    const char *what)
{
	return literal_fail(p->error, op->offset, "%s is %s; %s",
	    kind_name(k), class_name(k->class, k->field), what);
}

static bool
kind_of_string(struct parser *p, struct op *op, struct kind *k)
{
	bool known = k->class == VALUE_NUMBER || k->class == VALUE_IPV4 ||
	    k->class == VALUE_IPV6 ||
	    (k->field != NULL && k->field->type == FIELD_ETHER);

	if (!known || (k->field != NULL && k->field->type == FIELD_BOOL))
		return refuse(p, op, k, "string() takes numbers and "
		    "addresses");
	op->field = k->field;
	k->class = VALUE_STRING;
	return true;
}

static bool
kind_of_slice(struct parser *p, const struct op *op, struct kind *k)
{
	if (k->class != VALUE_STRING && k->class != VALUE_BYTES &&
	    k->class != VALUE_IPV4 && k->class != VALUE_IPV6)
		return refuse(p, op, k, "only strings, bytes, addresses and "
		    "protocols can be sliced");
	k->class = VALUE_BYTES;
	return true;
}

static bool
has_sign(enum value_class class, const struct field *f)
{
	return value_can(class, VALUE_SUBTRACT) &&
	    (f == NULL || f->type != FIELD_BOOL);
}

/* Of what stands before a step that takes one value. */
static bool
kind_of_unary(struct parser *p, struct op *op, struct kind *k)
{
	k->whole = false;
	if (op->kind == OP_NEGATE && k->class == VALUE_NONE && !k->marks)
		return true;
	if (k->class == VALUE_NONE && !k->marks)
		return literal_fail(p->error, op->offset,
		    "a function or slice needs a field");
	switch (op->kind) {
	case OP_NEGATE:
		if (has_sign(k->class, k->field))
			return true;
		return refuse(p, op, k, "it has no sign");
	case OP_ABS:
		if (value_can(k->class, VALUE_SUBTRACT))
			return true;
		return refuse(p, op, k, "it has no sign");
	case OP_UPPER:
	case OP_LOWER:
		if (k->class == VALUE_STRING)
			return true;
		return refuse(p, op, k, "upper() and lower() take strings");
	case OP_LEN:
		op->field = k->field;
		if (k->marks)
			return refuse(p, op, k, "it has no length");
		k->class = VALUE_NUMBER;
		k->field = NULL;
		return true;
	case OP_STRING:
		return kind_of_string(p, op, k);
	default:
		return kind_of_slice(p, op, k);
	}
}

static bool
kind_of_math(struct parser *p, const struct op *op, struct kind *a,
    const struct kind *b)
{
	static const char *const names[] = { "added", "subtracted",
		"multiplied", "divided", "divided", "masked with &" };

	bool layer = a->whole && a->field->type == FIELD_PROTOCOL;

	if (!kind_join(p, op->offset, a, b))
		return false;
	a->whole = false;
	if (a->class == VALUE_NONE && !a->marks)
		return true;
	if (!value_can(a->class, op->operator) || layer ||
	    (a->field != NULL && a->field->type == FIELD_BOOL))
		return literal_fail(p->error, op->offset,
		    "%s is %s and cannot be %s", kind_name(a),
		    class_name(a->class, a->field), names[op->operator]);
	return true;
}

static bool
kind_of(struct parser *p, const struct expr *e, struct kind *k)
{
	struct kind stack[EXPR_OPS];
	size_t n = 0;

	for (size_t i = 0; i < e->n_ops; i++) {
		struct op *op = &e->ops[i];

		if (n < op_takes(op))
			return false; /* parse.c makes no such expression */
		if (op->kind == OP_LEAF) {
			if (!kind_of_leaf(p, &e->leaves[op->leaf], &stack[n++]))
				return false;
		} else if (op->kind == OP_MATH) {
			n--;
			if (!kind_of_math(p, op, &stack[n - 1], &stack[n]))
				return false;
		} else if (!kind_of_unary(p, op, &stack[n - 1])) {
			return false;
		}
	}
	if (n == 0)
		return false; /* an expression has a leaf */
	*k = stack[0];
	return true;
}

/* A word that could have been meant as a field's name. */
static bool
looks_like_name(struct span s)
{
	uint8_t first = s.n > 0 ? s.p[0] | 0x20 : 0;

	/* Wireshark's own begin with _ws. */
	return ((first >= 'a' && first <= 'z') || first == ('_' | 0x20)) &&
	    span_find_byte(s, ':') == s.n;
}

/* It is such a word and nothing else. */
static bool
may_be_name(const struct expr *e)
{
	const struct leaf *leaf = expr_single(e);

	return leaf != NULL && leaf->token.kind == TOKEN_WORD &&
	    looks_like_name(leaf->token.text);
}

static bool
unknown_name(struct parser *p, const struct token *t)
{
	struct buf text;

	buf_init(&text, sizeof(p->error->text) - 1);
	names_unknown(&text, t->text);
	if (text.n > 0)
		literal_fail(p->error, t->offset, "%.*s", (int)text.n,
		    (const char *)text.p);
	else
		parser_no_memory(p);
	buf_free(&text);
	return false;
}

/* What a literal is shows only now: whether a minus may stand before it. */
static bool
signs_fit(struct parser *p, const struct expr *e,
    const struct literal_want *want)
{
	for (size_t i = 1; i < e->n_ops; i++) {
		const struct op *op = &e->ops[i], *of = &e->ops[i - 1];

		if (op->kind == OP_NEGATE && of->kind == OP_LEAF &&
		    e->leaves[of->leaf].kind == LEAF_LITERAL &&
		    !has_sign(want->class, want->field))
			return literal_fail(p->error, op->offset, "what "
			    "stands behind - is %s and has no sign",
			    class_name(want->class, want->field));
	}
	return true;
}

static struct literal_want
want_of(const struct kind *k)
{
	return (struct literal_want){ .class = k->class, .field = k->field,
		.name = kind_name(k) };
}

/* Gives the literals of an expression their values. */
static bool
convert(struct parser *p, struct expr *e, const struct literal_want *want)
{
	for (size_t i = 0; i < e->n_leaves; i++) {
		struct leaf *leaf = &e->leaves[i];

		for (size_t a = 0; a < leaf->n_arguments; a++)
			if (!convert(p, leaf->arguments[a], want))
				return false;
		if (leaf->kind != LEAF_LITERAL)
			continue;
		if (!literal_read(&leaf->token, want, &p->f->arena,
		    &leaf->value, p->error)) {
			if (leaf->token.kind == TOKEN_WORD &&
			    looks_like_name(leaf->token.text) &&
			    span_find_byte(leaf->token.text, '.') <
			    leaf->token.text.n)
				return unknown_name(p, &leaf->token);
			return false;
		}
	}
	return signs_fit(p, e, want);
}

/* Converts the literals of both sides of a test, whose kinds are known. */
static bool
convert_sides(struct parser *p, struct expr *left, const struct kind *l,
    struct expr *right, const struct kind *r)
{
	bool typed = l->class != VALUE_NONE || l->marks;
	const struct kind *k = typed ? l : r;
	struct literal_want want = want_of(k);

	want.whole = k->whole && typed && right->n_ops == 1;
	if (!convert(p, right, &want))
		return false;
	want.whole = k->whole && !typed && left->n_ops == 1;
	return convert(p, left, &want);
}

static bool
both_literal(struct parser *p, const struct expr *left,
    const struct expr *right)
{
	if (may_be_name(left))
		return unknown_name(p, &left->leaves[0].token);
	if (may_be_name(right))
		return unknown_name(p, &right->leaves[0].token);
	return literal_fail(p->error, left->offset,
	    "a comparison needs a field on one side: frame.len > 100");
}

static bool
is_literal(const struct kind *k)
{
	return k->class == VALUE_NONE && !k->marks;
}

bool
check_exists(struct parser *p, struct test *t)
{
	const struct leaf *leaf = &t->left->leaves[0];
	const struct op *last = &t->left->ops[t->left->n_ops - 1];
	struct literal_want want;
	struct kind k;

	if (!kind_of(p, t->left, &k))
		return false;
	if (is_literal(&k)) {
		if (may_be_name(t->left))
			return unknown_name(p, &leaf->token);
		return literal_fail(p->error, t->left->offset, "a filter "
		    "begins with a field or a protocol: ip.addr, tcp, dns");
	}
	if ((last->kind != OP_LEAF && last->kind != OP_MATH &&
	    last->kind != OP_SLICE && last->kind != OP_NEGATE) ||
	    (leaf->kind != LEAF_FIELD && t->left->n_ops == 1))
		return literal_fail(p->error, t->left->offset, "the result of "
		    "a function is compared: len(dns.qry.name) > 20");
	if (last->kind == OP_MATH && last->operator == VALUE_BITAND)
		t->kind = TEST_IS_SET;
	want = want_of(&k);
	return convert(p, t->left, &want);
}

bool
check_compare(struct parser *p, struct test *t)
{
	struct kind l, r;

	if (!kind_of(p, t->left, &l) || !kind_of(p, t->right, &r))
		return false;
	if (is_literal(&l) && is_literal(&r))
		return both_literal(p, t->left, t->right);
	if (l.marks || r.marks)
		return literal_fail(p->error, t->left->offset,
		    "%s has no value to compare; its name alone asks whether "
		    "it is there", kind_name(l.marks ? &l : &r));
	if (!is_literal(&l) && !is_literal(&r) && l.class != r.class)
		return kind_differs(p, t->right->offset, &l, &r);
	return convert_sides(p, t->left, &l, t->right, &r);
}

static bool
searchable(struct parser *p, const struct test *t, const struct kind *k,
    const char *word)
{
	if (k->class == VALUE_STRING || k->class == VALUE_BYTES)
		return true;
	if (is_literal(k))
		return both_literal(p, t->left, t->left);
	if (k->class == VALUE_IPV4 || k->class == VALUE_IPV6)
		return literal_fail(p->error, t->left->offset, "%s looks into "
		    "strings and bytes; for a network write %s == %s", word,
		    kind_name(k), k->class == VALUE_IPV4 ? "192.0.2.0/24" :
		    "2001:db8::/32");
	return literal_fail(p->error, t->left->offset, "%s looks into strings "
	    "and bytes and %s is %s; write ==, in {..}, or string(%s) %s "
	    "\"...\"", word, kind_name(k), value_class_name(k->class),
	    kind_name(k), word);
}

bool
check_contains(struct parser *p, struct test *t)
{
	struct literal_want want;
	struct kind l, r;

	if (!kind_of(p, t->left, &l) || !searchable(p, t, &l, "contains") ||
	    !kind_of(p, t->right, &r))
		return false;
	if (!is_literal(&r) && r.class != l.class)
		return kind_differs(p, t->right->offset, &l, &r);
	want = want_of(&l);
	return convert(p, t->right, &want) && convert(p, t->left, &want);
}

bool
check_matches(struct parser *p, struct test *t)
{
	const struct leaf *leaf = expr_single(t->right);
	struct regex_error error;
	struct kind l;

	if (!kind_of(p, t->left, &l) || !searchable(p, t, &l, "matches"))
		return false;
	if (leaf == NULL || leaf->kind != LEAF_LITERAL ||
	    leaf->token.kind != TOKEN_STRING)
		return literal_fail(p->error, t->right->offset, "matches takes "
		    "a regular expression in double quotes: "
		    "matches \"^www\\\\.\" or matches r\"^www\\.\"");
	t->regex = regex_compile(leaf->token.value, true, &error);
	if (t->regex == NULL)
		return literal_fail(p->error, t->right->offset, "regular "
		    "expression, at byte %zu: %s", error.offset, error.text);
	return true;
}

bool
check_set_left(struct parser *p, struct test *t)
{
	struct kind l;

	if (!kind_of(p, t->left, &l))
		return false;
	if (is_literal(&l))
		return both_literal(p, t->left, t->left);
	if (l.marks)
		return literal_fail(p->error, t->left->offset,
		    "%s has no value to look for", kind_name(&l));
	return true;
}

static bool
check_element_side(struct parser *p, const struct kind *l, struct expr *e)
{
	struct literal_want want = want_of(l);
	struct kind k;

	want.whole = l->whole && e->n_ops == 1;
	if (!kind_of(p, e, &k))
		return false;
	if (!is_literal(&k) && k.class != l->class)
		return kind_differs(p, e->offset, l, &k);
	return convert(p, e, &want);
}

bool
check_element(struct parser *p, struct test *t, struct expr *low,
    struct expr *high)
{
	struct kind l;

	if (!kind_of(p, t->left, &l) || !check_element_side(p, &l, low))
		return false;
	return high == NULL || check_element_side(p, &l, high);
}
