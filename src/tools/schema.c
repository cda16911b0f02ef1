#include "tools/schema.h"

#include "tools/args.h"

static const char *
type_word(enum param_type type)
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
schema_number(const char *name, double value, struct json *j)
{
	if (value >= 0 && value == (double)(uint64_t)value)
		json_uint(j, name, (uint64_t)value);
	else
		json_double(j, name, value);
}

static void
schema_range(const struct param *p, struct json *j)
{
	if (p->type == PARAM_PORT) {
		json_uint(j, "minimum", 0);
		json_uint(j, "maximum", 65535);
	}
	if (p->type != PARAM_UINT && p->type != PARAM_NUMBER)
		return;
	schema_number("minimum", p->min, j);
	if (p->max != 0)
		schema_number("maximum", p->max, j);
}

static void
schema_default(const struct param *p, struct json *j)
{
	struct span text;

	if (p->initial == NULL)
		return;
	text = span_text(p->initial);
	switch (p->type) {
	case PARAM_UINT:
	case PARAM_PORT:
	case PARAM_NUMBER:
	case PARAM_BOOL:
		json_raw(j, "default", text); /* written as in JSON */
		return;
	case PARAM_LIST:
		return;
	default:
		json_span(j, "default", text);
	}
}

static void
schema_param(const struct param *p, struct json *j)
{
	json_object(j, p->name);
	json_text(j, "type", type_word(p->type));
	json_text(j, "description", p->help);
	schema_range(p, j);
	if (p->type == PARAM_ENUM) {
		json_array(j, "enum");
		for (const char *const *c = p->choices; *c != NULL; c++)
			json_text(j, NULL, *c);
		json_end(j);
	}
	if (p->type == PARAM_LIST) {
		json_object(j, "items");
		json_text(j, "type", "string");
		json_end(j);
	}
	schema_default(p, j);
	json_end(j);
}

void
schema_input(const struct tool *tool, struct json *j, const char *name)
{
	const struct param *p;

	json_object(j, name);
	json_text(j, "type", "object");
	json_object(j, "properties");
	for (p = tool->params; p->name != NULL; p++)
		schema_param(p, j);
	json_end(j);
	json_array(j, "required");
	for (p = tool->params; p->name != NULL; p++)
		if (p->required)
			json_text(j, NULL, p->name);
	json_end(j);
	json_bool(j, "additionalProperties", false);
	json_end(j);
}

static const char *
output_type(struct span letter)
{
	static const char *const types[] = { "object", "array", "string",
		"integer", "number", "boolean" };

	for (size_t i = 0; i < LENGTH(types); i++)
		if (span_equal(span_first(span_text(types[i]), 1), letter))
			return types[i];
	return "object";
}

/* "file:s packets:a" */
void
schema_output(const struct tool *tool, struct json *j, const char *name)
{
	struct span left = span_text(tool->output);
	char key[64];

	json_object(j, name);
	json_text(j, "type", "object");
	json_object(j, "properties");
	while (left.n > 0) {
		struct span word = span_first(left, span_find_byte(left, ' '));
		struct span type = span_after(word,
		    span_find_byte(word, ':') + 1);

		left = span_after(left, word.n + 1);
		if (type.n == 0 || word.n - type.n > sizeof(key))
			continue;
		word.n -= type.n + 1;
		memcpy(key, word.p, word.n);
		key[word.n] = '\0';
		json_object(j, key);
		json_text(j, "type", output_type(span_first(type, 1)));
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

void
schema_tool(const struct tool *tool, bool open_world, struct json *j)
{
	json_object(j, NULL);
	json_text(j, "name", tool->name);
	json_text(j, "title", tool->title);
	json_text(j, "description", tool->help);
	schema_input(tool, j, "inputSchema");
	schema_output(tool, j, "outputSchema");
	json_object(j, "annotations");
	json_bool(j, "readOnlyHint", true);
	json_bool(j, "destructiveHint", false);
	json_bool(j, "idempotentHint", true);
	json_bool(j, "openWorldHint", open_world);
	json_end(j);
	json_end(j);
}

void
schema_tools(uint64_t on, bool open_world, struct json *j, const char *name)
{
	json_array(j, name);
	for (size_t i = 0; i < tool_count; i++)
		if ((on >> i & 1) != 0)
			schema_tool(tools[i], open_world, j);
	json_end(j);
}
