#ifndef CAPTURE_INPUT_H
#define CAPTURE_INPUT_H

#include "capture/capture.h"

/*
 * The bytes of a capture in one buffer: read in chunks of 256 KiB, unpacked
 * when they are gzip, what is left over moved in front.  Never mmap: a file
 * that shrinks would kill us, and it is slower.
 */
#define INPUT_CHUNK ((size_t)256 << 10)

struct input {
	int fd;
	bool anywhere; /* a regular file: others may read it, too */
	uint64_t start; /* where in the file we began */
	uint8_t *p;
	size_t at; /* first byte that was not taken yet */
	size_t n;  /* first byte behind what was read */
	size_t size;
	uint64_t base;  /* offset of p[0] in the (unpacked) file, modulo 2^64 */
	uint64_t taken; /* bytes read from the descriptor */
	uint64_t until; /* behind it little will be wanted; 0: all */
	uint64_t file_size;
	struct capture_limits limits;
	bool ended;               /* nothing more will come */
	enum capture_error error; /* why, when that is not the file's end */
	struct inflate *gzip;
	uint8_t *packed;
	struct span packed_left;
};

/* Takes `fd` over, reads the first chunk and notices gzip.  On error the
 * input still has to be closed. */
enum capture_error input_open(struct input *in, int fd, bool any_file,
    const struct capture_limits *limits);
void input_close(struct input *in);
/*
 * Tries to have at least `want` bytes; false when the input ends before.
 * Moves the bytes: whatever pointed into the buffer is void.
 */
bool input_need(struct input *in, size_t want);

/* What comes next is at `offset` of the file, which can be read anywhere;
 * behind `until` little of it is wanted. */
void input_jump(struct input *in, uint64_t offset, uint64_t until);

static inline struct span
input_bytes(const struct input *in)
{
	return span_of(in->p + in->at, in->n - in->at);
}

/* The bytes are in the buffer. */
static inline void
input_take(struct input *in, size_t n)
{
	in->at += n;
}

static inline uint64_t
input_offset(const struct input *in)
{
	return in->base + in->at;
}

#endif
