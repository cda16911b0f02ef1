#ifndef ANALYSIS_FLOW_ROWS_H
#define ANALYSIS_FLOW_ROWS_H

#include "analysis/flow_order.h"

/*
 * Writes columns and rows (or groups, by their bytes or as group_sort_find()
 * found) and their counts into the answer.
 */
enum group_sort {
	GROUP_SORT_BYTES,
	GROUP_SORT_KEY,
	GROUP_SORT_FLOWS,
	GROUP_SORT_CLIENTS,
	GROUP_SORT_PACKETS,
	GROUP_SORT_BYTES_OUT,
	GROUP_SORT_BYTES_IN,
	GROUP_SORT_FIRST_FRAME,
	GROUP_SORT_LAST_FRAME,
};

bool group_sort_find(struct span word, enum group_sort *sort);

struct flow_view {
	enum flow_group group;
	enum flow_sort sort;        /* of flows */
	enum group_sort group_sort;
	uint64_t seal;              /* of the cursor */
};

bool flow_list_report(const struct flow_list *s, const struct flow_view *view,
    struct json *j, struct rows *rows);

#endif
