#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/completion.h"
#include "cli/doctor.h"
#include "cli/help.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "tools/registry.h"

#define USAGE 2

static int
usage(const struct buf *text)
{
	(void)fprintf(stderr, "mcpcap: %.*s\nTry: mcpcap --help\n",
	    (int)text->n, (const char *)text->p);
	return USAGE;
}

static int
unknown_tool(const char *word)
{
	struct span name = span_text(word);
	const char *near;
	struct buf text;
	int status;

	buf_init(&text, 4096);
	buf_text(&text, "no tool is called \"");
	text_escape(&text, name, 60);
	buf_text(&text, "\"");
	if (tool_nearest(name, &near, 1) == 1)
		buf_printf(&text, "; did you mean %s?", near);
	else
		buf_text(&text, "; a question is mcpcap TOOL CAPTURE");
	status = usage(&text);
	buf_free(&text);
	return status;
}

static int
run_server(int argc, char **argv)
{
	struct serve_options options;
	struct buf error;
	int status;

	buf_init(&error, 4096);
	if (options_read(&options, argc, argv, &error))
		status = serve(&options);
	else
		status = usage(&error);
	buf_free(&error);
	return status;
}

/* Words that need no capture; false: argv[1] is none of them. */
static bool
run_word(int argc, char **argv, int *status)
{
	const char *word = argv[1];

	*status = 0;
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
	    strcmp(word, "help") == 0)
		help_program();
	else if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		help_version();
	else if (strcmp(word, "--man") == 0)
		manual();
	else if (strcmp(word, "doctor") == 0)
		*status = doctor();
	else if (strcmp(word, "completion") == 0)
		*status = completion(argc > 2 ? argv[2] : NULL);
	else
		return false;
	return true;
}

/*
 * Whoever started us may have closed the first three descriptors: no capture
 * and no connection shall be written to in their place.  What stands there
 * then reads as empty and takes nothing.  And may have us ignore the end of
 * our workers.
 */
static bool
start_clean(void)
{
	int fds[2];

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (pipe(fds) != 0) /* the lower end is this one */
			return false;
		close(fds[1]);
	}
	return signal(SIGCHLD, SIG_DFL) != SIG_ERR;
}

int
main(int argc, char **argv)
{
	const struct tool *tool;
	int status;

	if (!start_clean())
		return 1;
	if (argc < 2)
		return run_server(argc, argv);
	if (!run_word(argc, argv, &status)) {
		if (argv[1][0] == '-')
			return run_server(argc, argv);
		tool = tool_find(span_text(argv[1]));
		if (tool == NULL)
			return unknown_tool(argv[1]);
		return ask(tool, argc, argv);
	}
	if (fflush(stdout) != 0 && status == 0)
		status = 1;
	return status;
}
