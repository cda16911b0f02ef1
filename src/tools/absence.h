#ifndef TOOLS_ABSENCE_H
#define TOOLS_ABSENCE_H

#include "tools/tool.h"

/*
 * "message" of an answer whose filter let nothing through: how many packets
 * were looked at, and which protocols of the filter the capture lacks.
 */
void absence_report(const struct tool_call *call, struct json *j);

/* Why there is no such frame, as call->error: beyond the last, or not a packet
 * but another block, some of which have numbers in Wireshark. */
void absence_of_frame(const struct tool_call *call, uint64_t frame);

#endif
