#include "cli/options.h"

#include <stddef.h>
#include <string.h>

#include "base/span.h"
#include "base/text.h"
#include "fetch/fetch.h"
#include "tools/registry.h"

enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char * */
	OPTION_LIST,   /* struct serve_list; may be repeated, or a,b */
	OPTION_HOSTS,  /* the same, of HOST or HOST:PORT */
	OPTION_COUNT,  /* uint64_t, with K, M or G */
	OPTION_NUMBER, /* unsigned */
	OPTION_SOME,   /* the same, but not 0 */
	OPTION_MODULES,
	OPTION_TRANSPORT,
};

struct option_set {
	enum option_kind kind;
	size_t at; /* in struct serve_options */
	uint64_t max;
};

#define AT(member) offsetof(struct serve_options, member)

const struct option_row option_rows[] = {
	{ "modules", "LIST", "modules to offer, as in dns,tcp; default: all",
	    "Server" },
	{ "max-packets", "N", "analyse at most the first N packets of the "
	    "protocol in a call of analyze_dns_packets and its like", "Server" },
	{ "transport", "stdio|http", "default: stdio", "Server" },
	{ "host", "ADDRESS", "of HTTP; default: 127.0.0.1", "HTTP" },
	{ "port", "N", "of HTTP; default: 8080", "HTTP" },
	{ "unix", "PATH", "HTTP on a socket file instead", "HTTP" },
	{ "token-file", "PATH", "bearer token that clients must show",
	    "HTTP" },
	{ "no-auth", NULL, "no token, although others can reach the address",
	    "HTTP" },
	{ "server-name", "NAME", "also accept this Host", "HTTP" },
	{ "allow-origin", "ORIGIN", "accept browsers' requests from there",
	    "HTTP" },
	{ "no-fetch", NULL, "never fetch http(s) URLs", OPTIONS_REMOTE },
	{ "allow-host", "HOST[:PORT]", "fetch from there although it is "
	    "local, or the port unusual; may be repeated", OPTIONS_REMOTE },
	{ "ca-file", "PATH", "certificate authorities for https (PEM); "
	    "default: the system's", OPTIONS_REMOTE },
	{ "tmp-dir", "FOLDER", "where fetched captures lie, without a name; "
	    "default: TMPDIR, /tmp, else memory", OPTIONS_REMOTE },
	{ "max-download", "BYTES", "of a fetched file; default: 256M",
	    OPTIONS_REMOTE },
	{ "fetch-timeout", "SECONDS", "of a fetch; default: 120", OPTIONS_REMOTE },
	{ "root", "FOLDER", "open captures below it only; may be repeated",
	    "Safety" },
	{ "timeout", "SECONDS", "of a call; default: 120", "Safety" },
	{ "max-memory", "BYTES", "of a call, as in 512M; default: 1G",
	    "Safety" },
	{ "max-file", "BYTES", "refuse larger captures", "Safety" },
	{ "jobs", "N", "calls at a time; default: 4", "Safety" },
	{ "require-sandbox", NULL, "refuse to start where a part of the "
	    "sandbox is missing", "Safety" },
	{ "no-sandbox", NULL, "workers without seccomp and Landlock",
	    "Safety" },
};
const size_t option_count = LENGTH(option_rows);

/* In the order of option_rows. */
static const struct option_set option_sets[] = {
	{ OPTION_MODULES, AT(tools), 0 },
	{ OPTION_COUNT, AT(limits.max_packets), 0 },
	{ OPTION_TRANSPORT, AT(http), 0 },
	{ OPTION_TEXT, AT(host), 0 },
	{ OPTION_NUMBER, AT(port), 65535 },
	{ OPTION_TEXT, AT(unix_path), 0 },
	{ OPTION_TEXT, AT(token_file), 0 },
	{ OPTION_FLAG, AT(no_auth), 0 },
	{ OPTION_LIST, AT(server_names), 0 },
	{ OPTION_LIST, AT(origins), 0 },
	{ OPTION_FLAG, AT(remote.off), 0 },
	{ OPTION_HOSTS, AT(remote.hosts), 0 },
	{ OPTION_TEXT, AT(remote.ca_file), 0 },
	{ OPTION_TEXT, AT(remote.tmp_dir), 0 },
	{ OPTION_COUNT, AT(remote.max_download), 0 },
	{ OPTION_NUMBER, AT(remote.timeout), 86400 },
	{ OPTION_LIST, AT(roots), 0 },
	{ OPTION_NUMBER, AT(limits.timeout), 86400 },
	{ OPTION_COUNT, AT(limits.max_memory), 0 },
	{ OPTION_COUNT, AT(limits.max_file), 0 },
	{ OPTION_SOME, AT(limits.jobs), 64 },
	{ OPTION_FLAG, AT(require_sandbox), 0 },
	{ OPTION_FLAG, AT(no_sandbox), 0 },
};

_Static_assert(LENGTH(option_sets) == LENGTH(option_rows),
    "an option lacks its place");

bool
options_size(const char *text, uint64_t *value)
{
	struct span s = span_text(text);
	static const char letters[] = "KMG";
	unsigned shift = 0;

	for (unsigned i = 0; i < 3 && s.n > 1; i++) {
		char last = (char)(s.p[s.n - 1] & ~0x20);

		if (last == letters[i])
			shift = 10 * (i + 1);
	}
	if (shift != 0)
		s = span_first(s, s.n - 1);
	if (!span_read_uint(s, UINT64_MAX >> shift, value))
		return false;
	*value <<= shift;
	return true;
}

