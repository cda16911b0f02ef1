#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tap.h"
#include "worker/source.h"

/* A folder with something of each kind, and a twin whose name begins alike:
 * base/in/{file,deep/file,link,folderlink,fifo,mount/file}, base/in-twin/file.
 * What is mounted below a folder is not of it. */
static char base[64];
static bool mounted; /* not everybody may */

static const char *
at(const char *path)
{
	static char text[256];

	(void)snprintf(text, sizeof(text), "%s/%s", base, path);
	return text;
}

static void
file_make(const char *path)
{
	FILE *f = fopen(at(path), "w");

	if (f != NULL) {
		(void)fputs("12345", f);
		(void)fclose(f);
	}
}

static bool
tree_make(void)
{
	(void)snprintf(base, sizeof(base), "/tmp/source-XXXXXX");
	if (mkdtemp(base) == NULL)
		return false;
	(void)mkdir(at("in"), 0700);
	(void)mkdir(at("in/deep"), 0700);
	(void)mkdir(at("in-twin"), 0700);
	file_make("in/file");
	file_make("in/deep/file");
	file_make("in-twin/file");
	(void)mkdir(at("in/mount"), 0700);
	mounted = unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", at("in/mount"), "tmpfs", 0, NULL) == 0;
	if (!mounted)
		puts("# nothing can be mounted here");
	file_make("in/mount/file");
	(void)symlink("../in-twin/file", at("in/link"));
	(void)symlink("../in-twin", at("in/folderlink"));
	return mkfifo(at("in/fifo"), 0600) == 0;
}

static void
tree_remove(void)
{
	static const char *const files[] = { "in/file", "in/deep/file",
		"in-twin/file", "in/link", "in/folderlink", "in/fifo" };
	static const char *const folders[] = { "in/deep", "in/mount", "in",
		"in-twin" };

	if (mounted)
		(void)umount(at("in/mount"));
	else
		(void)unlink(at("in/mount/file"));
	for (size_t i = 0; i < LENGTH(files); i++)
		(void)unlink(at(files[i]));
	for (size_t i = 0; i < LENGTH(folders); i++)
		(void)rmdir(at(folders[i]));
	(void)rmdir(base);
}

static enum source_error
error_of(const struct source_roots *roots, const char *path)
{
	enum source_error error;
	uint64_t size = 0;
	int fd = source_open(roots, span_text(path), &size, &error);

	if (fd >= 0)
		close(fd);
	if ((fd >= 0) != (error == SOURCE_OK))
		return (enum source_error)99;
	return error;
}

static void
test_anywhere(void)
{
	struct source_roots none = { .n = 0 };
	enum source_error error;
	uint64_t size = 0;
	int fd = source_open(&none, span_text(at("in/file")), &size, &error);

	ok(fd >= 0);
	ok_int(size, 5);
	close(fd);
	ok_int(error_of(&none, at("in/link")), SOURCE_OK);
	ok_int(error_of(&none, at("in/fifo")), SOURCE_NOT_REGULAR);
	ok_int(error_of(&none, at("in")), SOURCE_FOLDER);
	ok_int(error_of(&none, at("in/nothing")), SOURCE_NOT_FOUND);
	ok_int(error_of(&none, "/dev/zero"), SOURCE_NOT_REGULAR);
	ok_int(error_of(&none, "/dev/stdin"), SOURCE_NOT_REGULAR);
	ok_int(error_of(&none, ""), SOURCE_NO_NAME);
	none.max_bytes = 4;
	ok_int(error_of(&none, at("in/file")), SOURCE_TOO_LARGE);
	fd = source_open(&none, span_of("/tmp\0/x", 7), &size, &error);
	ok(fd < 0);
	ok_int(error, SOURCE_NO_NAME);
}

