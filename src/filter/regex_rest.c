#include "filter/regex_machine.h"

/*
 * Most texts are gone over in one state, that of a match which has not begun:
 * bytes that leave it as it is are passed without a look at the ways, and so
 * are most of those whose next byte leads back to it.  Which they are is seen
 * anew now and then.
 */
#define REST_BYTES 1024

/* The way, if it is known or there is room to work it out. */
static uint16_t
way_look(struct regex *re, uint16_t state, unsigned symbol)
{
	uint16_t way = re->ways[state * re->n_symbols + symbol];

	if (way != WAY_UNKNOWN || re->n_states >= REGEX_STATES / 2 ||
	    re->pool_size - re->n_pool < re->program.n)
		return way;
	return regex_step_make(re, state, symbol);
}

/* Classes that leave the state, and those that may stand behind these and not
 * lead back. */
static void
classes_look(struct regex *re, bool *leaves, bool *goes)
{
	for (unsigned k = 0; k < re->n_classes; k++) {
		uint16_t to = way_look(re, re->rest, k);

		leaves[k] = to != re->rest;
		goes[k] |= leaves[k];
		for (unsigned c = 0; leaves[k] && c < re->n_classes; c++)
			goes[c] |= to >= WAY_MATCHES ||
			    way_look(re, to, c) != re->rest;
	}
}

void
regex_rest_make(struct regex *re, uint16_t state, uint64_t fed)
{
	bool leaves[256] = { false }, goes[256] = { false };
	struct regex_set away = { { 0 } }, behind = { { 0 } };

	if (re->rest != state)
		re->rest_since = fed;
	re->rest = state;
	re->rest_due = fed + REST_BYTES + (fed - re->rest_since);
	classes_look(re, leaves, goes);
	re->is_dead = true;
	for (unsigned byte = 0; byte < 256; byte++) {
		re->leaves[byte] = leaves[re->class_of[byte]];
		re->is_dead &= !re->leaves[byte];
		if (re->leaves[byte])
			regex_set_add(&away, (uint8_t)byte);
		if (goes[re->class_of[byte]])
			regex_set_add(&behind, (uint8_t)byte);
	}
	span_row_init(&re->away);
	if (regex_row_add(&re->away, &away))
		(void)regex_row_add(&re->away, &behind);
}

size_t
regex_rest_end(const struct regex *re, struct span text, size_t i)
{
	const uint8_t *p = text.p;

	if (re->is_dead)
		return text.n;
	if (re->away.n > 0)
		return i + span_find_row(span_after(text, i), &re->away);
	while (i < text.n && !re->leaves[p[i]])
		i++;
	return i;
}
