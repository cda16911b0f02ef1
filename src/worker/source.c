#include "worker/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

#define FOLDER_FLAGS (O_RDONLY | O_CLOEXEC | O_DIRECTORY)

#ifdef __linux__
/* As in linux/openat2.h, which older systems lack. */
struct how {
	uint64_t flags, mode, resolve;
};
#define RESOLVE_STRICT (0x01 | 0x02 | 0x04 | 0x08) /* no xdev, magic links,
						    * links; beneath */
#define CALL_OPENAT2 437
#endif

/* One step of the walk: a plain name, never "..", never a link. */
static int
step(int folder, const char *name, int flags)
{
	if (strcmp(name, "..") == 0) {
		errno = EXDEV;
		return -1;
	}
	return openat(folder, name, flags | O_NOFOLLOW);
}

/* Component by component, for kernels without openat2(2). */
static int
walk(int root, const char *path, int flags)
{
	char copy[PATH_MAX];
	char *rest = NULL, *name, *next;
	int folder = root, fd;

	if (strlen(path) >= sizeof(copy))
		return -1;
	memcpy(copy, path, strlen(path) + 1);
	name = strtok_r(copy, "/", &rest);
	while (name != NULL) {
		next = strtok_r(NULL, "/", &rest);
		fd = step(folder, name, next == NULL ? flags : FOLDER_FLAGS);
		if (folder != root)
			close(folder);
		if (fd < 0 || next == NULL)
			return fd;
		folder = fd;
		name = next;
	}
	return -1;
}

/* What RESOLVE_NO_XDEV does, after the fact. */
static int
same_device(int root, int fd)
{
	struct stat a, b;

	if (fd < 0)
		return -1;
	if (fstat(root, &a) == 0 && fstat(fd, &b) == 0 &&
	    a.st_dev == b.st_dev)
		return fd;
	close(fd);
	errno = EXDEV;
	return -1;
}

static int
open_beneath(int root, const char *path, int flags)
{
#ifdef __linux__
	struct how how = { .flags = (uint64_t)flags | O_NOFOLLOW,
		.resolve = RESOLVE_STRICT };
	long fd = syscall(CALL_OPENAT2, root, path, &how, sizeof(how));

	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return (int)fd;
#endif
	return same_device(root, walk(root, path, flags));
}

/* What is left of an absolute `path` below `root`, or NULL. */
static const char *
path_below(const char *path, const char *root)
{
	size_t n = strlen(root);

	if (path[0] != '/')
		return path;
	if (strncmp(path, root, n) != 0)
		return NULL;
	if (n > 0 && path[n] != '/')
		return NULL;
	path += n;
	while (*path == '/')
		path++;
	return path;
}

/* -1: errno is that of the last root it might be in, or 0. */
static int
open_in_roots(const struct source_roots *roots, const char *path, int flags)
{
	errno = 0;
	for (size_t i = 0; i < roots->n; i++) {
		const char *below = path_below(path, roots->path[i]);
		int fd;

		if (below == NULL)
			continue;
		fd = open_beneath(roots->fd[i], below[0] == '\0' ? "." : below,
		    flags);
		if (fd >= 0)
			return fd;
	}
	return -1;
}

static enum source_error
kind_error(mode_t mode)
{
	if (S_ISREG(mode))
		return SOURCE_OK;
	return S_ISDIR(mode) ? SOURCE_FOLDER : SOURCE_NOT_REGULAR;
}

static enum source_error
open_error(int number)
{
	switch (number) {
	case EACCES:
	case EPERM:
		return SOURCE_DENIED;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return SOURCE_NO_DESCRIPTOR;
	case ENAMETOOLONG:
		return SOURCE_NO_NAME;
	default:
		return SOURCE_NOT_FOUND;
	}
}

/* Without roots.  Looks before it opens: opening a device may act on it. */
static int
open_anywhere(const char *path, enum source_error *error)
{
	struct stat st;
	int fd = -1;

	if (stat(path, &st) == 0) {
		*error = kind_error(st.st_mode);
		if (*error != SOURCE_OK)
			return -1;
		fd = open(path, OPEN_FLAGS);
	}
	if (fd < 0)
		*error = open_error(errno);
	return fd;
}

static int
refuse(int fd, enum source_error why, enum source_error *error)
{
	if (fd >= 0)
		close(fd);
	*error = why;
	return -1;
}

bool
source_add_root(struct source_roots *roots, const char *folder)
{
	char *path = realpath(folder, NULL);
	int fd;

	if (path == NULL)
		return false;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || roots->n == SOURCE_ROOTS) {
		free(path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (strcmp(path, "/") == 0)
		path[0] = '\0';
	roots->fd[roots->n] = fd;
	roots->path[roots->n] = path;
	roots->n++;
	return true;
}

void
source_close_roots(struct source_roots *roots)
{
	while (roots->n > 0) {
		roots->n--;
		close(roots->fd[roots->n]);
		free(roots->path[roots->n]);
	}
}

int
source_open(const struct source_roots *roots, struct span name, uint64_t *size,
    enum source_error *error)
{
	char path[PATH_MAX];
	struct stat st;
	enum source_error kind;
	int fd;

	*error = SOURCE_OK;
	if (name.n == 0 || name.n >= sizeof(path) ||
	    span_find_byte(name, 0) < name.n)
		return refuse(-1, SOURCE_NO_NAME, error);
	memcpy(path, name.p, name.n);
	path[name.n] = '\0';
	fd = roots->n > 0 ? open_in_roots(roots, path, OPEN_FLAGS)
			  : open_anywhere(path, error);
	if (fd < 0 && roots->n > 0)
		*error = open_error(errno) == SOURCE_NO_DESCRIPTOR ?
		    SOURCE_NO_DESCRIPTOR : SOURCE_OUTSIDE;
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0)
		return refuse(fd, SOURCE_DENIED, error);
	kind = kind_error(st.st_mode);
	if (kind != SOURCE_OK)
		return refuse(fd, kind, error);
	*size = (uint64_t)st.st_size;
	if (roots->max_bytes > 0 && *size > roots->max_bytes)
		return refuse(fd, SOURCE_TOO_LARGE, error);
	return fd;
}

int
source_open_folder(const struct source_roots *roots, struct span name)
{
	char path[PATH_MAX] = ".";

	if (name.n >= sizeof(path) || span_find_byte(name, 0) < name.n)
		return -1;
	if (name.n > 0) {
		memcpy(path, name.p, name.n);
		path[name.n] = '\0';
	}
	return roots->n > 0 ? open_in_roots(roots, path, FOLDER_FLAGS)
			    : open(path, FOLDER_FLAGS);
}

const char *
source_error_text(enum source_error error)
{
	switch (error) {
	case SOURCE_OK:
		return "";
	case SOURCE_NO_NAME:
		return "not a usable file name: give the path of a capture, "
		    "for example \"/captures/trace.pcap\"";
	case SOURCE_NOT_FOUND:
		return "no such file: give the path of a capture, absolute or "
		    "relative to the folder that mcpcap works in";
	case SOURCE_DENIED:
		return "mcpcap may not read this file";
	case SOURCE_FOLDER:
		return "this is a folder: give the path of one capture in it";
	case SOURCE_NOT_REGULAR:
		return "not a regular file: captures are read from regular "
		    "files only";
	case SOURCE_TOO_LARGE:
		return "the file is larger than this server's --max-file";
	case SOURCE_OUTSIDE:
		return "no such capture, or it is not in a folder that this "
		    "server may read (--root)";
	case SOURCE_NO_DESCRIPTOR:
		return "the server is out of file descriptors or memory: try "
		    "again later";
	}
	return "";
}
