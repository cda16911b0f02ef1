#include "filter/pattern.h"

#define NODES_MAX 65535
#define SETS_MAX 8192

bool
pattern_fail(struct pattern *r, size_t offset, const char *text)
{
	r->t->error->offset = offset;
	r->t->error->text = text;
	return false;
}

static uint32_t
pattern_node(struct pattern *r, enum regex_node_kind kind)
{
	struct regex_tree *t = r->t;

	if (t->n_nodes == t->nodes_size)
		return 0;
	t->nodes[t->n_nodes].kind = (uint8_t)kind;
	return t->n_nodes++;
}

static bool
pattern_append(struct pattern *r, uint32_t list, uint32_t child)
{
	struct regex_node *parent = &r->t->nodes[list];

	if (list == 0 || child == 0)
		return pattern_fail(r, r->at, "the pattern is too large");
	if (parent->first == 0)
		parent->first = child;
	else
		r->t->nodes[parent->last].next = child;
	parent->last = child;
	return true;
}

bool
pattern_add_set(struct pattern *r, const struct regex_set *set)
{
	struct regex_tree *t = r->t;
	uint32_t i, node;

	for (i = 0; i < t->n_sets; i++) {
		if (memcmp(&t->sets[i], set, sizeof(*set)) == 0)
			break;
	}
	if (i == t->sets_size)
		return pattern_fail(r, r->at,
		    "the pattern has too many classes");
	if (i == t->n_sets)
		t->sets[t->n_sets++] = *set;
	node = pattern_node(r, NODE_SET);
	t->nodes[node].set = (uint16_t)i;
	r->repeatable = true;
	return pattern_append(r, r->groups[r->depth].cat, node);
}

bool
pattern_add_byte(struct pattern *r, uint8_t byte)
{
	struct regex_set set = { { 0 } };

	regex_set_add(&set, byte);
	if ((r->flags & FLAG_CASE) != 0)
		regex_set_fold(&set);
	return pattern_add_set(r, &set);
}

bool
pattern_add_dot(struct pattern *r, bool newline)
{
	struct regex_set set = { { 0 } };

	if (!newline)
		regex_set_add(&set, '\n');
	regex_set_invert(&set);
	return pattern_add_set(r, &set);
}

bool
pattern_add_assertion(struct pattern *r, enum regex_assertion assertion)
{
	uint32_t node = pattern_node(r, NODE_ASSERT);

	r->t->nodes[node].assertion = (uint8_t)assertion;
	r->repeatable = false;
	return pattern_append(r, r->groups[r->depth].cat, node);
}

/* {m}, {m,} or {m,n} behind the {; false: the { is a letter. */
static bool
read_counts(struct pattern *r, unsigned *min, unsigned *max)
{
	size_t at = r->at;
	unsigned value[2] = { 0, 0 }, digits[2] = { 0, 0 }, k = 0;

	for (; at < r->p.n && r->p.p[at] != '}'; at++) {
		uint8_t c = r->p.p[at];

		if (c == ',' && k == 0) {
			k = 1;
		} else if (c >= '0' && c <= '9' && digits[k] < 6) {
			value[k] = value[k] * 10 + (unsigned)(c - '0');
			digits[k]++;
		} else {
			return false;
		}
	}
	if (at == r->p.n || digits[0] == 0)
		return false;
	*min = value[0];
	*max = k == 0 ? value[0] : digits[1] == 0 ? REGEX_FOREVER : value[1];
	r->at = at + 1;
	return true;
}

