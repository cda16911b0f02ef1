#include "cli/help.h"

#include <stdio.h>

#include "cli/ask.h"
#include "cli/options.h"
#include "tools/args.h"

#define TEXT_AT 26 /* column of the explanations */
#define TEXT_WIDTH 79

/* Words wrapped at the page's edge, `at` columns from the left. */
static void
wrap(const char *text, size_t at, size_t indent)
{
	bool first = true;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		if (!first && at + 1 + n > TEXT_WIDTH) {
			(void)printf("\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			(void)putchar(' ');
			at++;
		}
		(void)printf("%.*s", (int)n, text);
		at += n;
		text += n;
		text += strspn(text, " ");
		first = false;
	}
	(void)putchar('\n');
}

static void
row(const char *name, const char *value, const char *help)
{
	int n = printf("  --%s%s%s", name, value == NULL ? "" : " ",
	    value == NULL ? "" : value);

	if (n < 0)
		return;
	if (n + 1 > TEXT_AT)
		(void)printf("\n%*s", TEXT_AT, "");
	else
		(void)printf("%*s", TEXT_AT - n, "");
	wrap(help, TEXT_AT, TEXT_AT);
}

/* All of them, or one group's. */
static void
help_options(const char *only)
{
	const char *group = "";

	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *o = &option_rows[i];

		if (only != NULL && strcmp(only, o->group) != 0)
			continue;
		if (strcmp(group, o->group) != 0)
			(void)printf("\n%s options:\n", o->group);
		group = o->group;
		row(o->name, o->value, o->help);
	}
}

void
help_program(void)
{
	(void)printf("mcpcap %s: questions about packet captures, answered\n\n"
	    "  mcpcap [OPTIONS]                    "
	    "MCP server on stdin and stdout\n"
	    "  mcpcap --transport http [OPTIONS]   "
	    "MCP server at http://HOST:PORT/mcp\n"
	    "  mcpcap TOOL CAPTURE... [OPTIONS]    "
	    "one answer a capture; - is standard input\n"
	    "  mcpcap TOOL --help                  "
	    "a tool's parameters\n"
	    "  mcpcap doctor                       "
	    "what this build and system can do\n"
	    "  mcpcap completion bash|zsh|fish     "
	    "shell completion\n"
	    "  mcpcap --help | --version\n\nTools:\n", MCPCAP_VERSION);
	for (size_t i = 0; i < tool_count; i++)
		(void)printf("  %-30s %s\n", tools[i]->name, tools[i]->title);
	(void)printf("\nOptions of a question (and those of remote captures):\n");
	for (const struct ask_option *o = ask_options; o->name != NULL; o++)
		row(o->name, o->value, o->help);
	help_options(NULL);
}

void
help_version(void)
{
	(void)printf("mcpcap %s\n", MCPCAP_VERSION);
}

static void
help_param(const struct param *p)
{
	char option[64], text[512];
	struct buf form;
	size_t i;

	for (i = 0; p->name[i] != '\0' && i + 1 < sizeof(option); i++)
		option[i] = p->name[i] == '_' ? '-' : p->name[i];
	option[i] = '\0';
	buf_init(&form, 400);
	if (p->type == PARAM_UINT || p->type == PARAM_NUMBER ||
	    p->type == PARAM_ENUM) {
		buf_text(&form, "; ");
		param_form(p, &form);
	}
	if (p->initial != NULL)
		buf_printf(&form, "; default: %s", p->initial);
	(void)snprintf(text, sizeof(text), "%s%.*s%s", p->help, (int)form.n,
	    form.n == 0 ? "" : (const char *)form.p,
	    p->required ? "; required" : "");
	row(option, p->type == PARAM_BOOL ? NULL : param_type_name(p), text);
	buf_free(&form);
}

void
help_tool(const struct tool *tool)
{
	const struct param *p = tool->params;

	(void)printf("mcpcap %s %s [OPTIONS]\n\n", tool->name,
	    p->required ? "CAPTURE..." : "[CAPTURE...]");
	wrap(tool->help, 0, 0);
	(void)printf("\nParameters:\n");
	for (; p->name != NULL; p++)
		if (p->type != PARAM_CAPTURE)
			help_param(p);
	(void)printf("\nOptions:\n");
	for (const struct ask_option *o = ask_options; o->name != NULL; o++)
		if (ask_option_of(o, tool))
			row(o->name, o->value, o->help);
	help_options(OPTIONS_REMOTE);
}
