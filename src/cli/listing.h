#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "base/json.h"
#include "worker/source.h"

/* The members "values", "total" and "hasMore" of a completion: captures and
 * folders whose names begin as `typed` does, at most 100, in order. */
void listing_write(const struct source_roots *roots, struct span typed,
    struct json *j);

#endif
