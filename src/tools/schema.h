#ifndef TOOLS_SCHEMA_H
#define TOOLS_SCHEMA_H

#include "tools/tool.h"

/*
 * Tools as MCP lists them: plain JSON Schema that every provider takes (an
 * object with properties, no $ref, no oneOf, nothing but the listed names).
 */

/* One entry of tools/list: name, title, description, schemas, annotations.
 * `open_world`: the tool may fetch URLs. */
void schema_tool(const struct tool *tool, bool open_world, struct json *j);
/* An array of the tools whose bit (by number in tools[]) is set in `on`. */
void schema_tools(uint64_t on, bool open_world, struct json *j);

#endif
