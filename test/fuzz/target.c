#include "fuzz/target.h"

const struct fuzz_floor fuzz_all[] = {
	{ "base", fuzz_base },
	{ "capture", fuzz_capture },
	{ "net", fuzz_net },
	{ "proto", fuzz_proto },
	{ "filter", fuzz_filter },
	{ "tools", fuzz_tools },
	{ "wire", fuzz_wire },
	{ "fetch", fuzz_fetch },
	{ NULL, NULL },
};

const struct fuzz_target *
fuzz_find(const char *name)
{
	for (const struct fuzz_floor *f = fuzz_all; f->name != NULL; f++)
		for (const struct fuzz_target *t = f->targets;
		     t->name != NULL; t++)
			if (strcmp(t->name, name) == 0)
				return t;
	return NULL;
}
