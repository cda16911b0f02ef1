#include "filter/regex.h"

#include <stdlib.h>

#include "filter/regex_machine.h"

/*
 * A deterministic automaton made while it runs: a state is the set of steps
 * that the text so far leads to, and what was before (`context`).  States
 * and the ways between them are kept in a cache of fixed size that starts
 * anew when it is full, so that time is linear whatever the pattern.
 */
#define MEMORY ((size_t)32 << 20)
#define POOL_MIN 16384

/* Portions: what regex_feed() keeps between them. */
struct resume {
	uint8_t context;
	bool held;    /* a newline that may be the last byte */
	uint64_t marks[];
};

static size_t
mark_words(const struct regex *re)
{
	return (re->program.n + 63) / 64;
}

/* ---- Sets of steps ---------------------------------------------------- */

/* All that is reached from `step` without a byte; assertions wait. */
static void
steps_close(struct regex *re, struct regex_steps *s, uint16_t step)
{
	size_t n = 0;

	if (regex_steps_have(s, step))
		return;
	regex_steps_put(s, step);
	re->stack[n++] = step;
	while (n > 0) {
		const struct regex_step *p = &re->program.steps[re->stack[--n]];

		if (p->op != STEP_SPLIT && p->op != STEP_JUMP)
			continue;
		if (!regex_steps_have(s, p->x)) {
			regex_steps_put(s, p->x);
			re->stack[n++] = p->x;
		}
		if (p->op == STEP_SPLIT && !regex_steps_have(s, p->y)) {
			regex_steps_put(s, p->y);
			re->stack[n++] = p->y;
		}
	}
}

static bool
steps_match(const struct regex *re, const struct regex_steps *s)
{
	/* The match is the program's last step. */
	return regex_steps_have(s, (uint16_t)(re->program.n - 1));
}

/* ---- The cache -------------------------------------------------------- */

static void
cache_clear(struct regex *re)
{
	re->n_states = 0;
	re->n_pool = 0;
	re->start = re->rest = WAY_UNKNOWN;
	memset(re->buckets, 0, sizeof(re->buckets));
}

/* Sorts the steps of `s` that do something into re->sorted. */
static size_t
steps_sort(struct regex *re, const struct regex_steps *s)
{
	size_t words = mark_words(re), n = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint8_t op = re->program.steps[s->dense[i]].op;

		if (op != STEP_SPLIT && op != STEP_JUMP)
			re->marks[s->dense[i] / 64] |=
			    (uint64_t)1 << s->dense[i] % 64;
	}
	for (size_t w = 0; w < words; w++) {
		uint64_t bits = re->marks[w];

		for (re->marks[w] = 0; bits != 0; bits &= bits - 1)
			re->sorted[n++] = (uint16_t)(w * 64 +
			    (unsigned)__builtin_ctzll(bits));
	}
	return n;
}

static uint16_t
state_add(struct regex *re, size_t n, uint8_t context)
{
	struct regex_state *s;

	if (re->n_states == REGEX_STATES || re->pool_size - re->n_pool < n)
		cache_clear(re);
	s = &re->states[re->n_states];
	s->at = (uint32_t)re->n_pool;
	s->n = (uint32_t)n;
	s->context = context;
	memcpy(re->pool + re->n_pool, re->sorted, n * sizeof(*re->sorted));
	re->n_pool += n;
	for (unsigned i = 0; i < re->n_symbols; i++)
		re->ways[re->n_states * re->n_symbols + i] = WAY_UNKNOWN;
	return (uint16_t)re->n_states++;
}

/* The state of these steps, known or new. */
static uint16_t
state_of(struct regex *re, const struct regex_steps *steps, uint8_t context)
{
	size_t n = steps_sort(re, steps), slot;
	uint64_t hash = context;
	uint16_t state;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ re->sorted[i]) * 0x100000001b3u;
	slot = (hash ^ hash >> 32) % LENGTH(re->buckets);
	for (; re->buckets[slot] != 0; slot = (slot + 1) %
	    LENGTH(re->buckets)) {
		const struct regex_state *s =
		    &re->states[re->buckets[slot] - 1];

		if (s->context == context && s->n == n &&
		    memcmp(re->pool + s->at, re->sorted,
		    n * sizeof(*re->sorted)) == 0)
			return (uint16_t)(re->buckets[slot] - 1);
	}
	state = state_add(re, n, context);
	if (state == 0) /* the cache began anew: the slot is another */
		slot = (hash ^ hash >> 32) % LENGTH(re->buckets);
	re->buckets[slot] = (uint16_t)(state + 1);
	return state;
}