static void
test_root(void)
{
	static const char *const outside[] = {
		"in/../in-twin/file", "in-twin/file", "in/link",
		"in/folderlink/file", "in/nothing", "nothing", "",
	};
	static const char *const relative[] = { "../in-twin/file", "..", "link",
		"folderlink/file", "deep/../../in-twin/file", "/etc/passwd",
		"/proc/self/environ", "/dev/zero", "nothing" };
	struct source_roots roots = { .n = 0 };

	ok(!source_add_root(&roots, at("in/file")));
	ok(!source_add_root(&roots, at("missing")));
	ok(source_add_root(&roots, at("in")));
	ok_int(error_of(&roots, at("in/file")), SOURCE_OK);
	ok_int(error_of(&roots, at("in/deep/file")), SOURCE_OK);
	ok_int(error_of(&roots, "file"), SOURCE_OK);
	ok_int(error_of(&roots, "./deep//file"), SOURCE_OK);
	for (size_t i = 0; i < LENGTH(outside); i++)
		ok_int(error_of(&roots, at(outside[i])), SOURCE_OUTSIDE);
	for (size_t i = 0; i < LENGTH(relative); i++)
		ok_int(error_of(&roots, relative[i]), SOURCE_OUTSIDE);
	ok_int(error_of(&roots, at("in/mount/file")),
	    mounted ? SOURCE_OUTSIDE : SOURCE_OK);
	ok_int(error_of(&roots, at("in/fifo")), SOURCE_NOT_REGULAR);
	ok_int(error_of(&roots, at("in/deep")), SOURCE_FOLDER);
	source_close_roots(&roots);
}

/* Links of /proc lead anywhere, whatever they say. */
static void
test_magic_links(void)
{
	static const char *const outside[] = { "root/etc/passwd", "cwd/Makefile",
		"exe", "fd/0", "fd/3", "task/../exe", "/proc/self/exe" };
	struct source_roots roots = { .n = 0 };
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)getpid());
	if (!ok(source_add_root(&roots, path)))
		return;
	for (size_t i = 0; i < LENGTH(outside); i++)
		ok_int(error_of(&roots, outside[i]), SOURCE_OUTSIDE);
	source_close_roots(&roots);
}

/* Who has no descriptor left is not told that there is no such file. */
static void
test_no_descriptor(void)
{
	struct source_roots roots = { .n = 0 }, none = { .n = 0 };
	struct rlimit before, few;
	int next;

	ok(source_add_root(&roots, at("in")));
	next = dup(0);
	close(next);
	(void)getrlimit(RLIMIT_NOFILE, &before);
	few = before;
	few.rlim_cur = (rlim_t)next;
	(void)setrlimit(RLIMIT_NOFILE, &few);
	ok_int(error_of(&roots, "file"), SOURCE_NO_DESCRIPTOR);
	ok_int(error_of(&roots, "/etc/passwd"), SOURCE_OUTSIDE);
	ok_int(error_of(&none, at("in/file")), SOURCE_NO_DESCRIPTOR);
	(void)setrlimit(RLIMIT_NOFILE, &before);
	ok_int(error_of(&roots, "file"), SOURCE_OK);
	source_close_roots(&roots);
}

static void
test_folder(void)
{
	struct source_roots roots = { .n = 0 };
	int fd;

	ok(source_add_root(&roots, at("in")));
	fd = source_open_folder(&roots, span_text("deep/"));
	ok(fd >= 0);
	close(fd);
	fd = source_open_folder(&roots, span_empty());
	ok(fd >= 0);
	close(fd);
	ok(source_open_folder(&roots, span_text("../in-twin/")) < 0);
	ok(source_open_folder(&roots, span_text("folderlink/")) < 0);
	ok(source_open_folder(&roots, span_text("/etc/")) < 0);
	source_close_roots(&roots);
}

/* As on a kernel before 5.6: openat2(2) is not there. */
static bool
forget_openat2(void)
{
	struct instruction {
		uint16_t code;
		uint8_t yes, no;
		uint32_t k;
	} program[] = {
		{ 0x20, 0, 0, 0 }, /* the number of the call */
		{ 0x15, 0, 1, 437 },
		{ 0x06, 0, 0, 0x00050000 | ENOSYS },
		{ 0x06, 0, 0, 0x7fff0000 },
	};
	struct {
		unsigned short n;
		struct instruction *program;
	} filter = { LENGTH(program), program };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    prctl(PR_SET_SECCOMP, 2, &filter) == 0 &&
	    syscall(437, -1, "", NULL, 0) == -1 && errno == ENOSYS;
}

int
main(void)
{
	ok(tree_make());
	test_anywhere();
	for (int round = 0; round < 2; round++) {
		test_root();
		test_folder();
		test_magic_links();
		test_no_descriptor();
		if (round == 0 && !ok(forget_openat2()))
			break;
	}
	tree_remove();
	return tap_done();
}
