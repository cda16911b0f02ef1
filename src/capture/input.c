#include "capture/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inflate.h"

#define UNPACKED_DEFAULT ((uint64_t)64 << 30)
/* Deflate reaches 1032 with zeros alone; of captures that are mostly
 * zeros a hundred is much. */
#define RATIO_DEFAULT 250
/* A ratio says little before that many bytes came out. */
#define RATIO_FROM ((uint64_t)64 << 20)
/* What is read at once behind in->until: the rest of a record, mostly. */
#define INPUT_LITTLE ((size_t)32 << 10)
/* Bytes of a line of the cache; room for front_for(). */
#define INPUT_LINE ((size_t)64)

static void
input_end(struct input *in, enum capture_error error)
{
	in->ended = true;
	if (in->error == CAPTURE_OK)
		in->error = error;
}

/* Where others may read the file too, its own place is not used. */
static ssize_t
read_some(const struct input *in, uint8_t *to, size_t n)
{
	if (!in->anywhere)
		return read(in->fd, to, n);
	return pread(in->fd, to, n, (off_t)(in->start + in->taken));
}

/* At most a chunk; 0 at the end, which input_end() has noted. */
static size_t
descriptor_read(struct input *in, uint8_t *to)
{
	size_t want = INPUT_CHUNK;
	uint64_t allowed = in->limits.max_bytes - in->taken;
	ssize_t n;

	if (in->until != 0 && in->taken + want > in->until)
		want = in->until > in->taken ?
		    (size_t)(in->until - in->taken) : INPUT_LITTLE;
	/* One byte over the limit, to see whether there is more. */
	if (allowed < want)
		want = (size_t)allowed + 1;
	while ((n = read_some(in, to, want)) < 0) {
		struct pollfd wait = { .fd = in->fd, .events = POLLIN };

		if (errno == EAGAIN && poll(&wait, 1, -1) >= 0)
			continue;
		if (errno == EINTR)
			continue;
		input_end(in, CAPTURE_READ_ERROR);
		return 0;
	}
	if (n == 0) {
		input_end(in, CAPTURE_OK);
		return 0;
	}
	if ((uint64_t)n > allowed) {
		input_end(in, CAPTURE_TOO_LARGE);
		n--;
	}
	in->taken += (uint64_t)n;
	return (size_t)n;
}

static bool
over_limit(const struct input *in)
{
	uint64_t unpacked = in->base + in->n;
	uint64_t packed = in->taken - in->packed_left.n;

	if (unpacked > in->limits.max_unpacked)
		return true;
	return unpacked > RATIO_FROM &&
	    unpacked / in->limits.max_ratio > packed;
}

/* What the end of the packed bytes means for what was unpacked. */
static void
unpacked_end(struct input *in, enum inflate_status status)
{
	switch (status) {
	case INFLATE_MORE_INPUT:
		/* The descriptor gave nothing more: the member is cut. */
		input_end(in, CAPTURE_CUT);
		break;
	case INFLATE_END:
		input_end(in, CAPTURE_OK);
		break;
	default:
		input_end(in, CAPTURE_GZIP_DAMAGED);
		break;
	}
}

/* Unpacks at most a chunk behind the bytes in the buffer. */
static void
unpack(struct input *in)
{
	size_t got = 0;
	enum inflate_status status;
	unsigned after = 0; /* calls behind the end of the file */

	for (;;) {
		status = inflate_read(in->gzip, &in->packed_left, in->p + in->n,
		    INPUT_CHUNK, &got);
		in->n += got;
		if (over_limit(in)) {
			input_end(in, CAPTURE_GZIP_LIMIT);
			return;
		}
		if (got > 0 &&
		    (status == INFLATE_MORE_INPUT ||
			status == INFLATE_MORE_ROOM))
			return;
		/* Between members the end is known at the second call. */
		if (status != INFLATE_MORE_INPUT ||
		    (in->ended && after++ > 0))
			break;
		if (in->ended)
			continue;
		in->packed_left =
		    span_of(in->packed, descriptor_read(in, in->packed));
		if (in->packed_left.n == 0 && in->error != CAPTURE_OK)
			return;
	}
	in->ended = false;
	unpacked_end(in, status);
}

