#ifndef FILTER_REGEX_MACHINE_H
#define FILTER_REGEX_MACHINE_H

#include "filter/regex_tree.h"

/*
 * The automaton: regex.c makes and runs it, regex_start.c goes back from the
 * end of a match to its start.
 */
#define REGEX_STATES 256

#define REGEX_CONTEXT_START 1 /* nothing was before */
#define REGEX_CONTEXT_WORD 2  /* a word character was */
#define REGEX_CONTEXT_LINE 4  /* a newline was */

struct regex_state {
	uint32_t at, n; /* its steps in the pool, sorted */
	uint8_t context;
};

/* A set of steps that remembers the order they came in. */
struct regex_steps {
	uint16_t *dense, *sparse;
	size_t n;
};

struct regex {
	struct arena arena;
	struct regex_program program;
	const struct regex_set *sets;
	uint8_t class_of[256], sample[256]; /* bytes that are alike */
	unsigned n_classes, n_symbols;
	unsigned last_newline, end;         /* symbols beyond the classes */
	uint8_t contexts;                   /* those that matter */
	bool ends_matter;                   /* $ or \Z is there */
	/* The cache. */
	struct regex_state states[REGEX_STATES];
	size_t n_states;
	uint16_t *ways;
	uint16_t *pool;
	size_t n_pool, pool_size;
	uint16_t buckets[REGEX_STATES * 2]; /* state + 1 */
	uint16_t start;               /* state, or WAY_UNKNOWN */
	/* A state that many bytes leave as it is; or WAY_UNKNOWN. */
	uint16_t rest;
	bool leaves[256];             /* those that do not */
	bool is_dead;                 /* there are none */
	/* Among these all of them, and all behind them that do not lead back;
	 * none where that does not tell much. */
	struct span_row away;
	struct span_row row;          /* that every match has; or none */
	/* Bytes; when it may be another state, and how long that was. */
	uint64_t fed, rest_due, rest_since;
	/* Scratch of a step. */
	struct regex_steps from, to;
	uint16_t *stack, *sorted;
	uint64_t *marks;
	size_t *starts, *ahead;
};

static inline bool
regex_steps_have(const struct regex_steps *s, uint16_t step)
{
	uint16_t i = s->sparse[step];

	return i < s->n && s->dense[i] == step;
}

static inline void
regex_steps_put(struct regex_steps *s, uint16_t step)
{
	s->sparse[step] = (uint16_t)s->n;
	s->dense[s->n++] = step;
}

/* What a way leads to, besides the number of a state. */
#define WAY_MATCHES REGEX_STATES       /* behind the byte */
#define WAY_MATCHED (REGEX_STATES + 1) /* before it */
#define WAY_UNKNOWN (REGEX_STATES + 2)

/* The way from `state` by `symbol`: worked out and kept. */
uint16_t regex_step_make(struct regex *re, uint16_t state, unsigned symbol);

static inline uint16_t
regex_step(struct regex *re, uint16_t state, unsigned symbol)
{
	uint16_t way = re->ways[state * re->n_symbols + symbol];

	return way != WAY_UNKNOWN ? way : regex_step_make(re, state, symbol);
}

/* regex_rest.c: `state` is that of rest from now on, when so much was fed; and
 * from `i` on the first byte that may lead to a match. */
void regex_rest_make(struct regex *re, uint16_t state, uint64_t fed);
size_t regex_rest_end(const struct regex *re, struct span text, size_t i);
/* regex_row.c. */
void regex_row_make(struct regex *re, const struct regex_tree *t);
/* Adds few ranges that have all of the set, and may have more, to the row;
 * false where they are so many that they tell nothing. */
bool regex_row_add(struct span_row *row, const struct regex_set *set);

/* Whether an assertion holds between what was and the next symbol. */
bool regex_assertion_holds(const struct regex *re, uint8_t assertion,
    uint8_t context, unsigned symbol);

#endif
