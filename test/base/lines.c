#include "base/lines.h"

#include <stdint.h>
#include <stdlib.h>

#include "tap.h"

int
main(void)
{
	for (size_t n = 0; n < 100; n += 7) {
		uint8_t *lines = lines_new(n);
		size_t odd = 0;

		ok(lines != NULL && (uintptr_t)lines % LINE == 0);
		for (size_t i = 0; i < n * LINE; i++)
			odd += lines[i]++ != 0;
		ok_int(odd, 0);
		lines_free(lines);
	}
	lines_free(NULL);
	for (size_t n = 1; n < 5000; n = n * 3 + 1) {
		uint64_t *words = lines_words_new(n), odd = 0;

		ok(words != NULL);
		for (size_t i = 0; i < n; i++)
			odd |= words[i];
		ok_int(odd, 0);
		free(words);
	}
	return tap_done();
}
