#ifndef TOOLS_ARGS_H
#define TOOLS_ARGS_H

#include "base/json_read.h"
#include "tools/tool.h"

/*
 * Arguments, checked against a tool's rows before any file is opened.
 * Harmless forms are taken ("10" for 10, "true" for true, null or "" for an
 * absent optional one).  A refusal says what was wrong, the accepted form and
 * an example.
 */

/* One option of a command line: `--server-port 53`. */
struct arg_word {
	struct span name; /* "server_port" */
	struct span text;
};

/* What was accepted lives in `arena` and in the source; args_free() is due
 * in any case.  `object` NULL: no arguments. */
bool args_read_json(struct args *a, const struct tool *tool,
    const struct json_value *object, struct arena *arena, struct buf *error);
bool args_read_words(struct args *a, const struct tool *tool,
    const struct arg_word *words, size_t n, struct arena *arena,
    struct buf *error);
void args_free(struct args *a);

/* The row of a parameter, or NULL. */
const struct param *param_find(const struct tool *tool, struct span name);
size_t param_count(const struct tool *tool);
/* "whole number", "network"; what a value looks like: "10.0.0.0/8". */
const char *param_type_name(const struct param *p);
const char *param_example(const struct param *p);
/* What is accepted, in words: "a whole number from 0 to 100000". */
void param_form(const struct param *p, struct buf *out);

#endif
