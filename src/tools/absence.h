#ifndef TOOLS_ABSENCE_H
#define TOOLS_ABSENCE_H

#include "tools/tool.h"

/*
 * "message" of an answer whose filter let nothing through: how many packets
 * were looked at, and which protocols of the filter the capture lacks.
 */
void absence_report(const struct tool_call *call, struct json *j);

#endif
