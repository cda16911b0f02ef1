#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/span.h"

/* What decimal_nearest() takes at most. */
#define DECIMAL_DIGITS 800

/* The double nearest to `digits` (0 to 9, as text) times ten to the power of
 * `exponent`; halfway between two, the even one (IEEE 754).  Infinity is what
 * lies beyond. */
double decimal_nearest(struct span digits, int64_t exponent);

#endif