/* ---- One symbol ------------------------------------------------------- */

bool
regex_assertion_holds(const struct regex *re, uint8_t assertion,
    uint8_t context, unsigned symbol)
{
	bool at_end = symbol == re->end;
	bool at_last = at_end || symbol == re->last_newline;
	uint8_t byte = at_last ? '\n' : re->sample[symbol];
	bool word = !at_last && regex_is_word(byte);
	bool was_word = (context & REGEX_CONTEXT_WORD) != 0;

	switch (assertion) {
	case REGEX_TEXT_START:
		return (context & REGEX_CONTEXT_START) != 0;
	case REGEX_LINE_START:
		/* PCRE: not behind a newline that ends the text. */
		return (context & REGEX_CONTEXT_START) != 0 ||
		    ((context & REGEX_CONTEXT_LINE) != 0 && !at_end);
	case REGEX_TEXT_END:
		return at_end;
	case REGEX_LAST_LINE:
		return at_last;
	case REGEX_LINE_END:
		return at_last || byte == '\n';
	case REGEX_WORD:
		return word != was_word;
	default:
		return word == was_word;
	}
}

/* Goes through the assertions that hold here; true when that matches. */
static bool
step_assert(struct regex *re, uint8_t context, unsigned symbol)
{
	if (re->program.assertions == 0)
		return false;
	for (size_t i = 0; i < re->from.n; i++) {
		const struct regex_step *p =
		    &re->program.steps[re->from.dense[i]];

		if (p->op == STEP_ASSERT && regex_assertion_holds(re,
		    p->assertion, context, symbol))
			steps_close(re, &re->from, p->x);
	}
	return steps_match(re, &re->from);
}

uint16_t
regex_step_make(struct regex *re, uint16_t state, unsigned symbol)
{
	const struct regex_state *s = &re->states[state];
	uint16_t *way = &re->ways[state * re->n_symbols + symbol];
	uint8_t byte, context = 0;
	uint16_t to;
	size_t n_states;

	re->from.n = re->to.n = 0;
	for (uint32_t i = 0; i < s->n; i++)
		regex_steps_put(&re->from, re->pool[s->at + i]);
	if (step_assert(re, s->context, symbol))
		return *way = WAY_MATCHED;
	if (symbol == re->end)
		return *way = state;
	byte = symbol == re->last_newline ? '\n' : re->sample[symbol];
	for (size_t i = 0; i < re->from.n; i++) {
		const struct regex_step *p =
		    &re->program.steps[re->from.dense[i]];

		if (p->op == STEP_SET && regex_set_has(&re->sets[p->set], byte))
			steps_close(re, &re->to, p->x);
	}
	if (steps_match(re, &re->to))
		return *way = WAY_MATCHES;
	steps_close(re, &re->to, 0);
	if (regex_is_word(byte))
		context |= REGEX_CONTEXT_WORD;
	if (byte == '\n')
		context |= REGEX_CONTEXT_LINE;
	n_states = re->n_states;
	to = state_of(re, &re->to, context & re->contexts);
	if (re->n_states >= n_states) /* else `way` is gone with the cache */
		*way = to;
	return to;
}

/* The state before the first byte, or WAY_MATCHES. */
static uint16_t
state_first(struct regex *re)
{
	re->to.n = 0;
	steps_close(re, &re->to, 0);
	if (steps_match(re, &re->to))
		return WAY_MATCHES;
	re->start = state_of(re, &re->to, REGEX_CONTEXT_START & re->contexts);
	return re->start;
}

/* ---- Making one ------------------------------------------------------- */

