#ifndef FETCH_STORE_H
#define FETCH_STORE_H

#include "base/span.h"
#include "fetch/error.h"

/*
 * Where a fetched capture lies while it is read: a file that has no name, so
 * that it is gone with the last process that has it open.
 */
/* `folder` NULL: that of TMPDIR or /tmp, and memory when neither can be
 * written.  The descriptor, or -1 and why. */
int store_open(const char *folder, enum fetch_error *error);
/* Do these bytes (four or more) begin a capture or a gzip file? */
bool store_is_capture(struct span start);
/* All of them, at the end of what is there. */
bool store_write(int fd, struct span bytes);

#endif
