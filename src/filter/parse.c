#include "filter/parser.h"

#include "base/text.h"
#include "filter/eval.h"
#include "filter/literal.h"

static bool or_read(struct parser *p, unsigned depth);

void
parser_next(struct parser *p)
{
	p->token = lexer_next(&p->lexer);
}

bool
parser_take(struct parser *p, enum token_kind kind, const char *text)
{
	if (p->token.kind == TOKEN_BAD)
		return false;
	if (p->token.kind != kind)
		return literal_fail(p->error, p->token.offset, "%s", text);
	parser_next(p);
	return true;
}

bool
parser_no_memory(struct parser *p)
{
	return literal_fail(p->error, p->token.offset, "no memory");
}

bool
parser_unexpected(struct parser *p)
{
	struct buf shown;

	if (p->token.kind == TOKEN_BAD)
		return false;
	if (p->token.kind == TOKEN_END)
		return literal_fail(p->error, p->token.offset,
		    "the filter ends here, but something is missing");
	buf_init(&shown, 256);
	text_escape(&shown, p->token.text, 40);
	buf_byte(&shown, 0);
	literal_fail(p->error, p->token.offset, "%s is not expected here",
	    shown.full ? "this" : (const char *)shown.p);
	buf_free(&shown);
	return false;
}

/* ---- Steps and tests -------------------------------------------------- */

static size_t
code_add(struct parser *p, enum code_kind kind)
{
	struct filter *f = p->f;

	/* Both arrays hold more than so long a text can need. */
	if (f->n_code == p->max_code)
		return f->n_code - 1;
	f->code[f->n_code].kind = kind;
	return f->n_code++;
}

/* The joint of two sides: jumps over the second one. */
static void
code_join(struct parser *p, size_t joint, enum code_kind end)
{
	(void)code_add(p, end);
	p->f->code[joint].to = (uint32_t)p->f->n_code;
}

static struct test *
test_add(struct parser *p, enum test_kind kind, struct expr *left)
{
	struct filter *f = p->f;
	struct test *t = &f->tests[f->n_tests];

	if (f->n_tests == p->max_tests) {
		parser_no_memory(p);
		return NULL;
	}
	*t = (struct test){ .kind = kind, .left = left };
	f->code[code_add(p, CODE_TEST)].to = (uint32_t)f->n_tests++;
	return t;
}

/* ---- Relations -------------------------------------------------------- */

static bool
is_comparison(enum token_kind kind)
{
	return kind >= TOKEN_EQ && kind <= TOKEN_LE;
}

/* What an operator means, and whether it asks for all by itself. */
static void
comparison_set(struct test *t, enum token_kind kind)
{
	static const struct {
		enum test_operator operator;
		bool all;
	} meanings[] = {
		[0] = { TEST_EQ, false }, /* TOKEN_EQ */
		[TOKEN_NE - TOKEN_EQ] = { TEST_NE, true },
		[TOKEN_ALL_EQ - TOKEN_EQ] = { TEST_EQ, true },
		[TOKEN_ANY_NE - TOKEN_EQ] = { TEST_NE, false },
		[TOKEN_GT - TOKEN_EQ] = { TEST_GT, false },
		[TOKEN_LT - TOKEN_EQ] = { TEST_LT, false },
		[TOKEN_GE - TOKEN_EQ] = { TEST_GE, false },
		[TOKEN_LE - TOKEN_EQ] = { TEST_LE, false },
	};

	t->operator = meanings[kind - TOKEN_EQ].operator;
	t->all = meanings[kind - TOKEN_EQ].all;
}

/* any or all in front decides for every operator. */
static void
quantifier_set(struct test *t, enum token_kind quantifier)
{
	if (quantifier == TOKEN_ANY)
		t->all = false;
	else if (quantifier == TOKEN_ALL)
		t->all = true;
}

/* a < b < c is a < b and b < c. */
static bool
comparisons_read(struct parser *p, struct expr *left,
    enum token_kind quantifier, unsigned depth)
{
	size_t joint = SIZE_MAX;

