#ifndef TEST_TAP_H
#define TEST_TAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * A test program calls these and ends with `return tap_done();`, which
 * prints "N passed, N failed" and gives the exit status.  Lines are TAP:
 * "ok 1 - text" or "not ok 1 - text" with what was and what was wanted.
 */
#define ok(condition) tap_check((condition), #condition, __FILE__, __LINE__)
#define ok_text(got, wanted) tap_text((got), (wanted), __FILE__, __LINE__)
#define ok_span(got, wanted) tap_span((got), (wanted), __FILE__, __LINE__)
#define ok_int(got, wanted)                                                    \
	tap_int((int64_t)(got), (int64_t)(wanted), #got, __FILE__, __LINE__)

bool tap_check(bool passed, const char *what, const char *file, int line);
bool tap_text(const char *got, const char *wanted, const char *file, int line);
/* A span against a constant text. */
bool tap_span(struct span got, const char *wanted, const char *file, int line);
bool tap_int(
    int64_t got, int64_t wanted, const char *what, const char *file, int line);
int tap_done(void);

/* Hex text ("de ad be ef", spaces and line ends ignored) to bytes in a
 * static buffer of 64 KiB that the next call reuses. */
struct span tap_hex(const char *hex);

#endif
