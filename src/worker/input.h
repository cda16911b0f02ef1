#ifndef WORKER_INPUT_H
#define WORKER_INPUT_H

#include "base/span.h"

/*
 * Opening what a caller named, in the parent: only regular files, only below
 * the given folders when there are any, never waiting on a FIFO or a device.
 * What the file is, the worker decides by its magic.
 */
#define INPUT_ROOTS 16

struct input_roots {
	int fd[INPUT_ROOTS];
	char *path[INPUT_ROOTS]; /* resolved; the root itself is "" */
	size_t n; /* 0: whatever the user may read */
	uint64_t max_bytes; /* larger files are refused; 0: no limit */
};

enum input_error {
	INPUT_OK = 0,
	INPUT_NO_NAME,     /* empty, too long or with a NUL */
	INPUT_NOT_FOUND,   /* only told when there are no roots */
	INPUT_DENIED,
	INPUT_FOLDER,
	INPUT_NOT_REGULAR, /* FIFO, device, socket */
	INPUT_TOO_LARGE,
	INPUT_OUTSIDE,     /* with roots: missing, unreadable or not below */
	INPUT_NO_DESCRIPTOR,
};

/* False when the folder cannot be opened, or there are too many. */
bool input_add_root(struct input_roots *roots, const char *folder);
void input_close_roots(struct input_roots *roots);
/* The descriptor (close-on-exec), or -1 and why. */
int input_open(const struct input_roots *roots, struct span name,
    uint64_t *size, enum input_error *error);
/* A folder to list, under the same rules; empty: the first root, or where we
 * are.  -1: none. */
int input_open_folder(const struct input_roots *roots, struct span name);
/* Constant texts: nothing of the file or the folders is in them. */
const char *input_error_text(enum input_error error);

#endif
