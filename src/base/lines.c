#include "base/lines.h"

#include <stdint.h>
#include <stdlib.h>

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
