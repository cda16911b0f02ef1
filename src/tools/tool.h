#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include "analysis/analyzer.h"
#include "analysis/rows.h"

/*
 * A tool is a row.  Its parameters are described once; argument checks and
 * their error texts, the JSON schema, the CLI options, --help, completion and
 * the man page section all come from these rows.
 */
enum param_type {
	PARAM_CAPTURE, /* path or URL of a capture: always `pcap_file` */
	PARAM_TEXT,
	PARAM_UINT,
	PARAM_NUMBER,
	PARAM_BOOL,
	PARAM_ENUM,    /* one of `choices` */
	PARAM_ADDR,    /* IPv4 or IPv6 address */
	PARAM_NET,     /* address or address/prefix */
	PARAM_PORT,
	PARAM_FILTER,  /* display filter, compiled when checked */
	PARAM_LIST,    /* array of strings; "a,b" is accepted too */
	PARAM_CURSOR,
};

struct param {
	const char *name;      /* "server_ip" */
	enum param_type type;
	const char *help;      /* one line */
	bool required;
	bool plain;            /* its name says it: no words in the schema */
	double min, max;       /* UINT, NUMBER; max 0: none */
	const char *initial;   /* default, as text; NULL: absent */
	const char *const *choices; /* ENUM, NULL-ended */
};

/* The parameters every listing tool has: put these into the table. */
#define PARAM_ROW_CAPTURE \
	{ .name = "pcap_file", .type = PARAM_CAPTURE, .required = true, \
	    .plain = true, .help = "Path or http(s) URL" }
#define PARAM_ROW_FILTER \
	{ .name = "filter", .type = PARAM_FILTER, .plain = true, \
	    .help = "Wireshark display filter" }
#define PARAM_ROW_LIMIT \
	{ .name = "limit", .type = PARAM_UINT, .plain = true, .max = 100000, \
	    .initial = "50", .help = "Rows; 0: counts only" }
#define PARAM_ROW_CURSOR \
	{ .name = "cursor", .type = PARAM_CURSOR, .plain = true, \
	    .help = "next_cursor, to go on" }
#define PARAM_ROW_MAX_BYTES \
	{ .name = "max_bytes", .type = PARAM_UINT, .plain = true, \
	    .min = 1000, .max = 65536, .initial = "12000", \
	    .help = "Size of the answer" }

/* A checked argument; `given` is false when neither given nor defaulted. */
struct arg {
	const struct param *param;
	bool given;
	bool defaulted;
	struct span text;      /* TEXT, ENUM, FILTER, CURSOR, CAPTURE */
	uint64_t number;       /* UINT, PORT; BOOL 0 or 1 */
	double real;           /* NUMBER */
	struct addr addr;      /* ADDR, NET */
	unsigned prefix;       /* NET */
	struct filter *filter; /* FILTER */
	struct span *list;     /* LIST */
	size_t n;
};

#define TOOL_PARAMS 16

struct args {
	struct arg arg[TOOL_PARAMS];
	size_t n;
};

/* By name; never NULL for a parameter of the tool's own table (asserts). */
const struct arg *args_get(const struct args *a, const char *name);
/* The same of a parameter that not every tool has: then NULL. */
const struct arg *args_find(const struct args *a, const char *name);
/* Which of its choices an ENUM is, by number. */
unsigned arg_choice(const struct arg *a);

struct tool;

/* One call, inside the worker. */
struct tool_call {
	const struct tool *tool;
	const struct args *args;
	const char *name;      /* of the capture, as the caller gave it */
	struct capture *capture;
	int fd;                /* of the same file, for pread(2) alone */
	struct capture *again; /* its second reading, or NULL */
	struct scan *scan;     /* initialised; filter and progress are set */
	struct rows *rows;     /* initialised from limit, cursor, max_bytes */
	uint64_t seal;         /* for rows_counts() */
	uint64_t max_packets;  /* --max-packets; 0: no limit */
	uint64_t tools_off;    /* by number in tools[]: not to be proposed */
	uint64_t file_size;
	struct timestamp now;  /* for analysis_timestamp */
	struct json *json;     /* the answer: one object */
	struct buf *error;     /* what was wrong, when run gives false */
};

struct tool {
	const char *name;
	const char *module;    /* of --modules: "dns" */
	const char *title;
	/* What it gives; when to use it and when not; the next tool. */
	const char *help;
	const struct param *params; /* ends in a NULL name */
	/* All members that the answer may have, with spaces between: for the
	 * manual.  One called "rows" is a table. */
	const char *output;
	bool obeys_max_packets; /* call->max_packets: told to people too */
	/* Writes one object to call->json; false: call->error says why.  The
	 * object is begun by tool_begin() or by run() itself. */
	bool (*run)(struct tool_call *call);
};

extern const struct tool *const tools[];
extern const size_t tool_count;

/* Begins the answer's object, if that was not done, with "file" and
 * "analysis_timestamp" as mcpcap has them.  What run() leaves open is ended
 * for it. */
void tool_begin(struct tool_call *call, bool timestamp);
/* scan_run() with the error texts of a failure; then call the reports. */
bool tool_scan(struct tool_call *call, struct scan_request *requests,
    size_t n);

/* Begins the capture anew, for a second tool_scan(): the states of the first
 * are gone.  False: call->error says why (a pipe is read once). */
bool tool_again(struct tool_call *call);

#endif
