#include "base/json_read.h"

#include "base/json_string.h"
#include "base/number.h"
#include "base/table.h"

#define DEPTH_MAX 64
#define VALUES_MAX 100000
/* Up to so many keys are compared each with each, more are sorted. */
#define FEW_KEYS 8
/* The largest double below which every integer has its own. */
#define EXACT_MAX 9007199254740992.0

struct level {
	struct json_value *container, *last;
};

struct reader {
	struct arena *arena;
	struct span source;
	size_t pos;
	enum json_error error;
	size_t values;
	unsigned depth;
	struct level levels[DEPTH_MAX];
};

static bool
fail(struct reader *r, enum json_error error)
{
	if (r->error == JSON_OK)
		r->error = error;
	return false;
}

/* The next byte, or 0 at the end: no byte of a good document is 0. */
static uint8_t
peek(const struct reader *r)
{
	return r->pos < r->source.n ? r->source.p[r->pos] : 0;
}

static void
skip_space(struct reader *r)
{
	while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n' ||
	    peek(r) == '\r')
		r->pos++;
}

static bool
read_string(struct reader *r, struct span *text)
{
	enum json_error error;

	error = json_string(r->arena, r->source, &r->pos, text);
	return error == JSON_OK ? true : fail(r, error);
}

static bool
read_word(struct reader *r, const char *word)
{
	if (!span_starts(span_after(r->source, r->pos), word))
		return fail(r, JSON_SYNTAX);
	r->pos += strlen(word);
	return true;
}

/* Digits alone, with or without a sign, in 64 bits; else a double that is
 * whole and small enough to be exact. */
static void
read_integer(struct json_value *v)
{
	bool minus = v->text.p[0] == '-';
	uint64_t max = (uint64_t)INT64_MAX + minus, n;

	if (span_read_uint(span_after(v->text, minus), max, &n)) {
		v->integer = minus ? (int64_t)(0 - n) : (int64_t)n;
		v->is_integer = true;
		return;
	}
	if (v->number < -EXACT_MAX || v->number > EXACT_MAX)
		return;
	v->integer = (int64_t)v->number;
	v->is_integer = (double)v->integer == v->number;
}

static bool
is_of_number(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
	    c == 'e' || c == 'E';
}

static bool
read_number(struct reader *r, struct json_value *v)
{
	size_t start = r->pos;

	while (is_of_number(peek(r)))
		r->pos++;
	v->text = span_of(r->source.p + start, r->pos - start);
	if (v->text.n == 0)
		return fail(r, JSON_SYNTAX);
	if (!number_read_double(v->text, &v->number)) {
		r->pos = start;
		return fail(r, JSON_BAD_NUMBER);
	}
	read_integer(v);
	return true;
}

static bool
read_scalar(struct reader *r, struct json_value *v)
{
	switch (peek(r)) {
	case '"':
		v->kind = JSON_STRING;
		return read_string(r, &v->text);
	case 'n':
		v->kind = JSON_NULL;
		return read_word(r, "null");
	case 't':
		v->kind = JSON_TRUE;
		return read_word(r, "true");
	case 'f':
		v->kind = JSON_FALSE;
		return read_word(r, "false");
	default:
		v->kind = JSON_NUMBER;
		return read_number(r, v);
	}
}

static int
compare_names(const void *context, uint32_t a, uint32_t b)
{
	const struct json_value *const *members = context;

	return span_compare(members[a]->name, members[b]->name);
}

static bool
duplicate(struct reader *r, const struct json_value *member)
{
	r->pos = (size_t)(member->raw.p - r->source.p);
	return fail(r, JSON_DUPLICATE_KEY);
}

static bool
many_names_differ(struct reader *r, const struct json_value *object)
{
	size_t n = object->n, i = 0;
	const struct json_value **members =
	    arena_array(r->arena, n, const struct json_value *);
	uint32_t *order = arena_array(r->arena, 2 * n, uint32_t);

	if (members == NULL || order == NULL)
		return fail(r, JSON_NO_MEMORY);
	for (const struct json_value *m = object->first; m != NULL; m = m->next)
		members[i++] = m;
	sort_order(order, order + n, n, compare_names, members);
	for (i = 1; i < n; i++) {
		const struct json_value *m = members[order[i]];

		if (span_equal(members[order[i - 1]]->name, m->name))
			return duplicate(r, m);
	}
	return true;
}

static bool
names_differ(struct reader *r, const struct json_value *object)
{
	const struct json_value *a, *b;

	if (object->n > FEW_KEYS)
		return many_names_differ(r, object);
	for (a = object->first; a != NULL; a = a->next) {
		for (b = a->next; b != NULL; b = b->next) {
			if (span_equal(a->name, b->name))
				return duplicate(r, b);
		}
	}
	return true;
}

