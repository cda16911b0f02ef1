#ifndef ANALYSIS_FIELD_JSON_H
#define ANALYSIS_FIELD_JSON_H

#include "base/json.h"
#include "net/field.h"

/*
 * A field's value as a JSON member: numbers, booleans and durations as such,
 * times in ISO 8601, everything else as text that is safe to show.
 */
void field_json(struct json *j, const char *name, const struct field_value *v);
/* The name of the value, "Standard query", or NULL. */
const char *field_label(const struct field_value *v);

#endif
