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
	uint32_t sum = 2166136261;

	for (size_t i = 0; n > 64 && i < word.n; i++)
		sum = (sum ^ word.p[i]) * 16777619;
	if (n > 64 && sum >> 26 != 0)
		return 0;
	return __real_text_nearest(word, names, n, near, max);
}

#ifdef FUZZ_WALL
/* libFuzzer learns words from comparisons that fail, and takes longer over
 * them than a field's name takes to be found: of one in 16 here, of all of
 * them in the asan build. */
#define LEARN(name, ...) \
	static unsigned compared; \
\
	if (compared++ % 16 == 0) \
		__real___sanitizer_weak_hook_##name(__VA_ARGS__)

void __real___sanitizer_weak_hook_memcmp(void *from, const void *a,
    const void *b, size_t n, int result);
void __wrap___sanitizer_weak_hook_memcmp(void *from, const void *a,
    const void *b, size_t n, int result);
void __real___sanitizer_weak_hook_strcmp(void *from, const char *a,
    const char *b, int result);
void __wrap___sanitizer_weak_hook_strcmp(void *from, const char *a,
    const char *b, int result);

void
__wrap___sanitizer_weak_hook_memcmp(void *from, const void *a, const void *b,
    size_t n, int result)
{
	LEARN(memcmp, from, a, b, n, result);
}

void
__wrap___sanitizer_weak_hook_strcmp(void *from, const char *a, const char *b,
    int result)
{
	LEARN(strcmp, from, a, b, result);
}
#endif

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
	/* Pages are kept, as getting them anew is half of a short run; but for
	 * large tables of which a few pages are used, and zeroed. */
	(void)mallopt(M_MMAP_THRESHOLD, 192 << 10);
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