/* The next member's name and colon. */
static bool
read_name(struct reader *r, struct span *name)
{
	skip_space(r);
	if (peek(r) != '"')
		return fail(r, JSON_SYNTAX);
	if (!read_string(r, name))
		return false;
	skip_space(r);
	if (peek(r) != ':')
		return fail(r, JSON_SYNTAX);
	r->pos++;
	return true;
}

static struct json_value *
append(struct reader *r)
{
	struct level *level = r->levels + r->depth;
	struct json_value *v;

	if (++r->values > VALUES_MAX) {
		fail(r, JSON_TOO_LARGE);
		return NULL;
	}
	v = arena_new(r->arena, struct json_value);
	if (v == NULL) {
		fail(r, JSON_NO_MEMORY);
		return NULL;
	}
	v->name = v->text = span_empty();
	if (r->depth == 0)
		return v;
	level--;
	if (level->last == NULL)
		level->container->first = v;
	else
		level->last->next = v;
	level->last = v;
	level->container->n++;
	return v;
}

static bool
open_container(struct reader *r, struct json_value *v)
{
	if (r->depth == DEPTH_MAX)
		return fail(r, JSON_TOO_DEEP);
	v->kind = peek(r) == '{' ? JSON_OBJECT : JSON_ARRAY;
	r->levels[r->depth++] = (struct level){ v, NULL };
	r->pos++;
	return true;
}

static uint8_t
closer(const struct json_value *container)
{
	return container->kind == JSON_OBJECT ? '}' : ']';
}

static bool
in_object(const struct reader *r)
{
	return r->depth > 0 &&
	    r->levels[r->depth - 1].container->kind == JSON_OBJECT;
}

/* One value with the name before it, if it has one; of a container only
 * its opening bracket. */
static struct json_value *
read_value(struct reader *r)
{
	struct span name = span_empty();
	struct json_value *v;
	bool good;

	if (in_object(r) && !read_name(r, &name))
		return NULL;
	skip_space(r);
	v = append(r);
	if (v == NULL)
		return NULL;
	v->name = name;
	v->raw = span_after(r->source, r->pos);
	if (peek(r) == '{' || peek(r) == '[')
		good = open_container(r, v);
	else
		good = read_scalar(r, v);
	v->raw.n -= r->source.n - r->pos;
	return good ? v : NULL;
}

/* Ends the containers that end here and passes the comma before the next
 * value, if there is to be one. */
static bool
close_containers(struct reader *r)
{
	while (r->depth > 0) {
		const struct level *level = r->levels + r->depth - 1;
		struct json_value *v = level->container;

		skip_space(r);
		if (peek(r) != closer(v)) {
			if (level->last == NULL)
				return true;
			if (peek(r) != ',')
				return fail(r, JSON_SYNTAX);
			r->pos++;
			return true;
		}
		r->pos++;
		r->depth--;
		v->raw.n = (size_t)(r->source.p + r->pos - v->raw.p);
		if (v->kind == JSON_OBJECT && !names_differ(r, v))
			return false;
	}
	return true;
}

static const struct json_value *
read_document(struct reader *r)
{
	const struct json_value *root = NULL;

	do {
		const struct json_value *v = read_value(r);

		if (v == NULL || !close_containers(r))
			return NULL;
		if (root == NULL)
			root = v;
	} while (r->depth > 0);
	skip_space(r);
	if (r->pos < r->source.n) {
		fail(r, JSON_SYNTAX);
		return NULL;
	}
	return root;
}

const struct json_value *
json_read(
    struct arena *a, struct span source, enum json_error *error, size_t *offset)
{
	struct reader r = { .arena = a, .source = source };
	const struct json_value *root = read_document(&r);

	*error = r.error;
	*offset = r.pos;
	return root;
}

const char *
json_error_text(enum json_error error)
{
	switch (error) {
	case JSON_OK:
		return "no error";
	case JSON_SYNTAX:
		return "not valid JSON";
	case JSON_DUPLICATE_KEY:
		return "the same key twice in one object";
	case JSON_BAD_STRING:
		return "a string with U+0000, a control character, a lone "
		    "surrogate, invalid UTF-8 or an unknown escape";
	case JSON_BAD_NUMBER:
		return "not a valid number";
	case JSON_TOO_DEEP:
		return "nested too deep";
	case JSON_TOO_LARGE:
		return "too large";
	case JSON_NO_MEMORY:
		break;
	}
	return "out of memory";
}

const struct json_value *
json_get(const struct json_value *object, const char *name)
{
	const struct json_value *member;

	if (object == NULL || object->kind != JSON_OBJECT)
		return NULL;
	for (member = object->first; member != NULL; member = member->next) {
		if (span_is(member->name, name))
			return member;
	}
	return NULL;
}

struct span
json_get_text(const struct json_value *object, const char *name)
{
	const struct json_value *member = json_get(object, name);

	if (member == NULL || member->kind != JSON_STRING)
		return span_empty();
	return member->text;
}