/* Splits the classes by a property that bytes have or have not. */
static void
classes_split(struct regex *re, const struct regex_set *set)
{
	uint8_t moved[256];
	bool has[256] = { false }, lacks[256] = { false };
	unsigned n = re->n_classes;

	for (unsigned b = 0; b < 256; b++) {
		if (regex_set_has(set, (uint8_t)b))
			has[re->class_of[b]] = true;
		else
			lacks[re->class_of[b]] = true;
	}
	for (unsigned c = 0; c < re->n_classes; c++)
		moved[c] = has[c] && lacks[c] ? (uint8_t)n++ : (uint8_t)c;
	for (unsigned b = 0; b < 256; b++) {
		if (regex_set_has(set, (uint8_t)b))
			re->class_of[b] = moved[re->class_of[b]];
	}
	re->n_classes = n;
}

static void
classes_make(struct regex *re, const struct regex_tree *t)
{
	const uint32_t words = 1u << REGEX_WORD | 1u << REGEX_NO_WORD;
	const uint32_t lines = 1u << REGEX_LINE_START | 1u << REGEX_LINE_END;
	struct regex_set set = { { 0 } };

	re->n_classes = 1;
	for (uint32_t i = 0; i < t->n_sets; i++)
		classes_split(re, &t->sets[i]);
	if ((re->program.assertions & words) != 0) {
		(void)regex_class_letter('w', &set);
		classes_split(re, &set);
		re->contexts |= REGEX_CONTEXT_WORD;
	}
	if ((re->program.assertions & lines) != 0) {
		memset(&set, 0, sizeof(set));
		regex_set_add(&set, '\n');
		classes_split(re, &set);
		re->contexts |= REGEX_CONTEXT_LINE;
	}
	if ((re->program.assertions &
	    (1u << REGEX_TEXT_START | 1u << REGEX_LINE_START)) != 0)
		re->contexts |= REGEX_CONTEXT_START;
	re->ends_matter =
	    (re->program.assertions & 1u << REGEX_LAST_LINE) != 0;
	for (unsigned b = 256; b > 0; b--)
		re->sample[re->class_of[b - 1]] = (uint8_t)(b - 1);
	re->last_newline = re->n_classes;
	re->end = re->n_classes + 1;
	re->n_symbols = re->n_classes + 2;
}

static bool
steps_new(struct regex *re, struct regex_steps *s)
{
	s->dense = arena_array(&re->arena, re->program.n, uint16_t);
	s->sparse = arena_array(&re->arena, re->program.n, uint16_t);
	return s->dense != NULL && s->sparse != NULL;
}

static bool
cache_new(struct regex *re)
{
	size_t n = re->program.n;

	re->pool_size = n * 8 > POOL_MIN ? n * 8 : POOL_MIN;
	re->pool = arena_array(&re->arena, re->pool_size, uint16_t);
	re->ways = arena_array(&re->arena, REGEX_STATES * re->n_symbols,
	    uint16_t);
	re->stack = arena_array(&re->arena, n * 2, uint16_t);
	re->starts = arena_array(&re->arena, n, size_t);
	re->ahead = arena_array(&re->arena, n, size_t);
	re->sorted = arena_array(&re->arena, n, uint16_t);
	re->marks = arena_array(&re->arena, mark_words(re), uint64_t);
	return re->starts != NULL && re->ahead != NULL &&
	    steps_new(re, &re->from) && steps_new(re, &re->to) &&
	    re->pool != NULL && re->ways != NULL && re->stack != NULL &&
	    re->sorted != NULL && re->marks != NULL;
}

struct regex *
regex_compile(struct span pattern, bool ignore_case, struct regex_error *error)
{
	struct regex *re = calloc(1, sizeof(*re));
	struct regex_tree tree = { .error = error };

	error->offset = 0;
	error->text = "no memory";
	if (re == NULL)
		return NULL;
	arena_init(&re->arena, MEMORY);
	tree.arena = &re->arena;
	if (!regex_parse(&tree, pattern, ignore_case) ||
	    !regex_emit(&tree, &re->program)) {
		regex_free(re);
		return NULL;
	}
	re->sets = tree.sets;
	regex_row_make(re, &tree);
	classes_make(re, &tree);
	if (!cache_new(re)) {
		error->text = "no memory";
		regex_free(re);
		return NULL;
	}
	cache_clear(re);
	return re;
}

