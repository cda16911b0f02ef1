#include "mcp/catalog.h"

#include "base/text.h"
#include "mcp/schema.h"

#define PLACE "{pcap_file}"

static bool
is_wanted(const struct catalog *c, const char *module)
{
	return c->wanted == NULL || c->wanted(c->context, module);
}

static void
annotations_write(const struct catalog *c, struct json *j,
    const struct tool *t)
{
	json_object(j, "annotations");
	json_text(j, "title", t->title);
	json_bool(j, "readOnlyHint", true);
	json_bool(j, "destructiveHint", false);
	json_bool(j, "idempotentHint", true);
	json_bool(j, "openWorldHint", c->open_world);
	json_end(j);
}

static void
tool_write(const struct catalog *c, struct json *j, const struct tool *t)
{
	json_object(j, NULL);
	json_text(j, "name", t->name);
	json_text(j, "title", t->title);
	json_text(j, "description", t->help);
	schema_input(j, "inputSchema", t);
	schema_output(j, "outputSchema", t);
	annotations_write(c, j, t);
	json_end(j);
}

void
catalog_tools(const struct catalog *c, struct json *j)
{
	json_array(j, NULL);
	for (size_t i = 0; i < tool_count; i++) {
		if (is_wanted(c, tools[i]->module))
			tool_write(c, j, tools[i]);
	}
	json_end(j);
}

static void
prompt_write(struct json *j, const struct prompt *p)
{
	json_object(j, NULL);
	json_text(j, "name", p->name);
	json_text(j, "title", p->title);
	json_text(j, "description", p->help);
	json_array(j, "arguments");
	json_object(j, NULL);
	json_text(j, "name", "pcap_file");
	json_text(j, "description", "Capture to work on: path, or http(s) URL");
	json_bool(j, "required", false);
	json_end(j);
	json_end(j);
	json_end(j);
}

void
catalog_prompts(const struct catalog *c, struct json *j)
{
	json_array(j, NULL);
	for (size_t i = 0; i < prompt_count; i++) {
		if (is_wanted(c, prompts[i]->module))
			prompt_write(j, prompts[i]);
	}
	json_end(j);
}

const struct tool *
catalog_tool(const struct catalog *c, struct span name)
{
	for (size_t i = 0; i < tool_count; i++) {
		if (span_is(name, tools[i]->name) &&
		    is_wanted(c, tools[i]->module))
			return tools[i];
	}
	return NULL;
}

const struct prompt *
catalog_prompt(const struct catalog *c, struct span name)
{
	for (size_t i = 0; i < prompt_count; i++) {
		if (span_is(name, prompts[i]->name) &&
		    is_wanted(c, prompts[i]->module))
			return prompts[i];
	}
	return NULL;
}

static void
line_write(struct span line, struct span pcap_file, struct buf *out)
{
	while (line.n > 0) {
		size_t n = span_find(line, span_text(PLACE));

		buf_span(out, span_first(line, n));
		if (n < line.n && pcap_file.n > 0)
			text_escape(out, pcap_file, 4096);
		else if (n < line.n)
			buf_text(out, "the capture");
		line = span_after(line, n + strlen(PLACE));
	}
	buf_byte(out, '\n');
}

void
catalog_prompt_text(const struct prompt *p, struct span pcap_file,
    struct buf *out)
{
	for (size_t i = 0; p->body[i] != NULL; i++)
		line_write(span_text(p->body[i]), pcap_file, out);
}
