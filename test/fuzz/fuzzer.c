/*
 * libFuzzer's entry points over the targets of one array, FUZZ_FLOOR, so that
 * a program holds no more code than they need; which of them, FUZZ_TARGET in
 * the environment says.  With FUZZ_WALL inputs end at a page that nobody may
 * touch, where no sanitizer watches the heap.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "base/text.h"
#include "fuzz/target.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The search for a similar name compares one word with thousands and is by
 * far the longest part of a refused filter: one word in 64 is enough, and
 * the target "nearest" is about nothing else. */
size_t __real_text_nearest(struct span word, const char *const *names,
    size_t n, const char **near, size_t max);
size_t __wrap_text_nearest(struct span word, const char *const *names,
    size_t n, const char **near, size_t max);

static const struct fuzz_target *target;

size_t
__wrap_text_nearest(struct span word, const char *const *names, size_t n,
    const char **near, size_t max)
{
	if (n > 64 && word.n > 0 && (word.p[word.n - 1] ^ word.p[0]) % 64 != 0)
		return 0;
	return __real_text_nearest(word, names, n, near, max);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
	/* Pages are kept: getting them anew is half of a short run. */
	(void)mallopt(M_MMAP_THRESHOLD, 1 << 30);
	(void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
	for (target = FUZZ_FLOOR; target->name != NULL; target++)
		if (name != NULL && strcmp(target->name, name) == 0)
			return 0;
	(void)fprintf(stderr, "FUZZ_TARGET names no target\n");
	exit(2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct span in = n == 0 ? span_empty() : span_of(bytes, n);

#ifdef FUZZ_WALL
	in = ask_wall(in);
#endif
	target->run(in);
	return 0;
}
