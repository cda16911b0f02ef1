#include "fetch/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int
open_named(const char *folder)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/mcpcap-XXXXXX", folder);
	int fd;

	if (n < 0 || (size_t)n >= sizeof(path))
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0 && unlink(path) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
open_in(const char *folder)
{
	int fd = -1;

#ifdef O_TMPFILE
	fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
#endif
	return fd >= 0 ? fd : open_named(folder);
}

int
store_open(const char *folder, enum fetch_error *error)
{
	const char *usual = getenv("TMPDIR");
	int fd;

	*error = FETCH_OK;
	if (folder != NULL) {
		fd = open_in(folder);
		if (fd < 0)
			*error = FETCH_TMP_DIR;
		return fd;
	}
	fd = open_in(usual != NULL && *usual != '\0' ? usual : "/tmp");
#ifdef MFD_CLOEXEC
	if (fd < 0)
		fd = memfd_create("capture", MFD_CLOEXEC);
#endif
	if (fd < 0)
		*error = FETCH_STORE;
	return fd;
}

bool
store_is_capture(struct span start)
{
	static const uint8_t magics[][4] = {
		{ 0xd4, 0xc3, 0xb2, 0xa1 }, { 0xa1, 0xb2, 0xc3, 0xd4 },
		{ 0x4d, 0x3c, 0xb2, 0xa1 }, { 0xa1, 0xb2, 0x3c, 0x4d },
		{ 0x34, 0xcd, 0xb2, 0xa1 }, { 0xa1, 0xb2, 0xcd, 0x34 },
		{ 0xac, 0x01, 0x00, 0x1c }, { 0x1c, 0x00, 0x01, 0xac },
		{ 0xab, 0x01, 0x00, 0x1c }, { 0x1c, 0x00, 0x01, 0xab },
		{ 0x0a, 0x0d, 0x0d, 0x0a },
	};
	static const uint8_t gzip[] = { 0x1f, 0x8b, 0x08 };

	if (start.n < 4)
		return false;
	if (memcmp(start.p, gzip, sizeof(gzip)) == 0)
		return true;
	for (size_t i = 0; i < LENGTH(magics); i++)
		if (memcmp(start.p, magics[i], 4) == 0)
			return true;
	return false;
}

bool
store_write(int fd, struct span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n > 0)
			bytes = span_after(bytes, (size_t)n);
		else if (n == 0 || errno != EINTR)
			return false;
	}
	return true;
}
