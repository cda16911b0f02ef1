#ifndef FILTER_LITERAL_TIME_H
#define FILTER_LITERAL_TIME_H

#include "filter/value.h"

/*
 * Dates and durations as people write them into filters.  Without a zone a
 * time is UTC.
 */
/* 2020-07-04, 2020-07-04T12:34:56.789Z (or a space, +01:00), and
 * Sep 26, 2004 23:18:04.954975 (UTC). */
bool literal_time(struct span s, struct value *value);
/* 12 or 12.345 seconds. */
bool literal_duration(struct span s, struct value *value);

#endif
