#ifndef TEST_TORTURE_REFUSE_H
#define TEST_TORTURE_REFUSE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Our allocator in front of the library's, which the linker puts there (see
 * the Makefile): the request `refuse_at` is refused, or it and all after it.
 * For one file of a program.
 */
void *__real_malloc(size_t n);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static uint64_t asked, refuse_at = UINT64_MAX;
static int64_t live; /* pieces that nobody freed */
static bool refuse_all;

static bool
refused(void)
{
	asked++;
	return asked == refuse_at || (refuse_all && asked > refuse_at);
}

void *
__wrap_malloc(size_t n)
{
	void *p = refused() ? NULL : __real_malloc(n);

	live += p != NULL;
	return p;
}

void *
__wrap_calloc(size_t n, size_t size)
{
	void *p = NULL;

	/* musl's calloc() would come back through malloc(). */
	if (size == 0 || n <= SIZE_MAX / size)
		p = __wrap_malloc(n * size);
	if (p != NULL)
		memset(p, 0, n * size);
	return p;
}

void *
__wrap_realloc(void *p, size_t n)
{
	void *fresh = refused() ? NULL : __real_realloc(p, n);

	live += fresh != NULL && p == NULL;
	return fresh;
}

void
__wrap_free(void *p)
{
	live -= p != NULL;
	__real_free(p);
}

static inline void
refuse_from(uint64_t at, bool all)
{
	asked = 0;
	refuse_at = at;
	refuse_all = all;
}

static inline void
refuse_nothing(void)
{
	refuse_at = UINT64_MAX;
	refuse_all = false;
}

#endif
