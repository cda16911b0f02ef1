#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERVE_LIST 16

/* Names as they were given on the command line, in order. */
struct serve_list {
	const char *item[SERVE_LIST];
	size_t n;
};

struct serve_limits {
	unsigned timeout;      /* seconds a call may take; 0: no limit */
	uint64_t max_memory;   /* bytes a worker may map; 0: no limit */
	uint64_t max_file;     /* bytes of a capture; 0: no limit */
	uint64_t max_packets;  /* matching packets analysed; 0: no limit */
	unsigned jobs;         /* workers at a time */
};

#define SERVE_LIMITS { .timeout = 120, .max_memory = 1ull << 30, .jobs = 4 }

/* Captures from http and https URLs. */
struct remote_options {
	bool off;                /* --no-fetch */
	struct serve_list hosts; /* --allow-host: may have local addresses */
	const char *ca_file;     /* NULL: the system's */
	const char *tmp_dir;     /* NULL: the usual places */
	uint64_t max_download;   /* bytes of a file */
	unsigned timeout;        /* seconds of a fetch */
};

#define REMOTE_OPTIONS { .max_download = 256ull << 20, .timeout = 120 }

/* The server as the command line asks for it; all of it checked except what
 * only serving can show (a port in use, a root that is not there). */
struct serve_options {
	struct serve_limits limits;
	uint64_t tools;             /* modules_read(); TOOLS_ALL */
	struct serve_list roots;    /* --root */
	bool require_sandbox;
	bool no_sandbox;            /* process and limits alone */
	struct remote_options remote;
	/* HTTP */
	bool http;                  /* false: stdio */
	const char *host;           /* NULL: 127.0.0.1 */
	unsigned port;
	const char *unix_path;      /* --unix; NULL: host and port */
	const char *token_file;
	bool no_auth;
	struct serve_list server_names;  /* --server-name: Host values let in */
	struct serve_list origins;       /* --allow-origin */
};

/* Serves until the end of input or a signal; gives the exit status: 0, or 2
 * for options that cannot be served (the message is on stderr). */
int serve(const struct serve_options *o);
/* Once all is open: gives away what root may do besides reading files.
 * False: it could not, and --require-sandbox asks for it. */
bool serve_drop_root(const struct serve_options *o);

#endif
