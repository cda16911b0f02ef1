#ifndef TOOLS_REGISTRY_H
#define TOOLS_REGISTRY_H

#include "tools/tool.h"

/*
 * The list of all tools, and the modules of --modules.  A set of tools is a
 * word with a bit for each number in tools[].
 */
#define TOOLS_ALL (~UINT64_C(0))

const struct tool *tool_find(struct span name);
/* The names nearest to a mistyped one; returns how many. */
size_t tool_nearest(struct span name, const char **near, size_t max);
/* "dns,dhcp" to the set of their tools; false: `error` names the wrong word
 * and the modules there are. */
bool modules_read(struct span list, uint64_t *on, struct buf *error);

#endif
