#include "filter/filter.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/text.h"
#include "filter/eval.h"
#include "filter/habits.h"
#include "filter/literal.h"

#define MEMORY ((size_t)64 << 20)

/* ---- Making ----------------------------------------------------------- */

static struct filter *
compile(struct span text, struct filter_error *error)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (f == NULL) {
		literal_fail(error, 0, "no memory");
		return NULL;
	}
	arena_init(&f->arena, MEMORY);
	f->gave_up = arena_new(&f->arena, uint64_t);
	f->scratch = arena_new(&f->arena, struct arena);
	if (f->gave_up == NULL || f->scratch == NULL) {
		literal_fail(error, 0, "no memory");
		filter_free(f);
		return NULL;
	}
	arena_init(f->scratch, MEMORY);
	if (!parse_filter(f, text, error)) {
		filter_free(f);
		return NULL;
	}
	for (size_t i = 0; i < f->n_tests; i++) {
		quick_prepare(&f->tests[i], &f->arena);
		needs_prepare(&f->tests[i], &f->arena);
		protocols_prepare(f, &f->tests[i]);
	}
	return f;
}

/* Adds "; write: ..." when the filter means something in another language
 * and the translation is a filter. */
static void
suggest(struct span text, struct filter_error *error)
{
	struct filter_error other;
	struct filter *f;
	struct buf out;
	size_t n = strlen(error->text);

	buf_init(&out, sizeof(error->text));
	if (habits_rewrite(text, &out) && !out.full &&
	    text_is_utf8(buf_bytes(&out))) {
		f = compile(buf_bytes(&out), &other);
		if (f != NULL && n + out.n + 10 < sizeof(error->text))
			snprintf(error->text + n, sizeof(error->text) - n,
			    "; write: %.*s", (int)out.n,
			    out.n > 0 ? (const char *)out.p : "");
		filter_free(f);
	}
	buf_free(&out);
}

struct filter *
filter_compile(struct span text, struct filter_error *error)
{
	struct filter *f;

	error->offset = 0;
	error->text[0] = '\0';
	if (text.n > FILTER_TEXT_MAX) {
		literal_fail(error, FILTER_TEXT_MAX, "the filter has %zu "
		    "bytes, at most %d are taken; a set in {a, b, c .. d} is "
		    "shorter than many or", text.n, FILTER_TEXT_MAX);
		return NULL;
	}
	f = compile(text, error);
	if (f == NULL)
		suggest(text, error);
	return f;
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n_tests; i++)
		regex_free(f->tests[i].regex);
	if (f->scratch != NULL)
		arena_free(f->scratch);
	arena_free(&f->arena);
	free(f);
}

/* ---- What it looks at ------------------------------------------------- */

typedef void leaf_visit(const struct leaf *leaf, void *context);

static void
expr_visit(const struct expr *e, leaf_visit *visit, void *context)
{
	for (size_t i = 0; e != NULL && i < e->n_leaves; i++) {
		const struct leaf *leaf = &e->leaves[i];

		visit(leaf, context);
		for (size_t k = 0; k < leaf->n_arguments; k++)
			expr_visit(leaf->arguments[k], visit, context);
	}
}

static void
filter_visit(const struct filter *f, leaf_visit *visit, void *context)
{
	for (size_t i = 0; i < f->n_tests; i++) {
		const struct test *t = &f->tests[i];

		expr_visit(t->left, visit, context);
		expr_visit(t->right, visit, context);
		for (size_t k = 0; t->set != NULL && k < t->set->n_fields; k++)
			expr_visit(t->set->fields[k], visit, context);
	}
}

static void
want_leaf(const struct leaf *leaf, void *context)
{
	struct field_wants *wants = context;

	for (size_t i = 0; i < leaf->n_rows; i++)
		field_wants_add(wants, leaf->rows[i]);
	if (leaf->layers != NULL)
		field_wants_add(wants, leaf->layer_row);
}

void
filter_wants(const struct filter *f, struct field_wants *wants)
{
	filter_visit(f, want_leaf, wants);
}

struct names {
	const char **at;
	size_t n, max;
};

static void
name_leaf(const struct leaf *leaf, void *context)
{
	struct names *names = context;
	const char *name;

	if (leaf->n_rows == 0)
		return;
	name = leaf->layer_row->name;
	for (size_t i = 0; i < names->n; i++) {
		if (strcmp(names->at[i], name) == 0)
			return;
	}
	if (names->n < names->max)
		names->at[names->n++] = name;
}

size_t
filter_protocols(const struct filter *f, const char **names, size_t max)
{
	struct names found = { .at = names, .max = max };

	filter_visit(f, name_leaf, &found);
	return found.n;
}

uint64_t
filter_gave_up(const struct filter *f)
{
	return *f->gave_up;
}

/* ---- Running ---------------------------------------------------------- */

bool
filter_match(const struct filter *f, const struct packet *p)
{
	bool stack[CODE_STACK] BYTES_UNSET;
	bool answer = true;
	size_t n = 0;

	for (size_t at = 0; at < f->n_code; at++) {
		const struct code *c = &f->code[at];

		switch (c->kind) {
		case CODE_TEST:
			answer = test_holds(f, &f->tests[c->to], p);
			break;
		case CODE_NOT:
			answer = !answer;
			break;
		case CODE_AND:
		case CODE_OR:
			/* The first side leaves the answer to the second. */
			if (answer == (c->kind == CODE_OR))
				at = c->to - 1;
			break;
		case CODE_XOR:
			stack[n++] = answer;
			break;
		case CODE_XOR_END:
			if (n > 0)
				answer ^= stack[--n];
			break;
		case CODE_AND_END:
		case CODE_OR_END:
			break;
		}
	}
	return answer;
}
