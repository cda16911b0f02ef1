#ifndef ANALYSIS_FLOW_ORDER_H
#define ANALYSIS_FLOW_ORDER_H

#include "analysis/flow_list.h"

/*
 * The order of flows by any column of list_flows: numbers with the largest
 * first, but streams and frames with the smallest; texts as bytes; rows
 * without a value last.  On a tie the earlier first frame goes first.
 */
enum flow_sort {
	FLOW_SORT_START, /* first frame */
	FLOW_SORT_BYTES,
	FLOW_SORT_PACKETS,
	FLOW_SORT_CLIENT_BYTES,
	FLOW_SORT_SERVER_BYTES,
	FLOW_SORT_CLIENT_PACKETS,
	FLOW_SORT_SERVER_PACKETS,
	FLOW_SORT_DURATION,
	FLOW_SORT_RTT,
	FLOW_SORT_DATA_RTT,
	FLOW_SORT_RETRANSMISSIONS,
	FLOW_SORT_STREAM,
	FLOW_SORT_LAST_FRAME,
	FLOW_SORT_PROTOCOL,
	FLOW_SORT_CLIENT,
	FLOW_SORT_SERVER,
	FLOW_SORT_STATE,
	FLOW_SORT_HISTORY,
	FLOW_SORT_APP,
	FLOW_SORT_NAME,
	FLOW_SORT_TUNNEL,
	FLOW_SORT_COMMUNITY_ID,
	FLOW_SORT_FILTER,
};

/* False when there is no such column. */
bool flow_sort_find(struct span word, enum flow_sort *sort);
/* The chosen flows in this order, or at least the first `most` of them; to be
 * freed by flow_ids_free().  False: no memory. */
bool flow_order(const struct flow_list *s, enum flow_sort sort, uint64_t most,
    struct flow_ids *ids);

#endif
