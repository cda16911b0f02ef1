#ifndef FILTER_PARSER_H
#define FILTER_PARSER_H

#include "filter/program.h"

/*
 * The parser's place in the text, shared by parse.c (tests and logic),
 * operand.c (values and calculations) and check.c (types).  What returns
 * bool or a pointer gives false or NULL with *error set.
 */
struct parser {
	struct filter *f;
	struct lexer lexer;
	struct token token; /* the next one */
	struct filter_error *error;
	size_t max_code, max_tests;
};

void parser_next(struct parser *p);
/* Goes on behind a token of this kind; if it is another, the error is `text`
 * or what the lexer said. */
bool parser_take(struct parser *p, enum token_kind kind, const char *text);
/* "this is not expected here", with what it may have been meant to be. */
bool parser_unexpected(struct parser *p);
bool parser_no_memory(struct parser *p);

/* operand.c: one value or calculation; `depth` of brackets left. */
struct expr *operand_read(struct parser *p, unsigned depth);

/* check.c: types of a finished test; converts its literals. */
bool check_exists(struct parser *p, struct test *t);
bool check_compare(struct parser *p, struct test *t);
bool check_contains(struct parser *p, struct test *t);
bool check_matches(struct parser *p, struct test *t);
/* Of an element of t->set against t->left; `high` may be NULL. */
bool check_element(struct parser *p, struct test *t, struct expr *low,
    struct expr *high);
bool check_set_left(struct parser *p, struct test *t);

#endif