/* Room for a chunk behind the bytes that are there. */
static bool
grow(struct input *in, size_t want)
{
	size_t size = in->size * 2;
	uint8_t *p;

	if (in->size - in->n >= INPUT_CHUNK)
		return true;
	/* Never more than twice what has really come. */
	if (size > INPUT_LINE + want + INPUT_CHUNK)
		size = INPUT_LINE + want + INPUT_CHUNK;
	p = realloc(in->p, size);
	if (p == NULL) {
		input_end(in, CAPTURE_NO_MEMORY);
		return false;
	}
	in->p = p;
	in->size = size;
	return true;
}

/* Where what is left starts, never behind its place now, so that what is read
 * behind it lies in the lines of the cache as it does in the kernel's pages:
 * copied a tenth faster. */
static size_t
front_for(const struct input *in, size_t left)
{
	size_t front = (size_t)(in->start + in->taken - (uintptr_t)in->p -
	    left) % INPUT_LINE;

	return front < in->at ? front : in->at;
}

bool
input_need(struct input *in, size_t want)
{
	const size_t left = in->n - in->at;
	size_t front;

	if (left >= want)
		return true;
	front = front_for(in, left);
	memmove(in->p + front, in->p + in->at, left);
	in->base += in->at - front;
	in->at = front;
	in->n = front + left;
	while (in->n - front < want && !in->ended && grow(in, want)) {
		if (in->gzip != NULL)
			unpack(in);
		else
			in->n += descriptor_read(in, in->p + in->n);
	}
	return in->n - front >= want;
}

/* What is read next is at `offset`, with room for front_for(). */
static void
input_forget(struct input *in, uint64_t offset)
{
	in->at = in->n = INPUT_LINE;
	in->base = offset - INPUT_LINE;
}

void
input_jump(struct input *in, uint64_t offset, uint64_t until)
{
	input_forget(in, offset);
	in->taken = offset;
	in->until = until;
	in->ended = false;
	in->error = CAPTURE_OK;
}

static bool
gzip_begin(struct input *in)
{
	in->gzip = inflate_new();
	in->packed = malloc(INPUT_CHUNK);
	if (in->gzip == NULL || in->packed == NULL)
		return false;
	in->packed_left = span_of(in->packed, input_bytes(in).n);
	memcpy(in->packed, input_bytes(in).p, in->packed_left.n);
	input_forget(in, 0);
	return true;
}

static bool
kind_allowed(const struct stat *st, bool any_file)
{
	if (S_ISREG(st->st_mode))
		return true;
	return any_file &&
	    (S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) ||
		S_ISCHR(st->st_mode));
}

__attribute__((cold)) enum capture_error
input_open(struct input *in, int fd, bool any_file,
    const struct capture_limits *limits)
{
	struct span first;
	struct stat st;

	*in = (struct input){ .fd = fd };
	if (limits != NULL)
		in->limits = *limits;
	if (in->limits.max_bytes == 0)
		in->limits.max_bytes = UINT64_MAX;
	if (in->limits.max_unpacked == 0)
		in->limits.max_unpacked = UNPACKED_DEFAULT;
	if (in->limits.max_ratio == 0)
		in->limits.max_ratio = RATIO_DEFAULT;
	if (fstat(fd, &st) != 0)
		return CAPTURE_READ_ERROR;
	if (!kind_allowed(&st, any_file))
		return CAPTURE_NOT_REGULAR;
	if (S_ISREG(st.st_mode)) {
		off_t at = lseek(fd, 0, SEEK_CUR);

		in->file_size = (uint64_t)st.st_size;
		in->anywhere = at >= 0;
		in->start = at > 0 ? (uint64_t)at : 0;
	}
	in->size = INPUT_LINE + 2 * INPUT_CHUNK;
	in->p = calloc(1, in->size);
	if (in->p == NULL)
		return CAPTURE_NO_MEMORY;
	input_need(in, 2);
	first = input_bytes(in);
	if (first.n == 0 && in->error == CAPTURE_OK)
		return CAPTURE_EMPTY;
	if (first.n >= 2 && first.p[0] == 0x1f && first.p[1] == 0x8b &&
	    !gzip_begin(in))
		return CAPTURE_NO_MEMORY;
	return CAPTURE_OK;
}

void
input_close(struct input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	free(in->p);
	free(in->packed);
	if (in->gzip != NULL)
		inflate_free(in->gzip);
}
