#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/options.h"

/* "--server-ip" */
static void
put_option(const char *name)
{
	(void)fputs("--", stdout);
	for (; *name != '\0'; name++)
		(void)putchar(*name == '_' ? '-' : *name);
}

static void
put_tools(void)
{
	for (size_t i = 0; i < tool_count; i++)
		(void)printf("%s ", tools[i]->name);
	(void)fputs("doctor completion", stdout);
}

static void
put_server_options(void)
{
	for (size_t i = 0; i < option_count; i++) {
		put_option(option_rows[i].name);
		(void)putchar(' ');
	}
	(void)fputs("--help --version", stdout);
}

static void
put_tool_options(const struct tool *tool)
{
	const struct ask_option *o;

	for (const struct param *p = tool->params; p->name != NULL; p++) {
		if (p->type == PARAM_CAPTURE)
			continue;
		put_option(p->name);
		(void)putchar(' ');
	}
	for (o = ask_options; o->name != NULL; o++) {
		if (!ask_option_of(o, tool))
			continue;
		put_option(o->name);
		(void)putchar(' ');
	}
	for (size_t i = 0; i < option_count; i++) {
		if (strcmp(option_rows[i].group, OPTIONS_REMOTE) != 0)
			continue;
		put_option(option_rows[i].name);
		(void)putchar(' ');
	}
}

/* bash's words; zsh runs them too, with its own emulation. */
static void
bash_function(void)
{
	(void)fputs("_mcpcap() {\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} options=\n"
	    "\tlocal before=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\tCOMPREPLY=()\n"
	    "\tcase $before in\n"
	    "\t--format)\n"
	    "\t\tCOMPREPLY=($(compgen -W 'text json ndjson tsv' -- "
	    "\"$word\"))\n"
	    "\t\treturn ;;\n"
	    "\tcompletion)\n"
	    "\t\tCOMPREPLY=($(compgen -W 'bash zsh fish' -- \"$word\"))\n"
	    "\t\treturn ;;\n"
	    "\t--transport)\n"
	    "\t\tCOMPREPLY=($(compgen -W 'stdio http' -- \"$word\"))\n"
	    "\t\treturn ;;\n"
	    "\tesac\n"
	    "\tcase ${COMP_WORDS[1]} in\n", stdout);
	for (size_t i = 0; i < tool_count; i++) {
		(void)printf("\t%s)\n\t\toptions='", tools[i]->name);
		put_tool_options(tools[i]);
		(void)fputs("' ;;\n", stdout);
	}
	(void)fputs("\t-*)\n\t\toptions='", stdout);
	put_server_options();
	(void)fputs("' ;;\n\tesac\n"
	    "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	    "\t\tcase $word in\n\t\t-*) options='", stdout);
	put_server_options();
	(void)fputs("' ;;\n\t\t*) options='", stdout);
	put_tools();
	(void)fputs("' ;;\n\t\tesac\n"
	    "\telif [ \"${word#-}\" = \"$word\" ]; then\n"
	    "\t\tcompopt -o default 2>/dev/null\n"
	    "\t\treturn\n"
	    "\tfi\n"
	    "\tCOMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
	    "}\n"
	    "complete -F _mcpcap mcpcap\n", stdout);
}

/* Single quotes inside fish's single quotes. */
static void
put_quoted(const char *text)
{
	(void)putchar('\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			(void)putchar('\\');
		(void)putchar(*text);
	}
	(void)putchar('\'');
}

static void
fish_option(const char *condition, const char *name, bool takes_value,
    const char *help)
{
	(void)printf("complete -c mcpcap -n '%s' -l ", condition);
	for (; *name != '\0'; name++)
		(void)putchar(*name == '_' ? '-' : *name);
	(void)fputs(takes_value ? " -r -d " : " -d ", stdout);
	put_quoted(help);
	(void)putchar('\n');
}

static void
fish_tool(const struct tool *tool)
{
	char condition[100];

	(void)printf("complete -c mcpcap -n __fish_use_subcommand -f -a %s "
	    "-d ", tool->name);
	put_quoted(tool->title);
	(void)putchar('\n');
	(void)snprintf(condition, sizeof(condition),
	    "__fish_seen_subcommand_from %s", tool->name);
	for (const struct param *p = tool->params; p->name != NULL; p++)
		if (p->type != PARAM_CAPTURE)
			fish_option(condition, p->name,
			    p->type != PARAM_BOOL, p->help);
	for (const struct ask_option *o = ask_options; o->name != NULL; o++)
		if (ask_option_of(o, tool))
			fish_option(condition, o->name,
			    o->value != NULL, o->help);
	for (size_t i = 0; i < option_count; i++)
		if (strcmp(option_rows[i].group, OPTIONS_REMOTE) == 0)
			fish_option(condition, option_rows[i].name,
			    option_rows[i].value != NULL, option_rows[i].help);
}

static void
fish_completion(void)
{
	for (size_t i = 0; i < tool_count; i++)
		fish_tool(tools[i]);
	for (size_t i = 0; i < option_count; i++)
		fish_option("__fish_use_subcommand", option_rows[i].name,
		    option_rows[i].value != NULL, option_rows[i].help);
	(void)fputs("complete -c mcpcap -n __fish_use_subcommand -f -a doctor"
	    " -d 'what this build and system can do'\n"
	    "complete -c mcpcap -n __fish_use_subcommand -f -a completion"
	    " -d 'shell completion'\n", stdout);
}

int
completion(const char *shell)
{
	if (shell != NULL && strcmp(shell, "bash") == 0) {
		bash_function();
	} else if (shell != NULL && strcmp(shell, "zsh") == 0) {
		(void)fputs("#compdef mcpcap\n"
		    "autoload -Uz bashcompinit && bashcompinit\n", stdout);
		bash_function();
	} else if (shell != NULL && strcmp(shell, "fish") == 0) {
		fish_completion();
	} else {
		(void)fputs("mcpcap: completion: give bash, zsh or fish\n",
		    stderr);
		return 2;
	}
	return 0;
}
