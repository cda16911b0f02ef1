#include "filter/parser.h"

#include "filter/literal.h"

#define RANGES_MAX 64
#define ROWS_MAX 64
#define ARGUMENTS_MAX 16

/* An expression under way; copied to its size when it is done. */
struct build {
	struct op ops[EXPR_OPS];
	size_t n_ops;
	struct leaf leaves[EXPR_LEAVES];
	size_t n_leaves;
};

static const struct {
	const char *name;
	enum op_kind op;
	enum leaf_kind leaf; /* not LITERAL: a leaf of its own */
} functions[] = {
	{ "upper", OP_UPPER, LEAF_LITERAL },
	{ "lower", OP_LOWER, LEAF_LITERAL },
	{ "len", OP_LEN, LEAF_LITERAL },
	{ "string", OP_STRING, LEAF_LITERAL },
	{ "abs", OP_ABS, LEAF_LITERAL },
	{ "count", OP_LEAF, LEAF_COUNT },
	{ "max", OP_LEAF, LEAF_MAX },
	{ "min", OP_LEAF, LEAF_MIN },
};

static bool bitand_read(struct parser *p, struct build *b, unsigned depth);

static struct op *
op_add(struct parser *p, struct build *b, enum op_kind kind, size_t offset)
{
	struct op *op = &b->ops[b->n_ops];

	if (b->n_ops == EXPR_OPS) {
		literal_fail(p->error, offset, "this calculation is too "
		    "long: at most %d steps", EXPR_OPS);
		return NULL;
	}
	b->n_ops++;
	*op = (struct op){ .kind = kind, .offset = offset };
	return op;
}

static struct leaf *
leaf_add(struct parser *p, struct build *b, enum leaf_kind kind)
{
	struct leaf *leaf = &b->leaves[b->n_leaves];
	struct op *op;

	if (b->n_leaves == EXPR_LEAVES) {
		literal_fail(p->error, p->token.offset, "this calculation "
		    "has too many values: at most %d", EXPR_LEAVES);
		return NULL;
	}
	op = op_add(p, b, OP_LEAF, p->token.offset);
	if (op == NULL)
		return NULL;
	op->leaf = (uint16_t)b->n_leaves++;
	*leaf = (struct leaf){ .kind = kind, .token = p->token };
	return leaf;
}

