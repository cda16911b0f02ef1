/*
 * Prints the answers of all tools to all questions about captures, a line
 * each: to be the same from every compiler, libc and machine.
 *	answers CAPTURE...
 */
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "tools/registry.h"

static void
answer(const struct tool *tool, const char *arguments, const char *path,
    struct span capture)
{
	const char *name = strrchr(path, '/');
	struct asked a;

	ask_bytes(&a, tool, arguments, capture);
	(void)printf("%s %s %s: %.*s\n", name == NULL ? path : name + 1,
	    tool->name, arguments, (int)(a.good ? a.answer.n : a.error.n),
	    (const char *)(a.good ? a.answer.p : a.error.p));
	ask_free(&a);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct span capture = ask_read(argv[i]);

		for (size_t k = 0; k < tool_count; k++)
			answer(tools[k], "", argv[i], capture);
		for (size_t k = 0; ask_questions[k].tool != NULL; k++)
			answer(tool_find(span_text(ask_questions[k].tool)),
			    ask_questions[k].arguments, argv[i], capture);
		free((void *)capture.p);
	}
	return 0;
}