	while (is_comparison(p->token.kind)) {
		enum token_kind operator = p->token.kind;
		struct expr *right;
		struct test *t;

		parser_next(p);
		right = operand_read(p, depth);
		if (right == NULL)
			return false;
		t = test_add(p, TEST_COMPARE, left);
		if (t == NULL)
			return false;
		t->right = right;
		comparison_set(t, operator);
		quantifier_set(t, quantifier);
		if (!check_compare(p, t))
			return false;
		if (joint != SIZE_MAX)
			code_join(p, joint, CODE_AND_END);
		if (is_comparison(p->token.kind))
			joint = code_add(p, CODE_AND);
		left = right;
	}
	return true;
}

static bool
search_read(struct parser *p, struct expr *left, enum token_kind quantifier,
    unsigned depth)
{
	bool matches = p->token.kind == TOKEN_MATCHES;
	struct test *t = test_add(p, matches ? TEST_MATCHES : TEST_CONTAINS,
	    left);

	if (t == NULL)
		return false;
	quantifier_set(t, quantifier);
	parser_next(p);
	t->right = operand_read(p, depth);
	if (t->right == NULL)
		return false;
	return matches ? check_matches(p, t) : check_contains(p, t);
}

static bool
is_constant(const struct expr *e)
{
	for (size_t i = 0; i < e->n_leaves; i++) {
		if (e->leaves[i].kind != LEAF_LITERAL)
			return false;
	}
	return true;
}

/* Room for one more of each sort; what it grew out of stays behind. */
static bool
set_grow(struct parser *p, struct set *s)
{
	struct arena *arena = &p->f->arena;

	if (s->n == s->size) {
		struct element *at = s->at;

		s->size = s->size * 2 + 8;
		s->at = arena_array(arena, s->size, struct element);
		if (s->at == NULL)
			return parser_no_memory(p);
		if (s->n > 0)
			memcpy(s->at, at, s->n * sizeof(*at));
	}
	if (s->n_fields == s->fields_size) {
		struct expr **fields = s->fields;

		s->fields_size = s->fields_size * 2 + 8;
		s->fields = arena_array(arena, s->fields_size, struct expr *);
		if (s->fields == NULL)
			return parser_no_memory(p);
		if (s->n_fields > 0)
			memcpy(s->fields, fields,
			    s->n_fields * sizeof(*fields));
	}
	return true;
}

static bool
element_add(struct parser *p, struct test *t, struct expr *low,
    struct expr *high)
{
	struct set *s = t->set;
	struct element *e;

	if (!check_element(p, t, low, high) || !set_grow(p, s))
		return false;
	e = &s->at[s->n];
	if (is_constant(low) && (high == NULL || is_constant(high))) {
		if (!expr_constant(low, &p->f->arena, &e->low) ||
		    !expr_constant(high == NULL ? low : high, &p->f->arena,
		    &e->high))
			return literal_fail(p->error, low->offset,
			    "this calculation has no result");
		s->n++;
		return true;
	}
	if (high != NULL)
		return literal_fail(p->error, low->offset,
		    "a range is of constants: {80 .. 90}");
	s->fields[s->n_fields++] = low;
	return true;
}

static bool
elements_read(struct parser *p, struct test *t, unsigned depth)
{
	for (;;) {
		struct expr *low, *high = NULL;

		low = operand_read(p, depth);
		if (low == NULL)
			return false;
		if (p->token.kind == TOKEN_RANGE) {
			parser_next(p);
			high = operand_read(p, depth);
			if (high == NULL)
				return false;
		}
		if (!element_add(p, t, low, high))
			return false;
		if (p->token.kind != TOKEN_COMMA)
			break;
		parser_next(p);
	}
	return parser_take(p, TOKEN_UNBRACE,
	    "a set is {a, b, c .. d}: commas between, } at its end");
}

static bool
set_read(struct parser *p, struct expr *left, enum token_kind quantifier,
    unsigned depth)
{
	struct arena *arena = &p->f->arena;
	struct test *t = test_add(p, TEST_IN, left);

	if (t == NULL || !check_set_left(p, t))
		return false;
	quantifier_set(t, quantifier);
	parser_next(p);
	if (!parser_take(p, TOKEN_BRACE,
		"in is followed by a set: in {80, 443, 8000 .. 8080}"))
		return false;
	t->set = arena_new(arena, struct set);
	if (t->set == NULL)
		return parser_no_memory(p);
	return elements_read(p, t, depth) &&
	    (set_sort(t->set, arena) || parser_no_memory(p));
}