static bool
number_read(struct span s, int64_t *number, bool *negative)
{
	uint64_t value;

	*negative = span_starts(s, "-");
	s = span_trim(span_after(s, *negative ? 1 : 0));
	if (!literal_number(s, &value) || value > INT32_MAX)
		return false;
	*number = *negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* i, i:j, i-j, :j or i: */
static bool
range_parts(struct span s, struct range *r)
{
	size_t at = span_find_byte(s, ':');
	bool negative;

	if (at < s.n) {
		struct span stop = span_trim(span_after(s, at + 1));
		struct span start = span_trim(span_first(s, at));

		r->kind = stop.n == 0 ? RANGE_REST : RANGE_LENGTH;
		return (start.n == 0 || number_read(start, &r->start,
		    &negative)) && (stop.n == 0 ||
		    number_read(stop, &r->stop, &negative));
	}
	/* The first character may be a sign. */
	at = span_find_byte(span_after(s, 1), '-') + 1;
	if (at < s.n) {
		r->kind = RANGE_END;
		return number_read(span_trim(span_first(s, at)), &r->start,
		    &negative) && number_read(span_trim(span_after(s,
		    at + 1)), &r->stop, &negative);
	}
	r->kind = RANGE_LENGTH;
	r->stop = 1;
	return number_read(s, &r->start, &negative);
}

static bool
range_read(struct parser *p, struct range *r)
{
	size_t offset = p->lexer.at;
	struct span s = lexer_range(&p->lexer);

	*r = (struct range){ .kind = RANGE_LENGTH };
	if (!range_parts(s, r))
		return literal_fail(p->error, offset, "not a range of bytes; "
		    "write [i:length], [i-j], [i], [:length] or [i:]");
	if (r->kind == RANGE_LENGTH && r->stop <= 0)
		return literal_fail(p->error, offset,
		    "the length of a range must be at least 1");
	if (r->kind == RANGE_END && (r->start < 0) != (r->stop < 0))
		return literal_fail(p->error, offset, "both ends of a range "
		    "count from the start, or both from the end");
	if (r->kind == RANGE_END && r->stop < r->start)
		return literal_fail(p->error, offset,
		    "the range ends before it starts");
	return true;
}

/* Behind the opening bracket, which is the current token. */
static const struct ranges *
ranges_read(struct parser *p)
{
	struct range at[RANGES_MAX];
	struct ranges *ranges = arena_new(&p->f->arena, struct ranges);
	size_t n = 0;

	do {
		if (n == RANGES_MAX) {
			literal_fail(p->error, p->lexer.at,
			    "too many ranges");
			return NULL;
		}
		if (!range_read(p, &at[n++]))
			return NULL;
		parser_next(p); /* ',' or ']' */
	} while (p->token.kind == TOKEN_COMMA);
	if (!parser_take(p, TOKEN_UNBRACKET, "the ] is missing"))
		return NULL;
	if (ranges != NULL)
		ranges->at = arena_array(&p->f->arena, n, struct range);
	if (ranges == NULL || ranges->at == NULL) {
		parser_no_memory(p);
		return NULL;
	}
	memcpy(ranges->at, at, n * sizeof(*at));
	ranges->n = n;
	return ranges;
}

/* #2 or #[1-2], behind the field. */
static bool
layers_read(struct parser *p, struct leaf *leaf)
{
	struct ranges *one;
	bool negative;

	parser_next(p);
	if (p->token.kind == TOKEN_BRACKET) {
		leaf->layers = ranges_read(p);
		return leaf->layers != NULL;
	}
	one = arena_new(&p->f->arena, struct ranges);
	if (one != NULL)
		one->at = arena_new(&p->f->arena, struct range);
	if (one == NULL || one->at == NULL)
		return parser_no_memory(p);
	if (p->token.kind != TOKEN_WORD ||
	    !number_read(p->token.text, &one->at->start, &negative))
		return literal_fail(p->error, p->token.offset,
		    "# is followed by the number of a layer: ip.src#2");
	one->at->stop = 1;
	one->n = 1;
	leaf->layers = one;
	parser_next(p);
	return true;
}

/* The row of the protocol whose table has `f`. */
static const struct field *
protocol_row(const struct field *f)
{
	for (size_t i = 0; i < field_tables(); i++) {
		const struct field_table *t = field_table_at(i);

		if (f >= t->rows && f < t->rows + t->n)
			return &t->rows[0];
	}
	return f;
}

static bool
rows_find(struct parser *p, struct leaf *leaf, struct span name)
{
	/* That there is one the caller has seen. */
	const struct field *found[ROWS_MAX] = { field_find(name, 0) }, *f;
	size_t n = 1;

	while (n < ROWS_MAX && (f = field_find(name, n)) != NULL)
		found[n++] = f;
	leaf->rows = arena_array(&p->f->arena, n, const struct field *);
	if (leaf->rows == NULL)
		return parser_no_memory(p);
	memcpy(leaf->rows, found, n * sizeof(*found));
	leaf->n_rows = n;
	leaf->layer_row = protocol_row(found[0]);
	return true;
}

static bool
field_read(struct parser *p, struct build *b, struct span name)
{
	struct leaf *leaf = leaf_add(p, b, LEAF_FIELD);

	if (leaf == NULL || !rows_find(p, leaf, name))
		return false;
	leaf->token.text = name; /* without a point before it */
	parser_next(p);
	if (p->token.kind == TOKEN_LAYER)
		return layers_read(p, leaf);
	return true;
}

/* count(field): the only field of its argument becomes the leaf. */
static bool
count_read(struct parser *p, struct leaf *leaf, unsigned depth)
{
	const struct expr *e = operand_read(p, depth - 1);
	const struct leaf *field;

	if (e == NULL)
		return false;
	field = expr_single(e);
	if (field == NULL || field->kind != LEAF_FIELD)
		return literal_fail(p->error, e->offset,
		    "count() takes a field: count(ip.addr)");
	leaf->rows = field->rows;
	leaf->n_rows = field->n_rows;
	leaf->layers = field->layers;
	leaf->layer_row = field->layer_row;
	return true;
}

static bool
arguments_read(struct parser *p, struct leaf *leaf, unsigned depth)
{
	struct expr *found[ARGUMENTS_MAX];
	size_t n = 0;

	for (;;) {
		if (n == ARGUMENTS_MAX)
			return literal_fail(p->error, p->token.offset,
			    "too many arguments: at most %d", ARGUMENTS_MAX);
		found[n] = operand_read(p, depth - 1);
		if (found[n++] == NULL)
			return false;
		if (p->token.kind != TOKEN_COMMA)
			break;
		parser_next(p);
	}
	leaf->arguments = arena_array(&p->f->arena, n, struct expr *);
	if (leaf->arguments == NULL)
		return parser_no_memory(p);
	memcpy(leaf->arguments, found, n * sizeof(*found));
	leaf->n_arguments = n;
	return true;
}

/* A call, from behind its name on; `offset` is the name's. */
static bool
call_read(struct parser *p, struct build *b, size_t which, size_t offset,
    unsigned depth)
{
	struct leaf *leaf;

	if (depth == 0)
		return literal_fail(p->error, offset, "nested too deep: at "
		    "most %d brackets", FILTER_DEPTH);
	if (functions[which].leaf == LEAF_LITERAL) {
		parser_next(p);
		if (!bitand_read(p, b, depth - 1) ||
		    op_add(p, b, functions[which].op, offset) == NULL)
			return false;
	} else {
		leaf = leaf_add(p, b, functions[which].leaf);
		parser_next(p);
		if (leaf == NULL ||
		    !(leaf->kind == LEAF_COUNT ? count_read(p, leaf, depth) :
		    arguments_read(p, leaf, depth)))
			return false;
	}
	return parser_take(p, TOKEN_CLOSE, "the ) of the function is missing");
}

/* The number of the function with this name, or LENGTH(functions). */
static size_t
function_find(struct span name)
{
	size_t i;

	for (i = 0; i < LENGTH(functions); i++) {
		if (span_is(name, functions[i].name))
			break;
	}
	return i;
}

static bool
opens_call(const struct parser *p)
{
	struct lexer ahead = p->lexer;

	while (ahead.at < ahead.text.n && (ahead.text.p[ahead.at] == ' ' ||
	    ahead.text.p[ahead.at] == '\t'))
		ahead.at++;
	return span_starts(span_after(ahead.text, ahead.at), "(");
}

static bool
word_read(struct parser *p, struct build *b, unsigned depth)
{
	struct span name = p->token.text;
	size_t which, offset = p->token.offset;

	if (span_starts(name, ".") && field_find(span_after(name, 1), 0))
		name = span_after(name, 1);
	if (field_find(name, 0) != NULL)
		return field_read(p, b, name);
	if (opens_call(p)) {
		which = function_find(name);
		if (which == LENGTH(functions))
			return literal_fail(p->error, offset, "no such "
			    "function; there are upper lower len count "
			    "string max min abs");
		parser_next(p);
		return call_read(p, b, which, offset, depth);
	}
	if (leaf_add(p, b, LEAF_LITERAL) == NULL)
		return false;
	parser_next(p);
	return true;
}

static bool
primary_read(struct parser *p, struct build *b, unsigned depth)
{
	switch (p->token.kind) {
	case TOKEN_WORD:
		return word_read(p, b, depth);
	case TOKEN_STRING:
	case TOKEN_CHAR:
		if (leaf_add(p, b, LEAF_LITERAL) == NULL)
			return false;
		parser_next(p);
		return true;
	case TOKEN_BRACE:
		if (depth == 0)
			return literal_fail(p->error, p->token.offset,
			    "nested too deep: at most %d brackets",
			    FILTER_DEPTH);
		parser_next(p);
		return bitand_read(p, b, depth - 1) &&
		    parser_take(p, TOKEN_UNBRACE, "the } is missing");
	default:
		return parser_unexpected(p);
	}
}

static bool
sliced_read(struct parser *p, struct build *b, unsigned depth)
{
	if (!primary_read(p, b, depth))
		return false;
	while (p->token.kind == TOKEN_BRACKET) {
		struct op *op = op_add(p, b, OP_SLICE, p->token.offset);

		if (op == NULL)
			return false;
		op->ranges = ranges_read(p);
		if (op->ranges == NULL)
			return false;
	}
	return true;
}

static bool
unary_read(struct parser *p, struct build *b, unsigned depth)
{
	size_t offset = p->token.offset;
	bool minus = p->token.kind == TOKEN_MINUS;

	if (minus || p->token.kind == TOKEN_PLUS)
		parser_next(p);
	if (!sliced_read(p, b, depth))
		return false;
	return !minus || op_add(p, b, OP_NEGATE, offset) != NULL;
}

static bool
product_read(struct parser *p, struct build *b, unsigned depth)
{
	if (!unary_read(p, b, depth))
		return false;
	while (p->token.kind == TOKEN_STAR || p->token.kind == TOKEN_SLASH ||
	    p->token.kind == TOKEN_PERCENT) {
		struct token t = p->token;
		struct op *op;

		parser_next(p);
		if (!unary_read(p, b, depth))
			return false;
		op = op_add(p, b, OP_MATH, t.offset);
		if (op == NULL)
			return false;
		op->operator = t.kind == TOKEN_STAR ? VALUE_MULTIPLY :
		    t.kind == TOKEN_SLASH ? VALUE_DIVIDE : VALUE_MODULO;
	}
	return true;
}

static bool
sum_read(struct parser *p, struct build *b, unsigned depth)
{
	if (!product_read(p, b, depth))
		return false;
	while (p->token.kind == TOKEN_PLUS || p->token.kind == TOKEN_MINUS) {
		struct token t = p->token;
		struct op *op;

		parser_next(p);
		if (!product_read(p, b, depth))
			return false;
		op = op_add(p, b, OP_MATH, t.offset);
		if (op == NULL)
			return false;
		op->operator = t.kind == TOKEN_PLUS ? VALUE_ADD :
		    VALUE_SUBTRACT;
	}
	return true;
}

static bool
bitand_read(struct parser *p, struct build *b, unsigned depth)
{
	if (!sum_read(p, b, depth))
		return false;
	while (p->token.kind == TOKEN_BITAND) {
		size_t offset = p->token.offset;
		struct op *op;

		parser_next(p);
		if (!sum_read(p, b, depth))
			return false;
		op = op_add(p, b, OP_MATH, offset);
		if (op == NULL)
			return false;
		op->operator = VALUE_BITAND;
	}
	return true;
}

struct expr *
operand_read(struct parser *p, unsigned depth)
{
	struct build b = { .n_ops = 0, .n_leaves = 0 };
	struct arena *arena = &p->f->arena;
	size_t offset = p->token.offset;
	struct expr *e;

	if (depth == 0) {
		literal_fail(p->error, offset, "nested too deep: at most %d "
		    "brackets", FILTER_DEPTH);
		return NULL;
	}
	if (!bitand_read(p, &b, depth))
		return NULL;
	e = arena_new(arena, struct expr);
	if (e != NULL) {
		e->ops = arena_array(arena, b.n_ops, struct op);
		e->leaves = arena_array(arena, b.n_leaves, struct leaf);
	}
	if (e == NULL || e->ops == NULL || e->leaves == NULL) {
		parser_no_memory(p);
		return NULL;
	}
	memcpy(e->ops, b.ops, b.n_ops * sizeof(*b.ops));
	memcpy(e->leaves, b.leaves, b.n_leaves * sizeof(*b.leaves));
	e->n_ops = b.n_ops;
	e->n_leaves = b.n_leaves;
	e->offset = offset;
	return e;
}