static bool
set_number(unsigned *at, const char *value, uint64_t max)
{
	uint64_t number;

	if (!span_read_uint(span_text(value), max, &number))
		return false;
	*at = (unsigned)number;
	return true;
}

/* A list's items, cut apart at the commas. */
static bool
set_list(struct serve_list *list, char *value)
{
	char *comma;

	for (; value != NULL; value = comma) {
		comma = strchr(value, ',');
		if (comma != NULL)
			*comma++ = '\0';
		if (*value == '\0' || list->n == SERVE_LIST)
			return false;
		list->item[list->n++] = value;
	}
	return true;
}

static bool
set_hosts(struct serve_list *list, char *value)
{
	size_t before = list->n;

	if (!set_list(list, value))
		return false;
	for (size_t i = before; i < list->n; i++)
		if (!fetch_host_is_valid(list->item[i]))
			return false;
	return true;
}

static bool
set_transport(bool *http, const char *value)
{
	*http = strcmp(value, "http") == 0 ||
	    strcmp(value, "streamable-http") == 0;
	return *http || strcmp(value, "stdio") == 0;
}

static bool
option_set(struct serve_options *o, size_t i, char *value, struct buf *error)
{
	const struct option_set *set = &option_sets[i];
	void *at = (char *)o + set->at;
	bool good = true;

	switch (set->kind) {
	case OPTION_FLAG:
		break;
	case OPTION_TEXT:
		*(const char **)at = value;
		good = *value != '\0';
		break;
	case OPTION_LIST:
		good = set_list(at, value);
		break;
	case OPTION_HOSTS:
		good = set_hosts(at, value);
		break;
	case OPTION_COUNT:
		good = options_size(value, at);
		break;
	case OPTION_NUMBER:
	case OPTION_SOME:
		good = set_number(at, value, set->max) &&
		    (set->kind == OPTION_NUMBER || *(unsigned *)at > 0);
		break;
	case OPTION_MODULES:
		return modules_read(span_text(value), at, error);
	case OPTION_TRANSPORT:
		good = set_transport(at, value);
		break;
	}
	if (good)
		return true;
	buf_printf(error, "--%s: \"", option_rows[i].name);
	text_escape(error, span_text(value), 60);
	buf_printf(error, "\" is not accepted; give %s (%s)",
	    option_rows[i].value, option_rows[i].help);
	return false;
}

bool
option_value(const char *name, int argc, char **argv, int *i,
    char **value)
{
	char *word = argv[*i];
	size_t n = strlen(name);

	if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, name, n) != 0)
		return false;
	if (word[2 + n] == '=') {
		*value = word + 3 + n;
		return true;
	}
	if (word[2 + n] != '\0')
		return false;
	*value = *i + 1 < argc ? argv[*i + 1] : NULL;
	(*i)++;
	return true;
}

static bool
refuse_option(const char *word, struct buf *error)
{
	const char *names[LENGTH(option_rows)], *near;
	struct span name = span_text(word);

	for (size_t i = 0; i < option_count; i++)
		names[i] = option_rows[i].name;
	while (name.n > 0 && span_starts(name, "-"))
		name = span_after(name, 1);
	buf_text(error, "unknown option \"");
	text_escape(error, span_text(word), 60);
	buf_text(error, "\"");
	name = span_first(name, span_find_byte(name, '='));
	if (text_nearest(name, names, option_count, &near, 1) == 1)
		buf_printf(error, "; did you mean --%s?", near);
	return false;
}

static bool
is_flag(const struct option_row *row, const char *word)
{
	return row->value == NULL && strncmp(word, "--", 2) == 0 &&
	    strcmp(word + 2, row->name) == 0;
}

bool
options_take(struct serve_options *o, const char *group, int argc,
    char **argv, int *i, bool *taken, struct buf *error)
{
	const char *word = argv[*i];
	char *value = NULL;

	*taken = true;
	for (size_t k = 0; k < option_count; k++) {
		const struct option_row *row = &option_rows[k];

		if (group != NULL && strcmp(row->group, group) != 0)
			continue;
		if (is_flag(row, word)) {
			*(bool *)((char *)o + option_sets[k].at) = true;
			return true;
		}
		if (row->value == NULL ||
		    !option_value(row->name, argc, argv, i, &value))
			continue;
		if (value != NULL)
			return option_set(o, k, value, error);
		buf_printf(error, "--%s needs a value: %s", row->name,
		    row->value);
		return false;
	}
	*taken = false;
	return true;
}

bool
options_read(struct serve_options *o, int argc, char **argv,
    struct buf *error)
{
	bool taken;

	*o = (struct serve_options){
		.limits = SERVE_LIMITS,
		.remote = REMOTE_OPTIONS,
		.tools = TOOLS_ALL,
		.port = 8080,
	};
	for (int i = 1; i < argc; i++) {
		if (!options_take(o, NULL, argc, argv, &i, &taken, error))
			return false;
		if (!taken)
			return refuse_option(argv[i], error);
	}
	return true;
}
