#include "filter/regex_machine.h"

/* As steps_close(), but through the assertions that hold, and each step
 * remembers its start. */
static void
start_close(struct regex *re, uint16_t first, size_t start, uint8_t context,
    unsigned symbol)
{
	size_t n = 0;

	re->stack[n++] = first;
	while (n > 0) {
		uint16_t at = re->stack[--n];
		const struct regex_step *p = &re->program.steps[at];

		if (regex_steps_have(&re->from, at))
			continue;
		regex_steps_put(&re->from, at);
		re->starts[at] = start;
		if (p->op == STEP_SPLIT)
			re->stack[n++] = p->y;
		if (p->op == STEP_SPLIT || p->op == STEP_JUMP ||
		    (p->op == STEP_ASSERT && regex_assertion_holds(re,
		    p->assertion, context, symbol)))
			re->stack[n++] = p->x;
	}
}

/* Takes a byte: re->to becomes the steps behind it, earliest start first,
 * and re->ahead their starts. */
static void
start_step(struct regex *re, uint8_t byte)
{
	re->to.n = 0;
	for (size_t i = 0; i < re->from.n; i++) {
		uint16_t at = re->from.dense[i];
		const struct regex_step *p = &re->program.steps[at];

		if (p->op != STEP_SET || !regex_set_has(&re->sets[p->set], byte)
		    || regex_steps_have(&re->to, p->x))
			continue;
		re->ahead[re->to.n] = re->starts[at];
		regex_steps_put(&re->to, p->x);
	}
}

size_t
regex_start(struct regex *re, struct span text, size_t end, bool middle)
{
	uint8_t context = middle ? 0 : REGEX_CONTEXT_START;
	uint16_t match = (uint16_t)(re->program.n - 1);

	re->to.n = 0;
	for (size_t at = 0; at <= end && at <= text.n; at++) {
		uint8_t byte = at < text.n ? text.p[at] : 0;
		unsigned symbol = at == text.n ? re->end : re->class_of[byte];

		if (at + 1 == text.n && byte == '\n')
			symbol = re->last_newline;
		re->from.n = 0;
		for (size_t i = 0; i < re->to.n; i++)
			start_close(re, re->to.dense[i], re->ahead[i], context,
			    symbol);
		start_close(re, 0, at, context, symbol);
		if (at == end)
			break;
		start_step(re, byte);
		context = regex_is_word(byte) ? REGEX_CONTEXT_WORD : 0;
		if (byte == '\n')
			context |= REGEX_CONTEXT_LINE;
	}
	return regex_steps_have(&re->from, match) ? re->starts[match] : end;
}
