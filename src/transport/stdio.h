#ifndef TRANSPORT_STDIO_H
#define TRANSPORT_STDIO_H

#include "base/buf.h"
#include "transport/loop.h"

/*
 * One message a line on two descriptors.  Lines over STDIO_LINE are dropped
 * to their end and told.  While the other side does not read, nothing more is
 * read from it; descriptors keep their own blocking mode, which others may
 * share.
 */
#define STDIO_LINE (1024 * 1024)
#define STDIO_PENDING (64 * 1024 * 1024) /* unread answers before we give up */

struct stdio {
	struct loop *loop;
	struct loop_watch in, out;
	struct buf line, pending;
	bool dropping;  /* inside a line that is too long */
	bool ended;     /* end of input */
	bool broken;    /* nobody reads any more */
	void (*message)(void *context, struct span line);
	void (*too_long)(void *context);
	/* End of input, or nobody reads (`broken`): once. */
	void (*end)(void *context);
	void *context;
};

/* The caller has set the callbacks; false: no memory. */
bool stdio_open(struct stdio *s, struct loop *loop, int in, int out);
void stdio_close(struct stdio *s);
/* `message` is one line without its end.  Never waits. */
void stdio_send(struct stdio *s, struct span message);
/* Waits, with a limit, until what was sent is out. */
void stdio_flush(struct stdio *s);

#endif
