#ifndef WORKER_SOURCE_H
#define WORKER_SOURCE_H

#include "base/span.h"

/*
 * Opening what a caller named, in the parent: only regular files, only below
 * the given folders when there are any, never waiting on a FIFO or a device.
 * What the file is, the worker decides by its magic.
 */
#define SOURCE_ROOTS 16

struct source_roots {
	int fd[SOURCE_ROOTS];
	char *path[SOURCE_ROOTS]; /* resolved; the root itself is "" */
	size_t n; /* 0: whatever the user may read */
	uint64_t max_bytes; /* larger files are refused; 0: no limit */
};

enum source_error {
	SOURCE_OK = 0,
	SOURCE_NO_NAME,     /* empty, too long or with a NUL */
	SOURCE_NOT_FOUND,   /* only told when there are no roots */
	SOURCE_DENIED,
	SOURCE_FOLDER,
	SOURCE_NOT_REGULAR, /* FIFO, device, socket */
	SOURCE_TOO_LARGE,
	SOURCE_OUTSIDE,     /* with roots: missing, unreadable or not below */
	SOURCE_NO_DESCRIPTOR,
};

/* False when the folder cannot be opened, or there are too many. */
bool source_add_root(struct source_roots *roots, const char *folder);
void source_close_roots(struct source_roots *roots);
/* The descriptor (close-on-exec), or -1 and why. */
int source_open(const struct source_roots *roots, struct span name,
    uint64_t *size, enum source_error *error);
/* A folder to list, under the same rules; empty: the first root, or where we
 * are.  -1: none. */
int source_open_folder(const struct source_roots *roots, struct span name);
/* Constant texts: nothing of the file or the folders is in them. */
const char *source_error_text(enum source_error error);

#endif
