#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H

#include "base/span.h"

/*
 * RFC 1951 inflate and RFC 1952 gzip, streaming: bytes in and out in any
 * portions.  Memory is the 32 KiB window and the tables, nothing grows.
 */
enum inflate_status {
	INFLATE_MORE_INPUT, /* all input taken, the stream goes on */
	INFLATE_MORE_ROOM,  /* output is full, call again */
	INFLATE_END,        /* behind the last member; input after it is left */
	INFLATE_BAD_DATA,   /* not deflate: what came before is good */
	INFLATE_BAD_CRC,    /* checksum or length of a member is wrong */
	INFLATE_BAD_HEADER,
};

struct inflate;

/* NULL when memory is refused.  Several gzip members in a row are one
 * stream; trailing zeros or other bytes that start no member end it. */
struct inflate *inflate_new(void);
void inflate_free(struct inflate *z);
/*
 * Takes from *in (which is moved past what was taken) and writes at most
 * `room` bytes to `out`; *n says how many were written.
 *
 * Behind a member another may follow, so the answer there is MORE_INPUT too.
 * That nothing follows is said by a second call in a row without input: the
 * answer is INFLATE_END then, and inside a member still MORE_INPUT.
 */
enum inflate_status inflate_read(
    struct inflate *z, struct span *in, uint8_t *out, size_t room, size_t *n);

#endif
