/*
 * libFuzzer's entry points; the target is named by FUZZ_TARGET.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"
#include "fuzz/target.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct fuzz_target *target;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
	target = name == NULL ? NULL : fuzz_find(name);
	if (target == NULL) {
		(void)fprintf(stderr, "FUZZ_TARGET names no target\n");
		exit(2);
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	target->run(n == 0 ? span_empty() : span_of(bytes, n));
	return 0;
}
