/* Bytes as files, files as bytes: apart from ask.c, which needs all tools. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ask.h"

int
ask_file(struct span bytes)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n <= 0) {
			close(fd);
			return -1;
		}
		bytes = span_after(bytes, (size_t)n);
	}
	(void)lseek(fd, 0, SEEK_SET);
	return fd;
}

struct span
ask_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buf b;

	buf_init(&b, SIZE_MAX);
	while (file != NULL && !feof(file) && !ferror(file)) {
		uint8_t *room = buf_room(&b, 65536);

		if (room == NULL)
			break;
		b.n += fread(room, 1, 65536, file);
	}
	if (file != NULL)
		(void)fclose(file);
	/* The owner frees `p`; it is the buffer's. */
	return b.p == NULL ? span_of(calloc(1, 1), 0) : span_of(b.p, b.n);
}

#define WALL_ROOM ((size_t)512 << 10)

struct span
ask_wall(struct span s)
{
	static uint8_t *wall;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (s.n > WALL_ROOM)
		return s;
	if (wall == NULL) {
		wall = mmap(NULL, WALL_ROOM + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (wall == MAP_FAILED ||
		    mprotect(wall + WALL_ROOM, page, PROT_NONE) != 0)
			abort();
	}
	memmove(wall + WALL_ROOM - s.n, s.p, s.n);
	return span_of(wall + WALL_ROOM - s.n, s.n);
}
