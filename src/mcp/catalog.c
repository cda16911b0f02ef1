#include "mcp/catalog.h"

#include "base/text.h"
#include "tools/schema.h"

#define PLACE "{pcap_file}"

/* A prompt is on when a tool of its module is. */
static bool
is_on(const struct catalog *c, const char *module)
{
	for (size_t i = 0; i < tool_count; i++) {
		if ((c->on >> i & 1) != 0 &&
		    strcmp(tools[i]->module, module) == 0)
			return true;
	}
	return false;
}

void
catalog_tools(const struct catalog *c, struct json *j)
{
	schema_tools(c->on, c->open_world, j);
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
		if (is_on(c, prompts[i]->module))
			prompt_write(j, prompts[i]);
	}
	json_end(j);
}

const struct tool *
catalog_tool(const struct catalog *c, struct span name)
{
	for (size_t i = 0; i < tool_count; i++) {
		if ((c->on >> i & 1) != 0 && span_is(name, tools[i]->name))
			return tools[i];
	}
	return NULL;
}

const struct prompt *
catalog_prompt(const struct catalog *c, struct span name)
{
	for (size_t i = 0; i < prompt_count; i++) {
		if (span_is(name, prompts[i]->name) &&
		    is_on(c, prompts[i]->module))
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
