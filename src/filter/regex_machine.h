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
	/* A state that many bytes leave as it is, and which; or WAY_UNKNOWN. */
	uint16_t rest;
	bool stays[256];
	unsigned n_leaves;            /* how many do not */
	uint8_t leaves;               /* one of these */
	uint64_t fed, rest_due;       /* bytes; when it may be another state */
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

/* Whether an assertion holds between what was and the next symbol. */
bool regex_assertion_holds(const struct regex *re, uint8_t assertion,
    uint8_t context, unsigned symbol);

#endif
