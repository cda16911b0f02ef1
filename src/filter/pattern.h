#ifndef FILTER_PATTERN_H
#define FILTER_PATTERN_H

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

struct pattern_group {
	uint32_t alt, cat; /* the branches so far; the open one */
	unsigned flags;
	size_t offset;
};

struct pattern {
	struct regex_tree *t;
	struct span p;
	size_t at;
	size_t one;      /* where what is being read began */
	unsigned flags;
	struct pattern_group groups[REGEX_DEPTH + 1];
	size_t depth;
	bool quoted;     /* between \Q and \E */
	bool repeatable; /* a quantifier may follow */
};

bool pattern_fail(struct pattern *r, size_t offset, const char *text);

static inline bool
pattern_more(const struct pattern *r)
{
	return r->at < r->p.n;
}

static inline bool
pattern_next_is(const struct pattern *r, uint8_t byte)
{
	return pattern_more(r) && r->p.p[r->at] == byte;
}

static inline bool
pattern_take_if(struct pattern *r, uint8_t byte)
{
	if (!pattern_next_is(r, byte))
		return false;
	r->at++;
	return true;
}

/* Behind what was read in the open branch. */
bool pattern_add_set(struct pattern *r, const struct regex_set *set);
bool pattern_add_byte(struct pattern *r, uint8_t byte);
bool pattern_add_dot(struct pattern *r, bool newline);
bool pattern_add_assertion(struct pattern *r,
    enum regex_assertion assertion);
/* Behind the backslash, and behind the opening bracket. */
bool pattern_escape(struct pattern *r);
bool pattern_class(struct pattern *r);

#endif
