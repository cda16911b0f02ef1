#ifndef FILTER_REGEX_READER_H
#define FILTER_REGEX_READER_H

#include "filter/regex_tree.h"

/*
 * Where the reading of a pattern stands: shared by regex_parse.c (groups,
 * repeats) and regex_escape.c (escapes, classes).  All that return bool give
 * false with the error of the tree set.
 */
#define FLAG_CASE 1     /* (?i) */
#define FLAG_DOTALL 2   /* (?s) */
#define FLAG_LINES 4    /* (?m) */
#define FLAG_EXTENDED 8 /* (?x) */

struct regex_group {
	uint32_t alt, cat; /* the branches so far; the open one */
	unsigned flags;
	size_t offset;
};

struct regex_reader {
	struct regex_tree *t;
	struct span p;
	size_t at;
	unsigned flags;
	struct regex_group groups[REGEX_DEPTH + 1];
	size_t depth;
	bool quoted;     /* between \Q and \E */
	bool repeatable; /* a quantifier may follow */
};

bool reader_fail(struct regex_reader *r, size_t offset, const char *text);

static inline bool
reader_more(const struct regex_reader *r)
{
	return r->at < r->p.n;
}

static inline bool
reader_next_is(const struct regex_reader *r, uint8_t byte)
{
	return reader_more(r) && r->p.p[r->at] == byte;
}

static inline bool
reader_take_if(struct regex_reader *r, uint8_t byte)
{
	if (!reader_next_is(r, byte))
		return false;
	r->at++;
	return true;
}

/* Behind what was read in the open branch. */
bool reader_add_set(struct regex_reader *r, const struct regex_set *set);
bool reader_add_byte(struct regex_reader *r, uint8_t byte);
bool reader_add_dot(struct regex_reader *r, bool newline);
bool reader_add_assertion(struct regex_reader *r,
    enum regex_assertion assertion);
/* Behind the backslash, and behind the opening bracket. */
bool reader_escape(struct regex_reader *r);
bool reader_class(struct regex_reader *r);

#endif
