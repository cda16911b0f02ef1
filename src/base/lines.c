#include "base/lines.h"

#include <stdlib.h>

#define PAGE 4096

/* Before the first line stands where the memory begins. */
void *
lines_new(size_t n)
{
	char *memory = calloc(n + 2, LINE), *first;

	if (memory == NULL)
		return NULL;
	first = memory + LINE + (LINE - (uintptr_t)memory % LINE) % LINE;
	((void **)(void *)first)[-1] = memory;
	return first;
}

void
lines_free(void *lines)
{
	if (lines != NULL)
		free(((void **)lines)[-1]);
}

uint64_t *
lines_words_new(size_t n)
{
	uint64_t *all = calloc(n, sizeof(*all));
	volatile uint64_t *page = all;

	if (all == NULL)
		return NULL;
	for (size_t i = 0; i < n; i += PAGE / sizeof(*all))
		page[i] = 0;
	return all;
}
