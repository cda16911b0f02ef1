#ifndef FILTER_REGEX_TREE_H
#define FILTER_REGEX_TREE_H

#include "base/arena.h"
#include "filter/regex.h"

/*
 * Between the two halves of the regular expressions: the pattern as a tree
 * (regex_parse.c) and as a program of small steps (regex_program.c), which
 * the automaton of regex.c runs.
 */
struct regex_set {
	uint32_t bits[8]; /* one for each byte */
};

enum regex_assertion {
	REGEX_TEXT_START, /* \A, and ^ without (?m) */
	REGEX_LINE_START,
	REGEX_TEXT_END,   /* \z */
	REGEX_LAST_LINE,  /* \Z, and $: before a newline that ends the text */
	REGEX_LINE_END,
	REGEX_WORD,       /* \b */
	REGEX_NO_WORD,
};

enum regex_node_kind {
	NODE_EMPTY,
	NODE_SET,
	NODE_CAT,
	NODE_ALT,
	NODE_REPEAT,
	NODE_ASSERT,
};

#define REGEX_FOREVER UINT16_MAX

struct regex_node {
	uint8_t kind, assertion;
	uint16_t set;
	uint16_t min, max;          /* max REGEX_FOREVER */
	uint32_t first, last, next; /* children, sibling; 0 none */
};

struct regex_tree {
	struct arena *arena;
	struct regex_node *nodes; /* 0 is not used */
	uint32_t n_nodes, nodes_size;
	struct regex_set *sets;
	uint32_t n_sets, sets_size;
	uint32_t root;
	struct regex_error *error;
};

/* What a step does besides going on. */
enum regex_op {
	STEP_SET,    /* takes a byte of `set`, goes to x */
	STEP_SPLIT,  /* goes to x and y */
	STEP_JUMP,
	STEP_ASSERT,
	STEP_MATCH,
};

struct regex_step {
	uint8_t op, assertion;
	uint16_t set;
	uint16_t x, y;
};

#define REGEX_STEPS_MAX 16000

struct regex_program {
	struct regex_step *steps;
	size_t n;
	uint32_t assertions; /* 1 << enum regex_assertion for each used */
};

static inline bool
regex_set_has(const struct regex_set *s, uint8_t byte)
{
	return (s->bits[byte >> 5] >> (byte & 31) & 1) != 0;
}

static inline void
regex_set_add(struct regex_set *s, uint8_t byte)
{
	s->bits[byte >> 5] |= 1u << (byte & 31);
}

/* False: t->error says why. */
bool regex_parse(struct regex_tree *t, struct span pattern, bool ignore_case);
/* False when it would be larger than REGEX_STEPS_MAX, or no memory. */
bool regex_emit(const struct regex_tree *t, struct regex_program *p);

/* The bytes of \d \w \s \h \v (lower case letter), or false. */
bool regex_class_letter(uint8_t letter, struct regex_set *s);
/* The bytes of [:alpha:] and its like by their word, or false. */
bool regex_class_word(struct span word, struct regex_set *s);
void regex_set_fold(struct regex_set *s);
void regex_set_invert(struct regex_set *s);
bool regex_is_word(uint8_t byte);

#endif