void
regex_free(struct regex *re)
{
	if (re == NULL)
		return;
	arena_free(&re->arena);
	free(re);
}

/* ---- Running ---------------------------------------------------------- */

/* Feeds the bytes until a match; *end is where it ended. */
static uint16_t
feed_bytes(struct regex *re, uint16_t state, struct span text, size_t *end)
{
	size_t i = 0;

	while (i < text.n && state < WAY_MATCHES) {
		uint16_t to;

		if (state == re->rest) {
			i = regex_rest_end(re, text, i);
			if (i == text.n)
				break;
		}
		to = regex_step(re, state, re->class_of[text.p[i++]]);
		if (to == state && re->fed + i >= re->rest_due)
			regex_rest_make(re, state, re->fed + i);
		state = to;
	}
	re->fed += i;
	*end = state == WAY_MATCHED && i > 0 ? i - 1 : i;
	return state;
}

bool
regex_match(struct regex *re, struct span text)
{
	uint16_t state = re->start;
	size_t n = text.n, end;
	bool newline = re->ends_matter && n > 0 && text.p[n - 1] == '\n';

	if (re->row.n > 0 && span_find_row(text, &re->row) + re->row.n > n)
		return false;
	if (state == WAY_UNKNOWN)
		state = state_first(re);
	if (newline)
		n--;
	if (state < WAY_MATCHES)
		state = feed_bytes(re, state, span_first(text, n), &end);
	if (newline && state < WAY_MATCHES)
		state = regex_step(re, state, re->last_newline);
	if (state < WAY_MATCHES)
		state = regex_step(re, state, re->end);
	return state >= WAY_MATCHES;
}

size_t
regex_state_size(const struct regex *re)
{
	return sizeof(struct resume) + mark_words(re) * sizeof(uint64_t);
}

static void
resume_save(const struct regex *re, struct resume *r, uint16_t state)
{
	const struct regex_state *s = &re->states[state];

	r->context = s->context;
	memset(r->marks, 0, mark_words(re) * sizeof(uint64_t));
	for (uint32_t i = 0; i < s->n; i++) {
		uint16_t k = re->pool[s->at + i];

		r->marks[k / 64] |= (uint64_t)1 << k % 64;
	}
}

static uint16_t
resume_load(struct regex *re, const struct resume *r)
{
	re->to.n = 0;
	for (size_t w = 0; w < mark_words(re); w++) {
		uint64_t bits = r->marks[w];

		for (; bits != 0; bits &= bits - 1)
			regex_steps_put(&re->to, (uint16_t)(w * 64 +
			    (unsigned)__builtin_ctzll(bits)));
	}
	return state_of(re, &re->to, r->context);
}

void
regex_begin(const struct regex *re, void *state)
{
	struct resume *r = state;

	/* No marks and a context that no state has: the first is due. */
	memset(r, 0, regex_state_size(re));
	r->context = 0xff;
}

bool
regex_feed(struct regex *re, void *saved, struct span text, bool last,
    size_t *end)
{
	struct resume *r = saved;
	uint16_t state = r->context == 0xff ? state_first(re) :
	    resume_load(re, r);
	bool ends = re->ends_matter && text.n > 0 &&
	    text.p[text.n - 1] == '\n';

	*end = 0;
	if (r->held && text.n == 0 && !last)
		return false;
	if (r->held && state < WAY_MATCHES)
		state = regex_step(re, state, text.n > 0 ? re->class_of['\n'] :
		    re->last_newline);
	if (state < WAY_MATCHES)
		state = feed_bytes(re, state,
		    span_first(text, text.n - ends), end);
	r->held = ends && !last;
	if (ends && last && state < WAY_MATCHES) {
		state = regex_step(re, state, re->last_newline);
		*end = state == WAY_MATCHED ? text.n - 1 : text.n;
	}
	if (last && state < WAY_MATCHES)
		state = regex_step(re, state, re->end);
	if (state >= WAY_MATCHES)
		return true;
	resume_save(re, r, state);
	return false;
}
