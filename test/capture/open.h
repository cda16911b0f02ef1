#ifndef TEST_CAPTURE_OPEN_H
#define TEST_CAPTURE_OPEN_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/capture.h"
#include "tap.h"

/* Helpers of the capture tests: captures from fixtures and from memory. */

/* A fixture's bytes; the test ends when it is not there. */
static inline struct span
fixture_bytes(const char *name)
{
	char path[300];
	int fd;
	struct stat st;
	uint8_t *p;

	snprintf(path, sizeof(path), FIXTURES "/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) != 0) {
		printf("Bail out! no %s; run: make fixtures\n", path);
		exit(1);
	}
	p = malloc((size_t)st.st_size + 1);
	if (p == NULL || read(fd, p, (size_t)st.st_size) != st.st_size)
		exit(1);
	close(fd);
	return span_of(p, (size_t)st.st_size);
}

/* A descriptor of a file that has these bytes. */
static inline int
memory_file(struct span s)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0 || write(fd, s.p, s.n) != (ssize_t)s.n ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		printf("Bail out! no memfd\n");
		exit(1);
	}
	return fd;
}

static inline struct capture *
memory_open(struct span s, enum capture_error *error)
{
	return capture_open(memory_file(s), false, NULL, error);
}

/* A descriptor of a file with a fixture's bytes. */
static inline int
fixture_file(const char *name)
{
	struct span s = fixture_bytes(name);
	int fd = memory_file(s);

	free((void *)s.p);
	return fd;
}

static inline struct capture *
fixture_open(const char *name)
{
	enum capture_error error;
	struct capture *c =
	    capture_open(fixture_file(name), false, NULL, &error);

	ok_int(error, CAPTURE_OK);
	if (c == NULL)
		exit(tap_done());
	return c;
}

/* Reads one record; an all zero one at the end. */
static inline struct record
next_record(struct capture *c)
{
	struct record r = { 0 };

	if (capture_read(c, &r, 1) == 0)
		return (struct record){ .bytes = span_empty(),
			.comment = span_empty() };
	return r;
}

/* Reads to the end and says how many records there were. */
static inline uint64_t
read_all(struct capture *c)
{
	struct record records[32];
	uint64_t n = 0;
	size_t got;

	while ((got = capture_read(c, records, 32)) > 0)
		n += got;
	return n;
}

#endif
