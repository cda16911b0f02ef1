#ifndef ANALYSIS_SEARCH_PATTERN_H
#define ANALYSIS_SEARCH_PATTERN_H

#include "base/buf.h"

/*
 * A text or bytes to look for, as a regular expression; also as they stand
 * inside UTF-16 (both byte orders) and inside base64 at each of the three
 * alignments (the characters that depend on nothing else).
 */
#define SEARCH_PLAIN 1
#define SEARCH_UTF16 2
#define SEARCH_BASE64 4

#define SEARCH_PATTERN_MAX 256 /* bytes of text or hex */

/* False when nothing is left to look for (too short for base64). */
bool search_pattern(struct buf *out, struct span bytes, unsigned forms);

#endif
