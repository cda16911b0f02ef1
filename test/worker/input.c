#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "worker/input.h"

/* A folder with something of each kind, and a twin whose name begins alike:
 * base/in/{file,deep/file,link,folderlink,fifo}, base/in-twin/file. */
static char base[64];

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
	(void)snprintf(base, sizeof(base), "/tmp/input-XXXXXX");
	if (mkdtemp(base) == NULL)
		return false;
	(void)mkdir(at("in"), 0700);
	(void)mkdir(at("in/deep"), 0700);
	(void)mkdir(at("in-twin"), 0700);
	file_make("in/file");
	file_make("in/deep/file");
	file_make("in-twin/file");
	(void)symlink("../in-twin/file", at("in/link"));
	(void)symlink("../in-twin", at("in/folderlink"));
	return mkfifo(at("in/fifo"), 0600) == 0;
}

static void
tree_remove(void)
{
	static const char *const files[] = { "in/file", "in/deep/file",
		"in-twin/file", "in/link", "in/folderlink", "in/fifo" };
	static const char *const folders[] = { "in/deep", "in", "in-twin" };

	for (size_t i = 0; i < LENGTH(files); i++)
		(void)unlink(at(files[i]));
	for (size_t i = 0; i < LENGTH(folders); i++)
		(void)rmdir(at(folders[i]));
	(void)rmdir(base);
}

static enum input_error
error_of(const struct input_roots *roots, const char *path)
{
	enum input_error error;
	uint64_t size = 0;
	int fd = input_open(roots, span_text(path), &size, &error);

	if (fd >= 0)
		close(fd);
	if ((fd >= 0) != (error == INPUT_OK))
		return (enum input_error)99;
	return error;
}

static void
test_anywhere(void)
{
	struct input_roots none = { .n = 0 };
	enum input_error error;
	uint64_t size = 0;
	int fd = input_open(&none, span_text(at("in/file")), &size, &error);

	ok(fd >= 0);
	ok_int(size, 5);
	close(fd);
	ok_int(error_of(&none, at("in/link")), INPUT_OK);
	ok_int(error_of(&none, at("in/fifo")), INPUT_NOT_REGULAR);
	ok_int(error_of(&none, at("in")), INPUT_FOLDER);
	ok_int(error_of(&none, at("in/nothing")), INPUT_NOT_FOUND);
	ok_int(error_of(&none, "/dev/zero"), INPUT_NOT_REGULAR);
	ok_int(error_of(&none, "/dev/stdin"), INPUT_NOT_REGULAR);
	ok_int(error_of(&none, ""), INPUT_NO_NAME);
	none.max_bytes = 4;
	ok_int(error_of(&none, at("in/file")), INPUT_TOO_LARGE);
	fd = input_open(&none, span_of("/tmp\0/x", 7), &size, &error);
	ok(fd < 0);
	ok_int(error, INPUT_NO_NAME);
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
	struct input_roots roots = { .n = 0 };

	ok(!input_add_root(&roots, at("in/file")));
	ok(!input_add_root(&roots, at("missing")));
	ok(input_add_root(&roots, at("in")));
	ok_int(error_of(&roots, at("in/file")), INPUT_OK);
	ok_int(error_of(&roots, at("in/deep/file")), INPUT_OK);
	ok_int(error_of(&roots, "file"), INPUT_OK);
	ok_int(error_of(&roots, "./deep//file"), INPUT_OK);
	for (size_t i = 0; i < LENGTH(outside); i++)
		ok_int(error_of(&roots, at(outside[i])), INPUT_OUTSIDE);
	for (size_t i = 0; i < LENGTH(relative); i++)
		ok_int(error_of(&roots, relative[i]), INPUT_OUTSIDE);
	ok_int(error_of(&roots, at("in/fifo")), INPUT_NOT_REGULAR);
	ok_int(error_of(&roots, at("in/deep")), INPUT_FOLDER);
	input_close_roots(&roots);
}

static void
test_folder(void)
{
	struct input_roots roots = { .n = 0 };
	int fd;

	ok(input_add_root(&roots, at("in")));
	fd = input_open_folder(&roots, span_text("deep/"));
	ok(fd >= 0);
	close(fd);
	fd = input_open_folder(&roots, span_empty());
	ok(fd >= 0);
	close(fd);
	ok(input_open_folder(&roots, span_text("../in-twin/")) < 0);
	ok(input_open_folder(&roots, span_text("folderlink/")) < 0);
	ok(input_open_folder(&roots, span_text("/etc/")) < 0);
	input_close_roots(&roots);
}

int
main(void)
{
	ok(tree_make());
	test_anywhere();
	test_root();
	test_folder();
	tree_remove();
	return tap_done();
}
