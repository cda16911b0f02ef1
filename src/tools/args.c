#include "tools/args.h"

#include <assert.h>

#include "base/number.h"
#include "base/text.h"

#define SHOWN 60          /* bytes of a wrong value that are shown */
#define NAME_MAX_BYTES 4096
#define LIST_MAX 256

struct reader {
	const struct tool *tool;
	struct arena *arena;
	struct buf *error;
};

static bool
no_memory(const struct reader *r)
{
	buf_text(r->error, "out of memory while reading the arguments");
	return false;
}

/* "limit: \"x\" is not accepted: give ..., for example 50." */
static bool
refuse(const struct reader *r, const struct param *p, struct span text)
{
	buf_printf(r->error, "%s: \"", p->name);
	text_escape(r->error, text, SHOWN);
	buf_text(r->error, "\" is not accepted; give ");
	param_form(p, r->error);
	buf_printf(r->error, ", for example %s", param_example(p));
	return false;
}

static bool
read_uint(const struct reader *r, struct arg *a, struct span text)
{
	const struct param *p = a->param;
	double max = p->max == 0 ? 9007199254740991.0 : p->max;

	if (p->type == PARAM_PORT)
		max = 65535;
	if (!span_read_uint(text, (uint64_t)max, &a->number) ||
	    (double)a->number < p->min)
		return refuse(r, p, text);
	return true;
}

static bool
read_real(const struct reader *r, struct arg *a, struct span text)
{
	const struct param *p = a->param;

	if (!number_read_double(text, &a->real) || a->real < p->min ||
	    (p->max != 0 && a->real > p->max))
		return refuse(r, p, text);
	return true;
}

static bool
read_bool(const struct reader *r, struct arg *a, struct span text)
{
	static const char *const yes[] = { "true", "yes", "on", "1" };
	static const char *const no[] = { "false", "no", "off", "0" };

	for (size_t i = 0; i < LENGTH(yes); i++) {
		a->number = span_is_nocase(text, yes[i]);
		if (a->number != 0 || span_is_nocase(text, no[i]))
			return true;
	}
	return refuse(r, a->param, text);
}

static bool
read_enum(const struct reader *r, struct arg *a, struct span text)
{
	for (const char *const *c = a->param->choices; *c != NULL; c++) {
		if (!span_is_nocase(text, *c))
			continue;
		a->text = span_text(*c);
		return true;
	}
	return refuse(r, a->param, text);
}

static bool
read_addr(const struct reader *r, struct arg *a, struct span text)
{
	bool good;

	if (a->param->type == PARAM_NET)
		good = addr_read_net(text, &a->addr, &a->prefix);
	else
		good = addr_read(text, &a->addr);
	if (!good || a->addr.kind == ADDR_MAC)
		return refuse(r, a->param, text);
	return true;
}

static bool
read_filter(const struct reader *r, struct arg *a, struct span text)
{
	struct filter_error error = { 0 };

	a->text = text;
	a->filter = filter_compile(text, &error);
	if (a->filter != NULL)
		return true;
	buf_printf(r->error, "%s: at position %zu: %s", a->param->name,
	    error.offset + 1, error.text);
	return false;
}

static bool
read_name(const struct reader *r, struct arg *a, struct span text)
{
	if (text.n > NAME_MAX_BYTES || span_find_byte(text, 0) < text.n)
		return refuse(r, a->param, text);
	a->text = text;
	return true;
}

static bool
list_room(const struct reader *r, struct arg *a, size_t n)
{
	if (n > LIST_MAX) {
		buf_printf(r->error, "%s: more than %d entries",
		    a->param->name, LIST_MAX);
		return false;
	}
	a->list = arena_array(r->arena, n == 0 ? 1 : n, struct span);
	return a->list != NULL || no_memory(r);
}

/* "a,b" */
static bool
read_list(const struct reader *r, struct arg *a, struct span text)
{
	struct span left = text;
	size_t n = 0;

	for (; left.n > 0; n++)
		left = span_after(left, span_find_byte(left, ',') + 1);
	if (!list_room(r, a, n))
		return false;
	while (text.n > 0) {
		size_t comma = span_find_byte(text, ',');
		struct span word = span_trim(span_first(text, comma));

		if (word.n > 0)
			a->list[a->n++] = word;
		text = span_after(text, comma + 1);
	}
	return true;
}

static bool
read_text(const struct reader *r, struct arg *a, struct span text)
{
	switch (a->param->type) {
	case PARAM_UINT:
	case PARAM_PORT:
		return read_uint(r, a, span_trim(text));
	case PARAM_NUMBER:
		return read_real(r, a, span_trim(text));
	case PARAM_BOOL:
		return read_bool(r, a, span_trim(text));
	case PARAM_ENUM:
		return read_enum(r, a, span_trim(text));
	case PARAM_ADDR:
	case PARAM_NET:
		return read_addr(r, a, span_trim(text));
	case PARAM_FILTER:
		return read_filter(r, a, text);
	case PARAM_LIST:
		return read_list(r, a, text);
	case PARAM_CAPTURE:
		return read_name(r, a, text);
	case PARAM_TEXT:
	case PARAM_CURSOR:
		a->text = text;
		return true;
	}
	return false;
}

/* A value was given; empty is absent, unless it is required. */
static bool
read_given(const struct reader *r, struct arg *a, struct span text)
{
	if (a->given) {
		buf_printf(r->error, "%s: given twice", a->param->name);
		return false;
	}
	if (text.n == 0)
		return true;
	a->given = true;
	return read_text(r, a, text);
}

