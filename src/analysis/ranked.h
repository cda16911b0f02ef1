#ifndef ANALYSIS_RANKED_H
#define ANALYSIS_RANKED_H

#include "base/json.h"
#include "base/table.h"

/*
 * A list of like things inside an answer, kept within bytes: the columns'
 * names once, then as many rows as fit, and how many there are in all.
 *
 *	"servers":{"total":9,"shown":2,"columns":["ip","queries"],
 *	    "rows":[["192.0.2.1",77],["192.0.2.2",5]]}
 *
 *	ranked_begin(&r, j, "servers", "ip queries", n, 1000);
 *	for (i = 0; i < n && ranked_row(&r); i++) {
 *		json_addr(j, NULL, ...); json_uint(j, NULL, ...);
 *		ranked_row_end(&r);
 *	}
 *	ranked_end(&r);
 */
struct ranked {
	struct json *j;
	struct json_mark begin, row;
	size_t limit; /* size of the JSON that rows must not go beyond */
	uint64_t total, shown;
	bool full;
};

/* With a total of 0 nothing is written. */
void ranked_begin(struct ranked *r, struct json *j, const char *name,
    const char *columns, uint64_t total, size_t max_bytes);
/* Opens a row; false: no more of them. */
bool ranked_row(struct ranked *r);
/* Takes the row back when it went beyond the limit. */
void ranked_row_end(struct ranked *r);
void ranked_end(struct ranked *r);

/* The same for a list of objects: takes the last one back when the JSON has
 * gone beyond `limit`; false: no more of them. */
static inline bool
ranked_fits(struct json *j, struct json_mark before, size_t limit)
{
	if (json_size(j) <= limit)
		return true;
	json_rewind(j, before);
	return false;
}

/* {what kept refused} of a table that was full; nothing when none was
 * refused. */
void ranked_cap(struct json *j, const char *what, uint64_t kept,
    uint64_t refused);

/*
 * The numbers 0..n-1, best first: `rank` decides, then the number itself.
 * NULL when memory is refused; give back with free().
 */
uint32_t *ranked_order(size_t n,
    uint64_t (*rank)(const void *context, size_t i), const void *context);

#endif
