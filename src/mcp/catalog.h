#ifndef MCP_CATALOG_H
#define MCP_CATALOG_H

#include "base/json.h"
#include "tools/prompt.h"
#include "tools/tool.h"

/*
 * What the lists say: the rows of the tools and prompts floors as the JSON of
 * tools/list and prompts/list.
 */
struct catalog {
	uint64_t on;     /* tools by number, as modules_read() gives them */
	bool open_world; /* captures may be fetched from elsewhere */
};

void catalog_tools(const struct catalog *c, struct json *j);
void catalog_prompts(const struct catalog *c, struct json *j);
/* NULL: unknown, or its module is off. */
const struct tool *catalog_tool(const struct catalog *c, struct span name);
const struct prompt *catalog_prompt(const struct catalog *c,
    struct span name);
/* The prompt's message with the capture's name put in; empty: none given. */
void catalog_prompt_text(const struct prompt *p, struct span pcap_file,
    struct buf *out);

#endif
