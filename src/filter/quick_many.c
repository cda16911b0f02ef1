#include "base/bytes.h"
#include "filter/eval.h"

/*
 * A filter over several plain packets at once: test after test, a bit a
 * packet, and no test of those that the ones before it decide.
 */
struct pending {
	struct filter_answers first;
	uint32_t which;
};

/* What it joins was put there: CODE_AND_END follows CODE_AND, and so do the
 * others.  NOLINTBEGIN(*.UndefinedBinaryOperatorResult) */
static struct filter_answers
answers_join(enum code_kind kind, struct filter_answers a,
    struct filter_answers b)
{
	if (kind == CODE_XOR_END)
		return (struct filter_answers){
			(a.yes & b.no) | (a.no & b.yes),
			(a.yes & b.yes) | (a.no & b.no),
		};
	if (kind == CODE_AND_END)
		return (struct filter_answers){ a.yes & b.yes, a.no | b.no };
	return (struct filter_answers){ a.yes | b.yes, a.no & b.no };
}
/* NOLINTEND(*.UndefinedBinaryOperatorResult) */

struct filter_answers
filter_glances(const struct filter *f, const struct filter_seen *seen,
    uint32_t which)
{
	struct pending stack[CODE_STACK] BYTES_UNSET;
	struct filter_answers answers = { which, 0 };
	uint32_t swap;
	size_t n = 0;

	for (size_t at = 0; at < f->n_code; at++) {
		const struct code *c = &f->code[at];

		switch (c->kind) {
		case CODE_TEST:
			answers = test_glances(&f->tests[c->to], seen, which);
			break;
		case CODE_NOT:
			swap = answers.yes;
			answers.yes = answers.no;
			answers.no = swap;
			break;
		case CODE_AND:
		case CODE_OR:
		case CODE_XOR:
			stack[n++] = (struct pending){ answers, which };
			if (c->kind == CODE_AND)
				which &= ~answers.no;
			else if (c->kind == CODE_OR)
				which &= ~answers.yes;
			if (which != 0)
				break;
			/* The answer of the second side is nobody's. */
			which = stack[--n].which;
			at = c->to - 1;
			break;
		default:
			n--;
			answers = answers_join(c->kind, stack[n].first,
			    answers);
			which = stack[n].which;
			break;
		}
	}
	return answers;
}
