#ifndef FILTER_NAMES_H
#define FILTER_NAMES_H

#include "base/buf.h"
#include "net/field.h"

/*
 * Names of fields as people mistype them.
 */
/* At most `max` names of our fields near to `word`, nearest first. */
size_t names_nearest(struct span word, const char **near, size_t max);
/* "no field ip.source; nearest: ip.src": a whole sentence for an error, the
 * name itself made safe to show. */
void names_unknown(struct buf *out, struct span name);

#endif