/* Wraps what was read last. */
static bool
add_repeat(struct pattern *r, size_t offset, unsigned min, unsigned max)
{
	struct regex_tree *t = r->t;
	struct regex_node *node;
	uint32_t copy;

	if (!r->repeatable)
		return pattern_fail(r, offset, "nothing to repeat before it");
	if (min > REGEX_REPEAT || (max != REGEX_FOREVER && max > REGEX_REPEAT))
		return pattern_fail(r, offset, "a count is at most 1000");
	if (min > max)
		return pattern_fail(r, offset, "counts are backwards");
	if (pattern_next_is(r, '+'))
		return pattern_fail(r, r->at,
		    "possessive quantifiers and two in a row are not supported");
	(void)pattern_take_if(r, '?'); /* lazy: the same texts match */
	copy = pattern_node(r, NODE_EMPTY);
	if (copy == 0)
		return pattern_fail(r, offset, "the pattern is too large");
	node = &t->nodes[t->nodes[r->groups[r->depth].cat].last];
	t->nodes[copy] = *node;
	t->nodes[copy].next = 0;
	node->kind = NODE_REPEAT;
	node->min = (uint16_t)min;
	node->max = (uint16_t)max;
	node->first = node->last = copy;
	r->repeatable = false;
	return true;
}

static bool
group_push(struct pattern *r)
{
	struct pattern_group *g;

	if (r->depth == REGEX_DEPTH)
		return pattern_fail(r, r->at, "groups are nested too deep");
	g = &r->groups[++r->depth];
	g->flags = r->flags;
	g->offset = r->one;
	g->alt = pattern_node(r, NODE_ALT);
	g->cat = pattern_node(r, NODE_CAT);
	r->repeatable = false;
	return pattern_append(r, g->alt, g->cat);
}

static bool
group_pop(struct pattern *r)
{
	uint32_t alt = r->groups[r->depth].alt;

	if (r->depth == 0)
		return pattern_fail(r, r->at - 1, ") without (");
	r->flags = r->groups[r->depth].flags;
	r->depth--;
	r->repeatable = true;
	return pattern_append(r, r->groups[r->depth].cat, alt);
}

/* (?i) (?-i) (?im-s:...), behind the ?. */
static bool
group_flags(struct pattern *r)
{
	static const char letters[] = "ismx";
	unsigned flags = r->flags;
	bool off = false;

	for (; pattern_more(r); r->at++) {
		uint8_t c = r->p.p[r->at];
		const char *letter = memchr(letters, c, sizeof(letters) - 1);

		if (c == '-' && !off) {
			off = true;
		} else if (letter != NULL && off) {
			flags &= ~(1u << (letter - letters));
		} else if (letter != NULL) {
			flags |= 1u << (letter - letters);
		} else {
			break;
		}
	}
	if (pattern_take_if(r, ')')) {
		r->flags = flags;
		return true;
	}
	if (!pattern_take_if(r, ':'))
		return pattern_fail(r, r->at,
		    "(?...) of this kind is not supported");
	if (!group_push(r))
		return false;
	r->flags = flags;
	return true;
}

/* Lookaround and the rest that an automaton cannot run; behind the ?. */
static bool
group_refused(struct pattern *r)
{
	struct span s = span_after(r->p, r->at);

	if (span_starts(s, "=") || span_starts(s, "!") ||
	    span_starts(s, "<=") || span_starts(s, "<!"))
		return !pattern_fail(r, r->at - 2,
		    "lookaround is not supported (linear time)");
	if (span_starts(s, ">"))
		return !pattern_fail(r, r->at - 2,
		    "atomic groups are not supported");
	if (span_starts(s, "P=") || span_starts(s, "P>") ||
	    span_starts(s, "R") || span_starts(s, "&") ||
	    span_starts(s, "(") || span_starts(s, "|"))
		return !pattern_fail(r, r->at - 2, "(?...) of this kind is not "
		    "supported");
	return false;
}

static bool
read_group(struct pattern *r)
{
	size_t end;

	if (pattern_next_is(r, '*'))
		return pattern_fail(r, r->at - 1,
		    "verbs (*...) are not supported");
	if (!pattern_take_if(r, '?'))
		return group_push(r);
	if (group_refused(r))
		return false;
	if (pattern_take_if(r, '#')) {
		end = span_find_byte(span_after(r->p, r->at), ')');
		if (end == r->p.n - r->at)
			return pattern_fail(r, r->at, "(?# without )");
		r->at += end + 1;
		return true;
	}
	(void)pattern_take_if(r, 'P');
	if (pattern_next_is(r, '<') || pattern_next_is(r, '\'')) {
		uint8_t close = pattern_take_if(r, '<') ? '>' : '\'';

		(void)pattern_take_if(r, '\'');
		end = span_find_byte(span_after(r->p, r->at), close);
		if (end == r->p.n - r->at)
			return pattern_fail(r, r->at,
			    "the name of a group has no end");
		r->at += end + 1;
		return group_push(r);
	}
	return group_flags(r);
}

