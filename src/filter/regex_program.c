#include "filter/regex_tree.h"

/* Groups nest REGEX_DEPTH deep; each has a list, a branch and a repeat. */
#define EMIT_DEPTH (4 * (REGEX_DEPTH + 2))

struct emitter {
	const struct regex_tree *t;
	struct regex_program *p;
	bool full;
};

static size_t
emit_step(struct emitter *e, enum regex_op op)
{
	if (e->p->n >= REGEX_STEPS_MAX - 1) {
		e->full = true;
		return 0;
	}
	e->p->steps[e->p->n].op = (uint8_t)op;
	e->p->steps[e->p->n].x = (uint16_t)(e->p->n + 1);
	return e->p->n++;
}

static uint16_t
emit_here(const struct emitter *e)
{
	return (uint16_t)e->p->n;
}

static void emit_node(struct emitter *e, uint32_t node, unsigned depth);

static void
emit_alternatives(struct emitter *e, uint32_t child, unsigned depth)
{
	size_t last_jump = 0;

	while (child != 0 && !e->full) {
		uint32_t next = e->t->nodes[child].next;
		size_t split = next != 0 ? emit_step(e, STEP_SPLIT) : 0;

		emit_node(e, child, depth);
		if (next == 0)
			break;
		/* Until the end is known y of a jump is the jump before. */
		e->p->steps[emit_step(e, STEP_JUMP)].y = (uint16_t)last_jump;
		last_jump = e->p->n - 1;
		e->p->steps[split].y = emit_here(e);
		child = next;
	}
	while (last_jump != 0 && !e->full) {
		size_t before = e->p->steps[last_jump].y;

		e->p->steps[last_jump].x = emit_here(e);
		last_jump = before;
	}
}

/* Up to `n` times, each leading to the end when it is not there. */
static void
emit_optional(struct emitter *e, uint32_t child, unsigned n, unsigned depth)
{
	size_t last = 0;

	for (unsigned i = 0; i < n && !e->full; i++) {
		size_t split = emit_step(e, STEP_SPLIT);

		e->p->steps[split].y = (uint16_t)last;
		last = split;
		emit_node(e, child, depth);
	}
	for (unsigned i = 0; i < n && !e->full; i++) {
		size_t before = e->p->steps[last].y;

		e->p->steps[last].y = emit_here(e);
		last = before;
	}
}

static void
emit_repeat(struct emitter *e, const struct regex_node *node, unsigned depth)
{
	unsigned copies = node->min;
	size_t loop, split;

	if (node->max == REGEX_FOREVER && copies > 0)
		copies--;
	for (unsigned i = 0; i < copies && !e->full; i++)
		emit_node(e, node->first, depth);
	if (node->max != REGEX_FOREVER) {
		emit_optional(e, node->first,
		    (unsigned)(node->max - node->min), depth);
		return;
	}
	loop = e->p->n;
	if (node->min > 0) {
		emit_node(e, node->first, depth);
		split = emit_step(e, STEP_SPLIT);
		e->p->steps[split].y = (uint16_t)loop;
		return;
	}
	split = emit_step(e, STEP_SPLIT);
	emit_node(e, node->first, depth);
	e->p->steps[emit_step(e, STEP_JUMP)].x = (uint16_t)loop;
	e->p->steps[split].y = emit_here(e);
}

static void
emit_node(struct emitter *e, uint32_t node, unsigned depth)
{
	const struct regex_node *n = &e->t->nodes[node];
	size_t step;

	if (depth == 0)
		e->full = true;
	if (e->full)
		return;
	switch (n->kind) {
	case NODE_SET:
		step = emit_step(e, STEP_SET);
		e->p->steps[step].set = n->set;
		break;
	case NODE_ASSERT:
		step = emit_step(e, STEP_ASSERT);
		e->p->steps[step].assertion = n->assertion;
		e->p->assertions |= 1u << n->assertion;
		break;
	case NODE_CAT:
		for (uint32_t c = n->first; c != 0; c = e->t->nodes[c].next)
			emit_node(e, c, depth - 1);
		break;
	case NODE_ALT:
		emit_alternatives(e, n->first, depth - 1);
		break;
	case NODE_REPEAT:
		emit_repeat(e, n, depth - 1);
		break;
	default:
		break;
	}
}

bool
regex_emit(const struct regex_tree *t, struct regex_program *p)
{
	struct emitter e = { .t = t, .p = p };

	p->n = 0;
	p->assertions = 0;
	p->steps = arena_array(t->arena, REGEX_STEPS_MAX, struct regex_step);
	if (p->steps == NULL) {
		t->error->text = "no memory";
		return false;
	}
	emit_node(&e, t->root, EMIT_DEPTH);
	(void)emit_step(&e, STEP_MATCH);
	if (e.full) {
		t->error->offset = 0;
		t->error->text = "the pattern is too large with its repeats";
		return false;
	}
	return true;
}
