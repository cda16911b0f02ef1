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

/* The whole list has a budget (surface.md, rule 11): bounds that nobody
 * meets, and that counting begins at 1, are left to the error texts. */
static void
schema_range(const struct param *p, struct json *j)
{
	if (p->plain || (p->type != PARAM_UINT && p->type != PARAM_NUMBER))
		return;
	if (p->min > 1)
		schema_number("minimum", p->min, j);
	if (p->max != 0 && p->max < 100000)
		schema_number("maximum", p->max, j);
}

static void
schema_default(const struct param *p, struct json *j)
{
	struct span text;

	if (p->initial == NULL || p->plain)
		return;
	text = span_text(p->initial);
	switch (p->type) {
	case PARAM_UINT:
	case PARAM_PORT:
	case PARAM_NUMBER:
		json_raw(j, "default", text); /* written as in JSON */
		return;
	case PARAM_BOOL:
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
	if (!p->plain)
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

static void
required(const struct tool *tool, struct json *j)
{
	bool begun = false;

	for (const struct param *p = tool->params; p->name != NULL; p++) {
		if (!p->required)
			continue;
		if (!begun)
			json_array(j, "required");
		begun = true;
		json_text(j, NULL, p->name);
	}
	if (begun)
		json_end(j);
}

/* {"type":"object","properties":{...},"required":[...], ...} */
static void
input(const struct tool *tool, struct json *j)
{
	const struct param *p;

	json_object(j, "inputSchema");
	json_text(j, "type", "object");
	json_object(j, "properties");
	for (p = tool->params; p->name != NULL; p++)
		schema_param(p, j);
	json_end(j);
	required(tool, j);
	json_bool(j, "additionalProperties", false);
	json_end(j);
}

void
schema_tool(const struct tool *tool, bool open_world, struct json *j)
{
	json_object(j, NULL);
	json_text(j, "name", tool->name);
	json_text(j, "title", tool->title);
	json_text(j, "description", tool->help);
	input(tool, j);
	/* True of every answer; what is in it stands in the manual: the list
	 * has a budget. */
	json_object(j, "outputSchema");
	json_text(j, "type", "object");
	json_end(j);
	json_object(j, "annotations");
	json_bool(j, "readOnlyHint", true);
	json_bool(j, "destructiveHint", false);
	json_bool(j, "idempotentHint", true);
	json_bool(j, "openWorldHint", open_world);
	json_end(j);
	json_end(j);
}

void
schema_tools(uint64_t on, bool open_world, struct json *j)
{
	json_array(j, NULL);
	for (size_t i = 0; i < tool_count; i++)
		if ((on >> i & 1) != 0)
			schema_tool(tools[i], open_world, j);
	json_end(j);
}
