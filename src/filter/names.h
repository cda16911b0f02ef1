#ifndef FILTER_NAMES_H
#define FILTER_NAMES_H

#include "base/buf.h"

/*
 * Names of fields as people mistype them: "no field named ip.source; nearest:
 * ip.src", a whole sentence for an error, the name itself made safe to show.
 */
void names_unknown(struct buf *out, struct span name);

#endif
