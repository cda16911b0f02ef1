#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"

/* SipHash-1-3 under a key of the caller's.  The hashes of base/table.h use
 * the process's own. */
uint64_t hash_sip(struct span s, uint64_t key_low, uint64_t key_high);

#endif
