#ifndef FILTER_REGEX_H
#define FILTER_REGEX_H

#include "base/span.h"

/*
 * Regular expressions in PCRE's syntax as far as an automaton can run it:
 * time is linear in the text, memory is fixed when compiled.  Bytes are
 * characters, letters are ASCII.  Refused with a text that says so: back-
 * references, lookaround, atomic groups, possessive quantifiers, recursion.
 *
 * An expression holds a cache of states that matching fills: one thread, and
 * no two feeds at once.
 */
struct regex;

#define REGEX_PATTERN_MAX 16384
#define REGEX_DEPTH 50    /* of groups */
#define REGEX_REPEAT 1000 /* largest count in {m,n} */

struct regex_error {
	size_t offset; /* in the pattern */
	const char *text;
};

struct regex *regex_compile(struct span pattern, bool ignore_case,
    struct regex_error *error);
void regex_free(struct regex *re);
/* True when it matches anywhere in the text. */
bool regex_match(struct regex *re, struct span text);

/*
 * Text that comes in portions.  The state is regex_state_size() bytes of the
 * caller, aligned for size_t, and belongs to one text.  True when a match
 * ends in this portion (or where it begins, for an empty one): *end counts
 * from the portion's start and regex_begin() is due before the next feed.
 * `last`: no more text will come, which decides $ and \b.
 */
size_t regex_state_size(const struct regex *re);
void regex_begin(const struct regex *re, void *state);
bool regex_feed(struct regex *re, void *state, struct span text, bool last,
    size_t *end);
/*
 * The leftmost start of a match that ends at `end` of `text`, where text
 * begins the whole or `middle` says that other text came before.  `end` when
 * there is none within the text.
 */
size_t regex_start(struct regex *re, struct span text, size_t end,
    bool middle);

#endif
