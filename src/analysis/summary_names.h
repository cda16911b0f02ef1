#ifndef ANALYSIS_SUMMARY_NAMES_H
#define ANALYSIS_SUMMARY_NAMES_H

#include "base/addr.h"
#include "base/table_later.h"

/*
 * The names that a capture gives to addresses, the first one of each.  They
 * are looked up a few at a time, and no more once there is no room.
 */
#define SUMMARY_NAMES_MAX 20000
#define SUMMARY_NAME 128 /* bytes kept of one */

struct summary_names {
	struct table table;  /* struct span by struct addr */
	struct arena arena;
	struct table_later later;
	uint8_t sizes[TABLE_LATER];
	uint8_t texts[TABLE_LATER][SUMMARY_NAME];
};

/* From zeroes. */
void summary_names_init(struct summary_names *n);
void summary_names_free(struct summary_names *n);
/* What is told is complete after settle(). */
void summary_names_add(struct summary_names *n, const struct addr *a,
    struct span text);
void summary_names_settle(struct summary_names *n);
/* NULL: none. */
const struct span *summary_names_find(const struct summary_names *n,
    const struct addr *a);

#endif
