#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "tools/tool.h"

/* Texts for people, on stdout. */
void help_program(void);
void help_tool(const struct tool *tool);
void help_version(void);

#endif
