#ifndef WORKER_ROOT_H
#define WORKER_ROOT_H

#include <stdbool.h>

/*
 * A server that was started as root stays the same user, for its files are
 * that user's, but gives away what root may do besides: on Linux all
 * capabilities but the one to read any file, with `read_all`, and the way
 * back to them.  For another user nothing is done.  False: something could
 * not be given away.
 */
bool root_drop(bool read_all);
/* Is there something that root_drop() does here? */
bool root_can_drop(void);

#endif
