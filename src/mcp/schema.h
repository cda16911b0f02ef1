#ifndef MCP_SCHEMA_H
#define MCP_SCHEMA_H

#include "base/json.h"
#include "tools/tool.h"

/* JSON Schema of a tool's row, as plain as every client takes it: an object
 * of flat properties, no references, no combinations at the root. */
void schema_input(struct json *j, const char *name, const struct tool *t);
void schema_output(struct json *j, const char *name, const struct tool *t);

#endif
