#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/arena.h"

/*
 * Strict reader of one JSON document into a tree (RFC 8259), iterative, with
 * limits: depth 64, 100000 values, strings of 1 MiB.  Refused: duplicate
 * keys, lone surrogates, U+0000, invalid UTF-8, numbers beyond a double,
 * anything after the document.
 */
enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_value {
	enum json_kind kind;
	struct span name; /* of a member, unescaped; empty in arrays */
	struct span text; /* string unescaped; number as it was written */
	struct span raw;  /* the value as it stands in the source */
	double number;
	bool is_integer; /* `integer` holds it exactly (5, also 5.0) */
	int64_t integer;
	struct json_value *first, *next; /* children; the next sibling */
	size_t n;                        /* children */
};

enum json_error {
	JSON_OK = 0,
	JSON_SYNTAX,
	JSON_DUPLICATE_KEY,
	JSON_BAD_STRING,
	JSON_BAD_NUMBER,
	JSON_TOO_DEEP,
	JSON_TOO_LARGE,
	JSON_NO_MEMORY,
};

/* NULL on error; *error says which and *offset where.  Spans without escapes
 * point into `source`, which must outlive the tree. */
const struct json_value *json_read(struct arena *a, struct span source,
    enum json_error *error, size_t *offset);
const char *json_error_text(enum json_error error);

/* The member called `name` (exact case), or NULL; NULL-safe. */
const struct json_value *json_get(
    const struct json_value *object, const char *name);
/* The member if it is a string, else an empty span with n == 0. */
struct span json_get_text(const struct json_value *object, const char *name);

#endif