/* Takes `not in` and `!in`. */
static bool
takes_not_in(struct parser *p)
{
	struct lexer ahead = p->lexer;

	if (p->token.kind != TOKEN_NOT || lexer_next(&ahead).kind != TOKEN_IN)
		return false;
	parser_next(p);
	return true;
}

static bool
relation_read(struct parser *p, unsigned depth)
{
	enum token_kind quantifier = p->token.kind;
	struct expr *left;
	struct test *t;
	bool inverted;

	if (quantifier == TOKEN_ANY || quantifier == TOKEN_ALL)
		parser_next(p);
	left = operand_read(p, depth);
	if (left == NULL)
		return false;
	if (is_comparison(p->token.kind))
		return comparisons_read(p, left, quantifier, depth);
	if (p->token.kind == TOKEN_CONTAINS || p->token.kind == TOKEN_MATCHES)
		return search_read(p, left, quantifier, depth);
	inverted = takes_not_in(p);
	if (p->token.kind == TOKEN_IN) {
		/* Not one of all: none of any. */
		if (!set_read(p, left, inverted ? TOKEN_ANY : quantifier,
			depth))
			return false;
		if (inverted)
			(void)code_add(p, CODE_NOT);
		return true;
	}
	if (quantifier == TOKEN_ANY || quantifier == TOKEN_ALL)
		return literal_fail(p->error, p->token.offset,
		    "any and all stand before a comparison: "
		    "any ip.addr == 192.0.2.1");
	t = test_add(p, TEST_EXISTS, left);
	return t != NULL && check_exists(p, t);
}

/* ---- Logic ------------------------------------------------------------ */

static bool
factor_read(struct parser *p, unsigned depth)
{
	bool inverted = false;

	if (depth == 0)
		return literal_fail(p->error, p->token.offset, "nested too "
		    "deep: at most %d brackets", FILTER_DEPTH);
	for (; p->token.kind == TOKEN_NOT; parser_next(p))
		inverted = !inverted;
	if (p->token.kind == TOKEN_OPEN) {
		parser_next(p);
		if (!or_read(p, depth - 1))
			return false;
		if (p->token.kind == TOKEN_BAD)
			return false;
		if (p->token.kind != TOKEN_CLOSE)
			return p->token.kind == TOKEN_END ?
			    literal_fail(p->error, p->token.offset,
			    "a ) is missing") : parser_unexpected(p);
		parser_next(p);
	} else if (!relation_read(p, depth)) {
		return false;
	}
	if (inverted)
		(void)code_add(p, CODE_NOT);
	return true;
}

static bool
and_read(struct parser *p, unsigned depth)
{
	if (!factor_read(p, depth))
		return false;
	while (p->token.kind == TOKEN_AND) {
		size_t joint = code_add(p, CODE_AND);

		parser_next(p);
		if (!factor_read(p, depth))
			return false;
		code_join(p, joint, CODE_AND_END);
	}
	return true;
}

static bool
xor_read(struct parser *p, unsigned depth)
{
	if (!and_read(p, depth))
		return false;
	while (p->token.kind == TOKEN_XOR) {
		size_t joint = code_add(p, CODE_XOR);

		parser_next(p);
		if (!and_read(p, depth))
			return false;
		code_join(p, joint, CODE_XOR_END);
	}
	return true;
}

static bool
or_read(struct parser *p, unsigned depth)
{
	if (!xor_read(p, depth))
		return false;
	while (p->token.kind == TOKEN_OR) {
		size_t joint = code_add(p, CODE_OR);

		parser_next(p);
		if (!xor_read(p, depth))
			return false;
		code_join(p, joint, CODE_OR_END);
	}
	return true;
}

bool
parse_filter(struct filter *f, struct span text, struct filter_error *error)
{
	struct parser p = { .f = f, .error = error };

	p.lexer = (struct lexer){ .text = text, .arena = &f->arena,
		.error = error };
	p.max_tests = text.n / 2 + 2;
	p.max_code = text.n * 2 + 8;
	f->tests = arena_array(&f->arena, p.max_tests, struct test);
	f->code = arena_array(&f->arena, p.max_code, struct code);
	if (f->tests == NULL || f->code == NULL)
		return parser_no_memory(&p);
	parser_next(&p);
	if (p.token.kind == TOKEN_END)
		return true;
	if (!or_read(&p, FILTER_DEPTH))
		return false;
	return p.token.kind == TOKEN_END || parser_unexpected(&p);
}
