#include "mcp/schema.h"

static const char *
type_name(enum param_type type)
{
	switch (type) {
	case PARAM_UINT:
	case PARAM_PORT:
		return "integer";
	case PARAM_NUMBER:
		return "number";
	case PARAM_BOOL:
		return "boolean";
	case PARAM_LIST:
		return "array";
	default:
		return "string";
	}
}

static void
number_write(struct json *j, const char *name, const struct param *p,
    double value)
{
	if (p->type == PARAM_NUMBER)
		json_double(j, name, value);
	else
		json_uint(j, name, (uint64_t)value);
}

static void
range_write(struct json *j, const struct param *p)
{
	if (p->type == PARAM_PORT) {
		json_uint(j, "minimum", 0);
		json_uint(j, "maximum", 65535);
		return;
	}
	if (p->type != PARAM_UINT && p->type != PARAM_NUMBER)
		return;
	number_write(j, "minimum", p, p->min);
	if (p->max > 0)
		number_write(j, "maximum", p, p->max);
}

static void
initial_write(struct json *j, const struct param *p)
{
	if (p->initial == NULL)
		return;
	switch (p->type) {
	case PARAM_UINT:
	case PARAM_PORT:
	case PARAM_NUMBER:
	case PARAM_BOOL:
		/* Written in the row as JSON writes it. */
		json_raw(j, "default", span_text(p->initial));
		break;
	case PARAM_LIST:
		break;
	default:
		json_text(j, "default", p->initial);
	}
}

static void
choices_write(struct json *j, const struct param *p)
{
	json_array(j, "enum");
	for (size_t i = 0; p->choices[i] != NULL; i++)
		json_text(j, NULL, p->choices[i]);
	json_end(j);
}

static void
property_write(struct json *j, const struct param *p)
{
	json_object(j, p->name);
	json_text(j, "type", type_name(p->type));
	json_text(j, "description", p->help);
	if (p->type == PARAM_ENUM && p->choices != NULL)
		choices_write(j, p);
	if (p->type == PARAM_LIST) {
		json_object(j, "items");
		json_text(j, "type", "string");
		json_end(j);
	}
	range_write(j, p);
	initial_write(j, p);
	json_end(j);
}

void
schema_input(struct json *j, const char *name, const struct tool *t)
{
	json_object(j, name);
	json_text(j, "type", "object");
	json_object(j, "properties");
	for (const struct param *p = t->params; p->name != NULL; p++)
		property_write(j, p);
	json_end(j);
	json_array(j, "required");
	for (const struct param *p = t->params; p->name != NULL; p++) {
		if (p->required)
			json_text(j, NULL, p->name);
	}
	json_end(j);
	json_bool(j, "additionalProperties", false);
	json_end(j);
}

static const char *
letter_type(uint8_t letter)
{
	switch (letter) {
	case 'o':
		return "object";
	case 'a':
		return "array";
	case 'i':
		return "integer";
	case 'n':
		return "number";
	case 'b':
		return "boolean";
	default:
		return "string";
	}
}

/* "name:type" */
static void
output_write(struct json *j, struct span word)
{
	size_t colon = span_find_byte(word, ':');

	if (colon == 0 || colon + 1 >= word.n)
		return;
	json_object_foreign(j, span_first(word, colon));
	json_text(j, "type", letter_type(word.p[colon + 1]));
	json_end(j);
}

void
schema_output(struct json *j, const char *name, const struct tool *t)
{
	struct span left = span_text(t->output);

	json_object(j, name);
	json_text(j, "type", "object");
	json_object(j, "properties");
	while (left.n > 0) {
		size_t n = span_find_byte(left, ' ');

		output_write(j, span_first(left, n));
		left = span_after(left, n + 1);
	}
	json_end(j);
	json_end(j);
}
