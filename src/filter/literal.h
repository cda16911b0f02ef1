#ifndef FILTER_LITERAL_H
#define FILTER_LITERAL_H

#include "filter/lexer.h"
#include "filter/value.h"

/*
 * A word or string of a filter as a value of what it is compared with.
 */
struct literal_want {
	enum value_class class;
	const struct field *field; /* names of values, limits; or NULL */
	const char *name;          /* for errors: of the field, or "this" */
	bool whole; /* compared with the field itself, not with a part of it
	             * or the result of a calculation */
};

/* False: *error says what is wrong and shows the accepted form. */
bool literal_read(const struct token *t, const struct literal_want *want,
    struct arena *arena, struct value *value, struct filter_error *error);

/* 12, 0x1f, 0b101, 017; false: not a number or beyond 64 bits. */
bool literal_number(struct span s, uint64_t *number);
/* An error text with the place. */
bool literal_fail(struct filter_error *error, size_t offset,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
