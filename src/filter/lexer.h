#ifndef FILTER_LEXER_H
#define FILTER_LEXER_H

#include "base/arena.h"
#include "filter/filter.h"

/*
 * Words of the filter language.
 */
enum token_kind {
	TOKEN_END,
	TOKEN_BAD,     /* the lexer's error is set */
	TOKEN_WORD,    /* name, number, address ...: the parser decides */
	TOKEN_STRING,  /* "...", r"..." */
	TOKEN_CHAR,    /* 'x' */
	TOKEN_OPEN, TOKEN_CLOSE,
	TOKEN_BRACE, TOKEN_UNBRACE,
	TOKEN_BRACKET, TOKEN_UNBRACKET,
	TOKEN_COMMA, TOKEN_RANGE, TOKEN_LAYER,
	TOKEN_AND, TOKEN_OR, TOKEN_XOR, TOKEN_NOT,
	TOKEN_ANY, TOKEN_ALL,
	TOKEN_EQ, TOKEN_NE, TOKEN_ALL_EQ, TOKEN_ANY_NE,
	TOKEN_GT, TOKEN_LT, TOKEN_GE, TOKEN_LE,
	TOKEN_CONTAINS, TOKEN_MATCHES, TOKEN_IN,
	TOKEN_PLUS, TOKEN_MINUS, TOKEN_STAR, TOKEN_SLASH, TOKEN_PERCENT,
	TOKEN_BITAND,
	TOKEN_FOREIGN, /* of SQL, BPF or another language: see habits.h */
};

struct token {
	enum token_kind kind;
	size_t offset;
	struct span text;  /* as it stands in the filter */
	struct span value; /* of strings: without quotes and escapes */
};

struct lexer {
	struct span text;
	size_t at;
	struct arena *arena; /* for the values of strings */
	struct filter_error *error;
};

struct token lexer_next(struct lexer *l);
/* What follows the current position up to (not including) ',' or ']', with
 * spaces trimmed: the parts of a slice. */
struct span lexer_range(struct lexer *l);

#endif