static bool
read_array(const struct reader *r, struct arg *a, const struct json_value *v)
{
	if (a->param->type != PARAM_LIST)
		return refuse(r, a->param, span_text("an array"));
	if (!list_room(r, a, v->n))
		return false;
	for (v = v->first; v != NULL; v = v->next) {
		if (v->kind != JSON_STRING && v->kind != JSON_NUMBER)
			return refuse(r, a->param,
			    span_text("an array of other things"));
		a->list[a->n++] = v->text;
	}
	a->given = a->n > 0;
	return true;
}

/* 10.0 and 1e1 are whole numbers too. */
static struct span
number_text(const struct reader *r, const struct json_value *v)
{
	char out[NUMBER_TEXT];

	if (!v->is_integer)
		return v->text;
	return arena_copy(r->arena, span_of(out, number_int(out, v->integer)));
}

static bool
read_json(const struct reader *r, struct arg *a, const struct json_value *v)
{
	switch (v->kind) {
	case JSON_NULL:
		return true;
	case JSON_FALSE:
		return read_given(r, a, span_text("false"));
	case JSON_TRUE:
		return read_given(r, a, span_text("true"));
	case JSON_NUMBER:
		return read_given(r, a, number_text(r, v));
	case JSON_STRING:
		return read_given(r, a, v->text);
	case JSON_ARRAY:
		return read_array(r, a, v);
	case JSON_OBJECT:
		return refuse(r, a->param, span_text("an object"));
	}
	return false;
}

static bool
refuse_name(const struct reader *r, struct span name)
{
	const struct param *p = r->tool->params;
	const char *names[TOOL_PARAMS], *near;
	size_t n = 0;

	buf_text(r->error, "unknown parameter \"");
	text_escape(r->error, name, SHOWN);
	buf_text(r->error, "\"");
	for (; p->name != NULL && n < TOOL_PARAMS; p++)
		names[n++] = p->name;
	if (text_nearest(name, names, n, &near, 1) == 1)
		buf_printf(r->error, ": did you mean \"%s\"?", near);
	else
		buf_byte(r->error, ';');
	buf_printf(r->error, " %s takes", r->tool->name);
	for (size_t i = 0; i < n; i++)
		buf_printf(r->error, "%s %s", i == 0 ? "" : ",", names[i]);
	return false;
}

static struct arg *
arg_find(const struct reader *r, struct args *a, struct span name)
{
	const struct param *p = param_find(r->tool, name);

	if (p != NULL)
		return &a->arg[p - r->tool->params];
	(void)refuse_name(r, name);
	return NULL;
}

static void
args_start(struct args *a, const struct tool *tool)
{
	memset(a, 0, sizeof(*a));
	a->n = param_count(tool);
	for (size_t i = 0; i < a->n; i++) {
		a->arg[i].param = &tool->params[i];
		a->arg[i].text = span_empty();
	}
}

/* Puts in what was not given. */
static bool
args_finish(const struct reader *r, struct args *a)
{
	for (size_t i = 0; i < a->n; i++) {
		struct arg *arg = &a->arg[i];
		const struct param *p = arg->param;

		if (arg->given)
			continue;
		if (p->required) {
			buf_printf(r->error, "%s is missing; give ", p->name);
			param_form(p, r->error);
			buf_printf(r->error, ", for example %s",
			    param_example(p));
			return false;
		}
		if (p->initial == NULL)
			continue;
		arg->given = arg->defaulted = true;
		if (!read_text(r, arg, span_text(p->initial)))
			return false;
	}
	return true;
}

bool
args_read_json(struct args *a, const struct tool *tool,
    const struct json_value *object, struct arena *arena, struct buf *error)
{
	const struct reader r = { tool, arena, error };
	const struct json_value *v;

	args_start(a, tool);
	if (object != NULL && object->kind == JSON_NULL)
		object = NULL;
	if (object != NULL && object->kind != JSON_OBJECT) {
		buf_text(error, "the arguments must be an object, for example "
		    "{\"pcap_file\":\"capture.pcap\"}");
		return false;
	}
	for (v = object == NULL ? NULL : object->first; v != NULL;
	    v = v->next) {
		struct arg *arg = arg_find(&r, a, v->name);

		if (arg == NULL || !read_json(&r, arg, v))
			return false;
	}
	return args_finish(&r, a);
}

bool
args_read_words(struct args *a, const struct tool *tool,
    const struct arg_word *words, size_t n, struct arena *arena,
    struct buf *error)
{
	const struct reader r = { tool, arena, error };

	args_start(a, tool);
	for (size_t i = 0; i < n; i++) {
		struct arg *arg = arg_find(&r, a, words[i].name);

		if (arg == NULL || !read_given(&r, arg, words[i].text))
			return false;
	}
	return args_finish(&r, a);
}

void
args_free(struct args *a)
{
	for (size_t i = 0; i < a->n; i++) {
		filter_free(a->arg[i].filter);
		a->arg[i].filter = NULL;
	}
}

unsigned
arg_choice(const struct arg *a)
{
	const char *const *choices = a->param->choices;

	for (unsigned i = 0; choices[i] != NULL; i++)
		if (span_is(a->text, choices[i]))
			return i;
	return 0;
}

const struct arg *
args_find(const struct args *a, const char *name)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->arg[i].param->name, name) == 0)
			return &a->arg[i];
	return NULL;
}

const struct arg *
args_get(const struct args *a, const char *name)
{
	const struct arg *arg = args_find(a, name);

	assert(arg != NULL && "no such parameter");
	return arg;
}
