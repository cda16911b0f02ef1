#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/buf.h"
#include "cli/serve.h"

/*
 * The server's options are rows: parsing, --help, completion and the man page
 * read the same table.
 */
struct option_row {
	const char *name;  /* without the dashes */
	const char *value; /* "N"; NULL: a flag */
	const char *help;
	const char *group; /* heading it stands under */
};

/* The group whose options a question takes too. */
#define OPTIONS_REMOTE "Remote capture"

extern const struct option_row option_rows[];
extern const size_t option_count;

/* Takes argv[1] and the following; `argv` is cut at commas.  False: `error`
 * says what was wrong. */
bool options_read(struct serve_options *o, int argc, char **argv,
    struct buf *error);
/* The option of this group (NULL: of any) at argv[*i], with its value; *taken
 * tells whether there was one.  False: `error` says what was wrong. */
bool options_take(struct serve_options *o, const char *group, int argc,
    char **argv, int *i, bool *taken, struct buf *error);
/* "64", "64K", "1G"; false when it is nothing of the kind. */
bool options_size(const char *text, uint64_t *value);
/* The value of `--name VALUE` or `--name=VALUE` at argv[*i]; moves *i.
 * False: it is another option.  *value NULL: nothing follows. */
bool option_value(const char *name, int argc, char **argv, int *i,
    char **value);

#endif