static bool
read_branch(struct pattern *r)
{
	struct pattern_group *g = &r->groups[r->depth];

	g->cat = pattern_node(r, NODE_CAT);
	r->repeatable = false;
	return pattern_append(r, g->alt, g->cat);
}

static bool
read_quoted(struct pattern *r, uint8_t c)
{
	if (c == '\\' && pattern_take_if(r, 'E')) {
		r->quoted = false;
		return true;
	}
	return pattern_add_byte(r, c);
}

/* Space and comments of (?x); true when `c` was one. */
static bool
skip_extended(struct pattern *r, uint8_t c)
{
	if ((r->flags & FLAG_EXTENDED) == 0)
		return false;
	if (c == '#') {
		while (pattern_more(r) && r->p.p[r->at] != '\n')
			r->at++;
		return true;
	}
	return c == ' ' || (c >= 9 && c <= 13);
}

static bool
read_one(struct pattern *r)
{
	uint8_t c = r->p.p[r->at];
	bool lines = (r->flags & FLAG_LINES) != 0;
	unsigned min, max;

	r->one = r->at++;
	if (r->quoted)
		return read_quoted(r, c);
	if (skip_extended(r, c))
		return true;
	switch (c) {
	case '|':
		return read_branch(r);
	case '(':
		return read_group(r);
	case ')':
		return group_pop(r);
	case '[':
		return pattern_class(r);
	case '\\':
		return pattern_escape(r);
	case '.':
		return pattern_add_dot(r, (r->flags & FLAG_DOTALL) != 0);
	case '^':
		return pattern_add_assertion(r, lines ? REGEX_LINE_START :
		    REGEX_TEXT_START);
	case '$':
		return pattern_add_assertion(r, lines ? REGEX_LINE_END :
		    REGEX_LAST_LINE);
	case '*':
		return add_repeat(r, r->one, 0, REGEX_FOREVER);
	case '+':
		return add_repeat(r, r->one, 1, REGEX_FOREVER);
	case '?':
		return add_repeat(r, r->one, 0, 1);
	case '{':
		if (read_counts(r, &min, &max))
			return add_repeat(r, r->one, min, max);
		break;
	default:
		break;
	}
	return pattern_add_byte(r, c);
}

bool
regex_parse(struct regex_tree *t, struct span pattern, bool ignore_case)
{
	struct pattern r = { .t = t, .p = pattern };

	if (pattern.n > REGEX_PATTERN_MAX)
		return pattern_fail(&r, 0, "the pattern is too long");
	r.flags = ignore_case ? FLAG_CASE : 0;
	t->nodes_size = (uint32_t)(pattern.n * 3 + 8);
	t->sets_size = (uint32_t)(pattern.n + 8);
	if (t->nodes_size > NODES_MAX)
		t->nodes_size = NODES_MAX;
	if (t->sets_size > SETS_MAX)
		t->sets_size = SETS_MAX;
	t->nodes = arena_array(t->arena, t->nodes_size, struct regex_node);
	t->sets = arena_array(t->arena, t->sets_size, struct regex_set);
	if (t->nodes == NULL || t->sets == NULL)
		return pattern_fail(&r, 0, "no memory");
	t->n_nodes = 1;
	t->root = r.groups[0].alt = pattern_node(&r, NODE_ALT);
	r.groups[0].cat = pattern_node(&r, NODE_CAT);
	if (!pattern_append(&r, t->root, r.groups[0].cat))
		return false;
	while (pattern_more(&r)) {
		if (!read_one(&r))
			return false;
	}
	if (r.depth > 0)
		return pattern_fail(&r, r.groups[r.depth].offset,
		    "( without )");
	return true;
}
