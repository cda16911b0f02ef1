#include "fuzz/target.h"

const struct fuzz_target *const fuzz_all[] = { fuzz_base, fuzz_capture,
	fuzz_net, fuzz_proto, fuzz_filter, fuzz_tools, fuzz_wire, fuzz_fetch,
	NULL };

const struct fuzz_target *
fuzz_find(const char *name)
{
	for (size_t i = 0; fuzz_all[i] != NULL; i++)
		for (const struct fuzz_target *t = fuzz_all[i];
		     t->name != NULL; t++)
			if (strcmp(t->name, name) == 0)
				return t;
	return NULL;
}
