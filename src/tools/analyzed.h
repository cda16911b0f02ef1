#ifndef TOOLS_ANALYZED_H
#define TOOLS_ANALYZED_H

#include "tools/tool.h"

/* "dns_packets_analyzed" for `name` "dns", and when --max-packets left some
 * of those found out: a note, and what it does to the quality. */
void analyzed_report(const struct tool_call *call, const char *name,
    uint64_t found, uint64_t analyzed);

#endif
