#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "tools/tool.h"

/*
 * `mcpcap TOOL CAPTURE... [--parameter VALUE]`: one answer a capture on
 * stdout, and nothing else there.  Each is worked out in a worker process,
 * as in the server.
 */

/* Options of a question besides the tool's own parameters. */
struct ask_option {
	const char *name;
	const char *value; /* NULL: a flag */
	const char *help;
	bool obeyed; /* only of tools with obeys_max_packets */
};

extern const struct ask_option ask_options[]; /* ends in a NULL name */

/* Not every option holds for every tool. */
bool ask_option_of(const struct ask_option *o, const struct tool *tool);

/* argv[1] names the tool.  Gives the exit status: 0 answered, 1 the tool
 * says why it cannot, 2 usage. */
int ask(const struct tool *tool, int argc, char **argv);

#endif
