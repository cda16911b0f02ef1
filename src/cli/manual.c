#include "cli/manual.h"

#include <stdio.h>

#include "tools/args.h"

/* Text as roff takes it: each sentence on a line of its own, and nothing in
 * it a request or an escape. */
static void
put_text(const char *text)
{
	bool start = true;

	for (; *text != '\0'; text++) {
		if (start && (*text == '.' || *text == '\''))
			(void)fputs("\\&", stdout);
		start = false;
		if (*text == '\\')
			(void)fputs("\\e", stdout);
		else
			(void)putchar(*text);
		if (*text == '.' && text[1] == ' ') {
			(void)putchar('\n');
			start = true;
			text++;
		}
	}
	(void)putchar('\n');
}

static void
manual_param(const struct param *p)
{
	struct buf form;

	(void)printf(".It Cm %s\n", p->name);
	put_text(p->help);
	(void)fputs(".br\n", stdout);
	buf_init(&form, 400);
	param_form(p, &form);
	(void)printf("Takes %.*s", (int)form.n, (const char *)form.p);
	if (p->initial != NULL)
		(void)printf("; default: %s", p->initial);
	(void)printf("%s.\n", p->required ? "; required" : "");
	buf_free(&form);
}

static void
manual_output(const char *output)
{
	struct span left = span_text(output);
	bool first = true;

	(void)fputs(".Pp\nAnswer:\n", stdout);
	while (left.n > 0) {
		struct span word = span_first(left, span_find_byte(left, ' '));

		left = span_after(left, word.n + 1);
		(void)printf("%s.Va %.*s", first ? "" : " ,\n", (int)word.n,
		    (const char *)word.p);
		first = false;
	}
	(void)fputs(" .\n", stdout);
}

static void
manual_tool(const struct tool *tool)
{
	(void)printf(".Ss %s\n", tool->name);
	(void)printf("%s (module %s).\n.Pp\n", tool->title, tool->module);
	put_text(tool->help);
	(void)fputs(".Bl -tag -width Ds\n", stdout);
	for (const struct param *p = tool->params; p->name != NULL; p++)
		manual_param(p);
	(void)fputs(".El\n", stdout);
	manual_output(tool->output);
}

void
manual(void)
{
	(void)fputs(".\\\" Made by `mcpcap --man`: do not edit.\n"
	    ".Dd $Mdocdate$\n"
	    ".Dt MCPCAP-TOOLS 7\n"
	    ".Os\n"
	    ".Sh NAME\n"
	    ".Nm mcpcap-tools\n"
	    ".Nd the tools of mcpcap and their parameters\n"
	    ".Sh DESCRIPTION\n"
	    "Each tool is offered to MCP clients and on the command line, as\n"
	    ".Dl mcpcap TOOL CAPTURE --parameter VALUE\n"
	    "where\n"
	    ".Cm server_ip\n"
	    "is written\n"
	    ".Fl -server-ip ,\n"
	    "and a choice of yes and no\n"
	    ".Fl -name\n"
	    "or\n"
	    ".Fl -no-name .\n"
	    "Of the members named as an answer\n"
	    "those that do not apply are left out.\n"
	    ".Sh TOOLS\n", stdout);
	for (size_t i = 0; i < tool_count; i++)
		manual_tool(tools[i]);
	(void)fputs(".Sh SEE ALSO\n.Xr mcpcap 1\n", stdout);
}
