#ifndef ANALYSIS_FIELD_HELP_H
#define ANALYSIS_FIELD_HELP_H

#include "base/buf.h"
#include "net/field.h"

/*
 * A field in words, for whoever writes a filter.
 */
/* "16-bit number", "IPv4 address", "text". */
void field_type_text(struct buf *out, const struct field *f);
/* A test that uses it: `ip.src == 192.0.2.1`. */
void field_example(struct buf *out, const struct field *f, const char *name);

#endif
